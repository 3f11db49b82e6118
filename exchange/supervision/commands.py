"""What can be asked of the supervision, as plain data. Days are ordinals, digests SHA-256 in hex.

Quantities of reports are kilograms (of CO2, or of standard coal), values added are fen; only
ratios of them count.
"""

from enum import StrEnum
from typing import ClassVar

import msgspec

from ledger.commands import Command

SUBJECTS_MAX = 20
RULES_BY_DECISION_MAX = 200
RULES_BY_EVENT_MAX = 2
REPORTS_MAX = 100
CASE_NUMBER_LENGTH_MAX = 64
REASON_LENGTH_MAX = 2_000
AMOUNT_MAX = 10**18 - 1
PARTS_PER_MILLION = 1_000_000


class Origin(StrEnum):
    """Where a fact comes from that no department's file reports (事实来源)."""

    DECISION = "decision"
    SURRENDERED_IN_FULL = "surrendered_in_full"
    CARBON_REPORT_ON_TIME = "carbon_report_on_time"
    CARBON_REPORT_LATE = "carbon_report_late"
    CARBON_REPORT_MISSING = "carbon_report_missing"
    CARBON_REPORT_INCORRECT = "carbon_report_incorrect"
    CARBON_LEVEL_1 = "carbon_level_1"
    CARBON_LEVEL_2 = "carbon_level_2"
    CARBON_LEVEL_3 = "carbon_level_3"
    CARBON_LEVEL_4 = "carbon_level_4"
    CARBON_LEVEL_5 = "carbon_level_5"
    CARBON_INTENSITY_REDUCED = "carbon_intensity_reduced"
    ENERGY_REPORT_ON_TIME = "energy_report_on_time"
    ENERGY_REPORT_LATE = "energy_report_late"
    ENERGY_REPORT_MISSING = "energy_report_missing"
    ENERGY_REPORT_INCORRECT = "energy_report_incorrect"
    ENERGY_INTENSITY_REDUCED = "energy_intensity_reduced"


class ReportKind(StrEnum):
    """What a report is about."""

    CARBON = "carbon"
    ENERGY = "energy"


class AnnulmentGround(StrEnum):
    """Why a decision no longer holds: 行政复议, 行政诉讼, or its authority's own motion."""

    REVIEW = "review"
    COURT = "court"
    OWN_MOTION = "own_motion"


class SetFactOrigin(Command, frozen=True, kw_only=True, tag="set_fact_origin"):
    """Say which rules follow from an origin, in which department's name; no rules end it.

    By ``decision`` a department may serve decisions under these rules; every other origin has one
    department, and each of its rules gives one fact. ``threshold_ppm`` is the smallest reduction of
    the intensity that counts, and 0 for all other origins.
    """

    origin: Origin
    department: str
    rules: list[str]
    basis: str
    threshold_ppm: int = 0


class DecisionPersonal(msgspec.Struct, frozen=True, kw_only=True):
    """The reasons of a decision (处罚理由), in words that may name people; erasable."""

    reason: str


class ServeDecision(Command, frozen=True, kw_only=True, tag="serve_decision"):
    """Enter a decision of an authority that was served on its subjects (行政处罚决定送达).

    ``document`` is the digest of the decision, ``fine`` its amount in fen. Each subject gets a fact
    under ``rule``, of the day on which the decision was served.
    """

    SUBJECT: ClassVar[str] = "case"

    authority: str
    case_number: str
    rule: str
    subjects: list[str]
    served_on: int
    document: str
    fine: int | None = None
    incident: str = ""
    personal: DecisionPersonal | None = None

    @property
    def case(self) -> str:
        """Under whose key the reasons lie: the case's own, for they may be of anybody."""
        return f"decision/{self.authority}/{self.case_number}"


class AnnulDecision(Command, frozen=True, kw_only=True, tag="annul_decision"):
    """Say that a decision never held; ``document`` is the digest of what annuls it (撤销)."""

    authority: str
    case_number: str
    ground: AnnulmentGround
    document: str


class RecordSettlements(Command, frozen=True, kw_only=True, tag="record_settlements"):
    """Record the facts of a closed year's next firms that surrendered in full and in time."""

    right: str
    year: int


class ReportLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one party's report; ``filed_on`` is ``None`` where there is none.

    With all four quantities a carbon report has a level of carbon efficiency (碳效码); the
    industry's are those of the same period.
    """

    party: str
    filed_on: int | None
    is_correct: bool = True
    evidence: str
    quantity: int | None = None
    value_added: int | None = None
    industry_quantity: int | None = None
    industry_value_added: int | None = None


class RecordReportResults(Command, frozen=True, kw_only=True, tag="record_report_results"):
    """Enter what was found of a year's reports: every line or none."""

    report: ReportKind
    year: int
    due_on: int
    lines: list[ReportLine]
