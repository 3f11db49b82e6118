"""The Merkle tree (RFC 6962) over the rows of a run, put together from shards.

Every shard but the last has the same power of two of rows and begins at a multiple of it, so its
root is a node of the tree over all rows: who knows the shards' roots knows the run's, and a proof
of a row is the standard one.
"""

from collections.abc import Sequence

from ledger.transparency.hashing import EMPTY_ROOT, HASH_SIZE, root_of_perfect
from ledger.transparency.proofs import Subtree, fold_parts, inclusion_path, perfect_parts


def root_of(nodes: Sequence[bytes]) -> bytes:
    """Return the root over leaves, or over the roots of subtrees of one size and a last smaller."""
    if not nodes:
        return EMPTY_ROOT
    parts = perfect_parts(Subtree(0, len(nodes)))
    return fold_parts([root_of_perfect(list(nodes[part.start : part.end])) for part in parts])


def path_of(nodes: Sequence[bytes], place: int) -> list[bytes]:
    """Return the nodes that lead from one of them to the root, its sibling first."""
    path = inclusion_path(place, len(nodes))
    return [root_of(nodes[part.start : part.end]) for part in path]


def joined(leaves: Sequence[bytes]) -> bytes:
    """Return hashes as one text of bytes."""
    return b"".join(leaves)


def cut(leaves: bytes) -> list[bytes]:
    """Return the hashes that ``joined`` has put together."""
    return [leaves[at : at + HASH_SIZE] for at in range(0, len(leaves), HASH_SIZE)]
