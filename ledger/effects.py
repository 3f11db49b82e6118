"""What can happen to the ledger, and how each thing that happened changes its state.

An effect is one named change. It stands in the postings part of the entry that caused it, and its
fold here never changes its meaning: an entry of any age gives the same state, so recovery, audit
and replay fold effects and never ask again why they happened. Live state changes in the same way:
deciding a command emits effects, and emitting one folds it at once.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from kernel.errors import ensure
from ledger.deciding import record_decision
from ledger.journal import create, remove
from ledger.movement import Movement
from ledger.roles import AccountKind, PartyKind, Purpose, Role
from ledger.state import (
    Account,
    Actor,
    Hold,
    Instrument,
    Ledger,
    Party,
    Phase,
    Proposal,
)


class Effect(msgspec.Struct, frozen=True, kw_only=True, tag_field="effect"):
    """Base of every effect; the tag names it in the entry."""


class VenueOpened(Effect, frozen=True, kw_only=True, tag="venue_opened"):
    """The first effect of a log: its venue, its origin and which clock it follows."""

    venue: str
    origin: str
    clock: str
    machine: int


class PartyRegistered(Effect, frozen=True, kw_only=True, tag="party_registered"):
    """A party is known from here on; its names stand in the personal part."""

    party: str
    party_kind: PartyKind
    scheme: str
    identifier: str


class ActorRegistered(Effect, frozen=True, kw_only=True, tag="actor_registered"):
    """A key may send commands for a party, in these roles; ``digest`` is SHA-256 of its secret."""

    actor: str
    party: str
    roles: list[Role]
    digest: str


class ActorRevoked(Effect, frozen=True, kw_only=True, tag="actor_revoked"):
    """A key is dead."""

    actor: str


class AccountOpened(Effect, frozen=True, kw_only=True, tag="account_opened"):
    """An account exists."""

    account: int
    party: str
    account_kind: AccountKind


class AccountClosed(Effect, frozen=True, kw_only=True, tag="account_closed"):
    """An empty account takes nothing any more."""

    account: int


class InstrumentDefined(Effect, frozen=True, kw_only=True, tag="instrument_defined"):
    """Something that can be held exists."""

    instrument: str
    right: str
    substance: str
    unit: str
    lot: str
    zone: str
    vintage: int | None
    valid_from: int | None
    valid_until: int | None


class Moved(Effect, frozen=True, kw_only=True, tag="moved"):
    """Available value went from one account to another; both postings in one effect."""

    source: int
    target: int
    instrument: str
    quantity: int
    cause: str


class HoldPlaced(Effect, frozen=True, kw_only=True, tag="hold_placed"):
    """A quantity was set apart from what was available."""

    hold: int
    account: int
    instrument: str
    quantity: int
    purpose: Purpose
    reference: str
    beneficiary: str | None
    until: int | None


class HoldConsumed(Effect, frozen=True, kw_only=True, tag="hold_consumed"):
    """Held value went to another account's available part."""

    hold: int
    quantity: int
    target: int
    cause: str


class HoldReleased(Effect, frozen=True, kw_only=True, tag="hold_released"):
    """Held value is available again, by decision or because its time has passed."""

    hold: int
    quantity: int
    cause: str


class Proposed(Effect, frozen=True, kw_only=True, tag="proposed"):
    """A command waits for a checker; ``command`` is its canonical text."""

    proposal: int
    maker: str
    command: str


class ProposalClosed(Effect, frozen=True, kw_only=True, tag="proposal_closed"):
    """A proposal was approved or rejected by its checker, or withdrawn by its maker."""

    proposal: int
    status: str
    maker: str
    checker: str


class PhaseStarted(Effect, frozen=True, kw_only=True, tag="phase_started"):
    """Long work was decided; slices follow."""

    phase: int
    phase_kind: str
    subject: str


class PhaseAdvanced(Effect, frozen=True, kw_only=True, tag="phase_advanced"):
    """A slice is done up to the cursor."""

    phase: int
    cursor: str


class PhaseEnded(Effect, frozen=True, kw_only=True, tag="phase_ended"):
    """Long work is complete."""

    phase: int


class TimerScheduled(Effect, frozen=True, kw_only=True, tag="timer_scheduled"):
    """Something falls due at an instant (microseconds since the epoch)."""

    kind: str
    subject: str
    due: int


class TimerFired(Effect, frozen=True, kw_only=True, tag="timer_fired"):
    """A timer's instant has come, or it was taken away."""

    kind: str
    subject: str


class LegStarted(Effect, frozen=True, kw_only=True, tag="leg_started"):
    """The effects that follow belong to this leg (from 0) of a linked list."""

    leg: int


class MachineActivated(Effect, frozen=True, kw_only=True, tag="machine_activated"):
    """From the next entry on, this version of the machine decides."""

    machine: int


class StatementCertified(Effect, frozen=True, kw_only=True, tag="statement_certified"):
    """The postings of an account after ``entry_from`` up to ``entry_to`` have this digest."""

    account: int
    entry_from: int
    entry_to: int
    count: int
    digest: str


def venue_opened(ledger: Ledger, effect: VenueOpened) -> None:
    """Name the venue."""
    ledger.note()
    ledger.name = effect.venue
    ledger.origin = ledger.first_origin = effect.origin
    ledger.clock = effect.clock
    ledger.machine_version = effect.machine
    record_decision(ledger, kind="machine", subject="", terms=effect)


def party_registered(ledger: Ledger, effect: PartyRegistered) -> None:
    """Add a party."""
    party = Party(
        id=effect.party,
        kind=effect.party_kind,
        scheme=effect.scheme,
        identifier=effect.identifier,
    )
    create(ledger.journal, ledger.parties, key=party.id, value=party)
    if party.identifier:
        name = (party.scheme, party.identifier)
        create(ledger.journal, ledger.identifiers, key=name, value=party)


def actor_registered(ledger: Ledger, effect: ActorRegistered) -> None:
    """Add an actor."""
    actor = Actor(
        id=effect.actor,
        party=effect.party,
        roles=frozenset(effect.roles),
        digest=effect.digest,
    )
    create(ledger.journal, ledger.actors, key=actor.id, value=actor)


def actor_revoked(ledger: Ledger, effect: ActorRevoked) -> None:
    """Kill a key."""
    actor = ledger.actors[effect.actor]
    ledger.journal.append((actor, actor.live))
    actor.live = False


def account_opened(ledger: Ledger, effect: AccountOpened) -> None:
    """Add an account."""
    account = Account(number=effect.account, party=effect.party, kind=effect.account_kind)
    create(ledger.journal, ledger.accounts, key=account.number, value=account)
    ledger.note()
    ledger.next_account = max(ledger.next_account, effect.account + 1)


def account_closed(ledger: Ledger, effect: AccountClosed) -> None:
    """Close an account."""
    account = ledger.accounts[effect.account]
    ledger.journal.append((account, account.open))
    account.open = False


def instrument_defined(ledger: Ledger, effect: InstrumentDefined) -> None:
    """Add an instrument."""
    instrument = Instrument(
        code=effect.instrument,
        right=effect.right,
        substance=effect.substance,
        unit=effect.unit,
        lot=effect.lot,
        zone=effect.zone,
        vintage=effect.vintage,
        valid_from=effect.valid_from,
        valid_until=effect.valid_until,
    )
    create(ledger.journal, ledger.instruments, key=instrument.code, value=instrument)
    record_decision(ledger, kind="instrument", subject=instrument.code, terms=effect)


def post(
    ledger: Ledger,
    *,
    source: int,
    target: int,
    instrument: str,
    quantity: int,
    cause: str,
    held: bool = False,
) -> None:
    """Move value between two accounts and append the movement's row.

    With ``held`` the value leaves the held part of the source, else its available part.

    Raises:
        InvariantBroken: a balance would be below zero.
    """
    ensure(quantity > 0, f"movement of {quantity} {instrument}")
    journal = ledger.journal
    giver = ledger.accounts[source].holding(journal, instrument)
    taker = ledger.accounts[target].holding(journal, instrument)
    giver.note(journal)
    taker.note(journal)
    if held:
        giver.held -= quantity
    else:
        giver.available -= quantity
    taker.available += quantity
    giver.check()
    record_movement(
        ledger,
        source=source,
        target=target,
        instrument=instrument,
        quantity=quantity,
        cause=cause,
    )


def record_movement(
    ledger: Ledger, *, source: int, target: int, instrument: str, quantity: int, cause: str
) -> None:
    """Append the row of one movement to the write set."""
    movement = Movement(
        entry=ledger.entry,
        number=ledger.ordinal,
        source=source,
        target=target,
        instrument=instrument,
        quantity=quantity,
        cause=cause,
    )
    ledger.ordinal += 1
    ledger.journal.append((movement,))


def moved(ledger: Ledger, effect: Moved) -> None:
    """Move available value."""
    post(
        ledger,
        source=effect.source,
        target=effect.target,
        instrument=effect.instrument,
        quantity=effect.quantity,
        cause=effect.cause,
    )


def hold_placed(ledger: Ledger, effect: HoldPlaced) -> None:
    """Set a quantity apart, and schedule its end where it has one."""
    hold = Hold(
        id=effect.hold,
        account=effect.account,
        instrument=effect.instrument,
        quantity=effect.quantity,
        purpose=effect.purpose,
        reference=effect.reference,
        beneficiary=effect.beneficiary,
        until=effect.until,
    )
    journal = ledger.journal
    holding = ledger.accounts[hold.account].holding(journal, hold.instrument)
    holding.note(journal)
    holding.available -= hold.quantity
    holding.held += hold.quantity
    holding.check()
    create(journal, ledger.holds, key=hold.id, value=hold)
    ledger.note()
    ledger.next_hold = hold.id + 1
    if hold.until is not None:
        ledger.timers.schedule(journal, kind="hold", subject=str(hold.id), due=hold.until)


def hold_consumed(ledger: Ledger, effect: HoldConsumed) -> None:
    """Give held value to another account."""
    hold = ledger.holds[effect.hold]
    post(
        ledger,
        source=hold.account,
        target=effect.target,
        instrument=hold.instrument,
        quantity=effect.quantity,
        cause=effect.cause,
        held=True,
    )
    _reduce(ledger, hold, effect.quantity)


def hold_released(ledger: Ledger, effect: HoldReleased) -> None:
    """Give held value back to its holder."""
    hold = ledger.holds[effect.hold]
    holding = ledger.accounts[hold.account].holdings[hold.instrument]
    holding.note(ledger.journal)
    holding.held -= effect.quantity
    holding.available += effect.quantity
    holding.check()
    _reduce(ledger, hold, effect.quantity)


def _reduce(ledger: Ledger, hold: Hold, quantity: int) -> None:
    """Shrink a hold; an empty one leaves the state, its row stays with quantity 0."""
    ledger.journal.append((hold, hold.quantity))
    hold.quantity -= quantity
    ensure(hold.quantity >= 0, f"hold {hold.id} reduced below zero")
    if hold.quantity == 0:
        remove(ledger.journal, ledger.holds, key=hold.id)
        ledger.timers.cancel(ledger.journal, ("hold", str(hold.id)))


def proposed(ledger: Ledger, effect: Proposed) -> None:
    """Add a proposal."""
    proposal = Proposal(id=effect.proposal, maker=effect.maker, command=effect.command)
    create(ledger.journal, ledger.proposals, key=proposal.id, value=proposal)
    ledger.note()
    ledger.next_proposal = proposal.id + 1


def proposal_closed(ledger: Ledger, effect: ProposalClosed) -> None:
    """Close a proposal; it leaves the state, its row stays."""
    proposal = ledger.proposals[effect.proposal]
    ledger.journal.append((proposal, proposal.status, proposal.checker))
    proposal.status = effect.status
    proposal.checker = effect.checker
    remove(ledger.journal, ledger.proposals, key=proposal.id)


def phase_started(ledger: Ledger, effect: PhaseStarted) -> None:
    """Begin long work."""
    phase = Phase(id=effect.phase, kind=effect.phase_kind, subject=effect.subject)
    create(ledger.journal, ledger.phases, key=phase.id, value=phase)
    ledger.note()
    ledger.next_phase = phase.id + 1


def phase_advanced(ledger: Ledger, effect: PhaseAdvanced) -> None:
    """Note how far long work has come."""
    phase = ledger.phases[effect.phase]
    ledger.journal.append((phase, phase.cursor, phase.done))
    phase.cursor = effect.cursor


def phase_ended(ledger: Ledger, effect: PhaseEnded) -> None:
    """Finish long work; it leaves the state, its row stays."""
    phase = ledger.phases[effect.phase]
    ledger.journal.append((phase, phase.cursor, phase.done))
    phase.done = True
    remove(ledger.journal, ledger.phases, key=phase.id)


def timer_scheduled(ledger: Ledger, effect: TimerScheduled) -> None:
    """Add a timer; one of the same name is replaced."""
    ledger.timers.schedule(ledger.journal, kind=effect.kind, subject=effect.subject, due=effect.due)


def timer_fired(ledger: Ledger, effect: TimerFired) -> None:
    """Take a timer away."""
    ledger.timers.cancel(ledger.journal, (effect.kind, effect.subject))


def machine_activated(ledger: Ledger, effect: MachineActivated) -> None:
    """Switch the version that decides."""
    ledger.note()
    ledger.machine_version = effect.machine
    record_decision(ledger, kind="machine", subject="", terms=effect)


def no_change(ledger: Ledger, effect: Effect) -> None:
    """Fold an effect that states a fact and changes nothing."""


FOLDS: Mapping[type[Effect], Any] = {
    VenueOpened: venue_opened,
    PartyRegistered: party_registered,
    ActorRegistered: actor_registered,
    ActorRevoked: actor_revoked,
    AccountOpened: account_opened,
    AccountClosed: account_closed,
    InstrumentDefined: instrument_defined,
    Moved: moved,
    HoldPlaced: hold_placed,
    HoldConsumed: hold_consumed,
    HoldReleased: hold_released,
    Proposed: proposed,
    ProposalClosed: proposal_closed,
    PhaseStarted: phase_started,
    PhaseAdvanced: phase_advanced,
    PhaseEnded: phase_ended,
    TimerScheduled: timer_scheduled,
    TimerFired: timer_fired,
    LegStarted: no_change,
    MachineActivated: machine_activated,
    StatementCertified: no_change,
}
