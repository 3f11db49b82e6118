"""Acts, bills, credits and credentials become rows of shelves; lots stand by month.

Revision: 0021, after 0020, 2026-11-21 18:30:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ledger.row_lines import line
from ledger.shelf import DIGEST_BYTES, lifted

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REPLACED = ("coin_act", "coin_bill", "carbon_credit")
CHANGED = ("coin_month", "coin_expiry", "carbon_credit", "carbon_day")
APPENDED = ("coin_act", "coin_bill")
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change.

    Raises:
        RuntimeError: coins or carbon were credited already, by entries of a form that is no more.
    """
    for table in REPLACED:
        if op.get_bind().scalar(sa.text(f"SELECT EXISTS (SELECT FROM {table})")):  # noqa: S608
            raise RuntimeError(f"{table} has rows of an older form: start the venue afresh")
        op.drop_table(table)
    op.add_column("coin_holder", _numbers("months", default="{}"))
    op.alter_column("coin_holder", "months", server_default=None)
    _make_coins()
    _make_bills()
    _make_carbon()
    for table in APPENDED:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {', '.join(APPENDED)} TO {role}")
    _count_credentials()


def _make_coins() -> None:
    op.create_table(
        "coin_act",
        _number("id"),
        _number("entry"),
        _number("account"),
        _text("source"),
        _text("reference"),
        _text("behaviour"),
        *(_number(name) for name in ("quantity", "day", "expires", "coins", "cut", "repaid")),
        _text("rules"),
        sa.PrimaryKeyConstraint("source", "reference", name=op.f("pk_coin_act")),
    )
    op.create_index("ix_coin_act_id", "coin_act", ["id"])
    op.create_index("ix_coin_act_account", "coin_act", ["account", "id"])
    op.create_table(
        "coin_month",
        _number("account"),
        _number("month"),
        *(_numbers(name) for name in ("acts", "days", "expiries", "coins", "lefts", "revoked")),
        sa.CheckConstraint("0 <= ALL (lefts)", name=op.f("ck_coin_month_lefts_not_negative")),
        sa.PrimaryKeyConstraint("account", "month", name=op.f("pk_coin_month")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "coin_expiry",
        _text("instrument"),
        *(_number(name) for name in ("day", "coins", "lots")),
        sa.CheckConstraint(
            "coins >= 0 AND lots >= 0", name=op.f("ck_coin_expiry_sums_not_negative")
        ),
        sa.PrimaryKeyConstraint("instrument", "day", name=op.f("pk_coin_expiry")),
        postgresql_with={"fillfactor": 80},
    )


def _make_bills() -> None:
    op.create_table(
        "coin_bill",
        *(_number(name) for name in ("id", "entry", "account", "merchant")),
        _text("digest"),
        _number("coins"),
        _number("day"),
        sa.CheckConstraint("coins > 0", name=op.f("ck_coin_bill_coins_positive")),
        sa.PrimaryKeyConstraint("merchant", "digest", name=op.f("pk_coin_bill")),
    )
    op.create_index("ix_coin_bill_id", "coin_bill", ["id"])
    op.create_index("ix_coin_bill_account", "coin_bill", ["account", "id"])
    op.create_index("ix_coin_bill_merchant", "coin_bill", ["merchant", "id"])


def _make_carbon() -> None:
    op.create_table(
        "carbon_credit",
        *(_number(name) for name in ("id", "entry", "account")),
        *(_text(name) for name in ("source", "reference", "behaviour", "version")),
        *(_number(name) for name in ("activity", "day", "leaves", "milligrams", "cut")),
        _text("state"),
        sa.CheckConstraint(
            "milligrams >= 0 AND cut >= 0", name=op.f("ck_carbon_credit_amounts_not_negative")
        ),
        sa.PrimaryKeyConstraint("source", "reference", name=op.f("pk_carbon_credit")),
    )
    op.create_index("ix_carbon_credit_id", "carbon_credit", ["id"])
    op.create_index("ix_carbon_credit_account", "carbon_credit", ["account", "id"])
    op.create_table(
        "carbon_day",
        *(_number(name) for name in ("account", "day", "credits")),
        sa.Column("behaviours", postgresql.ARRAY(sa.Text()), nullable=False),
        _numbers("milligrams"),
        sa.CheckConstraint(
            "0 <= ALL (milligrams)", name=op.f("ck_carbon_day_milligrams_not_negative")
        ),
        sa.PrimaryKeyConstraint("account", "day", name=op.f("pk_carbon_day")),
    )


def _count_credentials() -> None:
    """Give the shelf of credentials its count and digest: the rows stay as they are."""
    bind = op.get_bind()
    count = digest = 0
    for row in bind.execute(sa.text("SELECT * FROM credential")):
        count += 1
        digest += lifted(line("credential", tuple(row)))
    if count:
        kept = (digest % (1 << 8 * DIGEST_BYTES)).to_bytes(DIGEST_BYTES).hex()
        insert = sa.text("INSERT INTO shelf (name, rows, digest) VALUES ('credential', :n, :d)")
        bind.execute(insert, {"n": count, "d": kept})


def downgrade() -> None:
    """Take the change back.

    Raises:
        RuntimeError: there are rows that the older form does not have.
    """
    for table in (*CHANGED, *APPENDED):
        if op.get_bind().scalar(sa.text(f"SELECT EXISTS (SELECT FROM {table})")):  # noqa: S608
            raise RuntimeError(f"{table} has rows that an older version cannot read")
        op.drop_table(table)
    op.drop_column("coin_holder", "months")
    op.execute("DELETE FROM shelf WHERE name = 'credential'")
    _make_old_tables()


def _make_old_tables() -> None:
    op.create_table(
        "coin_act",
        *(_number(name) for name in ("id", "entry", "account")),
        *(_text(name) for name in ("source", "reference", "behaviour")),
        *(_number(name) for name in ("quantity", "day", "expires", "coins", "cut", "repaid")),
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
    op.create_table(
        "coin_bill",
        *(_number(name) for name in ("id", "entry", "account", "merchant")),
        _text("digest"),
        *(_number(name) for name in ("coins", "day", "leaves")),
        _flag("live"),
        sa.CheckConstraint("coins > 0", name=op.f("ck_coin_bill_coins_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coin_bill")),
    )
    op.create_index("ix_coin_bill_account", "coin_bill", ["account", "id"])
    op.create_index("ix_coin_bill_merchant", "coin_bill", ["merchant", "id"])
    op.create_table(
        "carbon_credit",
        *(_number(name) for name in ("id", "entry", "account")),
        *(_text(name) for name in ("source", "reference", "behaviour", "version")),
        *(_number(name) for name in ("activity", "day", "leaves", "milligrams", "cut")),
        _text("state"),
        _flag("live"),
        sa.CheckConstraint(
            "milligrams >= 0 AND cut >= 0", name=op.f("ck_carbon_credit_amounts_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carbon_credit")),
    )
    op.create_index("ix_carbon_credit_account", "carbon_credit", ["account", "id"])
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role][0]} ON {', '.join(REPLACED)} TO {role}")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _numbers(name: str, *, default: str | None = None) -> sa.Column[list[int]]:
    kind = postgresql.ARRAY(sa.BigInteger())
    return sa.Column(name, kind, nullable=False, server_default=default)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)
