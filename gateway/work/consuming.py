"""One process of a worker: Celery waits for wake-ups in it and does one step after the other.

The keeper (``gateway/work/keeping.py``) starts as many as there shall be, names each, and starts it
again when it dies. Celery's own pool of forked processes is not used: after a ``kill -9`` of one of
them we saw it take nothing any more.
"""

import asyncio
import logging
import os
import sys
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
import structlog
from celery.platforms import SecurityWarning
from celery.signals import worker_ready

from gateway.database_server import DatabaseServer
from gateway.readiness import announce_ready
from gateway.settings import database_of, load_settings
from gateway.work.broker import VISIBILITY_SECONDS, broker_of
from gateway.work.kinds import Kinds
from gateway.work.queue import add_task, make_celery
from gateway.work.stepping import Workplace, do_turn

WORKER_VARIABLE = "ECORIGHTS_WORKER_NAME"
log = structlog.get_logger()


def main(*, kinds: Kinds | None = None, visibility: int = VISIBILITY_SECONDS) -> None:
    """Take wake-ups until SIGTERM; ``kinds`` and ``visibility`` (seconds) are for tests."""
    venue = sys.argv[sys.argv.index("--venue") + 1]
    settings = load_settings(venue=venue)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s [%(levelname)s] %(message)s"
    )
    # Each task's begin and end is in our own lines.
    for noisy in ("celery.app.trace", "celery.worker.strategy", "pgmq", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    assert settings.database_url is not None, "the keeper names the server"
    server = DatabaseServer(settings.database_url)
    place = Workplace(
        settings=settings,
        dsn=server.url(database_of(settings.venue)),
        worker=os.environ.get(WORKER_VARIABLE, f"{os.getpid()}"),
        kinds=Kinds() if kinds is None else kinds,
    )
    broker = broker_of(settings, server, visibility=visibility)
    app = make_celery(broker, venue=settings.venue)
    add_task(app, partial(_work, place))
    # As root in a container: what makes that dangerous is pickle, which nobody here reads.
    warnings.simplefilter("ignore", SecurityWarning)
    worker_ready.connect(_announce, weak=False)
    app.Worker(
        concurrency=1,
        loglevel=settings.log_level.upper(),
        hostname=f"{place.worker}@ecorights",
        pool="solo",
        quiet=True,
        without_gossip=True,
        without_heartbeat=True,
        without_mingle=True,
    ).start()


def _work(place: Workplace, job: UUID, wake: Callable[[int], None]) -> int:
    """Do a turn; a database that is away is told and waited for by the sweeper, not here."""
    try:
        return asyncio.run(do_turn(place, job, wake=wake))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("turn_waits", job=str(job), reason=repr(error))
        return 0


def _announce(**_: Any) -> None:
    announce_ready()


if __name__ == "__main__":
    main()
