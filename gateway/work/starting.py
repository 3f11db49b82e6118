"""How `up` starts a worker beside the service, or says why there is none.

Knows neither Celery nor the queue's library, which `up` need not load.
"""

import asyncpg

from gateway.database_server import DatabaseServer
from gateway.errors import CannotRun
from gateway.service import Tell, plan_of
from gateway.settings import Settings, database_of
from gateway.supervisor import Supervisor


class BrokerRefused(CannotRun):
    """There is no queue, so there is no worker; everything else works."""


def broker_database(venue: str) -> str:
    """Return the name of the database with a venue's queue; no venue can have that name."""
    return f"{database_of(venue)}__queue"


async def keep_worker(
    server: DatabaseServer, settings: Settings, supervisor: Supervisor, *, tell: Tell
) -> None:
    """Let a worker run beside the service, which never waits for it."""
    if settings.worker_processes == 0:
        tell("No worker (ECORIGHTS_WORKER_PROCESSES is 0): jobs wait, all else works")
        return
    if settings.broker_url is None:
        try:
            await refuse_missing_rights(server, broker_database(settings.venue))
        except BrokerRefused as refused:
            tell(f"No worker: {refused}")
            return
    supervisor.keep_aside(plan_of(server, settings, "worker", "worker"))
    count = settings.worker_processes
    tell(f"Worker starts beside, {count} processes (./ecorights jobs; docs/jobs.md)")


async def refuse_missing_rights(server: DatabaseServer, database: str) -> None:
    """Say early what would keep the queue's database from being made.

    Raises:
        BrokerRefused: it is not there, and the server's user may not make it.
    """
    if await server.has_database(database):
        return
    connection = await asyncpg.connect(server.address)
    try:
        may = await connection.fetchval(
            "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
    finally:
        await connection.close()
    if not may:
        raise no_second_database(database)


def no_second_database(name: str) -> BrokerRefused:
    """Return the refusal that names the database and the ways out."""
    return BrokerRefused(
        f"the user of ECORIGHTS_DATABASE_URL may not make the database {name} for the queue of "
        f"long work. Make it for that user (CREATE DATABASE {name} OWNER ...), or name RabbitMQ "
        "or Redis by ECORIGHTS_BROKER_URL. Until then jobs wait, and all else works."
    )
