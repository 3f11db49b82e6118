"""How a holding is cut into random fragments, so that a proof of one shows no holding.

Salts and cuts come from the seed of the close alone, so that whoever knows the seed (the writer, a
replay, an auditor) arrives at the same tree. A tree's leaves stand in the order of their hashes,
which the salts make random: it tells nothing of their owners.
"""

import hashlib
import struct
from typing import NamedTuple

from ledger.state_roots.sum_tree import SALT_SIZE, SumNode, leaf_of

FRAGMENTS_PER_HOLDING = 8
SEED_SIZE = 32
SALTS = FRAGMENTS_PER_HOLDING * SALT_SIZE
_PREFIX = b"eco-ledger/fragments/v1\n"
_CUTS = struct.Struct(f">{FRAGMENTS_PER_HOLDING - 1}Q")
_DRAWN = SALTS + _CUTS.size
_shake = hashlib.shake_256


class Fragment(NamedTuple):
    """A part of a holding, in lots or minor units, and the salt of its leaf."""

    amount: int
    salt: bytes

    def leaf(self, account: int) -> SumNode:
        """Return the leaf of a fragment of an account."""
        return leaf_of(account=account, amount=self.amount, salt=self.salt)


def fragments_of(seed: bytes, *, instrument: str, account: int, quantity: int) -> list[Fragment]:
    """Cut a holding at random places; the fragments add up to it, and some may be nought."""
    amounts, drawn = cut(seed, f"{instrument}\n{account}\n".encode(), quantity)
    return [
        Fragment(amount, drawn[at : at + SALT_SIZE])
        for amount, at in zip(amounts, range(0, SALTS, SALT_SIZE), strict=True)
    ]


def cut(seed: bytes, label: bytes, quantity: int) -> tuple[list[int], bytes]:
    """Return the amounts of the fragments, and the bytes that begin with their salts in order."""
    drawn = _shake(_PREFIX + seed + label).digest(_DRAWN)
    bounds = [number * (quantity + 1) >> 64 for number in _CUTS.unpack_from(drawn, SALTS)]
    bounds.sort()
    last = 0
    amounts = []
    for bound in bounds:
        amounts.append(bound - last)
        last = bound
    amounts.append(quantity - last)
    return amounts, drawn
