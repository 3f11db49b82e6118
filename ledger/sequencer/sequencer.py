"""The loop of the writer: commands in, batches committed in a pipeline, answers after commit.

At most two batches are in flight: while one commits, the next is applied. A batch closes when
nothing more waits, or at its limits; beside a batch in flight the next one starts only when about
half as much waits as the last one took, and more than a few, else small batches would chase each
other and every answer would wait for two commits.

When a batch fails, every uncommitted change is undone, newest first, and the commands go back in
their order. Then (``faults``): a row's fault halves the batches until one command stands alone and
is set aside by an entry with its digest; a conflict is tried once more; the database's own trouble
stops the taking of commands for a pause, as long as it lasts; an unknown outcome ends this
sequencer, and the writer takes the lease over from itself.

A command that was being applied when a writer died runs alone, after a committed row that counts
its deaths; the second death refuses it.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass

import structlog

from kernel.clock import SystemClock
from ledger.commands import Command, Quarantine
from ledger.encoding import command_text
from ledger.entry import NO_PERSONAL
from ledger.machine import Machine
from ledger.sequencer import collector
from ledger.sequencer.batch import Batch, Builder
from ledger.sequencer.committer import VALUE_REFUSED, Order, Result
from ledger.sequencer.conditions import Conditions
from ledger.sequencer.faults import FENCED, Fault, fault_of
from ledger.sequencer.intake import Intake, Past
from ledger.sequencer.marker import Marker
from ledger.sequencer.pending import Pending, Settled
from ledger.sequencer.pipe import CommitterGone, CommitterPipe
from ledger.sequencer.submission import Submission, Unavailable, digest_of

IN_FLIGHT_MAX = 2
CONFLICTS_MAX = 2
DEATHS_MAX = 2
ENTRIES_PER_COMMAND_MAX = 4
WAIT_SECONDS_MIN = 0.001

TOO_LATE = "the deadline passed before the command was applied"

log = structlog.get_logger()
Taken = list[tuple[Pending, Settled]]
Quarantined = list[tuple[str, bytes, str, str]]


class Stopped(Exception):
    """This writer may not go on; ``unknown`` when what was in flight may have committed."""

    def __init__(self, reason: str, *, unknown: bool = False) -> None:
        super().__init__(reason)
        self.unknown = unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """Where a sequencer starts: the committed end of the log; ``owed`` as in ``Builder``."""

    head: int
    owed: bool
    past: Past


@dataclass(slots=True, kw_only=True)
class _Flight:
    """An order on its way, and who waits for it.

    ``attempt`` is the suspect whose death it counts; ``narrow`` tells that it was cut short to
    find an offender, ``last`` that it sets the offender aside.
    """

    number: int
    batch: Batch
    taken: Taken
    attempt: Pending | None = None
    narrow: bool = False
    last: bool = False


class Sequencer:
    """Applies submissions in their order and answers them after their commit."""

    def __init__(
        self,
        machine: Machine,
        pipe: CommitterPipe,
        beginning: Beginning,
        *,
        marker: Marker,
        conditions: Conditions,
    ) -> None:
        self.machine = machine
        self.intake = Intake(machine, beginning.past, conditions, head=beginning.head)
        self.intake.arrived = self._wake
        self._pipe = pipe
        self._marker = marker
        self._conditions = conditions
        self._limits = conditions.limits
        self._alarm = conditions.alarm
        self._real_clock = SystemClock()
        self._builder = Builder(
            machine,
            head=beginning.head,
            owed=beginning.owed,
            keys=conditions.keys,
            alarm=conditions.alarm,
        )
        self._flights: deque[_Flight] = deque()
        self._number = 0
        self._narrowed = 0
        self._last_count = 0
        self._conflicts = 0
        self._suspects_turn = True
        self._paused_until = 0.0
        self._renewed = time.monotonic()
        self._failure: Stopped | None = None
        self._stopping = False
        self._waker: asyncio.Future[None] | None = None

    def stop(self) -> None:
        """Take no more; end when what is in flight has committed."""
        self._stopping = True
        self.intake.closed = "the writer is being stopped"
        self._wake()

    def fail(self, failure: Stopped) -> None:
        """End with the first failure."""
        if self._failure is None:
            self._failure = failure
        self._wake()

    async def run(self) -> None:
        """Work until stopped; what has no answer then stays in ``intake.unanswered``.

        Raises:
            Stopped: another writer has the lease, an outcome is unknown, or a fault of our own.
        """
        hearing = asyncio.create_task(self._hear())
        try:
            while self._failure is None and (self._flights or not self._stopping):
                if not self._stopping and self._may_start():
                    self._start()
                    collector.bound()
                    await asyncio.sleep(0)
                else:
                    await self._wait()
        finally:
            hearing.cancel()
        if self._failure is not None:
            raise self._failure

    def _wake(self) -> None:
        if self._waker is not None and not self._waker.done():
            self._waker.set_result(None)

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._waker = loop.create_future()
        alarm_clock = loop.call_later(self._patience(), self._wake)
        await self._waker
        self._waker = None
        alarm_clock.cancel()
        if not self._flights and time.monotonic() - self._renewed >= self._conditions.ttl / 4:
            self._builder.begin()
            self._send(self._builder.finish(), [])
            collector.tidy()

    def _patience(self) -> float:
        """Return for how long there is nothing to do unless something arrives."""
        now = time.monotonic()
        until = self._renewed + self._conditions.ttl / 4
        if self._paused_until > now:
            until = min(until, self._paused_until)
        ledger = self.machine.ledger
        timer = ledger.timers.earliest()
        if timer is not None and ledger.clock != "scenario" and not self._flights:
            until = min(until, now + (timer.due - self._conditions.clock.now()) / 1_000_000)
        return max(until - now, WAIT_SECONDS_MIN)

    def _may_start(self) -> bool:
        """Start when nothing is in flight, or beside one flight when half a batch waits."""
        if time.monotonic() < self._paused_until:
            return False
        waiting = len(self.intake.admission)
        if not self._flights:
            if waiting or self.intake.suspects:
                return True
            return self._builder.due(self._horizon(), idle=True) is not None
        if len(self._flights) >= IN_FLIGHT_MAX or self._narrowed or self.intake.suspects:
            return False
        return waiting >= self._limits.beside and waiting * 2 >= self._last_count

    def _horizon(self) -> int:
        ledger = self.machine.ledger
        return ledger.at if ledger.clock == "scenario" else self._conditions.clock.now()

    def _start(self) -> None:
        admission = self.intake.admission
        if self.intake.suspects and (self._suspects_turn or not len(admission)):
            self._suspects_turn = False
            self._start_suspect()
            return
        self._suspects_turn = True
        limit = max(1, self._narrowed // 2) if self._narrowed else self._limits.commands
        chosen = deque(admission.take(limit))
        taken = self._build(chosen, alone=self._narrowed > 0 and limit == 1)
        admission.put_back(chosen)
        if not self._narrowed:
            self._last_count = len(taken)
        self._hand_over(taken)

    def _start_suspect(self) -> None:
        """Carry the oldest suspect on by one step: its row, then its run alone, or its refusal."""
        suspects = self.intake.suspects
        pending = suspects[0]
        if pending.deaths >= DEATHS_MAX:
            suspects.popleft()
            self._set_aside(pending, cause="death")
        elif not pending.attempted:
            self._builder.begin()
            self._send(self._builder.finish(), [], attempt=pending)
        else:
            chosen = deque([suspects.popleft()])
            taken = self._build(chosen, alone=True)
            suspects.extendleft(chosen)
            self._hand_over(taken)

    def _build(self, chosen: deque[Pending], *, alone: bool) -> Taken:
        """Apply what fits; ``alone`` keeps the system's entries out of the command's batch."""
        builder = self._builder
        builder.begin()
        batch = builder.batch
        limits = self._limits
        entries_max = ENTRIES_PER_COMMAND_MAX * limits.commands
        seconds_max = limits.apply_seconds
        now = self._real_clock.now()
        taken: Taken = []
        spent = 0.0
        while not builder.broken:
            idle = not chosen and not len(self.intake.admission)
            if not chosen and not idle:
                break
            at = self._horizon() if idle else builder.stamp(chosen[0])
            begin = time.perf_counter()
            command = self._before(chosen, at=at, idle=idle)
            if command is not None:
                if alone and taken:
                    break
                builder.apply_system(command)
            elif idle or (alone and batch.applied):
                break
            else:
                pending = chosen.popleft()
                deadline = pending.submission.deadline
                if deadline is not None and deadline < now:
                    self.intake.settle(pending, Unavailable(TOO_LATE))
                    continue
                if not self.intake.is_ready(pending):
                    continue
                self._marker.applying(pending.number)
                taken.append((pending, builder.apply(pending, at=at)))
            spent += time.perf_counter() - begin
            if batch.size >= limits.batch_bytes or len(batch.applied) >= entries_max:
                break
            if seconds_max is not None and spent >= seconds_max:
                break
        self._marker.packing()
        return taken

    def _before(self, chosen: deque[Pending], *, at: int, idle: bool) -> Command | None:
        """Return what the system has to do first; a scenario's dry run moves no time."""
        if chosen and chosen[0].submission.dry_run and self.machine.ledger.clock == "scenario":
            return None
        return self._builder.due(at, idle=idle)

    def _hand_over(self, taken: Taken) -> None:
        batch = self._builder.finish()
        if batch.applied or taken:
            self._send(batch, taken, narrow=self._narrowed > 0)
        self._marker.idle()
        broken = self._builder.broken
        if broken and not batch.applied:
            self.fail(Stopped(f"the system's own command failed: {broken}"))

    def _send(
        self,
        batch: Batch,
        taken: Taken,
        *,
        attempt: Pending | None = None,
        narrow: bool = False,
        quarantined: Quarantined | None = None,
    ) -> None:
        self._number += 1
        flight = _Flight(
            number=self._number,
            batch=batch,
            taken=taken,
            attempt=attempt,
            narrow=narrow,
            last=quarantined is not None,
        )
        order = Order(
            self._number,
            batch.old_head,
            batch.head,
            batch.place,
            batch.applied,
            batch.entry_keys,
            batch.keys,
            [(rows.table, rows.created, rows.changed) for rows in batch.rows],
            quarantined or [],
            [] if attempt is None else [(attempt.number, attempt.deaths)],
            [pending.number for pending, _ in taken if pending.attempted is not None],
            batch.turns,
            batch.portions,
            self.machine.ledger.first_origin,
        )
        try:
            self._pipe.send(order)
        except (OverflowError, TypeError, ValueError) as error:
            # No message can hold a value of a row: it is the row's fault, as if refused.
            self._take_back(flight)
            self._narrow(flight, Result(self._number, VALUE_REFUSED, repr(error)))
        except CommitterGone as error:
            self._flights.append(flight)
            self.fail(Stopped(str(error), unknown=True))
        else:
            self._flights.append(flight)

    async def _hear(self) -> None:
        """Take results in their order for as long as the committer lives."""
        try:
            while True:
                result = await self._pipe.result()
                if not self._flights or self._flights[0].number != result.number:
                    continue  # an order that could not commit since the one before it failed
                if result.state:
                    self._failed(result)
                else:
                    self._committed()
                self._wake()
        except CommitterGone as error:
            self.fail(Stopped(str(error), unknown=True))
        except Exception as error:  # noqa: BLE001  else the loop would wait for ever
            self._alarm(f"after a commit: {error!r}")
            self.fail(Stopped(repr(error), unknown=True))

    def _committed(self) -> None:
        flight = self._flights.popleft()
        batch = flight.batch
        intake = self.intake
        self._renewed = time.monotonic()
        self._conflicts = 0
        if not self._stopping and (batch.applied or not len(intake.admission)):
            intake.closed = ""
        intake.head = batch.head
        del self.machine.ledger.journal[: batch.journal]
        add = intake.known.add
        for number, _ in batch.keys:
            add(number)
        if flight.attempt is not None:
            flight.attempt.attempted = True
        if flight.narrow:
            self._narrowed = max(0, self._narrowed - len(flight.taken))
        for pending, settled in flight.taken:
            intake.settle(pending, settled)

    def _failed(self, result: Result) -> None:
        """Undo everything that is not committed, then do what the fault asks for."""
        fault = fault_of(result.state)
        words = f"{result.state} {result.message}"
        log.warning("batch_failed", fault=fault, reason=words)
        if fault is Fault.UNKNOWN:
            self.fail(Stopped(f"the outcome of a commit is unknown ({words})", unknown=True))
            return
        if fault is Fault.STEP_DOWN:
            fenced = result.state == FENCED
            self.fail(Stopped("another writer has the lease" if fenced else words))
            return
        failed = self._flights[0]
        for flight in reversed(self._flights):
            self._take_back(flight)
        self._flights.clear()
        if fault is Fault.ROW:
            self._narrow(failed, result)
        elif fault is Fault.CONFLICT:
            self._conflicts += 1
            if self._conflicts >= CONFLICTS_MAX:
                self._halt(f"a conflict with one writer: {words}")
        else:
            self._paused_until = time.monotonic() + self._limits.retry_pause
            self.intake.closed = "the database does not take commits now"
            self._alarm(f"{self.intake.closed}: {words}")

    def _halt(self, words: str) -> None:
        self._alarm(words)
        self.fail(Stopped(words))

    def _take_back(self, flight: _Flight) -> None:
        """Undo the newest batch; its commands are the next ones again."""
        self._builder.forget(flight.batch)
        pending = [each for each, _ in flight.taken]
        if pending and pending[0].attempted is not None:
            self.intake.suspects.extendleft(reversed(pending))
        else:
            self.intake.admission.put_back(pending)

    def _narrow(self, failed: _Flight, result: Result) -> None:
        """Halve the next batches; a command that fails alone is set aside."""
        count = len(failed.taken)
        words = f"{result.state} {result.message}"
        if count == 0 or failed.last:
            self._halt(f"the database refuses a row that no command caused: {words}")
        elif count == 1 and len(failed.batch.applied) == 1:
            self._narrowed = max(0, self._narrowed - 1)
            offender = failed.taken[0][0]
            if offender.attempted is None:
                self.intake.admission.take(1)
            else:
                self.intake.suspects.popleft()
            self._set_aside(offender, cause=f"row {words}")
        else:
            # One command beside entries of the system: next time it stands alone.
            self._narrowed = max(count, 1)

    def _set_aside(self, offender: Pending, *, cause: str) -> None:
        """Refuse a command by an entry with its digest only; its bytes go to quarantine."""
        submission = offender.submission
        self._alarm(f"command {submission.key} of {submission.actor} is set aside: {cause}")
        # Without its personal parts, which no fault needs and which nobody could erase there.
        content = offender.text
        command = Quarantine(digest=digest_of(content), cause=cause.partition(" ")[0])
        stand_in = Pending(
            submission=Submission(actor=submission.actor, key=submission.key, command=command),
            number=offender.number,
            text=command_text(command),
            personal=NO_PERSONAL,
            at=offender.at,
            arrival=offender.arrival,
            group=offender.group,
        )
        builder = self._builder
        builder.begin()
        settled = builder.apply(stand_in, at=builder.stamp(stand_in))
        self._send(
            builder.finish(),
            [(offender, settled)],
            quarantined=[(command.digest, content, cause, submission.actor)],
        )
