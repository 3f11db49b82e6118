"""Makes the copy that all drills start from, with a history that others have seen.

1. The signer's folder of this log is copied, then the rows: so its memory is never ahead of them.
2. All is published and cosigned by a witness: the *earlier* state, which drills roll back to.
3. Two entries more, published and cosigned: the checkpoint and the receipts that outsiders keep.
4. Two entries more, which are committed and not published.
"""

import asyncio
import os
import shutil
import time
from pathlib import Path

import asyncpg

from gateway import schema
from gateway.database_server import DatabaseServer
from gateway.drills import pen, targets
from gateway.drills.bench import BASE, EARLIER, Kept, keep, vault_copy
from gateway.drills.copying import HOW_TO_LOAD, copy_venue
from gateway.drills.definition import NothingToTamper, Sighting
from gateway.drills.guards import Guards, guards_of
from gateway.drills.lines import publish_once
from gateway.drills.outsiders import show_witness
from gateway.drills.workspace import Workspace
from gateway.embedded.cluster import Cluster
from gateway.errors import CannotRun
from gateway.settings import Settings, database_of
from gateway.transparency.places import signer_folder
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.note import COSIGNATURE, SecretKey
from ledger.transparency.receipt import Receipt
from ledger.transparency.signing import (
    SEED_SIZE,
    add_secret,
    keys_file,
    memory_file,
    read_secrets,
)
from ledger.transparency.store import LogStore, current_log, logs_of
from ledger.transparency.witness import Witness

COPIES_MAX = 5  # the copy, the earlier one, the drill's, a fork, and what PostgreSQL writes ahead
WITNESS_NAME = "drill.witness.example"
RECEIPTS_OF = ("middle", "personal", "cash_in", "last")


async def prepare(
    workspace: Workspace, settings: Settings, *, entries_max: int
) -> tuple[Kept, int]:
    """Make the copy; return what others keep of it, and the number of entries that were copied.

    Raises:
        CannotRun: the venue, the server or the signer is not as a drill needs it.
        NothingToTamper: the venue has no entries.
    """
    source = workspace.server.url(database_of(settings.venue))
    await _refuse_unfit(workspace.server, settings)
    origin, published = await _log(source)
    folder = signer_folder(settings)
    await asyncio.to_thread(_copy_signer, folder, workspace.folder, origin)
    if not read_secrets(workspace.folder / "signer", origin):
        if published:
            raise CannotRun(f"{folder} has no key of {origin}: run the drill where its signer is")
        add_secret(workspace.folder / "signer", origin)
    if settings.vault_file.exists():
        await asyncio.to_thread(shutil.copy2, settings.vault_file, vault_copy(workspace.folder))
    url = await workspace.make(BASE)
    await schema.upgrade(url)
    guards = await _guards(url)
    copied = await copy_venue(source, url, entries_max=entries_max)
    signer = _Signer(url, workspace.folder / "signer", origin)
    witness = _witness(workspace.folder / "witness", signer.secrets)
    await _publish(signer, witness)
    keep(workspace, "signer", of=EARLIER)
    await workspace.make(EARLIER, template=BASE)
    await _write_two(url, vault_copy(workspace.folder))
    await _publish(signer, witness)
    kept = await _keep(signer, witness.key, copied=copied, guards=guards)
    keep(workspace, "signer", of=BASE)
    keep(workspace, "witness", of=BASE)
    return kept, copied


class _Signer:
    """The copy's log and who signs it."""

    def __init__(self, url: str, folder: Path, origin: str) -> None:
        self.url, self.folder, self.origin = url, folder, origin
        self.secrets = read_secrets(folder, origin)


async def venue_guards(server: DatabaseServer, venue: str) -> Guards:
    """Return the guards of the venue's own database."""
    return await _guards(server.url(database_of(venue)))


async def _guards(url: str) -> Guards:
    connection = await asyncpg.connect(url)
    try:
        return await guards_of(connection)
    finally:
        await connection.close()


async def _refuse_unfit(server: DatabaseServer, settings: Settings) -> None:
    name = database_of(settings.venue)
    if not await server.has_database(name):
        raise CannotRun(f"There is no venue {settings.venue}: make it with ./ecorights up")
    url = server.url(name)
    if await schema.revision_of(url) != schema.newest_revision():
        raise CannotRun(f"{settings.venue} has an older schema: ./ecorights up migrates it")
    connection = await asyncpg.connect(url)
    try:
        may = await connection.fetchval(
            "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
        )
        size = int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()
    if not may:
        raise CannotRun("A drill plays a superuser: ECORIGHTS_DATABASE_URL must name one")
    free = shutil.disk_usage(settings.home).free
    if isinstance(server, Cluster) and free < COPIES_MAX * size:
        raise CannotRun(
            f"The disk of {settings.home} has {free // 1_000_000} MB free, "
            f"copies of this venue need {COPIES_MAX * size // 1_000_000} MB"
        )


async def _log(url: str) -> tuple[str, bool]:
    """Return the log's name, and whether it was ever published."""
    connection = await asyncpg.connect(url)
    try:
        logs = await logs_of(connection)
        newest = await LogStore(connection, logs[0]).newest() if logs else None
    finally:
        await connection.close()
    if not logs:
        raise NothingToTamper(f"The venue has no entries to tamper with. {HOW_TO_LOAD}")
    if len(logs) > 1:
        raise CannotRun("A drill knows venues with one log only, and this one has begun another")
    return logs[0].origin, newest is not None


def _copy_signer(source: Path, folder: Path, origin: str) -> None:
    """Copy one log's keys and memory; the memory goes first, so that it is never ahead."""
    target = folder / "signer"
    target.mkdir(mode=0o700)
    for path in (memory_file(source, origin), keys_file(source, origin)):
        if path.exists():
            shutil.copy2(path, target / path.name)


def _witness(folder: Path, secrets: list[SecretKey]) -> Witness:
    folder.mkdir(mode=0o700)
    key = SecretKey(WITNESS_NAME, os.urandom(SEED_SIZE), algorithm=COSIGNATURE)
    keys = [each.public for each in secrets]
    return Witness(key, {keys[0].name: keys}, folder, clock=lambda: int(time.time()))


async def _publish(signer: _Signer, witness: Witness) -> None:
    found: Sighting | None
    found = await publish_once(signer.url, signer=signer.folder, origin=signer.origin)
    found = found or await show_witness(signer.url, witness)
    if found is not None:
        raise CannotRun(f"The untouched copy is refused by the {found.line}: {found.words}")


async def _write_two(url: str, vault: Path) -> None:
    writer = await pen.start(url, venue=await _venue(url), vault=vault)
    for _ in range(2):
        result = await writer.write()
        if result.state:
            raise CannotRun(f"The untouched copy takes no entry: {result.state} {result.message}")
    await pen.stop(writer)


async def _venue(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SELECT venue FROM writer"))
    finally:
        await connection.close()


async def _keep(signer: _Signer, witness: SecretKey, *, copied: int, guards: Guards) -> Kept:
    """Keep checkpoint and receipts as outsiders do, then let two entries follow."""
    await _write_two(signer.url, vault_copy(signer.folder.parent))
    connection = await asyncpg.connect(signer.url)
    try:
        log = await current_log(connection)
        newest = None if log is None else await log.newest()
        if log is None or newest is None:
            raise CannotRun("The copy has no checkpoint")
        chosen = await targets.choose(connection, copied=copied, published=newest.size)
        receipts = {}
        for name in RECEIPTS_OF:
            index = chosen.entries[name]
            if index is not None:
                proof = await inclusion_proof(log, index=index, size=newest.size)
                receipts[name] = Receipt(index, tuple(proof), newest.note)
    finally:
        await connection.close()
    return Kept(
        venue=await _venue(signer.url),
        origin=signer.origin,
        keys=signer.secrets,
        checkpoint=newest.note,
        size=newest.size,
        receipts=receipts,
        witness=witness,
        targets=chosen,
        guards=guards,
    )
