"""Rewrites history as somebody can who has everything: headers, chain, tiles, notes.

It reads and writes by pages, so memory does not grow with the log.
"""

from collections.abc import AsyncIterator

import asyncpg
import msgspec

from kernel.canonical import parse_utc, utc_text
from ledger.entry import (
    FIRST_PREVIOUS,
    NO_PERSONAL,
    Header,
    commit_personal,
    commit_postings,
    leaf_hash,
)
from ledger.store import LedgerStore, StoredEntry
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.edge import Edge
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.note import SecretKey, sign_note
from ledger.transparency.store import LogStore, current_log

SIZES_MAX = 1_000_000
HEADERS_PER_PAGE = 4_096
_decode = msgspec.json.Decoder(Header).decode
_encode = msgspec.json.Encoder(order="sorted").encode
_PUT = (
    'UPDATE entry SET header = new.header FROM unnest($1::bigint[], $2::bytea[]) AS new("index", '
    'header) WHERE entry."index" = new."index"'
)


async def reseal(connection: asyncpg.Connection, *, first: int, writer: bool) -> None:
    """Give every entry from ``first`` on the header that its body and the header before demand."""
    before = await LedgerStore(connection).entry(first - 1)
    previous = FIRST_PREVIOUS if before is None else leaf_hash(before.header)
    last = first - 1
    async for page in _pages(connection, after=last):
        headers = []
        for entry in page:
            header = _header(entry, previous=previous)
            previous, last = leaf_hash(header), entry.index
            headers.append(header)
        await connection.execute(_PUT, [entry.index for entry in page], headers)
    if writer:
        await connection.execute("UPDATE writer SET head = $1, head_hash = $2", last, previous)


def _header(entry: StoredEntry, *, previous: str) -> bytes:
    old = _decode(entry.header)
    personal = old.personal
    if entry.empty_personal_key is not None:
        personal = commit_personal(entry.empty_personal_key, NO_PERSONAL)
    return _encode(
        Header(
            index=str(entry.index),
            origin=old.origin,
            personal=personal,
            postings=commit_postings(entry.postings_key, entry.postings),
            previous=previous,
            time=utc_text(parse_utc(entry.body().at), digits=0),
            v=old.v,
        )
    )


async def _pages(connection: asyncpg.Connection, *, after: int) -> AsyncIterator[list[StoredEntry]]:
    store = LedgerStore(connection)
    while page := await store.page(after=after):
        yield page
        after = page[-1].index


async def retile(connection: asyncpg.Connection) -> None:
    """Derive tiles, and the roots of all checkpoints, from the headers that are there now."""
    store = await current_log(connection)
    if store is None:
        return
    edge = Edge()
    size = await store.integrated()
    rows = await connection.fetch("SELECT size FROM checkpoint ORDER BY size LIMIT $1", SIZES_MAX)
    sizes = [row["size"] for row in rows if row["size"] <= size]
    await connection.execute("DELETE FROM tile")
    for published in sizes:
        await _extend(store, edge, until=published)
        await connection.execute(
            "UPDATE checkpoint SET root = $2 WHERE size = $1", published, edge.root()
        )
    await _extend(store, edge, until=size)


async def _extend(store: LogStore, edge: Edge, *, until: int) -> None:
    while edge.size < until:
        headers = await store.headers(edge.size, until=min(until, edge.size + HEADERS_PER_PAGE))
        if not headers:
            return
        edge.extend(map(hash_leaf, headers))
        await store.put_tiles(edge.take_changed())


async def resign(connection: asyncpg.Connection, *, origin: str, keys: list[SecretKey]) -> None:
    """Sign every checkpoint as its row has it now."""
    rows = await connection.fetch("SELECT size, root FROM checkpoint LIMIT $1", SIZES_MAX)
    notes = [
        (row["size"], sign_note(Checkpoint(origin, row["size"], row["root"]).text, keys).whole)
        for row in rows
    ]
    await connection.executemany("UPDATE checkpoint SET note = $2 WHERE size = $1", notes)
