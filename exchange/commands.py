"""What can be asked of the market, as plain data: lots, ticks, days as ordinals, UTC instants."""

from enum import StrEnum

import msgspec

from ledger.commands import Command

FILLS_PER_COMMAND_MAX = 1_000
EFFECTS_PER_SLICE_MAX = 2_000


class OrderType(StrEnum):
    """How an order is priced (markets.md 6.4)."""

    LIMIT = "limit"
    MARKET = "market"
    MARKET_TO_LIMIT = "market_to_limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"


class TimeInForce(StrEnum):
    """How long an order stands."""

    GTC = "gtc"
    DAY = "day"
    GTD = "gtd"
    IOC = "ioc"
    FOK = "fok"


class SelfTradePrevention(StrEnum):
    """What happens when an order meets one of its own control group (markets.md 6.5)."""

    CANCEL_INCOMING = "cancel_incoming"
    CANCEL_RESTING = "cancel_resting"
    CANCEL_BOTH = "cancel_both"
    DECREMENT = "decrement"
    NONE = "none"


class DefineInstrument(Command, frozen=True, kw_only=True, tag="define_instrument"):
    """Define what can be held; with a currency and a tick, open its book.

    ``lot`` and ``tick`` are decimal strings; one tick times one lot must be a whole number of the
    currency's minor units. ``reference_ticks`` is the price that the first band starts from.
    """

    instrument: str
    right: str
    substance: str
    unit: str
    lot: str
    zone: str
    vintage: int | None = None
    valid_from: int | None = None
    valid_until: int | None = None
    currency: str | None = None
    tick: str | None = None
    reference_ticks: int | None = None
    band_ppm: int | None = None
    resale_delay: bool = False
    buyer_fee_ppm: int = 0
    seller_fee_ppm: int = 0
    four_eyes_lots: int | None = None
    order_lots_max: int | None = None
    calendar: str = ""


class SetBookTerms(Command, frozen=True, kw_only=True, tag="set_book_terms"):
    """Set all terms of a book that may change while it lives; under four eyes.

    Fees count for orders from here on, the band from the next trading day on. A book with a band
    keeps having one.
    """

    instrument: str
    band_ppm: int | None
    resale_delay: bool
    buyer_fee_ppm: int
    seller_fee_ppm: int
    four_eyes_lots: int | None
    order_lots_max: int | None
    decision: str


class TradingDay(msgspec.Struct, frozen=True, kw_only=True):
    """One trading day: when each of its sessions opens and closes."""

    day: int
    opens: list[int]
    closes: list[int]


class DeclareTradingDays(Command, frozen=True, kw_only=True, tag="declare_trading_days"):
    """Add trading days to a calendar, in order, all ahead of now."""

    calendar: str
    days: list[TradingDay]


class PlaceOrder(Command, frozen=True, kw_only=True, tag="place_order"):
    """Place an order; ``display`` 0 shows all of it."""

    account: int
    instrument: str
    is_buy: bool
    order_type: OrderType
    time_in_force: TimeInForce
    lots: int
    ticks: int | None = None
    display: int = 0
    stop_ticks: int | None = None
    expires: int | None = None
    post_only: bool = False
    self_trade_prevention: SelfTradePrevention | None = None
    reference: str = ""


class AmendOrder(Command, frozen=True, kw_only=True, tag="amend_order"):
    """Change an open order's lots left, price or expiry; what is ``None`` stays."""

    order: int
    lots: int | None = None
    ticks: int | None = None
    expires: int | None = None


class CancelOrder(Command, frozen=True, kw_only=True, tag="cancel_order"):
    """Cancel what is left of an order."""

    order: int


class MassCancel(Command, frozen=True, kw_only=True, tag="mass_cancel"):
    """Cancel all orders of an account, or those of one instrument or side ("buy", "sell")."""

    account: int
    instrument: str | None = None
    side: str | None = None


class HaltBook(Command, frozen=True, kw_only=True, tag="halt_book"):
    """Halt a book: orders stay, only cancels are taken."""

    instrument: str
    reason: str


class ResumeBook(Command, frozen=True, kw_only=True, tag="resume_book"):
    """Resume a halted book in the phase that its calendar says."""

    instrument: str
    reason: str


class SetControlGroup(Command, frozen=True, kw_only=True, tag="set_control_group"):
    """Count a party as one owner with the others of a group; "" ends it."""

    party: str
    group: str
