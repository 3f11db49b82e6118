"""A tree as RFC 6962 defines it, slow and obvious, and the same tree as tiles."""

from ledger.transparency.edge import Edge
from ledger.transparency.hashing import EMPTY_ROOT, hash_leaf, hash_node
from ledger.transparency.proofs import split
from ledger.transparency.tiles import Key


def entry(number: int) -> bytes:
    return f"entry {number}".encode()


def leaves(size: int) -> list[bytes]:
    return [hash_leaf(entry(number)) for number in range(size)]


def naive_root(hashes: list[bytes]) -> bytes:
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    middle = split(len(hashes))
    return hash_node(naive_root(hashes[:middle]), naive_root(hashes[middle:]))


def naive_inclusion(index: int, hashes: list[bytes]) -> list[bytes]:
    if len(hashes) == 1:
        return []
    middle = split(len(hashes))
    if index < middle:
        return [*naive_inclusion(index, hashes[:middle]), naive_root(hashes[middle:])]
    return [*naive_inclusion(index - middle, hashes[middle:]), naive_root(hashes[:middle])]


def naive_consistency(old: int, hashes: list[bytes], *, whole: bool = True) -> list[bytes]:
    if old == len(hashes):
        return [] if whole else [naive_root(hashes)]
    middle = split(len(hashes))
    if old <= middle:
        return [*naive_consistency(old, hashes[:middle], whole=whole), naive_root(hashes[middle:])]
    return [
        *naive_consistency(old - middle, hashes[middle:], whole=False),
        naive_root(hashes[:middle]),
    ]


def tiled(size: int) -> dict[Key, bytes]:
    edge = Edge()
    edge.extend(leaves(size))
    return edge.take_changed()
