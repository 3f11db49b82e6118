"""The state that trading owns: books, orders, trading days, control groups, and trades.

Invariants, beside those of the ledger and of the book kernel
1. ``held`` of a cash or rights holding is the sum of its holds and of its open orders' ``held``.
2. An order in ``Market.orders`` rests in its book or waits in its stops; no other order is open.
3. A sell order holds exactly what is left of it; a limited buy order holds what its limit costs.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any, ClassVar

from exchange.commands import SelfTradePrevention, TimeInForce
from exchange.days import Calendar
from exchange.matching.book import OrderBook
from exchange.matching.order import BookOrder
from kernel.errors import ensure
from kernel.money import format_decimal, rate_of
from ledger.journal import Journal
from ledger.state import Holding, Ledger, Row

CONTINUOUS = "continuous"
PRE_OPEN = "pre_open"
BREAK = "break"
CLOSED = "closed"
HALTED = "halted"

WAITING = "waiting"
ACTIVE = "active"
RESTING = "resting"
FILLED = "filled"
CANCELLED = "cancelled"
OPEN_STATES = frozenset({WAITING, ACTIVE, RESTING})


class Order(BookOrder):
    """An order (委托) with its owner, its hold and what became of it.

    ``ticks`` is the limit, 0 for an order without one. ``value`` is what was filled so far in
    minor units and ``fee`` what was charged for it; the rate is the one at its acceptance.
    """

    TABLE: ClassVar[str] = "trading_order"
    __slots__ = (
        "account",
        "cash",
        "entry",
        "expires",
        "fee",
        "fee_ppm",
        "held",
        "instrument",
        "lots_total",
        "order_type",
        "party",
        "post_only",
        "reason",
        "reference",
        "self_trade_prevention",
        "status",
        "stop_ticks",
        "time_in_force",
        "units",
        "value",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002
        entry: int,
        account: int,
        party: str,
        instrument: str,
        is_buy: bool,
        order_type: str,
        time_in_force: str,
        ticks: int,
        lots: int,
        display: int,
        stop_ticks: int | None,
        expires: int | None,
        post_only: bool,
        self_trade_prevention: str,
        reference: str,
        fee_ppm: int,
        held: int,
        cash: Holding,
        units: Holding,
    ) -> None:
        super().__init__(id=id, is_buy=is_buy, ticks=ticks, lots=lots, priority=0, display=display)
        self.entry = entry
        self.account = account
        self.party = party
        self.instrument = instrument
        self.order_type = order_type
        self.time_in_force = time_in_force
        self.lots_total = lots
        self.stop_ticks = stop_ticks
        self.expires = expires
        self.post_only = post_only
        self.self_trade_prevention = self_trade_prevention
        self.reference = reference
        self.fee_ppm = fee_ppm
        self.held = held
        self.value = 0
        self.fee = 0
        self.status = WAITING if stop_ticks is not None else ACTIVE
        self.reason = ""
        self.cash = cash
        self.units = units

    def row(self) -> Row:
        """Return the columns of table ``trading_order`` in their order."""
        return (
            self.id,
            self.entry,
            self.account,
            self.instrument,
            self.is_buy,
            str(self.order_type),
            str(self.time_in_force),
            self.ticks,
            self.lots_total,
            self.lots,
            self.display,
            self.visible,
            self.priority,
            self.stop_ticks,
            self.expires,
            self.post_only,
            str(self.self_trade_prevention),
            self.reference,
            self.fee_ppm,
            self.held,
            self.value,
            self.fee,
            self.status,
            self.reason,
        )

    def note(self, journal: Journal) -> None:
        """Push everything of the order that can change."""
        journal.append(
            (
                self,
                self.ticks,
                self.lots,
                self.display,
                self.visible,
                self.priority,
                self.lots_total,
                self.expires,
                self.held,
                self.value,
                self.fee,
                self.status,
                self.reason,
            )
        )

    def restore(self, *old: Any) -> None:
        """Take old values back; a resting order's queue follows."""
        super().restore(*old[:5])
        (
            self.lots_total,
            self.expires,
            self.held,
            self.value,
            self.fee,
            self.status,
            self.reason,
        ) = old[5:]

    def fee_of_next(self, cash: int) -> int:
        """Return the fee of a fill worth ``cash``: rounded on the sum, so no split changes it."""
        if not self.fee_ppm:
            return 0
        return rate_of(self.value + cash, ppm=self.fee_ppm) - self.fee

    def cost_of_rest(self, lots: int, *, value: int, fee: int) -> int:
        """Return what a limited buy order must hold for ``lots`` more at its limit."""
        cash = self.ticks * lots
        if not self.fee_ppm:
            return cash
        return cash + rate_of(value + cash, ppm=self.fee_ppm) - fee


class StopTicket(BookOrder):
    """The place of a stop order among the stops: its price is the stop price."""

    __slots__ = ()


def book_within(low: int, high: int, *, journal: Journal | None = None) -> OrderBook:
    """Return an empty book for a band; a ``high`` of 0 is no band."""
    if high:
        return OrderBook.bounded(low=low, high=high, journal=journal)
    return OrderBook.unbounded(journal=journal)


class Book:
    """One instrument's order book, its terms, and its day."""

    TABLE: ClassVar[str] = "book"
    __slots__ = (
        "band_high",
        "band_low",
        "band_ppm",
        "buyer_fee_ppm",
        "calendar",
        "currency",
        "day",
        "four_eyes_lots",
        "instrument",
        "kernel",
        "last_ticks",
        "order_lots_max",
        "phase",
        "previous_close",
        "reason",
        "resale_delay",
        "sellable_from",
        "seller_fee_ppm",
        "stops",
        "tick",
        "turnover",
        "volume",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        instrument: str,
        currency: str,
        tick: str,
        calendar: str,
        band_ppm: int | None,
        resale_delay: bool,
        buyer_fee_ppm: int,
        seller_fee_ppm: int,
        four_eyes_lots: int | None,
        order_lots_max: int | None,
        reference_ticks: int,
        band_low: int,
        band_high: int,
        journal: Journal,
    ) -> None:
        self.instrument = instrument
        self.currency = currency
        self.tick = tick
        self.calendar = calendar
        self.band_ppm = band_ppm
        self.resale_delay = resale_delay
        self.buyer_fee_ppm = buyer_fee_ppm
        self.seller_fee_ppm = seller_fee_ppm
        self.four_eyes_lots = four_eyes_lots
        self.order_lots_max = order_lots_max
        self.band_low = band_low
        self.band_high = band_high
        self.previous_close = reference_ticks
        self.last_ticks = reference_ticks
        self.phase = CLOSED if calendar else CONTINUOUS
        self.reason = ""
        self.day = 0
        self.sellable_from = 0
        self.volume = 0
        self.turnover = 0
        self.kernel = book_within(band_low, band_high, journal=journal)
        self.stops = OrderBook.unbounded(journal=journal)

    def row(self) -> Row:
        """Return the columns of table ``book`` in their order."""
        return (
            self.instrument,
            self.currency,
            self.tick,
            self.calendar,
            self.band_ppm,
            self.resale_delay,
            self.buyer_fee_ppm,
            self.seller_fee_ppm,
            self.four_eyes_lots,
            self.order_lots_max,
            self.band_low,
            self.band_high,
            self.previous_close,
            self.last_ticks,
            self.phase,
            self.reason,
            self.day,
            self.sellable_from,
            self.volume,
            self.turnover,
        )

    def note(self, journal: Journal) -> None:
        """Push the book's day as it is, before a change."""
        journal.append(
            (
                self,
                self.band_low,
                self.band_high,
                self.previous_close,
                self.last_ticks,
                self.phase,
                self.reason,
                self.day,
                self.sellable_from,
                self.volume,
                self.turnover,
            )
        )

    def note_terms(self, journal: Journal) -> None:
        """Push the book's terms as they are, before a change."""
        terms = (
            self.band_ppm,
            self.resale_delay,
            self.buyer_fee_ppm,
            self.seller_fee_ppm,
            self.four_eyes_lots,
            self.order_lots_max,
        )
        journal.append((self, terms))

    def restore(self, *old: Any) -> None:
        """Take old terms back, which stand in one tuple, or an old day."""
        if len(old) == 1:
            (
                self.band_ppm,
                self.resale_delay,
                self.buyer_fee_ppm,
                self.seller_fee_ppm,
                self.four_eyes_lots,
                self.order_lots_max,
            ) = old[0]
            return
        (
            self.band_low,
            self.band_high,
            self.previous_close,
            self.last_ticks,
            self.phase,
            self.reason,
            self.day,
            self.sellable_from,
            self.volume,
            self.turnover,
        ) = old

    def price(self, ticks: int) -> str:
        """Return a number of ticks as people write a price, such as "74.85"."""
        return format_decimal(ticks, step=Decimal(self.tick))

    def admits(self, ticks: int) -> bool:
        """Tell whether a price lies in the day's band, if there is one."""
        return not self.band_high or self.band_low <= ticks <= self.band_high


class ControlGroup:
    """The group that a party counts as one owner with (实际控制关系组)."""

    TABLE: ClassVar[str] = "control_group"
    __slots__ = ("group", "party")

    def __init__(self, *, party: str, group: str) -> None:
        self.party = party
        self.group = group

    def row(self) -> Row:
        """Return (party, group)."""
        return (self.party, self.group)

    def restore(self, group: str) -> None:
        """Take an old group back."""
        self.group = group


class Market:
    """All of trading's resident state, and its counters."""

    TABLE: ClassVar[str] = "market"
    __slots__ = (
        "books",
        "calendars",
        "groups",
        "ledger",
        "next_order",
        "next_priority",
        "next_trade",
        "orders",
    )

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.books: dict[str, Book] = {}
        self.orders: dict[int, Order] = {}
        self.calendars: dict[str, Calendar] = {}
        self.groups: dict[str, ControlGroup] = {}
        self.next_order = 1
        self.next_trade = 1
        self.next_priority = 1

    def row(self) -> Row:
        """Return (name, next_order, next_trade, next_priority); there is one such row."""
        return ("main", self.next_order, self.next_trade, self.next_priority)

    def note(self) -> None:
        """Push the counters as they are."""
        self.ledger.journal.append((self, self.next_order, self.next_trade, self.next_priority))

    def restore(self, *old: int) -> None:
        """Take old counters back."""
        self.next_order, self.next_trade, self.next_priority = old

    def owner(self, party: str) -> str:
        """Return whom a party counts as: its control group, or itself."""
        found = self.groups.get(party)
        return f"group:{found.group}" if found is not None and found.group else party

    def adopt(self, order: Order) -> None:
        """Put an open order back where it was (loading); in order of priority."""
        self.orders[order.id] = order
        book = self.books[order.instrument]
        if order.status == WAITING:
            book.stops.rest(ticket(order))
        else:
            book.kernel.rest(order)

    def check(self) -> None:
        """Prove invariants 1 to 3 and every book.

        Raises:
            InvariantBroken: naming the first contradiction.
        """
        held: dict[tuple[int, str], int] = defaultdict(int)
        for order in self.orders.values():
            book = self.books[order.instrument]
            here = order.id in book.kernel.orders or order.id in book.stops.orders
            ensure(here, f"order {order.id} is open and stands nowhere")
            holding = order.cash if order.is_buy else order.units
            held[holding.account, holding.instrument] += order.held
            ensure(order.is_buy or order.held == order.lots, f"order {order.id} holds {order.held}")
        for hold in self.ledger.holds.values():
            held[hold.account, hold.instrument] += hold.quantity
        for account in self.ledger.accounts.values():
            for holding in account.holdings.values():
                found = held.get((holding.account, holding.instrument), 0)
                ensure(
                    holding.held == found,
                    f"{holding.account}/{holding.instrument} holds {holding.held}, not {found}",
                )
        for book in self.books.values():
            book.kernel.check()


def ticket(order: Order) -> StopTicket:
    """Return an order's place among the stops.

    A buy stop is reached from below, so the lowest is first: it stands where sells stand.
    """
    assert order.stop_ticks is not None
    return StopTicket(
        id=order.id,
        is_buy=not order.is_buy,
        ticks=order.stop_ticks,
        lots=order.lots,
        priority=order.id,
    )


LASTING = frozenset({TimeInForce.GTC, TimeInForce.DAY, TimeInForce.GTD})
DEFAULT_PREVENTION = SelfTradePrevention.CANCEL_INCOMING
