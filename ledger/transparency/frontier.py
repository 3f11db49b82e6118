"""The right edge of a growing tree: what appending needs to know, and no more.

One hash for each perfect subtree, the largest first, so the memory of a tree of 2**40 leaves is
forty hashes.
"""

from collections.abc import Iterable

from kernel.errors import InvariantBroken
from ledger.transparency.hashing import EMPTY_ROOT, hash_node
from ledger.transparency.proofs import fold_parts


class Frontier:
    """A tree's size and its perfect subtrees' roots."""

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise InvariantBroken(f"{len(self.hashes)} subtrees for a tree of {size}")

    def append(self, leaf: bytes) -> None:
        """Let the tree grow by one leaf hash."""
        hashes = self.hashes
        size = self.size
        while size & 1:
            leaf = hash_node(hashes.pop(), leaf)
            size >>= 1
        hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the tree's root."""
        return fold_parts(self.hashes) if self.hashes else EMPTY_ROOT
