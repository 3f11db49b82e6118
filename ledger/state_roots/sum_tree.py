"""A Merkle-sum tree: each node is a hash and the sum of the amounts below it.

    leaf = SHA-256(0x00 || amount || salt || account)
    node = SHA-256(0x01 || left sum || left hash || right sum || right hash)

Amounts and sums are 16 bytes, the account 8, all unsigned and big-endian, the salt 32 bytes. The
tree has the shape of RFC 6962 (2.1). Since every sum on the way is written as a number that cannot
be negative, no leaf below the root can hide a negative amount. The construction is our own; the
idea of sums in the nodes is known from proofs of solvency.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kernel.errors import InvariantBroken
from ledger.transparency.hashing import EMPTY_ROOT
from ledger.transparency.proofs import ProofRefused, inclusion_path

AMOUNT_BYTES = 16
ACCOUNT_BYTES = 8
SALT_SIZE = 32


class SumNode(NamedTuple):
    """A node's hash, and the sum of the amounts below it, in lots or minor units."""

    digest: bytes
    total: int


EMPTY = SumNode(EMPTY_ROOT, 0)
_sha256 = hashlib.sha256


def leaf_of(*, account: int, amount: int, salt: bytes) -> SumNode:
    """Return the leaf of one fragment."""
    number = account.to_bytes(ACCOUNT_BYTES, "big")
    text = b"\x00" + amount.to_bytes(AMOUNT_BYTES, "big") + salt + number
    return SumNode(_sha256(text).digest(), amount)


def join(left: SumNode, right: SumNode) -> SumNode:
    """Return the node over two subtrees."""
    digest, total = left
    other, rest = right
    text = (
        b"\x01"
        + total.to_bytes(AMOUNT_BYTES, "big")
        + digest
        + rest.to_bytes(AMOUNT_BYTES, "big")
        + other
    )
    return SumNode(_sha256(text).digest(), total + rest)


class SumFrontier:
    """The right edge of a growing tree: one node for each perfect subtree, the largest first."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Iterable[SumNode] = ()) -> None:
        self.size = size
        self.nodes = list(nodes)
        if len(self.nodes) != size.bit_count():
            raise InvariantBroken(f"{len(self.nodes)} subtrees for a tree of {size}")

    def append(self, leaf: SumNode) -> None:
        """Let the tree grow by one leaf."""
        self.extend([leaf])

    def extend(self, leaves: Iterable[SumNode]) -> None:
        """Let the tree grow by leaves."""
        nodes, size = self.nodes, self.size
        for leaf in leaves:
            node, place = leaf, size
            while place & 1:
                node = join(nodes.pop(), node)
                place >>= 1
            nodes.append(node)
            size += 1
        self.size = size

    def root(self) -> SumNode:
        """Return the tree's root."""
        return fold(self.nodes) if self.nodes else EMPTY

    def copy(self) -> "SumFrontier":
        """Return another that grows by itself."""
        return SumFrontier(self.size, self.nodes)


class SumTree:
    """A whole tree in memory, for the proofs of its holders."""

    def __init__(self, leaves: Sequence[SumNode]) -> None:
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            whole = len(below) - len(below) % 2
            pairs = zip(below[:whole:2], below[1:whole:2], strict=True)
            self._levels.append([join(left, right) for left, right in pairs])

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def root(self) -> SumNode:
        """Return the root."""
        return self._over(0, self.size) if self.size else EMPTY

    def path(self, position: int) -> list[SumNode]:
        """Return the nodes beside the way from a leaf to the root, the leaf's sibling first."""
        return [self._over(*subtree) for subtree in inclusion_path(position, self.size)]

    def _over(self, start: int, end: int) -> SumNode:
        parts = []
        while start < end:
            height = (end - start).bit_length() - 1
            parts.append(self._levels[height][start >> height])
            start += 1 << height
        return fold(parts)


def fold(parts: Sequence[SumNode]) -> SumNode:
    """Return the root over perfect subtrees, the largest first."""
    *others, root = parts
    for left in reversed(others):
        root = join(left, root)
    return root


def verify_path(leaf: SumNode, *, position: int, size: int, path: Sequence[SumNode]) -> SumNode:
    """Return the root that a leaf's path leads to.

    Raises:
        ProofRefused: the path does not fit the position, or a sum is negative.
    """
    subtrees = inclusion_path(position, size)
    if len(subtrees) != len(path) or leaf.total < 0:
        raise ProofRefused("the path is of another place", field="path")
    found = leaf
    for subtree, node in zip(subtrees, path, strict=True):
        if node.total < 0:
            raise ProofRefused("a negative sum", field="path")
        found = join(node, found) if subtree.start < position else join(found, node)
    return found
