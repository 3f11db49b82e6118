"""Rows of consents, their revocations, and the log of queries.

Revision: 0012, after 0011, 2026-11-21 15:10:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

CHANGED = ("credit_consent_line",)
APPENDED = ("credit_consent", "credit_consent_revocation", "credit_query")
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change."""
    _make_consents()
    _make_queries()
    for table in APPENDED:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    _grant()


def _make_consents() -> None:
    op.create_table(
        "credit_consent_line",
        _text("subject"),
        _text("grantee"),
        _text("purpose"),
        sa.Column("consents", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("begins", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("ends", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("revoked", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint(
            "subject", "grantee", "purpose", name=op.f("pk_credit_consent_line")
        ),
    )
    op.create_table(
        "credit_consent",
        _number("id"),
        _number("entry"),
        _number("at"),
        _text("subject"),
        _text("grantee"),
        _text("purpose"),
        sa.Column("scope", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("day_from"),
        _number("day_to"),
        _text("evidence"),
        _text("actor"),
        sa.CheckConstraint("day_from <= day_to", name=op.f("ck_credit_consent_days_in_order")),
        sa.CheckConstraint("length(evidence) >= 64", name=op.f("ck_credit_consent_evidence_of_64")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_consent")),
    )
    op.create_index("ix_credit_consent_subject", "credit_consent", ["subject", "id"])
    op.create_index("ix_credit_consent_grantee", "credit_consent", ["grantee", "id"])
    op.create_table(
        "credit_consent_revocation",
        _number("entry"),
        _number("number"),
        _number("at"),
        _number("consent"),
        _text("actor"),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_credit_consent_revocation")),
    )
    op.create_index(
        "ix_credit_consent_revocation_consent",
        "credit_consent_revocation",
        ["consent"],
        unique=True,
    )


def _make_queries() -> None:
    op.create_table(
        "credit_query",
        _number("id"),
        _number("entry"),
        _number("at"),
        _text("actor"),
        _text("bank"),
        _text("subject"),
        _text("purpose"),
        sa.Column("scope", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("consent", optional=True),
        _text("refusal"),
        _text("rule_set"),
        _text("rule_set_hash"),
        _number("as_of"),
        _number("known_at"),
        _text("answer_hash"),
        sa.CheckConstraint(
            "consent IS NOT NULL OR refusal <> ''", name=op.f("ck_credit_query_answered_or_refused")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_query")),
    )
    op.create_index("ix_credit_query_subject", "credit_query", ["subject", "id"])
    op.create_index("ix_credit_query_bank", "credit_query", ["bank", "id"])
    op.create_index(
        "ix_credit_query_answered",
        "credit_query",
        ["subject", "bank", "id"],
        postgresql_where=sa.text("consent IS NOT NULL"),
    )


def _grant() -> None:
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {', '.join(APPENDED)} TO {role}")


def downgrade() -> None:
    """Take the change back."""
    for table in (*APPENDED, *CHANGED):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
