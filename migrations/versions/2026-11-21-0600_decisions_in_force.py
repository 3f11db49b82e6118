"""Rows for what was decided: the terms that each entry put in force.

A venue that was opened before has its decisions in its entries only; its rows begin here.

Revision: 0003, after 0002, 2026-11-21 06:00:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GRANTS = {"ecorights_writer": "SELECT, INSERT", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "decision",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_subject", "decision", ["kind", "subject", "entry"], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON decision TO {role}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_decision_subject", table_name="decision")
    op.drop_table("decision")
