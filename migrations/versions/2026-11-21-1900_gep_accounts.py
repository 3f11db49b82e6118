"""Accounts of ecosystem products with their documents, which count, and who cites them.

Revision: 0022, after 0021, 2026-11-21 19:00:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ACCOUNT, DOCUMENT = "gep_account", "gep_document"
CHANGED = (ACCOUNT, "gep_counting", "gep_citation")
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change."""
    _make_accounts()
    _make_register()
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {DOCUMENT} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {DOCUMENT} TO {role}")


def _make_accounts() -> None:
    op.create_table(
        ACCOUNT,
        *(_text(name) for name in ("account", "plan", "id", "area")),
        *(_number(name) for name in ("year", "price_year")),
        *(_text(name) for name in ("profile", "edition", "parameter_set", "parameter_set_hash")),
        *(_number(name) for name in ("total", "overrides")),
        *(_text(name) for name in ("supersedes", "drafted_by", "drafted_for")),
        _number("entry"),
        *(_text(name) for name in ("status", "reviewed_by", "note")),
        _number("reviewed_in", optional=True),
        *(_text(name) for name in ("approved_by", "decision")),
        *(_number(name, optional=True) for name in ("approved_in", "published_in")),
        _text("superseded_by"),
        sa.CheckConstraint("length(account) >= 64", name=op.f("ck_gep_account_account_of_64")),
        sa.CheckConstraint(
            "reviewed_by <> drafted_by", name=op.f("ck_gep_account_another_reviewer")
        ),
        sa.CheckConstraint(
            "approved_by = '' OR approved_by NOT IN (drafted_by, reviewed_by)",
            name=op.f("ck_gep_account_another_approver"),
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_gep_account")),
    )
    op.create_index("ix_gep_account_area", ACCOUNT, ["area", "year"])
    op.create_table(
        DOCUMENT,
        *(_text(name) for name in ("account", "plan", "document", "plan_document")),
        sa.PrimaryKeyConstraint("account", "plan", name=op.f("pk_gep_document")),
    )


def _make_register() -> None:
    op.create_table(
        "gep_counting",
        _text("area"),
        *(_number(name) for name in ("year", "price_year")),
        *(_text(name) for name in ("profile", "account")),
        _number("entry"),
        sa.PrimaryKeyConstraint(
            "area", "year", "price_year", "profile", name=op.f("pk_gep_counting")
        ),
    )
    op.create_table(
        "gep_citation",
        *(_text(name) for name in ("account", "party", "reference", "purpose", "cited_by")),
        *(_number(name) for name in ("entry", "at")),
        _text("seen"),
        _number("ended_in", optional=True),
        sa.PrimaryKeyConstraint("account", "party", "reference", name=op.f("pk_gep_citation")),
    )
    op.create_index("ix_gep_citation_party", "gep_citation", ["party", "account"])


def downgrade() -> None:
    """Take the change back."""
    for table in (*CHANGED, DOCUMENT):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
