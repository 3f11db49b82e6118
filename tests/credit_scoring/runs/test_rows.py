"""Leaves are canonical and tell nothing without their salt; shards are nodes of one tree."""

import pytest

from credit_scoring.records import SubjectKind
from credit_scoring.runs.rows import (
    RunRow,
    leaf_hash_of,
    leaf_of,
    salt_of,
    sector_counts,
    sector_place,
)
from credit_scoring.runs.tree import cut, joined, path_of, root_of
from credit_scoring.scoring.sub_indices import sector_percentile
from kernel.canonical import canonical, parse, to_builtins_with_decimal_strings
from ledger.transparency.hashing import EMPTY_ROOT, hash_leaf, hash_node
from ledger.transparency.proofs import verify_inclusion

SECRET = bytes(range(32))


def row(number: int = 0, **changes: object) -> RunRow:
    given = {
        "number": number,
        "party": "企业-1",
        "subject_kind": SubjectKind.ENTERPRISE.value,
        "division": "C22",
        "credit_index": 700,
        "grade": "AA",
        "value_milli": 700_125,
        "rated": True,
        "complete": False,
        "reasons": "E-COMP-01,E-COMP-02",
    }
    return RunRow(**given | changes)  # type: ignore[arg-type]  # a row of chosen columns


def test_a_leaf_is_the_canonical_json_of_row_and_salt() -> None:
    salt = salt_of(SECRET, scored=0, number=0)
    leaf = leaf_of(row(), salt)
    text = canonical(to_builtins_with_decimal_strings(leaf))

    assert parse(text)["credit_index"] == "700"
    assert parse(text)["salt"] == salt.hex()
    assert leaf_hash_of(row(), secret=SECRET, scored=0) == hash_leaf(text)


def test_equal_rows_of_other_places_sets_and_runs_have_other_salts() -> None:
    salts = {
        salt_of(secret, scored=scored, number=number)
        for secret in (SECRET, bytes(32))
        for scored in (0, 1)
        for number in (0, 1)
    }

    assert len(salts) == 8


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31])
@pytest.mark.parametrize("shard", [1, 4, 16])
def test_shards_of_a_power_of_two_are_nodes_of_the_whole_tree(size: int, shard: int) -> None:
    leaves = [hash_leaf(bytes([number])) for number in range(size)]
    shards = [leaves[at : at + shard] for at in range(0, size, shard)]
    roots = [root_of(some) for some in shards]

    assert root_of(roots) == root_of(leaves) == slow_root(leaves)
    for place in range(size):
        path = path_of(shards[place // shard], place % shard) + path_of(roots, place // shard)
        verify_inclusion(
            index=place, size=size, leaf=leaves[place], proof=path, root=root_of(leaves)
        )


def slow_root(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962, 2.1 words it."""
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return hash_node(slow_root(leaves[:middle]), slow_root(leaves[middle:]))


def test_hashes_are_put_together_and_cut_again() -> None:
    leaves = [hash_leaf(b"1"), hash_leaf(b"2")]

    assert cut(joined(leaves)) == leaves
    assert root_of([]) == EMPTY_ROOT


def test_a_firms_place_in_its_sector_is_that_of_the_single_formula() -> None:
    rows = [row(n, credit_index=600 + 10 * (n % 7)) for n in range(25)]
    rows += [row(25, division="C23"), row(26, rated=False), row(27, subject_kind="person")]
    counts = sector_counts(rows)
    mine = {index: firms for (division, index), firms in counts.items() if division == "C22"}

    indices = sorted(each.credit_index for each in rows[:25])
    for index in set(indices):
        assert sector_place(mine, index) == sector_percentile(indices, index)
    assert sum(counts.values()) == 26
    assert sector_place({700: 19}, 700) is None
