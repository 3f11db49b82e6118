"""The queue that wakes workers: a database beside the venue's, or the one that was named.

By default kombu's pgmq transport, in plain SQL on the server that is there anyway. Its schema is
not meant for upgrades, and holds nothing but wake-ups, so another version of it is dropped and made
anew. Whoever has RabbitMQ or Redis names it by ``ECORIGHTS_BROKER_URL``.
"""

import asyncio
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import psycopg
from pgmq.install import get_embedded_sql_version, install_pgmq_from_sql
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gateway.database_server import DatabaseServer
from gateway.settings import Settings
from gateway.work.starting import BrokerRefused, broker_database, no_second_database

STEP_SECONDS_MAX = 1_500
# A message must not come back while its step works: longer than any step may take.
VISIBILITY_SECONDS = 1_800
CONNECTIONS_MAX = 2
CONNECT_SECONDS_MAX = 4
LOCK = 7_150_211_402_001
RESTORE_SECONDS = 10
LIBRARY_TAKES = ("host", "port", "dbname", "user", "password")
OF_LIBPQ = {
    "channel_binding": "PGCHANNELBINDING",
    "options": "PGOPTIONS",
    "sslcert": "PGSSLCERT",
    "sslcrl": "PGSSLCRL",
    "sslkey": "PGSSLKEY",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
SCHEMES = {
    "amqp": "RabbitMQ",
    "amqps": "RabbitMQ",
    "redis": "Redis",
    "rediss": "Redis",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A queue: its address, how kombu speaks to it, and its name for people."""

    url: str
    words: str
    options: Mapping[str, Any] = field(default_factory=dict)
    queue_type: str = "classic"
    database: str | None = None
    dsn: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What a process that speaks to the queue must have in its environment."""


def broker_of(
    settings: Settings, server: DatabaseServer, *, visibility: int = VISIBILITY_SECONDS
) -> Broker:
    """Return the queue of these settings.

    Raises:
        BrokerRefused: the address is of no kind that we know, or needs what is not installed.
    """
    if settings.broker_url is None:
        name = broker_database(settings.venue)
        return Broker(
            url="pgmq://database",  # a name for logs: the address is in the options
            words="PostgreSQL queue",
            options={
                "conn_string": _for_library(server.url(name)),
                "init_extension": False,
                "use_notify": True,
                "notify_throttle_interval_ms": 0,
                "wait_time_seconds": 0,
                "polling_interval": 1,
                "pool_size": CONNECTIONS_MAX,
                "pool_timeout": CONNECT_SECONDS_MAX,
                "visibility_timeout": visibility,
            },
            database=name,
            dsn=server.url(name),
            environment=_beside(server.url(name)),
        )
    url = settings.broker_url.get_secret_value()
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise BrokerRefused(
            f"ECORIGHTS_BROKER_URL begins with {scheme[:20]!r}: expected one of "
            f"{', '.join(f'{each}://' for each in SCHEMES)}"
        )
    words = SCHEMES[scheme]
    if words == "RabbitMQ":
        return Broker(url=url, words=words, queue_type="quorum")
    if importlib.util.find_spec("redis") is None:
        raise BrokerRefused(
            "ECORIGHTS_BROKER_URL leads to Redis, whose Python package is not installed: "
            ".venv/bin/python -m pip install redis"
        )
    options = {
        "visibility_timeout": visibility,
        # kombu looks for lost messages every 10 s times this number, which is 10 by default.
        "unacked_restore_throttle": 1,
        # Two venues on one Redis would else share the list of what is under way.
        "global_keyprefix": f"ecorights:{settings.venue}:",
    }
    return Broker(url=url, words=words, options=options)


async def prepare_broker(broker: Broker, server: DatabaseServer) -> None:
    """Make the queue's database and schema unless they are there in this version.

    Raises:
        BrokerRefused: the database's user may not.
        OSError, asyncpg.PostgresError, psycopg.Error: the server is away.
    """
    if broker.database is None:
        return
    try:
        await server.ensure_database(broker.database)
    except asyncpg.InsufficientPrivilegeError as error:
        raise no_second_database(broker.database) from error
    await asyncio.to_thread(_install, broker.dsn)


def _install(dsn: str) -> None:
    version = get_embedded_sql_version()
    with psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        row = connection.execute(
            "SELECT obj_description(oid) FROM pg_namespace WHERE nspname = 'pgmq'"
        ).fetchone()
        if row is not None and row[0] == version:
            return
        connection.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
        install_pgmq_from_sql(conn=connection)
        # The version is ours to remember: the SQL has nothing that would tell it.
        connection.execute(sql.SQL("COMMENT ON SCHEMA pgmq IS {}").format(sql.Literal(version)))


def _for_library(dsn: str) -> str:
    """Return an address as pgmq reads it: it takes it apart and joins its parts without quoting."""
    parts = conninfo_to_dict(dsn)
    taken = {name: _quoted(str(parts[name])) for name in LIBRARY_TAKES if parts.get(name)}
    return make_conninfo(**taken)


def _quoted(value: str) -> str:
    if not value or set(value) & set(" '\\"):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return value


def _beside(dsn: str) -> dict[str, str]:
    """Return what pgmq drops of an address, TLS above all, as libpq finds it elsewhere."""
    parts = conninfo_to_dict(dsn)
    return {OF_LIBPQ[name]: str(parts[name]) for name in OF_LIBPQ if parts.get(name)}
