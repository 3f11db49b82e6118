"""Operations of the supervision: decisions, what follows from what, closed years, reports."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from exchange.supervision import commands
from gateway.api.schemas.base import (
    Day,
    DecimalText,
    Identifier,
    Number,
    Operation,
    Units,
    normal,
    ordinal,
    whole,
)
from gateway.api.schemas.credit_archive import Digest, Document, Incident, RuleId
from gateway.api.schemas.rights import Right, Year

FEN = Decimal("0.01")
CASE_PATTERN = r"^[0-9A-Za-z\u4e00-\u9fff〔〕（）()\[\]_.:/-]{1,64}$"
CaseNumber = Annotated[str, Field(pattern=CASE_PATTERN, examples=["示环罚〔2026〕15号"])]
FactOrigin = Annotated[commands.Origin, Field(strict=False)]
Report = Annotated[commands.ReportKind, Field(strict=False)]
Ground = Annotated[commands.AnnulmentGround, Field(strict=False)]
Reason = Annotated[
    str,
    Field(max_length=commands.REASON_LENGTH_MAX, examples=["未按时足额清缴2025年度碳排放配额"]),
]


class SetFactOrigin(Operation):
    """Say which rules follow from an origin, in which department's name; needs a proposal."""

    kind: Literal["set_fact_origin"] = "set_fact_origin"
    origin: FactOrigin
    department: Identifier
    rules: Annotated[list[RuleId], Field(max_length=commands.RULES_BY_DECISION_MAX)]
    basis: Document
    threshold_ppm: Annotated[int, Field(ge=0, le=commands.PARTS_PER_MILLION)] = 0

    def to_command(self, units: Units) -> commands.SetFactOrigin:
        """Return the command."""
        del units
        return commands.SetFactOrigin(
            origin=self.origin,
            department=self.department,
            rules=self.rules,
            basis=self.basis,
            threshold_ppm=self.threshold_ppm,
        )


class ServeDecision(Operation):
    """Enter a decision that was served, and the fact of each subject; needs a proposal."""

    kind: Literal["serve_decision"] = "serve_decision"
    authority: Identifier
    case_number: CaseNumber
    rule: RuleId
    subjects: Annotated[list[Identifier], Field(min_length=1, max_length=commands.SUBJECTS_MAX)]
    served_on: Day
    document: Digest
    fine: DecimalText | None = None
    incident: Incident = ""
    reason: Reason = ""

    def to_command(self, units: Units) -> commands.ServeDecision:
        """Return the command; the fine in fen, the reasons apart as personal."""
        del units
        reason = normal(self.reason, field="reason")
        fine = None if self.fine is None else whole(self.fine, step=FEN, field="fine")
        return commands.ServeDecision(
            authority=self.authority,
            case_number=normal(self.case_number, field="case_number"),
            rule=self.rule,
            subjects=self.subjects,
            served_on=ordinal(self.served_on, field="served_on"),
            document=self.document,
            fine=fine,
            incident=self.incident,
            personal=commands.DecisionPersonal(reason=reason) if reason else None,
        )


class AnnulDecision(Operation):
    """Say that a decision never held, and revoke its facts; needs a proposal."""

    kind: Literal["annul_decision"] = "annul_decision"
    authority: Identifier
    case_number: CaseNumber
    ground: Ground
    document: Digest

    def to_command(self, units: Units) -> commands.AnnulDecision:
        """Return the command."""
        del units
        return commands.AnnulDecision(
            authority=self.authority,
            case_number=normal(self.case_number, field="case_number"),
            ground=self.ground,
            document=self.document,
        )


class RecordSettlements(Operation):
    """Record the facts of the next firms that settled a closed year in full and in time."""

    kind: Literal["record_settlements"] = "record_settlements"
    right: Right
    year: Year

    def to_command(self, units: Units) -> commands.RecordSettlements:
        """Return the command."""
        del units
        return commands.RecordSettlements(right=self.right, year=self.year)


class ReportLine(BaseModel):
    """What was found of one report; without ``filed_on`` there is none.

    Quantities are kilograms of CO2 or of standard coal, values added are in fen.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    party: Identifier
    filed_on: Day | None = None
    is_correct: bool = True
    evidence: Digest
    quantity: Number | None = None
    value_added: Number | None = None
    industry_quantity: Number | None = None
    industry_value_added: Number | None = None

    def to_line(self, *, field: str) -> commands.ReportLine:
        """Return the line as a command has it."""
        filed_on = None
        if self.filed_on is not None:
            filed_on = ordinal(self.filed_on, field=f"{field}.filed_on")
        quantity, value_added, industry_quantity, industry_value_added = (
            None if text is None else int(text)
            for text in (
                self.quantity,
                self.value_added,
                self.industry_quantity,
                self.industry_value_added,
            )
        )
        return commands.ReportLine(
            party=self.party,
            filed_on=filed_on,
            is_correct=self.is_correct,
            evidence=self.evidence,
            quantity=quantity,
            value_added=value_added,
            industry_quantity=industry_quantity,
            industry_value_added=industry_value_added,
        )


class RecordReportResults(Operation):
    """Enter what was found of a year's reports, and the facts that follow."""

    kind: Literal["record_report_results"] = "record_report_results"
    report: Report
    year: Year
    due_on: Day
    lines: Annotated[list[ReportLine], Field(min_length=1, max_length=commands.REPORTS_MAX)]

    def to_command(self, units: Units) -> commands.RecordReportResults:
        """Return the command."""
        del units
        return commands.RecordReportResults(
            report=self.report,
            year=self.year,
            due_on=ordinal(self.due_on, field="due_on"),
            lines=[each.to_line(field=f"lines.{n}") for n, each in enumerate(self.lines)],
        )
