"""Enters lost entries again from a bundle that holds all of them, byte for byte.

Nothing is believed: every header follows the one before it, every part is what its header commits
to, and all headers together have the root that was signed, before the first row is written.
"""

import importlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import msgspec

from gateway.errors import CannotRun
from gateway.transparency.loss import Loss
from gateway.wiring import TABLE_MODULES, load_machine
from kernel.canonical import parse_utc
from ledger.entry import NO_PERSONAL, commit_personal, commit_postings, leaf_hash, read_header
from ledger.loading import fill_shelves
from ledger.machine import Machine
from ledger.personal.disclosure import Disclosed
from ledger.personal.parts import PersonalPart, encrypted, plain_rows
from ledger.personal.portions import stored_portions
from ledger.personal.vault import Vault
from ledger.projection import APPENDED, write_set
from ledger.sequencer.fence import FENCE, Lease, acquire, release
from ledger.sequencer.statements import append, write_rows
from ledger.sequencer.submission import StoredBody, key_hash
from ledger.store import StoredEntry
from ledger.transparency.frontier import Frontier
from ledger.transparency.hashing import hash_leaf

ENTRIES_PER_BATCH = 1_000
HEADERS_PER_QUERY = 10_000
LEASE_SECONDS = 30.0
LINE_BYTES_MAX = 16_000_000


class Unfit(CannotRun):
    """A bundle from which the lost entries cannot be entered again."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The bundle cannot give the lost entries back: {why}")


class _Lost(NamedTuple):
    """A lost entry: as it is stored, and its personal part."""

    entry: StoredEntry
    part: PersonalPart


async def reenter(
    connection: asyncpg.Connection, loss: Loss, *, bundle: Path, venue: str, vault: Vault
) -> int:
    """Enter what is missing and return how many entries that were; nobody else may write.

    Raises:
        Unfit: an entry is missing in the bundle, or is not what was signed.
    """
    for module in TABLE_MODULES:
        importlib.import_module(module)
    lost = list(_lost(bundle, begin=loss.committed, end=loss.signed.size))
    await _prove(loss, lost)
    lease = await acquire(
        connection, venue=venue, holder=f"reenter:{os.getpid()}", ttl=LEASE_SECONDS
    )
    machine = await load_machine(connection)
    async with connection.transaction(readonly=True):
        await fill_shelves(machine, connection)
    for begin in range(0, len(lost), ENTRIES_PER_BATCH):
        some = lost[begin : begin + ENTRIES_PER_BATCH]
        first = loss.store.log.first + loss.committed + begin
        await _write(connection, machine, some, first=first, lease=lease, vault=vault)
    await release(connection, venue=venue, epoch=lease.epoch)
    return len(lost)


def _lost(bundle: Path, *, begin: int, end: int) -> Iterator[_Lost]:
    """Iterate the entries of the log from ``begin`` to before ``end``, each with its body."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            names = [name for name in archive.namelist() if name.startswith("entries/")]
            names.sort(key=lambda name: int(name[8:].removesuffix(".jsonl")))
            expected = begin
            for shown in (line for name in names for line in _lines(archive, name)):
                index = int(shown.index)
                if not begin <= index < end:
                    continue
                if index != expected:
                    raise Unfit(f"entry {expected} of the log is not in it")
                expected += 1
                yield _stored(shown)
    except (OSError, zipfile.BadZipFile, msgspec.MsgspecError, ValueError) as error:
        raise Unfit(str(error)) from error
    if expected != end:
        raise Unfit(f"entry {expected} of the log is not in it")


def _lines(archive: zipfile.ZipFile, name: str) -> Iterator[Disclosed]:
    with archive.open(name) as lines:
        while line := lines.readline(LINE_BYTES_MAX):
            yield msgspec.json.decode(line, type=Disclosed)


def _stored(shown: Disclosed) -> _Lost:
    """Return an entry as it is stored, once both parts are what the header commits to."""
    header = read_header(shown.header.encode())
    parts = (shown.postings, shown.postings_key, shown.personal, shown.personal_key)
    if any(each is None for each in parts):
        raise Unfit(f"entry {shown.index} is there without its whole body: export with --personal")
    postings, postings_key, personal, personal_key = map(str, parts)
    part = PersonalPart(bytes.fromhex(personal_key), personal.encode())
    entry = StoredEntry(
        index=int(shown.index),
        header=shown.header.encode(),
        postings=postings.encode(),
        postings_key=bytes.fromhex(postings_key),
        empty_personal_key=part.key if part.body == NO_PERSONAL else None,
    )
    made = (
        commit_postings(entry.postings_key, entry.postings),
        commit_personal(part.key, part.body),
    )
    if made != (header.postings, header.personal):
        raise Unfit(f"entry {shown.index} has another body than its header commits to")
    return _Lost(entry, part)


async def _prove(loss: Loss, lost: list[_Lost]) -> None:
    """Prove that the database's headers and these are the tree that was signed."""
    frontier = Frontier()
    last = b""
    for begin in range(0, loss.committed, HEADERS_PER_QUERY):
        until = min(loss.committed, begin + HEADERS_PER_QUERY)
        for header in await loss.store.headers(begin, until=until):
            frontier.append(hash_leaf(header))
            last = header
    previous = leaf_hash(last) if last else read_header(lost[0].entry.header).previous
    for entry, _ in lost:
        if read_header(entry.header).previous != previous:
            raise Unfit(f"entry {entry.index} does not follow the entry before it")
        previous = leaf_hash(entry.header)
        frontier.append(hash_leaf(entry.header))
    if (frontier.size, frontier.root()) != (loss.signed.size, loss.signed.root):
        raise Unfit("with its entries the log is not the one that was signed")


async def _write(
    connection: asyncpg.Connection,
    machine: Machine,
    some: list[_Lost],
    *,
    first: int,
    lease: Lease,
    vault: Vault,
) -> None:
    """Fold a run of entries and write it with its rows, under the fence."""
    keys: list[tuple[int, int]] = []
    aside: list[tuple[str, bytes, str, str]] = []
    for index, (entry, _) in enumerate(some, start=first):
        body = entry.body()
        effects = machine.decode_effects(bytes(body.effects))
        machine.fold(effects, index=index, at=parse_utc(body.at))
        if body.key:
            keys.append((key_hash(body.actor, body.key), index))
        aside += _aside(body)
    rows = [(each.table, each.created, each.changed) for each in write_set(machine.ledger.journal)]
    head = first + len(some) - 1
    head_hash = leaf_hash(some[-1].entry.header)
    async with connection.transaction():
        moved = await connection.fetchval(
            FENCE, lease.venue, lease.epoch, head, head_hash, LEASE_SECONDS, first - 1
        )
        if moved is None:
            raise Unfit("another writer has begun to write")
        await _append_entries(connection, machine, some, first=first, vault=vault)
        await connection.copy_records_to_table(
            "idempotency", records=keys, columns=["key_hash", "index"]
        )
        await write_rows(connection, rows, appended=APPENDED)
        await append(connection, "quarantine", aside)
    machine.ledger.journal.clear()


def _aside(body: StoredBody) -> list[tuple[str, bytes, str, str]]:
    """Return the row of a command that was set aside; its own bytes are not in the log."""
    command: dict[str, Any] = json.loads(bytes(body.command))
    if command["kind"] != "quarantine":
        return []
    return [(command["digest"], b"", command["cause"], body.actor)]


async def _append_entries(
    connection: asyncpg.Connection,
    machine: Machine,
    some: list[_Lost],
    *,
    first: int,
    vault: Vault,
) -> None:
    """Write entries; personal parts under their subjects' keys, which are durable before."""
    entries, plain = [], []
    for index, (entry, part) in enumerate(some, start=first):
        empty = entry.empty_personal_key
        entries.append((index, entry.header, entry.postings, entry.postings_key, empty))
        if empty is None:
            command = machine.decode_command(entry.body().command)
            plain += plain_rows(index, part.key, stored_portions(command, part.body))
    origin = machine.ledger.first_origin
    keys = vault.ensure(origin, [row.subject for row in plain]) if plain else {}
    await append(connection, "entry", entries)
    await append(connection, "entry_personal", encrypted(plain, origin=origin, keys=keys))
