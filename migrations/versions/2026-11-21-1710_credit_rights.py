"""Reviews, overdue answers, notices, lists, periods in months, and facts that are erased.

Revision: 0017, after 0016, 2026-11-21 17:10:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FACT = "credit_fact"
CHANGED = (
    "credit_months",
    "credit_review",
    "credit_overdue",
    "credit_notice",
    "credit_list",
    "credit_listing",
)
APPENDED = ("credit_erasure",)
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}


def upgrade() -> None:
    """Make the change."""
    _make_clocks()
    _make_notices()
    _make_lists()
    _make_erasures()
    roles = _roles()
    for role in roles:
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {', '.join(APPENDED)} TO {role}")
    if "ecorights_writer" in roles:
        op.execute(f"GRANT UPDATE ON {FACT} TO ecorights_writer")


def _make_clocks() -> None:
    op.create_table(
        "credit_months",
        _text("term"),
        _number("months"),
        _text("basis"),
        _number("entry"),
        sa.CheckConstraint("months >= 0", name=op.f("ck_credit_months_months_not_negative")),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_credit_months")),
    )
    op.create_table(
        "credit_review",
        _number("id"),
        _text("subject"),
        _number("as_of"),
        _text("rule_set"),
        _number("query", optional=True),
        _text("evidence"),
        _text("actor"),
        _number("requested_at"),
        _number("due"),
        _text("state"),
        _number("answered_at", optional=True),
        _text("reviewer"),
        _text("outcome"),
        sa.Column("facts", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("adopted"),
        _text("answer"),
        sa.CheckConstraint("length(evidence) >= 64", name=op.f("ck_credit_review_evidence_of_64")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_review")),
    )
    op.create_index("ix_credit_review_subject", "credit_review", ["subject", "id"])
    op.create_index(
        "ix_credit_review_open",
        "credit_review",
        ["due", "id"],
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "credit_overdue",
        _text("clock"),
        _number("number"),
        _text("subject"),
        _number("due"),
        _number("entry"),
        _number("at"),
        _text("actor"),
        sa.PrimaryKeyConstraint("clock", "number", name=op.f("pk_credit_overdue")),
    )


def _make_notices() -> None:
    op.create_table(
        "credit_notice",
        _text("recipient"),
        _text("source"),
        _text("reference"),
        _text("correction"),
        _text("subject"),
        _number("query"),
        _text("parts"),
        _text("grade_before"),
        _number("index_before", optional=True),
        _text("grade_after"),
        _number("index_after", optional=True),
        _number("entry"),
        _number("raised_at"),
        _number("acknowledged_at", optional=True),
        _text("acknowledged_by"),
        sa.PrimaryKeyConstraint(
            "recipient", "source", "reference", "correction", name=op.f("pk_credit_notice")
        ),
    )
    op.create_index("ix_credit_notice_subject", "credit_notice", ["subject", "entry"])
    op.create_index("ix_credit_notice_entry", "credit_notice", ["entry"])


def _make_lists() -> None:
    op.create_table(
        "credit_list",
        _text("list_name"),
        _text("sign"),
        _text("subject_kind"),
        sa.Column("rules", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("months"),
        sa.Column("published", sa.Boolean(), nullable=False),
        _text("basis"),
        _text("decision"),
        _number("entry"),
        sa.CheckConstraint("months > 0", name=op.f("ck_credit_list_months_positive")),
        sa.PrimaryKeyConstraint("list_name", name=op.f("pk_credit_list")),
    )
    op.create_table(
        "credit_listing",
        _number("id"),
        _text("list_name"),
        _text("subject"),
        _number("day_from"),
        _number("day_to"),
        _text("source"),
        _text("reference"),
        _text("decision"),
        _text("evidence"),
        _text("actor"),
        _number("entry"),
        _number("left_on", optional=True),
        _text("reason"),
        _text("left_by"),
        _text("left_decision"),
        _text("left_evidence"),
        sa.CheckConstraint("length(evidence) >= 64", name=op.f("ck_credit_listing_evidence_of_64")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_listing")),
    )
    op.create_index("ix_credit_listing_list", "credit_listing", ["list_name", "id"])
    op.create_index("ix_credit_listing_subject", "credit_listing", ["subject", "id"])


def _make_erasures() -> None:
    """Make the rows of erasures, and let a fact lose its content, once and in no other way."""
    op.create_table(
        "credit_erasure",
        _number("entry"),
        _number("number"),
        _number("at"),
        _text("subject"),
        _text("source"),
        _text("reference"),
        _number("recorded_at"),
        _text("actor"),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_credit_erasure")),
    )
    op.create_index("ix_credit_erasure_subject", "credit_erasure", ["subject", "entry"])
    op.execute(_append_only("credit_erasure", "UPDATE OR DELETE OR TRUNCATE"))
    op.create_index("ix_credit_fact_on", FACT, ["on", "source", "reference"])
    op.execute(f"DROP TRIGGER append_only ON {FACT}")
    op.execute(_append_only(FACT, "DELETE OR TRUNCATE"))
    op.execute(
        f"CREATE TRIGGER erased_only BEFORE UPDATE ON {FACT} FOR EACH ROW WHEN (NOT ("
        "OLD.rule <> '' AND NEW.evidence = repeat('0', 64) "
        "AND (NEW.rule, NEW.incident, NEW.file, NEW.actor) = ('', '', '', '') AND NEW.\"on\" = 0 "
        "AND (NEW.source, NEW.reference, NEW.subject, NEW.entry, NEW.at) "
        "= (OLD.source, OLD.reference, OLD.subject, OLD.entry, OLD.at))) "
        "EXECUTE FUNCTION refuse_change()"
    )


def _append_only(table: str, changes: str) -> str:
    return (
        f"CREATE TRIGGER append_only BEFORE {changes} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take the change back; what was erased stays erased."""
    op.execute(f"DROP TRIGGER erased_only ON {FACT}")
    op.execute(f"DROP TRIGGER append_only ON {FACT}")
    op.execute(_append_only(FACT, "UPDATE OR DELETE OR TRUNCATE"))
    op.drop_index("ix_credit_fact_on", FACT)
    if "ecorights_writer" in _roles():
        op.execute(f"REVOKE UPDATE ON {FACT} FROM ecorights_writer")
    for table in (*APPENDED, *CHANGED):
        op.drop_table(table)


def _roles() -> list[str]:
    """Return those of the roles that this server has."""
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    return list(op.get_bind().scalars(query, {"roles": list(GRANTS)}).all())


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
