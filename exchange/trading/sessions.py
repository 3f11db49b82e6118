"""Trading days: opening with a new band, breaks, closing with a volume-weighted average.

The timer of a calendar fires at each opening and closing. Work over many orders (those outside a
new band, those that lapse) goes in slices: a book opens when its slices are done, and stays shut
until then.
"""

from datetime import date

from exchange.commands import EFFECTS_PER_SLICE_MAX, HaltBook, ResumeBook, TimeInForce
from exchange.effects import BookPhaseSet, DayClosed, DayOpened, OrderCancelled
from exchange.refusals import Reject
from exchange.state import BREAK, CLOSED, CONTINUOUS, HALTED, PRE_OPEN, Book, Market, Order
from kernel.money import MILLION, round_half_up
from ledger.effects import PhaseAdvanced, PhaseEnded, PhaseStarted, TimerScheduled
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.state import Phase
from ledger.state_roots import part as state_roots

SESSION = "session"
OPENING = "opening"
LAPSE = "lapse"
OUTSIDE_BAND = "outside_band"
EXPIRED = "instrument_expired"


def band(reference: int, *, ppm: int | None) -> tuple[int, int]:
    """Return a band's lowest and highest price, half up (markets.md 1.4); (0, 0) without one."""
    if ppm is None:
        return 0, 0
    low = round_half_up(reference * (MILLION - ppm), MILLION)
    return max(1, low), round_half_up(reference * (MILLION + ppm), MILLION)


def close_of(book: Book) -> int:
    """Return the day's volume-weighted average, half up; without trades the close before."""
    return round_half_up(book.turnover, book.volume) if book.volume else book.previous_close


def fire_session(market: Market, subject: str, context: Context) -> None:
    """Timer: an opening or closing of a calendar is due; schedule the next one, then do it."""
    calendar = market.calendars[subject]
    upcoming = calendar.next_event(context.at)
    if upcoming is not None:
        context.emit(TimerScheduled(kind=SESSION, subject=subject, due=upcoming))
    day = calendar.day_of(context.at)
    books = [market.books[code] for code in sorted(market.books)]
    for book in books:
        if book.calendar != subject:
            continue
        if context.at == day.opens[0]:
            _begin_day(market, book, context)
        elif context.at in day.opens:
            _reopen(book, context)
        elif context.at == day.closes[-1]:
            _end_day(market, book, context)
        elif book.phase != HALTED:
            context.emit(BookPhaseSet(instrument=book.instrument, phase=BREAK, reason=""))
    if context.at == day.closes[-1] and context.version >= 3:  # noqa: PLR2004  the version that brought it
        state_roots.begin(context, occasion=f"{subject}/{date.fromordinal(day.day).isoformat()}")


def _reopen(book: Book, context: Context) -> None:
    if book.phase != HALTED:
        context.emit(BookPhaseSet(instrument=book.instrument, phase=CONTINUOUS, reason=""))


def _begin_day(market: Market, book: Book, context: Context) -> None:
    """Cancel what is outside the new band or has expired, then open; in slices if it is much."""
    context.emit(BookPhaseSet(instrument=book.instrument, phase=PRE_OPEN, reason=""))
    if not _open_slice(market, book, context):
        _start(OPENING, market, book, context)


def carry_on_opening(market: Market, phase: Phase, context: Context) -> None:
    """Phase: cancel the next slice of orders outside the band; open after the last."""
    _carry_on(phase, context, done=_open_slice(market, market.books[phase.subject], context))


def _open_slice(market: Market, book: Book, context: Context) -> bool:
    low, high = band(book.previous_close, ppm=book.band_ppm)
    calendar = market.calendars[book.calendar]
    day = calendar.day_of(context.at).day
    unfit: list[int] = []
    reason = OUTSIDE_BAND
    if not market.ledger.instruments[book.instrument].is_valid_on(day):
        reason = EXPIRED
        unfit = sorted(order.id for order in _orders_of(market, book))
    elif high:
        unfit = sorted(
            order.id for order in _orders_of(market, book) if not low <= order.ticks <= high
        )
    for each in unfit[:EFFECTS_PER_SLICE_MAX]:
        context.emit(OrderCancelled(order=each, reason=reason))
    if len(unfit) > EFFECTS_PER_SLICE_MAX:
        return False
    following = calendar.after(day)
    context.emit(
        DayOpened(
            instrument=book.instrument,
            day=day,
            sellable_from=day + 1 if following is None else following,
            band_low=low,
            band_high=high,
        )
    )
    context.emit(BookPhaseSet(instrument=book.instrument, phase=CONTINUOUS, reason=""))
    return True


def _end_day(market: Market, book: Book, context: Context) -> None:
    """Fix the close, shut the book, and let day orders and due ones lapse."""
    context.emit(
        DayClosed(
            instrument=book.instrument,
            day=book.day,
            close=close_of(book),
            volume=book.volume,
            turnover=book.turnover,
        )
    )
    context.emit(BookPhaseSet(instrument=book.instrument, phase=CLOSED, reason=""))
    if not _lapse_slice(market, book, context):
        _start(LAPSE, market, book, context)


def carry_on_lapse(market: Market, phase: Phase, context: Context) -> None:
    """Phase: let the next slice of orders lapse."""
    _carry_on(phase, context, done=_lapse_slice(market, market.books[phase.subject], context))


def _lapse_slice(market: Market, book: Book, context: Context) -> bool:
    due = sorted(order.id for order in _orders_of(market, book) if _lapses(order, book.day))
    for each in due[:EFFECTS_PER_SLICE_MAX]:
        context.emit(OrderCancelled(order=each, reason=LAPSE))
    return len(due) <= EFFECTS_PER_SLICE_MAX


def _lapses(order: Order, day: int) -> bool:
    if order.time_in_force == TimeInForce.DAY:
        return True
    return order.expires is not None and order.expires <= day


def _orders_of(market: Market, book: Book) -> list[Order]:
    numbers = [*book.kernel.orders, *book.stops.orders]
    return [market.orders[number] for number in numbers]


def _start(kind: str, market: Market, book: Book, context: Context) -> None:  # noqa: PLR0917
    phase = market.ledger.next_phase
    context.emit(PhaseStarted(phase=phase, phase_kind=kind, subject=book.instrument))


def _carry_on(phase: Phase, context: Context, *, done: bool) -> None:
    if done:
        context.emit(PhaseEnded(phase=phase.id))
    else:
        context.emit(PhaseAdvanced(phase=phase.id, cursor=str(context.ledger.entry)))


def halt_book(market: Market, command: HaltBook, context: Context) -> Refusal | None:
    """Halt a book: its orders stay, and only cancels are taken."""
    book = market.books.get(command.instrument)
    if book is None:
        return Refusal(code=Reject.BOOK_UNKNOWN, field="instrument", found=command.instrument)
    if book.phase == HALTED:
        return Refusal(code=Reject.BOOK_HALTED, field="instrument", found=book.reason)
    context.emit(BookPhaseSet(instrument=book.instrument, phase=HALTED, reason=command.reason))
    return None


def resume_book(market: Market, command: ResumeBook, context: Context) -> Refusal | None:
    """Resume a halted book in the phase in which its calendar has it now."""
    book = market.books.get(command.instrument)
    if book is None:
        return Refusal(code=Reject.BOOK_UNKNOWN, field="instrument", found=command.instrument)
    if book.phase != HALTED:
        return Refusal(code=Reject.BOOK_NOT_HALTED, field="instrument", found=book.phase)
    phase = _phase_now(market, book, at=context.at)
    if phase == CONTINUOUS and book.calendar and book.day != _today(market, book, context.at):
        _begin_day(market, book, context)
    else:
        context.emit(BookPhaseSet(instrument=book.instrument, phase=phase, reason=""))
    return None


def _today(market: Market, book: Book, at: int) -> int:
    return market.calendars[book.calendar].day_of(at + 1).day


def _phase_now(market: Market, book: Book, *, at: int) -> str:
    if not book.calendar:
        return CONTINUOUS
    calendar = market.calendars.get(book.calendar)
    if calendar is None or calendar.next_event(at) is None:
        return CLOSED
    day = calendar.day_of(at + 1)
    sessions = zip(day.opens, day.closes, strict=True)
    if any(opens <= at < closes for opens, closes in sessions):
        return CONTINUOUS
    return BREAK if at >= day.opens[0] else CLOSED
