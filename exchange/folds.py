"""How each thing that happens in the market changes its state; folds never change their meaning."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from exchange.days import Calendar, CalendarDay
from exchange.effects import (
    BookOpened,
    BookPhaseSet,
    BookTermsSet,
    ControlGroupSet,
    DayClosed,
    DayOpened,
    Filled,
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderDecremented,
    OrderReplenished,
    OrderRested,
    OrderTriggered,
    TradingDaysDeclared,
)
from exchange.state import (
    ACTIVE,
    CANCELLED,
    FILLED,
    RESTING,
    WAITING,
    Book,
    ControlGroup,
    Market,
    Order,
    ticket,
)
from exchange.trade import Trade
from kernel.errors import InvariantBroken, ensure
from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create, remove
from ledger.roles import FEES
from ledger.state import Holding


def book_opened(market: Market, effect: BookOpened) -> None:
    """Add a book."""
    journal = market.ledger.journal
    book = Book(
        instrument=effect.instrument,
        currency=effect.currency,
        tick=effect.tick,
        calendar=effect.calendar,
        band_ppm=effect.band_ppm,
        resale_delay=effect.resale_delay,
        buyer_fee_ppm=effect.buyer_fee_ppm,
        seller_fee_ppm=effect.seller_fee_ppm,
        four_eyes_lots=effect.four_eyes_lots,
        order_lots_max=effect.order_lots_max,
        reference_ticks=effect.reference_ticks,
        band_low=effect.band_low,
        band_high=effect.band_high,
        journal=journal,
    )
    create(journal, market.books, key=book.instrument, value=book)
    record_decision(market.ledger, kind="book_terms", subject=book.instrument, terms=effect)


def book_terms_set(market: Market, effect: BookTermsSet) -> None:
    """Change what a book's next orders and its next day go by."""
    book = market.books[effect.instrument]
    book.note_terms(market.ledger.journal)
    book.band_ppm = effect.band_ppm
    book.resale_delay = effect.resale_delay
    book.buyer_fee_ppm = effect.buyer_fee_ppm
    book.seller_fee_ppm = effect.seller_fee_ppm
    book.four_eyes_lots = effect.four_eyes_lots
    book.order_lots_max = effect.order_lots_max
    record_decision(market.ledger, kind="book_terms", subject=book.instrument, terms=effect)


def trading_days_declared(market: Market, effect: TradingDaysDeclared) -> None:
    """Add days to a calendar."""
    journal = market.ledger.journal
    calendar = market.calendars.get(effect.calendar)
    if calendar is None:
        calendar = Calendar()
        create(journal, market.calendars, key=effect.calendar, value=calendar)
    for each in effect.days:
        day = CalendarDay(
            calendar=effect.calendar,
            day=each.day,
            opens=list(each.opens),
            closes=list(each.closes),
        )
        journal.append((day,))
        journal.append((calendar,))
        calendar.add(day)
        record_decision(
            market.ledger,
            kind="trading_day",
            subject=f"{effect.calendar}/{date.fromordinal(each.day).isoformat()}",
            terms=each,
        )


def day_opened(market: Market, effect: DayOpened) -> None:
    """Begin a book's day with an empty tally."""
    book = market.books[effect.instrument]
    book.note(market.ledger.journal)
    book.day = effect.day
    book.sellable_from = effect.sellable_from
    book.volume = 0
    book.turnover = 0
    if (effect.band_low, effect.band_high) != (book.band_low, book.band_high):
        refused = book.kernel.rebound(low=effect.band_low, high=effect.band_high)
        ensure(refused is None, f"the band of {book.instrument}: {refused}")
        book.band_low = effect.band_low
        book.band_high = effect.band_high


def day_closed(market: Market, effect: DayClosed) -> None:
    """Keep the close as what the next band starts from."""
    book = market.books[effect.instrument]
    book.note(market.ledger.journal)
    book.previous_close = effect.close


def book_phase_set(market: Market, effect: BookPhaseSet) -> None:
    """Set a book's phase."""
    book = market.books[effect.instrument]
    book.note(market.ledger.journal)
    book.phase = effect.phase
    book.reason = effect.reason


def control_group_set(market: Market, effect: ControlGroupSet) -> None:
    """Set a party's control group."""
    journal = market.ledger.journal
    found = market.groups.get(effect.party)
    if found is None:
        group = ControlGroup(party=effect.party, group=effect.group)
        create(journal, market.groups, key=effect.party, value=group)
    else:
        journal.append((found, found.group))
        found.group = effect.group
    record_decision(market.ledger, kind="control_group", subject=effect.party, terms=effect)


def order_accepted(market: Market, effect: OrderAccepted) -> None:
    """Take an order in and place its hold; a stop takes its place among the stops."""
    ledger = market.ledger
    journal = ledger.journal
    account = ledger.accounts[effect.account]
    book = market.books[effect.instrument]
    order = Order(
        id=effect.order,
        entry=ledger.entry,
        account=effect.account,
        party=account.party,
        instrument=effect.instrument,
        is_buy=effect.is_buy,
        order_type=effect.order_type,
        time_in_force=effect.time_in_force,
        ticks=effect.ticks,
        lots=effect.lots,
        display=effect.display,
        stop_ticks=effect.stop_ticks,
        expires=effect.expires,
        post_only=effect.post_only,
        self_trade_prevention=effect.self_trade_prevention,
        reference=effect.reference,
        fee_ppm=effect.fee_ppm,
        held=effect.held,
        cash=account.holding(journal, book.currency),
        units=account.holding(journal, effect.instrument),
    )
    create(journal, market.orders, key=order.id, value=order)
    market.note()
    market.next_order = order.id + 1
    _hold(market, order, -effect.held)
    if order.status == WAITING:
        book.stops.rest(ticket(order))


def _hold(market: Market, order: Order, released: int) -> None:
    """Move from held to available what an order no longer holds (negative: the other way)."""
    holding = order.cash if order.is_buy else order.units
    holding.note(market.ledger.journal)
    holding.held -= released
    holding.available += released
    holding.check()


def order_rested(market: Market, effect: OrderRested) -> None:
    """Let an order stand at the tail of its price."""
    order = market.orders[effect.order]
    market.note()
    market.next_priority = effect.priority + 1
    order.note(market.ledger.journal)
    order.status = RESTING
    order.priority = effect.priority
    order.visible = min(order.display, order.lots) if order.display else order.lots
    market.books[order.instrument].kernel.rest(order)


def filled(market: Market, effect: Filled) -> None:
    """Settle a match: units to the buyer, cash to the seller, fees, both holds consumed."""
    ledger = market.ledger
    journal = ledger.journal
    buy = market.orders[effect.buy]
    sell = market.orders[effect.sell]
    book = market.books[buy.instrument]
    lots = effect.lots
    cash = effect.ticks * lots
    _pay(market, buy, cash=cash, fee=effect.buyer_fee, held=effect.buyer_held)
    _deliver(market, sell, buy.units, book=book, lots=lots)
    sell.cash.note(journal)
    sell.cash.available += cash - effect.seller_fee
    if effect.buyer_fee or effect.seller_fee:
        fees = ledger.accounts[FEES].holding(journal, book.currency)
        fees.note(journal)
        fees.available += effect.buyer_fee + effect.seller_fee
    _reduce(market, buy, lots=lots, cash=cash, fee=effect.buyer_fee, held=effect.buyer_held)
    _reduce(market, sell, lots=lots, cash=cash, fee=effect.seller_fee, held=sell.lots - lots)
    book.note(journal)
    book.last_ticks = effect.ticks
    book.volume += lots
    book.turnover += cash
    market.note()
    market.next_trade = effect.trade + 1
    trade = Trade(
        id=effect.trade,
        entry=ledger.entry,
        at=ledger.at,
        day=book.day,
        instrument=book.instrument,
        currency=book.currency,
        ticks=effect.ticks,
        lots=lots,
        buy=buy,
        sell=sell,
        buyer_is_aggressor=effect.buyer_is_aggressor,
        buyer_fee=effect.buyer_fee,
        seller_fee=effect.seller_fee,
    )
    journal.append((trade,))


def _pay(market: Market, buy: Order, *, cash: int, fee: int, held: int) -> None:
    """Take cash and fee out of the buyer's hold, and release what it need not hold any more."""
    holding = buy.cash
    holding.note(market.ledger.journal)
    released = buy.held - held
    holding.held -= released
    holding.available += released - cash - fee
    holding.check()


def _deliver(market: Market, sell: Order, target: Holding, *, book: Book, lots: int) -> None:
    """Move units from the seller's hold to the buyer, for resale from the next day on."""
    journal = market.ledger.journal
    source = sell.units
    source.note(journal)
    source.held -= lots
    source.check()
    target.note(journal)
    target.available += lots
    if book.resale_delay and book.day:
        if target.fresh_from == book.sellable_from:
            target.fresh += lots
        else:
            target.fresh = lots
            target.fresh_from = book.sellable_from


def _reduce(market: Market, order: Order, *, lots: int, cash: int, fee: int, held: int) -> None:
    """Take filled lots off an order; a done one leaves book and state."""
    if order.status == RESTING:
        market.books[order.instrument].kernel.take(order, lots)
    else:
        order.note(market.ledger.journal)
        order.lots -= lots
        order.visible = order.lots
    if order.lots < 0:
        raise InvariantBroken(f"order {order.id} filled beyond its lots")
    order.value += cash
    order.fee += fee
    order.held = held
    if order.lots == 0:
        order.status = FILLED
        remove(market.ledger.journal, market.orders, key=order.id)


def order_replenished(market: Market, effect: OrderReplenished) -> None:
    """Show an iceberg's next peak."""
    order = market.orders[effect.order]
    market.note()
    market.next_priority = effect.priority + 1
    market.books[order.instrument].kernel.replenish(order, priority=effect.priority)


def order_triggered(market: Market, effect: OrderTriggered) -> None:
    """Take an order from the stops; it is matched next."""
    order = market.orders[effect.order]
    stops = market.books[order.instrument].stops
    stops.remove(stops.orders[order.id])
    order.note(market.ledger.journal)
    order.status = ACTIVE


def order_decremented(market: Market, effect: OrderDecremented) -> None:
    """Take lots from an order and release what it held for them."""
    order = market.orders[effect.order]
    _hold(market, order, order.held - effect.held)
    if order.status == RESTING:
        market.books[order.instrument].kernel.shrink(order, lots=order.lots - effect.lots)
    else:
        order.note(market.ledger.journal)
        order.lots -= effect.lots
        order.visible = order.lots
    order.lots_total -= effect.lots
    order.held = effect.held


def order_amended(market: Market, effect: OrderAmended) -> None:
    """Change an order; without its place it leaves the book and is active again."""
    order = market.orders[effect.order]
    kernel = market.books[order.instrument].kernel
    _hold(market, order, order.held - effect.held)
    if not effect.keeps_place:
        kernel.remove(order)
    order.note(market.ledger.journal)
    order.lots_total += effect.lots - order.lots
    if effect.keeps_place:
        if effect.lots != order.lots:
            kernel.shrink(order, lots=effect.lots)
    else:
        order.status = ACTIVE
        order.lots = effect.lots
        order.visible = effect.lots
        order.ticks = effect.ticks
    order.expires = effect.expires
    order.held = effect.held


def order_cancelled(market: Market, effect: OrderCancelled) -> None:
    """End an order and release its hold."""
    journal = market.ledger.journal
    order = market.orders[effect.order]
    book = market.books[order.instrument]
    _hold(market, order, order.held)
    if order.status == RESTING:
        book.kernel.remove(order)
    elif order.status == WAITING:
        book.stops.remove(book.stops.orders[order.id])
    order.note(journal)
    order.held = 0
    order.status = CANCELLED
    order.reason = effect.reason
    remove(journal, market.orders, key=order.id)


FOLDS: Mapping[type[Effect], Any] = {
    BookOpened: book_opened,
    BookTermsSet: book_terms_set,
    TradingDaysDeclared: trading_days_declared,
    DayOpened: day_opened,
    DayClosed: day_closed,
    BookPhaseSet: book_phase_set,
    ControlGroupSet: control_group_set,
    OrderAccepted: order_accepted,
    OrderRested: order_rested,
    Filled: filled,
    OrderReplenished: order_replenished,
    OrderTriggered: order_triggered,
    OrderDecremented: order_decremented,
    OrderAmended: order_amended,
    OrderCancelled: order_cancelled,
}
