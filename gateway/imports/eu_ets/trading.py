"""Turns one year's supply into the orders of each trading day.

1. Demand is cut into orders of about equal size, at least one for each short firm, and spread
   over the year's days; ORDERS_PER_DAY of them on each day where quantities allow.
2. On each day firms sell their share of the year's supply, the regulator the rest of the day's
   demand. So every day's crossing sells and buys are equal in lots.
3. Every buy limit is at or above the settlement, every crossing sell limit at or below it, both
   within PRICE_SPREAD_PERCENT. Whatever the order of arrival, no buy can rest beside a sell, so
   with equal quantities **everything fills that day**, at prices within the spread. The day's
   volume-weighted price is then within the spread too, well inside 10 %.
4. An offer that finds no demand is sent one tick above every buy limit, and lapses.
5. Checked, because the venue would refuse otherwise: limits stand inside the price band around
   any close that the last day with trades can have had, and no side of a day has more orders than
   one command may have fills.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from exchange.commands import FILLS_PER_COMMAND_MAX
from gateway.imports.eu_ets.draws import draw, draw_rank
from gateway.imports.eu_ets.errors import PlanImpossible
from gateway.imports.eu_ets.rows import DayPrice, InstallationId
from gateway.imports.eu_ets.steps import BAND_PERCENT, PlannedOrder, Side, TradeDay
from gateway.imports.eu_ets.supply import YearSupply
from kernel.errors import ensure
from kernel.money import Lots, Ticks, round_half_up

ORDERS_PER_DAY = 10
PRICE_SPREAD_PERCENT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRange:
    """From which to which price the last close can have been."""

    low: Ticks
    high: Ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """A part of one firm's quantity, sent as one order; the regulator's has no firm."""

    firm: InstallationId | None
    lots: Lots


def plan_days(
    supply: YearSupply, *, prices: Iterable[DayPrice], close: CloseRange, seed: str
) -> Iterator[TradeDay]:
    """Yield the year's trading days in order; `close` is what the first band is taken around.

    Raises:
        PlanImpossible: a day breaks rule 5.
    """
    days = tuple(prices)
    buys, sells, lapses = _assign(supply, days=days, seed=seed)
    for price in days:
        settlement = price.settlement
        if settlement is None:
            yield _quiet_day(price)
            continue
        orders = _orders(
            price,
            chain(
                _at_market(buys.get(price, ()), side=Side.BUY, price=price, seed=seed),
                _at_market(sells.get(price, ()), side=Side.SELL, price=price, seed=seed),
                _above_market(lapses.get(price, ()), settlement=settlement),
            ),
            seed=seed,
        )
        day = _trade_day(price, orders)
        _check(day, close=close)
        if day.price_min is not None and day.price_max is not None:
            close = CloseRange(low=day.price_min, high=day.price_max)
        yield day


_ByDay = Mapping[DayPrice, list[_Clip]]


def _assign(
    supply: YearSupply, *, days: tuple[DayPrice, ...], seed: str
) -> tuple[_ByDay, _ByDay, _ByDay]:
    open_days = [price for price in days if price.settlement is not None]
    ensure(bool(open_days), "a year that is planned has a day with a settlement")
    size = max(1, supply.demand // (len(open_days) * ORDERS_PER_DAY))
    buys = _spread(_cut(supply.bought, size=size, draw_key=(seed, "buy")), over=open_days)
    offers = _cut(supply.sold, size=size, draw_key=(seed, "sell"))
    sells = _serve(buys, offers=offers, supply=supply, days=open_days, size=size)
    whole = max(supply.lapsing.values(), default=1)
    lapses = _spread(_cut(supply.lapsing, size=whole, draw_key=(seed, "lapse")), over=open_days)
    return buys, sells, lapses


def _cut(
    quantities: Mapping[InstallationId, Lots], *, size: int, draw_key: tuple[str | int, ...]
) -> list[_Clip]:
    """Cut each firm's lots into near-equal clips of at most `size`, in a drawn order."""
    drawn: list[tuple[int, InstallationId, int, _Clip]] = []
    for firm, lots in quantities.items():
        for number, part in enumerate(_parts(lots, size=size)):
            rank = draw_rank(*draw_key, firm, number)
            drawn.append((rank, firm, number, _Clip(firm=firm, lots=part)))
    return [clip for *_, clip in sorted(drawn, key=lambda one: one[:3])]


def _parts(lots: int, *, size: int) -> list[Lots]:
    count = -(-lots // size)
    return [Lots(lots * (n + 1) // count - lots * n // count) for n in range(count)]


def _spread(clips: list[_Clip], *, over: list[DayPrice]) -> dict[DayPrice, list[_Clip]]:
    by_day: dict[DayPrice, list[_Clip]] = {}
    for number, clip in enumerate(clips):
        by_day.setdefault(over[number * len(over) // len(clips)], []).append(clip)
    return by_day


def _serve(
    buys: _ByDay, *, offers: list[_Clip], supply: YearSupply, days: list[DayPrice], size: int
) -> dict[DayPrice, list[_Clip]]:
    """Serve each day's demand: firms in proportion to the year's supply, then the regulator."""
    sells: dict[DayPrice, list[_Clip]] = {}
    waiting = offers[::-1]
    demand_so_far = sold_so_far = 0
    for day in days:
        demand = sum(clip.lots for clip in buys.get(day, ()))
        demand_so_far += demand
        firms_target = demand_so_far * supply.between_firms // max(1, supply.demand) - sold_so_far
        sold_so_far += firms_target
        clips = _take(waiting, lots=firms_target)
        missing = _parts(demand - firms_target, size=size)
        sells[day] = clips + [_Clip(firm=None, lots=lots) for lots in missing]
    return sells


def _take(waiting: list[_Clip], *, lots: int) -> list[_Clip]:
    """Take `lots` from the end of `waiting`; a clip that is too large leaves its rest there."""
    taken: list[_Clip] = []
    while lots > 0:
        clip = waiting.pop()
        part = min(clip.lots, lots)
        taken.append(_Clip(firm=clip.firm, lots=Lots(part)))
        if part < clip.lots:
            waiting.append(_Clip(firm=clip.firm, lots=Lots(clip.lots - part)))
        lots -= part
    return taken


def _spread_ticks(settlement: int) -> int:
    return settlement * PRICE_SPREAD_PERCENT // 100


def _at_market(
    clips: Iterable[_Clip], *, side: Side, price: DayPrice, seed: str
) -> Iterator[PlannedOrder]:
    settlement = price.settlement or 0
    widths = _spread_ticks(settlement) + 1
    sign = 1 if side is Side.BUY else -1
    for number, clip in enumerate(clips):
        away = draw(seed, "limit", price.day.isoformat(), side, number, below=widths)
        yield PlannedOrder(
            installation=clip.firm,
            side=side,
            limit=Ticks(settlement + sign * away),
            lots=clip.lots,
            filled=clip.lots,
        )


def _above_market(clips: Iterable[_Clip], *, settlement: Ticks) -> Iterator[PlannedOrder]:
    limit = Ticks(settlement + _spread_ticks(settlement) + 1)
    for clip in clips:
        yield PlannedOrder(
            installation=clip.firm, side=Side.SELL, limit=limit, lots=clip.lots, filled=Lots(0)
        )


def _orders(
    price: DayPrice, orders: Iterable[PlannedOrder], *, seed: str
) -> tuple[PlannedOrder, ...]:
    drawn = [
        (draw_rank(seed, "arrival", price.day.isoformat(), number), number, order)
        for number, order in enumerate(orders)
    ]
    return tuple(order for *_, order in sorted(drawn, key=lambda one: one[:2]))


def _quiet_day(price: DayPrice) -> TradeDay:
    return _trade_day(price, ())


def _trade_day(price: DayPrice, orders: tuple[PlannedOrder, ...]) -> TradeDay:
    limits = [order.limit for order in orders if order.filled]
    sales = [order for order in orders if order.side is Side.SELL]
    return TradeDay(
        on=price.day,
        settlement=price.settlement,
        price_min=min(limits, default=None),
        price_max=max(limits, default=None),
        between_firms=Lots(sum(one.filled for one in sales if one.installation is not None)),
        from_regulator=Lots(sum(one.filled for one in sales if one.installation is None)),
        orders=orders,
    )


def _check(day: TradeDay, *, close: CloseRange) -> None:
    limits = [order.limit for order in day.orders]
    lowest = round_half_up(close.high * (100 - BAND_PERCENT), 100)
    highest = round_half_up(close.low * (100 + BAND_PERCENT), 100)
    if limits and not lowest <= min(limits) <= max(limits) <= highest:
        reason = f"limits {min(limits)}-{max(limits)} leave the sure band {lowest}-{highest}"
        raise PlanImpossible(on=day.on, reason=reason)
    for side in Side:
        count = sum(order.side is side for order in day.orders)
        if count > FILLS_PER_COMMAND_MAX:
            reason = f"{count} orders on one side, one command takes {FILLS_PER_COMMAND_MAX}"
            raise PlanImpossible(on=day.on, reason=reason)
