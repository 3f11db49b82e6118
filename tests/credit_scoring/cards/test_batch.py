"""A batch gives the integers of the single row, for every way to hand a column over."""

from typing import Any

import numpy as np
import pytest

from credit_scoring.cards.batch import (
    SLICE,
    Coded,
    Column,
    Keys,
    Steps,
    column_of,
    reasons_of,
    score_batch,
)
from credit_scoring.cards.card import Card, Value
from credit_scoring.cards.errors import RowRefused
from credit_scoring.cards.generating import generated_loans
from credit_scoring.cards.scoring import score
from credit_scoring.cards.shipped import shipped_card
from tests.credit_scoring.cards.rows import around_edges
from tests.credit_scoring.cards.small_card import card, slow_row, slow_score

ODD: list[Value] = [None, "", "-1", "0", "12", "999999999999", "-999999999999", "0.0004", "1e"]


def columns_of(of: Card, rows: list[dict[str, Value]]) -> dict[str, Column]:
    return {table.name: column_of(table, [row[table.name] for row in rows]) for table in of.tables}


@pytest.mark.parametrize("of", [card(), shipped_card()], ids=["small", "shipped"])
def test_batch_single_and_slow_reference_agree_around_all_edges(of: Card) -> None:
    rows = around_edges(of, seed=3, count=4_000)

    batch = score_batch(of, columns_of(of, rows))

    assert batch.scores.dtype == np.int64
    assert batch.scores.tolist() == [score(of, values).score for values in rows]
    assert batch.scores.tolist() == [slow_score(of.form, values) for values in rows]
    assert batch.rows.tolist() == [
        [slow_row(feature, values[feature.name]) for feature in of.form.features] for values in rows
    ]


@pytest.mark.parametrize("of", [card(), shipped_card()], ids=["small", "shipped"])
def test_the_reasons_of_a_batch_are_those_of_single_rows(of: Card) -> None:
    rows = around_edges(of, seed=4, count=2_000)
    names = [table.name for table in of.tables]

    found = reasons_of(of, score_batch(of, columns_of(of, rows))).tolist()

    single = [[names.index(line.feature) for line in score(of, row).reasons] for row in rows]
    assert [[index for index in row if index >= 0] for row in found] == single


def test_steps_with_a_mask_score_as_texts_do() -> None:
    loans = generated_loans(2 * SLICE + 17)
    shipped = shipped_card()
    columns: dict[str, Column] = {}
    for table in shipped.tables:
        read = column_of(table, loans.columns[table.name])
        columns[table.name] = read
        if isinstance(read, Keys):
            missing = np.array([value is None for value in loans.columns[table.name]])
            columns[table.name] = Steps(steps=np.where(missing, 0, read.keys >> 1), missing=missing)

    batch = score_batch(shipped, columns)

    texts = {table.name: column_of(table, loans.columns[table.name]) for table in shipped.tables}
    assert np.array_equal(batch.scores, score_batch(shipped, texts).scores)
    assert len(batch.scores) == 2 * SLICE + 17


def test_a_batch_does_not_change_its_columns() -> None:
    steps, missing = np.array([10, 50, 80]), np.array([True, False, False])
    column = Steps(steps=steps, missing=missing)

    score_batch(card(), {"ratio": column, "purpose": coded([0, 0, 0])})

    assert steps.tolist() == [10, 50, 80]


def test_no_rows_have_no_scores() -> None:
    empty = np.array([], dtype=np.int64)

    batch = score_batch(card(), {"ratio": Keys(keys=empty), "purpose": coded([])})

    assert batch.scores.tolist() == []


def coded(codes: list[int]) -> Coded:
    return Coded(categories=["forestry", "new"], codes=np.array(codes, dtype=np.int64))


def steps(values: Any, missing: Any = None) -> Steps:
    return Steps(steps=np.array(values), missing=missing)


@pytest.mark.parametrize(
    ("columns", "code", "field"),
    [
        ({"ratio": steps([1])}, "card.feature_absent", "purpose"),
        ({"ratio": steps([1]), "purpose": coded([0]), "sex": coded([0])}, "unknown", "sex"),
        ({"ratio": steps([0.35]), "purpose": coded([0])}, "unusable", "ratio"),
        ({"ratio": steps([[1]]), "purpose": coded([0])}, "unusable", "ratio"),
        ({"ratio": coded([0]), "purpose": coded([0])}, "unusable", "ratio"),
        ({"ratio": steps([1]), "purpose": steps([0])}, "unusable", "purpose"),
        ({"ratio": steps([1]), "purpose": coded([0, 0])}, "unusable", "purpose"),
        ({"ratio": steps([1]), "purpose": coded([2])}, "unusable", "purpose"),
        ({"ratio": steps([1]), "purpose": coded([-2])}, "unusable", "purpose"),
        ({"ratio": steps([10**15]), "purpose": coded([0])}, "unusable", "ratio"),
        ({"ratio": steps([1], np.array([0])), "purpose": coded([0])}, "unusable", "ratio"),
        ({"ratio": steps([1], np.array([True, False])), "purpose": coded([0])}, "unus", "ratio"),
    ],
)
def test_columns_that_cannot_be_scored_are_refused(
    columns: dict[str, Column], code: str, field: str
) -> None:
    with pytest.raises(RowRefused) as caught:
        score_batch(card(), columns)

    assert code in caught.value.code
    assert caught.value.field == field


def test_a_text_that_is_no_number_is_refused_in_a_column_too() -> None:
    with pytest.raises(RowRefused) as caught:
        column_of(card().tables[0], ODD)

    assert caught.value.code == "card.value_unreadable"
