"""The pure part of the writer: commands in their order become entries, rows and answers.

The order of entries, which no cut between batches changes:

1. One slice of the oldest open phase follows each command.
2. Timers that are due at a command's time come before it, each as an entry of the system actor at
   its own due time; open phases end before a timer fires, for time passes between the two.
3. When nothing waits, what is left of the phases, and timers that fall due.
"""

from dataclasses import dataclass, field

from ledger.commands import Command, FireTimer, MoveClock, OpenVenue
from ledger.encoding import command_text, personal_portions, postings_text
from ledger.entry import NO_PERSONAL
from ledger.journal import undo
from ledger.machine import SYSTEM, Machine, Outcome
from ledger.projection import TableRows, write_set
from ledger.refusals import Refusal, Reject
from ledger.sequencer.conditions import Alarm, EntryKeys
from ledger.sequencer.pending import Pending, Settled
from ledger.sequencer.sealing import Place
from ledger.sequencer.submission import Answer, Submission

SEED_SIZE = 32


@dataclass(slots=True)
class Batch:
    """What one transaction will hold: the fence's values and rows of every table.

    ``applied`` are (stamp, postings, personal part) of its entries; the committer seals them with
    ``entry_keys``, 64 random bytes for each. ``place`` is the public log of the first of them, and
    ``turns`` are (index, origin) of those with which another log begins. ``portions`` are (index,
    subject, portion) of the personal parts.
    """

    old_head: int
    owed: bool
    mark: int
    place: Place
    turns: list[tuple[int, str]] = field(default_factory=list)
    head: int = -1
    size: int = 0
    journal: int = 0
    applied: list[tuple[int, bytes, bytes]] = field(default_factory=list)
    entry_keys: bytes = b""
    portions: list[tuple[int, str, bytes]] = field(default_factory=list)
    keys: list[tuple[int, int]] = field(default_factory=list)
    rows: list[TableRows] = field(default_factory=list)


class Builder:
    """Applies commands to a machine and collects what their entries will say.

    ``owed`` tells whether the last entry may be followed by a slice of an open phase. ``broken``
    says what the system's own commands could not do; time cannot pass such a fault.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        head: int,
        owed: bool,
        keys: EntryKeys,
        alarm: Alarm,
    ) -> None:
        self.machine = machine
        self.head = head
        self.owed = owed
        self.broken = ""
        self._origin = machine.ledger.origin
        self._keys = keys
        self._alarm = alarm
        self.batch = Batch(old_head=head, owed=owed, mark=0, place=self._place())

    def begin(self) -> None:
        """Start an empty batch after the last one."""
        self.batch = Batch(
            old_head=self.head,
            owed=self.owed,
            mark=len(self.machine.ledger.journal),
            place=self._place(),
        )
        self._origin = self.batch.place.origin

    def _place(self) -> Place:
        ledger = self.machine.ledger
        return Place(ledger.origin, ledger.log_first)

    def finish(self) -> Batch:
        """Close the batch: draw the keys of its entries, name the rows that its journal names."""
        batch = self.batch
        batch.entry_keys = self._keys.draw(batch.old_head + 1, count=len(batch.applied))
        journal = self.machine.ledger.journal
        batch.head = self.head
        batch.journal = len(journal) - batch.mark
        batch.rows = write_set(journal, start=batch.mark)
        return batch

    def forget(self, batch: Batch) -> None:
        """Take back a batch, which must be the newest."""
        journal = self.machine.ledger.journal
        undo(journal, mark=len(journal) - batch.journal)
        self.head = batch.old_head
        self.owed = batch.owed

    def stamp(self, pending: Pending) -> int:
        """Return a command's time: never below the last stamp; a scenario's clock stands still.

        A scenario's clock moves only by a ``MoveClock`` of somebody who may send it.
        """
        ledger = self.machine.ledger
        submission = pending.submission
        command = submission.command
        if isinstance(command, OpenVenue) and submission.actor == SYSTEM:
            return command.start
        if ledger.clock != "scenario":
            return max(pending.at, ledger.at)
        if isinstance(command, MoveClock) and command.to > ledger.at:
            refusal = self.machine.may(command, actor=submission.actor)
            return command.to if refusal is None else ledger.at
        return ledger.at

    def due(self, at: int, *, idle: bool = False) -> Command | None:
        """Return what the system has to do before a command at ``at``, or while nothing waits."""
        ledger = self.machine.ledger
        phases = ledger.phases
        if phases and (idle or self.owed):
            return self.machine.next_slice(self._draw_seed)
        timer = ledger.timers.earliest()
        if timer is None or timer.due > at:
            return None
        if phases:
            return self.machine.next_slice(self._draw_seed)
        return FireTimer(timer=timer.kind, subject=timer.subject)

    def _draw_seed(self) -> bytes:
        return self._keys.draw(self.head + 1, count=1)[:SEED_SIZE]

    def apply_system(self, command: Command) -> None:
        """Apply one of the system's own commands; what goes wrong stands in ``broken``."""
        ledger = self.machine.ledger
        at = ledger.at
        if isinstance(command, FireTimer):
            timer = ledger.timers.pending[command.timer, command.subject]
            at = max(at, timer.due)
        mark = len(ledger.journal)
        try:
            outcome, version = self._decide(SYSTEM, command, at=at)
            if outcome.refusal is None:
                self._note(SYSTEM, "", command_text(command), NO_PERSONAL, outcome, version, at)
                self.owed = isinstance(command, FireTimer)
                return
            self.broken = f"{command}: {outcome.refusal}"
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  the edge around apply: undo and alarm
            self.broken = f"{command}: {error!r}"
        undo(ledger.journal, mark=mark)
        self._alarm(f"the system's own command failed: {self.broken}")

    def apply(self, pending: Pending, *, at: int) -> Settled:
        """Apply one command as an entry; a dry run leaves nothing behind."""
        submission = pending.submission
        if submission.dry_run:
            return self._try(pending, at=at)
        journal = self.machine.ledger.journal
        mark = len(journal)
        actor, key = submission.actor, submission.key
        text, personal = pending.text, pending.personal
        command = submission.command
        try:
            outcome, version = self._decide(actor, command, at=at, fetched=pending.fetched)
            if personal != NO_PERSONAL:
                personal = self._keep(command, personal, outcome)
            postings = self._note(actor, key, text, personal, outcome, version, at)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  the edge around apply: undo, refuse and alarm
            undo(journal, mark=mark)
            self._alarm(f"entry {self.head + 1} of {actor}: {error!r}")
            self.machine.begin(index=self.head + 1, at=at)
            outcome = Outcome([], Refusal(code=Reject.MACHINE_FAULT))
            version = self.machine.ledger.machine_version or 1
            postings = self._note(actor, key, text, NO_PERSONAL, outcome, version, at)
        index = self.head
        if key:
            self.batch.keys.append((pending.number, index))
        self.owed = True
        return Settled(
            Answer(
                index=index, at=at, effects=outcome.effects, refusal=outcome.refusal, head=index
            ),
            postings,
        )

    def _keep(self, command: Command, personal: bytes, outcome: Outcome) -> bytes:
        """Return the personal part that the entry keeps: none where the command was refused."""
        if outcome.refusal is not None:
            return NO_PERSONAL
        index = self.head + 1
        self.batch.portions += [
            (index, subject, portion) for subject, portion in personal_portions(command)
        ]
        return personal

    def _decide(
        self, actor: str, command: Command, *, at: int, fetched: object = None
    ) -> tuple[Outcome, int]:
        version = self.machine.ledger.machine_version or 1
        outcome = self.machine.apply(
            command, actor=actor, index=self.head + 1, at=at, fetched=fetched
        )
        return outcome, version

    def _note(  # noqa: PLR0917  what an entry says, in its order
        self,
        actor: str,
        key: str,
        text: bytes,
        personal: bytes,
        outcome: Outcome,
        version: int,
        at: int,
    ) -> bytes:
        postings = postings_text(
            actor=actor,
            at=at,
            command=text,
            effects=outcome.effects,
            key=key,
            machine=version,
            refusal=outcome.refusal,
        )
        batch = self.batch
        batch.applied.append((at, postings, personal))
        batch.size += len(postings)
        self.head += 1
        origin = self.machine.ledger.origin
        if origin is not self._origin:
            batch.turns.append((self.head, origin))
            self._origin = origin
        return postings

    def _try(self, pending: Pending, *, at: int) -> Settled:
        submission: Submission = pending.submission
        journal = self.machine.ledger.journal
        mark = len(journal)
        try:
            outcome, _ = self._decide(
                submission.actor, submission.command, at=at, fetched=pending.fetched
            )
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  the edge around apply: undo, refuse and alarm
            self._alarm(f"dry run of {submission.actor}: {error!r}")
            outcome = Outcome([], Refusal(code=Reject.MACHINE_FAULT))
        undo(journal, mark=mark)
        answer = Answer(
            index=None, at=at, effects=outcome.effects, refusal=outcome.refusal, head=self.head
        )
        return Settled(answer, b"")
