"""The story until March: members, instruments, cash, allocations and the trading of 2026-03-16.

At the end the scenario clock stands at 10:00 of 2026-03-17.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from credit_scoring.consequences.adopting.table import canonical_table, hash_of
from credit_scoring.consequences.reading import shipped_document
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.rule_sets.writing import document_of
from gateway.client import Refused
from gateway.demonstration.cast import Cast, UnexpectedFigure, instant
from gateway.demonstration.county import (
    ALLOCATIONS,
    BACKGROUND,
    INSTRUMENTS,
    MEMBERS,
    RESERVES,
    SESSIONS,
    YEAR,
)
from gateway.demonstration.gep_accounts import GepAccounts
from gateway.demonstration.gep_units import GepUnits
from kernel.calendar_source import is_trading_day

DAYS_PER_REQUEST = 200
LAST_DAY = date(YEAR, 3, 17)


def key_names() -> list[str]:
    """Return the names of every key of the demonstration."""
    return ["X-1", *(f"{m.party}-{number}" for m in MEMBERS for number in m.keys)]


class Story:
    """Tells the first quarter to a service through its members' own keys."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._accounts: dict[str, str] = {}
        self._step = 0

    async def load(self) -> None:
        """Load everything up to the morning of 2026-03-17.

        Raises:
            UnexpectedFigure: a close or a refusal is not the story's.
        """
        await self._instruments()
        await self._members()
        await self._calendar()
        await self._rule_sets()
        await self._move(date(YEAR, 1, 5))
        await self._cash()
        await self._move(date(YEAR, 1, 12))
        await GepAccounts(self._cast.part("gep")).publish()
        await GepUnits(self._cast.part("gep-units")).tell()
        await self._move(date(YEAR, 3, 2))
        await self._allocate()
        await self._move(date(YEAR, 3, 10))
        await self._auction_day()
        await self._background(day=date(YEAR, 3, 10))
        await self._move(date(YEAR, 3, 16))
        await self._trading_day()
        await self._background(day=date(YEAR, 3, 16))
        await self._move(LAST_DAY)
        await self._close_is("74.85")
        await self._background(day=LAST_DAY)

    async def _instruments(self) -> None:
        self._cast.tell("instruments")
        yuan = {"instrument": "CNY", "right": "CASH", "unit": "yuan", "lot": "0.01"}
        await self._cast.post("X-1", "/instruments", yuan, key="instrument-CNY")
        for code, terms in INSTRUMENTS:
            body = {"instrument": code, "currency": "CNY", "calendar": "main", **terms}
            await self._cast.post("X-1", "/instruments", body, key=f"instrument-{code}")

    async def _members(self) -> None:
        self._cast.tell("members and accounts")
        await self._cast.register(MEMBERS)
        for member in MEMBERS:
            opened = await self._cast.post(
                "X-1",
                "/accounts",
                {"party": member.party, "account_kind": member.account_kind},
                key=f"account-{member.party}",
            )
            self._accounts[member.party] = opened["account"]

    async def _calendar(self) -> None:
        self._cast.tell("trading days of the year")
        days = []
        day = date(YEAR, 1, 1)
        while day.year == YEAR:
            if is_trading_day(day):
                sessions = [
                    {"opens": instant(day, f"{opens}:00"), "closes": instant(day, f"{closes}:00")}
                    for opens, closes in SESSIONS
                ]
                days.append({"day": day.isoformat(), "sessions": sessions})
            day += timedelta(days=1)
        for start in range(0, len(days), DAYS_PER_REQUEST):
            body = {"calendar": "main", "days": days[start : start + DAYS_PER_REQUEST]}
            await self._cast.post("X-1", "/calendars/days", body, key=f"days-{start}")

    async def _rule_sets(self) -> None:
        self._cast.tell("rule sets and consequences of the eco-credit, by proposal and approval")
        for rule_set in shipped():
            body = {
                "kind": "credit_adopt_rule_set",
                "document": document_of(rule_set),
                "rule_set_hash": rule_set.hash,
                "decision": f"{YEAR}-1",
            }
            await self._cast.propose(body, key=f"rule-set-{rule_set.version}")
        first = min(each.effective_from for each in shipped()).isoformat()
        table = {"version": "ships", "effective_from": first, **shipped_document()}
        await self._cast.propose(
            {
                "kind": "credit_adopt_consequences",
                "document": table,
                "table_hash": hash_of(canonical_table(table)),
                "decision": f"{YEAR}-1",
            },
            key="consequences",
        )

    async def _move(self, day: date) -> None:
        self._cast.tell(f"the clock moves to {day.isoformat()} 10:00")
        await self._cast.move(day)

    async def _cash(self) -> None:
        self._cast.tell("opening cash")
        for member in MEMBERS:
            if member.cash:
                body = {"account": self._accounts[member.party], "amount": member.cash}
                await self._cast.post("B2-1", "/cash/deposits", body, key=f"cash-{member.party}")

    async def _allocate(self) -> None:
        self._cast.tell("allocation by proposal and approval")
        reserve = self._accounts["R"]
        by_instrument: dict[str, list[dict[str, str]]] = {}
        for party, code, quantity in ALLOCATIONS:
            line = {"account": self._accounts[party], "quantity": quantity}
            by_instrument.setdefault(code, []).append(line)
        extra = dict(RESERVES)
        for code, lines in by_instrument.items():
            await self._issue(code, [*(line["quantity"] for line in lines), extra.get(code, "0")])
            body = {
                "kind": "allocate",
                "instrument": code,
                "year": YEAR,
                "scope": "yunxi",
                "source": reserve,
                "lines": lines,
                "decision": "2026-12",
            }
            await self._cast.propose(body, key=f"allocate-{code}")

    async def _issue(self, code: str, quantities: list[str]) -> None:
        total = str(sum((Decimal(q) for q in quantities), Decimal(0)))
        body = {
            "kind": "issue",
            "account": self._accounts["R"],
            "instrument": code,
            "quantity": total,
            "decision": "2026-12",
        }
        await self._cast.propose(body, key=f"issue-{code}")

    async def _order(
        self,
        actor: str,
        side: str,
        quantity: str,
        price: str | None,
        *,
        code: str = "CEA25",
        **more: Any,
    ) -> dict[str, Any]:
        self._step += 1
        body = {
            "account": self._accounts[actor.split("-", maxsplit=1)[0]],
            "instrument": code,
            "side": side,
            "quantity": quantity,
            **({} if price is None else {"price": price}),
            **more,
        }
        return await self._cast.post(actor, "/orders", body, key=f"order-{self._step}")

    async def _auction_day(self) -> None:
        self._cast.tell("2026-03-10: the reserve sells 20,000 CEA25 at 74.00")
        await self._order("R-1", "sell", "20000", "74.00")
        for actor, quantity in (("E02-1", "8000"), ("E12-1", "10000"), ("E07-1", "2000")):
            await self._order(actor, "buy", quantity, "74.00")

    async def _trading_day(self) -> None:
        self._cast.tell("2026-03-16: the continuous book")
        await self._order("E01-1", "sell", "1500", "74.50")
        await self._order("E06-1", "sell", "1000", "74.50")
        await self._order("E12-1", "buy", "1000", "74.50")
        await self._order("E02-1", "buy", "2000", "74.50")
        await self._order("E03-1", "sell", "2000", "75.50")
        await self._refused("E12-1", "sell", "10500", "76.00", code="exchange.sellable_too_small")
        await self._order("E01-1", "sell", "1000", "74.40")
        await self._order("E07-1", "buy", "600", None, type="market", time_in_force="ioc")
        killed = {"time_in_force": "fok", "code": "exchange.not_fillable"}
        await self._refused("E05-1", "buy", "2000", "75.50", **killed)
        await self._order("E12-1", "buy", "2000", "75.50", time_in_force="ioc")
        await self._order("E12-1", "buy", "10", "75.00")
        await self._order("E12-2", "sell", "10", "75.00")

    async def _refused(
        self, actor: str, side: str, quantity: str, price: str, *, code: str, **more: Any
    ) -> None:
        try:
            await self._order(actor, side, quantity, price, **more)
        except Refused as refusal:
            if refusal.code == code:
                return
            raise
        raise UnexpectedFigure(f"{actor} {side} {quantity} @ {price}: expected {code}")

    async def _close_is(self, expected: str) -> None:
        book = await self._cast.get("E01-1", "/books/CEA25")
        # Loaded once more after a crash, the clock may stand on a later day.
        is_its_day = book["day"] == LAST_DAY.isoformat()
        if is_its_day and book["previous_close"] != expected:
            raise UnexpectedFigure(f"close {book['previous_close']}, expected {expected}")

    async def _background(self, *, day: date) -> None:
        """Let the background's two parties trade a little in their own instruments."""
        prices = {
            code: str(terms["reference_price"]) for code, terms in INSTRUMENTS if code in BACKGROUND
        }
        for place, code in enumerate(BACKGROUND):
            quantity = f"{(day.day + place) % 7 + 1}"
            await self._order("N01-1", "sell", quantity, prices[code], code=code)
            await self._order("N02-1", "buy", quantity, prices[code], code=code)
