"""Every query of the exchange: postings, holdings, orders, trades, books, obligations."""

from typing import Any

import asyncpg

from ledger.roles import CANCELLED, FEES, FIRST_PARTY_ACCOUNT, ISSUANCE, RETIRED, SURRENDERED
from ledger.statements import CertifiedPostings, Posting, certify

ROWS_MAX = 1_000
DAY_MAX = 10**7
BALANCES_MAX = 10_000_000

# Every movement and every fill as signed postings of one account, in their order. A fill's number
# lies behind those of the entry's movements; cash and fee of one side are two postings.
_POSTINGS = """
SELECT entry, number, instrument, quantity, cause FROM (
    SELECT entry, number, instrument, -quantity AS quantity, cause
      FROM movement WHERE source = $1 AND entry > $2 AND entry <= $3
    UNION ALL
    SELECT entry, number, instrument, quantity, cause
      FROM movement WHERE target = $1 AND entry > $2 AND entry <= $3
    UNION ALL
    SELECT entry, id, instrument, lots, 'buy' FROM trade
      WHERE buyer = $1 AND entry > $2 AND entry <= $3
    UNION ALL
    SELECT entry, id, currency, -ticks * lots, 'buy' FROM trade
      WHERE buyer = $1 AND entry > $2 AND entry <= $3
    UNION ALL
    SELECT entry, id, currency, -buyer_fee, 'buyer_fee' FROM trade
      WHERE buyer = $1 AND entry > $2 AND entry <= $3 AND buyer_fee > 0
    UNION ALL
    SELECT entry, id, instrument, -lots, 'sell' FROM trade
      WHERE seller = $1 AND entry > $2 AND entry <= $3
    UNION ALL
    SELECT entry, id, currency, ticks * lots, 'sell' FROM trade
      WHERE seller = $1 AND entry > $2 AND entry <= $3
    UNION ALL
    SELECT entry, id, currency, -seller_fee, 'seller_fee' FROM trade
      WHERE seller = $1 AND entry > $2 AND entry <= $3 AND seller_fee > 0
) AS posting
ORDER BY entry, number, cause, instrument
"""

_PAGE_OF_POSTINGS = (
    "SELECT * FROM ("  # noqa: S608  constants alone
    + _POSTINGS
    + ") AS posting WHERE (entry, number, cause, instrument) > ($4, $5, $6, $7) "
    "ORDER BY entry, number, cause, instrument LIMIT $8"
)

_BALANCES = (
    "SELECT instrument, sum(quantity)::bigint AS quantity FROM ("  # noqa: S608  constants alone
    + _POSTINGS
    + ") AS all_postings WHERE instrument > $4 GROUP BY instrument ORDER BY instrument LIMIT $5"
)

# What everybody holds now, without what was posted after an entry. Trades are numbered in the
# order of their entries, so the first of them is found from the newest down.
_ALL_BALANCES = """
WITH later AS (
    SELECT * FROM trade WHERE id > coalesce(
        (SELECT id FROM trade WHERE entry <= $1 ORDER BY id DESC LIMIT 1), 0)
)
SELECT account, instrument, sum(quantity)::bigint AS quantity FROM (
    SELECT account, instrument, available + held AS quantity FROM holding
    UNION ALL SELECT source, instrument, quantity FROM movement WHERE entry > $1
    UNION ALL SELECT target, instrument, -quantity FROM movement WHERE entry > $1
    UNION ALL SELECT buyer, instrument, -lots FROM later
    UNION ALL SELECT buyer, currency, ticks * lots + buyer_fee FROM later
    UNION ALL SELECT seller, instrument, lots FROM later
    UNION ALL SELECT seller, currency, seller_fee - ticks * lots FROM later
    UNION ALL SELECT $3::bigint, currency, -buyer_fee - seller_fee FROM later
) AS posting
WHERE ($2::bigint IS NULL OR account = $2) AND ($5::text IS NULL OR instrument = $5)
GROUP BY account, instrument HAVING sum(quantity) <> 0
ORDER BY account, instrument LIMIT $4
"""


async def postings_of(
    connection: asyncpg.Connection, *, account: int, entry_from: int, entry_to: int
) -> list[Posting]:
    """Return the postings of an account after one entry up to another, in order."""
    rows = await connection.fetch(_POSTINGS, account, entry_from, entry_to)
    return [Posting(**dict(row)) for row in rows]


async def certify_postings(
    connection: asyncpg.Connection, *, account: int, entry_from: int, entry_to: int
) -> CertifiedPostings:
    """Return count and digest of a run of postings."""
    found = await postings_of(connection, account=account, entry_from=entry_from, entry_to=entry_to)
    return certify(found)


class ExchangeStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> asyncpg.Connection:
        """The connection that this store reads on."""
        return self._connection

    async def terms(self, *, after: str = "", limit: int | None = None) -> list[dict[str, Any]]:
        """Return instruments by code, each with the terms of its book; all without a limit."""
        rows = await self._connection.fetch(
            "SELECT i.*, b.tick, b.currency, b.calendar, b.four_eyes_lots, b.phase, b.reason, "
            "b.previous_close, b.last_ticks, b.band_low, b.band_high, b.day, b.volume, b.turnover "
            "FROM instrument i LEFT JOIN book b ON b.instrument = i.code "
            "WHERE i.code > $1 ORDER BY i.code LIMIT $2",
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def actor_by_digest(self, digest: str) -> dict[str, Any] | None:
        """Return the live actor of a secret's digest."""
        row = await self._connection.fetchrow(
            "SELECT id, party, roles FROM actor WHERE digest = $1 AND live", digest
        )
        return None if row is None else dict(row)

    async def parties(
        self, *, party: str | None, after: str = "", limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return one party, or all by id."""
        rows = await self._connection.fetch(
            "SELECT * FROM party WHERE ($1::text IS NULL OR id = $1) AND id > $2 "
            "ORDER BY id LIMIT $3",
            party,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def accounts(
        self, *, party: str | None, after: int = 0, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return the accounts of a party, or of all, by number."""
        rows = await self._connection.fetch(
            "SELECT * FROM account WHERE ($1::text IS NULL OR party = $1) AND number > $2 "
            "ORDER BY number LIMIT $3",
            party,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def account(self, number: int) -> dict[str, Any] | None:
        """Return one account."""
        row = await self._connection.fetchrow("SELECT * FROM account WHERE number = $1", number)
        return None if row is None else dict(row)

    async def holdings(
        self, account: int, *, after: str = "", limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return what an account holds now, by instrument."""
        rows = await self._connection.fetch(
            "SELECT * FROM holding WHERE account = $1 AND instrument > $2 "
            "ORDER BY instrument LIMIT $3",
            account,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def holds(
        self, account: int, *, after: int = 0, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return what is set apart in an account and by what, without its orders' holds."""
        rows = await self._connection.fetch(
            "SELECT * FROM hold WHERE account = $1 AND quantity > 0 AND id > $2 "
            "ORDER BY id LIMIT $3",
            account,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def balances_at(
        self, account: int, *, entry: int, after: str = "", limit: int = ROWS_MAX
    ) -> dict[str, int]:
        """Return what an account held as of a past entry, holds included, by instrument."""
        rows = await self._connection.fetch(_BALANCES, account, -1, entry, after, limit)
        return {row["instrument"]: row["quantity"] for row in rows}

    async def all_balances(
        self,
        *,
        entry: int,
        account: int | None = None,
        instrument: str | None = None,
        limit: int = BALANCES_MAX,
    ) -> list[dict[str, Any]]:
        """Return what every account, or one, held as of a past entry, holds included.

        By account and instrument; what is nought is left out.
        """
        rows = await self._connection.fetch(_ALL_BALANCES, entry, account, FEES, limit, instrument)
        return [dict(row) for row in rows]

    async def postings(
        self,
        account: int,
        *,
        entry_from: int,
        entry_to: int,
        after: tuple[int, int, str, str] = (-1, -1, "", ""),
        limit: int = ROWS_MAX,
    ) -> list[Posting]:
        """Return a page of an account's postings after one entry up to another, in order."""
        rows = await self._connection.fetch(
            _PAGE_OF_POSTINGS, account, max(entry_from, after[0] - 1), entry_to, *after, limit
        )
        return [Posting(**dict(row)) for row in rows]

    async def orders(
        self, *, account: int | None, is_open: bool, after: int = 0, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return orders by number."""
        rows = await self._connection.fetch(
            "SELECT * FROM trading_order WHERE id > $3 AND ($1::bigint IS NULL OR account = $1) "
            "AND (NOT $2 OR status IN ('resting', 'waiting')) ORDER BY id LIMIT $4",
            account,
            is_open,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def order(self, number: int) -> dict[str, Any] | None:
        """Return one order."""
        row = await self._connection.fetchrow("SELECT * FROM trading_order WHERE id = $1", number)
        return None if row is None else dict(row)

    async def depth(self, instrument: str, *, is_buy: bool, levels: int) -> list[dict[str, Any]]:
        """Return the best prices of a side with what they show."""
        rows = await self._connection.fetch(
            "SELECT ticks, sum(visible)::bigint AS lots, count(*) AS orders FROM trading_order "
            "WHERE instrument = $1 AND is_buy = $2 AND status = 'resting' "
            "GROUP BY ticks ORDER BY CASE WHEN $2 THEN -ticks ELSE ticks END LIMIT $3",
            instrument,
            is_buy,
            levels,
        )
        return [dict(row) for row in rows]

    async def trades(
        self, instrument: str, *, after: int = 0, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return the public part of trades, by number."""
        rows = await self._connection.fetch(
            "SELECT id, entry, at, ticks, lots, buyer_is_aggressor FROM trade "
            "WHERE instrument = $1 AND id > $2 ORDER BY id LIMIT $3",
            instrument,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def trades_of(
        self, account: int, *, after: int = 0, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return an account's trades with its own side of them, by number.

        A trade of an account with itself is one row, seen as its buyer's.
        """
        rows = await self._connection.fetch(
            "(SELECT * FROM trade WHERE buyer = $1 AND id > $2 ORDER BY id LIMIT $3) UNION "
            "(SELECT * FROM trade WHERE seller = $1 AND id > $2 ORDER BY id LIMIT $3) "
            "ORDER BY id LIMIT $3",
            account,
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def supply(self, instrument: str) -> dict[str, int]:
        """Return an instrument's units in lots: all issued, and what became of them.

        ``issued`` equals the sum of the others, else value has come from nowhere.
        """
        rows = await self._connection.fetch(
            "SELECT least(account, $2) AS account, sum(available + held)::bigint AS lots "
            "FROM holding WHERE instrument = $1 GROUP BY least(account, $2)",
            instrument,
            FIRST_PARTY_ACCOUNT,
        )
        lots = {row["account"]: row["lots"] for row in rows}
        ended = {"surrendered": SURRENDERED, "retired": RETIRED, "cancelled": CANCELLED}
        found = {name: lots.pop(account, 0) for name, account in ended.items()}
        issued = -lots.pop(ISSUANCE, 0)
        return {"issued": issued, **found, "in_circulation": sum(lots.values())}

    async def candles(
        self, instrument: str, *, before: int = DAY_MAX, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return open, high, low, close and volume of each trading day, newest first."""
        rows = await self._connection.fetch(
            "SELECT day, (array_agg(ticks ORDER BY id))[1] AS open, max(ticks) AS high, "
            "min(ticks) AS low, (array_agg(ticks ORDER BY id DESC))[1] AS last, "
            "sum(lots)::bigint AS volume, sum(ticks * lots)::bigint AS turnover, "
            "count(*) AS trades "
            "FROM trade WHERE instrument = $1 AND day < $2 "
            "GROUP BY day ORDER BY day DESC LIMIT $3",
            instrument,
            before,
            limit,
        )
        return [dict(row) for row in rows]

    async def obligations(
        self,
        *,
        party: str | None,
        right: str | None,
        year: int | None,
        after: tuple[str, str, int] = ("", "", 0),
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return obligations by party, right and year, from the one that follows ``after``."""
        rows = await self._connection.fetch(
            "SELECT * FROM obligation WHERE ($1::text IS NULL OR party = $1) "
            'AND ($2::text IS NULL OR "right" = $2) AND ($3::bigint IS NULL OR year = $3) '
            'AND (party, "right", year) > ($4, $5, $6) ORDER BY party, "right", year LIMIT $7',
            party,
            right,
            year,
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def decisions(
        self,
        *,
        before: int,
        day: str,
        after: tuple[str, str] = ("", ""),
        groups: bool,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return what was in force before an instant, by kind and subject: the newest of each.

        Of trading days only those of ``day``; control groups, and terms with counterparties about
        their files, where ``groups`` says so.
        """
        rows = await self._connection.fetch(
            "SELECT DISTINCT ON (kind, subject) * FROM decision WHERE at < $1 "
            "AND (kind <> 'trading_day' OR right(subject, 10) = $2) "
            "AND (kind NOT IN ('control_group', 'reconciliation_terms') OR $3) "
            "AND (kind, subject) > ($4, $5) "
            "ORDER BY kind, subject, entry DESC, number DESC LIMIT $6",
            before,
            day,
            groups,
            *after,
            limit,
        )
        return [dict(row) for row in rows]

    async def proposals(
        self, *, after: int = 0, party: str | None = None, limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return the open proposals by number: of one party's makers, or all."""
        rows = await self._connection.fetch(
            "SELECT p.* FROM proposal p JOIN actor a ON a.id = p.maker "
            "WHERE p.status = 'open' AND p.id > $1 AND ($2::text IS NULL OR a.party = $2) "
            "ORDER BY p.id LIMIT $3",
            after,
            party,
            limit,
        )
        return [dict(row) for row in rows]
