"""Tiles, their paths and the growing edge against the published vectors and a naive tree."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.edge import Edge, edge_keys
from ledger.transparency.frontier import Frontier
from ledger.transparency.hashing import HASH_SIZE
from ledger.transparency.proofs import Subtree, consistency_path, inclusion_path
from ledger.transparency.tiles import (
    WIDTH,
    Bundle,
    BundleRefused,
    NoSuchTile,
    Tile,
    bundle_text,
    bundles_of,
    covered,
    hash_from,
    parse_path,
    read_bundle,
    tiles_of,
)
from tests.ledger.transparency.trees import entry, leaves, naive_root, tiled
from tests.ledger.transparency.vectors import hashes, vectors


def test_numbers_become_the_published_paths() -> None:
    found = vectors("tile_paths")
    for number, path in found["index_to_path"].items():
        assert Tile(0, int(number)).path == f"tile/0/{path}"
        assert Bundle(int(number)).path == f"tile/entries/{path}"
        assert parse_path(f"tile/0/{path}") == Tile(0, int(number))
    for path in found["full_url_examples"]:
        assert parse_path(path).path == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0/5",
        "tile/0/0005",
        "tile/00/005",
        "tile/64/000",
        "tile/0/x000/005",
        "tile/0/001/000",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/005.p/01",
        "tile/0/005.p/",
        "tile/-1/005",
        "tile/0/005/",
        "tile/0/\u0660\u0660\u0665",
        "tile/entries/5",
        "tile/data/005",
        "/tile/0/005",
        "tile/0/005\n",
    ],
)
def test_a_path_in_another_form_names_nothing(path: str) -> None:
    with pytest.raises(NoSuchTile):
        parse_path(path)


def test_trees_of_published_sizes_have_the_published_tiles() -> None:
    found = vectors("tiled_log")
    for text, case in found["by_size"].items():
        size = int(text)
        edge = Edge()
        edge.extend(leaves(size))
        tiles = edge.take_changed()
        assert edge.root().hex() == case["root"]
        assert hash_from(tiles, Subtree(0, size)).hex() == case["root"]
        widths = {
            level["level"]: (level["full_tiles"], level["partial_width"]) for level in case["tiles"]
        }
        for level, (full, partial) in widths.items():
            mine = [tile for tile in tiles_of(size) if tile.level == level]
            assert sum(tile.width == WIDTH for tile in mine) == full
            assert sum(tile.width for tile in mine if tile.width < WIDTH) == partial
        for path, digest in case.get("sha256_of_resource", {}).items():
            assert hashlib.sha256(resource(path, tiles)).hexdigest() == digest


def resource(path: str, tiles: dict[tuple[int, int], bytes]) -> bytes:
    place = parse_path(path)
    if isinstance(place, Bundle):
        first = place.number * WIDTH
        return bundle_text([entry(number) for number in range(first, first + place.width)])
    return tiles[place.level, place.number][: place.width * HASH_SIZE]


def test_proofs_from_tiles_are_the_published_ones() -> None:
    found = vectors("tiled_log")
    tiles = tiled(70_000)
    inclusion = [hash_from(tiles, each) for each in inclusion_path(23_333, 70_000)]
    consistency = [hash_from(tiles, each) for each in consistency_path(49_000, 70_000)]
    assert inclusion == hashes(found["inclusion_70000_index_23333"])
    assert consistency == hashes(found["consistency_49000_to_70000"])


def test_the_published_bundle_is_made_and_read() -> None:
    data = bytes.fromhex(vectors("entry_bundle_3_entries_hex"))
    entries = [entry(number) for number in range(3)]
    assert bundle_text(entries) == data
    assert read_bundle(data) == entries


@pytest.mark.parametrize("size", [0, 1, 65_535])
def test_an_entry_of_any_allowed_size_goes_into_a_bundle(size: int) -> None:
    entries = [b"x" * size, b"", b"y"]
    assert read_bundle(bundle_text(entries)) == entries


def test_an_entry_that_is_too_long_goes_into_none() -> None:
    with pytest.raises(BundleRefused):
        bundle_text([b"x" * 65_536])


@given(st.binary(max_size=40))
def test_any_bytes_are_a_bundle_or_refused(data: bytes) -> None:
    with suppress(BundleRefused):
        assert bundle_text(read_bundle(data)) == data


def test_the_published_frontiers_are_met() -> None:
    for text, expected in vectors("frontier")["by_size"].items():
        frontier = Frontier()
        for leaf in leaves(int(text)):
            frontier.append(leaf)
        assert [each.hex() for each in frontier.hashes] == expected


@given(st.lists(st.integers(0, 300), max_size=6))
def test_an_edge_that_grows_in_steps_and_is_loaded_anew_is_the_same(steps: list[int]) -> None:
    tiles: dict[tuple[int, int], bytes] = {}
    edge = Edge()
    size = 0
    for step in steps:
        edge = Edge(size, {key: tiles[key] for key in edge_keys(size) if key in tiles})
        edge.extend(leaves(size + step)[size:])
        size += step
        tiles.update(edge.take_changed())
        assert edge.size == size
        assert edge.root() == naive_root(leaves(size))
    assert tiles == tiled(size)


def test_only_what_a_tree_has_is_covered() -> None:
    assert covered(Tile(0, 0, 255), 256)
    assert covered(Tile(0, 0), 256)
    assert not covered(Tile(0, 1, 1), 256)
    assert not covered(Tile(0, 0), 255)
    assert covered(Tile(1, 0, 1), 256)
    assert not covered(Tile(1, 0, 1), 255)
    assert covered(Bundle(1, 1), 257)
    assert not covered(Bundle(1, 2), 257)
    assert [bundle.width for bundle in bundles_of(257)] == [256, 1]


def test_only_tiles_that_changed_are_named_again() -> None:
    new = set(tiles_of(513)) - set(tiles_of(255))
    assert set(tiles_of(513, after=255)) == new
