"""Golden logs as files: one JSON object an entry, and at the end the hash of the state."""

import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from ledger.entry import NO_PERSONAL
from ledger.personal.parts import PersonalPart, PersonalRow, read_whole
from ledger.store import FIRST_ORIGIN
from tests.ledger.rows.scribe import vault_of

FOLDER = Path(__file__).parent


class GoldenEntry(NamedTuple):
    """An entry as it is stored, keys included."""

    header: bytes
    postings: bytes
    postings_key: bytes
    personal: bytes
    personal_key: bytes


class GoldenLog(NamedTuple):
    """A whole log, and what its effects make of an empty state."""

    entries: list[GoldenEntry]
    state_hash: str


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.jsonl.gz"


def write(name: str, log: GoldenLog) -> None:
    lines = [json.dumps(_plain(entry), sort_keys=True) for entry in log.entries]
    lines.append(json.dumps({"state_hash": log.state_hash}))
    path_of(name).write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


def read(name: str) -> GoldenLog:
    *lines, last = gzip.decompress(path_of(name).read_bytes()).decode().splitlines()
    return GoldenLog([_entry(json.loads(line)) for line in lines], json.loads(last)["state_hash"])


async def stored(connection: asyncpg.Connection) -> list[GoldenEntry]:
    """Return the log of a database."""
    rows = await connection.fetch(
        "SELECT header, postings, postings_key, empty_personal_key AS empty "
        'FROM entry ORDER BY "index"'
    )
    found = await _personal(connection)
    return [
        GoldenEntry(
            row["header"],
            row["postings"],
            row["postings_key"],
            NO_PERSONAL if row["empty"] is not None else found[index].body,
            row["empty"] if row["empty"] is not None else found[index].key,
        )
        for index, row in enumerate(rows)
    ]


async def _personal(connection: asyncpg.Connection) -> dict[int, PersonalPart]:
    """Return the personal parts in clear."""
    origin = await connection.fetchval(FIRST_ORIGIN)
    rows: dict[int, list[PersonalRow]] = {}
    query = 'SELECT "index", subject, key, body FROM entry_personal'
    for row in await connection.fetch(query):
        rows.setdefault(row["index"], []).append(PersonalRow(*row))
    vault = vault_of(connection)
    parts = {index: read_whole(some, origin=origin, vault=vault) for index, some in rows.items()}
    return {index: part for index, part in parts.items() if part is not None}


def _plain(entry: GoldenEntry) -> dict[str, str]:
    return {
        "header": entry.header.decode(),
        "personal": entry.personal.decode(),
        "personal_key": entry.personal_key.hex(),
        "postings": entry.postings.decode(),
        "postings_key": entry.postings_key.hex(),
    }


def _entry(plain: dict[str, Any]) -> GoldenEntry:
    return GoldenEntry(
        header=plain["header"].encode(),
        postings=plain["postings"].encode(),
        postings_key=bytes.fromhex(plain["postings_key"]),
        personal=plain["personal"].encode(),
        personal_key=bytes.fromhex(plain["personal_key"]),
    )
