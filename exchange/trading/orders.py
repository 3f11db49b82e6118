"""Orders: screening in a fixed order of checks, the hold, amending and cancelling."""

from datetime import date

from exchange.commands import (
    EFFECTS_PER_SLICE_MAX,
    AmendOrder,
    CancelOrder,
    MassCancel,
    OrderType,
    PlaceOrder,
    TimeInForce,
)
from exchange.effects import OrderAccepted, OrderAmended, OrderCancelled
from exchange.refusals import Reject
from exchange.state import (
    CONTINUOUS,
    DEFAULT_PREVENTION,
    HALTED,
    LASTING,
    RESTING,
    Book,
    Market,
    Order,
)
from exchange.trading.matching import Wanted, reachable, run
from kernel.money import rate_of
from ledger.decisions import too_small
from ledger.effects import PhaseAdvanced, PhaseEnded, PhaseStarted
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.roles import AccountKind, Role
from ledger.state import Account, Phase

LOTS_MAX = 10**12
MICROSECONDS_PER_DAY = 86_400_000_000
FIRST_UTC_DAY = date(1970, 1, 1).toordinal()
VALUE_MAX = 10**17
MASS_CANCEL = "mass_cancel"
BY_USER = "by_user"
_STOPS = frozenset({OrderType.STOP, OrderType.STOP_LIMIT})
_PRICED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT})
_TRADES_FROM = frozenset({AccountKind.TRADING, AccountKind.RESERVE})


def place_order(market: Market, command: PlaceOrder, context: Context) -> Refusal | None:
    """Screen an order, place its hold and match it; the first failing check refuses it."""
    account, refusal = _own_account(market, command.account, context)
    if account is None:
        return refusal
    book = market.books.get(command.instrument)
    if book is None:
        return Refusal(code=Reject.BOOK_UNKNOWN, field="instrument", found=command.instrument)
    refusal = (
        _closed(book) or _expired(market, book, at=context.at) or _screen(market, book, command)
    )
    if refusal is not None:
        return refusal
    return _accept(market, book, command, account=account, context=context)


def _own_account(
    market: Market, number: int, context: Context
) -> tuple[Account | None, Refusal | None]:
    account = market.ledger.accounts.get(number)
    if account is None:
        return None, Refusal(code=Reject.ACCOUNT_UNKNOWN, field="account", found=str(number))
    if account.party != context.actor.party:
        return None, Refusal(code=Reject.NOT_THE_OWNER, field="account", found=str(number))
    if not account.open:
        return None, Refusal(code=Reject.ACCOUNT_CLOSED, field="account", found=str(number))
    if account.kind not in _TRADES_FROM:
        return None, Refusal(
            code=Reject.ACCOUNT_KIND_UNFIT, field="account", found=account.kind.value
        )
    return account, None


def _closed(book: Book) -> Refusal | None:
    if book.phase == HALTED:
        return Refusal(code=Reject.BOOK_HALTED, field="instrument", found=book.reason)
    if book.phase != CONTINUOUS:
        return Refusal(code=Reject.BOOK_NOT_OPEN, field="instrument", found=book.phase)
    return None


def _expired(market: Market, book: Book, *, at: int) -> Refusal | None:
    """Check the validity on the trading day, which is the UTC day where there is no calendar."""
    instrument = market.ledger.instruments[book.instrument]
    if instrument.is_valid_on(book.day or FIRST_UTC_DAY + at // MICROSECONDS_PER_DAY):
        return None
    return Refusal(code=Reject.INSTRUMENT_EXPIRED, field="instrument", found=book.instrument)


def _screen(market: Market, book: Book, command: PlaceOrder) -> Refusal | None:
    """Check what an order says of itself, in the order of ``Reject``."""
    most = min(book.order_lots_max or LOTS_MAX, LOTS_MAX)
    if command.lots <= 0:
        return Refusal(code=Reject.LOTS_NOT_POSITIVE, field="quantity", expected="> 0")
    if command.lots > most:
        units = market.ledger.instruments[book.instrument]
        return too_small(units, most, command.lots, field="quantity", code=Reject.LOTS_ABOVE_MAX)
    return (
        _screen_price(book, command)
        or _screen_stop(book, command)
        or _screen_validity(book, command)
    )


def _screen_price(book: Book, command: PlaceOrder) -> Refusal | None:
    priced = command.order_type in _PRICED
    if priced and command.ticks is None:
        return Refusal(code=Reject.PRICE_MISSING, field="price", expected="a limit price")
    if not priced and command.ticks is not None:
        return Refusal(code=Reject.PRICE_NOT_TAKEN, field="price", expected="no price")
    for field, ticks in (("price", command.ticks), ("stop_price", command.stop_ticks)):
        if ticks is not None and ticks <= 0:
            return Refusal(code=Reject.PRICE_NOT_POSITIVE, field=field, expected="> 0")
        if ticks is not None and not book.admits(ticks):
            return Refusal(
                code=Reject.PRICE_OUTSIDE_BAND,
                field=field,
                expected=f"{book.price(book.band_low)} to {book.price(book.band_high)}",
                found=book.price(ticks),
                rule=f"band of {book.band_ppm} ppm around {book.price(book.previous_close)}",
            )
    return None


def _screen_stop(book: Book, command: PlaceOrder) -> Refusal | None:
    is_stop = command.order_type in _STOPS
    stop = command.stop_ticks
    if is_stop != (stop is not None):
        return Refusal(
            code=Reject.STOP_PRICE_UNFIT,
            field="stop_price",
            expected="a stop price" if is_stop else "none",
        )
    if stop is None:
        return None
    last = book.last_ticks
    if stop <= last if command.is_buy else stop >= last:
        side = "above" if command.is_buy else "below"
        return Refusal(
            code=Reject.STOP_ALREADY_REACHED,
            field="stop_price",
            expected=f"{side} the last price {book.price(last)}",
            found=book.price(stop),
        )
    if command.order_type is OrderType.STOP and command.is_buy and not book.band_high:
        # Its cost has no upper bound before it is triggered, so no hold could cover it.
        return Refusal(code=Reject.STOP_NEEDS_BAND, field="type", expected="stop_limit")
    return None


def _screen_validity(book: Book, command: PlaceOrder) -> Refusal | None:
    lasting = command.time_in_force in LASTING
    if command.order_type in _STOPS and not lasting:
        return Refusal(code=Reject.TIME_IN_FORCE_UNFIT, field="time_in_force", expected="lasting")
    if (command.time_in_force is TimeInForce.GTD) != (command.expires is not None) or (
        command.expires is not None and command.expires < book.day
    ):
        return Refusal(
            code=Reject.EXPIRY_UNFIT, field="expires", expected="a day from today on, for gtd only"
        )
    if command.display and (
        not 0 < command.display <= command.lots
        or not lasting
        or command.order_type is not OrderType.LIMIT
    ):
        return Refusal(
            code=Reject.DISPLAY_UNFIT, field="display_quantity", expected="a lasting limit order"
        )
    if command.post_only and (not lasting or command.order_type is not OrderType.LIMIT):
        return Refusal(
            code=Reject.POST_ONLY_UNFIT, field="post_only", expected="a lasting limit order"
        )
    return None


def _accept(
    market: Market,
    book: Book,
    command: PlaceOrder,
    *,
    account: Account,
    context: Context,
) -> Refusal | None:
    """Check the order against the book and the holder's means, then let it in."""
    prevention = command.self_trade_prevention or DEFAULT_PREVENTION
    ticks, refusal = _limit(book, command)
    if refusal is not None:
        return refusal
    wanted = Wanted(
        is_buy=command.is_buy,
        limit=ticks or None,
        lots=command.lots,
        owner=market.owner(account.party),
        prevention=prevention,
    )
    refusal = _screen_against_book(market, book, command, wanted=wanted)
    if refusal is not None:
        return refusal
    fee_ppm = book.buyer_fee_ppm if command.is_buy else book.seller_fee_ppm
    held, refusal = _hold_for(
        market, book, command, account=account, ticks=ticks, wanted=wanted, fee_ppm=fee_ppm
    )
    if refusal is not None:
        return refusal
    number = market.next_order
    context.emit(
        OrderAccepted(
            order=number,
            account=account.number,
            instrument=book.instrument,
            is_buy=command.is_buy,
            order_type=command.order_type,
            time_in_force=command.time_in_force,
            ticks=ticks,
            lots=command.lots,
            display=command.display,
            stop_ticks=command.stop_ticks,
            expires=command.expires,
            post_only=command.post_only,
            self_trade_prevention=prevention,
            reference=command.reference,
            fee_ppm=fee_ppm,
            held=held,
        )
    )
    if command.stop_ticks is None:
        run(market, book, market.orders[number], context=context)
    return None


def _limit(book: Book, command: PlaceOrder) -> tuple[int, Refusal | None]:
    """Return the limit in ticks, 0 for an order without one."""
    if command.order_type is OrderType.MARKET_TO_LIMIT:
        best = (book.kernel.asks if command.is_buy else book.kernel.bids).best
        if best is None:
            return 0, Refusal(code=Reject.NO_OPPOSITE_PRICE, field="type")
        return best.ticks, None
    if command.order_type is OrderType.STOP:
        # A triggered stop is protected by the band it was placed in.
        return (book.band_high if command.is_buy else book.band_low or 1), None
    return command.ticks or 0, None


def _screen_against_book(
    market: Market, book: Book, command: PlaceOrder, *, wanted: Wanted
) -> Refusal | None:
    if command.post_only:
        met = book.kernel.first_crossing(command.is_buy, wanted.limit)
        if met is not None:
            return Refusal(code=Reject.WOULD_TRADE, field="post_only", found=book.price(met.ticks))
    if command.time_in_force is TimeInForce.FOK:
        lots, _ = reachable(market, book, wanted)
        if lots < command.lots:
            units = market.ledger.instruments[book.instrument]
            return too_small(units, lots, command.lots, field="quantity", code=Reject.NOT_FILLABLE)
    return None


def _hold_for(
    market: Market,
    book: Book,
    command: PlaceOrder,
    *,
    account: Account,
    ticks: int,
    wanted: Wanted,
    fee_ppm: int,
) -> tuple[int, Refusal | None]:
    """Return what the order must hold, or why its holder cannot."""
    if not command.is_buy:
        units = account.holdings.get(book.instrument)
        sellable = 0 if units is None else units.sellable(day=book.day)
        if sellable < command.lots:
            return 0, too_small(
                market.ledger.instruments[book.instrument],
                sellable,
                command.lots,
                field="quantity",
                code=Reject.SELLABLE_TOO_SMALL,
            )
        return command.lots, None
    cash = ticks * command.lots if ticks else reachable(market, book, wanted)[1]
    if cash > VALUE_MAX:
        return 0, Refusal(code=Reject.VALUE_TOO_LARGE, field="quantity")
    needed = cash + rate_of(cash, ppm=fee_ppm)
    available = account.available(book.currency)
    if available < needed:
        currency = market.ledger.instruments[book.currency]
        return 0, too_small(
            currency, available, needed, field="quantity", code=Reject.CASH_TOO_SMALL
        )
    return needed, None


def _own_order(
    market: Market, number: int, context: Context
) -> tuple[Order | None, Refusal | None]:
    order = market.orders.get(number)
    if order is None:
        return None, Refusal(code=Reject.ORDER_UNKNOWN, field="order", found=str(number))
    if order.party != context.actor.party:
        return None, Refusal(code=Reject.NOT_THE_OWNER, field="order", found=str(number))
    return order, None


def cancel_order(market: Market, command: CancelOrder, context: Context) -> Refusal | None:
    """Cancel one's own open order; taken in every phase."""
    order, refusal = _own_order(market, command.order, context)
    if order is None:
        return refusal
    context.emit(OrderCancelled(order=order.id, reason=BY_USER))
    return None


def amend_order(market: Market, command: AmendOrder, context: Context) -> Refusal | None:
    """Change a resting order: a smaller quantity keeps its place, anything else loses it.

    From machine version 2 on, an amendment that only shortens the validity keeps it too.
    """
    order, refusal = _own_order(market, command.order, context)
    if order is None:
        return refusal
    book = market.books[order.instrument]
    if order.status != RESTING:
        return Refusal(code=Reject.ORDER_UNKNOWN, field="order", found=order.status)
    refusal = _closed(book) or _expired(market, book, at=context.at)
    if refusal is not None:
        return refusal
    lots = order.lots if command.lots is None else command.lots
    ticks = order.ticks if command.ticks is None else command.ticks
    expires = order.expires if command.expires is None else command.expires
    refusal = _screen_amendment(market, book, order, lots=lots, ticks=ticks, expires=expires)
    if refusal is not None:
        return refusal
    held, refusal = _hold_amended(market, book, order, lots=lots, ticks=ticks)
    if refusal is not None:
        return refusal
    keeps = _keeps_place(order, lots=lots, ticks=ticks, expires=expires, context=context)
    context.emit(
        OrderAmended(
            order=order.id, lots=lots, ticks=ticks, expires=expires, held=held, keeps_place=keeps
        )
    )
    if not keeps:
        run(market, book, order, context=context)
    return None


def _screen_amendment(
    market: Market, book: Book, order: Order, *, lots: int, ticks: int, expires: int | None
) -> Refusal | None:
    if (lots, ticks, expires) == (order.lots, order.ticks, order.expires):
        return Refusal(code=Reject.NOTHING_TO_AMEND)
    most = min(book.order_lots_max or LOTS_MAX, LOTS_MAX)
    if lots <= 0:
        return Refusal(code=Reject.LOTS_NOT_POSITIVE, field="quantity", expected="> 0")
    if lots > most:
        units = market.ledger.instruments[book.instrument]
        return too_small(units, most, lots, field="quantity", code=Reject.LOTS_ABOVE_MAX)
    if ticks <= 0:
        return Refusal(code=Reject.PRICE_NOT_POSITIVE, field="price", expected="> 0")
    if not book.admits(ticks):
        return Refusal(
            code=Reject.PRICE_OUTSIDE_BAND,
            field="price",
            expected=f"{book.price(book.band_low)} to {book.price(book.band_high)}",
            found=book.price(ticks),
        )
    if expires != order.expires and (
        order.time_in_force != TimeInForce.GTD or expires is None or expires < book.day
    ):
        return Refusal(code=Reject.EXPIRY_UNFIT, field="expires", expected="a gtd order's day")
    if order.post_only and ticks != order.ticks:
        met = book.kernel.first_crossing(order.is_buy, ticks)
        if met is not None:
            return Refusal(code=Reject.WOULD_TRADE, field="price", found=book.price(met.ticks))
    return None


def _hold_amended(
    market: Market, book: Book, order: Order, *, lots: int, ticks: int
) -> tuple[int, Refusal | None]:
    if not order.is_buy:
        more = lots - order.lots
        sellable = order.units.sellable(day=book.day)
        if more > sellable:
            return 0, too_small(
                market.ledger.instruments[book.instrument],
                order.lots + sellable,
                lots,
                field="quantity",
                code=Reject.SELLABLE_TOO_SMALL,
            )
        return lots, None
    cash = ticks * lots
    if cash > VALUE_MAX:
        return 0, Refusal(code=Reject.VALUE_TOO_LARGE, field="quantity")
    needed = cash + rate_of(order.value + cash, ppm=order.fee_ppm) - order.fee
    if needed - order.held > order.cash.available:
        return 0, too_small(
            market.ledger.instruments[book.currency],
            order.held + order.cash.available,
            needed,
            field="quantity",
            code=Reject.CASH_TOO_SMALL,
        )
    return needed, None


def _keeps_place(
    order: Order, *, lots: int, ticks: int, expires: int | None, context: Context
) -> bool:
    if ticks != order.ticks or lots > order.lots:
        return False
    if expires == order.expires:
        return True
    shorter = expires is not None and order.expires is not None and expires < order.expires
    return context.version >= 2 and shorter  # noqa: PLR2004  the version that brought the rule


def mass_cancel(market: Market, command: MassCancel, context: Context) -> Refusal | None:
    """Cancel many of one's own orders: up to a slice at once, the rest by a phase."""
    account = market.ledger.accounts.get(command.account)
    if account is None:
        return Refusal(code=Reject.ACCOUNT_UNKNOWN, field="account", found=str(command.account))
    watcher = not context.actor.roles.isdisjoint({Role.OPERATOR, Role.REGULATOR})
    if account.party != context.actor.party and not watcher:
        return Refusal(code=Reject.NOT_THE_OWNER, field="account")
    subject = f"{command.account}|{command.instrument or ''}|{command.side or ''}"
    if not _cancel_slice(market, subject, context, below=market.next_order):
        context.emit(
            PhaseStarted(
                phase=market.ledger.next_phase,
                phase_kind=MASS_CANCEL,
                subject=f"{subject}|{market.next_order}",
            )
        )
    return None


def carry_on_mass_cancel(market: Market, phase: Phase, context: Context) -> None:
    """Phase: cancel the next slice of the orders that were there when it was asked for."""
    subject, below = phase.subject.rsplit("|", 1)
    if _cancel_slice(market, subject, context, below=int(below)):
        context.emit(PhaseEnded(phase=phase.id))
    else:
        context.emit(PhaseAdvanced(phase=phase.id, cursor=str(context.ledger.entry)))


def _cancel_slice(market: Market, subject: str, context: Context, *, below: int) -> bool:
    """Cancel matching orders, lowest number first; tell whether none is left."""
    number, instrument, side = subject.split("|")
    chosen = sorted(
        order.id
        for order in market.orders.values()
        if order.account == int(number)
        and order.id < below
        and instrument in {"", order.instrument}
        and side in {"", "buy" if order.is_buy else "sell"}
    )
    for each in chosen[:EFFECTS_PER_SLICE_MAX]:
        context.emit(OrderCancelled(order=each, reason=MASS_CANCEL))
    return len(chosen) <= EFFECTS_PER_SLICE_MAX
