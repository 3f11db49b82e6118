"""Every query of the rewards: terms, balances, statements, and what an issuer owes."""

from typing import Any

import asyncpg

from credit_scoring.rewards.carbon import REDUCED
from credit_scoring.rewards.days import month_of
from credit_scoring.rewards.lots import CoinMonth, month_of_row

ROWS_MAX = 1_000

_COIN_ACCOUNT = """
SELECT h.account, h.instrument, h.claim, h.months FROM coin_holder h WHERE h.account = $1
"""
_MONTHS = "SELECT * FROM coin_month WHERE account = $1 AND month = ANY($2::bigint[]) ORDER BY month"
_ACTS = "SELECT * FROM coin_act WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
_OUTSTANDING = """
SELECT to_char(make_date(1, 1, 1) + (day - 1)::int, 'YYYY-MM') AS month,
  sum(coins)::bigint AS coins, sum(lots)::bigint AS acts
FROM coin_expiry WHERE instrument = $1 AND day > $2 AND coins > 0
GROUP BY month ORDER BY month LIMIT $3
"""
_OVERDUE = """
SELECT coalesce(sum(coins), 0)::bigint FROM coin_expiry WHERE instrument = $1 AND day <= $2
"""
_CLAIMS = """
SELECT count(*) AS holders, coalesce(sum(claim), 0)::bigint AS coins
FROM coin_holder WHERE instrument = $1 AND claim > 0
"""
_MERCHANTS = """
SELECT m.account, a.party, m.live, coalesce(g.available, 0) AS unsettled,
  coalesce((SELECT sum(b.coins) FROM coin_bill b WHERE b.merchant = m.account), 0)::bigint
    AS redeemed
FROM coin_merchant m JOIN account a ON a.number = m.account
LEFT JOIN holding g ON g.account = m.account AND g.instrument = m.instrument
WHERE m.instrument = $1 ORDER BY m.account LIMIT $2
"""
_BOOKS = """
SELECT s.instrument, s.party, s.issuer, s.expired, s.clawback,
  coalesce((SELECT available FROM holding WHERE account = s.issuer
            AND instrument = s.instrument), 0) AS budget,
  coalesce((SELECT available FROM holding WHERE account = s.expired
            AND instrument = s.instrument), 0) AS ended,
  coalesce((SELECT available FROM holding WHERE account = s.clawback
            AND instrument = s.instrument), 0) AS taken_back
FROM coin_scheme s WHERE ($1::text IS NULL OR s.instrument = $1) ORDER BY s.instrument LIMIT $2
"""
_CARBON = """
SELECT coalesce(h.available, 0) AS held, p.kind FROM account a JOIN party p ON p.id = a.party
LEFT JOIN holding h ON h.account = a.number AND h.instrument = $2
WHERE a.number = $1 AND a.kind = 'carbon'
"""
_REDUCED = """
SELECT behaviour, sum(milligrams)::bigint AS milligrams, sum(cut)::bigint AS cut,
  count(*) AS credits
FROM carbon_credit WHERE account = $1 AND state = 'credited'
GROUP BY behaviour ORDER BY behaviour LIMIT $2
"""


class RewardStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def at(self) -> int:
        """Return the stamp of the newest entry, by which a scenario's clock stands too."""
        return int(await self._connection.fetchval("SELECT at FROM venue LIMIT 1") or 0)

    async def schemes(self, instrument: str | None = None) -> list[dict[str, Any]]:
        """Return the coins with what their issuers' accounts hold."""
        return await self._rows(_BOOKS, instrument, ROWS_MAX)

    async def rules(self, instrument: str) -> list[dict[str, Any]]:
        """Return the versions of a coin's rules, the newest first."""
        return await self._rows(
            "SELECT * FROM coin_rules WHERE instrument = $1 ORDER BY effective_from DESC LIMIT $2",
            instrument,
            ROWS_MAX,
        )

    async def coin_account(self, account: int, *, today: int) -> dict[str, Any] | None:
        """Return a holder's coins, claim and what it has earned, ``None`` where it is none."""
        holder = await self._connection.fetchrow(_COIN_ACCOUNT, account)
        if holder is None:
            return None
        month = month_of(today)
        months = await self._months(account, {*holder["months"], month})
        of_today = months.get(month, CoinMonth(account=account, month=month))
        live = [lot for each in months.values() for lot in each.lots if lot.expires > today]
        return {
            "account": account,
            "instrument": holder["instrument"],
            "claim": holder["claim"],
            "coins": sum(lot.left for lot in live),
            "earned_today": of_today.earned(today),
            "earned_this_month": of_today.earned(),
            "expires": min((lot.expires for lot in live if lot.left), default=None),
        }

    async def acts(
        self, account: int, *, before: int, limit: int, today: int
    ) -> list[dict[str, Any]]:
        """Return the acts of an account with their lots as they are on a day, the newest first."""
        rows = await self._rows(_ACTS, account, before, limit)
        months = await self._months(account, {month_of(row["day"]) for row in rows})
        for row in rows:
            lot = months[month_of(row["day"])].lot(row["id"])
            row["left"] = lot.left if lot.expires > today else 0
            row["state"] = lot.state(today)
        return rows

    async def _months(self, account: int, months: set[int]) -> dict[int, CoinMonth]:
        rows = await self._connection.fetch(_MONTHS, account, sorted(months))
        return {row["month"]: month_of_row(*row) for row in rows}

    async def bills(self, account: int, *, before: int, limit: int) -> list[dict[str, Any]]:
        """Return the bills that an account paid or, a merchant's, took; the newest first."""
        return await self._rows(
            "SELECT * FROM coin_bill WHERE (account = $1 OR merchant = $1) AND id < $2 "
            "ORDER BY id DESC LIMIT $3",
            account,
            before,
            limit,
        )

    async def outstanding(self, instrument: str, *, today: int) -> list[dict[str, Any]]:
        """Return the coins that holders can spend on a day, by the month in which they expire."""
        return await self._rows(_OUTSTANDING, instrument, today, ROWS_MAX)

    async def overdue(self, instrument: str, *, today: int) -> int:
        """Return the coins that have expired and that no entry has posted yet."""
        return int(await self._connection.fetchval(_OVERDUE, instrument, today))

    async def claims(self, instrument: str) -> dict[str, Any]:
        """Return how many holders owe how many coins of revoked acts."""
        row = await self._connection.fetchrow(_CLAIMS, instrument)
        assert row is not None
        return dict(row)

    async def merchants(self, instrument: str) -> list[dict[str, Any]]:
        """Return what each merchant took, and what of it is not settled."""
        return await self._rows(_MERCHANTS, instrument, ROWS_MAX)

    async def sources(self, *, party: str | None, after: str, limit: int) -> list[dict[str, Any]]:
        """Return the sources of acts by name, of one party or of all."""
        return await self._rows(
            "SELECT * FROM reward_source WHERE ($1::text IS NULL OR party = $1) AND id > $2 "
            "ORDER BY id LIMIT $3",
            party,
            after,
            limit,
        )

    async def factors(self, *, after: tuple[str, str], limit: int) -> list[dict[str, Any]]:
        """Return the versions of all factors, by behaviour and version."""
        return await self._rows(
            "SELECT * FROM carbon_factor WHERE (behaviour, version) > ($1, $2) "
            "ORDER BY behaviour, version LIMIT $3",
            *after,
            limit,
        )

    async def carbon_account(self, account: int) -> dict[str, Any] | None:
        """Return the milligrams ``held`` and its party's ``kind``; ``None`` where it is none."""
        found = await self._connection.fetchrow(_CARBON, account, REDUCED)
        return None if found is None else dict(found)

    async def reduced(self, account: int) -> list[dict[str, Any]]:
        """Return what a carbon account saved, by behaviour."""
        return await self._rows(_REDUCED, account, ROWS_MAX)

    async def emitted(self, account: int) -> list[dict[str, Any]]:
        """Return what a carbon account emitted, by year."""
        return await self._rows(
            "SELECT * FROM carbon_emission WHERE account = $1 ORDER BY year LIMIT $2",
            account,
            ROWS_MAX,
        )

    async def credits(self, account: int, *, before: int, limit: int) -> list[dict[str, Any]]:
        """Return the credits of a carbon account, the newest first."""
        return await self._rows(
            "SELECT c.*, f.method FROM carbon_credit c JOIN carbon_factor f "
            "ON f.behaviour = c.behaviour AND f.version = c.version "
            "WHERE c.account = $1 AND c.id < $2 ORDER BY c.id DESC LIMIT $3",
            account,
            before,
            limit,
        )

    async def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._connection.fetch(query, *values)]
