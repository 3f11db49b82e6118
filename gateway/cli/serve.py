"""`./ecorights serve`: the API of a venue."""

import gc
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import fastapi_offline
import typer
import uvicorn

from gateway import event_loop
from gateway.anchoring.configuration import intervals
from gateway.api.application import create_application
from gateway.api.audits import Audits
from gateway.api.cursors import Cursors
from gateway.api.door import Door, Patience
from gateway.api.reads import Reads
from gateway.embedded.runtime_folder import socket_of
from gateway.keys import CURSORS, credential_key, ensure_keys, evidence_key, keys_file
from gateway.readiness import announce_ready
from gateway.servers import open_server
from gateway.settings import CHECKOUT, Settings, database_of, load_settings
from gateway.transparency.places import public_policy
from gateway.wiring import new_machine
from gateway.work.desk import JobDesk
from gateway.work.folders import folders_of
from gateway.work.packages import limits_of
from ledger.personal.vault import Vault
from ledger.sequencer.client import WriterClient

app = typer.Typer()
CONNECTIONS_MAX = 10
JOB_CONNECTIONS_MAX = 3
READ_TIMEOUT = "5s"
VERIFY_PAGE = CHECKOUT / "verifier" / "page"


@app.command()
def serve(
    *,
    venue: Annotated[str | None, typer.Option(help="The venue to serve.")] = None,
    port: Annotated[int | None, typer.Option(help="The port of the API.")] = None,
) -> None:
    """Serve a venue's API until stopped."""
    settings = load_settings(venue=venue, port=port)
    with open_server(settings) as server:
        event_loop.run(_serve(settings, server.url(database_of(settings.venue))))


async def _leave(connection: Any) -> None:
    """Leave a read connection as it is: no reader sets, locks or listens to anything.

    What the driver does of itself remains: an open transaction is rolled back. Its usual statement
    would be one more way to the database after every read.
    """
    del connection


async def _serve(settings: Settings, dsn: str) -> None:
    pool = await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=CONNECTIONS_MAX,
        server_settings={
            "statement_timeout": READ_TIMEOUT,
            "idle_in_transaction_session_timeout": READ_TIMEOUT,
            "default_transaction_read_only": "on",
        },
        reset=_leave,
    )
    # Jobs are rows that the API writes itself; it has no other.
    jobs_pool = await asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=JOB_CONNECTIONS_MAX,
        server_settings={"statement_timeout": READ_TIMEOUT},
    )
    client = WriterClient(socket_of(settings.home, settings.venue), new_machine())
    secret = ensure_keys(keys_file(settings.home, settings.venue), [CURSORS])[CURSORS]
    door = Door(
        writer=client,
        reads=Reads(pool, vault=Vault(settings.vault_file)),
        cursors=Cursors(secret),
        anchor_seconds=intervals(settings),
        patience=Patience(
            write_seconds=settings.write_seconds_max, head_seconds=settings.head_seconds_max
        ),
        audits=Audits(
            policy=lambda origin: public_policy(settings, origin),
            signing_key=evidence_key(settings.home, settings.venue),
        ),
        credential_key=credential_key(settings.home, settings.venue),
        jobs=JobDesk(jobs_pool, folders_of(settings), packages=limits_of(settings)),
    )
    static = str(Path(fastapi_offline.__file__).parent / "static")
    # An installed package has no checkout, and so no page: the files stand on their own anyway.
    page = VERIFY_PAGE if VERIFY_PAGE.is_dir() else None
    application = create_application(door, static=static, verify_page=page)
    server = _Announcing(
        uvicorn.Config(
            application,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_level=settings.log_level,
        )
    )
    try:
        await server.serve()
    finally:
        await client.close()
        await pool.close()
        await jobs_pool.close()


class _Announcing(uvicorn.Server):
    """A server that says when it listens.

    What it was loaded with lives as long as it does: a whole collection would look at 130,000
    objects in the middle of somebody's request, 60 to 200 ms, and find nothing.
    """

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]  # the base's sockets are the library's own
        gc.collect()
        gc.freeze()
        await super().startup(sockets)  # type: ignore[arg-type]
        announce_ready()
