"""A department's year in the archives, told to a scribe."""

from datetime import date
from typing import Any

from credit_scoring.archive import commands as a
from credit_scoring.archive.decisions import day_at
from credit_scoring.archive.effects import ObjectionOpened
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.adopting.commands import (
    AdoptRuleSet,
    AppointChallenger,
    DropChallenger,
)
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from ledger import commands as c
from ledger.roles import PartyKind, Role
from tests.ledger.rows.scribe import DAY, Scribe

FIRM, CODE = "E51", "91990101E00000096K"
VILLAGE, VILLAGE_CODE = "V51", "331102101203"
PERSON = "P51"
SOURCE = "D51"
EVIDENCE = "e5" * 32
REPAIRABLE_FROM = date(2026, 7, 1).toordinal() - date(1970, 1, 1).toordinal()


def found_archives(scribe: Scribe) -> None:
    """Register a department and three subjects, adopt the rule sets, authorise the department."""
    kinds = (
        (FIRM, PartyKind.ENTERPRISE, CODE, [Role.TRADER]),
        (VILLAGE, PartyKind.VILLAGE, VILLAGE_CODE, [Role.SUBJECT]),
        (PERSON, PartyKind.PERSON, "", [Role.SUBJECT]),
        (SOURCE, PartyKind.AUTHORITY, "", [Role.INTAKE]),
    )
    for party, kind, code, roles in kinds:
        scheme = "code" if code else ""
        scribe.must(c.RegisterParty(party=party, party_kind=kind, scheme=scheme, identifier=code))
        digest = party.encode().hex().ljust(64, "5")
        scribe.must(c.RegisterActor(actor=f"{party}-1", party=party, roles=roles, digest=digest))
    adopt_rule_sets(scribe)
    rules = ["E-COMP-01", "E-COMP-02", "E-COMP-31", "P-LIVE-01", "V-LIVE-01", "V-PROT-12"]
    scribe.approved(
        a.AuthoriseDepartment(department=SOURCE, rules=["E-COMP-01"], decision="2026-2")
    )
    scribe.approved(a.AuthoriseDepartment(department=SOURCE, rules=rules, decision="2026-3"))
    for days in (30, 20):
        scribe.approved(a.SetTerm(term=a.Term.OBJECTION_DAYS, days=days, basis="CR13-25"))
    firm = a.RegisterSubject(
        party=FIRM,
        subject_kind=SubjectKind.ENTERPRISE,
        code=CODE,
        division="D44",
        region="331102",
    )
    village = a.RegisterSubject(
        party=VILLAGE, subject_kind=SubjectKind.VILLAGE, code=VILLAGE_CODE, region="331102"
    )
    person = a.RegisterSubject(party=PERSON, subject_kind=SubjectKind.PERSON, region="331102")
    for subject in (firm, village, person):
        scribe.must(subject)


def adopt_rule_sets(scribe: Scribe) -> None:
    """Adopt the shipped sets; the newer was a challenger first, one that was dropped and named."""
    older, newer = shipped()
    scribe.approved(AdoptRuleSet(**agreed(older)))
    scribe.approved(AppointChallenger(**agreed(newer)))
    scribe.approved(DropChallenger(version=newer.version, decision="2026-1"))
    scribe.approved(AppointChallenger(**agreed(newer)))
    scribe.approved(AdoptRuleSet(**agreed(newer)))


def agreed(rule_set: RuleSet) -> dict[str, str]:
    """Return what two people agree on about a set."""
    document = rule_set.canonical.decode()
    return {"document": document, "rule_set_hash": rule_set.hash, "decision": "2026-1"}


def reported(scribe: Scribe, reference: str, **more: Any) -> a.ReportedFact:
    """Return a fact of the firm, ten days old, as the department reports it."""
    values: dict[str, Any] = {"subject": FIRM, "rule": "E-COMP-01", "evidence": EVIDENCE}
    values |= {"on": day_at(scribe.at) - 10, "reference": reference}
    return a.ReportedFact(**values | more)


def record(scribe: Scribe, *facts: a.ReportedFact) -> None:
    """Let the department report facts."""
    scribe.must(a.RecordFacts(source=SOURCE, facts=list(facts)), actor=f"{SOURCE}-1")


def tell_archives(scribe: Scribe) -> None:
    """Facts of three subjects; one revoked, three disputed, one repaired where that is known."""
    found_archives(scribe)
    record(
        scribe,
        reported(scribe, "2026/1"),
        reported(scribe, "2026/2", rule="E-COMP-02", quantity=2, incident="I-1"),
        reported(scribe, "2026/3", subject=VILLAGE, rule="V-LIVE-01"),
        reported(scribe, "2026/4", subject=PERSON, rule="P-LIVE-01"),
    )
    record(scribe, *(reported(scribe, f"2026/{n}") for n in range(5, 9)))
    doubled = a.RecordFacts(source=SOURCE, facts=[reported(scribe, "2026/5")])
    assert scribe.send(doubled, actor=f"{SOURCE}-1").refusal is not None
    of_fact: dict[str, Any] = {"source": SOURCE, "evidence": EVIDENCE}
    scribe.must(a.RevokeFact(reference="2026/5", **of_fact), actor=f"{SOURCE}-1")
    first = _object(scribe, *(f"2026/{n}" for n in (6, 7, 8)))
    scribe.must(
        a.DecideObjection(objection=first, outcome=a.ObjectionOutcome.REJECTED, evidence=EVIDENCE),
        actor=f"{SOURCE}-1",
    )
    right = a.RecordFacts(source=SOURCE, facts=[reported(scribe, "2026/9", quantity=3)])
    corrected = a.DecideObjection(
        objection=first + 1,
        outcome=a.ObjectionOutcome.CORRECTED,
        evidence=EVIDENCE,
        corrected_by="2026/9",
    )
    scribe.must(c.Linked(commands=(right, corrected)), actor=f"{SOURCE}-1")


def tell_a_repair(scribe: Scribe) -> None:
    """Repair a fact on a day on which the rule set in force knows repair."""
    scribe.move(max(scribe.at, REPAIRABLE_FROM * DAY))
    repair = a.RepairFact(
        source=SOURCE, reference="2026/1", on=day_at(scribe.at), evidence=EVIDENCE
    )
    scribe.must(repair, actor=f"{SOURCE}-1")


def _object(scribe: Scribe, *references: str) -> int:
    """Let the firm object to facts; return the number of the first objection."""
    first = 0
    for reference in references:
        command = a.OpenObjection(
            source=SOURCE, reference=reference, ground=a.Ground.WRONG_QUANTITY, evidence=EVIDENCE
        )
        outcome = scribe.must(command, actor=f"{FIRM}-1")
        [effect] = outcome.effects
        assert isinstance(effect, ObjectionOpened)
        first = first or effect.objection
    return first
