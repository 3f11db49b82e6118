"""Our books as of an entry, for a comparison with a counterparty's file.

What an account held as of an entry is what it holds now less everything that came after: movements,
and trades, which only the exchange knows. So the price of a look back is what happened since.
"""

from decimal import Decimal

import asyncpg

from ledger.reconciliation.books import Books, Holding
from ledger.reconciliation.day import day_begin, day_end
from ledger.reconciliation.difference import FileKind
from ledger.reconciliation.state import Terms
from ledger.reconciliation.store import BooksTooLarge, ReconciliationStore
from ledger.roles import FEES

HOLDINGS_MAX = 1_000_000
ROWS_MAX = 1_000_000
ROWS_PER_FETCH = 10_000
SECONDS_MAX = 60

_HOLDINGS = """
SELECT account, instrument, sum(quantity)::bigint AS quantity FROM (
    SELECT account, instrument, available + held AS quantity
      FROM holding WHERE instrument = ANY($1)
    UNION ALL
    SELECT target, instrument, -quantity FROM movement WHERE entry > $2 AND instrument = ANY($1)
    UNION ALL
    SELECT source, instrument, quantity FROM movement WHERE entry > $2 AND instrument = ANY($1)
    UNION ALL
    SELECT buyer, instrument, -lots FROM trade WHERE id > $3 AND instrument = ANY($1)
    UNION ALL
    SELECT seller, instrument, lots FROM trade WHERE id > $3 AND instrument = ANY($1)
    UNION ALL
    SELECT buyer, currency, ticks * lots + buyer_fee
      FROM trade WHERE id > $3 AND currency = ANY($1)
    UNION ALL
    SELECT seller, currency, seller_fee - ticks * lots
      FROM trade WHERE id > $3 AND currency = ANY($1)
    UNION ALL
    SELECT $5::bigint, currency, -buyer_fee - seller_fee
      FROM trade WHERE id > $3 AND currency = ANY($1)
) AS part GROUP BY account, instrument HAVING sum(quantity) <> 0
ORDER BY account, instrument LIMIT $4
"""


async def holdings_at(
    connection: asyncpg.Connection, *, entry: int, instruments: list[str]
) -> dict[Holding, int]:
    """Return what every account held of some instruments after an entry, without zeros.

    Raises:
        BooksTooLarge: more than ``HOLDINGS_MAX``.
    """
    found: dict[Holding, int] = {}
    last_trade = await _last_trade(connection, entry=entry)
    rows = connection.cursor(
        _HOLDINGS,
        instruments,
        entry,
        last_trade,
        HOLDINGS_MAX + 1,
        FEES,
        prefetch=ROWS_PER_FETCH,
    )
    async for row in rows:
        found[row["account"], row["instrument"]] = row["quantity"]
    if len(found) > HOLDINGS_MAX:
        raise BooksTooLarge(f"more than {HOLDINGS_MAX} holdings")
    return found


async def _last_trade(connection: asyncpg.Connection, *, entry: int) -> int:
    """Return the last trade up to an entry, 0 for none; numbers and entries rise together."""
    low, high = 0, await connection.fetchval("SELECT coalesce(max(id), 0) FROM trade")
    while low < high:
        middle = (low + high + 1) // 2
        row = await connection.fetchrow(
            "SELECT id, entry FROM trade WHERE id <= $1 ORDER BY id DESC LIMIT 1", middle
        )
        if row is None or row["entry"] <= entry:
            low = middle
        else:
            high = row["id"] - 1
    return low


async def as_of_day(connection: asyncpg.Connection, terms: Terms, *, day: int, head: int) -> int:
    """Return the last entry of a counterparty's day, the newest one while the day goes on."""
    end = day_end(
        day,
        utc_offset_minutes=terms.utc_offset_minutes,
        cut_off_minutes=terms.cut_off_minutes,
    )
    return await ReconciliationStore(connection).entry_before(end, head=head)


async def read_books(
    connection: asyncpg.Connection,
    terms: Terms,
    *,
    day: int,
    as_of: int,
    head: int,
    superseded: int | None,
) -> Books:
    """Read our side of a comparison as of an entry, in one snapshot of the caller's.

    Raises:
        BooksTooLarge: it is more than one comparison takes.
    """
    await connection.execute(f"SET LOCAL statement_timeout = '{SECONDS_MAX}s'")
    store = ReconciliationStore(connection)
    rows = await _all(connection, "SELECT code, lot FROM instrument ORDER BY code LIMIT $1")
    owners = await _all(connection, "SELECT number, party FROM account ORDER BY number LIMIT $1")
    parties = await _all(
        connection,
        "SELECT scheme, identifier, id FROM party WHERE identifier <> '' ORDER BY id LIMIT $1",
    )
    bookings = []
    if terms.file_kind == FileKind.BANK:
        entry_from, entry_to = await _window(store, terms, day=day, head=head)
        bookings = await store.bookings(terms, entry_from=entry_from, entry_to=entry_to)
    return Books(
        day=day,
        as_of=as_of,
        steps={row["code"]: Decimal(row["lot"]) for row in rows},
        scope=frozenset(terms.instruments),
        owners={row["number"]: row["party"] for row in owners},
        holdings=await holdings_at(connection, entry=as_of, instruments=terms.instruments),
        parties={(row["scheme"], row["identifier"]): row["id"] for row in parties},
        bookings=bookings,
        carried=await store.carried(terms, day=day, superseded=superseded),
    )


async def _all(connection: asyncpg.Connection, query: str) -> list[asyncpg.Record]:
    """Fetch all rows of a query.

    Raises:
        BooksTooLarge: more than ``ROWS_MAX``.
    """
    rows: list[asyncpg.Record] = await connection.fetch(query, ROWS_MAX + 1)
    if len(rows) > ROWS_MAX:
        table = query.partition(" FROM ")[2].split()[0]
        raise BooksTooLarge(f"more than {ROWS_MAX} rows of {table}")
    return rows


async def _window(
    store: ReconciliationStore, terms: Terms, *, day: int, head: int
) -> tuple[int, int]:
    """Return the entries between which bookings may belong to a day's statement."""
    zone = {
        "utc_offset_minutes": terms.utc_offset_minutes,
        "cut_off_minutes": terms.cut_off_minutes,
    }
    begin = day_begin(day - terms.window_days, **zone)
    end = day_end(day + terms.window_days, **zone)
    first = await store.entry_before(begin, head=head)
    return first, await store.entry_before(end, head=head)
