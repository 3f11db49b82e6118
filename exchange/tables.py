"""The exchange's tables. A row's columns stand in the order of its class's ``row()``."""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from kernel.db.base import metadata
from ledger.tables import flag, number, text

market = Table(
    "market",
    metadata,
    text("name", key=True),
    number("next_order"),
    number("next_trade"),
    number("next_priority"),
)
book = Table(
    "book",
    metadata,
    text("instrument", key=True),
    text("currency"),
    text("tick"),
    text("calendar"),
    number("band_ppm", optional=True),
    flag("resale_delay"),
    number("buyer_fee_ppm"),
    number("seller_fee_ppm"),
    number("four_eyes_lots", optional=True),
    number("order_lots_max", optional=True),
    number("band_low"),
    number("band_high"),
    number("previous_close"),
    number("last_ticks"),
    text("phase"),
    text("reason"),
    number("day"),
    number("sellable_from"),
    number("volume"),
    number("turnover"),
)
trading_order = Table(
    "trading_order",
    metadata,
    number("id", key=True),
    number("entry"),
    number("account"),
    text("instrument"),
    flag("is_buy"),
    text("order_type"),
    text("time_in_force"),
    number("ticks"),
    number("lots_total"),
    number("lots"),
    number("display"),
    number("visible"),
    number("priority"),
    number("stop_ticks", optional=True),
    number("expires", optional=True),
    flag("post_only"),
    text("self_trade_prevention"),
    text("reference"),
    number("fee_ppm"),
    number("held"),
    number("value"),
    number("fee"),
    text("status"),
    text("reason"),
    CheckConstraint("lots >= 0 AND lots <= lots_total", name="lots_in_range"),
    CheckConstraint("held >= 0", name="held_not_negative"),
    Index(
        "ix_trading_order_open",
        "instrument",
        "ticks",
        "priority",
        postgresql_where=sql("status IN ('resting', 'waiting')"),
    ),
    Index("ix_trading_order_account", "account", "id"),
    postgresql_with={"fillfactor": 80},
)
trade = Table(
    "trade",
    metadata,
    number("id", key=True),
    number("entry"),
    number("at"),
    number("day"),
    text("instrument"),
    text("currency"),
    number("ticks"),
    number("lots"),
    number("buy_order"),
    number("sell_order"),
    number("buyer"),
    number("seller"),
    flag("buyer_is_aggressor"),
    number("buyer_fee"),
    number("seller_fee"),
    CheckConstraint("lots > 0 AND ticks > 0", name="lots_and_ticks_positive"),
    Index("ix_trade_buyer", "buyer", "id"),
    Index("ix_trade_seller", "seller", "id"),
    Index("ix_trade_instrument", "instrument", "id"),
)
calendar_day = Table(
    "calendar_day",
    metadata,
    text("calendar", key=True),
    number("day", key=True),
    Column("opens", ARRAY(BigInteger), nullable=False),
    Column("closes", ARRAY(BigInteger), nullable=False),
)
control_group = Table("control_group", metadata, text("party", key=True), text("group"))
obligation = Table(
    "obligation",
    metadata,
    text("party", key=True),
    text("right", key=True),
    number("year", key=True),
    text("verified_status"),
    number("verified", optional=True),
    number("surrendered"),
    text("status"),
    CheckConstraint("surrendered >= 0", name="surrendered_not_negative"),
)
compliance_rule = Table(
    "compliance_rule", metadata, text("right", key=True), text("rule"), number("first_year")
)
closed_year = Table(
    "closed_year",
    metadata,
    text("right", key=True),
    number("year", key=True),
    number("entry"),
    number("on"),
    number("phase"),
    number("settled"),
    number("recorded"),
    number("passed_over"),
    CheckConstraint("recorded + passed_over <= settled", name="none_twice"),
)
short_obligation = Table(
    "short_obligation",
    metadata,
    text("right", key=True),
    number("year", key=True),
    text("party", key=True),
    number("entry"),
)
settled_obligation = Table(
    "settled_obligation",
    metadata,
    text("right", key=True),
    number("year", key=True),
    number("number", key=True),
    text("party"),
    number("entry"),
    number("recorded_in", optional=True),
    UniqueConstraint("party", "right", "year"),
    Index(
        "ix_settled_obligation_waiting",
        "right",
        "year",
        postgresql_where=sql("recorded_in IS NULL"),
    ),
)
