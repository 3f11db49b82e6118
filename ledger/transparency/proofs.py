"""Inclusion and consistency proofs: which subtrees make one, and when one is accepted.

The making side names subtrees (``Subtree``) and leaves it to the tiles to know their hashes. The
checking side (RFC 9162, 2.1.3.2 and 2.1.4.2) believes nothing, its argument types included.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kernel.errors import DomainError, Kind
from ledger.transparency.hashing import HASH_SIZE, hash_node

NODES_MAX = 63


class ProofRefused(DomainError):
    """A proof that proves nothing."""

    code = "log.proof_refused"
    kind = Kind.MALFORMED


class Subtree(NamedTuple):
    """The leaves from ``start`` to before ``end``."""

    start: int
    end: int


def split(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_path(index: int, size: int) -> list[Subtree]:
    """Return the subtrees of an inclusion proof, the leaf's sibling first.

    Raises:
        ProofRefused: there is no such entry in a tree of that size.
    """
    _check_number("index", index)
    _check_number("size", size)
    if index >= size:
        raise ProofRefused(f"entry {index} is not in a tree of {size}", field="index")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(Subtree(middle, end))
            end = middle
        else:
            path.append(Subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int) -> list[Subtree]:
    """Return the subtrees of a consistency proof from one size to a larger one.

    Raises:
        ProofRefused: the old tree is empty or larger than the new one.
    """
    _check_number("old", old)
    _check_number("new", new)
    if not 0 < old <= new:
        raise ProofRefused(f"no proof leads from a tree of {old} to one of {new}", field="old")
    path = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(Subtree(middle, end))
            end = middle
        else:
            path.append(Subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(Subtree(start, end))
    return path[::-1]


def perfect_parts(subtree: Subtree) -> list[Subtree]:
    """Cut a subtree whose start fits into perfect ones, the largest first."""
    parts = []
    start, end = subtree
    while start < end:
        step = 1 << ((end - start).bit_length() - 1)
        parts.append(Subtree(start, start + step))
        start += step
    return parts


def fold_parts(hashes: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees, the largest first."""
    *others, root = hashes
    for left in reversed(others):
        root = hash_node(left, root)
    return root


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Accept a proof that the leaf with this hash is entry ``index`` of the tree.

    Raises:
        ProofRefused: with what does not fit.
    """
    _check_number("index", index)
    _check_number("size", size)
    _check_hashes(leaf, root, *proof)
    if index >= size:
        raise ProofRefused(f"entry {index} is not in a tree of {size}", field="index")
    found = leaf
    for node, left in _climb(index, size - 1, _bounded(proof)):
        found = hash_node(node, found) if left else hash_node(found, node)
    if found != root:
        raise ProofRefused("the proof leads to another root", field="root")


def verify_consistency(
    *, old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Accept a proof that the old tree is the beginning of the new one.

    Raises:
        ProofRefused: with what does not fit.
    """
    _check_number("old_size", old_size)
    _check_number("new_size", new_size)
    _check_hashes(old_root, new_root, *proof)
    if not 0 < old_size <= new_size:
        raise ProofRefused(
            f"no proof leads from a tree of {old_size} to one of {new_size}", field="old_size"
        )
    if old_size == new_size:
        if proof:
            raise ProofRefused("equal trees need no proof", field="proof")
        if old_root != new_root:
            raise ProofRefused("two roots for one size", field="root")
        return
    if not proof:
        raise ProofRefused("the proof is empty", field="proof")
    nodes = list(_bounded(proof))
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old_root)
    here, last = old_size - 1, new_size - 1
    while here % 2:
        here, last = here >> 1, last >> 1
    first, second = _both_roots(here, last, nodes)
    if first != old_root:
        raise ProofRefused("the proof does not start from the old root", field="root")
    if second != new_root:
        raise ProofRefused("the proof leads to another root", field="root")


def _both_roots(here: int, last: int, nodes: list[bytes]) -> tuple[bytes, bytes]:
    """Return the old and the new root that a consistency proof leads to."""
    first = second = nodes[0]
    for node, left in _climb(here, last, nodes[1:]):
        if left:
            first = hash_node(node, first)
        second = hash_node(node, second) if left else hash_node(second, node)
    return first, second


def _climb(here: int, last: int, nodes: Sequence[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Iterate a proof's nodes from the leaf up, each with whether it stands to the left.

    ``here`` is the way's own place in a level, ``last`` that of the level's last subtree.
    """
    for node in nodes:
        if last == 0:
            raise ProofRefused("the proof is too long", field="proof")
        left = here % 2 == 1 or here == last
        while left and not here % 2 and here:
            here, last = here >> 1, last >> 1
        yield node, left
        here, last = here >> 1, last >> 1
    if last:
        raise ProofRefused("the proof is too short", field="proof")


def _check_number(name: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ProofRefused(f"{name} is {value!r}", field=name, expected="a whole number")


def _check_hashes(*hashes: object) -> None:
    for each in hashes:
        if not isinstance(each, bytes) or len(each) != HASH_SIZE:
            raise ProofRefused("a hash is not of 32 bytes", field="proof")


def _bounded(proof: Sequence[bytes]) -> Sequence[bytes]:
    if len(proof) > NODES_MAX:
        raise ProofRefused(f"more than {NODES_MAX} nodes", field="proof")
    return proof
