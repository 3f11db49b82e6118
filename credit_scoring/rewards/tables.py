"""The tables of rewards. A row's columns stand in the order of its class's ``row()``.

``coin_act`` and ``coin_bill`` are append-only as ``movement`` is.
"""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, Table, Text

from kernel.db.base import metadata
from ledger.tables import flag, number, text

coin_scheme = Table(
    "coin_scheme",
    metadata,
    text("instrument", key=True),
    text("party"),
    number("issuer"),
    number("expired"),
    number("clawback"),
)
coin_rules = Table(
    "coin_rules",
    metadata,
    text("instrument", key=True),
    text("version", key=True),
    number("effective_from"),
    Column("acts", ARRAY(Text), nullable=False),
    Column("act_coins", ARRAY(BigInteger), nullable=False),
    Column("act_sources", ARRAY(Text), nullable=False),
    number("day_max"),
    number("month_max"),
    number("expiry_months"),
    number("bill_max"),
    number("late_days"),
    text("decision"),
)
coin_holder = Table(
    "coin_holder",
    metadata,
    number("account", key=True),
    text("instrument"),
    number("claim"),
    Column("months", ARRAY(BigInteger), nullable=False),
    CheckConstraint("claim >= 0", name="claim_not_negative"),
)
coin_merchant = Table(
    "coin_merchant",
    metadata,
    number("account", key=True),
    text("instrument"),
    flag("live"),
)
reward_source = Table(
    "reward_source",
    metadata,
    text("id", key=True),
    text("party"),
    Column("acts", ARRAY(Text), nullable=False),
    Column("behaviours", ARRAY(Text), nullable=False),
    text("public_key"),
)
coin_act = Table(
    "coin_act",
    metadata,
    number("id"),
    number("entry"),
    number("account"),
    text("source", key=True),
    text("reference", key=True),
    text("behaviour"),
    number("quantity"),
    number("day"),
    number("expires"),
    number("coins"),
    number("cut"),
    number("repaid"),
    text("rules"),
    Index("ix_coin_act_id", "id"),
    Index("ix_coin_act_account", "account", "id"),
)
coin_month = Table(
    "coin_month",
    metadata,
    number("account", key=True),
    number("month", key=True),
    Column("acts", ARRAY(BigInteger), nullable=False),
    Column("days", ARRAY(BigInteger), nullable=False),
    Column("expiries", ARRAY(BigInteger), nullable=False),
    Column("coins", ARRAY(BigInteger), nullable=False),
    Column("lefts", ARRAY(BigInteger), nullable=False),
    Column("revoked", ARRAY(BigInteger), nullable=False),
    CheckConstraint("0 <= ALL (lefts)", name="lefts_not_negative"),
    postgresql_with={"fillfactor": 80},
)
coin_expiry = Table(
    "coin_expiry",
    metadata,
    text("instrument", key=True),
    number("day", key=True),
    number("coins"),
    number("lots"),
    CheckConstraint("coins >= 0 AND lots >= 0", name="sums_not_negative"),
    postgresql_with={"fillfactor": 80},
)
coin_bill = Table(
    "coin_bill",
    metadata,
    number("id"),
    number("entry"),
    number("account"),
    number("merchant", key=True),
    text("digest", key=True),
    number("coins"),
    number("day"),
    CheckConstraint("coins > 0", name="coins_positive"),
    Index("ix_coin_bill_id", "id"),
    Index("ix_coin_bill_account", "account", "id"),
    Index("ix_coin_bill_merchant", "merchant", "id"),
)
carbon_factor = Table(
    "carbon_factor",
    metadata,
    text("behaviour", key=True),
    text("version", key=True),
    number("effective_from"),
    text("unit"),
    number("micrograms", optional=True),
    number("day_limit", optional=True),
    number("late_days"),
    text("method"),
    text("source"),
)
carbon_credit = Table(
    "carbon_credit",
    metadata,
    number("id"),
    number("entry"),
    number("account"),
    text("source", key=True),
    text("reference", key=True),
    text("behaviour"),
    text("version"),
    number("activity"),
    number("day"),
    number("leaves"),
    number("milligrams"),
    number("cut"),
    text("state"),
    CheckConstraint("milligrams >= 0 AND cut >= 0", name="amounts_not_negative"),
    Index("ix_carbon_credit_id", "id"),
    Index("ix_carbon_credit_account", "account", "id"),
)
carbon_day = Table(
    "carbon_day",
    metadata,
    number("account", key=True),
    number("day", key=True),
    number("credits"),
    Column("behaviours", ARRAY(Text), nullable=False),
    Column("milligrams", ARRAY(BigInteger), nullable=False),
    CheckConstraint("0 <= ALL (milligrams)", name="milligrams_not_negative"),
)
carbon_emission = Table(
    "carbon_emission",
    metadata,
    number("account", key=True),
    number("year", key=True),
    number("grams"),
    text("method"),
    text("document"),
    number("reports"),
    CheckConstraint("grams >= 0", name="grams_not_negative"),
)
