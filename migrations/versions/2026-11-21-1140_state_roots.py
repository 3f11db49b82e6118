"""Rows for state roots: what the holdings of each instrument add up to at a close.

Revision: 0006, after 0005, 2026-11-21 11:40:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBERS = ("phase", "as_of", "at")
FIGURES = ("leaves", "total", "issued", "ended")
GRANTS = {"ecorights_writer": "SELECT, INSERT", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "state_root",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in NUMBERS),
        sa.Column("instrument", sa.Text(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in FIGURES),
        sa.Column("root", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "number", name=op.f("pk_state_root")),
    )
    op.create_index("ix_state_root_instrument", "state_root", ["instrument", "entry"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON state_root "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON state_root TO {role}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_state_root_instrument", table_name="state_root")
    op.drop_table("state_root")
