"""What can happen in the market; ``exchange/folds.py`` says how each changes the state."""

from exchange.commands import OrderType, SelfTradePrevention, TimeInForce, TradingDay
from ledger.effects import Effect


class BookOpened(Effect, frozen=True, kw_only=True, tag="book_opened"):
    """An instrument trades; without a calendar its book is open for ever."""

    instrument: str
    currency: str
    tick: str
    calendar: str
    band_ppm: int | None
    resale_delay: bool
    buyer_fee_ppm: int
    seller_fee_ppm: int
    four_eyes_lots: int | None
    order_lots_max: int | None
    reference_ticks: int
    band_low: int
    band_high: int


class BookTermsSet(Effect, frozen=True, kw_only=True, tag="book_terms_set"):
    """A book has these terms from here on; its band follows at the next opening."""

    instrument: str
    band_ppm: int | None
    resale_delay: bool
    buyer_fee_ppm: int
    seller_fee_ppm: int
    four_eyes_lots: int | None
    order_lots_max: int | None


class TradingDaysDeclared(Effect, frozen=True, kw_only=True, tag="trading_days_declared"):
    """A calendar has these days after its others."""

    calendar: str
    days: list[TradingDay]


class DayOpened(Effect, frozen=True, kw_only=True, tag="day_opened"):
    """A book's trading day began, with its band; units bought on it sell from the next one on."""

    instrument: str
    day: int
    sellable_from: int
    band_low: int
    band_high: int


class DayClosed(Effect, frozen=True, kw_only=True, tag="day_closed"):
    """A book's trading day ended; ``close`` is its volume-weighted average or the old close."""

    instrument: str
    day: int
    close: int
    volume: int
    turnover: int


class BookPhaseSet(Effect, frozen=True, kw_only=True, tag="book_phase_set"):
    """A book is continuous, pre_open, break, closed or halted from here on."""

    instrument: str
    phase: str
    reason: str


class ControlGroupSet(Effect, frozen=True, kw_only=True, tag="control_group_set"):
    """A party counts as one owner with its group's others."""

    party: str
    group: str


class OrderAccepted(Effect, frozen=True, kw_only=True, tag="order_accepted"):
    """An order was taken in and its hold placed; a stop order waits."""

    order: int
    account: int
    instrument: str
    is_buy: bool
    order_type: OrderType
    time_in_force: TimeInForce
    ticks: int
    lots: int
    display: int
    stop_ticks: int | None
    expires: int | None
    post_only: bool
    self_trade_prevention: SelfTradePrevention
    reference: str
    fee_ppm: int
    held: int


class OrderRested(Effect, frozen=True, kw_only=True, tag="order_rested"):
    """What is left of an order stands at the tail of its price."""

    order: int
    priority: int


class Filled(Effect, frozen=True, kw_only=True, tag="filled"):
    """Two orders matched and settled: units and cash changed hands, fees were charged.

    ``buyer_held`` is what the buy order holds afterwards.
    """

    trade: int
    buy: int
    sell: int
    ticks: int
    lots: int
    buyer_is_aggressor: bool
    buyer_fee: int
    seller_fee: int
    buyer_held: int


class OrderReplenished(Effect, frozen=True, kw_only=True, tag="order_replenished"):
    """An iceberg shows its next peak, behind all others at its price."""

    order: int
    priority: int


class OrderTriggered(Effect, frozen=True, kw_only=True, tag="order_triggered"):
    """The last price reached a stop order's stop."""

    order: int


class OrderDecremented(Effect, frozen=True, kw_only=True, tag="order_decremented"):
    """Self-trade prevention took lots from an order without a trade."""

    order: int
    lots: int
    held: int


class OrderAmended(Effect, frozen=True, kw_only=True, tag="order_amended"):
    """An order was changed; one that lost its place left the book and is matched again."""

    order: int
    lots: int
    ticks: int
    expires: int | None
    held: int
    keeps_place: bool


class OrderCancelled(Effect, frozen=True, kw_only=True, tag="order_cancelled"):
    """What was left of an order is gone and its hold released, for a reason."""

    order: int
    reason: str
