"""One proof for many entries: against a tree as RFC 6962 defines it, and against every forgery."""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.transparency.hashing import hash_leaf
from ledger.transparency.multiproof import Assembly, hidden_parts
from ledger.transparency.proofs import ProofRefused, Subtree
from tests.ledger.transparency.trees import leaves, naive_root

SIZE_MAX = 600
LEAVES = leaves(SIZE_MAX)
Pieces = list[tuple[int, bytes, int]]


@st.composite
def asked(draw: st.DrawFn) -> tuple[int, list[int], int]:
    """A tree's size, the entries that are shown, and the size of the kept checkpoint or 0."""
    size = draw(st.integers(1, SIZE_MAX))
    shown = draw(st.sets(st.integers(0, size - 1), max_size=40))
    since = draw(st.integers(0, size))
    return size, sorted(shown), since


def pieces_of(hashes: Sequence[bytes], shown: Sequence[int], *, since: int = 0) -> Pieces:
    """What a receiver appends: shown leaves and hidden hashes by their place."""
    hidden = hidden_parts(shown, size=len(hashes), since=since)
    parts = [(each.start, naive_root(list(hashes[slice(*each)])), _width(each)) for each in hidden]
    return sorted([*parts, *((index, hashes[index], 1) for index in shown)])


def _width(part: Subtree) -> int:
    return part.end - part.start


def roots_of(pieces: Pieces) -> dict[int, bytes]:
    """The root at every size that the growing tree passes through."""
    tree = Assembly()
    found = {}
    for _, value, width in pieces:
        tree.append(value, leaves=width)
        found[tree.size] = tree.root()
    return found


@settings(deadline=None)
@given(asked())
def test_any_set_of_entries_leads_to_the_root_and_through_the_kept_one(
    case: tuple[int, list[int], int],
) -> None:
    size, shown, since = case
    roots = roots_of(pieces_of(LEAVES[:size], shown, since=since))

    assert roots[size] == naive_root(LEAVES[:size])
    assert since == 0 or roots[since] == naive_root(LEAVES[:since])


@settings(deadline=None)
@given(asked())
def test_hidden_parts_are_perfect_aligned_and_as_few_as_can_be(
    case: tuple[int, list[int], int],
) -> None:
    size, shown, since = case
    hidden = list(hidden_parts(shown, size=size, since=since))
    covered = sorted([*shown, *(index for part in hidden for index in range(*part))])

    assert covered == list(range(size))
    for part in hidden:
        width = _width(part)
        assert width & (width - 1) == 0
        assert part.start % width == 0
        assert not part.start < since < part.end
    for left, right in itertools.pairwise(hidden):
        halves = _width(left) == _width(right) and left.start % (2 * _width(left)) == 0
        assert not halves or left.end != right.start or left.end == since


@settings(deadline=None)
@given(asked(), st.data())
def test_another_missing_or_further_hash_gives_another_root_or_a_refusal(
    case: tuple[int, list[int], int], data: st.DataObject
) -> None:
    size, shown, since = case
    pieces = pieces_of(LEAVES[:size], shown, since=since)
    place = data.draw(st.integers(0, len(pieces) - 1))
    begin, value, width = pieces[place]
    other = hash_leaf(value)
    forged = data.draw(
        st.sampled_from(
            [
                [*pieces[:place], (begin, other, width), *pieces[place + 1 :]],
                [*pieces[:place], *pieces[place + 1 :]],
                [*pieces[:place], (begin, other, width), *pieces[place:]],
                [*pieces[:place], *reversed(pieces[place : place + 2]), *pieces[place + 2 :]],
            ]
        )
    )
    if forged == pieces:
        return

    try:
        found = roots_of(forged).get(size)
    except ProofRefused:
        found = None

    assert found != naive_root(LEAVES[:size])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 65_535, 65_536, 65_537])
def test_sizes_around_tiles_and_files(size: int) -> None:
    hashes = leaves(size)
    root = naive_root(hashes)
    edges = sorted({0, size // 2, size - 1, *(at for at in (255, 256, 65_535) if at < size)})

    for shown in ([], [0], [size - 1], edges):
        for since in {0, 1, size // 2, size - 1, size} & set(range(size + 1)):
            roots = roots_of(pieces_of(hashes, shown, since=since))
            assert roots[size] == root
            assert since == 0 or roots[since] == naive_root(hashes[:since])


@pytest.mark.parametrize("shown", [[3, 3], [4, 3], [7], [-1], [0, 7]])
def test_indexes_that_do_not_grow_or_are_not_there_are_refused(shown: list[int]) -> None:
    with pytest.raises(ProofRefused):
        list(hidden_parts(shown, size=7))


def test_a_subtree_begins_only_where_its_size_divides() -> None:
    tree = Assembly()
    tree.append(LEAVES[0])
    with pytest.raises(ProofRefused):
        tree.append(LEAVES[1], leaves=2)
