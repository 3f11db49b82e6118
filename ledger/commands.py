"""What can be asked of the ledger, as plain data.

A command is stamped at admission and applied by the machine; amounts are integers in the smallest
unit. Whatever points to a natural person stands in a ``personal`` field, which the machine never
reads and which goes to the erasable part of the entry.
"""

from typing import Any, ClassVar

import msgspec

from ledger.roles import AccountKind, PartyKind, Purpose, Role

LINKED_COMMANDS_MAX = 50
ROLES_PER_ACTOR_MAX = 15
CERTIFIED_POSTINGS_MAX = 100_000


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Base of every command; the tag is its kind.

    A command with a ``personal`` field names in ``SUBJECT`` the member that says whom it is about.
    """

    SUBJECT: ClassVar[str] = ""


class PartyPersonal(msgspec.Struct, frozen=True, kw_only=True):
    """Names and contact of a party; erasable."""

    name: str
    name_en: str = ""
    contact: str = ""


class OpenVenue(Command, frozen=True, kw_only=True, tag="open_venue"):
    """Start a log: its operator, the operator's first key, and the clock ("system", "scenario").

    Only the first entry of a log may be this.
    """

    SUBJECT: ClassVar[str] = "operator"

    venue: str
    origin: str
    clock: str
    start: int
    operator: str
    actor: str
    digest: str
    machine: int = 1
    personal: PartyPersonal | None = None


class RegisterParty(Command, frozen=True, kw_only=True, tag="register_party"):
    """Make a party known. ``identifier`` is public (a credit code, a registry number) or empty."""

    SUBJECT: ClassVar[str] = "party"

    party: str
    party_kind: PartyKind
    scheme: str
    identifier: str
    personal: PartyPersonal | None = None


class RegisterActor(Command, frozen=True, kw_only=True, tag="register_actor"):
    """Register a key of a party by the SHA-256 of its secret, with roles."""

    actor: str
    party: str
    roles: list[Role]
    digest: str


class RevokeActor(Command, frozen=True, kw_only=True, tag="revoke_actor"):
    """End a key; its party or the operator may ask."""

    actor: str


class OpenAccount(Command, frozen=True, kw_only=True, tag="open_account"):
    """Open an account for a party; the machine numbers it."""

    party: str
    account_kind: AccountKind


class CloseAccount(Command, frozen=True, kw_only=True, tag="close_account"):
    """Close an empty account."""

    account: int


class CashIn(Command, frozen=True, kw_only=True, tag="cash_in"):
    """The settlement bank received money for an account; ``reference`` is the bank's own."""

    account: int
    currency: str
    amount: int
    reference: str


class CashOut(Command, frozen=True, kw_only=True, tag="cash_out"):
    """The settlement bank paid money out of an account."""

    account: int
    currency: str
    amount: int
    reference: str


class PlaceHold(Command, frozen=True, kw_only=True, tag="place_hold"):
    """Set a quantity of an account apart: a deposit, a pledge, a freeze, a lease."""

    account: int
    instrument: str
    quantity: int
    purpose: Purpose
    reference: str
    beneficiary: str | None = None
    until: int | None = None


class ReleaseHold(Command, frozen=True, kw_only=True, tag="release_hold"):
    """Give all or part of a hold back to its holder."""

    hold: int
    quantity: int


class ConsumeHold(Command, frozen=True, kw_only=True, tag="consume_hold"):
    """Give all or part of a hold to another account."""

    hold: int
    quantity: int
    target: int


class Linked(Command, frozen=True, kw_only=True, tag="linked"):
    """A list of commands of which all are applied or none is (联动指令)."""

    commands: tuple[Any, ...]


class Propose(Command, frozen=True, kw_only=True, tag="propose"):
    """Put a command before a checker; it is applied when one approves it."""

    command: Any


def about(command: Command) -> str:
    """Return whom what is personal in a command is about, "" for nobody; of a proposal, its own."""
    asked = command.command if isinstance(command, Propose) else command
    return str(getattr(asked, asked.SUBJECT)) if asked.SUBJECT else ""


class Approve(Command, frozen=True, kw_only=True, tag="approve"):
    """Approve a proposal; its command is applied in this entry, as the maker's."""

    proposal: int


class RejectProposal(Command, frozen=True, kw_only=True, tag="reject_proposal"):
    """Turn a proposal down, or withdraw one's own."""

    proposal: int


class CertifyStatement(Command, frozen=True, kw_only=True, tag="certify_statement"):
    """Commit to the postings of an account after ``entry_from`` up to ``entry_to``.

    The postings are not resident: the sequencer fetches their digest before ``apply``.
    """

    account: int
    entry_from: int
    entry_to: int


class ActivateMachine(Command, frozen=True, kw_only=True, tag="activate_machine"):
    """Let another version of the machine decide from the next entry on."""

    machine: int


class MoveClock(Command, frozen=True, kw_only=True, tag="move_clock"):
    """Move the clock of a scenario venue forward; timers on the way fire first."""

    to: int


class FireTimer(Command, frozen=True, kw_only=True, tag="fire_timer"):
    """System: a timer is due."""

    timer: str
    subject: str


class ContinuePhase(Command, frozen=True, kw_only=True, tag="continue_phase"):
    """System: carry long work on by one slice."""

    phase: int


class SeedPhase(Command, frozen=True, kw_only=True, tag="seed_phase"):
    """System: 32 random bytes, as hexadecimal text, for a phase that begins with some."""

    phase: int
    seed: str


class Quarantine(Command, frozen=True, kw_only=True, tag="quarantine"):
    """System: a command that the database refused or that killed its writer; bytes kept aside."""

    digest: str
    cause: str
