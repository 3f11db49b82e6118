"""Rows of the supervision: origins of facts, decisions that were served, closed years, reports.

Revision: 0018, after 0017, 2026-11-21 17:20:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

CHANGED = (
    "fact_origin",
    "authority_decision",
    "report_result",
    "closed_year",
    "settled_obligation",
    "short_obligation",
)
GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    _make_decisions()
    _make_reports()
    _make_years()
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON {', '.join(CHANGED)} TO {role}")


def _make_decisions() -> None:
    op.create_table(
        "fact_origin",
        _text("origin"),
        _text("department"),
        sa.Column("rules", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("threshold_ppm"),
        _text("basis"),
        _number("entry"),
        sa.CheckConstraint(
            "threshold_ppm >= 0", name=op.f("ck_fact_origin_threshold_not_negative")
        ),
        sa.PrimaryKeyConstraint("origin", "department", name=op.f("pk_fact_origin")),
    )
    op.create_table(
        "authority_decision",
        _text("authority"),
        _text("case_number"),
        _number("number"),
        _text("rule"),
        sa.Column("subjects", postgresql.ARRAY(sa.Text()), nullable=False),
        _number("served_on"),
        _text("document"),
        _number("fine", optional=True),
        _text("incident"),
        _text("actor"),
        _text("checker"),
        _number("entry"),
        _number("at"),
        _number("annulled_in", optional=True),
        _text("annulled_ground"),
        _text("annulled_by"),
        sa.CheckConstraint("fine > 0", name=op.f("ck_authority_decision_fine_positive")),
        sa.CheckConstraint("checker <> actor", name=op.f("ck_authority_decision_two_persons")),
        sa.CheckConstraint(
            "length(document) >= 64", name=op.f("ck_authority_decision_document_of_64")
        ),
        sa.PrimaryKeyConstraint("authority", "case_number", name=op.f("pk_authority_decision")),
        sa.UniqueConstraint("number", name=op.f("uq_authority_decision_number")),
    )
    op.create_index(
        "ix_authority_decision_subjects",
        "authority_decision",
        ["subjects"],
        postgresql_using="gin",
    )


def _make_reports() -> None:
    op.create_table(
        "report_result",
        _text("report"),
        _number("year"),
        _text("party"),
        _number("due_on"),
        _number("filed_on", optional=True),
        _text("outcome"),
        _number("quantity", optional=True),
        _number("value_added", optional=True),
        _text("level"),
        _number("facts"),
        _text("evidence"),
        _text("actor"),
        _number("entry"),
        sa.CheckConstraint("facts >= 0", name=op.f("ck_report_result_facts_not_negative")),
        sa.CheckConstraint("length(evidence) >= 64", name=op.f("ck_report_result_evidence_of_64")),
        sa.PrimaryKeyConstraint("report", "year", "party", name=op.f("pk_report_result")),
    )
    op.create_index("ix_report_result_party", "report_result", ["party", "report", "year"])


def _make_years() -> None:
    op.create_table(
        "closed_year",
        _text("right"),
        _number("year"),
        _number("entry"),
        _number("on"),
        _number("phase"),
        _number("settled"),
        _number("recorded"),
        _number("passed_over"),
        sa.CheckConstraint(
            "recorded + passed_over <= settled", name=op.f("ck_closed_year_none_twice")
        ),
        sa.PrimaryKeyConstraint("right", "year", name=op.f("pk_closed_year")),
    )
    op.create_table(
        "settled_obligation",
        _text("right"),
        _number("year"),
        _number("number"),
        _text("party"),
        _number("entry"),
        _number("recorded_in", optional=True),
        sa.PrimaryKeyConstraint("right", "year", "number", name=op.f("pk_settled_obligation")),
        sa.UniqueConstraint(
            "party", "right", "year", name=op.f("uq_settled_obligation_party_right_year")
        ),
    )
    op.create_table(
        "short_obligation",
        _text("right"),
        _number("year"),
        _text("party"),
        _number("entry"),
        sa.PrimaryKeyConstraint("right", "year", "party", name=op.f("pk_short_obligation")),
    )
    op.create_index(
        "ix_settled_obligation_waiting",
        "settled_obligation",
        ["right", "year"],
        postgresql_where=sa.text("recorded_in IS NULL"),
    )


def downgrade() -> None:
    """Take the change back."""
    for table in CHANGED:
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
