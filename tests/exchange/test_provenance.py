"""Units are followed first in, first out, per account, whatever way they went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.provenance import Flow, Provenance
from kernel.errors import InvariantBroken
from ledger.roles import ISSUANCE, RETIRED, SURRENDERED

A, B, C = 100, 101, 102


def test_the_oldest_units_leave_first_and_show_their_way() -> None:
    provenance = Provenance()
    for flow in (
        Flow(1, ISSUANCE, A, 10),
        Flow(2, ISSUANCE, A, 10),
        Flow(3, A, B, 12),
        Flow(4, A, C, 8),
        Flow(5, C, B, 1),
    ):
        assert provenance.follow_entry([flow]) == []

    [ending] = provenance.follow_entry([Flow(6, B, SURRENDERED, 13)])

    ways = [
        (piece.lots, [(step.entry, step.account) for step in piece.step.path()])
        for piece in ending.pieces
    ]
    assert ways == [
        (10, [(1, A), (3, B), (6, SURRENDERED)]),
        (2, [(2, A), (3, B), (6, SURRENDERED)]),
        (1, [(2, A), (4, C), (5, B), (6, SURRENDERED)]),
    ]
    assert ending.lots == 13
    assert [(piece.lots, piece.step.issue()) for piece in provenance.held()] == [(7, 2)]


def test_a_movement_may_give_what_a_fill_of_its_entry_brings() -> None:
    provenance = Provenance()
    provenance.follow_entry([Flow(1, ISSUANCE, A, 5)])

    [ending] = provenance.follow_entry([Flow(2, B, SURRENDERED, 5), Flow(2, A, B, 5)])

    assert [step.account for step in ending.pieces[0].step.path()] == [A, B, SURRENDERED]


def test_what_nobody_has_cannot_be_followed() -> None:
    provenance = Provenance()
    provenance.follow_entry([Flow(1, ISSUANCE, A, 5)])
    with pytest.raises(InvariantBroken, match="entry 2"):
        provenance.follow_entry([Flow(2, A, B, 6)])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ISSUANCE, A, B, C]),
            st.sampled_from([A, B, C, SURRENDERED, RETIRED]),
            st.integers(1, 20),
        ),
        max_size=60,
    )
)
def test_every_issued_unit_is_found_again_once(moves: list[tuple[int, int, int]]) -> None:
    provenance = Provenance()
    balance = {A: 0, B: 0, C: 0}
    found: dict[int, int] = {}
    for entry, (source, target, wanted) in enumerate(moves):
        lots = wanted if source == ISSUANCE else min(wanted, balance[source])
        if not lots or source == target:
            continue
        if source != ISSUANCE:
            balance[source] -= lots
        if target in balance:
            balance[target] += lots
        for ending in provenance.follow_entry([Flow(entry, source, target, lots)]):
            assert ending.lots == lots
            for piece in ending.pieces:
                found[piece.step.issue()] = found.get(piece.step.issue(), 0) + piece.lots
    for piece in provenance.held():
        found[piece.step.issue()] = found.get(piece.step.issue(), 0) + piece.lots

    assert found == provenance.issued
