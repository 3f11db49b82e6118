"""Tables in any order of rows come to the same scores as the records behind them."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from credit_scoring.batch.building import archives_of
from credit_scoring.batch.columns import Columns, micros_of
from credit_scoring.batch.compiled import NONE
from credit_scoring.batch.errors import ColumnRefused
from credit_scoring.batch.scoring import score_batch
from credit_scoring.batch.tables import EventTable, FactTable, coded, columns_of_tables
from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
    SubjectKind,
)
from tests.credit_scoring import histories

DOCUMENT = json.loads(
    (Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8")
)
AS_OF, KNOWN_AT = date(2025, 2, 28), datetime(2025, 6, 1, tzinfo=UTC)


def drawn(count: int) -> list[histories.History]:
    draw = Random("tables")  # noqa: S311  a fixed seed
    return [
        histories.history(draw, as_of=AS_OF, known_at=KNOWN_AT, tables=DOCUMENT)
        for _ in range(count)
    ]


def tables_of(subjects: list[histories.History]) -> dict[str, Any]:
    """Return the tables of subjects, their rows shuffled together."""
    rows: list[tuple[int, Record]] = [
        (place, record) for place, one in enumerate(subjects) for record in one.records
    ]
    Random("rows").shuffle(rows)  # noqa: S311  a fixed seed
    told = [(place, record) for place, record in rows if isinstance(record, Fact)]
    row_of = {(place, fact.id): row for row, (place, fact) in enumerate(told)}
    rule, rule_ids = coded(fact.rule for _, fact in told)
    incident, _ = coded(fact.incident for _, fact in told)

    def events(*types: type) -> EventTable:
        found = [
            (row_of[place, record.fact], micros_of(record.recorded_at), _detail(record))
            for place, record in rows
            if isinstance(record, types) and not isinstance(record, Fact)
            if (place, record.fact) in row_of
        ]
        columns = np.array(found, np.int64).reshape(-1, 3)
        return EventTable(fact=columns[:, 0], recorded_at=columns[:, 1], detail=columns[:, 2])

    return {
        "kinds": [SubjectKind(one.kind) for one in subjects],
        "rule_ids": rule_ids,
        "facts": FactTable(
            id=np.array([fact.id.encode() for _, fact in told]),
            subject=np.array([place for place, _ in told], np.int64),
            rule=rule,
            on=np.array([fact.on.toordinal() for _, fact in told]),
            recorded_at=np.array([micros_of(fact.recorded_at) for _, fact in told]),
            quantity=np.array([fact.quantity for _, fact in told]),
            incident=incident,
        ),
        "repairs": events(Repair),
        "revocations": events(Revocation),
        "disputes": events(DisputeOpened, DisputeClosed),
    }


def _detail(record: Record) -> int:
    if isinstance(record, Repair):
        return record.on.toordinal()
    return int(isinstance(record, DisputeOpened))


def built(tables: dict[str, Any]) -> Columns:
    kinds = tables.pop("kinds")
    return columns_of_tables(kinds, **tables)


def test_shuffled_tables_are_scored_as_the_records_are() -> None:
    subjects = drawn(400)
    rule_set = histories.rule_set_of(histories.variations(DOCUMENT)["resting"])
    moment: dict[str, Any] = {"as_of": AS_OF, "known_at": KNOWN_AT, "rule_set": rule_set}

    from_records = score_batch(
        archives_of(("", SubjectKind(one.kind), one.records) for one in subjects).columns, **moment
    )
    from_tables = score_batch(built(tables_of(subjects)), **moment)

    for name in ("value_milli", "reasons", "rated", "complete", "soft_milli", "hard_milli"):
        assert np.array_equal(getattr(from_tables, name), getattr(from_records, name)), name
    assert np.count_nonzero(from_records.soft_milli) > 10


def test_no_rows_are_subjects_without_facts() -> None:
    columns = built(tables_of([histories.History(kind="person", records=())]))

    assert (columns.subject_count, columns.fact_count) == (1, 0)


def test_ids_are_ordered_as_text_whatever_their_length() -> None:
    draw = Random("ids")  # noqa: S311  a fixed seed
    names = [*{"".join(draw.choices("aé0字🌿", k=draw.randint(1, 9))) for _ in range(300)}]
    one = [
        Fact(id=name, rule="P-LIVE-01", on=AS_OF, recorded_at=KNOWN_AT, quantity=number)
        for number, name in enumerate(names, 1)
    ]

    columns = built(tables_of([histories.History(kind="person", records=one)]))

    by_id = sorted(one, key=lambda fact: fact.id)
    assert columns.facts.quantity.tolist() == [fact.quantity for fact in by_id]


def test_texts_are_coded_in_the_order_of_their_coming() -> None:
    codes, texts = coded(["b", None, "a", "b"])

    assert codes.tolist() == [0, NONE, 1, 0]
    assert texts == ("b", "a")


@pytest.mark.parametrize(
    ("field", "column", "value"),
    [
        ("facts.subject", "subject", 40),
        ("facts.subject", "subject", -1),
        ("facts.rule", "rule", 2**31),
        ("facts.rule", "rule", 10_000),
        ("facts.on", "on", 0),
        ("facts.quantity", "quantity", 0),
        ("facts.incident", "incident", -2),
    ],
)
def test_values_that_are_out_of_bounds_are_refused(field: str, column: str, value: int) -> None:
    tables = tables_of(drawn(40))
    changed = getattr(tables["facts"], column).copy()
    changed[3] = value
    tables["facts"] = replace(tables["facts"], **{column: changed})

    with pytest.raises(ColumnRefused) as refused:
        built(tables)

    assert refused.value.field == field


def test_an_event_of_no_row_is_refused() -> None:
    tables = tables_of(drawn(40))
    tables["repairs"] = EventTable(
        fact=np.array([len(tables["facts"].id)]), recorded_at=np.array([0]), detail=np.array([1])
    )

    with pytest.raises(ColumnRefused) as refused:
        built(tables)

    assert refused.value.field == "repairs.fact"


def test_one_id_twice_in_a_subject_is_refused_and_in_two_subjects_is_not() -> None:
    tables = tables_of(drawn(40))
    facts = tables["facts"]
    twice = np.flatnonzero(facts.subject == facts.subject[0])[:2]
    same = facts.id.copy()
    same[twice] = b"same"
    tables["facts"] = replace(facts, id=same)

    with pytest.raises(ColumnRefused) as refused:
        built(tables)

    assert refused.value.field == "facts.id"
