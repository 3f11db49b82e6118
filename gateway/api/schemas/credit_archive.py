"""Operations on the archives: subjects, rule sets, departments, facts, and what follows them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.archive import commands
from credit_scoring.records import SubjectKind
from gateway.api.schemas.base import Day, Identifier, Number, Operation, Units, ordinal

Kind = Annotated[SubjectKind, Field(strict=False)]
Ground = Annotated[commands.Ground, Field(strict=False)]
Outcome = Annotated[commands.ObjectionOutcome, Field(strict=False)]
TermName = Annotated[commands.Term, Field(strict=False)]
Code = Annotated[str, Field(pattern=r"^[0-9A-Z]{0,18}$", examples=["91990101E00000096K"])]
Division = Annotated[str, Field(pattern=r"^([A-Z][0-9]{2})?$", examples=["D44"])]
Region = Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["331102"])]
RuleId = Annotated[str, Field(pattern=r"^[A-Z0-9-]{1,32}$", examples=["E-COMP-01"])]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,32}$", examples=["0.1-draft"])]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["e5" * 32])]
Document = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["2026/17"])]
# A fact that came with a decision, a close or a report has a reference with "#".
FactReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/#-]{1,64}$", examples=["2026/17"])]
Incident = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{0,64}$", examples=["I-3"])]
Correction = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/#-]{0,64}$", examples=["2026/18"])]


class RegisterSubject(Operation):
    """Open the archive of a party; codes are checked by their standards."""

    kind: Literal["credit_register_subject"] = "credit_register_subject"
    party: Identifier
    subject_kind: Kind
    code: Code = ""
    division: Division = ""
    region: Region

    def to_command(self, units: Units) -> commands.RegisterSubject:
        """Return the command."""
        del units
        return commands.RegisterSubject(
            party=self.party,
            subject_kind=self.subject_kind,
            code=self.code,
            division=self.division,
            region=self.region,
        )


class AuthoriseDepartment(Operation):
    """Say which rules a department may report; needs a proposal."""

    kind: Literal["credit_authorise_department"] = "credit_authorise_department"
    department: Identifier
    rules: Annotated[list[RuleId], Field(max_length=commands.RULES_PER_DEPARTMENT_MAX)]
    decision: Document

    def to_command(self, units: Units) -> commands.AuthoriseDepartment:
        """Return the command."""
        del units
        return commands.AuthoriseDepartment(
            department=self.department, rules=self.rules, decision=self.decision
        )


class SetTerm(Operation):
    """Set a period in calendar days, with its law; needs a proposal."""

    kind: Literal["credit_set_term"] = "credit_set_term"
    term: TermName
    days: Annotated[int, Field(ge=1, le=commands.TERM_DAYS_MAX, examples=[20])]
    basis: Document

    def to_command(self, units: Units) -> commands.SetTerm:
        """Return the command."""
        del units
        return commands.SetTerm(term=self.term, days=self.days, basis=self.basis)


class ReportedFact(BaseModel):
    """One act or state; ``reference`` is the source's own and used once."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    subject: Identifier
    rule: RuleId
    on: Day
    quantity: Annotated[int, Field(ge=1, le=commands.QUANTITY_MAX)] = 1
    incident: Incident = ""
    reference: Document
    evidence: Digest

    def to_fact(self, *, field: str) -> commands.ReportedFact:
        """Return the fact as a command has it."""
        return commands.ReportedFact(
            subject=self.subject,
            rule=self.rule,
            on=ordinal(self.on, field=f"{field}.on"),
            quantity=self.quantity,
            incident=self.incident,
            reference=self.reference,
            evidence=self.evidence,
        )


class RecordFacts(Operation):
    """Record facts of one's own department, all of them or none."""

    kind: Literal["credit_record_facts"] = "credit_record_facts"
    source: Identifier
    facts: Annotated[list[ReportedFact], Field(min_length=1, max_length=commands.FACTS_MAX)]

    def to_command(self, units: Units) -> commands.RecordFacts:
        """Return the command."""
        del units
        facts = [each.to_fact(field=f"facts.{n}") for n, each in enumerate(self.facts)]
        return commands.RecordFacts(source=self.source, facts=facts)


class RepairFact(Operation):
    """Repair a fact's credit from a day on, not before its class's shortest period is over."""

    kind: Literal["credit_repair_fact"] = "credit_repair_fact"
    source: Identifier
    reference: FactReference
    on: Day
    evidence: Digest

    def to_command(self, units: Units) -> commands.RepairFact:
        """Return the command."""
        del units
        return commands.RepairFact(
            source=self.source,
            reference=self.reference,
            on=ordinal(self.on, field="on"),
            evidence=self.evidence,
        )


class RevokeFact(Operation):
    """Say that a fact never held."""

    kind: Literal["credit_revoke_fact"] = "credit_revoke_fact"
    source: Identifier
    reference: FactReference
    evidence: Digest

    def to_command(self, units: Units) -> commands.RevokeFact:
        """Return the command."""
        del units
        return commands.RevokeFact(
            source=self.source, reference=self.reference, evidence=self.evidence
        )


class OpenObjection(Operation):
    """Object to a fact about oneself; the answer is due after the days that are set."""

    kind: Literal["credit_open_objection"] = "credit_open_objection"
    source: Identifier
    reference: FactReference
    ground: Ground
    evidence: Digest

    def to_command(self, units: Units) -> commands.OpenObjection:
        """Return the command."""
        del units
        return commands.OpenObjection(
            source=self.source,
            reference=self.reference,
            ground=self.ground,
            evidence=self.evidence,
        )


class DecideObjection(Operation):
    """Answer an objection: uphold it, reject it, or name the fact that is right."""

    kind: Literal["credit_decide_objection"] = "credit_decide_objection"
    objection: Number
    outcome: Outcome
    evidence: Digest
    corrected_by: Correction = ""

    def to_command(self, units: Units) -> commands.DecideObjection:
        """Return the command."""
        del units
        return commands.DecideObjection(
            objection=int(self.objection),
            outcome=self.outcome,
            evidence=self.evidence,
            corrected_by=self.corrected_by,
        )
