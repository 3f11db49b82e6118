"""Reads what the evidence of a trade is made of, and signs it."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exchange.store import ExchangeStore
from gateway.auditing.bundle import NotPublished, Sees
from gateway.auditing.evidence import Circumstances, Cited, Terms, Trade, assemble
from gateway.auditing.finding import entries_of
from gateway.auditing.scope import Scope
from kernel.canonical import canonical
from kernel.errors import DomainError, Kind
from ledger.personal.disclosure import disclose
from ledger.store import LedgerStore
from ledger.transparency.growing import inclusion_proof
from ledger.transparency.policy import Policy
from ledger.transparency.receipt import Receipt
from ledger.transparency.store import LogStore, Published, log_with

ENTRIES_MAX = 5_000  # our bound: an order that was amended this often is read from a bundle


class EvidenceTooLarge(DomainError):
    """More entries than a document for readers holds."""

    code = "audit.scope_too_large"
    kind = Kind.TOO_LARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """For whom a document is made, when, and by which keys it can be checked."""

    at: str
    by: str
    sees: Sees
    policy: Policy


async def read_evidence(
    connection: asyncpg.Connection, number: int, making: Making
) -> dict[str, Any]:
    """Return the document of a trade, unsigned.

    Raises:
        NotPublished: there is no checkpoint yet.
        ScopeEmpty: the published log has no such trade.
        EvidenceTooLarge: its orders have more than ``ENTRIES_MAX`` entries.
    """
    log = await log_with(connection, await _entry_of(connection, number))
    newest = None if log is None else await log.newest()
    if log is None or newest is None or newest.size == 0:
        raise NotPublished("the log has no checkpoint yet")
    scope = Scope(kind="trade", name=str(number))
    first = log.log.first
    shown = await entries_of(connection, scope, begin=first, end=first + newest.size)
    if len(shown) > ENTRIES_MAX:
        raise EvidenceTooLarge(f"{len(shown)} entries", expected=f"at most {ENTRIES_MAX}")
    row = await connection.fetchrow("SELECT * FROM trade WHERE id = $1", number)
    assert row is not None
    cited = [
        Cited(
            disclosure=disclose(entry, sight=making.sees(entry)),
            receipt=await _receipt(log, entry.index - first, newest),
        )
        for entry in await LedgerStore(connection).some(shown)
    ]
    return assemble(
        await _trade(connection, row),
        await _terms(connection, row),
        cited,
        circumstances=Circumstances(
            at=making.at,
            by=making.by,
            origin=log.origin,
            size=newest.size,
            root=newest.root.hex(),
            checkpoint=newest.note,
            keys=[key.text for key in making.policy.logs],
        ),
    )


def sign(document: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return a document with its signature over its canonical bytes (RFC 8785)."""
    message = canonical(document)
    return {
        "document": document,
        "signature": {
            **public_key(key),
            "over": "RFC 8785",
            "sha256": hashlib.sha256(message).hexdigest(),
            "signature": key.sign(message).hex(),
        },
    }


def public_key(key: Ed25519PrivateKey) -> dict[str, str]:
    """Return what checks evidence; it is no key of the log."""
    return {"algorithm": "Ed25519", "public_key": key.public_key().public_bytes_raw().hex()}


def signed_bytes(signed: dict[str, Any]) -> bytes:
    """Return signed evidence as the file that is handed over: canonical JSON."""
    return canonical(signed)


async def _entry_of(connection: asyncpg.Connection, trade: int) -> int:
    """Return a trade's entry, 0 for a trade that is not there."""
    found = await connection.fetchval("SELECT entry FROM trade WHERE id = $1", trade)
    return 0 if found is None else int(found)


async def _receipt(log: LogStore, index: int, newest: Published) -> str:
    proof = await inclusion_proof(log, index=index, size=newest.size)
    return Receipt(index, tuple(proof), newest.note).text


async def _trade(connection: asyncpg.Connection, row: asyncpg.Record) -> Trade:
    store = ExchangeStore(connection)
    parties = {}
    for account in (row["buyer"], row["seller"]):
        found = await store.account(account)
        assert found is not None
        parties[account] = found["party"]
    return Trade(
        number=row["id"],
        entry=row["entry"],
        day=row["day"],
        buy=row["buy_order"],
        sell=row["sell_order"],
        buyer=row["buyer"],
        seller=row["seller"],
        parties=parties,
    )


async def _terms(connection: asyncpg.Connection, row: asyncpg.Record) -> Terms:
    """Return how lots and ticks are written; an instrument's never change."""
    found = await connection.fetch(
        "SELECT i.code, i.unit, i.lot, b.tick FROM instrument i "
        "LEFT JOIN book b ON b.instrument = i.code WHERE i.code = ANY($1::text[]) LIMIT 2",
        [row["instrument"], row["currency"]],
    )
    by_code = {each["code"]: each for each in found}
    own = by_code[row["instrument"]]
    return Terms(
        instrument=row["instrument"],
        currency=row["currency"],
        unit=own["unit"],
        lot=Decimal(own["lot"]),
        tick=Decimal(own["tick"]),
        cent=Decimal(by_code[row["currency"]]["lot"]),
    )
