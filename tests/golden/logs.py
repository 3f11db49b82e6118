"""Golden logs as files: one JSON object an entry, and at the end the hash of the state."""

import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg

from ledger.entry import NO_PERSONAL

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
        "SELECT e.header, e.postings, e.postings_key, coalesce(p.body, $1) AS personal, "
        "coalesce(p.key, e.empty_personal_key) AS personal_key "
        'FROM entry e LEFT JOIN entry_personal p ON p."index" = e."index" ORDER BY e."index"',
        NO_PERSONAL,
    )
    return [GoldenEntry(*row) for row in rows]


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
