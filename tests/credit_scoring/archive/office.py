"""A venue with a department, a firm, a village and a person, on 2026-06-01 in Shanghai."""

from datetime import date
from typing import Any

from credit_scoring.archive import commands as a
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.adopting.commands import AdoptRuleSet
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from gateway.wiring import new_machine
from ledger import commands as c
from ledger.machine import SYSTEM, Machine, Outcome
from ledger.refusals import Refusal
from ledger.roles import PartyKind, Role

CODE = "91990101E00000096K"
EVIDENCE = "e5" * 32
TODAY = date(2026, 6, 1)
MICROSECONDS_A_DAY = 86_400_000_000
NOON = (TODAY.toordinal() - date(1970, 1, 1).toordinal()) * MICROSECONDS_A_DAY
RULES = ["E-COMP-01", "E-COMP-02", "E-COMP-03", "E-COMP-31", "V-LIVE-01", "P-LIVE-01"]


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal()


class Office:
    """Sends commands to a machine, one entry after another, and checks it after each."""

    def __init__(self, machine: Machine | None = None) -> None:
        self.machine = new_machine() if machine is None else machine
        self.index = -1
        self.at = NOON

    def send(self, command: c.Command, *, actor: str = "D-1") -> Outcome:
        self.index += 1
        outcome = self.machine.apply(command, actor=actor, index=self.index, at=self.at)
        self.machine.check()
        return outcome

    def must(self, command: c.Command, *, actor: str = "D-1") -> Outcome:
        outcome = self.send(command, actor=actor)
        assert outcome.refusal is None, outcome.refusal
        return outcome

    def refused(self, command: c.Command, *, actor: str = "D-1") -> Refusal:
        outcome = self.send(command, actor=actor)
        assert outcome.refusal is not None, outcome.effects
        return outcome.refusal

    def approved(self, command: c.Command) -> None:
        self.must(c.Propose(command=command), actor="R-1")
        proposal = self.machine.ledger.next_proposal - 1
        self.must(c.Approve(proposal=proposal), actor="R-2")

    def report(self, reference: str, **more: Any) -> None:
        """Record one fact of the firm."""
        self.must(a.RecordFacts(source="D", facts=[fact(reference, **more)]))


def fact(reference: str, **more: Any) -> a.ReportedFact:
    values: dict[str, Any] = {
        "subject": "E",
        "rule": "E-COMP-01",
        "on": day(2026, 5, 1),
        "reference": reference,
        "evidence": EVIDENCE,
    }
    return a.ReportedFact(**values | more)


def adopting(rule_set: RuleSet) -> AdoptRuleSet:
    """Return the command that adopts a set."""
    return AdoptRuleSet(
        document=rule_set.canonical.decode(), rule_set_hash=rule_set.hash, decision="2026-1"
    )


def opened(*, clock: str = "system") -> Office:
    """Return a venue with parties and keys, and nothing of the archives."""
    office = Office()
    opening = c.OpenVenue(
        venue="t",
        origin="ledger.example/t",
        clock=clock,
        start=NOON,
        operator="X",
        actor="X-1",
        digest="0" * 64,
    )
    office.must(opening, actor=SYSTEM)
    for party, kind, code, roles in (
        ("E", PartyKind.ENTERPRISE, CODE, [Role.TRADER]),
        ("F", PartyKind.ENTERPRISE, "", [Role.TRADER]),
        ("V", PartyKind.VILLAGE, "331102101203", [Role.SUBJECT]),
        ("P", PartyKind.PERSON, "", [Role.SUBJECT]),
        ("D", PartyKind.AUTHORITY, "", [Role.INTAKE]),
        ("Q", PartyKind.AUTHORITY, "", [Role.INTAKE]),
        ("R", PartyKind.AUTHORITY, "", [Role.REGULATOR]),
    ):
        register = c.RegisterParty(
            party=party, party_kind=kind, scheme="code" if code else "", identifier=code
        )
        office.must(register, actor="X-1")
        for number in "12":
            digest = (number + party).encode().hex().ljust(64, "0")
            key = c.RegisterActor(
                actor=f"{party}-{number}", party=party, roles=roles, digest=digest
            )
            office.must(key, actor="X-1")
    return office


def working() -> Office:
    """Return a venue whose department D may report, with three archives."""
    office = opened()
    for each in reversed(shipped()):
        office.approved(adopting(each))
    office.approved(a.AuthoriseDepartment(department="D", rules=RULES, decision="2026-2"))
    office.approved(a.AuthoriseDepartment(department="Q", rules=["V-LIVE-01"], decision="2026-2"))
    enterprise = a.RegisterSubject(
        party="E",
        subject_kind=SubjectKind.ENTERPRISE,
        code=CODE,
        division="D44",
        region="331102",
    )
    village = a.RegisterSubject(
        party="V", subject_kind=SubjectKind.VILLAGE, code="331102101203", region="331102"
    )
    person = a.RegisterSubject(party="P", subject_kind=SubjectKind.PERSON, region="331102")
    for subject in (enterprise, village, person):
        office.must(subject, actor="X-1")
    return office
