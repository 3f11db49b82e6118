"""Hash tiles and entry bundles (c2sp.org/tlog-tiles): where each hash of the tree stands.

A full tile holds 256 hashes. Hash ``i`` of tile ``n`` of level ``l`` is the root of the perfect
subtree of ``256 ** l`` leaves that begins with leaf ``(n * 256 + i) * 256 ** l``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kernel.errors import DomainError, Kind
from ledger.transparency.hashing import HASH_SIZE, root_of_perfect
from ledger.transparency.proofs import Subtree, fold_parts, perfect_parts

WIDTH = 256
_BITS = 8
LEVELS = 8
ENTRY_BYTES_MAX = 0xFFFF
_GROUP = 1_000
_LEVEL = r"(0|[1-9][0-9]?)"
_NUMBER = r"((?:x[0-9]{3}/)*[0-9]{3})"
_PARTIAL = r"(?:\.p/([1-9][0-9]{0,2}))?"
_TILE = re.compile(rf"tile/{_LEVEL}/{_NUMBER}{_PARTIAL}\Z")
_BUNDLE = re.compile(rf"tile/entries/{_NUMBER}{_PARTIAL}\Z")


class NoSuchTile(DomainError):
    """A path that names no tile, or none that a published checkpoint covers."""

    code = "log.tile_unknown"
    kind = Kind.NOT_FOUND


class BundleRefused(DomainError):
    """Bytes that are no entry bundle."""

    code = "log.bundle_refused"
    kind = Kind.MALFORMED


class Tile(NamedTuple):
    """A tile's place in the tree, and how many hashes it has (256: full)."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's prefix."""
        return f"tile/{self.level}/{_number_text(self.number)}{_partial_text(self.width)}"


class Bundle(NamedTuple):
    """A bundle of entries: its number, and how many entries it has (256: full)."""

    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's prefix."""
        return f"tile/entries/{_number_text(self.number)}{_partial_text(self.width)}"


def _number_text(number: int) -> str:
    groups = []
    while True:
        number, rest = divmod(number, _GROUP)
        groups.append(f"{rest:03d}")
        if not number:
            break
    last, *others = groups
    return "/".join([*(f"x{group}" for group in reversed(others)), last])


def _partial_text(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"


def parse_path(path: str) -> Tile | Bundle:
    """Read a path below the log's prefix.

    Raises:
        NoSuchTile: it names no tile, or one in another way than the one there is.
    """
    found = _TILE.match(path)
    if found is not None:
        tile = Tile(int(found[1]), _number_of(found[2]), _width_of(found[3]))
        if tile.level < 64 and tile.path == path:  # noqa: PLR2004  the format's highest level is 63
            return tile
    found = _BUNDLE.match(path)
    if found is not None:
        bundle = Bundle(_number_of(found[1]), _width_of(found[2]))
        if bundle.path == path:
            return bundle
    raise NoSuchTile(f"{path[:100]!r} names no tile", field="path")


def _number_of(text: str) -> int:
    return int(text.replace("x", "").replace("/", ""))


def _width_of(text: str | None) -> int:
    return WIDTH if text is None else int(text)


def hashes_at(level: int, size: int) -> int:
    """Return how many hashes a level has in a tree of a size."""
    return size >> (_BITS * level)


def width_at(level: int, number: int, size: int) -> int:
    """Return how wide a tile is in a tree of a size, 0 where there is none."""
    return max(0, min(WIDTH, hashes_at(level, size) - number * WIDTH))


def covered(tile: Tile | Bundle, size: int) -> bool:
    """Tell whether a tree of a size has all of a tile."""
    level = tile.level if isinstance(tile, Tile) else 0
    return 0 < tile.width <= width_at(level, tile.number, size)


def tiles_of(size: int, *, after: int = 0) -> Iterator[Tile]:
    """Iterate the tiles of a tree, level by level; only those that one of ``after`` has not."""
    for level in range(LEVELS):
        hashes = hashes_at(level, size)
        if not hashes:
            return
        first = hashes_at(level, after) // WIDTH
        for number in range(first, -(-hashes // WIDTH)):
            width = width_at(level, number, size)
            if width > width_at(level, number, after):
                yield Tile(level, number, width)


def bundles_of(size: int) -> Iterator[Bundle]:
    """Iterate the bundles of a tree."""
    for number in range(-(-size // WIDTH)):
        yield Bundle(number, width_at(0, number, size))


class Place(NamedTuple):
    """Where the hashes below a perfect subtree's root stand: in one tile, side by side."""

    level: int
    number: int
    offset: int
    hashes: int


def place_of(subtree: Subtree) -> Place:
    """Return where a perfect subtree's hashes stand."""
    height = (subtree.end - subtree.start).bit_length() - 1
    level, above = divmod(height, _BITS)
    number, offset = divmod(subtree.start >> (_BITS * level), WIDTH)
    return Place(level, number, offset, 1 << above)


Key = tuple[int, int]
"""A tile's level and number."""


def tiles_for(subtrees: list[Subtree]) -> set[Key]:
    """Return the tiles that know these subtrees' hashes."""
    return {
        (place.level, place.number)
        for subtree in subtrees
        for place in map(place_of, perfect_parts(subtree))
    }


def hash_from(tiles: Mapping[Key, bytes], subtree: Subtree) -> bytes:
    """Return a subtree's hash from the bytes of the tiles that ``tiles_for`` names.

    Raises:
        KeyError: a tile is missing.
        NoSuchTile: a tile is too short.
    """
    return fold_parts([_perfect_from(tiles, part) for part in perfect_parts(subtree)])


def _perfect_from(tiles: Mapping[Key, bytes], subtree: Subtree) -> bytes:
    place = place_of(subtree)
    data = tiles[place.level, place.number]
    begin = place.offset * HASH_SIZE
    end = begin + place.hashes * HASH_SIZE
    if len(data) < end:
        raise NoSuchTile(f"tile {place.level}/{place.number} is too short")
    return root_of_perfect(cut(data[begin:end]))


def cut(data: bytes) -> list[bytes]:
    """Cut a tile into its hashes."""
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def bundle_text(entries: list[bytes]) -> bytes:
    """Return entries as a bundle.

    Raises:
        BundleRefused: an entry is longer than a bundle can say.
    """
    parts = []
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            raise BundleRefused(f"an entry of {len(entry)} bytes", expected="at most 65535 bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def read_bundle(data: bytes) -> list[bytes]:
    """Cut a bundle into its entries.

    Raises:
        BundleRefused: it ends in the middle of one.
    """
    entries = []
    at = 0
    while at < len(data):
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if begin > len(data) or at > len(data):
            raise BundleRefused("the bundle ends in the middle of an entry")
        entries.append(data[begin:at])
    return entries
