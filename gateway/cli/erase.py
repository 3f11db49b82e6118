"""`./ecorights erase`: destroys what the entries want erased, and tells how far it has come."""

import asyncio
import contextlib
import json
import signal
import sys
from typing import Annotated

import asyncpg
import structlog
import typer

from gateway.errors import CannotRun
from gateway.readiness import announce_ready
from gateway.servers import open_server
from gateway.settings import Settings, database_of, load_settings
from kernel.errors import DomainError
from ledger.personal.eraser import Eraser, Standing, take_role
from ledger.personal.vault import Vault

app = typer.Typer(help="The erasure of personal parts.", no_args_is_help=True)
PAUSE_SECONDS = 0.5
RETRY_SECONDS = 2.0
Venue = Annotated[str | None, typer.Option(help="The venue whose erased persons go.")]
log = structlog.get_logger()


@app.command()
def run(
    *,
    venue: Venue = None,
    once: Annotated[bool, typer.Option(help="Do what is due now, and end.")] = False,
) -> None:
    """Erase what is due, and go on until stopped."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        dsn = server.url(database_of(settings.venue))
        if once:
            count = asyncio.run(erase_once(dsn, settings))
            sys.stdout.write(f"personal parts of {count} persons destroyed\n")
            return
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_until_stopped(dsn, settings))


@app.command()
def status(
    *,
    venue: Venue = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell how many persons are erased, and of whom something is left; ends with 1 if so."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        standing = asyncio.run(_standing(server.url(database_of(settings.venue)), settings))
    if as_json:
        owed = [{"party": party, "entry": str(entry)} for party, entry in standing.owed]
        result = {"ok": not owed, "erasures": standing.erasures, "owed": owed}
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        sys.stdout.write(f"{standing.erasures} erasures, {len(standing.owed)} unfinished\n")
        for party, entry in standing.owed:
            sys.stdout.write(f"{party}: something is left, erased by entry {entry}\n")
    if standing.owed:
        sys.exit(1)


async def erase_once(dsn: str, settings: Settings) -> int:
    """Erase what is due now; return how many persons' parts went.

    Raises:
        CannotRun: the vault or the database does not let us.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await take_role(connection)
        return await Eraser(connection, Vault(settings.vault_file)).step()
    except (DomainError, asyncpg.PostgresError) as error:
        raise CannotRun(f"Not everything could be erased: {error}") from error
    finally:
        await connection.close()


async def _standing(dsn: str, settings: Settings) -> Standing:
    connection = await asyncpg.connect(dsn)
    try:
        return await Eraser(connection, Vault(settings.vault_file)).standing()
    except DomainError as error:
        raise CannotRun(str(error)) from error
    finally:
        await connection.close()


async def _until_stopped(dsn: str, settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    erasing = asyncio.ensure_future(_erase_for_ever(dsn, settings))
    loop.add_signal_handler(signal.SIGTERM, erasing.cancel)
    announce_ready()
    with contextlib.suppress(asyncio.CancelledError):
        await erasing


async def _erase_for_ever(dsn: str, settings: Settings) -> None:
    while True:
        connection = None
        try:
            connection = await asyncpg.connect(dsn)
            await take_role(connection)
            await _erase_on(connection, Eraser(connection, Vault(settings.vault_file)))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("eraser_waits", reason=repr(error))
        finally:
            if connection is not None:
                connection.terminate()
        await asyncio.sleep(RETRY_SECONDS)


async def _erase_on(connection: asyncpg.Connection, eraser: Eraser) -> None:
    """Erase on one connection until it is lost; a vault that does not answer raises alarms."""
    while not connection.is_closed():
        try:
            count = await eraser.step()
            if count:
                log.info("erased", persons=count)
        except DomainError as error:
            log.error("alarm", what=f"{error.code}: {error}")  # noqa: TRY400  the words say it
        if eraser.late():
            log.error("alarm", what="an erasure has been waiting for more than a minute")
        await asyncio.sleep(PAUSE_SECONDS)
