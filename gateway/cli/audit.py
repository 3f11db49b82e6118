"""`./ecorights audit`: bundles and evidence, with their proofs, for whoever checks alone."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.auditing.bundle import Manifest, write_bundle
from gateway.auditing.evidence_labels import Language
from gateway.auditing.evidence_reading import (
    Making,
    public_key,
    read_evidence,
    sign,
    signed_bytes,
)
from gateway.auditing.scope import FORMS, parse_scope
from gateway.errors import CannotRun
from gateway.keys import evidence_key
from gateway.published_venue import published_venue
from gateway.servers import open_server
from gateway.settings import CHECKOUT, Settings, database_of, load_settings
from gateway.transparency.places import public_policy
from kernel.canonical import utc_text
from kernel.clock import SystemClock
from ledger.personal.disclosure import Sight
from ledger.personal.vault import Vault

app = typer.Typer(help="Audit bundles, and evidence of trades.", no_args_is_help=True)
PROGRAM = CHECKOUT / "verifier" / "check_bundle.py"


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where the bundle goes, a .zip file.")],
    *,
    scope: Annotated[str, typer.Option(help=f"What it is about: {FORMS}.")] = "everything",
    since: Annotated[
        int | None, typer.Option(help="The size of a checkpoint that its receiver kept.")
    ] = None,
    personal: Annotated[
        bool, typer.Option(help="Show what is personal, too: an export that can restore.")
    ] = False,
    venue: Annotated[str | None, typer.Option(help="The venue.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Write a bundle of everything that the newest checkpoint covers and the scope is about."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        url = server.url(database_of(settings.venue))
        manifest = asyncio.run(
            _export(url, settings, file, scope=scope, since=since, personal=personal)
        )
    told = {"file": str(file), "scope": manifest.scope, "entries": int(manifest.entries)}
    told |= {"size": int(manifest.size), "bytes": file.stat().st_size}
    words = f"{told['entries']} of {told['size']} entries in {file}, {told['bytes']} bytes"
    sys.stdout.write((json.dumps(told) if as_json else words) + "\n")


async def _export(
    dsn: str, settings: Settings, file: Path, *, scope: str, since: int | None, personal: bool
) -> Manifest:
    draft = file.with_name(f"{file.name}.new")
    async with published_venue(dsn) as (connection, origin):
        try:
            with draft.open("wb") as target:
                manifest = await write_bundle(
                    connection,
                    target,
                    scope=parse_scope(scope),
                    sees=lambda _: Sight(postings=True, personal=personal),
                    vault=Vault(settings.vault_file),
                    policy=public_policy(settings, origin),
                    since=since,
                )
            draft.replace(file)
        except OSError as error:
            raise CannotRun(f"Cannot write {file}: {error.strerror}") from error
        finally:
            draft.unlink(missing_ok=True)
    return manifest


@app.command()
def evidence(
    trade: Annotated[int, typer.Argument(help="The trade's number.", min=1)],
    file: Annotated[Path, typer.Argument(help="Where it goes: FILE.json or FILE.pdf.")],
    *,
    language: Annotated[Language, typer.Option(help="The language of a PDF.")] = "both",
    venue: Annotated[str | None, typer.Option(help="The venue.")] = None,
) -> None:
    """Write the evidence of a trade: orders, rules, people and proofs, signed."""
    if file.suffix not in {".json", ".pdf"}:
        raise CannotRun(f"Evidence is FILE.json or FILE.pdf, not {file.name}")
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        signed = asyncio.run(_evidence(server.url(database_of(settings.venue)), settings, trade))
    content = signed_bytes(signed)
    if file.suffix == ".pdf":
        # Its library takes long to load, which no other command of the group need wait for.
        from gateway.auditing.evidence_pdf import evidence_pdf

        content = evidence_pdf(signed, language=language)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise CannotRun(f"Cannot write {file}: {error.strerror}") from error
    sys.stdout.write(f"{file}: {signed['signature']['sha256']}\n")


async def _evidence(dsn: str, settings: Settings, trade: int) -> dict[str, Any]:
    async with published_venue(dsn) as (connection, origin):
        making = Making(
            at=utc_text(SystemClock().now(), digits=0),
            by=f"{settings.venue}: command line",
            sees=lambda _: Sight(postings=True, personal=False),
            policy=public_policy(settings, origin),
        )
        document = await read_evidence(connection, trade, making)
    return sign(document, evidence_key(settings.home, settings.venue))


@app.command(name="evidence-key")
def evidence_key_command(
    *, venue: Annotated[str | None, typer.Option(help="The venue.")] = None
) -> None:
    """Print the public key that signs evidence."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        asyncio.run(_exists(server.url(database_of(settings.venue))))
    found = public_key(evidence_key(settings.home, settings.venue))
    sys.stdout.write(f"{found['algorithm']} {found['public_key']}\n")


async def _exists(dsn: str) -> None:
    async with published_venue(dsn):
        return


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def check(context: typer.Context) -> None:
    """Run the independent verifier on a bundle: FILE --key VKEY [--witness ... --old ...]."""
    done = subprocess.run([sys.executable, "-I", str(PROGRAM), *context.args], check=False)
    raise typer.Exit(done.returncode)
