"""Operations on warnings and their thresholds; a limit is a decimal share, such as 0.05."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from gateway.api.gep_warning_examples import WARNING
from gateway.api.schemas.base import Day, Identifier, Operation, Units, normal, ordinal
from gateway.api.schemas.gep import Account
from gep.space.watching import commands
from gep.space.watching.judging import PPM, WarningRule

Rule = Annotated[WarningRule, Field(strict=False)]
Warned = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=[WARNING])]
Limit = Annotated[
    str,
    Field(
        pattern=r"^0\.[0-9]{1,6}$",
        description="A share of the figure before, or of the total.",
        examples=["0.080000"],
    ),
]
Reason = Annotated[
    str,
    Field(
        min_length=1,
        max_length=commands.WORDS_LENGTH_MAX,
        description="What it comes from, in words that name no person.",
        examples=["干旱年份,水源涵养减少"],
    ),
]
Remark = Annotated[str, Field(max_length=commands.WORDS_LENGTH_MAX, examples=["已核实"])]
OtherAccount = Annotated[
    str, Field(pattern=r"^([0-9a-f]{64})?$", description="Another account, or empty.")
]
Service = Annotated[str, Field(pattern=r"^([A-Z][0-9]{1,2})?$", examples=["R1"])]


class SetGepThreshold(Operation):
    """Let another limit hold in this venue."""

    kind: Literal["gep_set_threshold"] = "gep_set_threshold"
    rule: Rule
    limit: Limit
    reason: Reason

    def to_command(self, units: Units) -> commands.SetGepThreshold:
        """Return the command, with the limit in millionths."""
        del units
        return commands.SetGepThreshold(
            rule=self.rule,
            limit_ppm=int(Decimal(self.limit) * PPM),
            reason=normal(self.reason, field="reason"),
        )


class RaiseGepWarning(Operation):
    """Raise a warning of an account that counts."""

    kind: Literal["gep_raise_warning"] = "gep_raise_warning"
    rule: Rule
    account: Account
    base: OtherAccount = ""
    service: Service = ""

    def to_command(self, units: Units) -> commands.RaiseGepWarning:
        """Return the command."""
        del units
        return commands.RaiseGepWarning(
            rule=self.rule, account=self.account, base=self.base, service=self.service
        )


class AssignGepWarning(Operation):
    """Give a warning an owner and a deadline."""

    kind: Literal["gep_assign_warning"] = "gep_assign_warning"
    warning: Warned
    party: Identifier
    owner: Identifier
    deadline: Day

    def to_command(self, units: Units) -> commands.AssignGepWarning:
        """Return the command."""
        del units
        return commands.AssignGepWarning(
            warning=self.warning,
            party=self.party,
            owner=self.owner,
            deadline=ordinal(self.deadline, field="deadline"),
        )


class AnswerGepWarning(Operation):
    """Say what a warning comes from."""

    kind: Literal["gep_answer_warning"] = "gep_answer_warning"
    warning: Warned
    reason: Reason
    account: OtherAccount = ""

    def to_command(self, units: Units) -> commands.AnswerGepWarning:
        """Return the command."""
        del units
        return commands.AnswerGepWarning(
            warning=self.warning,
            reason=normal(self.reason, field="reason"),
            account=self.account,
        )


class CloseGepWarning(Operation):
    """End a warning, or return its answer with a reason."""

    kind: Literal["gep_close_warning"] = "gep_close_warning"
    warning: Warned
    outcome: Annotated[commands.ClosureOutcome, Field(strict=False)]
    reason: Remark = ""

    def to_command(self, units: Units) -> commands.CloseGepWarning:
        """Return the command."""
        del units
        return commands.CloseGepWarning(
            warning=self.warning,
            outcome=self.outcome,
            reason=normal(self.reason, field="reason"),
        )


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/gep/thresholds", SetGepThreshold, "Set a threshold of warnings"),
    ("/gep/warnings", RaiseGepWarning, "Raise a warning"),
    ("/gep/warnings/assignments", AssignGepWarning, "Give a warning an owner and a deadline"),
    ("/gep/warnings/answers", AnswerGepWarning, "Answer a warning"),
    ("/gep/warnings/closures", CloseGepWarning, "End a warning, or return its answer"),
)
