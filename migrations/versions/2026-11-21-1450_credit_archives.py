"""Rows of the archives: rule sets, departments, subjects, facts, and what happens to them later.

Revision: 0011, after 0010, 2026-11-21 14:50:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHANGED = (
    "credit_rule_set",
    "credit_department",
    "credit_term",
    "credit_subject",
    "credit_standing",
    "credit_objection",
)
APPENDED = ("credit_fact", "credit_event")
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change."""
    _make_decided()
    _make_facts()
    _make_later()
    for table in APPENDED:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    _grant()


def _make_decided() -> None:
    op.create_table(
        "credit_rule_set",
        _text("version"),
        _text("hash"),
        _text("decision"),
        _number("entry"),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_credit_rule_set")),
    )
    op.create_table(
        "credit_department",
        _text("party"),
        sa.Column("rules", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("decision"),
        _number("entry"),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_credit_department")),
    )
    op.create_table(
        "credit_term",
        _text("term"),
        _number("days"),
        _text("basis"),
        _number("entry"),
        sa.CheckConstraint("days > 0", name=op.f("ck_credit_term_days_positive")),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_credit_term")),
    )


def _make_facts() -> None:
    op.create_table(
        "credit_subject",
        _text("party"),
        _text("kind"),
        _text("code"),
        _text("division"),
        _text("region"),
        _number("entry"),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_credit_subject")),
    )
    op.create_table(
        "credit_fact",
        _text("source"),
        _text("reference"),
        _text("subject"),
        _text("rule"),
        _number("on"),
        _number("quantity"),
        _text("incident"),
        _text("evidence"),
        _text("file"),
        _text("actor"),
        _number("entry"),
        _number("at"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_credit_fact_quantity_positive")),
        sa.CheckConstraint("length(evidence) >= 64", name=op.f("ck_credit_fact_evidence_of_64")),
        sa.PrimaryKeyConstraint("source", "reference", name=op.f("pk_credit_fact")),
    )
    op.create_index("ix_credit_fact_subject", "credit_fact", ["subject", "entry"])


def _make_later() -> None:
    op.create_table(
        "credit_standing",
        _text("source"),
        _text("reference"),
        _number("repaired_on"),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        _number("objection", optional=True),
        sa.CheckConstraint(
            "NOT (revoked AND objection IS NOT NULL)",
            name=op.f("ck_credit_standing_revoked_is_not_disputed"),
        ),
        sa.PrimaryKeyConstraint("source", "reference", name=op.f("pk_credit_standing")),
    )
    op.create_table(
        "credit_event",
        _number("entry"),
        _number("number"),
        _number("at"),
        _text("subject"),
        _text("source"),
        _text("reference"),
        _text("event"),
        _number("on"),
        _number("objection", optional=True),
        _text("evidence"),
        _text("actor"),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_credit_event")),
    )
    op.create_index("ix_credit_event_subject", "credit_event", ["subject", "entry", "number"])
    op.create_table(
        "credit_objection",
        _number("id"),
        _text("subject"),
        _text("source"),
        _text("reference"),
        _text("ground"),
        _text("evidence"),
        _number("opened_at"),
        _number("due"),
        _text("state"),
        _number("decided_at", optional=True),
        _text("decided_by"),
        _text("answer"),
        _text("corrected_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_objection")),
    )
    op.create_index("ix_credit_objection_subject", "credit_objection", ["subject", "id"])
    op.create_index(
        "ix_credit_objection_open",
        "credit_objection",
        ["due", "id"],
        postgresql_where=sa.text("state = 'open'"),
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
