"""What can be asked of warnings and their thresholds, as plain data."""

from enum import StrEnum

from gep.space.watching.judging import WarningRule
from ledger.commands import Command

WORDS_LENGTH_MAX = 500
DEADLINE_DAYS_MAX = 3 * 366


class ClosureOutcome(StrEnum):
    """What is found of an answer (销号结论): it ends the warning, or it goes back to its owner."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class SetGepThreshold(Command, frozen=True, kw_only=True, tag="gep_set_threshold"):
    """Let another limit hold here, in millionths, with a reason; its author is the actor."""

    rule: WarningRule
    limit_ppm: int
    reason: str


class RaiseGepWarning(Command, frozen=True, kw_only=True, tag="gep_raise_warning"):
    """Raise a warning (预警) of an account that counts; the machine computes every figure.

    ``base`` is the earlier account of a decline, ``service`` the one of a share or missing line.
    """

    rule: WarningRule
    account: str
    base: str = ""
    service: str = ""


class AssignGepWarning(Command, frozen=True, kw_only=True, tag="gep_assign_warning"):
    """Give a warning an owner, a person's key of a party, and a deadline, the ordinal of a day."""

    warning: str
    party: str
    owner: str
    deadline: int


class AnswerGepWarning(Command, frozen=True, kw_only=True, tag="gep_answer_warning"):
    """Say what a warning comes from; ``account`` is one that answers it, or empty."""

    warning: str
    reason: str
    account: str = ""


class CloseGepWarning(Command, frozen=True, kw_only=True, tag="gep_close_warning"):
    """Take an answer as the end of a warning, or return it to its owner with a reason."""

    warning: str
    outcome: ClosureOutcome
    reason: str = ""
