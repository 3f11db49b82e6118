"""The right edge of the tiles: the last, growing tile of each level, and what appending changes.

Memory is one tile a level, so it does not grow with the log.
"""

from collections.abc import Iterable, Mapping

from kernel.errors import InvariantBroken
from ledger.transparency.hashing import EMPTY_ROOT, HASH_SIZE, root_of_perfect
from ledger.transparency.proofs import Subtree, fold_parts, perfect_parts
from ledger.transparency.tiles import WIDTH, Key, cut, hashes_at, width_at

FULL = WIDTH * HASH_SIZE


class Edge:
    """A tree's size and the bytes of its last tile of each level; a full tile is left behind."""

    __slots__ = ("_changed", "_levels", "size")

    def __init__(self, size: int = 0, tiles: Mapping[Key, bytes] | None = None) -> None:
        self.size = size
        self._levels: list[bytearray] = []
        self._changed: dict[Key, bytes] = {}
        found = tiles or {}
        for level, number in edge_keys(size):
            data = found.get((level, number), b"")
            width = width_at(level, number, size)
            if len(data) != width * HASH_SIZE:
                raise InvariantBroken(f"tile {level}/{number} has not {width} hashes")
            self._levels.append(bytearray(data))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes."""
        for leaf in leaves:
            self._append(0, leaf)
            self.size += 1

    def _append(self, level: int, value: bytes) -> None:
        if level == len(self._levels):
            self._levels.append(bytearray())
        tile = self._levels[level]
        tile += value
        if len(tile) == FULL:
            data = bytes(tile)
            self._changed[level, self._number(level)] = data
            tile.clear()
            self._append(level + 1, root_of_perfect(cut(data)))

    def _number(self, level: int) -> int:
        """Return the number of a level's tile that the leaf being appended lies in."""
        return self.size >> (8 * (level + 1))

    def take_changed(self) -> dict[Key, bytes]:
        """Return the tiles that changed since the last call, the growing ones included."""
        changed, self._changed = self._changed, {}
        for level, tile in enumerate(self._levels):
            if tile:
                changed[level, hashes_at(level, self.size) // WIDTH] = bytes(tile)
        return changed

    def root(self) -> bytes:
        """Return the tree's root."""
        parts = []
        for tile in reversed(self._levels):
            hashes = cut(bytes(tile))
            parts += [
                root_of_perfect(hashes[part.start : part.end])
                for part in perfect_parts(Subtree(0, len(hashes)))
            ]
        return fold_parts(parts) if parts else EMPTY_ROOT


def edge_keys(size: int) -> list[Key]:
    """Return the growing tile of each level of a tree, empty ones included."""
    keys = []
    level = 0
    while hashes_at(level, size):
        keys.append((level, hashes_at(level, size) // WIDTH))
        level += 1
    return keys
