"""Notices of corrections: what changes which answer, and who is told, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.consents.commands import ScopeItem
from credit_scoring.records import Fact, Record, Repair, Revocation, SubjectKind
from credit_scoring.rights import commands as k
from credit_scoring.rights.correcting import Answered, Corrected, lines_of
from credit_scoring.rights.refusals import Reject
from credit_scoring.rule_sets.shipped import shipped
from ledger.refusals import Reject as LedgerReject
from tests.credit_scoring.rights.counter import Counter, opened

RECORDED = datetime(2026, 5, 7, 2, tzinfo=UTC)
CORRECTED = datetime(2026, 5, 20, 2, tzinfo=UTC)
NOW = CORRECTED + timedelta(hours=1)
WHOLE = (ScopeItem.GRADE, ScopeItem.INDEX, ScopeItem.REASONS)
FACTS: tuple[Record, ...] = (
    Fact(id="D/1", rule="P-CULT-01", on=date(2026, 4, 10), recorded_at=RECORDED),
    Fact(id="D/2", rule="P-PROT-11", on=date(2026, 5, 6), recorded_at=RECORDED),
)
REVOKED = Revocation(fact="D/2", recorded_at=CORRECTED)


def answered(query: int, bank: str = "B1", **changes: Any) -> Answered:
    values: dict[str, Any] = {
        "as_of": date(2026, 5, 15),
        "known_at": datetime(2026, 5, 15, 2, tzinfo=UTC),
        "rule_set": "0.1-draft",
        "scope": WHOLE,
    }
    return Answered(query=query, bank=bank, **values | {"entry": query} | changes)


def lines(
    *answers: Answered, records: tuple[Record, ...] = (*FACTS, REVOKED), **changes: Any
) -> list[k.NoticeLine]:
    values: dict[str, Any] = {
        "subject": "P2",
        "kind": SubjectKind.PERSON,
        "records": records,
        "fact": "D/2",
        "correction": k.Correction.REVOKED,
        "entry": 100,
    }
    told = changes.pop("told", ())
    corrected = Corrected(**values | changes)
    return lines_of(corrected, answers, sets=shipped(), now=NOW, told=told)


def test_an_upheld_objection_raises_597_to_603_for_who_was_told_597() -> None:
    [line] = lines(answered(7))

    assert (line.recipient, line.query) == ("B1", 7)
    assert line.before == k.Shown(grade="A", credit_index=597)
    assert line.after == k.Shown(grade="A", credit_index=603)
    assert line.parts == ["credit_index", "reasons"]


def test_a_notice_shows_no_more_than_the_answer_did() -> None:
    [line] = lines(answered(7, scope=(ScopeItem.GRADE, ScopeItem.REASONS)))

    assert line.parts == ["reasons"]
    assert line.before == line.after == k.Shown(grade="A")
    assert lines(answered(7, scope=(ScopeItem.GRADE,))) == []


def test_each_bank_is_told_of_its_newest_answer_and_once() -> None:
    answers = (answered(9, "B2"), answered(8), answered(7))

    assert [(line.recipient, line.query) for line in lines(*answers)] == [("B1", 8), ("B2", 9)]
    assert [line.recipient for line in lines(*answers, told={"B1"})] == ["B2"]


@pytest.mark.parametrize(
    "changes",
    [
        {"known_at": RECORDED - timedelta(seconds=1)},
        {"known_at": CORRECTED, "entry": 101},
        {"known_at": NOW, "entry": 99},
        {"as_of": date(2026, 5, 5)},
        {"rule_set": "none"},
    ],
    ids=["before_the_fact", "behind_it", "after_it", "a_day_before_it", "by_no_rules"],
)
def test_an_answer_that_the_fact_did_not_change_needs_no_notice(changes: dict[str, Any]) -> None:
    assert lines(answered(7, **changes)) == []


def test_of_two_things_at_one_instant_the_log_says_which_was_first() -> None:
    [line] = lines(answered(7, known_at=CORRECTED, entry=99))

    assert line.before == k.Shown(grade="A", credit_index=597)


def test_what_other_records_changed_since_is_for_their_own_notice() -> None:
    late = Fact(id="D/3", rule="P-LIVE-01", on=date(2026, 5, 1), recorded_at=CORRECTED)
    off = Revocation(fact="D/4", recorded_at=CORRECTED)
    never = Fact(id="D/4", rule="NONE", on=date(2026, 5, 1), recorded_at=RECORDED)

    [line] = lines(answered(7), records=(*FACTS, REVOKED, late))
    nothing = lines(answered(7), records=(*FACTS, never, late, off), fact="D/4")

    assert line.after.credit_index == 605
    assert [each.parts for each in nothing] == [["complete"]]


def test_a_repair_changes_no_day_before_it() -> None:
    firm: tuple[Record, ...] = (
        Fact(id="D/1", rule="E-MGMT-02", on=date(2026, 4, 10), recorded_at=RECORDED),
        Fact(id="D/2", rule="E-COMP-02", on=date(2026, 5, 12), recorded_at=RECORDED),
        Repair(fact="D/2", on=date(2026, 9, 1), recorded_at=CORRECTED),
    )
    of_firm: dict[str, Any] = {
        "records": firm,
        "kind": SubjectKind.ENTERPRISE,
        "correction": k.Correction.REPAIRED,
    }

    [line] = lines(answered(7), **of_firm)

    assert line.before == k.Shown(grade="A", credit_index=560)
    assert line.after == k.Shown(grade="AA", credit_index=710)
    assert "grade" in line.parts


@pytest.fixture
def counter() -> Counter:
    found = opened()
    found.report("2026/7")
    found.report("2026/8")
    found.revoke("2026/7")
    return found


def notices(*banks: str, reference: str = "2026/7", **changes: Any) -> k.RaiseNotices:
    values: dict[str, Any] = {"subject": "P", "correction": k.Correction.REVOKED}
    shown = k.Shown(grade="A", credit_index=597)
    each = [
        k.NoticeLine(recipient=bank, query=1, parts=["grade"], before=shown, after=shown)
        for bank in banks
    ]
    return k.RaiseNotices(source="D", reference=reference, lines=each, **values | changes)


def acknowledgement(recipient: str = "B1") -> k.AcknowledgeNotice:
    revoked = k.Correction.REVOKED
    return k.AcknowledgeNotice(
        recipient=recipient, source="D", reference="2026/7", correction=revoked
    )


def test_a_recipient_has_one_notice_of_a_correction(counter: Counter) -> None:
    assert len(counter.must(notices("B1"), actor="X-1").effects) == 1

    both = counter.refused(notices("B2", "B1"), actor="X-1")
    doubled = counter.refused(notices("B2", "B2"), actor="R-1")
    counter.must(notices("B2"), actor="R-1")

    assert (both.code, both.field) == (Reject.NOTICE_RAISED, "lines.1.recipient")
    assert (doubled.code, doubled.field) == (Reject.NOTICE_RAISED, "lines.1.recipient")


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (notices(), Reject.NOTICES_COUNT_UNFIT, "lines"),
        (notices("B1", reference="2026/8"), Reject.CORRECTION_MISSING, "correction"),
        (notices("B1", correction=k.Correction.REPAIRED), Reject.CORRECTION_MISSING, "correction"),
        (notices("B1", subject="P3"), ArchiveReject.FACT_UNKNOWN, "reference"),
        (notices("B1", reference="2026/9"), ArchiveReject.FACT_UNKNOWN, "reference"),
        (notices("P3"), Reject.RECIPIENT_UNFIT, "lines.0.recipient"),
        (notices("B9"), Reject.RECIPIENT_UNFIT, "lines.0.recipient"),
    ],
)
def test_a_notice_of_what_did_not_happen_is_refused(
    counter: Counter, command: k.RaiseNotices, code: str, field: str
) -> None:
    refusal = counter.refused(command, actor="X-1")

    assert (refusal.code, refusal.field) == (code, field)


def test_a_recipient_acknowledges_its_own_notice_once(counter: Counter) -> None:
    counter.must(notices("B1"), actor="X-1")

    stranger = counter.refused(acknowledgement(), actor="B2-1")
    none = counter.refused(acknowledgement("B2"), actor="B2-1")
    counter.must(acknowledgement(), actor="B1-1")
    twice = counter.refused(acknowledgement(), actor="B1-1")

    assert stranger.code == LedgerReject.NOT_THE_OWNER
    assert none.code == Reject.NOTICE_UNKNOWN
    assert twice.code == Reject.NOTICE_ACKNOWLEDGED
    assert counter.refused(notices("B1"), actor="D-1").code == LedgerReject.ROLE_MISSING
