from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from credit_scoring.batch.building import archives_of
from credit_scoring.batch.columns import Columns
from credit_scoring.batch.errors import ColumnRefused
from credit_scoring.records import DisputeOpened, Fact, Record, Repair, SubjectKind
from credit_scoring.scoring.records_hash import records_hash

NOON = datetime(2025, 1, 10, 12, tzinfo=UTC)
KIND = SubjectKind.ENTERPRISE


def fact(name: str, **changed: Any) -> Fact:
    told = Fact(id=name, rule="E-COMP-02", on=date(2025, 1, 10), recorded_at=NOON)
    return replace(told, **changed)


def columns() -> Columns:
    return archives_of([("one", KIND, [fact("a"), fact("b")])]).columns


def test_rows_keep_the_order_of_their_coming_and_know_that_of_their_ids() -> None:
    records: list[Record] = [fact("a2"), fact("a10"), fact("b"), fact("a1")]

    archives = archives_of([("none", KIND, []), ("one", KIND, records)])

    assert archives.columns.offsets.tolist() == [0, 0, 4]
    assert archives.fact_ids == ["a2", "a10", "b", "a1"]
    assert archives.columns.facts.id_order.tolist() == [2, 1, 3, 0]


def test_an_event_of_no_fact_is_left_out() -> None:
    records: list[Record] = [
        DisputeOpened(fact="nobody", recorded_at=NOON),
        Repair(fact="a", on=date(2025, 4, 1), recorded_at=NOON),
        fact("a"),
    ]

    built = archives_of([("one", KIND, records)]).columns

    assert built.repairs.fact.tolist() == [0]
    assert built.disputes.fact.tolist() == []


def test_instants_are_exact_to_the_microsecond() -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

    built = archives_of([("one", KIND, [fact("a", recorded_at=late)])]).columns

    assert built.facts.recorded_at.tolist() == [253_402_300_799_999_999]


def test_hashes_are_of_what_is_known_where_they_are_asked_for() -> None:
    late = fact("b", recorded_at=NOON + timedelta(seconds=1))

    hashed = archives_of([("one", KIND, [late, fact("a")])], hashed_at=NOON)

    assert hashed.records_hashes == [records_hash([fact("a")])]
    assert archives_of([("one", KIND, [late])]).records_hashes == []


def test_two_facts_with_one_id_are_refused() -> None:
    with pytest.raises(ColumnRefused) as refused:
        archives_of([("one", KIND, [fact("a"), fact("a")])])

    assert refused.value.field == "facts.id"


@pytest.mark.parametrize("quantity", [0, -1, 10**12 + 1, 10**30])
def test_a_quantity_out_of_bounds_is_refused(quantity: int) -> None:
    with pytest.raises(ColumnRefused) as refused:
        archives_of([("one", KIND, [fact("a", quantity=quantity)])])

    assert refused.value.field == "facts.quantity"


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("kind", {"kind": np.array([3], np.int8)}),
        ("offsets", {"offsets": np.array([0, 2, 2])}),
        ("offsets", {"offsets": np.array([1, 2])}),
        ("facts.rule", {"rule_ids": ()}),
        ("facts.rule", {"offsets": np.array([0, 3])}),
    ],
)
def test_columns_that_do_not_fit_together_are_refused(field: str, changed: Any) -> None:
    with pytest.raises(ColumnRefused) as refused:
        replace(columns(), **changed)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("on", [0, 5]),
        ("on", [5, 4_000_000]),
        ("incident", [-2, 0]),
        ("recorded_at", [0]),
        ("id_order", [0, 1, 2]),
    ],
)
def test_facts_out_of_bounds_are_refused(column: str, values: list[int]) -> None:
    told = columns()

    with pytest.raises(ColumnRefused) as refused:
        replace(told, facts=replace(told.facts, **{column: np.array(values)}))

    assert refused.value.field == f"facts.{column}"


@pytest.mark.parametrize("rows", [[2], [-1], [1, 0]])
def test_events_of_rows_that_are_not_there_or_do_not_ascend_are_refused(rows: list[int]) -> None:
    told = columns()
    events = replace(
        told.repairs,
        fact=np.array(rows),
        recorded_at=np.zeros(len(rows), np.int64),
        detail=np.full(len(rows), 5),
    )

    with pytest.raises(ColumnRefused) as refused:
        replace(told, repairs=events)

    assert refused.value.field == "repairs.fact"
