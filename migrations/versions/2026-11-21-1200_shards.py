"""Shards: logs that follow each other, each with tiles and checkpoints of its own.

Revision: 0007, after 0006, 2026-11-21 12:00:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEYS = {"tile": ["level", "number"], "checkpoint": ["size"]}
GRANTS = {
    "ecorights_writer": "SELECT, INSERT, UPDATE",
    "ecorights_reader": "SELECT",
    "ecorights_eraser": "SELECT",
}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "shard",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("old_origin", sa.Text(), nullable=False),
        sa.Column("old_size", sa.BigInteger(), nullable=False),
        sa.Column("old_root", sa.Text(), nullable=False),
        sa.Column("lost_from", sa.BigInteger(), nullable=True),
        sa.Column("lost_to", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shard")),
    )
    for table, keys in KEYS.items():
        # What there is belongs to the first log.
        op.add_column(
            table, sa.Column("shard", sa.BigInteger(), server_default="0", nullable=False)
        )
        op.alter_column(table, "shard", server_default=None)
        op.drop_constraint(op.f(f"pk_{table}"), table, type_="primary")
        op.create_primary_key(op.f(f"pk_{table}"), table, [*keys, "shard"])
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON shard TO {role}")


def downgrade() -> None:
    """Take the change back."""
    for table, keys in KEYS.items():
        op.drop_constraint(op.f(f"pk_{table}"), table, type_="primary")
        op.create_primary_key(op.f(f"pk_{table}"), table, keys)
        op.drop_column(table, "shard")
    op.drop_table("shard")
