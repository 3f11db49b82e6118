"""`./ecorights log`: the public log of a venue: its signer, its publisher, its keys, its files.

Every service starts the signer and the publisher; what only the other commands need is imported
by them.
"""

import asyncio
import contextlib
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import httpx
import structlog
import typer

from gateway.errors import CannotRun
from gateway.event_loop import until_stopped
from gateway.instance import Instance, only_instance
from gateway.published_venue import published_venue
from gateway.readiness import announce_ready
from gateway.servers import open_server
from gateway.settings import Settings, database_of, load_settings
from gateway.transparency.cosigning import Witnesses
from gateway.transparency.loss import EntriesLost, loss_of
from gateway.transparency.places import signer_folder, signer_socket
from kernel.errors import DomainError
from ledger.personal.vault import Vault
from ledger.shards.part import AnnounceLogKey, OpenLog, Reason
from ledger.transparency.hashing import EMPTY_ROOT
from ledger.transparency.policy import parse_policy
from ledger.transparency.publishing import PAUSE_SECONDS, Cosign, Publisher, SignerRefused
from ledger.transparency.signer_socket import ask_signer, serve_signer
from ledger.transparency.signing import (
    Signed,
    Signers,
    SignRequest,
    add_secret,
    close_log,
    read_publics,
    read_secrets,
)
from ledger.transparency.store import LogStore, current_log, logs_of

app = typer.Typer(help="The public log of a venue.", no_args_is_help=True)
ALARM_PAUSE_SECONDS = 10.0
Venue = Annotated[str | None, typer.Option(help="The venue of the log.")]
log = structlog.get_logger()


@app.command()
def signer(*, venue: Venue = None) -> None:
    """Sign checkpoints until stopped; never two that do not continue each other."""
    settings = load_settings(venue=venue)
    until_stopped(_sign(settings))


async def _sign(settings: Settings) -> None:
    folder = signer_folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = await serve_signer(Signers(folder), signer_socket(settings))
    announce_ready()
    async with server:
        await server.serve_forever()


@app.command()
def publish(*, venue: Venue = None) -> None:
    """Let the tiles follow the log and publish checkpoints, until stopped."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        until_stopped(_publish(settings, server.url(database_of(settings.venue))))


async def _publish(settings: Settings, dsn: str) -> None:
    announce_ready()
    while True:
        connection = None
        try:
            connection = await asyncpg.connect(dsn)
            await _publish_on(connection, settings)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("publisher_waits", reason=repr(error))
        except DomainError as error:
            # Nothing is published any more; trading goes on, and the log's age tells everybody.
            log.error("alarm", what=f"{error.code}: {error}")  # noqa: TRY400  the cause is in the words
            await asyncio.sleep(ALARM_PAUSE_SECONDS)
        finally:
            if connection is not None:
                connection.terminate()
        await asyncio.sleep(PAUSE_SECONDS)


async def _publish_on(connection: asyncpg.Connection, settings: Settings) -> None:
    """Publish each log to its end, and the last one until another begins."""
    socket = signer_socket(settings)

    async def sign(request: SignRequest) -> Signed:
        return await ask_signer(socket, request)

    async with httpx.AsyncClient() as client:
        for each in await logs_of(connection):
            if each.is_cut:
                continue
            store = LogStore(connection, each)
            await _ensure_key(store, signer_folder(settings))
            publisher = Publisher(store=store, sign=sign, cosign=_cosign(settings, client))
            if each.end is None:
                await publisher.run()
            else:
                await publisher.step()
                close_log(signer_folder(settings), each.origin, size=each.end - each.first)


def _cosign(settings: Settings, client: httpx.AsyncClient) -> Cosign | None:
    if settings.log_policy is None:
        return None
    policy = parse_policy(settings.log_policy.read_text(encoding="utf-8"))
    return Witnesses(policy, client).cosign


async def _ensure_key(store: LogStore, folder: Path) -> None:
    if read_secrets(folder, store.origin):
        return
    if await store.newest() is not None:
        raise SignerRefused(f"{store.origin} has checkpoints, and {folder} no key of it any more")
    add_secret(folder, store.origin)


@app.command()
def keys(*, venue: Venue = None) -> None:
    """Print the log's public keys as a policy file begins: `log NAME+ID+KEY`."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        origin = asyncio.run(_origin(server.url(database_of(settings.venue))))
    for key in read_publics(signer_folder(settings), origin):
        sys.stdout.write(f"log {key.text}\n")


async def _origin(dsn: str) -> str:
    async with published_venue(dsn) as (_, origin):
        return origin


@app.command()
def rotate(*, venue: Venue = None) -> None:
    """Make a further key, announced by an entry: from the signer's next start on, both sign."""
    from gateway.transparency.operator import submit_as_operator

    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        origin = asyncio.run(_origin(server.url(database_of(settings.venue))))
        key = add_secret(signer_folder(settings), origin).public
        announcing = submit_as_operator(server, settings, AnnounceLogKey(vkey=key.text))
        answer = asyncio.run(announcing)
    sys.stdout.write(f"log {key.text}\nannounced by entry {answer.index}\n")


@app.command(name="open")
def open_command(
    *,
    reason: Annotated[Reason, typer.Option(help="Why the log ends and another begins.")],
    origin: Annotated[str | None, typer.Option(help="The new log's name.")] = None,
    venue: Venue = None,
) -> None:
    """Begin a new log, whose first entry names the last checkpoint of the one before it."""
    from gateway.transparency.operator import submit_as_operator

    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        dsn = server.url(database_of(settings.venue))
        old, command = asyncio.run(_opening(dsn, settings, reason=reason, origin=origin))
        answer = asyncio.run(submit_as_operator(server, settings, command))
    if reason is not Reason.YEAR:
        # What the database has beyond the last checkpoint is never signed under the old name.
        close_log(signer_folder(settings), old, size=command.old_size)
    sys.stdout.write(f"{command.origin} begins with entry {answer.index}, after {old}\n")


async def _opening(
    dsn: str, settings: Settings, *, reason: Reason, origin: str | None
) -> tuple[str, OpenLog]:
    """Return the old log's name and the command that begins another."""
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        if store is None:
            raise CannotRun("The venue has no log yet: start it with ./ecorights up")
        loss = await loss_of(connection, signer_folder(settings))
        newest = await store.newest()
    finally:
        await connection.close()
    if (loss is not None) is not (reason is Reason.ENTRIES_LOST):
        raise CannotRun("No entries are lost." if loss is None else str(EntriesLost(loss)))
    name = origin or f"{store.origin.rpartition('/')[0]}/{secrets.token_hex(4)}"
    size, root = (0, EMPTY_ROOT) if newest is None else (newest.size, newest.root)
    if loss is not None:
        size, root = loss.signed.size, loss.signed.root
    return store.origin, OpenLog(origin=name, reason=reason, old_size=size, old_root=root.hex())


@app.command(name="reenter")
def reenter_command(
    bundle: Annotated[Path, typer.Argument(help="A bundle of everything, with --personal.")],
    *,
    venue: Venue = None,
) -> None:
    """Enter again what a restored database has lost, from an export that holds it."""
    settings = load_settings(venue=venue)
    own = Instance(pid=os.getpid(), port=0)
    with (
        only_instance(settings.home, venue=settings.venue, own=own),
        open_server(settings) as server,
    ):
        count = asyncio.run(_reenter(server.url(database_of(settings.venue)), settings, bundle))
    sys.stdout.write(f"{count} entries entered again\n")


async def _reenter(dsn: str, settings: Settings, bundle: Path) -> int:
    from gateway.transparency.reentering import reenter

    connection = await asyncpg.connect(dsn)
    try:
        loss = await loss_of(connection, signer_folder(settings))
        if loss is None:
            raise CannotRun("Nothing is missing: the database has all that was signed.")
        return await reenter(
            connection,
            loss,
            bundle=bundle,
            venue=settings.venue,
            vault=Vault(settings.vault_file),
        )
    finally:
        await connection.close()


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where the files go.")], *, venue: Venue = None
) -> None:
    """Write checkpoint, tiles and entry bundles as files that any server can serve."""
    from gateway.transparency.export import export_log

    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        url = server.url(database_of(settings.venue))
        size, files = asyncio.run(export_log(url, folder))
    sys.stdout.write(f"{files} files for {size} entries in {folder}\n")


@app.command(name="serve-check")
def serve_check_command(
    *,
    entries: Annotated[int, typer.Option(help="How many entries the log shall have.")] = 257,
    port: Annotated[int | None, typer.Option(help="The port of the API.")] = None,
    fresh: Annotated[bool, typer.Option(help="Start the log over, or let it grow.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Serve a log of its own with so many entries, for a verifier of others, until stopped."""
    from gateway.transparency.serve_check import serve_check

    def tell(found: dict[str, Any]) -> None:
        words = json.dumps(found) if as_json else "\n".join(f"{k}: {v}" for k, v in found.items())
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    with contextlib.suppress(KeyboardInterrupt):
        serve_check(entries=entries, port=port, fresh=fresh, tell=tell)
