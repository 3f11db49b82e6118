"""`./ecorights anchor`: checkpoints in a contract and under time stamps, and how they stand."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import typer

from gateway.anchoring import checking
from gateway.anchoring.configuration import configured, intervals, read_key_file, ready_kinds
from gateway.anchoring.contract import adapter, contract_of
from gateway.anchoring.running import anchor_until_stopped
from gateway.anchoring.standing import NOT_CONFIGURED, standings
from gateway.errors import CannotRun
from gateway.event_loop import until_stopped
from gateway.readiness import announce_ready
from gateway.servers import open_server
from gateway.settings import Settings, database_of, load_settings
from ledger.anchoring.anchor import Kind

app = typer.Typer(help="Anchors of the public log, on a chain and in time.", no_args_is_help=True)
publisher_app = typer.Typer(help="Who may anchor in the contract.", no_args_is_help=True)
app.add_typer(publisher_app, name="publisher")
Venue = Annotated[str | None, typer.Option(help="The venue of the log.")]
KeyFile = Annotated[
    Path | None, typer.Option(help="The owner's key file; without it ECORIGHTS_ANCHOR_KEY_FILE.")
]


@app.command()
def run(*, venue: Venue = None) -> None:
    """Anchor what is published until stopped; `up` starts it where it is configured."""
    settings = load_settings(venue=venue)
    kinds = ready_kinds(settings)
    if not kinds:
        raise CannotRun(_advice(settings))
    with open_server(settings) as server:
        announce_ready()
        dsn = server.url(database_of(settings.venue))
        until_stopped(anchor_until_stopped(settings, dsn, kinds))


@app.command()
def status(
    *,
    venue: Venue = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Tell which anchors are configured, and what was anchored last."""
    settings = load_settings(venue=venue)
    found: dict[str, Any] = {}
    if ready_kinds(settings):
        with open_server(settings) as server:
            found = asyncio.run(_standing(settings, server.url(database_of(settings.venue))))
    for kind in Kind:
        missing = configured(settings, kind)
        if not missing.is_ready:
            found[kind] = {"status": NOT_CONFIGURED, "advice": missing.advice}
    if as_json:
        sys.stdout.write(json.dumps(found) + "\n")
        return
    for kind in Kind:
        words = "; ".join(f"{value}" for value in found[kind].values() if value is not None)
        sys.stdout.write(f"{kind}: {words}\n")


async def _standing(settings: Settings, dsn: str) -> dict[str, Any]:
    seconds = intervals(settings)
    connection = await asyncpg.connect(dsn)
    try:
        found = await standings(connection, list(seconds))
    finally:
        await connection.close()
    now = time.time_ns() // 1000
    return {
        each.kind: {
            "status": each.words(interval=seconds[each.kind], now=now),
            "place": each.last.place if each.last else None,
            "size": str(each.last.size) if each.last else None,
            "reference": each.last.ref if each.last else None,
            "published_entries": str(each.published),
        }
        for each in found
    }


@app.command(name="new-key")
def new_key(file: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Make a private key in a file of its owner's own, and print its account's address."""
    secret, address = adapter().new_secret()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotRun(f"{file} cannot be made: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(secret + "\n")
    sys.stdout.write(f"{address}\n")


@app.command()
def deploy(*, key_file: KeyFile = None) -> None:
    """Put the committed contract on the chain and print its address; the key's account owns it."""

    async def work() -> str:
        async with contract_of(settings, address=None, secret=secret) as contract:
            return await contract.deploy()

    settings, secret = _as_owner(key_file, needs_contract=False)
    sys.stdout.write(f"{asyncio.run(work())}\n")


@publisher_app.command()
def add(address: str, *, key_file: KeyFile = None) -> None:
    """Let an account anchor; only the contract's owner can say so."""
    _set_publisher(address, key_file, may=True)


@publisher_app.command()
def remove(address: str, *, key_file: KeyFile = None) -> None:
    """Let an account anchor no longer."""
    _set_publisher(address, key_file, may=False)


def _set_publisher(address: str, key_file: Path | None, *, may: bool) -> None:
    async def work() -> None:
        async with contract_of(
            settings, address=settings.anchor_contract, secret=secret
        ) as contract:
            await contract.set_publisher(address, may=may)

    settings, secret = _as_owner(key_file, needs_contract=True)
    asyncio.run(work())
    sys.stdout.write(f"{address} {'may anchor' if may else 'may anchor no longer'}\n")


def _as_owner(key_file: Path | None, *, needs_contract: bool) -> tuple[Settings, str]:
    settings = load_settings()
    path = key_file or settings.anchor_key_file
    missing = [
        name
        for name, value in (
            ("ECORIGHTS_ANCHOR_RPC", settings.anchor_rpc),
            ("ECORIGHTS_ANCHOR_KEY_FILE (or --key-file)", path),
            ("ECORIGHTS_ANCHOR_CONTRACT", settings.anchor_contract or not needs_contract),
        )
        if not value
    ]
    if path is None or missing:
        raise CannotRun(f"The chain is not configured: set {' and '.join(missing)}")
    return settings, read_key_file(path)


@app.command()
def verify(
    *,
    venue: Venue = None,
    size: Annotated[int | None, typer.Option(help="The tree's size; else the newest.")] = None,
) -> None:
    """Check our anchors: the note against the tree, the chain, and the authority's signature."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        dsn = server.url(database_of(settings.venue))
        findings = asyncio.run(checking.check_anchors(settings, dsn, size=size))
    for each in findings:
        sys.stdout.write(f"{each}\n")
    if not findings:
        sys.stdout.write(f"Nothing is anchored. {_advice(settings)}\n")
    if any(not each.ok for each in findings):
        sys.exit(1)


def _advice(settings: Settings) -> str:
    told = [
        f"{kind}: {found.advice}" for kind in Kind if (found := configured(settings, kind)).advice
    ]
    return f"Anchoring is {NOT_CONFIGURED}. {'. '.join(told)}" if told else ""
