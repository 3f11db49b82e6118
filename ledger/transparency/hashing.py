"""The tree's hashes (RFC 6962, 2.1): their prefixes keep a node from passing as a leaf."""

import hashlib

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256().digest()
_LEAF = b"\x00"
_NODE = b"\x01"


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of an entry's bytes."""
    return hashlib.sha256(_LEAF + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two subtrees."""
    return hashlib.sha256(_NODE + left + right).digest()


def root_of_perfect(hashes: list[bytes]) -> bytes:
    """Return the root over hashes whose number is a power of two."""
    while len(hashes) > 1:
        hashes = [
            hash_node(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]
