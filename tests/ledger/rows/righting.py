"""Reviews, overdue answers, a corrected answer, an erased fact and lists, told to a scribe."""

from typing import Any

from credit_scoring.archive import commands as a
from credit_scoring.archive.decisions import day_at
from credit_scoring.archive.effects import ObjectionOpened
from credit_scoring.lists import commands as n
from credit_scoring.records import SubjectKind
from credit_scoring.rights import commands as k
from credit_scoring.rights.effects import ReviewRequested
from credit_scoring.rule_sets.shipped import shipped
from ledger import commands as c
from tests.ledger.rows.archives import EVIDENCE, FIRM, PERSON, SOURCE, record, reported
from tests.ledger.rows.consenting import BANK, OTHER_BANK
from tests.ledger.rows.scribe import DAY, Scribe

REVOKED, ERASED, LATE = "2026/61", "2026/62", "2026/63"


def tell_rights(scribe: Scribe) -> None:
    """Behind the archives' and the consents' stories: everything that a subject may ask for."""
    _set_periods(scribe)
    record(
        scribe,
        reported(scribe, REVOKED),
        reported(scribe, ERASED, on=day_at(scribe.at) - 400),
        reported(scribe, LATE),
    )
    _correct(scribe)
    _review(scribe)
    _erase(scribe)
    _list(scribe)


def _set_periods(scribe: Scribe) -> None:
    for months in (24, 12):
        scribe.approved(a.SetMonths(term=a.Months.ENTERPRISE_KEPT, months=months, basis="L-1"))
    for term in (a.Term.REVIEW_DAYS, a.Term.OBJECTION_DAYS):
        scribe.approved(a.SetTerm(term=term, days=1, basis="L-2"))


def _correct(scribe: Scribe) -> None:
    """Revoke a fact that two banks were told of, and let one of them say that it heard."""
    of_fact: dict[str, Any] = {"source": SOURCE, "reference": REVOKED}
    scribe.must(a.RevokeFact(evidence=EVIDENCE, **of_fact), actor=f"{SOURCE}-1")
    lines = [
        k.NoticeLine(
            recipient=bank,
            query=1,
            parts=["credit_index", "grade"],
            before=k.Shown(grade="A", credit_index=650),
            after=k.Shown(grade="AA", credit_index=700),
        )
        for bank in (BANK, OTHER_BANK)
    ]
    notices = k.RaiseNotices(subject=FIRM, correction=k.Correction.REVOKED, lines=lines, **of_fact)
    scribe.must(notices)
    assert scribe.send(notices).refusal is not None
    heard = k.AcknowledgeNotice(recipient=BANK, correction=k.Correction.REVOKED, **of_fact)
    scribe.must(heard, actor=f"{BANK}-1")


def _review(scribe: Scribe) -> None:
    """Answer one review; let another be overdue and open, an objection overdue and answered."""
    first = _request(scribe, subject=FIRM)
    revoked = [k.FactName(source=SOURCE, reference=REVOKED)]
    answer = k.AnswerReview(
        review=first, outcome=k.ReviewOutcome.FACTS_REVOKED, facts=revoked, evidence=EVIDENCE
    )
    scribe.must(answer, actor="R-1")
    second = _request(scribe, subject=PERSON)
    objecting = a.OpenObjection(
        source=SOURCE, reference=LATE, ground=a.Ground.NOT_OURS, evidence=EVIDENCE
    )
    [opened] = scribe.must(objecting, actor=f"{FIRM}-1").effects
    assert isinstance(opened, ObjectionOpened)
    scribe.move(scribe.at + 2 * DAY)
    scribe.must(k.NoteOverdue(clock=k.Clock.REVIEW, numbers=[second]))
    scribe.must(k.NoteOverdue(clock=k.Clock.OBJECTION, numbers=[opened.objection]))
    rejected = a.DecideObjection(
        objection=opened.objection, outcome=a.ObjectionOutcome.REJECTED, evidence=EVIDENCE
    )
    scribe.must(rejected, actor=f"{SOURCE}-1")


def _request(scribe: Scribe, *, subject: str) -> int:
    command = k.RequestReview(
        subject=subject,
        as_of=day_at(scribe.at),
        rule_set=shipped()[-1].version,
        query=1,
        evidence=EVIDENCE,
    )
    [effect] = scribe.must(command, actor=f"{subject}-1").effects
    assert isinstance(effect, ReviewRequested)
    return effect.review


def _erase(scribe: Scribe) -> None:
    """Erase a fact that was committed before, and none that is not due."""
    early = k.EraseFacts(subject=FIRM, facts=[k.FactName(source=SOURCE, reference=LATE)])
    assert scribe.send(early).refusal is not None
    due = k.EraseFacts(subject=FIRM, facts=[k.FactName(source=SOURCE, reference=ERASED)])
    scribe.must(c.Linked(commands=(due,)))


def _list(scribe: Scribe) -> None:
    """Two lists: on one a firm stays by its fact, off the other it was taken and is on it again."""
    today = day_at(scribe.at)
    defined: dict[str, Any] = {
        "subject_kind": SubjectKind.ENTERPRISE,
        "months": 12,
        "published": True,
        "basis": "XF26",
        "decision": "2026-51",
    }
    negative = n.DefineList(list_name="BLACK", sign=n.Sign.NEGATIVE, rules=["E-COMP-01"], **defined)
    positive = n.DefineList(list_name="RED", sign=n.Sign.POSITIVE, rules=[], **defined)
    for each in (negative, positive):
        scribe.approved(each)
    stay: dict[str, Any] = {
        "subject": FIRM,
        "day_from": today,
        "day_to": today + 30,
        "decision": "2026-52",
        "evidence": EVIDENCE,
    }
    scribe.approved(n.EnterOnList(list_name="BLACK", source=SOURCE, reference=LATE, **stay))
    scribe.approved(n.EnterOnList(list_name="RED", **stay))
    leaving: dict[str, Any] = {
        "list_name": "RED",
        "subject": FIRM,
        "reason": n.LeavingReason.ENTERED_IN_ERROR,
        "decision": "2026-53",
        "evidence": EVIDENCE,
    }
    scribe.approved(n.LeaveList(day=today, **leaving))
    scribe.approved(n.EnterOnList(list_name="RED", **stay))
    scribe.approved(n.LeaveList(day=today + 5, **leaving))
