"""Operations on runs: let one count for its purpose; starting one is a job."""

from typing import Annotated, Literal

from pydantic import Field

from credit_scoring.runs import commands
from gateway.api.schemas.base import Day, Operation, Units, ordinal

RUN_PATTERN = r"^[1-9][0-9]{0,17}$"
Run = Annotated[str, Field(pattern=RUN_PATTERN, examples=["2"])]
Replaced = Annotated[
    str | None,
    Field(pattern=RUN_PATTERN, description="The snapshot that it corrects.", examples=["1"]),
]
Decision = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["2026/31"])]


class DesignateSnapshot(Operation):
    """Let a run's rows count for its purpose from a day to a day; needs a proposal."""

    kind: Literal["credit_designate_snapshot"] = "credit_designate_snapshot"
    run: Run
    valid_from: Day
    valid_until: Day
    replaces: Replaced = None
    decision: Decision

    def to_command(self, units: Units) -> commands.DesignateSnapshot:
        """Return the command."""
        del units
        return commands.DesignateSnapshot(
            run=int(self.run),
            valid_from=ordinal(self.valid_from, field="valid_from"),
            valid_until=ordinal(self.valid_until, field="valid_until"),
            replaces=None if self.replaces is None else int(self.replaces),
            decision=self.decision,
        )
