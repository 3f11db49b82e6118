"""Facts whose period is over: when, what holds them up, and what is left."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.archive import commands as a
from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.records import SubjectKind
from credit_scoring.rights import commands as k
from credit_scoring.rights.erasing import erasable_rules, erased_from, last_due
from credit_scoring.rights.refusals import Reject
from credit_scoring.rule_sets.shipped import shipped
from ledger.journal import undo
from ledger.personal.commands import RetainRecords
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.credit_scoring.rights.counter import DIGEST, Counter, answer, day, named, opened

days = st.integers(min_value=day(1995, 1, 1), max_value=day(2099, 12, 31))


@pytest.fixture
def counter() -> Counter:
    found = opened()
    found.report("2026/7")
    found.report("2026/8", rule="P-CULT-01")
    return found


def erase(*references: str, subject: str = "P") -> k.EraseFacts:
    return k.EraseFacts(subject=subject, facts=named(*references))


@given(day=days, months=st.integers(min_value=1, max_value=120))
def test_the_last_day_that_is_due_is_due_and_the_next_is_not(day: int, months: int) -> None:
    last = last_due(day, months=months)

    assert add_months_to_ordinal(last, months) <= day < add_months_to_ordinal(last + 1, months)


@pytest.mark.parametrize(
    ("on", "months", "first"),
    [
        (date(2026, 5, 6), 60, date(2031, 5, 6)),
        (date(2024, 2, 29), 60, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_a_period_ends_on_the_same_day_or_at_the_end_of_its_month(
    on: date, months: int, first: date
) -> None:
    assert erased_from(on.toordinal(), months=months) == first.toordinal()
    assert erased_from(on.toordinal(), months=0) is None


def test_a_fact_is_erased_from_the_day_on_which_its_period_is_over(counter: Counter) -> None:
    counter.go_to(2031, 5, 5, hours=23)
    early = counter.refused(erase("2026/7"), actor="X-1")
    counter.go_to(2031, 5, 6, hours=0)
    [erased] = counter.must(erase("2026/7"), actor="X-1").effects
    again = counter.refused(erase("2026/7"), actor="X-1")

    assert (early.code, early.expected) == (Reject.ERASURE_NOT_DUE, "2031-05-06")
    assert erased.reference == "2026/7"  # type: ignore[attr-defined]  # the effect's own
    assert (again.code, again.field) == (ArchiveReject.FACT_ERASED, "facts.0")


def test_of_an_erased_fact_nothing_is_left_but_its_name(counter: Counter) -> None:
    counter.go_to(2031, 5, 6)
    counter.must(erase("2026/7"), actor="R-1")
    [left] = [
        fact for fact in counter.machine.shelves["credit_fact"].rows() if fact.reference == "2026/7"
    ]

    assert (left.subject, left.rule, left.on, left.actor) == ("P", "", 0, "")
    assert (left.evidence, left.file, left.incident) == ("0" * 64, "", "")
    erased = ArchiveReject.FACT_ERASED
    of_fact: dict[str, Any] = {"source": "D", "reference": "2026/7", "evidence": DIGEST}
    for command, actor in (
        (a.RevokeFact(**of_fact), "D-1"),
        (a.RepairFact(on=day(2031, 5, 6), **of_fact), "D-1"),
        (a.OpenObjection(ground=a.Ground.NOT_OURS, **of_fact), "P-1"),
    ):
        assert counter.refused(command, actor=actor).code == erased
    fact = a.ReportedFact(
        subject="P", rule="P-PROT-11", on=day(2031, 5, 5), reference="2026/7", evidence=DIGEST
    )
    doubled = counter.refused(a.RecordFacts(source="D", facts=[fact]))
    assert doubled.code == ArchiveReject.SOURCE_DOUBLED


def test_what_adds_is_kept_and_so_is_what_has_no_period(counter: Counter) -> None:
    counter.go_to(2040, 1, 1)

    adds = counter.refused(erase("2026/8"), actor="X-1")
    counter.set_months(a.Months.PERSON_KEPT, 0)
    kept = counter.refused(erase("2026/7"), actor="X-1")
    counter.set_months(a.Months.PERSON_KEPT, 12)
    counter.must(erase("2026/7"), actor="X-1")

    assert adds.code == kept.code == Reject.ERASURE_NOT_DUE
    assert adds.expected == "a fact with an end of its period"


def test_an_objection_a_review_and_a_law_hold_an_erasure_up(counter: Counter) -> None:
    counter.go_to(2031, 5, 6)
    objection = counter.object("2026/7")
    assert counter.refused(erase("2026/7"), actor="X-1").found == f"objection {objection}"
    counter.reject(objection)
    review = counter.request().review
    assert counter.refused(erase("2026/7"), actor="X-1").found == f"review {review}"
    counter.must(answer(review, "2026/7"), actor="R-1")
    law = RetainRecords(party="P", until=counter.at + 1, source="ECL-2018-31")
    counter.must(law, actor="R-1")
    held = counter.refused(erase("2026/7"), actor="X-1")
    assert (held.code, held.rule) == (Reject.ERASURE_HELD, "ECL-2018-31")
    counter.at += 1
    counter.must(erase("2026/7"), actor="X-1")


def test_all_are_erased_or_none(counter: Counter) -> None:
    counter.go_to(2031, 5, 6)

    mixed = counter.refused(erase("2026/7", "2026/8"), actor="X-1")
    doubled = counter.refused(erase("2026/7", "2026/7"), actor="X-1")
    nothing = counter.refused(erase(), actor="X-1")
    strange = counter.refused(erase("2026/7", subject="P3"), actor="X-1")
    nobody = counter.refused(erase("2026/7", subject="P9"), actor="X-1")

    assert (mixed.code, mixed.field) == (Reject.ERASURE_NOT_DUE, "facts.1")
    assert doubled.code == nothing.code == Reject.ERASURE_COUNT_UNFIT
    assert strange.code == ArchiveReject.FACT_UNKNOWN
    assert nobody.code == ArchiveReject.SUBJECT_UNKNOWN
    assert counter.refused(erase("2026/7"), actor="P-1").code == LedgerReject.ROLE_MISSING
    counter.must(erase("2026/7"), actor="X-1")


def test_only_what_deducts_from_its_own_kind_can_fall_due() -> None:
    sets = list(shipped())
    found = erasable_rules(sets, SubjectKind.PERSON)

    assert "P-PROT-11" in found
    assert "P-CULT-01" not in found
    assert all(name.startswith("P-") for name in found)


def test_every_change_can_be_taken_back(counter: Counter) -> None:
    """Each command in turn: what ``undo`` leaves is what was there, to the hash."""
    ledger = counter.machine.ledger
    counter.revoke("2026/7")
    objection = counter.object("2026/8")
    shown = k.Shown(grade="A", credit_index=597)
    line = k.NoticeLine(recipient="B1", query=1, parts=["grade"], before=shown, after=shown)
    of_fact: dict[str, Any] = {
        "source": "D",
        "reference": "2026/7",
        "correction": k.Correction.REVOKED,
    }
    commands: list[tuple[Any, str]] = [
        (k.RaiseNotices(subject="P", lines=[line], **of_fact), "X-1"),
        (k.AcknowledgeNotice(recipient="B1", **of_fact), "B1-1"),
        (k.NoteOverdue(clock=k.Clock.OBJECTION, numbers=[objection]), "X-1"),
        (erase("2026/7"), "X-1"),
        (
            k.RequestReview(
                subject="P", as_of=day(2026, 5, 1), rule_set="0.1-draft", evidence=DIGEST
            ),
            "P-1",
        ),
        (answer(1, "2026/8"), "R-1"),
    ]
    counter.go_to(2032, 1, 1)
    for command, actor in commands:
        counter.machine.begin(index=counter.index + 1, at=counter.at)
        before, mark = state_hash(counter.machine), len(ledger.journal)
        outcome = counter.machine.apply(
            command, actor=actor, index=counter.index + 1, at=counter.at
        )
        assert outcome.refusal is None, outcome.refusal
        assert state_hash(counter.machine) != before
        undo(ledger.journal, mark=mark)
        counter.machine.begin(index=counter.index + 1, at=counter.at)
        assert state_hash(counter.machine) == before, command
        counter.must(command, actor=actor)
