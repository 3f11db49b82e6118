"""What can be asked about lists, as plain data. Days are ordinals, both ends of a stay included."""

from enum import StrEnum

from credit_scoring.records import SubjectKind
from ledger.commands import Command

RULES_PER_LIST_MAX = 100
STAY_MONTHS_MAX = 600


class Sign(StrEnum):
    """Whether a list speaks for those on it (红名单) or against them (黑名单)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class LeavingReason(StrEnum):
    """Why a subject leaves a list before its day."""

    DECISION = "decision"
    REPAIRED = "repaired"
    ENTERED_IN_ERROR = "entered_in_error"


class DefineList(Command, frozen=True, kw_only=True, tag="credit_define_list"):
    """Open a list for one kind of subject, on a legal basis.

    Where ``rules`` are named, a fact of one of them is what puts a subject on it; else a decision
    alone. A stay is at most ``months`` long. Only a ``published`` list is shown to others.
    """

    list_name: str
    sign: Sign
    subject_kind: SubjectKind
    rules: list[str]
    months: int
    published: bool
    basis: str
    decision: str


class EnterOnList(Command, frozen=True, kw_only=True, tag="credit_enter_on_list"):
    """Put a subject on a list for some days; ``source`` and ``reference`` name its fact, if any."""

    list_name: str
    subject: str
    day_from: int
    day_to: int
    source: str = ""
    reference: str = ""
    decision: str
    evidence: str


class LeaveList(Command, frozen=True, kw_only=True, tag="credit_leave_list"):
    """Take a subject off a list from a day on."""

    list_name: str
    subject: str
    day: int
    reason: LeavingReason
    decision: str
    evidence: str
