"""The ledger and the market: entries, balances, books, orders, trades, obligations.

Revision: 0001, after nothing, 2026-11-21 03:30:47.260041+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("entry", "movement", "trade")

# What nobody may change: the trigger stands behind the grants and is shown by a test.
REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$
"""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "account",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_account")),
    )
    op.create_index("ix_account_party", "account", ["party"], unique=False)
    op.create_table(
        "actor",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
    )
    op.create_index("ix_actor_digest", "actor", ["digest"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("key_hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deaths", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_attempt")),
    )
    op.create_table(
        "book",
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tick", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("band_ppm", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("resale_delay", sa.Boolean(), nullable=False),
        sa.Column("buyer_fee_ppm", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller_fee_ppm", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("four_eyes_lots", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("order_lots_max", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("band_low", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("band_high", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous_close", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_ticks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sellable_from", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("volume", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("turnover", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("instrument", name=op.f("pk_book")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("closes", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("calendar", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "compliance_rule",
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("right", name=op.f("pk_compliance_rule")),
    )
    op.create_table(
        "control_group",
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_control_group")),
    )
    op.create_table(
        "entry",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("postings", sa.LargeBinary(), nullable=False),
        sa.Column("postings_key", sa.LargeBinary(), nullable=False),
        sa.Column("empty_personal_key", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_entry")),
    )
    op.create_table(
        "entry_personal",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_entry_personal")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("beneficiary", sa.Text(), nullable=True),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_hold_quantity_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index("ix_hold_account", "hold", ["account"], unique=False)
    op.create_table(
        "holding",
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("available", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("held", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fresh", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fresh_from", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "available >= 0 OR account <= 2", name=op.f("ck_holding_available_not_negative")
        ),
        sa.CheckConstraint("fresh >= 0", name=op.f("ck_holding_fresh_not_negative")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_holding_held_not_negative")),
        sa.PrimaryKeyConstraint("account", "instrument", name=op.f("pk_holding")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "idempotency",
        sa.Column("key_hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
    )
    op.create_index("ix_idempotency_key_hash", "idempotency", ["key_hash"], unique=False)
    op.create_table(
        "instrument",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("substance", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("lot", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("vintage", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("valid_from", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("valid_until", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_instrument")),
    )
    op.create_table(
        "market",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_order", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_trade", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_priority", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_market")),
    )
    op.create_table(
        "movement",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_movement_quantity_positive")),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_movement")),
    )
    op.create_index("ix_movement_source", "movement", ["source", "entry"], unique=False)
    op.create_index("ix_movement_target", "movement", ["target", "entry"], unique=False)
    op.create_table(
        "obligation",
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("verified_status", sa.Text(), nullable=False),
        sa.Column("verified", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("surrendered", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("surrendered >= 0", name=op.f("ck_obligation_surrendered_not_negative")),
        sa.PrimaryKeyConstraint("party", "right", "year", name=op.f("pk_obligation")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("checker", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "quarantine",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("command", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "timer",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_timer")),
    )
    op.create_table(
        "trade",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("ticks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lots", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("buy_order", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sell_order", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("buyer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("buyer_is_aggressor", sa.Boolean(), nullable=False),
        sa.Column("buyer_fee", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seller_fee", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint("lots > 0 AND ticks > 0", name=op.f("ck_trade_lots_and_ticks_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade")),
    )
    op.create_index("ix_trade_buyer", "trade", ["buyer", "id"], unique=False)
    op.create_index("ix_trade_instrument", "trade", ["instrument", "id"], unique=False)
    op.create_index("ix_trade_seller", "trade", ["seller", "id"], unique=False)
    op.create_table(
        "trading_order",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("is_buy", sa.Boolean(), nullable=False),
        sa.Column("order_type", sa.Text(), nullable=False),
        sa.Column("time_in_force", sa.Text(), nullable=False),
        sa.Column("ticks", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lots_total", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lots", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("display", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("visible", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("priority", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stop_ticks", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("expires", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("post_only", sa.Boolean(), nullable=False),
        sa.Column("self_trade_prevention", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("fee_ppm", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("held", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fee", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("held >= 0", name=op.f("ck_trading_order_held_not_negative")),
        sa.CheckConstraint(
            "lots >= 0 AND lots <= lots_total", name=op.f("ck_trading_order_lots_in_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trading_order")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_trading_order_account", "trading_order", ["account", "id"], unique=False)
    op.create_index(
        "ix_trading_order_open",
        "trading_order",
        ["instrument", "ticks", "priority"],
        unique=False,
        postgresql_where=sa.text("status IN ('resting', 'waiting')"),
    )
    op.create_table(
        "venue",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("machine_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_account", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_hold", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_proposal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_phase", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_venue")),
    )
    op.create_table(
        "writer",
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("backend_pid", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("venue", name=op.f("pk_writer")),
        postgresql_with={"fillfactor": 10},
    )
    op.execute(REFUSE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("writer")
    op.drop_table("venue")
    op.drop_index(
        "ix_trading_order_open",
        table_name="trading_order",
        postgresql_where=sa.text("status IN ('resting', 'waiting')"),
    )
    op.drop_index("ix_trading_order_account", table_name="trading_order")
    op.drop_table("trading_order")
    op.drop_index("ix_trade_seller", table_name="trade")
    op.drop_index("ix_trade_instrument", table_name="trade")
    op.drop_index("ix_trade_buyer", table_name="trade")
    op.drop_table("trade")
    op.drop_table("timer")
    op.drop_table("quarantine")
    op.drop_table("proposal")
    op.drop_table("phase")
    op.drop_table("party")
    op.drop_table("obligation")
    op.drop_index("ix_movement_target", table_name="movement")
    op.drop_index("ix_movement_source", table_name="movement")
    op.drop_table("movement")
    op.drop_table("market")
    op.drop_table("instrument")
    op.drop_index("ix_idempotency_key_hash", table_name="idempotency")
    op.drop_table("idempotency")
    op.drop_table("holding")
    op.drop_index("ix_hold_account", table_name="hold")
    op.drop_table("hold")
    op.drop_table("entry_personal")
    op.drop_table("entry")
    op.drop_table("control_group")
    op.drop_table("compliance_rule")
    op.drop_table("calendar_day")
    op.drop_table("book")
    op.drop_table("attempt")
    op.drop_index("ix_actor_digest", table_name="actor")
    op.drop_table("actor")
    op.drop_index("ix_account_party", table_name="account")
    op.drop_table("account")
    op.execute("DROP FUNCTION refuse_change()")
