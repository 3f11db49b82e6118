"""One proof for many entries: the hashes of everything that is not shown, in the log's order.

Entries and hashes together cover the tree from its first leaf to its last without a gap, so
whoever appends them in their order arrives at the root, and at no other root if anything was
changed, moved, added or left out. A hash stands for a perfect subtree whose start is a multiple of
its size; which subtrees these are follows from the shown indexes and the tree's size alone.
"""

from collections.abc import Iterable, Iterator

from ledger.transparency.hashing import hash_node
from ledger.transparency.proofs import ProofRefused, Subtree, fold_parts


def hidden_parts(shown: Iterable[int], *, size: int, since: int = 0) -> Iterator[Subtree]:
    """Iterate the perfect subtrees beside the shown entries, from the left to the right.

    None of them crosses ``since``: on its way the growing tree then passes through the tree of that
    earlier size, and its root there proves that the log only grew.

    Raises:
        ProofRefused: the indexes do not grow, or one is not in a tree of that size.
    """
    begin = 0
    for index in shown:
        if not begin <= index < size:
            raise ProofRefused(f"entry {index} is out of order in a tree of {size}", field="index")
        yield from _apart(begin, index, since)
        begin = index + 1
    yield from _apart(begin, size, since)


def _apart(begin: int, end: int, border: int) -> Iterator[Subtree]:
    if begin < border < end:
        yield from _aligned(begin, border)
        begin = border
    yield from _aligned(begin, end)


def _aligned(begin: int, end: int) -> Iterator[Subtree]:
    while begin < end:
        fits = 1 << ((end - begin).bit_length() - 1)
        step = min(fits, begin & -begin) if begin else fits
        yield Subtree(begin, begin + step)
        begin += step


class Assembly:
    """A tree that grows by perfect subtrees of any size."""

    __slots__ = ("_edge", "size")

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def append(self, value: bytes, *, leaves: int = 1) -> None:
        """Append the hash of a perfect subtree of so many leaves.

        Raises:
            ProofRefused: a subtree of that size cannot begin here.
        """
        if self.size % leaves:
            raise ProofRefused(f"no subtree of {leaves} begins at {self.size}", field="proof")
        place = self.size // leaves
        while place & 1:
            value = hash_node(self._edge.pop(), value)
            place >>= 1
        self._edge.append(value)
        self.size += leaves

    def root(self) -> bytes:
        """Return the root over everything that was appended, which must not be nothing."""
        return fold_parts(self._edge)
