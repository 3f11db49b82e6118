"""Operations on personal parts: erase, retain, disclose, withdraw."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.api.schemas.base import Identifier, Instant, Number, Operation, Units, instant
from ledger.personal import commands

Basis = Annotated[commands.ErasureBasis, Field(strict=False)]
Purpose = Annotated[commands.DisclosurePurpose, Field(strict=False)]


class ErasePerson(Operation):
    """Destroy a natural person's personal parts, and end its keys and accounts; irreversible."""

    kind: Literal["erase_person"] = "erase_person"
    party: Identifier
    basis: Basis

    def to_command(self, units: Units) -> commands.ErasePerson:
        """Return the command."""
        del units
        return commands.ErasePerson(party=self.party, basis=self.basis)


class RetainRecords(Operation):
    """Say until when the law wants a party's records kept, and which clause says so."""

    kind: Literal["retain_records"] = "retain_records"
    party: Identifier
    until: Instant
    source: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["ECL-2018-31"])]

    def to_command(self, units: Units) -> commands.RetainRecords:
        """Return the command."""
        del units
        return commands.RetainRecords(
            party=self.party, until=instant(self.until, field="until"), source=self.source
        )


class DisclosePersonal(Operation):
    """Let a party see another's personal parts for a purpose, until an instant."""

    kind: Literal["disclose_personal"] = "disclose_personal"
    party: Identifier
    recipient: Identifier
    purpose: Purpose
    until: Annotated[Instant, Field(examples=["2026-12-31T16:00:00Z"])]
    entries: Annotated[
        list[Number], Field(default_factory=list, max_length=commands.DISCLOSED_ENTRIES_MAX)
    ]

    def to_command(self, units: Units) -> commands.DisclosePersonal:
        """Return the command."""
        del units
        return commands.DisclosePersonal(
            party=self.party,
            recipient=self.recipient,
            purpose=self.purpose,
            until=instant(self.until, field="until"),
            entries=[int(each) for each in self.entries],
        )


class WithdrawDisclosure(Operation):
    """End a disclosure before its time."""

    kind: Literal["withdraw_disclosure"] = "withdraw_disclosure"
    disclosure: Number

    def to_command(self, units: Units) -> commands.WithdrawDisclosure:
        """Return the command."""
        del units
        return commands.WithdrawDisclosure(disclosure=int(self.disclosure))
