"""The way of a submission until it is applied, and of its answer back.

A key that is under way joins the submission that is; one that is in the log gets the answer of its
entry; what a command needs from the database is fetched; then it waits for its batch. A command
that may have ended a writer waits apart, for it runs alone.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import msgspec

from kernel.errors import DomainError
from ledger.commands import Approve, CertifyStatement, Command
from ledger.encoding import command_text, personal_text
from ledger.machine import SYSTEM, Machine
from ledger.personal.commands import ErasePerson
from ledger.personal.fetched import asked_to_erase
from ledger.sequencer.admission import Admission
from ledger.sequencer.conditions import Conditions
from ledger.sequencer.keys import KnownKeys
from ledger.sequencer.pending import Group, Pending, Reply, Settled
from ledger.sequencer.prefetch import StoredByKey
from ledger.sequencer.submission import (
    Answer,
    StoredBody,
    Submission,
    Unavailable,
    Unreadable,
    answer_of,
    digest_of,
    key_hash,
    key_reused,
)
from ledger.shelf import RowKey

_MAY_ERASE = (Approve, ErasePerson)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of the keys before, and who may have ended the writer before.

    ``suspects`` are key hashes, or ``None`` where that is not known: then every command that a
    client sends again is one. ``deaths`` counts by key hash.
    """

    known: KnownKeys
    suspects: Collection[int] | None = ()
    deaths: dict[int, int] = field(default_factory=dict)


class Intake:
    """Everything that was taken in and has no answer.

    ``head`` is the last committed entry, ``closed`` says why nothing is taken, if so. ``look_up``,
    ``fetch`` and ``fetch_rows`` are the prefetch's.
    """

    def __init__(self, machine: Machine, past: Past, conditions: Conditions, *, head: int) -> None:
        self.head = head
        self.closed = ""
        self.known = past.known
        self.admission = Admission(waiting_max=conditions.limits.waiting)
        self.suspects: deque[Pending] = deque()
        self.look_up: Callable[[Pending], None] = _nobody_fetches
        self.fetch: Callable[[Pending], None] = _nobody_fetches
        self.fetch_rows: Callable[[Pending], None] = _nobody_fetches
        self.arrived: Callable[[], None] = lambda: None
        self._machine = machine
        self._past = past
        self._clock = conditions.clock
        self._urgent = conditions.urgent
        self._open: dict[tuple[str, str | int], Pending] = {}
        self._arrivals = 0

    @property
    def unanswered(self) -> list[Pending]:
        """Return what was taken in and has no answer, in the order of arrival."""
        return list(self._open.values())

    async def submit(self, submissions: list[Submission]) -> list[Answer | DomainError]:
        """Take submissions in and return their answers, from within the writer's process."""
        waiting: asyncio.Future[list[Reply]] = asyncio.get_running_loop().create_future()

        def done(replies: list[Reply]) -> None:
            if not waiting.done():
                waiting.set_result(replies)

        group = Group(len(submissions), done)
        for place, submission in enumerate(submissions):
            self.admit(submission, group, place=place)
        replies = await waiting
        return [reply.answer if isinstance(reply, Settled) else reply for reply in replies]

    def admit(self, submission: Submission, group: Group, *, place: int) -> None:
        """Take a submission in; its reply goes to the group after its commit."""
        try:
            self._admit(submission, group, place)
        except DomainError as error:
            group.settle(place, error)

    def open_with(self, command: Command) -> None:
        """Take the first command of a new log in, as the system's."""
        submission = Submission(actor=SYSTEM, key="", command=command)
        text, personal = command_text(command), personal_text(command)
        group = Group(1, lambda _: None)
        self._route(self._pending(submission, text=text, personal=personal, group=group))

    def bring_back(self, pending: Pending) -> None:
        """Take in what an earlier run of this writer left without an answer."""
        self._arrivals += 1
        pending.arrival = self._arrivals
        pending.fetched = None
        pending.erases = None
        pending.held = ()
        pending.attempted = None
        pending.expected = False
        pending.repeated = pending.number in self.known
        self._route(pending)

    def looked_up(self, pending: Pending, entries: list[StoredByKey]) -> None:
        """Answer a key that is in the log, or go on with a new one."""
        submission = pending.submission
        for entry in entries:
            body = msgspec.json.decode(entry.postings, type=StoredBody)
            if (body.actor, body.key) == (submission.actor, submission.key):
                answer = answer_of(self._machine, index=entry.index, postings=entry.postings)
                if _says_the_same(pending, body, entry):
                    self.settle(pending, Settled(answer, entry.postings))
                else:
                    reused = key_reused(at=answer.at, head=answer.head)
                    self.settle(pending, Settled(reused, b""))
                return
        self._prepare(pending)

    def enqueue(self, pending: Pending) -> None:
        """Let a command wait for its batch, or, where it may be deadly, for its turn alone."""
        self.admission.expect_no_more(pending)
        number = pending.number
        known = self._past.suspects
        again = pending.submission.attempt > 1 if known is None else number in known
        if again and number:
            pending.attempted = False
            pending.deaths = self._past.deaths.get(number, 0) + 1
            self.suspects.append(pending)
        else:
            self.admission.add(pending)
        self.arrived()

    def settle(self, pending: Pending, reply: Reply) -> None:
        """Answer a submission and forget it."""
        self.admission.expect_no_more(pending)
        self._open.pop(_name(pending), None)
        for table, key in pending.held:
            self._machine.shelves[table].release(key)
        pending.held = ()
        pending.settle(reply)

    def is_ready(self, pending: Pending) -> bool:
        """Tell whether every row that a command reads, in the state as it is now, is in memory.

        Else, for what it reads may have become another since it came, it is fetched and comes
        again.
        """
        wanted = self._machine.reads(pending.submission.command)
        if not wanted or self._hold(pending, wanted):
            return True
        self.admission.expect(pending)
        self.fetch_rows(pending)
        return False

    def _admit(self, submission: Submission, group: Group, place: int) -> None:
        actor = submission.actor
        if actor == SYSTEM:
            raise Unreadable("nobody sends as the system", field="actor")
        try:
            text = command_text(submission.command)
            personal = personal_text(submission.command)
        except ValueError as error:
            raise Unreadable(str(error), field="command") from error
        first = None if submission.dry_run else self._open.get((actor, submission.key))
        if first is not None:
            first.repeats.append((text, personal, group, place))
            return
        if self.closed:
            raise Unavailable(self.closed)
        urgent = type(submission.command) in self._urgent
        pending = self._pending(submission, text=text, personal=personal, group=group)
        pending.place = place
        pending.urgent = urgent
        self.admission.check_room(actor, urgent=urgent, repeated=pending.repeated)
        self._route(pending)

    def _pending(
        self, submission: Submission, *, text: bytes, personal: bytes, group: Group
    ) -> Pending:
        self._arrivals += 1
        has_key = submission.key and not submission.dry_run
        number = key_hash(submission.actor, submission.key) if has_key else 0
        return Pending(
            submission=submission,
            number=number,
            repeated=number in self.known,
            text=text,
            personal=personal,
            at=self._clock.now(),
            arrival=self._arrivals,
            group=group,
        )

    def _route(self, pending: Pending) -> None:
        self._open[_name(pending)] = pending
        number = pending.number
        if number and (pending.repeated or not self.known.complete):
            self.admission.expect(pending)
            self.look_up(pending)
        else:
            self._prepare(pending)

    def _prepare(self, pending: Pending) -> None:
        command = pending.submission.command
        if isinstance(command, CertifyStatement) and command.entry_to <= self.head:
            self.admission.expect(pending)
            self.fetch(pending)
            return
        if isinstance(command, _MAY_ERASE):
            pending.erases = asked_to_erase(command, self._machine.ledger)
            if pending.erases is not None:
                self.admission.expect(pending)
                self.fetch(pending)
                return
        if self.is_ready(pending):
            self.enqueue(pending)

    def _hold(self, pending: Pending, wanted: tuple[RowKey, ...]) -> bool:
        """Keep rows in memory for a command until its answer; tell whether all are there."""
        held = set(pending.held)
        shelves = self._machine.shelves
        is_there = True
        for name in wanted:
            if name not in held:
                held.add(name)
                is_there &= shelves[name.table].hold(name.key)
        pending.held = tuple(held)
        return is_there


def _name(pending: Pending) -> tuple[str, str | int]:
    """Return under what a pending submission is known: its key, or, without one, its arrival."""
    submission = pending.submission
    has_key = submission.key and not submission.dry_run
    return submission.actor, submission.key if has_key else pending.arrival


def _says_the_same(pending: Pending, body: StoredBody, entry: StoredByKey) -> bool:
    """Tell whether a stored entry is of this very command.

    What was erased, or was not kept because the command was refused, is not compared.
    """
    found = bytes(body.command)
    if found == pending.text:
        kept = entry.personal is not None and body.refusal is None
        return not kept or entry.personal == pending.personal
    return b'"kind":"quarantine"' in found and digest_of(pending.text).encode() in found


def _nobody_fetches(pending: Pending) -> None:
    raise LookupError(f"nothing fetches for {pending.submission}")
