"""What a holder is given: all fragments of its own holding, each with its way to the root."""

from collections.abc import Sequence

import msgspec

from ledger.state_roots.fragments import Fragment, fragments_of
from ledger.state_roots.sum_tree import SumNode, SumTree


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A node beside the way: its hash (hexadecimal) and the sum of strangers' fragments below."""

    hash: str
    total: str


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One fragment: amount in lots, salt (hexadecimal), place among the leaves, and its way."""

    amount: str
    path: list[Step]
    position: str
    salt: str


class Holders:
    """The tree of one instrument at one close, and where each account's fragments are in it."""

    def __init__(self, seed: bytes, *, instrument: str, holders: Sequence[tuple[int, int]]) -> None:
        self._seed = seed
        self._instrument = instrument
        self._quantities = dict(holders)
        leaves = [
            fragment.leaf(account)
            for account in self._quantities
            for fragment in self._cut(account)
        ]
        leaves.sort()
        self._places: dict[bytes, int] = {leaf.digest: at for at, leaf in enumerate(leaves)}
        self._tree = SumTree(leaves)

    def root(self) -> SumNode:
        """Return the tree's root."""
        return self._tree.root()

    @property
    def leaves(self) -> int:
        """How many leaves the tree has."""
        return self._tree.size

    def quantity(self, account: int) -> int:
        """Return what an account held, in lots."""
        return self._quantities.get(account, 0)

    def parts(self, account: int) -> list[Part]:
        """Return the fragments of an account, none where it held nothing."""
        if account not in self._quantities:
            return []
        return [self._part(account, fragment) for fragment in self._cut(account)]

    def _part(self, account: int, fragment: Fragment) -> Part:
        position = self._places[fragment.leaf(account).digest]
        return Part(
            amount=str(fragment.amount),
            path=[
                Step(hash=node.digest.hex(), total=str(node.total))
                for node in self._tree.path(position)
            ],
            position=str(position),
            salt=fragment.salt.hex(),
        )

    def _cut(self, account: int) -> list[Fragment]:
        return fragments_of(
            self._seed,
            instrument=self._instrument,
            account=account,
            quantity=self._quantities[account],
        )
