"""Which entries a scope is about.

Rows name most of them (trades, movements, orders, decisions in force); what has no row of its own
is found by its words in the stored postings parts, and believed only once the part was read.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import asyncpg
import msgspec

from gateway.auditing.scope import Scope
from kernel.canonical import parse_utc
from kernel.errors import DomainError, Kind
from ledger.roles import FEES, SYSTEM_ACCOUNTS
from ledger.sequencer.submission import StoredBody

ROWS_MAX = 5_000_000
Effects = list[dict[str, Any]]

# An entry has few words of its kind; the bytes are searched without being taken apart.
_WORDS = """
SELECT "index", postings FROM entry
WHERE "index" >= $1 AND "index" < $2 AND position(convert_to($3, 'UTF8') in postings) > 0
ORDER BY "index" LIMIT $4
"""
_WORDS_BACK = """
SELECT "index", postings FROM entry
WHERE "index" < $1 AND position(convert_to($2, 'UTF8') in postings) > 0
ORDER BY "index" DESC LIMIT $3
"""
_OF_ACCOUNT = """
SELECT entry FROM movement WHERE (source = $1 OR target = $1) AND entry < $2
UNION SELECT entry FROM trade WHERE (buyer = $1 OR seller = $1) AND entry < $2
UNION SELECT entry FROM trading_order WHERE account = $1 AND entry < $2
LIMIT $3
"""
# Fees come with fills, which name no account: what was traded follows from one of the orders.
_OF_FEES = """
SELECT entry FROM trade WHERE buyer_fee + seller_fee > 0 AND entry < $1
UNION SELECT o.entry FROM trade t JOIN trading_order o ON o.id = t.buy_order
  WHERE t.buyer_fee + t.seller_fee > 0 AND t.entry < $1
UNION SELECT min(d.entry) FROM decision d WHERE d.kind = 'book_terms' AND d.entry < $1
  GROUP BY d.subject
LIMIT $2
"""
_BOOKS = """
SELECT min(d.entry) AS entry FROM decision d
WHERE d.kind = 'book_terms' AND d.entry < $2 AND d.subject IN (
    SELECT instrument FROM trade WHERE buyer = $1 OR seller = $1)
GROUP BY d.subject LIMIT $3
"""
_IN_FORCE = """
SELECT DISTINCT ON (kind, subject) entry FROM decision
WHERE entry <= $1 AND (kind = 'machine' OR (kind IN ('instrument', 'book_terms') AND subject = $2)
  OR (kind = 'control_group' AND subject = ANY($3::text[]))
  OR (kind = 'trading_day' AND subject = $4))
ORDER BY kind, subject, entry DESC, number DESC LIMIT 1000
"""


class ScopeEmpty(DomainError):
    """A scope about which the published log says nothing."""

    code = "audit.scope_empty"
    kind = Kind.NOT_FOUND


async def entries_of(
    connection: asyncpg.Connection, scope: Scope, *, begin: int, end: int
) -> Sequence[int]:
    """Return the indexes from ``begin`` to before ``end`` that a scope is about, in order.

    Raises:
        ScopeEmpty: there are none.
    """
    finder = _Finder(connection, end)
    found: Sequence[int]
    match scope.kind:
        case "everything":
            found = range(end)
        case "period":
            since, until = scope.instants()
            found = range(await finder.first_at(since), await finder.first_at(until))
        case "account":
            found = sorted(await finder.account(scope.number()))
        case "trade":
            found = sorted(await finder.trade(scope.number()))
        case "case":
            found = sorted(await finder.case(scope.name))
    if isinstance(found, range):
        found = range(max(begin, found.start), found.stop)
    else:
        found = [index for index in found if index >= begin]
    if not found:
        raise ScopeEmpty(f"the published log has nothing of {scope.text}", field="scope")
    return found


class _Finder:
    def __init__(self, connection: asyncpg.Connection, size: int) -> None:
        self._connection = connection
        self._size = size

    async def first_at(self, instant: int) -> int:
        """Return the first entry not before an instant, by halving: time never goes back."""
        low, high = 0, self._size
        while low < high:
            middle = (low + high) // 2
            postings = await self._connection.fetchval(
                'SELECT postings FROM entry WHERE "index" = $1', middle
            )
            if parse_utc(_body(postings).at) < instant:
                low = middle + 1
            else:
                high = middle
        return low

    async def account(self, number: int) -> set[int]:
        """Return what touched an account: value, orders and their ends, holds, its opening."""
        text = str(number)
        found = await self._rows(_OF_ACCOUNT, number, self._size)
        if number in SYSTEM_ACCOUNTS:
            found.add(0)  # every venue has them from its first entry on
        if number == FEES:
            found |= await self._rows(_OF_FEES, self._size)
        found |= await self._saying(f'"account":"{text}"', lambda _: True)
        orders = {
            str(row["id"])
            for row in await self._connection.fetch(
                "SELECT id FROM trading_order WHERE account = $1 LIMIT $2", number, ROWS_MAX
            )
        }
        holds = {
            str(row["id"])
            for row in await self._connection.fetch(
                "SELECT id FROM hold WHERE account = $1 LIMIT $2", number, ROWS_MAX
            )
        }
        for word, field, ids in (
            ("order_cancelled", "order", orders),
            ("order_amended", "order", orders),
            ("order_decremented", "order", orders),
            ("hold_released", "hold", holds),
        ):
            if ids:
                found |= await self._saying(f'"effect":"{word}"', _names(word, field, ids))
        return found | await self._behind(number)

    async def _behind(self, number: int) -> set[int]:
        """Return what others' entries on an account rest on: their holds, and books' currencies."""
        consumed = await self._connection.fetch(
            "SELECT DISTINCT entry FROM movement WHERE target = $1 AND cause LIKE 'hold\\_%' "
            "AND entry < $2 LIMIT $3",
            number,
            self._size,
            ROWS_MAX,
        )
        holds = set()
        for row in consumed:
            effects = await self._effects(row["entry"])
            holds |= {each["hold"] for each in effects if each["effect"] == "hold_consumed"}
        found = await self._rows(_BOOKS, number, self._size)
        if holds:
            names = _names("hold_placed", "hold", holds)
            found |= await self._saying('"effect":"hold_placed"', names)
        return found

    async def _effects(self, index: int) -> Effects:
        postings = await self._connection.fetchval(
            'SELECT postings FROM entry WHERE "index" = $1', index
        )
        effects: Effects = msgspec.json.decode(_body(postings).effects)
        return effects

    async def trade(self, number: int) -> set[int]:
        """Return a trade's entry, its orders' entries until then, rules in force, and people."""
        row = await self._connection.fetchrow("SELECT * FROM trade WHERE id = $1", number)
        if row is None or row["entry"] >= self._size:
            raise ScopeEmpty(f"there is no trade {number} in the published log", field="scope")
        entry = row["entry"]
        found = {entry}
        for order in {row["buy_order"], row["sell_order"]}:
            first = await self._connection.fetchval(
                "SELECT entry FROM trading_order WHERE id = $1", order
            )
            found.add(first)
            word = f'"order":"{order}"'
            found |= await self._saying(word, lambda _: True, begin=first, end=entry)
        parties = await self._parties({row["buyer"], row["seller"]})
        found |= await self._rules(row, parties)
        for effect in ("day_opened", "book_phase_set"):
            found |= await self._newest(effect, "instrument", row["instrument"], end=entry)
        found |= await self._people(parties, end=entry + 1)
        return found | await self._makers(found)

    async def _makers(self, found: set[int]) -> set[int]:
        """Return the entries in which what a checker approved was proposed."""
        proposals = {
            each["proposal"]
            for index in sorted(found)
            for each in await self._effects(index)
            if each["effect"] == "proposal_closed"
        }
        makers = set()
        for proposal in sorted(proposals):
            makers |= await self._newest("proposed", "proposal", proposal, end=max(found))
        return makers

    async def _newest(self, effect: str, field: str, value: str, *, end: int) -> set[int]:
        """Return the newest entry before ``end`` in which this happened to that."""
        accept = _names(effect, field, {value})
        words = f'"effect":"{effect}"'
        async with self._connection.transaction():
            rows = self._connection.cursor(_WORDS_BACK, end, words, ROWS_MAX, prefetch=100)
            async for row in rows:
                if accept(msgspec.json.decode(_body(row["postings"]).effects)):
                    return {row["index"]}
        return set()

    async def _rules(self, row: asyncpg.Record, parties: set[str]) -> set[int]:
        calendar = await self._connection.fetchval(
            "SELECT calendar FROM book WHERE instrument = $1", row["instrument"]
        )
        day = await self._connection.fetchval(
            "SELECT to_char(date '0001-01-01' + ($1::bigint - 1)::int, 'YYYY-MM-DD')",
            max(row["day"], 1),
        )
        return await self._rows(
            _IN_FORCE, row["entry"], row["instrument"], sorted(parties), f"{calendar}/{day}",
            limited=False,
        )  # fmt: skip

    async def _parties(self, accounts: set[int]) -> set[str]:
        rows = await self._connection.fetch(
            "SELECT party FROM account WHERE number = ANY($1::bigint[]) LIMIT 10",
            sorted(accounts),
        )
        return {row["party"] for row in rows}

    async def _people(self, parties: set[str], *, end: int) -> set[int]:
        found = set()
        for effect in ("party_registered", "actor_registered", "account_opened"):
            names = _names(effect, "party", parties)
            found |= await self._saying(f'"effect":"{effect}"', names, end=end)
        return found

    async def case(self, reference: str) -> set[int]:
        """Return everything under a reference: what was set apart, and what became of it."""
        text = msgspec.json.encode(reference).decode()
        found = await self._saying(f'"reference":{text}', lambda _: True)
        rows = await self._connection.fetch(
            "SELECT id FROM hold WHERE reference = $1 LIMIT $2", reference, ROWS_MAX
        )
        holds = {str(row["id"]) for row in rows}
        for word in ("hold_consumed", "hold_released"):
            if holds:
                found |= await self._saying(f'"effect":"{word}"', _names(word, "hold", holds))
        return found

    async def _rows(self, query: str, *values: object, limited: bool = True) -> set[int]:
        limit = (ROWS_MAX,) if limited else ()
        rows = await self._connection.fetch(query, *values, *limit)
        return {row["entry"] for row in rows if row["entry"] < self._size}

    async def _saying(
        self,
        words: str,
        accept: Callable[[Effects], bool],
        *,
        begin: int = 0,
        end: int | None = None,
    ) -> set[int]:
        until = self._size if end is None else min(end, self._size)
        found = set()
        async with self._connection.transaction():
            rows = self._connection.cursor(_WORDS, begin, until, words, ROWS_MAX, prefetch=2_000)
            async for row in rows:
                if accept(msgspec.json.decode(_body(row["postings"]).effects)):
                    found.add(row["index"])
        return found


def _names(effect: str, field: str, ids: Iterable[str]) -> Callable[[Effects], bool]:
    wanted = frozenset(ids)
    return lambda effects: any(
        each["effect"] == effect and each.get(field) in wanted for each in effects
    )


def _body(postings: bytes) -> StoredBody:
    return msgspec.json.decode(postings, type=StoredBody)
