"""A writer's whole life: wait for the lease, load, serve, and begin anew after an unknown outcome.

A second process with the same plan is the standby: it waits for the lease, takes it over when it
has run out, loads from the committed rows and serves on the same path.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import structlog

from kernel.clock import Clock
from kernel.errors import DomainError
from ledger.commands import Command, OpenVenue
from ledger.machine import SYSTEM, Machine
from ledger.personal.vault import Vault
from ledger.sequencer import collector
from ledger.sequencer.committer import Setting
from ledger.sequencer.conditions import (
    LEASE_SECONDS,
    Alarm,
    Conditions,
    EntryKeys,
    Limits,
    RandomKeys,
    warn,
)
from ledger.sequencer.fence import (
    Lease,
    LeaseLost,
    acquire,
    keep,
    refuse_unsafe,
    release,
    retake,
)
from ledger.sequencer.intake import Past
from ledger.sequencer.keys import KnownKeys
from ledger.sequencer.marker import Marker, suspects
from ledger.sequencer.pending import Group, Pending
from ledger.sequencer.pipe import CommitterGone, CommitterPipe
from ledger.sequencer.prefetch import Certify, Prefetch, remember_older
from ledger.sequencer.protocol import WireSubmission, from_wire
from ledger.sequencer.sequencer import Beginning, Sequencer, Stopped
from ledger.sequencer.server import WriterServer
from ledger.sequencer.statements import statements_of
from ledger.sequencer.submission import Answer, StoredBody, Submission, Unavailable

log = structlog.get_logger()

Load = Callable[[asyncpg.Connection], Awaitable[Machine]]
RECONNECT_PAUSE_SECONDS = 0.2
DEATHS_LOADED_MAX = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a writer is made of; wiring fills it in.

    ``load`` returns a machine with the committed state, read in one snapshot. ``urgent`` names the
    commands that go first (cancels), ``opening`` the first command of a log that is empty,
    ``vault`` the file of the subject keys.
    """

    dsn: str
    venue: str
    socket: Path
    vault: Path
    load: Load
    certify: Certify
    clock: Clock
    tables: tuple[str, ...]
    appended: frozenset[str]
    ttl: float = LEASE_SECONDS
    limits: Limits = field(default_factory=Limits)
    urgent: Collection[type[Command]] = ()
    opening: OpenVenue | None = None
    keys: EntryKeys = field(default_factory=RandomKeys)
    alarm: Alarm = warn

    @property
    def conditions(self) -> Conditions:
        """Return what its sequencers work under."""
        return Conditions(
            clock=self.clock,
            keys=self.keys,
            ttl=self.ttl,
            limits=self.limits,
            urgent=frozenset(self.urgent),
            alarm=self.alarm,
        )


class Writer:
    """One writer of one venue. ``sequencer`` is there while it serves."""

    def __init__(self, plan: Plan, *, ready: Callable[[], None] = lambda: None) -> None:
        self._plan = plan
        self._ready = ready
        self._holder = f"{os.uname().nodename}:{os.getpid()}"
        self._server = WriterServer(plan.socket, self._take)
        self._serving = False
        self._pipe: CommitterPipe | None = None
        self._left: list[Pending] = []
        self._stop = asyncio.Event()
        self.sequencer: Sequencer | None = None

    def stop(self) -> None:
        """End after what is in flight has committed, and give the lease back."""
        self._stop.set()
        if self.sequencer is not None:
            self.sequencer.stop()

    async def submit(self, submissions: list[Submission]) -> list[Answer | DomainError]:
        """Submit from within this process.

        Raises:
            Unavailable: it does not serve now.
        """
        if self.sequencer is None:
            raise Unavailable("the writer is starting")
        return await self.sequencer.intake.submit(submissions)

    async def run(self) -> None:
        """Wait for the lease and serve until stopped (SIGTERM, SIGINT or ``stop``).

        Raises:
            Stopped: another writer took the lease over, or a fault of our own.
            Unsafe: the database does not keep what it acknowledges.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(RuntimeError, ValueError):  # not in the main thread
                loop.add_signal_handler(number, self.stop)
        try:
            await self._committer()
            lease = await self._until_stopped(self._acquire())
            while lease is not None:
                lease = await self._serve_under(lease)
        finally:
            # The senders behind the socket see its end and ask the next writer.
            await self._server.stop()
            if self._pipe is not None:
                await self._pipe.stop()
            for pending in self._left:
                pending.settle(Unavailable("the writer has stopped"))

    async def _serve_under(self, lease: Lease) -> Lease | None:
        """Serve while nothing is unknown; return the lease to go on with, or ``None``."""
        try:
            await self._serve(lease)
        except (CommitterGone, OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
            log.warning("writer_restarts", reason=repr(error))
        except Stopped as stopped:
            if not stopped.unknown:
                raise
            log.warning("writer_restarts", reason=str(stopped))
        else:
            await self._release(lease)
            return None
        finally:
            collector.come_back()
        return await self._until_stopped(self._retake(lease))

    async def _until_stopped(self, taking: "Awaitable[Lease]") -> Lease | None:
        task = asyncio.ensure_future(taking)
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        except LeaseLost as lost:
            raise Stopped(str(lost)) from lost
        finally:
            task.cancel()
            stopping.cancel()

    async def _connect(self) -> asyncpg.Connection:
        name = f"ecorights-standby:{self._plan.venue}"
        return await asyncpg.connect(self._plan.dsn, server_settings={"application_name": name})

    async def _patiently(self, take: Callable[[asyncpg.Connection], Awaitable[Lease]]) -> Lease:
        """Take the lease by a connection that is opened again for as long as it takes."""
        while True:
            try:
                connection = await self._connect()
                try:
                    await refuse_unsafe(connection)
                    return await take(connection)
                finally:
                    connection.terminate()
            except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError) as error:
                log.warning("database_does_not_answer", reason=repr(error))
                await asyncio.sleep(RECONNECT_PAUSE_SECONDS)

    async def _acquire(self) -> Lease:
        plan = self._plan
        return await self._patiently(
            lambda connection: acquire(
                connection, venue=plan.venue, holder=self._holder, ttl=plan.ttl
            )
        )

    async def _retake(self, lease: Lease) -> Lease:
        plan = self._plan
        return await self._patiently(
            lambda connection: retake(
                connection,
                venue=plan.venue,
                epoch=lease.epoch,
                holder=self._holder,
                ttl=plan.ttl,
            )
        )

    async def _release(self, lease: Lease) -> None:
        connection = await self._connect()
        try:
            await release(connection, venue=self._plan.venue, epoch=lease.epoch)
        finally:
            connection.terminate()

    async def _serve(self, lease: Lease) -> None:
        plan = self._plan
        path = plan.socket.with_name(f"{plan.socket.name}.applying")
        async with self._keeping(lease):
            beginning, machine = await self._load(lease, path)
            pipe = await self._committer()
            await pipe.begin(
                Setting(
                    dsn=plan.dsn,
                    venue=plan.venue,
                    epoch=lease.epoch,
                    head_hash=lease.head_hash,
                    ttl=plan.ttl,
                    appended=sorted(plan.appended),
                    statements=statements_of(plan.tables),
                    vault=str(plan.vault),
                )
            )
        marker = Marker(path, epoch=lease.epoch)
        sequencer = Sequencer(
            machine,
            pipe,
            beginning,
            marker=marker,
            conditions=plan.conditions,
        )
        fetching = self._start_prefetch(sequencer)
        remembering = self._start_remembering(sequencer, lease)
        try:
            await self._work(sequencer, lease)
        finally:
            self.sequencer = None
            self._left = [
                pending
                for pending in sequencer.intake.unanswered
                if pending.submission.actor != SYSTEM
            ]
            fetching.cancel()
            remembering.cancel()
            marker.close()

    @asynccontextmanager
    async def _keeping(self, lease: Lease) -> AsyncIterator[None]:
        """Keep the lease while nothing is written: loading may take longer than it lasts."""
        connection = await self._connect()
        keeping = asyncio.create_task(
            keep(connection, venue=lease.venue, epoch=lease.epoch, ttl=self._plan.ttl)
        )
        try:
            yield
        finally:
            keeping.cancel()
            connection.terminate()
            await asyncio.gather(keeping, return_exceptions=True)

    async def _committer(self) -> CommitterPipe:
        """Return the running committer, or a new one where it has ended."""
        if self._pipe is not None and self._pipe.gone:
            await self._pipe.stop()
            self._pipe = None
        if self._pipe is None:
            self._pipe = await CommitterPipe.spawn()
        return self._pipe

    def _start_prefetch(self, sequencer: Sequencer) -> "asyncio.Task[None]":
        intake = sequencer.intake
        prefetch = Prefetch(
            connect=self._connect,
            certify=self._plan.certify,
            vault=Vault(self._plan.vault),
            shelves=sequencer.machine.shelves,
            looked_up=intake.looked_up,
            fetched=intake.enqueue,
            failed=intake.settle,
        )
        intake.look_up = prefetch.look_up
        intake.fetch = prefetch.fetch
        intake.fetch_rows = prefetch.fetch_rows

        return _beside(sequencer, prefetch.run())

    def _start_remembering(self, sequencer: Sequencer, lease: Lease) -> "asyncio.Task[None]":
        until = lease.head - self._plan.limits.keys
        known = sequencer.intake.known
        return _beside(sequencer, remember_older(known, connect=self._connect, until=until))

    async def _work(self, sequencer: Sequencer, lease: Lease) -> None:
        left, self._left = self._left, []
        if lease.head < 0 and self._plan.opening is not None:
            sequencer.intake.open_with(self._plan.opening)
        for pending in left:
            sequencer.intake.bring_back(pending)
        if not self._serving:
            try:
                await self._server.start()
            except OSError as error:
                raise Stopped(f"cannot listen on {self._plan.socket}: {error}") from error
            self._serving = True
        self.sequencer = sequencer
        if self._stop.is_set():
            sequencer.stop()
        self._ready()
        log.info("writer_serves", venue=self._plan.venue, head=lease.head, epoch=lease.epoch)
        await sequencer.run()

    async def _load(self, lease: Lease, path: Path) -> tuple[Beginning, Machine]:
        plan = self._plan
        connection = await self._connect()
        try:
            collector.stand_aside()
            machine = await plan.load(connection)
            collector.spare()
            first = max(-1, lease.head - plan.limits.keys)
            rows = await connection.fetch(
                'SELECT key_hash FROM idempotency WHERE "index" > $1 ORDER BY "index"', first
            )
            deaths = await connection.fetch(
                "SELECT key_hash, deaths FROM attempt ORDER BY key_hash LIMIT $1",
                DEATHS_LOADED_MAX,
            )
            last = await connection.fetchval(
                'SELECT postings FROM entry WHERE "index" = $1', lease.head
            )
        finally:
            connection.terminate()
        known = KnownKeys((row["key_hash"] for row in rows), complete=first < 0)
        found = suspects(path, epoch=lease.epoch - 1) if lease.after_death else ()
        beginning = Beginning(
            head=lease.head,
            owed=last is not None and not _is_slice(last),
            past=Past(
                known=known,
                suspects=found,
                deaths={row["key_hash"]: row["deaths"] for row in deaths},
            ),
        )
        return beginning, machine

    def _take(self, submissions: list[WireSubmission], group: Group) -> None:
        sequencer = self.sequencer
        for place, wire in enumerate(submissions):
            if sequencer is None:
                group.settle(place, Unavailable("the writer is starting"))
                continue
            try:
                submission = from_wire(sequencer.machine, wire)
            except DomainError as error:
                group.settle(place, error)
            else:
                sequencer.intake.admit(submission, group, place=place)


def _beside(sequencer: Sequencer, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """Run what belongs to a sequencer; its failure is the sequencer's."""

    def ended(task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            sequencer.fail(Stopped(repr(task.exception()), unknown=True))

    task = asyncio.create_task(work)
    task.add_done_callback(ended)
    return task


def _is_slice(postings: bytes) -> bool:
    body = msgspec.json.decode(postings, type=StoredBody)
    kind = msgspec.json.decode(body.command)["kind"]
    return kind in {"continue_phase", "seed_phase"}
