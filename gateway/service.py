"""A venue's running service: its database at the newest schema, its writer, its API.

Used by `up` and by every command that starts what is not running and stops what it started.
"""

import asyncio
import errno
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from gateway.anchoring.configuration import configured, environment_of, ready_kinds
from gateway.database_server import DatabaseServer
from gateway.embedded.cluster import Cluster
from gateway.errors import CannotRun, ChildEnded, PortForbidden, PortTaken
from gateway.settings import CHECKOUT, Settings, database_of
from gateway.supervisor import ProcessPlan, Supervisor
from ledger.anchoring.anchor import Kind

POSTMASTER_LOOK_SECONDS = 1.0
POSTGRES_LAST_WORDS_LINES_MAX = 5

Tell = Callable[[str], None]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that was ready when this was made."""

    venue: str
    url: str
    database_url: str
    supervisor: Supervisor
    server: DatabaseServer

    async def broken(self) -> CannotRun:
        """Wait until a process of the service ends, and say which and why."""
        waits = [asyncio.create_task(self.supervisor.first_end())]
        if isinstance(self.server, Cluster):
            waits.append(asyncio.create_task(_postmaster_end(self.server)))
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if isinstance(self.server, Cluster) and self.server.postmaster() is None:
            # Whoever ended first, this is the cause.
            return _postgres_ended(self.server)
        return done.pop().result()

    async def unless_broken(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Finish the work, or raise what broke the service meanwhile.

        Raises:
            CannotRun: a process ended, which explains whatever the work met.
        """
        doing, broken = asyncio.create_task(work), asyncio.create_task(self.broken())
        try:
            await asyncio.wait({doing, broken}, return_when=asyncio.FIRST_COMPLETED)
            if doing.done():
                return doing.result()
            raise broken.result()
        finally:
            doing.cancel()
            broken.cancel()


async def prepare_database(server: DatabaseServer, *, venue: str, fresh: bool, tell: Tell) -> str:
    """Bring the venue's database to the newest schema and return its URL.

    With `fresh` the database is dropped first, with all that the venue holds; no other
    database is touched.
    """
    # Alembic, which the processes that know how a service starts need not load.
    from gateway import schema

    name = database_of(venue)
    if fresh:
        await server.drop_database(name)
        tell(f"Dropped database {name}")
    made = await server.ensure_database(name)
    url = server.url(name)
    before = await schema.revision_of(url)
    if before != schema.newest_revision():
        await schema.upgrade(url)
        tell(f"Database {name} {'made' if made else 'migrated'}")
    return url


@asynccontextmanager
async def running_service(
    server: DatabaseServer, settings: Settings, *, fresh: bool, standby: bool, tell: Tell
) -> AsyncIterator[Service]:
    """Start what serves the venue of these settings, and stop it at the end.

    Raises:
        CannotRun: a port is taken, or a process does not come up.
    """
    venue = settings.venue
    refuse_taken_port(host=settings.host, port=settings.port)
    database_url = await prepare_database(server, venue=venue, fresh=fresh, tell=tell)
    supervisor = Supervisor()
    try:
        writers, others = plans(server, settings, standby=standby)
        for together in (*([writer] for writer in writers), others):
            for child in await supervisor.start_together(together):
                name = child.plan.name
                tell(f"{name[0].upper()}{name[1:]} ready (process {child.pid})")
        keep_anchor(server, settings, supervisor, tell=tell)
        yield Service(
            venue=venue,
            url=f"http://{settings.host}:{settings.port}",
            database_url=database_url,
            supervisor=supervisor,
            server=server,
        )
    finally:
        await supervisor.stop()


def plans(
    server: DatabaseServer, settings: Settings, *, standby: bool
) -> tuple[list[ProcessPlan], list[ProcessPlan]]:
    """Return a venue's writers, of which the first takes the lease, and its other processes."""
    plan = partial(plan_of, server, settings)
    standbys = [plan("standby", "writer", "--standby")] if standby else []
    return [plan("writer", "writer"), *standbys], [
        plan("signer", "log", "signer"),
        plan("publisher", "log", "publish"),
        plan("eraser", "erase", "run"),
        plan("API", "serve", "--port", str(settings.port)),
    ]


def keep_anchor(
    server: DatabaseServer, settings: Settings, supervisor: Supervisor, *, tell: Tell
) -> None:
    """Let the configured anchors run beside the service, which never waits for them."""
    kinds = ready_kinds(settings)
    if kinds:
        supervisor.keep_aside(plan_of(server, settings, "anchor", "anchor", "run"))
    words = [f"{kind} {'runs' if kind in kinds else 'not configured'}" for kind in Kind]
    tell(f"Anchors: {', '.join(words)} (./ecorights anchor status)")
    for kind in Kind:
        found = configured(settings, kind)
        if found.is_begun and not found.is_ready:
            tell(f"Anchors: for {kind}, {found.advice}")


def plan_of(server: DatabaseServer, settings: Settings, name: str, *arguments: str) -> ProcessPlan:
    """Return how a process of a venue is started.

    A child is told the server's address, so that it joins and never starts or stops it.
    """
    venue = settings.venue
    environment = {
        "ECORIGHTS_HOME": str(settings.home.absolute()),
        "ECORIGHTS_DATABASE_URL": server.address,
        "ECORIGHTS_VAULT": str(settings.vault_file.absolute()),
        "ECORIGHTS_LOG_LEVEL": settings.log_level,
        "ECORIGHTS_HOST": settings.host,
        "ECORIGHTS_CLOCK": settings.clock,
        **({"ECORIGHTS_LOG_POLICY": str(settings.log_policy)} if settings.log_policy else {}),
        **environment_of(settings),
        **_of_workers(settings),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(CHECKOUT), os.getenv("PYTHONPATH")))),
    }
    log = settings.logs / f"{venue}-{name}.log"
    command = (sys.executable, "-m", "gateway.cli.main", *arguments, "--venue", venue)
    return ProcessPlan(name=name, command=command, log=log, environment=environment)


def _of_workers(settings: Settings) -> dict[str, str]:
    broker = settings.broker_url
    return {
        "ECORIGHTS_WORKER_PROCESSES": str(settings.worker_processes),
        "ECORIGHTS_WORKER_LEASE": str(settings.worker_lease),
        "ECORIGHTS_JOB_RESULT_HOURS": str(settings.job_result_hours),
        **({} if broker is None else {"ECORIGHTS_BROKER_URL": broker.get_secret_value()}),
    }


def refuse_taken_port(*, host: str, port: int) -> None:
    """Raise when nobody could listen on the port now.

    Raises:
        PortTaken: another program does.
        PortForbidden: the system does not let us.
    """
    with _socket() as tried:
        try:
            tried.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port) from error
            reason = error.strerror or str(error)
            raise PortForbidden(host=host, port=port, reason=reason) from error


def free_port(host: str) -> int:
    """Return a port that was free a moment ago."""
    with _socket() as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])


@contextmanager
def _socket() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as opened:
        # As the API itself does: connections that are fading away do not count.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        yield opened


async def _postmaster_end(cluster: Cluster) -> ChildEnded:
    # Not a child of ours, so there is nothing to wait on.
    while cluster.postmaster() is not None:  # noqa: ASYNC110
        await asyncio.sleep(POSTMASTER_LOOK_SECONDS)
    return _postgres_ended(cluster)


def _postgres_ended(cluster: Cluster) -> ChildEnded:
    lines = cluster.log.read_text(encoding="utf-8", errors="replace").splitlines()
    last_words = "\n".join(lines[-POSTGRES_LAST_WORDS_LINES_MAX:])
    return ChildEnded("PostgreSQL", how="ended", last_words=last_words, log=str(cluster.log))
