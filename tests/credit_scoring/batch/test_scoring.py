"""The batch, the single path and the slow reference give one answer, to the thousandth."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from credit_scoring.batch import scoring
from credit_scoring.batch.building import Archives, archives_of
from credit_scoring.batch.compiled import compiled
from credit_scoring.batch.scoring import FACTS_A_PART, BatchScores, score_batch
from credit_scoring.batch.states import state_name
from credit_scoring.batch.valuing import Values
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.scoring.answer import AdjustmentKind, Score
from credit_scoring.scoring.score import score
from kernel.errors import InvariantBroken
from tests.credit_scoring import histories, reference

DOCUMENT = json.loads(
    (Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8")
)
VARIATIONS = histories.variations(DOCUMENT)
MOMENTS, A_MOMENT = 34, 50  # times six variations: 10,200 histories

Told = dict[str, Any]


@pytest.mark.parametrize("name", VARIATIONS)
def test_batch_single_and_reference_agree_on_ten_thousand_histories(name: str) -> None:
    draw = Random(name)  # noqa: S311  a fixed seed
    tables = VARIATIONS[name]
    rule_set = histories.rule_set_of(tables)
    for _ in range(MOMENTS):
        as_of, known_at = histories.moment(draw)
        drawn = [
            histories.history(draw, as_of=as_of, known_at=known_at, tables=tables.tables)
            for _ in range(A_MOMENT)
        ]

        batch = told_by_batch(drawn, as_of=as_of, known_at=known_at, rule_set=rule_set)

        for one, in_batch in zip(drawn, batch, strict=True):
            alone = score(
                SubjectKind(one.kind),
                one.records,
                as_of=as_of,
                known_at=known_at,
                rule_set=rule_set,
            )
            slow = reference.score(
                one.kind, one.records, as_of=as_of, known_at=known_at, tables=tables
            )
            assert in_batch == told_by_single(alone)
            assert in_batch == told_by_reference(slow)


def test_where_parts_are_cut_changes_nothing() -> None:
    draw = Random("parts")  # noqa: S311  a fixed seed
    tables = VARIATIONS["rare"]
    as_of, known_at = histories.moment(draw)
    rule_set = histories.rule_set_of(tables)
    drawn = [
        histories.history(draw, as_of=as_of, known_at=known_at, tables=tables.tables)
        for _ in range(A_MOMENT)
    ]
    once = told_by_batch(drawn, as_of=as_of, known_at=known_at, rule_set=rule_set)
    copies = 2 * FACTS_A_PART // sum(len(row["facts"]) for row in once)

    many = told_by_batch(drawn * copies, as_of=as_of, known_at=known_at, rule_set=rule_set)

    assert many == once * copies


def test_without_lines_the_same_is_scored_and_nothing_of_facts_is_kept() -> None:
    draw = Random("lines")  # noqa: S311  a fixed seed
    as_of, known_at = histories.moment(draw)
    moment: Told = {
        "as_of": as_of,
        "known_at": known_at,
        "rule_set": histories.rule_set_of(VARIATIONS["plain"]),
    }
    columns = archives_of(
        ("", SubjectKind(one.kind), one.records)
        for one in [
            histories.history(draw, as_of=as_of, known_at=known_at, tables=DOCUMENT)
            for _ in range(A_MOMENT)
        ]
    ).columns

    bare = score_batch(columns, **moment, with_lines=False)

    full = score_batch(columns, **moment)
    assert bare.value_milli.tolist() == full.value_milli.tolist()
    assert bare.reasons.tolist() == full.reasons.tolist()
    assert len(bare.state) == len(bare.counted_milli) == 0


@pytest.mark.parametrize("thousandth", [-1, 1])
def test_values_that_their_lines_do_not_add_up_to_stop_the_run(thousandth: int) -> None:
    columns = archives_of([("one", SubjectKind.PERSON, [])]).columns
    rules = compiled(histories.rule_set_of(VARIATIONS["plain"]))
    nothing = np.zeros(1, np.int64)
    values = Values(
        total=nothing, clamp=nothing, soft=nothing, hard=nothing, value=nothing + 600_000
    )
    scoring._check_identity(columns, values, np.zeros(0, np.int64), rules=rules)

    wrong = replace(values, value=values.value + thousandth)

    with pytest.raises(InvariantBroken):
        scoring._check_identity(columns, wrong, np.zeros(0, np.int64), rules=rules)


def test_no_subjects_are_no_scores() -> None:
    draw = Random("none")  # noqa: S311  a fixed seed
    as_of, known_at = histories.moment(draw)
    rule_set = histories.rule_set_of(VARIATIONS["plain"])

    assert told_by_batch([], as_of=as_of, known_at=known_at, rule_set=rule_set) == []


def told_by_batch(
    drawn: Sequence[histories.History], *, as_of: date, known_at: datetime, rule_set: RuleSet
) -> list[Told]:
    archives = archives_of(
        (str(number), SubjectKind(one.kind), one.records) for number, one in enumerate(drawn)
    )
    scores = score_batch(archives.columns, as_of=as_of, known_at=known_at, rule_set=rule_set)
    return [_row_told(archives, scores, row) for row in range(len(drawn))]


def _row_told(archives: Archives, scores: BatchScores, row: int) -> Told:
    offsets = archives.columns.offsets
    facts = [
        fact for fact in range(offsets[row], offsets[row + 1]) if state_name(scores.state[fact])
    ]
    return {
        "index": scores.credit_index[row],
        "grade": scores.grade_name(row),
        "colour": scores.colour(row),
        "milli": scores.value_milli[row],
        "rated": scores.rated[row],
        "complete": scores.complete[row],
        "reasons": scores.reason_ids(row),
        "clamp": scores.clamp_milli[row],
        "soft": scores.soft_milli[row],
        "hard": scores.hard_milli[row],
        "facts": {
            archives.fact_ids[fact]: (
                state_name(scores.state[fact]),
                scores.raw_milli[fact],
                scores.counted_milli[fact],
                scores.disputed[fact],
            )
            for fact in facts
        },
    }


def told_by_single(one: Score) -> Told:
    def adjusted(kind: AdjustmentKind) -> int:
        return sum(line.milli for line in one.adjustments if line.kind is kind)

    return {
        "index": one.credit_index,
        "grade": one.grade,
        "colour": one.colour,
        "milli": one.value_milli,
        "rated": one.rated,
        "complete": one.complete,
        "reasons": one.reasons,
        "clamp": adjusted(AdjustmentKind.RANGE_CLAMP),
        "soft": adjusted(AdjustmentKind.SOFT_VETO),
        "hard": adjusted(AdjustmentKind.HARD_VETO),
        "facts": {
            line.fact: (line.state, line.raw_milli, line.counted_milli, line.disputed)
            for line in one.lines
        },
    }


def told_by_reference(one: reference.Answer) -> Told:
    return {
        "index": one.credit_index,
        "grade": one.grade,
        "colour": one.colour,
        "milli": one.value_milli,
        "rated": one.rated,
        "complete": one.complete,
        "reasons": tuple(one.reasons),
        "clamp": _adjusted(one.adjustments, "range_clamp"),
        "soft": _adjusted(one.adjustments, "soft_veto"),
        "hard": _adjusted(one.adjustments, "hard_veto"),
        "facts": {
            item.fact.id: (item.state, item.raw, item.counted, item.disputed) for item in one.items
        },
    }


def _adjusted(lines: Iterable[dict[str, Any]], kind: str) -> int:
    return sum(line["milli"] for line in lines if line["kind"] == kind)
