"""The machine's part for state roots: it begins at a close, is given a seed, and goes on in units.

The seed is 32 random bytes that the writer draws before ``apply``. It stands in the postings part
of its own entry, which holders never see, and in no other: who knew it could tell what everybody
holds. An entry with roots has nothing that may not be shown to everybody.
"""

from collections.abc import Mapping
from typing import Any

from kernel.errors import ensure
from ledger.commands import SeedPhase
from ledger.effects import Effect, PhaseEnded, PhaseStarted
from ledger.journal import create, remove
from ledger.machine import Context, Part, Rule
from ledger.refusals import Refusal
from ledger.state import Phase
from ledger.state_roots.building import leaves_in
from ledger.state_roots.capture import balances_of, capture_of
from ledger.state_roots.fragments import SEED_SIZE
from ledger.state_roots.state import STATE_ROOT, StateRoot, StateRoots, as_of, seed_and_unit


class HoldingsCaptured(Effect, frozen=True, kw_only=True, tag="holdings_captured"):
    """The trees of this phase are over what everybody holds now."""

    phase: int


class PhaseSeeded(Effect, frozen=True, kw_only=True, tag="phase_seeded"):
    """A phase has its random bytes and can go on."""

    phase: int
    seed: str


class StateRootCommitted(Effect, frozen=True, kw_only=True, tag="state_root_committed"):
    """The tree over the holdings of an instrument after entry ``as_of`` has this root.

    ``total`` is what all holders hold: ``issued`` less ``ended``, in lots or minor units.
    """

    phase: int
    as_of: int
    instrument: str
    leaves: int
    total: int
    issued: int
    ended: int
    root: str


class UnitDone(Effect, frozen=True, kw_only=True, tag="unit_done"):
    """A phase did its units before ``unit``; its seed stays out of this entry."""

    phase: int
    unit: int


class HoldingsReleased(Effect, frozen=True, kw_only=True, tag="holdings_released"):
    """All trees of a phase are built; what was captured for it is not needed any more."""

    phase: int


def begin(context: Context, *, occasion: str) -> None:
    """Begin the trees of a close, as the last effects of its entry; one close at a time.

    A close that comes while the trees of another are being built has none of its own.
    """
    ledger = context.ledger
    if any(phase.kind == STATE_ROOT for phase in ledger.phases.values()):
        return
    phase = ledger.next_phase
    subject = f"{ledger.entry} {occasion}"
    context.emit(PhaseStarted(phase=phase, phase_kind=STATE_ROOT, subject=subject))
    context.emit(HoldingsCaptured(phase=phase))


def seed_phase(roots: StateRoots, command: SeedPhase, context: Context) -> Refusal | None:
    """Give a phase its random bytes, once."""
    phase = roots.ledger.phases[command.phase]
    ensure(phase.kind == STATE_ROOT and not phase.cursor, f"phase {phase.id} waits for no seed")
    ensure(len(bytes.fromhex(command.seed)) == SEED_SIZE, "a seed of another size")
    context.emit(PhaseSeeded(phase=phase.id, seed=command.seed))
    return None


def carry_on(roots: StateRoots, phase: Phase, context: Context) -> None:
    """Phase: do the next unit and commit to the roots that it completes."""
    seed, unit = seed_and_unit(phase)
    building = roots.building(phase, seed=seed)
    capture = roots.captures[phase.id]
    for instrument, node in building.work(unit):
        supply = capture[instrument]
        ensure(node.total == supply.total, f"the tree of {instrument} sums to {node.total}")
        context.emit(
            StateRootCommitted(
                phase=phase.id,
                as_of=as_of(phase),
                instrument=instrument,
                leaves=leaves_in(supply),
                total=node.total,
                issued=supply.issued,
                ended=supply.ended,
                root=node.digest.hex(),
            )
        )
    if unit + 1 < building.units:
        context.emit(UnitDone(phase=phase.id, unit=unit + 1))
        return
    context.emit(HoldingsReleased(phase=phase.id))
    context.emit(PhaseEnded(phase=phase.id))


def _captured(roots: StateRoots, effect: HoldingsCaptured) -> None:
    capture = capture_of(balances_of(roots.ledger))
    create(roots.ledger.journal, roots.captures, key=effect.phase, value=capture)


def _seeded(roots: StateRoots, effect: PhaseSeeded) -> None:
    _set_cursor(roots, effect.phase, cursor=f"{effect.seed} 0")


def _unit_done(roots: StateRoots, effect: UnitDone) -> None:
    seed, _ = seed_and_unit(roots.ledger.phases[effect.phase])
    _set_cursor(roots, effect.phase, cursor=f"{seed.hex()} {effect.unit}")


def _set_cursor(roots: StateRoots, number: int, *, cursor: str) -> None:
    phase = roots.ledger.phases[number]
    roots.ledger.journal.append((phase, phase.cursor, phase.done))
    phase.cursor = cursor


def _committed(roots: StateRoots, effect: StateRootCommitted) -> None:
    ledger = roots.ledger
    root = StateRoot(
        entry=ledger.entry,
        number=ledger.decided,
        phase=effect.phase,
        as_of=effect.as_of,
        at=ledger.at,
        instrument=effect.instrument,
        leaves=effect.leaves,
        total=effect.total,
        issued=effect.issued,
        ended=effect.ended,
        root=effect.root,
    )
    ledger.decided += 1
    ledger.journal.append((root,))


def _released(roots: StateRoots, effect: HoldingsReleased) -> None:
    remove(roots.ledger.journal, roots.captures, key=effect.phase)


FOLDS: Mapping[type[Effect], Any] = {
    HoldingsCaptured: _captured,
    PhaseSeeded: _seeded,
    UnitDone: _unit_done,
    StateRootCommitted: _committed,
    HoldingsReleased: _released,
}


def state_roots_part(roots: StateRoots) -> Part:
    """Return what state roots register with the machine."""
    return Part(
        state=roots,
        rules={SeedPhase: Rule(decide=seed_phase, roles=frozenset(), linkable=False)},
        folds=FOLDS,
        phases={STATE_ROOT: carry_on},
        seeded=frozenset({STATE_ROOT}),
    )
