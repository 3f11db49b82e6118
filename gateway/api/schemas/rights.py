"""Operations of the rights registry."""

from typing import Annotated, Literal

from pydantic import Field

from exchange.registry import commands
from exchange.registry.commands import (
    LINES_MAX,
    CancelCause,
    ComplianceMode,
    TransferCause,
    VerifiedStatus,
)
from gateway.api.schemas.base import (
    DecimalText,
    Identifier,
    InstrumentCode,
    Number,
    Operation,
    Reference,
    Units,
    whole,
)

Right = Annotated[str, Field(pattern=r"^[A-Z]{1,16}$", examples=["CARBON"])]
Year = Annotated[int, Field(ge=1990, le=2200, examples=[2025])]
Decision = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["2026-12"])]


class Issue(Operation):
    """Create units by a decision (needs a proposal)."""

    kind: Literal["issue"] = "issue"
    account: Number
    instrument: InstrumentCode
    quantity: DecimalText
    decision: Decision

    def to_command(self, units: Units) -> commands.Issue:
        """Return the command in lots."""
        return commands.Issue(
            account=int(self.account),
            instrument=self.instrument,
            lots=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
            decision=self.decision,
        )


class AllocationLine(Operation):
    """One account's share."""

    account: Number
    quantity: DecimalText


class Allocate(Operation):
    """Give a reserve's units to participants (needs a proposal)."""

    kind: Literal["allocate"] = "allocate"
    instrument: InstrumentCode
    year: Year
    scope: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,32}$")] = ""
    source: Number
    lines: Annotated[list[AllocationLine], Field(min_length=1, max_length=LINES_MAX)]
    decision: Decision

    def to_command(self, units: Units) -> commands.Allocate:
        """Return the command in lots."""
        lot = units.of(self.instrument).lot
        return commands.Allocate(
            instrument=self.instrument,
            year=self.year,
            scope=self.scope,
            source=int(self.source),
            lines=[
                commands.AllocationLine(
                    account=int(line.account), lots=whole(line.quantity, step=lot, field="lines")
                )
                for line in self.lines
            ],
            decision=self.decision,
        )


class Transfer(Operation):
    """Move units without a trade; large ones need a proposal."""

    kind: Literal["transfer"] = "transfer"
    source: Number
    target: Number
    instrument: InstrumentCode
    quantity: DecimalText
    cause: Annotated[TransferCause, Field(strict=False)]
    reference: Reference = ""

    def to_command(self, units: Units) -> commands.Transfer:
        """Return the command in lots."""
        return commands.Transfer(
            source=int(self.source),
            target=int(self.target),
            instrument=self.instrument,
            lots=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
            cause=self.cause,
            reference=self.reference,
        )


class Surrender(Operation):
    """Give units against a year's obligation; irreversible."""

    kind: Literal["surrender"] = "surrender"
    account: Number
    instrument: InstrumentCode
    right: Right
    year: Year
    quantity: DecimalText

    def to_command(self, units: Units) -> commands.Surrender:
        """Return the command in lots."""
        return commands.Surrender(
            account=int(self.account),
            instrument=self.instrument,
            right=self.right,
            year=self.year,
            lots=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
        )


class CancelUnits(Operation):
    """Remove units by decision (needs a proposal)."""

    kind: Literal["cancel_units"] = "cancel_units"
    account: Number
    instrument: InstrumentCode
    quantity: DecimalText
    cause: Annotated[CancelCause, Field(strict=False)]
    decision: Decision

    def to_command(self, units: Units) -> commands.CancelUnits:
        """Return the command in lots."""
        return commands.CancelUnits(
            account=int(self.account),
            instrument=self.instrument,
            lots=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
            cause=self.cause,
            decision=self.decision,
        )


class Retire(Operation):
    """Give units up for ever."""

    kind: Literal["retire"] = "retire"
    account: Number
    instrument: InstrumentCode
    quantity: DecimalText
    beneficiary: Identifier
    claim: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$", examples=["carbon_neutral"])]

    def to_command(self, units: Units) -> commands.Retire:
        """Return the command in lots."""
        return commands.Retire(
            account=int(self.account),
            instrument=self.instrument,
            lots=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
            beneficiary=self.beneficiary,
            claim=self.claim,
        )


class CarryOver(Operation):
    """Carry units over to the next vintage (needs a proposal)."""

    kind: Literal["carry_over"] = "carry_over"
    account: Number
    instrument: InstrumentCode
    next_instrument: InstrumentCode
    quantity: DecimalText
    decision: Decision

    def to_command(self, units: Units) -> commands.CarryOver:
        """Return the command in lots."""
        return commands.CarryOver(
            account=int(self.account),
            instrument=self.instrument,
            next_instrument=self.next_instrument,
            lots=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
            decision=self.decision,
        )


class VerifiedLine(Operation):
    """One party's verified year; ``lots`` in lots of the right."""

    party: Identifier
    status: Annotated[VerifiedStatus, Field(strict=False)]
    lots: Number | None = None


class RecordVerifiedEmissions(Operation):
    """Enter what verification found for a right and year."""

    kind: Literal["record_verified_emissions"] = "record_verified_emissions"
    right: Right
    year: Year
    lines: Annotated[list[VerifiedLine], Field(min_length=1, max_length=LINES_MAX)]

    def to_command(self, units: Units) -> commands.RecordVerifiedEmissions:
        """Return the command."""
        del units
        return commands.RecordVerifiedEmissions(
            right=self.right,
            year=self.year,
            lines=[
                commands.VerifiedLine(
                    party=line.party,
                    status=line.status,
                    lots=None if line.lots is None else int(line.lots),
                )
                for line in self.lines
            ],
        )


class SetComplianceRule(Operation):
    """Say how obligations of a right settle."""

    kind: Literal["set_compliance_rule"] = "set_compliance_rule"
    right: Right
    mode: Annotated[ComplianceMode, Field(strict=False)]
    first_year: Year

    def to_command(self, units: Units) -> commands.SetComplianceRule:
        """Return the command."""
        del units
        return commands.SetComplianceRule(
            right=self.right, mode=self.mode, first_year=self.first_year
        )


class CloseComplianceYear(Operation):
    """Compute the compliance status of a right and year."""

    kind: Literal["close_compliance_year"] = "close_compliance_year"
    right: Right
    year: Year

    def to_command(self, units: Units) -> commands.CloseComplianceYear:
        """Return the command."""
        del units
        return commands.CloseComplianceYear(right=self.right, year=self.year)
