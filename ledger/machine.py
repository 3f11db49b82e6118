"""The machine: commands in, effects out; the same effects, folded, give the same state.

``apply`` is a function of state, command, actor and stamp: it reads no clock, draws nothing, waits
for nothing. A decision changes state only by emitting effects, and emitting one folds it at once,
so what replay folds is what live state did. Packages register their commands, folds and phases as
parts; the machine knows none of them by name.

Order of checks for every command: the actor is known and live, has one of the roles that the
command asks for, four eyes where the command needs them, then the command's own decision.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Union

import msgspec

from ledger.commands import (
    LINKED_COMMANDS_MAX,
    Approve,
    Command,
    ContinuePhase,
    Linked,
    Propose,
    SeedPhase,
)
from ledger.effects import Effect, LegStarted
from ledger.journal import undo
from ledger.refusals import Refusal, Reject
from ledger.roles import Role
from ledger.shelf import RowKey, Shelf
from ledger.state import Actor, Ledger

SYSTEM = "system"
SYSTEM_ACTOR = Actor(id=SYSTEM, party="", roles=frozenset(), digest="")
ANYONE: frozenset[Role] = frozenset(Role)


class Context:
    """What a decision may use beside state: who asks, when, what was fetched; and ``emit``.

    ``approver`` is the checker of an approved proposal, else ``None``. ``fetched`` is what the
    command declared for prefetch, or ``None``.
    """

    __slots__ = (
        "_folds",
        "actor",
        "approver",
        "at",
        "effects",
        "fetched",
        "ledger",
        "machine",
        "version",
    )

    def __init__(
        self,
        machine: "Machine",
        folds: Mapping[type[Effect], Callable[[Any], None]],
        *,
        actor: Actor,
        fetched: object,
    ) -> None:
        ledger = machine.ledger
        self.machine = machine
        self.ledger = ledger
        self.actor = actor
        self.approver: Actor | None = None
        self.at = ledger.at
        self.version = ledger.machine_version
        self.fetched = fetched
        self.effects: list[Effect] = []
        self._folds = folds

    def emit(self, effect: Effect) -> None:
        """Let something happen: note the effect and fold it into state."""
        self.effects.append(effect)
        self._folds[type(effect)](effect)


Decide = Callable[[Any, Any, Context], Refusal | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of command is decided.

    An empty ``roles`` means that only the system actor may send it. ``four_eyes`` tells whether
    this very command needs a second person; ``linkable`` whether it may stand in a linked list;
    ``checkers`` are roles that may approve it for another party's maker, ``may_check`` says which
    of their actors where not all may. ``reads`` names the rows of shelves that its decision reads
    or changes.
    """

    decide: Decide
    roles: frozenset[Role]
    four_eyes: Callable[[Any, Any], bool] | None = None
    linkable: bool = True
    checkers: frozenset[Role] = frozenset()
    may_check: Callable[[Any, Any, Actor], bool] | None = None
    reads: Callable[[Any, Any], Iterable[RowKey]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one package adds to the machine.

    ``phases`` maps a phase kind to the function that does its next slice, ``timers`` a timer kind
    to the function that does what is due; ``rows`` iterates all resident objects with a row;
    ``seeded`` are the phase kinds that begin with random bytes; ``binds`` says in words what is
    still open of a party, ``None`` where nothing is; ``shelves`` are its tables whose rows are not
    resident, which neither timers nor phases may read.
    """

    state: Any
    rules: Mapping[type[Command], Rule]
    folds: Mapping[type[Effect], Callable[[Any, Any], None]]
    phases: Mapping[str, Callable[[Any, Any, Context], None]] = field(default_factory=dict)
    timers: Mapping[str, Callable[[Any, str, Context], None]] = field(default_factory=dict)
    rows: Callable[[Any], Iterable[Any]] = lambda _: ()
    check: Callable[[Any], None] = lambda _: None
    seeded: frozenset[str] = frozenset()
    binds: Callable[[Any, str], str | None] = lambda _state, _party: None
    shelves: tuple[Shelf[Any], ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command: its effects, or the refusal and none."""

    effects: list[Effect]
    refusal: Refusal | None


class _RawLinked(msgspec.Struct, tag_field="kind", tag="linked"):
    commands: list[msgspec.Raw]


class _RawPropose(msgspec.Struct, tag_field="kind", tag="propose"):
    command: msgspec.Raw


class Machine:
    """All parts of one venue, composed; the one object that changes machine state."""

    def __init__(self, ledger: Ledger, parts: Iterable[Part]) -> None:
        self.ledger = ledger
        self.parts = tuple(parts)
        self._rules: dict[type[Command], tuple[Rule, Any]] = {}
        self._folds: dict[type[Effect], Callable[[Any], None]] = {}
        self._phases: dict[str, Callable[[Any, Context], None]] = {}
        self._timers: dict[str, Callable[[str, Context], None]] = {}
        self._seeded: set[str] = set()
        self._reads: dict[type[Command], Callable[[Any], Iterable[RowKey]]] = {}
        self.shelves: dict[str, Shelf[Any]] = {}
        for part in self.parts:
            self._register(part)
        commands = tuple(c for c in self._rules if c is not Linked and c is not Propose)
        self._commands = msgspec.json.Decoder(
            Union[(*commands, _RawLinked, _RawPropose)],
            strict=False,
        )
        self._effects: msgspec.json.Decoder[Any] = msgspec.json.Decoder(
            list[Union[tuple(self._folds)]],  # type: ignore[misc]  # noqa: UP007
            strict=False,
        )

    def _register(self, part: Part) -> None:
        for command, rule in part.rules.items():
            self._rules[command] = (rule, part.state)
            if rule.reads is not None:
                self._reads[command] = partial(rule.reads, part.state)
        for effect, fold in part.folds.items():
            self._folds[effect] = partial(fold, part.state)
        for kind, carry_on in part.phases.items():
            self._phases[kind] = partial(carry_on, part.state)
        for kind, fire in part.timers.items():
            self._timers[kind] = partial(fire, part.state)
        self._seeded |= part.seeded
        self.shelves.update((shelf.table, shelf) for shelf in part.shelves)

    @property
    def command_types(self) -> tuple[type[Command], ...]:
        """Every kind of command that this machine knows."""
        return tuple(self._rules)

    @property
    def effect_types(self) -> tuple[type[Effect], ...]:
        """Every kind of effect that this machine can fold."""
        return tuple(self._folds)

    def decode_command(self, text: bytes | msgspec.Raw) -> Command:
        """Read a command from JSON; numbers may be decimal strings.

        Raises:
            msgspec.ValidationError: unknown kind, missing field or wrong type.
        """
        found = self._commands.decode(text)
        if isinstance(found, _RawLinked):
            return Linked(commands=tuple(self.decode_command(raw) for raw in found.commands))
        if isinstance(found, _RawPropose):
            return Propose(command=self.decode_command(found.command))
        command: Command = found
        return command

    def decode_effects(self, text: bytes) -> list[Effect]:
        """Read the effects of an entry from JSON."""
        effects: list[Effect] = self._effects.decode(text)
        return effects

    def reads(self, command: Command) -> tuple[RowKey, ...]:
        """Return the rows of shelves that deciding a command in this state would read.

        Those of a proposal are its command's, once it is approved; a list's are those of its legs.
        """
        if isinstance(command, Linked):
            legs = command.commands[: LINKED_COMMANDS_MAX + 1]
            return tuple(name for leg in legs for name in self.reads(leg))
        if isinstance(command, Approve):
            proposal = self.ledger.proposals.get(command.proposal)
            if proposal is None or not self._reads:
                return ()
            return self.reads(self.decode_command(proposal.command.encode()))
        declared = self._reads.get(type(command))
        return () if declared is None else tuple(declared(command))

    def begin(self, *, index: int, at: int) -> None:
        """Set the entry and the stamp that the next effects belong to."""
        ledger = self.ledger
        ledger.note()
        ledger.entry = index
        ledger.at = at
        ledger.ordinal = 0
        ledger.decided = 0

    def apply(
        self, command: Command, *, actor: str, index: int, at: int, fetched: object = None
    ) -> Outcome:
        """Decide a command as entry ``index`` at stamp ``at`` (microseconds since the epoch).

        A refused command leaves state as it was but for the entry's index and stamp.

        Raises:
            InvariantBroken: our own state contradicts itself; the caller must undo and stop.
        """
        self.begin(index=index, at=at)
        journal = self.ledger.journal
        mark = len(journal)
        sender = SYSTEM_ACTOR if actor == SYSTEM else self.ledger.actors.get(actor)
        if sender is None:
            return Outcome([], Refusal(code=Reject.ACTOR_UNKNOWN))
        context = Context(self, self._folds, actor=sender, fetched=fetched)
        refusal = self.decide(command, context)
        if refusal is not None:
            undo(journal, mark=mark)
            return Outcome([], refusal)
        return Outcome(context.effects, None)

    def decide(self, command: Command, context: Context) -> Refusal | None:
        """Check the actor's authority, then let the command's own rule decide."""
        rule, state = self._rules[type(command)]
        actor = context.actor
        if not actor.live:
            return Refusal(code=Reject.ACTOR_REVOKED)
        if not rule.roles:
            if actor is not SYSTEM_ACTOR:
                return Refusal(code=Reject.SYSTEM_ONLY)
        elif actor is not SYSTEM_ACTOR and rule.roles.isdisjoint(actor.roles):
            return Refusal(code=Reject.ROLE_MISSING, expected=_names(rule.roles))
        if (
            rule.four_eyes is not None
            and context.approver is None
            and rule.four_eyes(state, command)
        ):
            return Refusal(code=Reject.FOUR_EYES_REQUIRED)
        if isinstance(command, Linked):
            return self._decide_linked(command, context)
        if isinstance(command, Approve):
            return self._decide_approved(command, context)
        subject = command.SUBJECT
        if subject and getattr(command, subject) in self.ledger.privacy.erasures:
            # Whatever the command would say of an erased person, nothing of it may be kept.
            found = getattr(command, subject)
            return Refusal(code=Reject.PARTY_ERASED, field=subject, found=found)
        return rule.decide(state, command, context)

    def _decide_linked(self, linked: Linked, context: Context) -> Refusal | None:
        if not 0 < len(linked.commands) <= LINKED_COMMANDS_MAX:
            return Refusal(
                code=Reject.LINKED_COUNT_UNFIT,
                field="commands",
                expected=f"1 to {LINKED_COMMANDS_MAX}",
                found=str(len(linked.commands)),
            )
        for leg, command in enumerate(linked.commands):
            if not self._rules[type(command)][0].linkable:
                return Refusal(code=Reject.NOT_LINKABLE, field="kind", leg=leg)
            context.emit(LegStarted(leg=leg))
            refusal = self.decide(command, context)
            if refusal is not None:
                return msgspec.structs.replace(refusal, leg=leg)
        return None

    def _decide_approved(self, approve: Approve, context: Context) -> Refusal | None:
        """Close the proposal by the rule of ``Approve``, then decide its command as the maker's."""
        rule, state = self._rules[Approve]
        proposal = self.ledger.proposals.get(approve.proposal)
        refusal = rule.decide(state, approve, context)
        if refusal is not None or proposal is None:
            return refusal
        checker = context.actor
        context.approver = checker
        context.actor = self.ledger.actors[proposal.maker]
        try:
            return self.decide(self.decode_command(proposal.command.encode()), context)
        finally:
            context.actor = checker
            context.approver = None

    def may(self, command: Command, *, actor: str) -> Refusal | None:
        """Return why the actor may not even ask, without deciding the command."""
        rule, _ = self._rules[type(command)]
        sender = SYSTEM_ACTOR if actor == SYSTEM else self.ledger.actors.get(actor)
        if sender is None:
            return Refusal(code=Reject.ACTOR_UNKNOWN)
        if not sender.live:
            return Refusal(code=Reject.ACTOR_REVOKED)
        if sender is not SYSTEM_ACTOR and rule.roles.isdisjoint(sender.roles):
            return Refusal(code=Reject.ROLE_MISSING, expected=_names(rule.roles))
        return None

    def may_check(self, command: str, *, checker: Actor) -> bool:
        """Tell whether an actor may decide on a command of another party's maker."""
        asked = self.decode_command(command.encode())
        rule, state = self._rules[type(asked)]
        if rule.checkers.isdisjoint(checker.roles):
            return False
        return rule.may_check is None or rule.may_check(state, asked, checker)

    def binding(self, party: str) -> str | None:
        """Return the first thing of a party's that is still open in some part, in words."""
        found = (part.binds(part.state, party) for part in self.parts)
        return next((words for words in found if words is not None), None)

    def fold(self, effects: Iterable[Effect], *, index: int, at: int) -> None:
        """Fold the effects of a committed entry."""
        self.begin(index=index, at=at)
        folds = self._folds
        for effect in effects:
            folds[type(effect)](effect)

    def next_slice(self, draw: Callable[[], bytes]) -> Command:
        """Return the command that carries the oldest open phase on.

        ``draw`` gives 32 random bytes, for a phase that begins with some.
        """
        phase = self.ledger.phases[min(self.ledger.phases)]
        if phase.kind in self._seeded and not phase.cursor:
            return SeedPhase(phase=phase.id, seed=draw().hex())
        return ContinuePhase(phase=phase.id)

    def carry_on(self, kind: str, phase: Any, context: Context) -> None:
        """Do the next slice of a phase."""
        self._phases[kind](phase, context)

    def fire(self, kind: str, subject: str, context: Context) -> None:
        """Do what a timer is for."""
        self._timers[kind](subject, context)

    def rows(self) -> Iterable[Any]:
        """Iterate every resident object that has a row."""
        for part in self.parts:
            yield from part.rows(part.state)
        yield from (
            self.shelves[table] for table in sorted(self.shelves) if self.shelves[table].count
        )

    def shelved(self) -> Iterable[Any]:
        """Iterate every row of the shelves, all of which must be whole."""
        for table in sorted(self.shelves):
            yield from self.shelves[table].rows()

    def check(self) -> None:
        """Prove the whole state.

        Raises:
            InvariantBroken: naming the first contradiction.
        """
        for part in self.parts:
            part.check(part.state)
        for shelf in self.shelves.values():
            shelf.check()


def _names(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(roles))
