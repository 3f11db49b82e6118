"""Rebuilds the ledger's resident state from the committed rows: the rows are the snapshot."""

from typing import Any

import asyncpg

from ledger.machine import Machine
from ledger.personal.state import Disclosure, Erasure, Retention
from ledger.roles import AccountKind, PartyKind, Purpose, Role
from ledger.state import (
    Account,
    Actor,
    Hold,
    Holding,
    Instrument,
    Ledger,
    Party,
    Phase,
    Proposal,
)
from ledger.timers import Timer

ROWS_PER_FETCH = 10_000


async def load_ledger(ledger: Ledger, connection: asyncpg.Connection) -> None:
    """Fill an empty ledger with what is committed; run it inside one snapshot."""
    row = await connection.fetchrow("SELECT * FROM venue")
    if row is None:
        return
    for name, value in row.items():
        setattr(ledger, name, value)
    ledger.first_origin = ledger.origin
    ledger.entry = await connection.fetchval("SELECT head FROM writer LIMIT 1")
    await _parties(ledger, connection)
    await _instruments(ledger, connection)
    await _accounts(ledger, connection)
    await _open_things(ledger, connection)
    await _privacy(ledger, connection)


async def load_shelves(machine: Machine, connection: asyncpg.Connection) -> None:
    """Let a machine's shelves begin where the committed rows are, with none of these in memory."""
    found = {row["name"]: row for row in await rows_of(connection, "SELECT * FROM shelf")}
    for name, shelf in machine.shelves.items():
        row = found.get(name)
        shelf.begin(
            count=0 if row is None else row["rows"], digest="0" if row is None else row["digest"]
        )


async def fill_shelves(machine: Machine, connection: asyncpg.Connection) -> None:
    """Take all rows of all shelves into memory: where no sequencer fetches (repairs offline)."""
    for name, shelf in machine.shelves.items():
        shelf.adopt(map(tuple, await rows_of(connection, f'SELECT * FROM "{name}"')))  # noqa: S608


async def rows_of(connection: asyncpg.Connection, query: str) -> list[Any]:
    """Fetch all rows of a query through a cursor."""
    rows: list[Any] = []
    async for row in connection.cursor(query, prefetch=ROWS_PER_FETCH):
        rows.append(row)  # noqa: PERF401  an asynchronous comprehension reads no better
    return rows


async def _parties(ledger: Ledger, connection: asyncpg.Connection) -> None:
    for row in await rows_of(connection, "SELECT * FROM party"):
        party = Party(
            id=row["id"],
            kind=PartyKind(row["kind"]),
            scheme=row["scheme"],
            identifier=row["identifier"],
        )
        ledger.parties[party.id] = party
        if party.identifier:
            ledger.identifiers[party.scheme, party.identifier] = party
    for row in await rows_of(connection, "SELECT * FROM actor"):
        ledger.actors[row["id"]] = Actor(
            id=row["id"],
            party=row["party"],
            roles=frozenset(Role(role) for role in row["roles"]),
            digest=row["digest"],
            live=row["live"],
        )


async def _instruments(ledger: Ledger, connection: asyncpg.Connection) -> None:
    for row in await rows_of(connection, "SELECT * FROM instrument"):
        ledger.instruments[row["code"]] = Instrument(**dict(row))


async def _accounts(ledger: Ledger, connection: asyncpg.Connection) -> None:
    for row in await rows_of(connection, "SELECT * FROM account"):
        ledger.accounts[row["number"]] = Account(
            number=row["number"],
            party=row["party"],
            kind=AccountKind(row["kind"]),
            open=row["open"],
        )
    async for row in connection.cursor("SELECT * FROM holding", prefetch=ROWS_PER_FETCH):
        holding = Holding(**dict(row))
        ledger.accounts[holding.account].holdings[holding.instrument] = holding


async def _open_things(ledger: Ledger, connection: asyncpg.Connection) -> None:
    for row in await rows_of(connection, "SELECT * FROM hold WHERE quantity > 0"):
        values = dict(row) | {"purpose": Purpose(row["purpose"])}
        ledger.holds[row["id"]] = Hold(**values)
    for row in await rows_of(connection, "SELECT * FROM proposal WHERE status = 'open'"):
        ledger.proposals[row["id"]] = Proposal(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM phase WHERE NOT done"):
        ledger.phases[row["id"]] = Phase(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM timer WHERE live"):
        ledger.timers.put(Timer(**dict(row)))


async def _privacy(ledger: Ledger, connection: asyncpg.Connection) -> None:
    privacy = ledger.privacy
    for row in await rows_of(connection, "SELECT * FROM erasure"):
        privacy.erasures[row["party"]] = Erasure(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM retention"):
        privacy.retentions[row["party"]] = Retention(**dict(row))
    for row in await rows_of(connection, "SELECT * FROM disclosure WHERE live"):
        privacy.disclosures[row["id"]] = Disclosure(**dict(row))
