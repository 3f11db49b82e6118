"""Carries a plan out as a user of the public service: every step is a request with a key.

Keys of requests are made of what the request is for, so an import that was cut off goes on where
it stood: what was done answers as it did the first time. Orders of a day come from many parties
and are sent side by side, for the plan holds whatever their order of arrival.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from gateway.imports.eu_ets.compliance import Code, Key
from gateway.imports.eu_ets.errors import VenueDiffers
from gateway.imports.eu_ets.people import RESERVE_PARTY, People, party_of
from gateway.imports.eu_ets.rows import InstallationId, NoVerification
from gateway.imports.eu_ets.steps import (
    CURRENCY,
    INSTRUMENT,
    AllocateCountry,
    CloseComplianceYear,
    EnterVerified,
    FundBuyers,
    IssueUnits,
    ListInstrument,
    OpenAccounts,
    Part,
    Party,
    PlannedOrder,
    PublishCalendar,
    Step,
    SurrenderUnits,
    TradeDay,
    YearTotals,
)
from kernel.canonical import utc_text
from kernel.money import format_decimal

ZONE = ZoneInfo("Europe/Brussels")
OPENS, CLOSES, TRADES_AT = "09:00", "17:00", "10:00"
RIGHT = "CARBON"
CALENDAR = "exchange"
TICK = Decimal("0.01")
OPERATIONS_PER_TRANSACTION = 48
LINES_PER_REQUEST = 1_000
ROWS_PER_PAGE = 1_000
REQUESTS_AT_ONCE = 24
_VERIFIED_STATUS = {
    NoVerification.EXCLUDED: "excluded",
    NoVerification.NOT_REPORTED: "not_reported",
    NoVerification.MISSING: "not_reported",
}
Item = TypeVar("Item")


@dataclass(slots=True)
class Tally:
    """What the service answered so far. Lots, and the widest miss of a day's average price."""

    accounts: int = 0
    orders: int = 0
    trades: int = 0
    between_firms: int = 0
    from_regulator: int = 0
    trading_days: int = 0
    widest_miss_percent: float = 0.0
    trading_seconds: float = 0.0
    codes: dict[Key, Code] = field(default_factory=dict)


class Driver:
    """Sends the steps of a plan, in their order, and counts what comes of them."""

    def __init__(self, people: People, *, tell: Callable[[str], None]) -> None:
        self._people = people
        self._tell = tell
        self._accounts: dict[str, str] = {}
        self._reserve_orders: set[str] = set()
        self._at = ""
        self._slots = asyncio.Semaphore(REQUESTS_AT_ONCE)
        self._ways: dict[type[Step], Callable[[Any], Awaitable[None]]] = {
            OpenAccounts: self._open,
            ListInstrument: self._list,
            PublishCalendar: self._publish,
            IssueUnits: self._issue,
            AllocateCountry: self._allocate,
            FundBuyers: self._fund,
            TradeDay: self._trade,
            EnterVerified: self._verify,
            SurrenderUnits: self._surrender,
            CloseComplianceYear: self._close,
        }
        self.tally = Tally()

    async def run(self, steps: Iterable[Step]) -> None:
        """Carry all steps out.

        Raises:
            VenueDiffers: the service's figures are not the plan's.
            Refused: the service refused a request.
        """
        for step in steps:
            trades = isinstance(step, TradeDay)
            await self._move(step.on, TRADES_AT if trades else "00:00")
            await self._ways[type(step)](step)

    async def _move(self, day: date, time_of_day: str) -> None:
        to = instant(day, time_of_day)
        if to > self._at:
            await self._people.operator.post("/clock", {"to": to}, key=f"clock-{to}")
            self._at = to

    async def _list(self, step: ListInstrument) -> None:
        self._tell(f"{step.instrument} is listed, with a band of {step.band_percent} %")
        operator = self._people.operator
        currency = {"instrument": CURRENCY, "right": "CASH", "unit": "euro", "lot": str(TICK)}
        await operator.post("/instruments", currency, key=f"instrument-{CURRENCY}")
        allowance = {
            "instrument": step.instrument,
            "right": RIGHT,
            "unit": "t",
            "lot": "1",
            "zone": "EU",
            "currency": CURRENCY,
            "tick": str(TICK),
            "reference_price": _price(step.reference),
            "band_percent": str(step.band_percent),
            "calendar": CALENDAR,
        }
        await operator.post("/instruments", allowance, key=f"instrument-{step.instrument}")
        rule = {"right": RIGHT, "mode": "cumulative", "first_year": step.on.year}
        await self._people.regulator.post("/compliance/rules", rule, key="compliance-rule")

    async def _open(self, step: OpenAccounts) -> None:
        self._tell(f"{len(step.parties)} parties join")
        new = [party for party in step.parties if party.part is not Part.OPERATOR]
        size = OPERATIONS_PER_TRANSACTION // 3
        await self._side_by_side(self._join, [new[n : n + size] for n in range(0, len(new), size)])

    async def _join(self, parties: Sequence[Party]) -> None:
        operations = [each for party in parties for each in self._joining(party)]
        answer = await self._people.operator.post(
            "/transactions", {"operations": operations}, key=f"join-{parties[0].value}"
        )
        for effect in answer["effects"]:
            if effect["effect"] == "account_opened":
                self._accounts[effect["party"]] = effect["account"]
                self.tally.accounts += 1

    def _joining(self, party: Party) -> Iterator[dict[str, Any]]:
        name = party_of(party)
        yield {
            "kind": "register_party",
            "party": name,
            "party_kind": self._people.kind_of(party),
            "scheme": party.scheme,
            "identifier": party.value,
            "name": party.name,
        }
        for actor, roles, digest in self._people.keys_of(party):
            yield {
                "kind": "register_actor",
                "actor": actor,
                "party": name,
                "roles": list(roles),
                "digest": digest,
            }
        kind = {Part.TRADER: "trading", Part.REGULATOR: "reserve"}.get(party.part)
        if kind is not None:
            yield {"kind": "open_account", "party": name, "account_kind": kind}

    async def _publish(self, step: PublishCalendar) -> None:
        self._tell(f"{step.year}: {len(step.trading_days)} trading days")
        days = [
            {
                "day": day.isoformat(),
                "sessions": [{"opens": instant(day, OPENS), "closes": instant(day, CLOSES)}],
            }
            for day in step.trading_days
        ]
        body = {"calendar": CALENDAR, "days": days}
        await self._people.operator.post("/calendars/days", body, key=f"days-{step.year}")

    async def _issue(self, step: IssueUnits) -> None:
        lots = step.allocation + step.sale
        self._tell(f"{step.year}: {lots:,} t are issued, {step.sale:,} of them for sale")
        body = {
            "kind": "issue",
            "account": self._accounts[RESERVE_PARTY],
            "instrument": INSTRUMENT,
            "quantity": str(lots),
            "decision": f"issue-{step.year}",
        }
        await self._propose(body, key=f"issue-{step.year}")

    async def _allocate(self, step: AllocateCountry) -> None:
        body = {
            "kind": "allocate",
            "instrument": INSTRUMENT,
            "year": step.year,
            "scope": step.country,
            "source": self._accounts[RESERVE_PARTY],
            "lines": [
                {"account": self._accounts[line.installation], "quantity": str(line.lots)}
                for line in step.lines
            ],
            "decision": f"allocation-{step.country}-{step.year}",
        }
        await self._propose(body, key=f"allocation-{step.country}-{step.year}")

    async def _propose(self, body: dict[str, Any], *, key: str) -> None:
        await self._people.regulator.propose(body, checker=self._people.checker, key=key)

    async def _fund(self, step: FundBuyers) -> None:
        self._tell(f"{step.year}: {len(step.lines):,} buyers get their cash")
        deposits = [
            {
                "kind": "cash_in",
                "account": self._accounts[line.installation],
                "currency": CURRENCY,
                "amount": _price(line.cents),
                "reference": f"{line.installation}-{step.year}",
            }
            for line in step.lines
        ]
        parts = list(_parts(deposits, size=OPERATIONS_PER_TRANSACTION))

        async def pay(numbered: tuple[int, list[dict[str, Any]]]) -> None:
            number, operations = numbered
            key = f"cash-{step.year}-{number}"
            await self._people.bank.post("/transactions", {"operations": operations}, key=key)

        await self._side_by_side(pay, list(enumerate(parts)))

    async def _trade(self, step: TradeDay) -> None:
        if not step.orders:
            return
        begin = asyncio.get_running_loop().time()
        orders = sorted(step.orders, key=lambda order: order.installation or "")
        baskets = [
            (firm, list(of_firm))
            for firm, of_firm in groupby(orders, key=lambda order: order.installation)
        ]

        async def send(basket: tuple[InstallationId | None, list[PlannedOrder]]) -> list[Any]:
            return await self._send_orders(step.on, *basket)

        answers = await self._side_by_side(send, baskets)
        fills = [effect for results in answers for effect in results]
        self._count_fills(step, fills)
        self.tally.trading_seconds += asyncio.get_running_loop().time() - begin

    async def _send_orders(
        self, day: date, firm: InstallationId | None, orders: list[PlannedOrder]
    ) -> list[Any]:
        """Send the day's orders of one party as a batch; return the fills that they caused."""
        party = RESERVE_PARTY if firm is None else firm
        account = self._accounts[party]
        bodies = [
            {
                "account": account,
                "instrument": INSTRUMENT,
                "side": order.side.value.lower(),
                "quantity": str(order.lots),
                "price": _price(order.limit),
                "time_in_force": "day",
            }
            for order in orders
        ]
        key = f"orders-{day.isoformat()}-{party}"
        answer = await self._people.firm(firm).batch(bodies, key=key)
        fills = []
        for result in answer["results"]:
            if result["outcome"] != "applied":
                raise VenueDiffers(on=day, what=f"an order of {party}", found=str(result))
            if firm is None:
                self._reserve_orders.add(result["order"])
            fills += [each for each in result["effects"] if each["effect"] == "filled"]
        self.tally.orders += len(orders)
        return fills

    def _count_fills(self, step: TradeDay, fills: list[Any]) -> None:
        """Compare the day's trades with the plan.

        Raises:
            VenueDiffers: volumes or the average price are not as planned.
        """
        tally = self.tally
        volume = {True: 0, False: 0}
        value = 0
        for fill in fills:
            lots = int(fill["lots"])
            volume[fill["sell"] in self._reserve_orders] += lots
            value += lots * int(fill["ticks"])
        _agree(step.on, "lots between firms", planned=step.between_firms, found=volume[False])
        _agree(step.on, "lots from the reserve", planned=step.from_regulator, found=volume[True])
        tally.trades += len(fills)
        tally.between_firms += volume[False]
        tally.from_regulator += volume[True]
        total = volume[True] + volume[False]
        if total and step.settlement is not None:
            tally.trading_days += 1
            miss = abs(value / total - step.settlement) / step.settlement * 100
            tally.widest_miss_percent = max(tally.widest_miss_percent, miss)

    async def _verify(self, step: EnterVerified) -> None:
        self._tell(f"{step.year}: {len(step.lines):,} verified emissions are entered")
        lines = [
            {"party": line.installation, "status": _VERIFIED_STATUS[line.verified]}
            if isinstance(line.verified, NoVerification)
            else {"party": line.installation, "status": "reported", "lots": str(line.verified)}
            for line in step.lines
        ]
        for number, part in enumerate(_parts(lines, size=LINES_PER_REQUEST)):
            body = {"right": RIGHT, "year": step.year, "lines": part}
            key = f"verified-{step.year}-{number}"
            await self._people.verifier.post("/compliance/verified-emissions", body, key=key)

    async def _surrender(self, step: SurrenderUnits) -> None:
        self._tell(f"{step.year}: {len(step.lines):,} installations surrender")

        async def give(line: Any) -> None:
            body = {
                "account": self._accounts[line.installation],
                "instrument": INSTRUMENT,
                "right": RIGHT,
                "year": step.year,
                "quantity": str(line.lots),
            }
            key = f"surrender-{step.year}-{line.installation}"
            await self._people.firm(line.installation).post("/rights/surrenders", body, key=key)

        await self._side_by_side(give, step.lines)

    async def _close(self, step: CloseComplianceYear) -> None:
        body = {"right": RIGHT, "year": step.year}
        key = f"closure-{step.year}"
        await self._people.regulator.post("/compliance/closures", body, key=key)
        async for row in self._obligations(step.year):
            self.tally.codes[InstallationId(row["party"]), step.year] = _code(row)
        await self._check_supply(step.on, step.totals)
        held = {line.installation: line.lots for line in step.held}
        await self._side_by_side(
            lambda item: self._check_holding(step.on, *item), list(held.items())
        )
        self._tell(
            f"{step.year}: closed; {step.totals.between_firms:,} t between firms, "
            f"{step.totals.from_regulator:,} t from the reserve, "
            f"{step.totals.surrendered:,} t surrendered"
        )

    async def _obligations(self, year: int) -> AsyncIterator[dict[str, Any]]:
        filters = {"right": RIGHT, "year": str(year), "limit": str(ROWS_PER_PAGE)}
        cursor: str | None = None
        while True:
            more = {} if cursor is None else {"cursor": cursor}
            page = await self._people.regulator.get("/obligations", **filters, **more)
            for row in page["obligations"]:
                yield row
            cursor = page["next"]
            if cursor is None:
                return

    async def _check_supply(self, on: date, totals: YearTotals) -> None:
        supply = await self._people.regulator.get(f"/instruments/{INSTRUMENT}/supply")
        for name, planned in (
            ("issued", totals.issued_so_far),
            ("surrendered", totals.surrendered_so_far),
            ("in_circulation", totals.held_at_end),
        ):
            _agree(on, name, planned=planned, found=int(supply[name]))

    async def _check_holding(self, on: date, firm: InstallationId, lots: int) -> None:
        path = f"/accounts/{self._accounts[firm]}/holdings"
        found = (await self._people.regulator.get(path))["holdings"]
        units = [each for each in found if each["instrument"] == INSTRUMENT]
        held = sum(int(each["available"]) + int(each["held"]) for each in units)
        _agree(on, f"lots of {firm}", planned=lots, found=held)

    async def _side_by_side(
        self, work: Callable[[Item], Awaitable[Any]], items: Sequence[Item]
    ) -> list[Any]:
        """Do the same for many items, a bounded number at a time; the first failure ends all."""

        async def one(item: Item) -> Any:
            async with self._slots:
                return await work(item)

        async with _group() as start:
            tasks = [start(one(item)) for item in items]
        return [task.result() for task in tasks]


@asynccontextmanager
async def _group() -> AsyncIterator[Callable[[Any], "asyncio.Task[Any]"]]:
    """Run tasks until all are done; of several failures the first one is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group.create_task
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def instant(day: date, time_of_day: str) -> str:
    """Return a local time of a day (``HH:MM``) as a UTC instant."""
    local = datetime.fromisoformat(f"{day.isoformat()}T{time_of_day}").replace(tzinfo=ZONE)
    return utc_text(int(local.timestamp()) * 1_000_000, digits=0)


def _agree(on: date, what: str, *, planned: int, found: int) -> None:
    if planned != found:
        raise VenueDiffers(on=on, what=what, found=f"{found:,}, planned {planned:,}")


def _code(row: dict[str, Any]) -> Code:
    """Read the EU's letter from an obligation: nothing verified, covered, or short."""
    if row["verified_lots"] is None:
        return Code.C
    return Code.A if row["status"] == "covered" else Code.B


def _price(minor: int) -> str:
    return format_decimal(minor, step=TICK)


def _parts(items: list[Any], *, size: int) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
