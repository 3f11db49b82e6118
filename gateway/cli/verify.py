"""`./ecorights verify`: computes chain, commitments, balances and every row from the entries."""

import asyncio
import importlib
import json
import sys
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from gateway.errors import CannotRun
from gateway.servers import open_server
from gateway.settings import database_of, load_settings
from gateway.wiring import TABLE_MODULES, certify, load_machine, new_machine
from ledger.personal.vault import Vault
from ledger.replay import Replay
from ledger.verification.audit import Audit
from ledger.verification.findings import Report

app = typer.Typer()
FINDINGS_SHOWN = 20


async def verify_database(
    url: str, *, kept_head: tuple[int, str] | None = None, vault: Path | None = None
) -> Report:
    """Audit the venue in a database; without the ``vault`` its personal parts stay closed."""
    _import_tables()
    connection = await asyncpg.connect(url)
    try:
        opened = None if vault is None else Vault(vault)
        return await Audit(connection, new_machine, vault=opened).run(kept_head=kept_head)
    finally:
        await connection.close()


async def replay_database(url: str, *, decide: bool = False) -> Report:
    """Fold all entries of the venue in a database and compare with the loaded state."""
    _import_tables()
    connection = await asyncpg.connect(url)
    try:
        replay = Replay(connection, new_machine=new_machine, load=load_machine, certify=certify)
        return await replay.run(decide=decide)
    finally:
        await connection.close()


def _import_tables() -> None:
    for module in TABLE_MODULES:
        importlib.import_module(module)


def read_head(path: Path) -> tuple[int, str]:
    """Read a kept head: JSON with ``head`` and ``leaf_hash``, as ``/v1/ledger/head`` answers.

    Raises:
        CannotRun: the file is not that.
    """
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return int(kept["head"]), str(kept["leaf_hash"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotRun(f"{path} holds no head: expected JSON with head and leaf_hash") from error


def show(report: Report, *, verb: str, as_json: bool) -> None:
    """Print a report and end with its status."""
    if as_json:
        result = {"ok": report.ok, "entries": report.entries, "first_bad": report.first_bad}
        sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    else:
        for finding in report.findings[:FINDINGS_SHOWN]:
            sys.stdout.write(f"{finding}\n")
        verdict = "everything agrees" if report.ok else f"{len(report.findings)} findings"
        sys.stdout.write(f"{report.entries} entries {verb}: {verdict}\n")
    if not report.ok:
        sys.exit(1)


@app.command()
def verify(
    *,
    venue: Annotated[str | None, typer.Option(help="The venue to verify.")] = None,
    head: Annotated[Path | None, typer.Option(help="A head that you kept outside.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Recompute everything from the entries and compare."""
    settings = load_settings(venue=venue)
    kept = None if head is None else read_head(head)
    with open_server(settings) as server:
        url = server.url(database_of(settings.venue))
        report = asyncio.run(verify_database(url, kept_head=kept, vault=settings.vault_file))
    show(report, verb="verified", as_json=as_json)
