"""Reviews and their clock: who asks, who answers by what, and what is overdue when."""

from typing import Any

import pytest

from credit_scoring.archive import commands as a
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.rights import commands as k
from credit_scoring.rights.refusals import Reject
from ledger import commands as c
from ledger.refusals import Reject as LedgerReject
from ledger.roles import Role
from tests.credit_scoring.rights.counter import (
    DIGEST,
    VERSION,
    Counter,
    answer,
    day,
    opened,
    request,
)

OUTCOME = k.ReviewOutcome


@pytest.fixture
def counter() -> Counter:
    found = opened()
    found.report("2026/7")
    return found


def test_a_review_is_asked_for_and_answered_by_name(counter: Counter) -> None:
    asked = counter.request(query=7)
    [answered] = counter.must(answer(asked.review, "2026/7"), actor="R-1").effects

    assert asked.due == day(2026, 6, 4)
    assert answered.reviewer == "R-1"  # type: ignore[attr-defined]  # the effect of an answer
    assert answered.facts == ["D/2026/7"]  # type: ignore[attr-defined]
    again = counter.refused(answer(asked.review), actor="R-1")
    assert again.code == Reject.REVIEW_UNKNOWN
    assert counter.request().review == asked.review + 1


@pytest.mark.parametrize(
    ("asked_on", "days", "due"),
    [
        ((2026, 5, 31), 15, (2026, 6, 15)),
        ((2026, 12, 20), 15, (2027, 1, 4)),
        ((2028, 2, 14), 15, (2028, 2, 29)),
        ((2027, 2, 14), 15, (2027, 3, 1)),
        ((2027, 1, 31), 28, (2027, 2, 28)),
    ],
)
def test_the_clock_runs_in_calendar_days_over_the_ends_of_months(
    counter: Counter, asked_on: tuple[int, int, int], days: int, due: tuple[int, int, int]
) -> None:
    counter.approved(a.SetTerm(term=a.Term.REVIEW_DAYS, days=days, basis="L-2"))
    counter.go_to(*asked_on)
    asked = counter.request()
    note = k.NoteOverdue(clock=k.Clock.REVIEW, numbers=[asked.review])

    assert asked.due == day(*due)
    counter.go_to(*due, hours=23)
    early = counter.refused(note, actor="X-1")
    counter.at += 3_600_000_000
    counter.must(note, actor="X-1")
    assert (early.code, early.field) == (Reject.OVERDUE_UNFIT, "numbers.0")
    twice = counter.refused(note, actor="X-1")
    assert (twice.code, twice.expected) == (Reject.OVERDUE_UNFIT, "one that is not noted")


@pytest.mark.parametrize(
    ("changes", "actor", "code", "field"),
    [
        ({}, "P3-1", Reject.REVIEW_NOT_OWN, "subject"),
        ({"subject": "P9"}, "P-1", ArchiveReject.SUBJECT_UNKNOWN, "subject"),
        ({"as_of": day(2026, 5, 21)}, "P-1", Reject.REVIEW_DAY_UNFIT, "as_of"),
        ({"as_of": 0}, "P-1", Reject.REVIEW_DAY_UNFIT, "as_of"),
        ({"rule_set": "9.9"}, "P-1", Reject.REVIEW_OUTCOME_UNFIT, "rule_set"),
        ({"evidence": "x"}, "P-1", ArchiveReject.REFERENCE_UNFIT, "evidence"),
    ],
)
def test_what_nobody_can_review_is_refused(
    counter: Counter, changes: dict[str, Any], actor: str, code: str, field: str
) -> None:
    refusal = counter.refused(request(**changes), actor=actor)

    assert (refusal.code, refusal.field) == (code, field)


def test_a_subject_has_one_review_at_a_time(counter: Counter) -> None:
    asked = counter.request()

    refusal = counter.refused(request(), actor="P-2")

    assert (refusal.code, refusal.found) == (Reject.REVIEW_OPEN, str(asked.review))


def test_an_answer_points_at_what_is_so_and_at_nothing_else(counter: Counter) -> None:
    counter.report("2026/8", subject="P3")
    review = counter.request().review

    def refused(*references: str, **changes: Any) -> tuple[str, str | None]:
        refusal = counter.refused(answer(review, *references, **changes), actor="R-1")
        return refusal.code, refusal.field

    unfit = Reject.REVIEW_OUTCOME_UNFIT
    assert refused("2026/7", outcome=OUTCOME.FACTS_REVOKED) == (unfit, "facts.0")
    assert refused("2026/7", outcome=OUTCOME.FACTS_REPAIRED) == (unfit, "facts.0")
    assert refused(outcome=OUTCOME.FACTS_REVOKED) == (unfit, "facts")
    assert refused("2026/7", "2026/7") == (unfit, "facts")
    assert refused("2026/7", rule_set=VERSION) == (unfit, "rule_set")
    assert refused(outcome=OUTCOME.RULE_SET_ADOPTED) == (unfit, "rule_set")
    many = [f"2026/{n}" for n in range(21)]
    assert refused(*many, outcome=OUTCOME.RULE_SET_ADOPTED, rule_set=VERSION) == (unfit, "facts")
    assert refused("2026/7", evidence="no digest") == (ArchiveReject.REFERENCE_UNFIT, "evidence")
    assert refused("2026/8") == (ArchiveReject.FACT_UNKNOWN, "facts.0")
    assert refused("2026/9") == (ArchiveReject.FACT_UNKNOWN, "facts.0")
    counter.revoke("2026/7")
    assert refused("2026/7") == (unfit, "facts.0")
    counter.must(answer(review, "2026/7", outcome=OUTCOME.FACTS_REVOKED), actor="R-1")


def test_who_recorded_a_fact_does_not_review_it(counter: Counter) -> None:
    both = [Role.REGULATOR, Role.INTAKE]
    key = c.RegisterActor(actor="D-9", party="D", roles=both, digest="9" * 64)
    counter.must(key, actor="X-1")
    recorded = a.ReportedFact(
        subject="P", rule="P-LIVE-01", on=day(2026, 5, 6), reference="2026/8", evidence=DIGEST
    )
    counter.must(a.RecordFacts(source="D", facts=[recorded]), actor="D-9")
    review = counter.request().review

    refusal = counter.refused(answer(review, "2026/7", "2026/8"), actor="D-9")

    assert (refusal.code, refusal.field) == (Reject.REVIEWER_INVOLVED, "facts.1")
    counter.must(answer(review, "2026/7"), actor="D-9")


def test_objections_are_overdue_by_their_own_clock(counter: Counter) -> None:
    objection = counter.object("2026/7")
    note = k.NoteOverdue(clock=k.Clock.OBJECTION, numbers=[objection])
    review = k.NoteOverdue(clock=k.Clock.REVIEW, numbers=[objection])

    counter.go_to(2026, 6, 9)
    assert counter.refused(note, actor="R-1").found == "2026-06-09"
    counter.go_to(2026, 6, 10, hours=0)
    assert counter.refused(review, actor="R-1").expected == "an open review"
    [noted] = counter.must(note, actor="R-1").effects
    counter.reject(objection)

    assert (noted.subject, noted.due) == ("P", day(2026, 6, 9))  # type: ignore[attr-defined]
    assert counter.refused(note, actor="R-1").expected == "an open objection"


def test_one_that_is_not_overdue_keeps_all_from_being_noted(counter: Counter) -> None:
    counter.report("2026/8")
    first = counter.object("2026/7")
    counter.go_to(2026, 6, 1)
    second = counter.object("2026/8")
    counter.go_to(2026, 6, 15)
    both = k.NoteOverdue(clock=k.Clock.OBJECTION, numbers=[first, second])
    doubled = k.NoteOverdue(clock=k.Clock.OBJECTION, numbers=[first, first])

    assert counter.refused(both, actor="X-1").field == "numbers.1"
    assert counter.refused(doubled, actor="X-1").field == "numbers.1"
    counter.must(k.NoteOverdue(clock=k.Clock.OBJECTION, numbers=[first]), actor="X-1")


def test_nobody_but_the_supervision_answers_or_notes(counter: Counter) -> None:
    review = counter.request().review
    note = k.NoteOverdue(clock=k.Clock.REVIEW, numbers=[review])

    for command in (answer(review), note):
        for actor in ("P-1", "B1-1", "D-1"):
            assert counter.refused(command, actor=actor).code == LedgerReject.ROLE_MISSING
    assert counter.refused(answer(review, evidence=DIGEST[:-1]), actor="X-1").field == "evidence"
