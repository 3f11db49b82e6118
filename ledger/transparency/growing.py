"""Lets the tiles grow by committed headers, and proves them again from what is stored.

The two are apart on purpose: what is signed is derived a second time from the stored bytes, so that
a bit that fell over on the first way is found before a signature makes it last for ever.
"""

import msgspec

from kernel.errors import DomainError, InvariantBroken, Kind
from ledger.transparency.edge import Edge, edge_keys
from ledger.transparency.hashing import EMPTY_ROOT, HASH_SIZE, hash_leaf, root_of_perfect
from ledger.transparency.proofs import (
    Subtree,
    consistency_path,
    inclusion_path,
    verify_consistency,
)
from ledger.transparency.store import LogStore
from ledger.transparency.tiles import WIDTH, cut, hash_from, hashes_at, tiles_for

ENTRIES_PER_STEP_MAX = 16 * WIDTH
TILES_PER_STEP_MAX = WIDTH


class TreeBroken(DomainError):
    """The stored tiles, headers and checkpoints contradict each other; nothing may be signed."""

    code = "log.tree_broken"
    kind = Kind.UNAVAILABLE


async def grow(store: LogStore, edge: Edge, *, until: int) -> None:
    """Store the tiles of the next headers, at most ``ENTRIES_PER_STEP_MAX`` of them.

    Raises:
        TreeBroken: a header is missing, or is of another log.
    """
    until = min(until, edge.size + ENTRIES_PER_STEP_MAX)
    headers = await store.headers(edge.size, until=until)
    if len(headers) != until - edge.size:
        raise TreeBroken(f"entries are missing between {edge.size} and {until}")
    name = msgspec.json.encode(store.origin)
    if not all(name in header for header in headers):
        raise TreeBroken(f"an entry between {edge.size} and {until} is of another log")
    edge.extend(map(hash_leaf, headers))
    await store.put_tiles(edge.take_changed())


async def load_edge(store: LogStore) -> Edge:
    """Return the edge of what is stored.

    Raises:
        TreeBroken: the stored tiles are no tree.
    """
    size = await store.integrated()
    try:
        return Edge(size, await store.tiles(edge_keys(size)))
    except InvariantBroken as error:
        raise TreeBroken(str(error)) from error


async def root_at(store: LogStore, size: int) -> bytes:
    """Return the root of a tree from the stored tiles.

    Raises:
        TreeBroken: a tile is missing.
    """
    if size == 0:
        return EMPTY_ROOT
    [root] = await hashes_of(store, [Subtree(0, size)])
    return root


async def hashes_of(store: LogStore, subtrees: list[Subtree]) -> list[bytes]:
    """Return the hashes of subtrees from the stored tiles, which one query fetches.

    Raises:
        TreeBroken: a tile is missing.
    """
    tiles = await store.tiles(tiles_for(subtrees))
    try:
        return [hash_from(tiles, subtree) for subtree in subtrees]
    except LookupError as error:
        raise TreeBroken(f"tile {error} is missing") from error


async def inclusion_proof(store: LogStore, *, index: int, size: int) -> list[bytes]:
    """Return the proof that an entry is in the tree of a size.

    Raises:
        ProofRefused: it is not.
    """
    return await hashes_of(store, inclusion_path(index, size))


async def consistency_proof(store: LogStore, *, old: int, new: int) -> list[bytes]:
    """Return the proof that a tree is the beginning of a larger one.

    Raises:
        ProofRefused: there is no such proof.
    """
    return await hashes_of(store, consistency_path(old, new))


async def prove_again(
    store: LogStore, *, old: int, old_root: bytes, new: int
) -> tuple[bytes, list[bytes]]:
    """Derive the tiles from ``old`` to ``new`` again; return the new root and its proof.

    Raises:
        TreeBroken: stored tiles do not follow from the stored headers, or from the old root.
    """
    for first in range(old - old % WIDTH, new, ENTRIES_PER_STEP_MAX):
        until = min(new, first + ENTRIES_PER_STEP_MAX)
        await _prove_leaves(store, first, until=until)
    for level in range(1, len(edge_keys(new))):
        await _prove_level(store, level, old=old, new=new)
    root = await root_at(store, new)
    if old == 0:
        return root, []
    proof = await consistency_proof(store, old=old, new=new)
    try:
        verify_consistency(
            old_size=old, new_size=new, old_root=old_root, new_root=root, proof=proof
        )
    except DomainError as error:
        raise TreeBroken(f"the tree of {new} does not continue the one of {old}") from error
    return root, proof


async def _prove_leaves(store: LogStore, first: int, *, until: int) -> None:
    expected = b"".join(map(hash_leaf, await store.headers(first, until=until)))
    keys = [(0, number) for number in range(first // WIDTH, -(-until // WIDTH))]
    tiles = await store.tiles(keys)
    found = b"".join(tiles.get(key, b"") for key in keys)[: len(expected)]
    if len(expected) != (until - first) * HASH_SIZE or found != expected:
        raise TreeBroken(f"the leaves between {first} and {until} are not those of the headers")


async def _prove_level(store: LogStore, level: int, *, old: int, new: int) -> None:
    """Prove that new hashes of a level are the roots of the full tiles below."""
    begin, end = hashes_at(level, old), hashes_at(level, new)
    for first in range(begin, end, TILES_PER_STEP_MAX):
        await _prove_roots(store, level, begin=first, end=min(end, first + TILES_PER_STEP_MAX))


async def _prove_roots(store: LogStore, level: int, *, begin: int, end: int) -> None:
    below = await store.tiles([(level - 1, number) for number in range(begin, end)])
    keys = [(level, number) for number in range(begin // WIDTH, -(-end // WIDTH))]
    tiles = await store.tiles(keys)
    first = begin // WIDTH * WIDTH
    hashes = cut(b"".join(tiles.get(key, b"") for key in keys))
    for number in range(begin, end):
        under = cut(below.get((level - 1, number), b""))
        place = number - first
        if len(under) != WIDTH or hashes[place : place + 1] != [root_of_perfect(under)]:
            raise TreeBroken(f"hash {number} of level {level} is not the root of its tile")
