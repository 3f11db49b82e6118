"""The generated province: fixed by its seed, readable by both paths of scoring, near to life."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from credit_scoring.batch.building import Archives
from credit_scoring.batch.columns import Events
from credit_scoring.batch.scoring import score_batch
from credit_scoring.comparing.shares import nearest, published, shares_of
from credit_scoring.dates import end_of_day
from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
    SubjectKind,
)
from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.scoring.score import score
from gateway.demonstration.province.drawing import Draws
from gateway.demonstration.province.generating import generate
from gateway.demonstration.province.probabilities import (
    read_probabilities,
    shipped_probabilities,
)

AS_OF = date(2026, 12, 15)
RULE_SET = shipped()[-1]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def few(kind: SubjectKind, subjects: int, **options: Any) -> Archives:
    population = replace(shipped_probabilities()[kind], subjects=subjects)
    return generate(kind, population, as_of=AS_OF, rule_set=RULE_SET, **options)


def records_of(archives: Archives, row: int) -> Iterator[Record]:
    columns = archives.columns
    facts = columns.facts
    rows = range(int(columns.offsets[row]), int(columns.offsets[row + 1]))
    for fact in rows:
        yield Fact(
            id=archives.fact_ids[fact],
            rule=columns.rule_ids[int(facts.rule[fact])],
            on=date.fromordinal(int(facts.on[fact])),
            recorded_at=EPOCH + timedelta(microseconds=int(facts.recorded_at[fact])),
            quantity=int(facts.quantity[fact]),
        )
    for fact, at, day in _told(columns.repairs, rows):
        yield Repair(fact=archives.fact_ids[fact], on=date.fromordinal(day), recorded_at=at)
    for fact, at, _ in _told(columns.revocations, rows):
        yield Revocation(fact=archives.fact_ids[fact], recorded_at=at)
    for fact, at, opens in _told(columns.disputes, rows):
        turn = DisputeOpened if opens else DisputeClosed
        yield turn(fact=archives.fact_ids[fact], recorded_at=at)


def _told(events: Events, rows: range) -> Iterator[tuple[int, datetime, int]]:
    for row in range(len(events.fact)):
        if int(events.fact[row]) in rows:
            at = EPOCH + timedelta(microseconds=int(events.recorded_at[row]))
            yield int(events.fact[row]), at, int(events.detail[row])


@pytest.mark.parametrize("kind", SubjectKind)
def test_the_single_path_gives_the_same_for_every_subject_drawn(kind: SubjectKind) -> None:
    archives, known_at = few(kind, 150), end_of_day(AS_OF)

    batch = score_batch(archives.columns, as_of=AS_OF, known_at=known_at, rule_set=RULE_SET)

    for row in range(150):
        records = list(records_of(archives, row))
        one = score(kind, records, as_of=AS_OF, known_at=known_at, rule_set=RULE_SET)
        assert one.value_milli == batch.value_milli[row]
        assert one.reasons == batch.reason_ids(row)
        assert (one.rated, one.complete) == (batch.rated[row], batch.complete[row])


@pytest.mark.parametrize("kind", SubjectKind)
def test_a_seed_fixes_every_fact_and_another_seed_draws_others(kind: SubjectKind) -> None:
    once, again, other = few(kind, 300), few(kind, 300), few(kind, 300, seed=1)

    for name in ("rule", "on", "recorded_at", "quantity"):
        assert np.array_equal(getattr(once.columns.facts, name), getattr(again.columns.facts, name))
    assert once.columns.repairs.fact.tolist() == again.columns.repairs.fact.tolist()
    assert once.columns.facts.on.tolist() != other.columns.facts.on.tolist()


def test_draws_are_those_of_whole_numbers_without_any_library() -> None:
    def mixed(bits: int) -> int:
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB % 2**64
        return bits ^ bits >> 31

    def drawn(column: int, subject: int) -> int:
        key = mixed((20_261_215 * 0x9E3779B97F4A7C15 + 1) % 2**64)
        bits = mixed((key + (subject * 2**20 + column) * 0x9E3779B97F4A7C15) % 2**64)
        return (bits >> 33) * 1_000 >> 31

    draws = Draws(20_261_215, stream=1)

    for column in (1, 2, 3):
        found = draws.below(1_000, np.arange(100)).tolist()
        assert found == [drawn(column, subject) for subject in range(100)]


def test_draws_are_even() -> None:
    found = np.bincount(Draws(1, stream=2).below(10, np.arange(100_000)), minlength=10)

    assert abs(found - 10_000).max() < 400


def test_the_enterprises_come_within_two_points_of_a_published_distribution() -> None:
    kind = SubjectKind.ENTERPRISE
    archives = few(kind, shipped_probabilities()[kind].subjects)
    scores = score_batch(
        archives.columns, as_of=AS_OF, known_at=end_of_day(AS_OF), rule_set=RULE_SET
    )

    near, gap = nearest(shares_of(scores), published())

    assert archives.columns.subject_count == 4_585
    assert near.place == "Guangdong 2017"
    assert gap < Fraction(2)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("enterprise.groups", {"groups": {"good": 999}}),
        ("enterprise.subjects", {"subjects": -1}),
        ("enterprise.facts[0].chances.good", {"chances": {"good": [500, 501]}}),
        ("enterprise.facts[0].chances.good", {"chances": {"good": [500]}}),
        ("enterprise.facts[0].chances.bad", {"chances": {"good": [1, 1], "bad": [1, 1]}}),
        ("enterprise.events.repaired", {"events": {}}),
    ],
)
def test_probabilities_that_do_not_fit_are_refused_by_their_place(
    field: str, change: dict[str, Any]
) -> None:
    line = {"rules": ["E-COMP-01", "E-COMP-02"], "days": 365, "chances": {"good": [1, 1]}}
    events = {"repaired": 0, "repair_days": 1, "disputed": 0, "closed": 0, "revoked": 0}
    kind = {"subjects": 1, "groups": {"good": 1_000}, "facts": [line], "events": events}
    line.update({name: change[name] for name in change if name == "chances"})
    changed = kind | {name: change[name] for name in change if name != "chances"}
    document = {"enterprise": changed, "village": kind, "person": kind}

    with pytest.raises(Malformed) as refused:
        read_probabilities(read_json(json.dumps(document).encode()))

    assert refused.value.field == field
