"""Sum trees and fragments: against a naive tree, and against whoever lies."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import InvariantBroken
from ledger.state_roots.building import LEAVES_PER_UNIT_MAX, Append, Building, plan
from ledger.state_roots.capture import Supply, capture_of
from ledger.state_roots.fragments import FRAGMENTS_PER_HOLDING, fragments_of
from ledger.state_roots.sum_tree import (
    EMPTY,
    SumFrontier,
    SumNode,
    SumTree,
    leaf_of,
    verify_path,
)
from ledger.transparency.proofs import ProofRefused

SEED = bytes(range(32))
HOLDERS = st.lists(st.integers(1, 2**62), min_size=1, max_size=40)


def naive(leaves: list[tuple[bytes, int]]) -> tuple[bytes, int]:
    """The tree as its definition says, without anything of ours."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    (left, left_sum), (right, right_sum) = naive(leaves[:half]), naive(leaves[half:])
    text = b"\x01" + left_sum.to_bytes(16, "big") + left + right_sum.to_bytes(16, "big") + right
    return hashlib.sha256(text).digest(), left_sum + right_sum


def leaves_of(quantities: list[int], *, instrument: str = "CEA25") -> list[SumNode]:
    leaves = []
    for account, quantity in enumerate(quantities, start=100):
        cut = fragments_of(SEED, instrument=instrument, account=account, quantity=quantity)
        leaves += [fragment.leaf(account) for fragment in cut]
    return sorted(leaves)


@given(HOLDERS)
def test_root_sums_and_every_path_are_those_of_the_naive_tree(quantities: list[int]) -> None:
    leaves = leaves_of(quantities)
    tree, edge = SumTree(leaves), SumFrontier()
    for leaf in leaves:
        edge.append(leaf)
    expected = naive([(leaf.digest, leaf.total) for leaf in leaves])

    assert tree.root() == edge.root() == SumNode(*expected)
    assert tree.root().total == sum(quantities)
    for position, leaf in enumerate(leaves):
        found = verify_path(leaf, position=position, size=tree.size, path=tree.path(position))
        assert found == tree.root()


@given(HOLDERS, st.data())
def test_a_path_that_is_changed_leads_elsewhere(quantities: list[int], data: st.DataObject) -> None:
    tree = SumTree(leaves_of(quantities))
    position = data.draw(st.integers(0, tree.size - 1))
    leaf = leaves_of(quantities)[position]
    path = tree.path(position)
    place = data.draw(st.integers(0, len(path) - 1))
    more = data.draw(st.integers(1, 1000))
    digest, total = path[place]
    lies = [
        [*path[:place], SumNode(digest, total + more), *path[place + 1 :]],
        [*path[:place], SumNode(hashlib.sha256(digest).digest(), total), *path[place + 1 :]],
    ]

    for lie in lies:
        assert verify_path(leaf, position=position, size=tree.size, path=lie) != tree.root()
    smaller = leaf_of(account=100, amount=leaf.total + more, salt=bytes(32))
    assert verify_path(smaller, position=position, size=tree.size, path=path) != tree.root()


def test_negative_sums_and_wrong_lengths_are_refused() -> None:
    tree = SumTree(leaves_of([5, 7]))
    leaf, path = leaves_of([5, 7])[3], tree.path(3)

    with pytest.raises(ProofRefused, match="negative"):
        verify_path(leaf, position=3, size=16, path=[SumNode(path[0].digest, -1), *path[1:]])
    with pytest.raises(ProofRefused, match="another place"):
        verify_path(leaf, position=3, size=16, path=path[1:])
    with pytest.raises(ProofRefused):
        verify_path(leaf, position=16, size=16, path=path)


@given(st.integers(0, 2**62), st.integers(1, 10**9))
def test_fragments_add_up_and_are_never_negative(quantity: int, account: int) -> None:
    cut = fragments_of(SEED, instrument="CEA25", account=account, quantity=quantity)

    assert len(cut) == FRAGMENTS_PER_HOLDING >= 8
    assert sum(each.amount for each in cut) == quantity
    assert min(each.amount for each in cut) >= 0
    assert len({each.salt for each in cut}) == FRAGMENTS_PER_HOLDING


def test_another_seed_account_or_instrument_gives_other_salts_and_cuts() -> None:
    cuts = [
        fragments_of(SEED, instrument="CEA25", account=100, quantity=10**6),
        fragments_of(SEED[::-1], instrument="CEA25", account=100, quantity=10**6),
        fragments_of(SEED, instrument="CEA26", account=100, quantity=10**6),
        fragments_of(SEED, instrument="CEA25", account=101, quantity=10**6),
    ]

    assert len({fragment.salt for cut in cuts for fragment in cut}) == 32
    assert len({tuple(fragment.amount for fragment in cut) for cut in cuts}) == 4


def test_a_whole_close_in_units_gives_the_trees_done_at_once() -> None:
    quantities = [(account, account * 977 % 100_003 + 1) for account in range(100, 1_600)]
    total = sum(quantity for _, quantity in quantities)
    supply = Supply(holders=tuple(quantities), issued=total + 9, ended=9)
    none = Supply(holders=(), issued=4, ended=4)
    capture = {"CEA25": supply, "OLD": none}
    building = Building(capture, SEED)
    found = dict(root for unit in range(building.units) for root in building.work(unit))
    again = Building(capture, SEED)
    last = again.work(again.units - 1)  # a restart that lost what was done

    at_once = SumTree(leaves_of([quantity for _, quantity in quantities])).root()
    assert found == {"CEA25": at_once, "OLD": EMPTY}
    assert building.units >= 2 * 12_000 // LEAVES_PER_UNIT_MAX - 2
    assert dict(last) == {code: root for code, root in found.items() if code in dict(last)}
    assert building.work(0) == again.work(0) == []  # done again after an undo, nothing changes
    assert dict(building.work(building.units - 1)) == dict(last)


def test_no_unit_is_much_larger_than_its_bound() -> None:
    holders = tuple((account, 10**6) for account in range(100, 20_100))
    capture = {"CEA25": Supply(holders=holders, issued=2 * 10**10, ended=0)}
    building = Building(capture, SEED)
    sizes = []
    before = 0
    for unit, steps in enumerate(plan(capture)):
        building.work(unit)
        done = [step for step in steps if isinstance(step, Append)]
        if done:
            edge = building._edges["CEA25", done[-1].bucket]
            sizes.append(edge.size - before)
            before = edge.size

    assert sum(sizes) == 160_000
    assert max(sizes) < 1.5 * LEAVES_PER_UNIT_MAX


def test_what_is_held_must_be_what_was_issued_less_what_ended() -> None:
    good = [(1, "A", -10), (2, "CNY", -5), (3, "A", 4), (7, "CNY", 1), (100, "A", 6)]
    good.append((100, "CNY", 4))
    capture = capture_of(good)

    assert capture["A"] == Supply(holders=((100, 6),), issued=10, ended=4)
    assert capture["CNY"].holders == ((7, 1), (100, 4))
    with pytest.raises(InvariantBroken, match="A: 7 held, 10 issued, 4 ended"):
        capture_of([*good, (101, "A", 1)])
