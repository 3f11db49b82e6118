"""Rows of green coins and carbon accounts.

Revision: 0012, after 0011, 2026-11-21 15:10:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "carbon_credit",
    "carbon_emission",
    "carbon_factor",
    "coin_act",
    "coin_bill",
    "coin_holder",
    "coin_merchant",
    "coin_rules",
    "coin_scheme",
    "reward_source",
)
GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    _make_terms()
    _make_acts()
    _make_bills()
    _make_carbon()
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON {', '.join(TABLES)} TO {role}")


def _make_terms() -> None:
    op.create_table(
        "coin_scheme",
        _text("instrument"),
        _text("party"),
        _number("issuer"),
        _number("expired"),
        _number("clawback"),
        sa.PrimaryKeyConstraint("instrument", name=op.f("pk_coin_scheme")),
    )
    op.create_table(
        "coin_rules",
        _text("instrument"),
        _text("version"),
        _number("effective_from"),
        _texts("acts"),
        sa.Column("act_coins", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        _texts("act_sources"),
        _number("day_max"),
        _number("month_max"),
        _number("expiry_months"),
        _number("bill_max"),
        _number("late_days"),
        _text("decision"),
        sa.PrimaryKeyConstraint("instrument", "version", name=op.f("pk_coin_rules")),
    )
    op.create_table(
        "coin_holder",
        _number("account"),
        _text("instrument"),
        _number("claim"),
        sa.CheckConstraint("claim >= 0", name=op.f("ck_coin_holder_claim_not_negative")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_coin_holder")),
    )
    op.create_table(
        "coin_merchant",
        _number("account"),
        _text("instrument"),
        _flag("live"),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_coin_merchant")),
    )
    op.create_table(
        "reward_source",
        _text("id"),
        _text("party"),
        _texts("acts"),
        _texts("behaviours"),
        _text("public_key"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward_source")),
    )


def _make_acts() -> None:
    op.create_table(
        "coin_act",
        _number("id"),
        _number("entry"),
        _number("account"),
        _text("source"),
        _text("reference"),
        _text("behaviour"),
        _number("quantity"),
        _number("day"),
        _number("expires"),
        _number("coins"),
        _number("cut"),
        _number("repaid"),
        _text("rules"),
        _number("left"),
        _text("state"),
        _flag("live"),
        sa.CheckConstraint('"left" >= 0', name=op.f("ck_coin_act_left_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coin_act")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("ix_coin_act_account", "coin_act", ["account", "id"])
    op.create_index(
        "ix_coin_act_left", "coin_act", ["expires"], postgresql_where=sa.text('"left" > 0')
    )


def _make_bills() -> None:
    op.create_table(
        "coin_bill",
        _number("id"),
        _number("entry"),
        _number("account"),
        _number("merchant"),
        _text("digest"),
        _number("coins"),
        _number("day"),
        _number("leaves"),
        _flag("live"),
        sa.CheckConstraint("coins > 0", name=op.f("ck_coin_bill_coins_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coin_bill")),
    )
    op.create_index("ix_coin_bill_account", "coin_bill", ["account", "id"])
    op.create_index("ix_coin_bill_merchant", "coin_bill", ["merchant", "id"])


def _make_carbon() -> None:
    op.create_table(
        "carbon_factor",
        _text("behaviour"),
        _text("version"),
        _number("effective_from"),
        _text("unit"),
        _number("micrograms", optional=True),
        _number("day_limit", optional=True),
        _number("late_days"),
        _text("method"),
        _text("source"),
        sa.PrimaryKeyConstraint("behaviour", "version", name=op.f("pk_carbon_factor")),
    )
    op.create_table(
        "carbon_credit",
        _number("id"),
        _number("entry"),
        _number("account"),
        _text("source"),
        _text("reference"),
        _text("behaviour"),
        _text("version"),
        _number("activity"),
        _number("day"),
        _number("leaves"),
        _number("milligrams"),
        _number("cut"),
        _text("state"),
        _flag("live"),
        sa.CheckConstraint(
            "milligrams >= 0 AND cut >= 0", name=op.f("ck_carbon_credit_amounts_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_credit")),
    )
    op.create_index("ix_carbon_credit_account", "carbon_credit", ["account", "id"])
    op.create_table(
        "carbon_emission",
        _number("account"),
        _number("year"),
        _number("grams"),
        _text("method"),
        _text("document"),
        _number("reports"),
        sa.CheckConstraint("grams >= 0", name=op.f("ck_carbon_emission_grams_not_negative")),
        sa.PrimaryKeyConstraint("account", "year", name=op.f("pk_carbon_emission")),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in TABLES:
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _texts(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)
