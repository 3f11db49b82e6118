"""The trade: what both parties see of a match, as an append-only row."""

from typing import ClassVar

from exchange.state import Order
from ledger.state import Row


class Trade:
    """One match of two orders (成交), settled in its own entry. Append-only."""

    TABLE: ClassVar[str] = "trade"
    __slots__ = (
        "at",
        "buy_order",
        "buyer",
        "buyer_fee",
        "buyer_is_aggressor",
        "currency",
        "day",
        "entry",
        "id",
        "instrument",
        "lots",
        "sell_order",
        "seller",
        "seller_fee",
        "ticks",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002
        entry: int,
        at: int,
        day: int,
        instrument: str,
        currency: str,
        ticks: int,
        lots: int,
        buy: Order,
        sell: Order,
        buyer_is_aggressor: bool,
        buyer_fee: int,
        seller_fee: int,
    ) -> None:
        self.id = id
        self.entry = entry
        self.at = at
        self.day = day
        self.instrument = instrument
        self.currency = currency
        self.ticks = ticks
        self.lots = lots
        self.buy_order = buy.id
        self.sell_order = sell.id
        self.buyer = buy.account
        self.seller = sell.account
        self.buyer_is_aggressor = buyer_is_aggressor
        self.buyer_fee = buyer_fee
        self.seller_fee = seller_fee

    def row(self) -> Row:
        """Return the columns of table ``trade`` in their order."""
        return (
            self.id,
            self.entry,
            self.at,
            self.day,
            self.instrument,
            self.currency,
            self.ticks,
            self.lots,
            self.buy_order,
            self.sell_order,
            self.buyer,
            self.seller,
            self.buyer_is_aggressor,
            self.buyer_fee,
            self.seller_fee,
        )

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""
