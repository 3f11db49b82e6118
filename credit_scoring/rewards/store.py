"""Every query of the rewards: terms, balances, statements, and what an issuer owes."""

from typing import Any

import asyncpg

from credit_scoring.rewards.carbon import REDUCED

ROWS_MAX = 1_000

_COIN_ACCOUNT = """
SELECT h.account, h.instrument, h.claim, coalesce(g.available, 0) AS coins,
  coalesce((SELECT sum(coins) FROM coin_act a
            WHERE a.account = h.account AND a.day = $2 AND a.state <> 'revoked'), 0)::bigint
    AS earned_today,
  coalesce((SELECT sum(coins) FROM coin_act a
            WHERE a.account = h.account AND a.day >= $3 AND a.state <> 'revoked'), 0)::bigint
    AS earned_this_month,
  (SELECT min(expires) FROM coin_act a WHERE a.account = h.account AND a."left" > 0) AS expires
FROM coin_holder h LEFT JOIN holding g ON g.account = h.account AND g.instrument = h.instrument
WHERE h.account = $1
"""
_OUTSTANDING = """
SELECT to_char(make_date(1, 1, 1) + (a.expires - 1)::int, 'YYYY-MM') AS month,
  sum(a."left")::bigint AS coins, count(DISTINCT a.account) AS holders
FROM coin_act a JOIN coin_holder h ON h.account = a.account
WHERE h.instrument = $1 AND a."left" > 0 GROUP BY month ORDER BY month LIMIT $2
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
_HELD = """
SELECT coalesce(h.available, 0) FROM account a
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

    async def coin_account(
        self, account: int, *, today: int, month_begin: int
    ) -> dict[str, Any] | None:
        """Return a holder's coins, claim and what it has earned, ``None`` where it is none."""
        row = await self._connection.fetchrow(_COIN_ACCOUNT, account, today, month_begin)
        return None if row is None else dict(row)

    async def acts(self, account: int, *, before: int, limit: int) -> list[dict[str, Any]]:
        """Return the acts of an account, the newest first."""
        return await self._rows(
            "SELECT * FROM coin_act WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            account,
            before,
            limit,
        )

    async def bills(self, account: int, *, before: int, limit: int) -> list[dict[str, Any]]:
        """Return the bills that an account paid or, a merchant's, took; the newest first."""
        return await self._rows(
            "SELECT * FROM coin_bill WHERE (account = $1 OR merchant = $1) AND id < $2 "
            "ORDER BY id DESC LIMIT $3",
            account,
            before,
            limit,
        )

    async def outstanding(self, instrument: str) -> list[dict[str, Any]]:
        """Return the coins that holders have, by the month in which they expire."""
        return await self._rows(_OUTSTANDING, instrument, ROWS_MAX)

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

    async def held(self, account: int) -> int | None:
        """Return the milligrams that a carbon account holds, ``None`` where it is none."""
        found = await self._connection.fetchval(_HELD, account, REDUCED)
        return None if found is None else int(found)

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
