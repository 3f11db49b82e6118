"""Operations on parties, keys, accounts, cash, holds and proposals."""

from typing import Annotated, Literal

from pydantic import Field

from gateway.api.problems import Problem
from gateway.api.schemas.base import (
    DecimalText,
    Identifier,
    Instant,
    InstrumentCode,
    Name,
    Number,
    Operation,
    Reference,
    Units,
    instant,
    normal,
)
from kernel.errors import DomainError
from kernel.identifiers import check_credit_code
from ledger import commands
from ledger.roles import AccountKind, PartyKind, Purpose, Role

CREDIT_CODE_SCHEME = "uscc"


class RegisterParty(Operation):
    """Make a party known; ``scheme`` ``uscc`` means a unified social credit code (GB 32100)."""

    kind: Literal["register_party"] = "register_party"
    party: Identifier
    party_kind: Annotated[PartyKind, Field(strict=False)]
    scheme: Annotated[str, Field(pattern=r"^[a-z0-9_]{0,32}$", examples=["uscc"])] = ""
    identifier: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_.:/-]{0,64}$", examples=["91990101E00000010Q"])
    ] = ""
    name: Name
    name_en: Annotated[str, Field(max_length=200)] = ""

    def to_command(self, units: Units) -> commands.RegisterParty:
        """Check a credit code, and set the names apart as personal."""
        del units
        if self.identifier and self.party_kind is PartyKind.PERSON:
            # It would stand in the postings part, which nothing erases.
            raise Problem(
                status=422,
                code="request.identifier_of_person",
                field="identifier",
                expected="nothing",
            )
        if self.scheme == CREDIT_CODE_SCHEME:
            try:
                check_credit_code(self.identifier)
            except DomainError as error:
                raise Problem(
                    status=422,
                    code="request.credit_code_invalid",
                    field="identifier",
                    expected=error.expected,
                    found=self.identifier,
                ) from error
        return commands.RegisterParty(
            party=self.party,
            party_kind=self.party_kind,
            scheme=self.scheme,
            identifier=self.identifier,
            personal=commands.PartyPersonal(
                name=normal(self.name, field="name"), name_en=normal(self.name_en, field="name_en")
            ),
        )


class RegisterKey(Operation):
    """Register an API key by the SHA-256 of its secret; the secret never leaves its maker."""

    kind: Literal["register_actor"] = "register_actor"
    actor: Identifier
    party: Identifier
    roles: Annotated[
        list[Annotated[Role, Field(strict=False)]],
        Field(min_length=1, max_length=commands.ROLES_PER_ACTOR_MAX),
    ]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["00" * 32])]

    def to_command(self, units: Units) -> commands.RegisterActor:
        """Return the command."""
        del units
        return commands.RegisterActor(
            actor=self.actor, party=self.party, roles=list(self.roles), digest=self.digest
        )


class RevokeKey(Operation):
    """End an API key."""

    kind: Literal["revoke_actor"] = "revoke_actor"
    actor: Identifier

    def to_command(self, units: Units) -> commands.RevokeActor:
        """Return the command."""
        del units
        return commands.RevokeActor(actor=self.actor)


class OpenAccount(Operation):
    """Open an account for a party."""

    kind: Literal["open_account"] = "open_account"
    party: Identifier
    account_kind: Annotated[AccountKind, Field(strict=False)] = AccountKind.TRADING

    def to_command(self, units: Units) -> commands.OpenAccount:
        """Return the command."""
        del units
        return commands.OpenAccount(party=self.party, account_kind=self.account_kind)


class CloseAccount(Operation):
    """Close an empty account."""

    kind: Literal["close_account"] = "close_account"
    account: Number

    def to_command(self, units: Units) -> commands.CloseAccount:
        """Return the command."""
        del units
        return commands.CloseAccount(account=int(self.account))


class _Cash(Operation):
    account: Number
    currency: InstrumentCode = "CNY"
    amount: DecimalText
    reference: Reference = ""


class CashIn(_Cash):
    """The settlement bank received money for an account."""

    kind: Literal["cash_in"] = "cash_in"

    def to_command(self, units: Units) -> commands.CashIn:
        """Return the command in minor units."""
        return commands.CashIn(
            account=int(self.account),
            currency=self.currency,
            amount=units.minor(self.amount, currency=self.currency, field="amount"),
            reference=self.reference,
        )


class CashOut(_Cash):
    """The settlement bank paid money out of an account."""

    kind: Literal["cash_out"] = "cash_out"

    def to_command(self, units: Units) -> commands.CashOut:
        """Return the command in minor units."""
        return commands.CashOut(
            account=int(self.account),
            currency=self.currency,
            amount=units.minor(self.amount, currency=self.currency, field="amount"),
            reference=self.reference,
        )


class PlaceHold(Operation):
    """Set a quantity apart: deposit, pledge, freeze or lease."""

    kind: Literal["place_hold"] = "place_hold"
    account: Number
    instrument: InstrumentCode
    quantity: DecimalText
    purpose: Annotated[Purpose, Field(strict=False)]
    reference: Reference = ""
    beneficiary: Identifier | None = None
    until: Instant | None = None

    def to_command(self, units: Units) -> commands.PlaceHold:
        """Return the command in lots."""
        return commands.PlaceHold(
            account=int(self.account),
            instrument=self.instrument,
            quantity=units.lots(self.quantity, instrument=self.instrument, field="quantity"),
            purpose=self.purpose,
            reference=self.reference,
            beneficiary=self.beneficiary,
            until=None if self.until is None else instant(self.until, field="until"),
        )


class ReleaseHold(Operation):
    """Give all or part of a hold back; ``quantity`` counts lots."""

    kind: Literal["release_hold"] = "release_hold"
    hold: Number
    lots: Number

    def to_command(self, units: Units) -> commands.ReleaseHold:
        """Return the command."""
        del units
        return commands.ReleaseHold(hold=int(self.hold), quantity=int(self.lots))


class ConsumeHold(Operation):
    """Give all or part of a hold to another account; ``lots`` counts lots or minor units."""

    kind: Literal["consume_hold"] = "consume_hold"
    hold: Number
    lots: Number
    target: Number

    def to_command(self, units: Units) -> commands.ConsumeHold:
        """Return the command."""
        del units
        return commands.ConsumeHold(
            hold=int(self.hold), quantity=int(self.lots), target=int(self.target)
        )


class CertifyStatement(Operation):
    """Commit the ledger to the digest of an account's postings in a range of entries."""

    kind: Literal["certify_statement"] = "certify_statement"
    account: Number
    entry_from: Annotated[str, Field(pattern=r"^(-1|0|[1-9][0-9]{0,17})$")] = "-1"
    entry_to: Number

    def to_command(self, units: Units) -> commands.CertifyStatement:
        """Return the command."""
        del units
        return commands.CertifyStatement(
            account=int(self.account),
            entry_from=int(self.entry_from),
            entry_to=int(self.entry_to),
        )


class ActivateMachine(Operation):
    """Let another version of the machine decide from the next entry on."""

    kind: Literal["activate_machine"] = "activate_machine"
    machine: Annotated[int, Field(ge=1, le=1000)]

    def to_command(self, units: Units) -> commands.ActivateMachine:
        """Return the command."""
        del units
        return commands.ActivateMachine(machine=self.machine)


class MoveClock(Operation):
    """Move the clock of a scenario venue forward."""

    kind: Literal["move_clock"] = "move_clock"
    to: Instant

    def to_command(self, units: Units) -> commands.MoveClock:
        """Return the command."""
        del units
        return commands.MoveClock(to=instant(self.to, field="to"))
