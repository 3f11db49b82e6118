"""Valuations of projects with their documents, and which counts of a project.

Revision: 0025, after 0022, 2026-11-21 20:30:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

VALUATION, DOCUMENT, COUNTING = (
    "gep_valuation",
    "gep_valuation_document",
    "gep_valuation_counting",
)
CHANGED = (VALUATION, COUNTING)
GRANTS = {
    "ecorights_writer": ("SELECT, INSERT, UPDATE", "SELECT, INSERT"),
    "ecorights_reader": ("SELECT", "SELECT"),
}
CHECKS = {
    "valuation_of_64": "length(valuation) >= 64",
    "within_the_right": "years BETWEEN 1 AND right_years",
    "other_reviewers": "drafted_by NOT IN (reviewed_by, second_reviewed_by)",
    "second_reviewer": "second_reviewed_by = '' OR second_reviewed_by <> reviewed_by",
    "another_approver": "approved_by = ''"
    " OR approved_by NOT IN (drafted_by, reviewed_by, second_reviewed_by)",
}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        VALUATION,
        *(_text(name) for name in ("valuation", "project", "id", "name", "area", "valued_on")),
        *(_number(name) for name in ("years", "right_years", "gain", "market")),
        _number("market_p10", optional=True),
        *(_text(name) for name in ("account_with", "account_without", "supersedes")),
        *(_text(name) for name in ("drafted_by", "drafted_for")),
        _number("entry"),
        *(_text(name) for name in ("status", "reviewed_by", "reviewed_for", "note")),
        _number("reviewed_in", optional=True),
        *(_text(name) for name in ("second_reviewed_by", "second_note")),
        _number("second_reviewed_in", optional=True),
        *(_text(name) for name in ("approved_by", "decision")),
        *(_number(name, optional=True) for name in ("approved_in", "published_in")),
        _text("superseded_by"),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_gep_valuation_{name}"))
            for name, condition in CHECKS.items()
        ),
        sa.PrimaryKeyConstraint("valuation", name=op.f("pk_gep_valuation")),
    )
    op.create_index("ix_gep_valuation_id", VALUATION, ["id"])
    op.create_table(
        DOCUMENT,
        *(_text(name) for name in ("valuation", "project", "document", "project_document")),
        sa.PrimaryKeyConstraint("valuation", "project", name=op.f("pk_gep_valuation_document")),
    )
    op.create_table(
        COUNTING,
        *(_text(name) for name in ("id", "valuation")),
        _number("entry"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gep_valuation_counting")),
    )
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {DOCUMENT} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        changed, appended = GRANTS[role]
        op.execute(f"GRANT {changed} ON {', '.join(CHANGED)} TO {role}")
        op.execute(f"GRANT {appended} ON {DOCUMENT} TO {role}")


def downgrade() -> None:
    """Take the change back."""
    for table in (*CHANGED, DOCUMENT):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
