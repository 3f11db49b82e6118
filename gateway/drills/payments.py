"""Money from nothing, done well: the entry, its movement and both balances agree."""

import json
import re
import secrets

import asyncpg

from gateway.drills.definition import NothingToTamper

_CASH_IN = re.compile(rb'"kind":"cash_in"')
# Its own writer gave it this key; a forged entry that brings none leaves no row for it.
_FORGE = (
    'INSERT INTO entry ("index", header, postings, postings_key, empty_personal_key) '
    'SELECT $1, header, $2, $3, $4 FROM entry WHERE "index" = $5'
)
_MOVE = (
    "INSERT INTO movement SELECT $1, number, source, target, instrument, quantity, cause "
    "FROM movement WHERE entry = $2 AND cause = 'cash_in'"
)
_BALANCE = "UPDATE holding SET available = available + $3 WHERE account = $1 AND instrument = $2"


async def inflate(connection: asyncpg.Connection, *, entry: int, amount: int) -> None:
    """Let a payment of long ago have been larger by ``amount``, in the currency's smallest unit."""
    postings = await connection.fetchval('SELECT postings FROM entry WHERE "index" = $1', entry)
    said = json.loads(postings)
    if not _CASH_IN.search(postings) or len(said["effects"]) != 1:
        raise NothingToTamper("the payment has other effects than one movement")
    [moved] = said["effects"]
    old, new = int(moved["quantity"]), int(moved["quantity"]) + amount
    for name in ("amount", "quantity"):
        postings = postings.replace(f'"{name}":"{old}"'.encode(), f'"{name}":"{new}"'.encode())
    await connection.execute('UPDATE entry SET postings = $2 WHERE "index" = $1', entry, postings)
    await connection.execute(
        "UPDATE movement SET quantity = $2 WHERE entry = $1 AND cause = 'cash_in'", entry, new
    )
    await _move(connection, moved, amount)


async def forge(connection: asyncpg.Connection, *, like: int, head: int) -> None:
    """Append a payment that an actor made who does not exist; it is still to be sealed."""
    query = 'SELECT postings FROM entry WHERE "index" = $1'
    said = json.loads(await connection.fetchval(query, like))
    newest = json.loads(await connection.fetchval(query, head))
    said |= {"actor": "ghost", "at": newest["at"], "key": "", "machine": newest["machine"]}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    keys = secrets.token_bytes(32), secrets.token_bytes(32)
    await connection.execute(_FORGE, head + 1, text, *keys, like)
    await connection.execute(_MOVE, head + 1, like)
    [moved] = said["effects"]
    await _move(connection, moved, int(moved["quantity"]))


async def _move(connection: asyncpg.Connection, moved: dict[str, str], amount: int) -> None:
    instrument = moved["instrument"]
    await connection.execute(_BALANCE, int(moved["target"]), instrument, amount)
    await connection.execute(_BALANCE, int(moved["source"]), instrument, -amount)
