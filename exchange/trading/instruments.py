"""Instruments, trading days and control groups: what the market is made of."""

from decimal import Decimal

from exchange.commands import (
    DeclareTradingDays,
    DefineInstrument,
    SetBookTerms,
    SetControlGroup,
)
from exchange.effects import BookOpened, BookTermsSet, ControlGroupSet, TradingDaysDeclared
from exchange.refusals import Reject
from exchange.state import Market
from exchange.trading.sessions import SESSION, band
from ledger.effects import InstrumentDefined, TimerScheduled
from ledger.machine import Context
from ledger.refusals import Refusal

CURRENCY = "CASH"
SESSIONS_PER_DAY_MAX = 4


def define_instrument(
    market: Market, command: DefineInstrument, context: Context
) -> Refusal | None:
    """Define an instrument; one that has a currency, a tick and a reference price trades.

    One tick times one lot must be a whole number of minor units (markets.md 0), so that no fill is
    ever rounded.
    """
    ledger = market.ledger
    if command.instrument in ledger.instruments:
        return Refusal(code=Reject.INSTRUMENT_EXISTS, field="instrument", found=command.instrument)
    refusal = None if command.right == CURRENCY else _screen_terms(market, command)
    if refusal is not None:
        return refusal
    context.emit(
        InstrumentDefined(
            instrument=command.instrument,
            right=command.right,
            substance=command.substance,
            unit=command.unit,
            lot=command.lot,
            zone=command.zone,
            vintage=command.vintage,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
        )
    )
    if command.right != CURRENCY:
        _open_book(command, context)
    return None


def _screen_terms(market: Market, command: DefineInstrument) -> Refusal | None:
    currency = market.ledger.instruments.get(command.currency or "")
    if currency is None or currency.right != CURRENCY:
        return Refusal(code=Reject.CURRENCY_UNKNOWN, field="currency", found=command.currency)
    if command.tick is None:
        return Refusal(code=Reject.TERMS_INCOMPLETE, field="tick", expected="a price step")
    if command.reference_ticks is None:
        return Refusal(
            code=Reject.TERMS_INCOMPLETE, field="reference_price", expected="a first price"
        )
    if command.reference_ticks <= 0:
        return Refusal(code=Reject.REFERENCE_NOT_POSITIVE, field="reference_price", expected="> 0")
    step = Decimal(command.tick) * Decimal(command.lot) / Decimal(currency.lot)
    if step != 1:
        return Refusal(
            code=Reject.TICK_NOT_WHOLE,
            field="tick",
            expected="one tick times one lot is one minor unit",
            found=str(step),
        )
    return None


def _open_book(command: DefineInstrument, context: Context) -> None:
    reference = command.reference_ticks
    assert reference is not None
    assert command.currency is not None
    assert command.tick is not None
    low, high = band(reference, ppm=command.band_ppm)
    context.emit(
        BookOpened(
            instrument=command.instrument,
            currency=command.currency,
            tick=command.tick,
            calendar=command.calendar,
            band_ppm=command.band_ppm,
            resale_delay=command.resale_delay,
            buyer_fee_ppm=command.buyer_fee_ppm,
            seller_fee_ppm=command.seller_fee_ppm,
            four_eyes_lots=command.four_eyes_lots,
            order_lots_max=command.order_lots_max,
            reference_ticks=reference,
            band_low=low,
            band_high=high,
        )
    )


def set_book_terms(market: Market, command: SetBookTerms, context: Context) -> Refusal | None:
    """Set a book's terms. A band moves, it neither comes nor goes: the ladder of prices is one."""
    book = market.books.get(command.instrument)
    if book is None:
        return Refusal(code=Reject.BOOK_UNKNOWN, field="instrument", found=command.instrument)
    if (command.band_ppm is None) != (book.band_ppm is None):
        expected = "none" if book.band_ppm is None else "a band"
        return Refusal(code=Reject.BAND_UNFIT, field="band_percent", expected=expected)
    context.emit(
        BookTermsSet(
            instrument=command.instrument,
            band_ppm=command.band_ppm,
            resale_delay=command.resale_delay,
            buyer_fee_ppm=command.buyer_fee_ppm,
            seller_fee_ppm=command.seller_fee_ppm,
            four_eyes_lots=command.four_eyes_lots,
            order_lots_max=command.order_lots_max,
        )
    )
    return None


def always(market: Market, command: object) -> bool:
    """Tell that a command needs four eyes whatever it says."""
    del market, command
    return True


def declare_trading_days(
    market: Market, command: DeclareTradingDays, context: Context
) -> Refusal | None:
    """Add trading days after those a calendar has, all ahead of now and in order."""
    calendar = market.calendars.get(command.calendar)
    last_day = calendar.ordinals[-1] if calendar is not None and calendar.ordinals else 0
    last = context.at
    if calendar is not None and calendar.ordinals:
        last = max(last, calendar.days[last_day].closes[-1])
    for each in command.days:
        instants = [x for pair in zip(each.opens, each.closes, strict=False) for x in pair]
        whole = 0 < len(each.opens) == len(each.closes) <= SESSIONS_PER_DAY_MAX
        rising = all(a < b for a, b in zip([last, *instants], instants, strict=False))
        if each.day <= last_day or not whole or not rising:
            return Refusal(
                code=Reject.DAYS_NOT_IN_ORDER,
                field="days",
                expected="days and sessions in order, after the calendar's last and after now",
                found=str(each.day),
            )
        last_day, last = each.day, instants[-1]
    context.emit(TradingDaysDeclared(calendar=command.calendar, days=command.days))
    upcoming = market.calendars[command.calendar].next_event(context.at)
    if upcoming is not None and (SESSION, command.calendar) not in market.ledger.timers.pending:
        context.emit(TimerScheduled(kind=SESSION, subject=command.calendar, due=upcoming))
    return None


def set_control_group(market: Market, command: SetControlGroup, context: Context) -> Refusal | None:
    """Count a party as one owner with its group's others (实际控制关系)."""
    if command.party not in market.ledger.parties:
        return Refusal(code=Reject.PARTY_UNKNOWN, field="party", found=command.party)
    context.emit(ControlGroupSet(party=command.party, group=command.group))
    return None
