"""What is known of tables whose rows are not resident: how many there are, and their digest.

Revision: 0010, after 0009, 2026-11-21 14:30:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "shelf",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint("rows > 0", name=op.f("ck_shelf_rows_positive")),
        sa.CheckConstraint("length(digest) >= 1024", name=op.f("ck_shelf_digest_of_512_bytes")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shelf")),
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON shelf TO {role}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("shelf")
