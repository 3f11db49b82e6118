"""What can be read: every answer carries the head it reflects, from one snapshot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

import asyncpg

from exchange.store import ExchangeStore
from gateway.anchoring.standing import Standing, standings
from gateway.api.authentication import Caller
from gateway.api.schemas.base import Terms, Units
from kernel.canonical import utc_text
from kernel.money import format_decimal
from ledger.anchoring.anchor import Kind
from ledger.personal.store import PersonalStore
from ledger.personal.vault import Vault
from ledger.roles import Role
from ledger.store import LedgerStore, Pulse
from ledger.transparency.store import current_log

CASH = "CASH"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One snapshot: the stores that read it, and the newest entry that it reflects."""

    exchange: ExchangeStore
    ledger: LedgerStore
    personal: PersonalStore
    head: int

    async def units(self) -> Units:
        """Return the terms of all instruments."""
        return units_of(await self.exchange.terms())


class Reads:
    """Snapshots of one venue's database for the API; without a vault it shows no names."""

    def __init__(self, pool: asyncpg.Pool, *, vault: Vault | None = None) -> None:
        self._pool = pool
        self._vault = vault

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection of the pool."""
        async with self._pool.acquire() as lent:
            yield cast("asyncpg.Connection", lent)  # the pool lends a proxy of the same shape

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[View]:
        """Open one read-only snapshot."""
        async with (
            self.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            ledger = LedgerStore(connection)
            head, _ = await ledger.head()
            yield View(
                exchange=ExchangeStore(connection),
                ledger=ledger,
                personal=PersonalStore(connection, self._vault),
                head=head,
            )

    async def head(self) -> int:
        """Return the newest entry that a snapshot would reflect now."""
        async with self.connection() as connection:
            index, _ = await LedgerStore(connection).head()
        return index

    async def pulse(self) -> Pulse | None:
        """Return where the log stands."""
        async with self.connection() as connection:
            return await LedgerStore(connection).pulse()

    async def published(self) -> int:
        """Return how many entries the newest published checkpoint covers."""
        async with self.connection() as connection:
            store = await current_log(connection)
            newest = None if store is None else await store.newest()
        return 0 if newest is None else newest.size

    async def anchors(self, kinds: list[Kind]) -> list[Standing]:
        """Return how these kinds of anchors stand."""
        async with self.connection() as connection:
            return await standings(connection, kinds)

    async def actor_by_digest(self, digest: str) -> Caller | None:
        """Return the live actor of a secret's digest."""
        async with self.connection() as connection:
            found = await ExchangeStore(connection).actor_by_digest(digest)
        if found is None:
            return None
        roles = frozenset(Role(role) for role in found["roles"])
        return Caller(actor=found["id"], party=found["party"], roles=roles)

    async def erasure_of_key(self, digest: str) -> int | None:
        """Return the entry that erased the person whose key has this digest."""
        async with self.connection() as connection:
            return await PersonalStore(connection, None).erasure_of_key(digest)

    async def units(self) -> Units:
        """Return the terms of all instruments as they are committed."""
        async with self.connection() as connection:
            rows = await ExchangeStore(connection).terms()
        return units_of(rows)


def units_of(rows: list[dict[str, Any]]) -> Units:
    """Return the units that instrument rows define."""
    return Units(
        {
            row["code"]: Terms(
                code=row["code"],
                right=row["right"],
                lot=Decimal(row["lot"]),
                unit=row["unit"],
                tick=None if row["tick"] is None else Decimal(row["tick"]),
                currency=row["currency"],
                calendar=row["calendar"],
                four_eyes_lots=row["four_eyes_lots"],
            )
            for row in rows
        }
    )


def quantity(units: Units, code: str, lots: int) -> str:
    """Return lots of an instrument as a decimal string; what is owed to a contra account is < 0."""
    step = units.of(code).lot
    return format_decimal(lots, step=step)


def price(units: Units, code: str, ticks: int) -> str:
    """Return a price as a decimal string."""
    tick = units.of(code).tick
    return format_decimal(ticks, step=Decimal(1) if tick is None else tick)


def holding_shown(units: Units, row: dict[str, Any]) -> dict[str, Any]:
    """Return a holding as the API shows it."""
    code = row["instrument"]
    return {
        "instrument": code,
        "available": quantity(units, code, row["available"]),
        "held": quantity(units, code, row["held"]),
        "bought_for_later": quantity(units, code, row["fresh"]),
        "sellable_from": _day(row["fresh_from"]),
    }


def hold_shown(units: Units, row: dict[str, Any]) -> dict[str, Any]:
    """Return a hold as the API shows it to the account's owner."""
    return {
        "hold": str(row["id"]),
        "instrument": row["instrument"],
        "quantity": quantity(units, row["instrument"], row["quantity"]),
        "purpose": row["purpose"],
        "reference": row["reference"],
        "beneficiary": row["beneficiary"],
        "until": None if row["until"] is None else utc_text(row["until"], digits=6),
    }


def own_trade_shown(units: Units, row: dict[str, Any], *, account: int) -> dict[str, Any]:
    """Return a trade as one of its sides sees it: its own order and fee, not the other's."""
    code = row["instrument"]
    side = "buy" if row["buyer"] == account else "sell"
    role = "buyer" if side == "buy" else "seller"
    return {
        "trade": str(row["id"]),
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
        "instrument": code,
        "side": side,
        "order": str(row[f"{side}_order"]),
        "price": price(units, code, row["ticks"]),
        "quantity": quantity(units, code, row["lots"]),
        "fee": quantity(units, row["currency"], row[f"{role}_fee"]),
    }


def order_shown(units: Units, row: dict[str, Any]) -> dict[str, Any]:
    """Return an order as the API shows it to its owner."""
    code = row["instrument"]
    filled = row["lots_total"] - row["lots"] if row["status"] != "cancelled" else None
    return {
        "order": str(row["id"]),
        "entry": str(row["entry"]),
        "account": str(row["account"]),
        "instrument": code,
        "side": "buy" if row["is_buy"] else "sell",
        "type": row["order_type"],
        "time_in_force": row["time_in_force"],
        "price": price(units, code, row["ticks"]) if row["ticks"] else None,
        "quantity": quantity(units, code, row["lots_total"]),
        "left": quantity(units, code, row["lots"]),
        "filled": None if filled is None else quantity(units, code, filled),
        "status": row["status"],
        "reason": row["reason"] or None,
        "reference": row["reference"],
    }


def trade_shown(units: Units, code: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return a trade as the public sees it."""
    return {
        "trade": str(row["id"]),
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
        "price": price(units, code, row["ticks"]),
        "quantity": quantity(units, code, row["lots"]),
        "aggressor": "buy" if row["buyer_is_aggressor"] else "sell",
    }


def book_shown(units: Units, row: dict[str, Any]) -> dict[str, Any]:
    """Return a book's day as the public sees it."""
    code = row["code"]
    banded = bool(row["band_high"])
    return {
        "instrument": code,
        "phase": row["phase"],
        "reason": row["reason"] or None,
        "day": _day(row["day"]),
        "previous_close": price(units, code, row["previous_close"]),
        "last": price(units, code, row["last_ticks"]),
        "band_low": price(units, code, row["band_low"]) if banded else None,
        "band_high": price(units, code, row["band_high"]) if banded else None,
        "volume": quantity(units, code, row["volume"]),
    }


def _day(ordinal: int) -> str | None:
    return date.fromordinal(ordinal).isoformat() if ordinal else None


def day_shown(ordinal: int) -> str | None:
    """Return a day's date, ``None`` where no calendar gave one."""
    return _day(ordinal)
