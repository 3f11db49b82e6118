"""The keeper of a venue's workers: it makes the queue, keeps Celery running, and sweeps.

1. Jobs are created by a row; the row's transaction wakes the keeper, which wakes a worker through
   the queue. So nothing that asks for a job waits for the queue, or needs it.
2. The sweeper sends again what got lost: it looks at the rows for steps that nobody holds.
3. When a process dies, what it held is free at once and another is started; when the whole machine
   dies, leases run out.
4. Files of jobs that ended are deleted when their time is over.
"""

import asyncio
import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import asyncpg
import psycopg
import structlog

from gateway.database_server import DatabaseServer
from gateway.errors import CannotRun, ChildEnded, ChildNotReady
from gateway.readiness import announce_ready
from gateway.service import plan_of
from gateway.settings import Settings, database_of
from gateway.supervisor import Supervisor
from gateway.work import statements
from gateway.work.broker import Broker, broker_of, prepare_broker
from gateway.work.consuming import WORKER_VARIABLE
from gateway.work.folders import folders_of
from gateway.work.packages import PackageShelf, PackageStore, limits_of
from gateway.work.queue import QueueAway, Sender, make_celery
from gateway.work.standing import BEAT_SECONDS, Beats
from gateway.work.starting import BrokerRefused
from gateway.work.store import JobStore

log = structlog.get_logger()
CONSUMER = (sys.executable, "-m", "gateway.work.consuming")
STOP_SECONDS_MAX = 1.0
RETRY_SECONDS = 2.0
REFUSED_SECONDS = 30.0
SWEEPS_PER_LEASE = 4
TIDY_SECONDS = 60.0
JOB_DAYS_KEPT = 90
DAY_SECONDS = 86_400.0
DATABASE_TROUBLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, psycopg.Error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """What a keeper keeps: a venue's workers, of a name that nobody else has."""

    settings: Settings
    server: DatabaseServer
    name: str
    consumer: Sequence[str] = CONSUMER

    @property
    def dsn(self) -> str:
        """The venue's database."""
        return self.server.url(database_of(self.settings.venue))


def keeping_of(settings: Settings, server: DatabaseServer) -> Keeping:
    """Return what this process keeps."""
    name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    return Keeping(settings=settings, server=server, name=name)


async def keep(keeping: Keeping) -> None:
    """Keep the workers of a venue until cancelled."""
    settings = keeping.settings
    announce_ready()
    beats = Beats(keeping.name)
    beating = asyncio.create_task(_beat(keeping, beats))
    ending = contextlib.ExitStack()
    try:
        broker = await _broker(keeping, beats)
        sender = Sender(make_celery(broker, venue=settings.venue))
        ending.callback(sender.close)
        log.info("worker", name=keeping.name, queue=broker.words)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(settings.worker_processes):
                tasks.create_task(_consume(keeping, beats))
            tasks.create_task(_sweep(keeping, sender, beats))
            tasks.create_task(_tidy(keeping))
    finally:
        ending.close()
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        with contextlib.suppress(*DATABASE_TROUBLE):
            await _say_good_bye(keeping, beats)


async def _broker(keeping: Keeping, beats: Beats) -> Broker:
    """Return the queue once it is there; say until then what is missing."""
    while True:
        try:
            broker = broker_of(keeping.settings, keeping.server)
            await prepare_broker(broker, keeping.server)
        except BrokerRefused as refused:
            beats.change(trouble="no queue: the worker's log says why")
            log.error("no_queue", reason=str(refused))  # noqa: TRY400  the words say it
            await asyncio.sleep(REFUSED_SECONDS)
        except DATABASE_TROUBLE as error:
            beats.change(trouble="the queue does not answer")
            log.warning("queue_away", reason=repr(error))
            await asyncio.sleep(RETRY_SECONDS)
        else:
            beats.change(queue=broker.words, trouble="")
            return broker


async def _consume(keeping: Keeping, beats: Beats) -> None:
    """Keep one process of Celery's running; what it held when it died is free again."""
    plan = plan_of(keeping.server, keeping.settings, "worker")
    command = (*keeping.consumer, "--venue", keeping.settings.venue)
    while True:
        # A name for each life: what the one before still holds is never taken for ours.
        name = f"{keeping.name}-{secrets.token_hex(3)}"
        environment = {**plan.environment, WORKER_VARIABLE: name}
        supervisor = Supervisor(stop_seconds_max=STOP_SECONDS_MAX)
        ready, blamed = 0, True
        try:
            await supervisor.start(replace(plan, command=command, environment=environment))
            ready = 1
            beats.change(processes=ready)
            ended: CannotRun = await supervisor.first_end()
        except (ChildEnded, ChildNotReady) as trouble:
            ended = trouble
        except asyncio.CancelledError:
            blamed = False
            raise
        finally:
            beats.change(processes=-ready)
            await supervisor.stop()
            await _release(keeping, name, blamed=blamed)
        log.warning("process_ended", reason=str(ended))
        await asyncio.sleep(RETRY_SECONDS)


async def _release(keeping: Keeping, worker: str, *, blamed: bool) -> None:
    """Let others take what a worker held; without the database its leases run out."""
    with contextlib.suppress(*DATABASE_TROUBLE):
        connection = await asyncpg.connect(keeping.dsn)
        try:
            await JobStore(connection).release(worker, blamed=blamed)
        finally:
            await connection.close()


async def _sweep(keeping: Keeping, sender: Sender, beats: Beats) -> None:
    """Wake workers for new jobs at once, and for what got lost after a while."""
    lease = keeping.settings.worker_lease
    while True:
        connection = None
        try:
            connection = await asyncpg.connect(keeping.dsn)
            await _sweep_on(connection, sender, beats, lease=lease)
        except DATABASE_TROUBLE as error:
            log.warning("sweeper_waits", reason=repr(error))
        finally:
            if connection is not None:
                connection.terminate()
        await asyncio.sleep(RETRY_SECONDS)


async def _sweep_on(
    connection: asyncpg.Connection, sender: Sender, beats: Beats, *, lease: float
) -> None:
    """Sweep on one connection until it is lost."""
    woken = asyncio.Event()
    await connection.add_listener(statements.CHANNEL, lambda *_: woken.set())
    while not connection.is_closed():
        woken.clear()
        await _sweep_once(JobStore(connection), sender, beats, silent=lease / 2)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(woken.wait(), lease / SWEEPS_PER_LEASE)


async def _sweep_once(store: JobStore, sender: Sender, beats: Beats, *, silent: float) -> None:
    due = await store.due(silent=silent)
    for place, (job, wakes) in enumerate(due):
        try:
            await sender.send_beside(job, times=wakes)
        except QueueAway as away:
            beats.change(trouble="the queue does not answer")
            log.warning("queue_away", reason=str(away))
            await store.not_woken([each for each, _ in due[place:]])
            return
    if due:
        beats.change(trouble="")


async def _tidy(keeping: Keeping) -> None:
    """Delete files whose time is over, and rows of jobs that ended long ago."""
    folders = folders_of(keeping.settings)
    shelf = PackageShelf(folders.packages, limits_of(keeping.settings))
    while True:
        with contextlib.suppress(*DATABASE_TROUBLE):
            connection = await asyncpg.connect(keeping.dsn)
            try:
                store = JobStore(connection)
                await store.forget(after=JOB_DAYS_KEPT * DAY_SECONDS)
                there = list(folders.all())
                kept = await store.kept(there)
                wanted = await PackageStore(connection).tidy()
            finally:
                await connection.close()
            for job in there:
                if job not in kept:
                    await asyncio.to_thread(folders.remove, job)
            await asyncio.to_thread(shelf.remove_all_but, wanted)
        await asyncio.sleep(TIDY_SECONDS)


async def _beat(keeping: Keeping, beats: Beats) -> None:
    while True:
        with contextlib.suppress(*DATABASE_TROUBLE):
            connection = await asyncpg.connect(keeping.dsn)
            try:
                while True:
                    await beats.beat(connection)
                    await beats.next()
            finally:
                connection.terminate()
        await asyncio.sleep(BEAT_SECONDS)


async def _say_good_bye(keeping: Keeping, beats: Beats) -> None:
    connection = await asyncpg.connect(keeping.dsn)
    try:
        await beats.end(connection)
    finally:
        await connection.close()
