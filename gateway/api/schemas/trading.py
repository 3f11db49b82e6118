"""Operations on instruments, trading days, books and orders."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from exchange import commands
from exchange.commands import OrderType, SelfTradePrevention, TimeInForce
from gateway.api.schemas.base import (
    Day,
    DecimalText,
    Identifier,
    Instant,
    InstrumentCode,
    Number,
    Operation,
    Units,
    instant,
    ordinal,
    whole,
)

ORDERS_PER_BATCH_MAX = 500
DAYS_PER_COMMAND_MAX = 400
PPM_PER_PERCENT = 10_000
BandPercent = Annotated[
    str, Field(pattern=r"^(100(\.0{1,4})?|[0-9]{1,2}(\.[0-9]{1,4})?)$", examples=["10"])
]
FeePpm = Annotated[int, Field(ge=0, le=1_000_000)]
Side = Annotated[Literal["buy", "sell"], Field(examples=["buy"])]
ClientReference = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,32}$")]


class DefineInstrument(Operation):
    """Define what can be held, and for a right the book in which it trades.

    One tick times one lot must be a whole number of minor units of the currency.
    """

    kind: Literal["define_instrument"] = "define_instrument"
    instrument: InstrumentCode
    right: Annotated[
        Literal["CASH", "CARBON", "OFFSET", "EMISSION", "ENERGY", "WATER", "FOREST"],
        Field(examples=["CARBON"]),
    ]
    substance: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,32}$")] = ""
    unit: Annotated[str, Field(min_length=1, max_length=32, examples=["t"])]
    lot: Annotated[str, Field(pattern=r"^(0\.[0-9]{0,5}[1-9]|[1-9][0-9]{0,5})$", examples=["1"])]
    zone: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,32}$")] = ""
    vintage: Annotated[int, Field(ge=1990, le=2200)] | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    currency: InstrumentCode | None = None
    tick: Annotated[str, Field(pattern=r"^(0\.[0-9]{0,5}[1-9]|[1-9][0-9]{0,5})$")] | None = None
    reference_price: DecimalText | None = None
    band_percent: BandPercent | None = None
    next_day_resale: bool = False
    buyer_fee_ppm: FeePpm = 0
    seller_fee_ppm: FeePpm = 0
    four_eyes_quantity: DecimalText | None = None
    order_quantity_max: DecimalText | None = None
    calendar: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,32}$")] = ""

    def to_command(self, units: Units) -> commands.DefineInstrument:
        """Return the command in ticks, lots and parts per million."""
        del units
        lot = Decimal(self.lot)
        tick = None if self.tick is None else Decimal(self.tick)
        reference = None
        if self.reference_price is not None and tick is not None:
            reference = whole(self.reference_price, step=tick, field="reference_price")
        return commands.DefineInstrument(
            instrument=self.instrument,
            right=self.right,
            substance=self.substance,
            unit=self.unit,
            lot=self.lot,
            zone=self.zone,
            vintage=self.vintage,
            valid_from=_day(self.valid_from, field="valid_from"),
            valid_until=_day(self.valid_until, field="valid_until"),
            currency=self.currency,
            tick=self.tick,
            reference_ticks=reference,
            band_ppm=_ppm(self.band_percent),
            resale_delay=self.next_day_resale,
            buyer_fee_ppm=self.buyer_fee_ppm,
            seller_fee_ppm=self.seller_fee_ppm,
            four_eyes_lots=_lots(self.four_eyes_quantity, lot=lot, field="four_eyes_quantity"),
            order_lots_max=_lots(self.order_quantity_max, lot=lot, field="order_quantity_max"),
            calendar=self.calendar,
        )


class SetBookTerms(Operation):
    """Set the terms of a book that may change (needs a proposal); what is left out is none.

    Fees count for orders from then on, the band from the next trading day on.
    """

    kind: Literal["set_book_terms"] = "set_book_terms"
    instrument: InstrumentCode
    band_percent: BandPercent | None = None
    next_day_resale: bool = False
    buyer_fee_ppm: FeePpm = 0
    seller_fee_ppm: FeePpm = 0
    four_eyes_quantity: DecimalText | None = None
    order_quantity_max: DecimalText | None = None
    decision: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["2026-12"])]

    def to_command(self, units: Units) -> commands.SetBookTerms:
        """Return the command in lots and parts per million."""
        lot = units.of(self.instrument).lot
        return commands.SetBookTerms(
            instrument=self.instrument,
            band_ppm=_ppm(self.band_percent),
            resale_delay=self.next_day_resale,
            buyer_fee_ppm=self.buyer_fee_ppm,
            seller_fee_ppm=self.seller_fee_ppm,
            four_eyes_lots=_lots(self.four_eyes_quantity, lot=lot, field="four_eyes_quantity"),
            order_lots_max=_lots(self.order_quantity_max, lot=lot, field="order_quantity_max"),
            decision=self.decision,
        )


def _day(text: str | None, *, field: str) -> int | None:
    return None if text is None else ordinal(text, field=field)


def _ppm(percent: str | None) -> int | None:
    return None if percent is None else int(Decimal(percent) * PPM_PER_PERCENT)


def _lots(text: str | None, *, lot: Decimal, field: str) -> int | None:
    return None if text is None else whole(text, step=lot, field=field)


class TradingSession(Operation):
    """One stretch of continuous trading, as instants."""

    opens: Instant
    closes: Instant


class TradingDay(Operation):
    """One trading day and its sessions."""

    day: Day
    sessions: Annotated[list[TradingSession], Field(min_length=1, max_length=4)]


class DeclareTradingDays(Operation):
    """Add trading days to a calendar; instants, so no time-zone table decides at replay."""

    kind: Literal["declare_trading_days"] = "declare_trading_days"
    calendar: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$", examples=["main"])]
    days: Annotated[list[TradingDay], Field(min_length=1, max_length=DAYS_PER_COMMAND_MAX)]

    def to_command(self, units: Units) -> commands.DeclareTradingDays:
        """Return the command."""
        del units
        return commands.DeclareTradingDays(
            calendar=self.calendar,
            days=[
                commands.TradingDay(
                    day=ordinal(each.day, field="days"),
                    opens=[instant(session.opens, field="days") for session in each.sessions],
                    closes=[instant(session.closes, field="days") for session in each.sessions],
                )
                for each in self.days
            ],
        )


class PlaceOrder(Operation):
    """Place an order in a book. The price is per unit, in the instrument's currency."""

    kind: Literal["place_order"] = "place_order"
    account: Number
    instrument: InstrumentCode
    side: Side
    type: Annotated[OrderType, Field(strict=False)] = OrderType.LIMIT
    time_in_force: Annotated[TimeInForce, Field(strict=False)] = TimeInForce.DAY
    quantity: DecimalText
    price: DecimalText | None = None
    display_quantity: DecimalText | None = None
    stop_price: DecimalText | None = None
    expires: Day | None = None
    post_only: bool = False
    self_trade_prevention: Annotated[SelfTradePrevention, Field(strict=False)] | None = None
    reference: ClientReference = ""

    def to_command(self, units: Units) -> commands.PlaceOrder:
        """Return the command in lots and ticks."""
        code = self.instrument
        shown = 0
        if self.display_quantity is not None:
            shown = units.lots(self.display_quantity, instrument=code, field="display_quantity")
        return commands.PlaceOrder(
            account=int(self.account),
            instrument=code,
            is_buy=self.side == "buy",
            order_type=self.type,
            time_in_force=self.time_in_force,
            lots=units.lots(self.quantity, instrument=code, field="quantity"),
            ticks=_ticks(units, self.price, instrument=code, field="price"),
            display=shown,
            stop_ticks=_ticks(units, self.stop_price, instrument=code, field="stop_price"),
            expires=_day(self.expires, field="expires"),
            post_only=self.post_only,
            self_trade_prevention=self.self_trade_prevention,
            reference=self.reference,
        )


def _ticks(units: Units, text: str | None, *, instrument: str, field: str) -> int | None:
    return None if text is None else units.ticks(text, instrument=instrument, field=field)


class AmendOrder(Operation):
    """Change an open order; a smaller quantity keeps its place, anything else loses it.

    ``quantity`` is what shall be left to fill.
    """

    kind: Literal["amend_order"] = "amend_order"
    order: Number
    instrument: InstrumentCode
    quantity: DecimalText | None = None
    price: DecimalText | None = None
    expires: Day | None = None

    def to_command(self, units: Units) -> commands.AmendOrder:
        """Return the command in lots and ticks."""
        code = self.instrument
        lots = None
        if self.quantity is not None:
            lots = units.lots(self.quantity, instrument=code, field="quantity")
        return commands.AmendOrder(
            order=int(self.order),
            lots=lots,
            ticks=_ticks(units, self.price, instrument=code, field="price"),
            expires=_day(self.expires, field="expires"),
        )


class CancelOrder(Operation):
    """Cancel what is left of an order."""

    kind: Literal["cancel_order"] = "cancel_order"
    order: Number

    def to_command(self, units: Units) -> commands.CancelOrder:
        """Return the command."""
        del units
        return commands.CancelOrder(order=int(self.order))


class MassCancel(Operation):
    """Cancel all open orders of an account, or those of one instrument or side."""

    kind: Literal["mass_cancel"] = "mass_cancel"
    account: Number
    instrument: InstrumentCode | None = None
    side: Side | None = None

    def to_command(self, units: Units) -> commands.MassCancel:
        """Return the command."""
        del units
        return commands.MassCancel(
            account=int(self.account), instrument=self.instrument, side=self.side
        )


class HaltBook(Operation):
    """Halt a book: orders stay, only cancels are taken."""

    kind: Literal["halt_book"] = "halt_book"
    instrument: InstrumentCode
    reason: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$", examples=["technical_failure"])]

    def to_command(self, units: Units) -> commands.HaltBook:
        """Return the command."""
        del units
        return commands.HaltBook(instrument=self.instrument, reason=self.reason)


class ResumeBook(Operation):
    """Resume a halted book."""

    kind: Literal["resume_book"] = "resume_book"
    instrument: InstrumentCode
    reason: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,32}$", examples=["resolved"])]

    def to_command(self, units: Units) -> commands.ResumeBook:
        """Return the command."""
        del units
        return commands.ResumeBook(instrument=self.instrument, reason=self.reason)


class SetControlGroup(Operation):
    """Count parties as one owner; an empty group lets a party stand alone again."""

    kind: Literal["set_control_group"] = "set_control_group"
    party: Identifier
    group: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,64}$")]

    def to_command(self, units: Units) -> commands.SetControlGroup:
        """Return the command."""
        del units
        return commands.SetControlGroup(party=self.party, group=self.group)
