"""An office with two banks and a person, in which clocks can run."""

from datetime import date
from typing import Any

from credit_scoring.archive import commands as a
from credit_scoring.archive.effects import ObjectionOpened
from credit_scoring.consents.days import begin_of
from credit_scoring.records import SubjectKind
from credit_scoring.rights import commands as k
from credit_scoring.rights.effects import ReviewRequested
from credit_scoring.rule_sets.shipped import shipped
from ledger import commands as c
from ledger.machine import SYSTEM
from ledger.roles import PartyKind, Role
from tests.credit_scoring.archive.office import Office, adopting

DIGEST = "d7" * 32
HOUR = 3_600_000_000
RULES = ["P-CULT-01", "P-PROT-11", "P-LIVE-01", "E-COMP-01", "E-COMP-02"]
VERSION = "0.1-draft"
PARTIES = (
    ("P", PartyKind.PERSON, Role.SUBJECT),
    ("P3", PartyKind.PERSON, Role.SUBJECT),
    ("B1", PartyKind.BANK, Role.BANK_OFFICER),
    ("B2", PartyKind.BANK, Role.BANK_OFFICER),
    ("D", PartyKind.AUTHORITY, Role.INTAKE),
    ("R", PartyKind.AUTHORITY, Role.REGULATOR),
)


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal()


class Counter(Office):
    """An office at which subjects ask for their rights."""

    def go_to(self, year: int, month: int, number: int, *, hours: int = 10) -> None:
        self.at = begin_of(day(year, month, number)) + hours * HOUR

    def report(self, reference: str, **more: Any) -> None:
        values: dict[str, Any] = {
            "subject": "P",
            "rule": "P-PROT-11",
            "on": day(2026, 5, 6),
            "reference": reference,
            "evidence": DIGEST,
        }
        fact = a.ReportedFact(**values | more)
        self.must(a.RecordFacts(source="D", facts=[fact]))

    def revoke(self, reference: str) -> None:
        self.must(a.RevokeFact(source="D", reference=reference, evidence=DIGEST))

    def object(self, reference: str) -> int:
        opening = a.OpenObjection(
            source="D", reference=reference, ground=a.Ground.NOT_OURS, evidence=DIGEST
        )
        [effect] = self.must(opening, actor="P-1").effects
        assert isinstance(effect, ObjectionOpened)
        return effect.objection

    def reject(self, objection: int) -> None:
        outcome = a.ObjectionOutcome.REJECTED
        self.must(a.DecideObjection(objection=objection, outcome=outcome, evidence=DIGEST))

    def request(self, **changes: Any) -> ReviewRequested:
        [effect] = self.must(request(**changes), actor="P-1").effects
        assert isinstance(effect, ReviewRequested)
        return effect

    def set_months(self, term: a.Months, months: int) -> None:
        self.approved(a.SetMonths(term=term, months=months, basis="L-1"))


def request(**changes: Any) -> k.RequestReview:
    values: dict[str, Any] = {
        "subject": "P",
        "as_of": day(2026, 5, 15),
        "rule_set": VERSION,
        "evidence": DIGEST,
    }
    return k.RequestReview(**values | changes)


def answer(review: int, *references: str, **changes: Any) -> k.AnswerReview:
    values: dict[str, Any] = {"outcome": k.ReviewOutcome.FACTS_STAND, "evidence": DIGEST}
    return k.AnswerReview(review=review, facts=named(*references), **values | changes)


def named(*references: str) -> list[k.FactName]:
    return [k.FactName(source="D", reference=each) for each in references]


def opened() -> Counter:
    """Return the venue on 2026-05-20, with the archive of a person."""
    counter = Counter()
    counter.go_to(2026, 5, 20)
    opening = c.OpenVenue(
        venue="t",
        origin="ledger.example/t",
        clock="system",
        start=counter.at,
        operator="X",
        actor="X-1",
        digest="0" * 64,
    )
    counter.must(opening, actor=SYSTEM)
    for party, kind, role in PARTIES:
        register = c.RegisterParty(party=party, party_kind=kind, scheme="", identifier="")
        counter.must(register, actor="X-1")
        for number in "12":
            digest = (number + party).encode().hex().ljust(64, "0")
            key = c.RegisterActor(
                actor=f"{party}-{number}", party=party, roles=[role], digest=digest
            )
            counter.must(key, actor="X-1")
    for each in reversed(shipped()):
        counter.approved(adopting(each))
    counter.approved(a.AuthoriseDepartment(department="D", rules=RULES, decision="2026-2"))
    for person in ("P", "P3"):
        register_subject = a.RegisterSubject(
            party=person, subject_kind=SubjectKind.PERSON, region="331102"
        )
        counter.must(register_subject, actor="X-1")
    return counter
