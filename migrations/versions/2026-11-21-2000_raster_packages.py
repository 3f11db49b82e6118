"""Packages of rasters that were handed in, and where and why a job was refused.

Revision: 0023, after 0022, 2026-11-21 20:00:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PACKAGE = "raster_package"
FACTS = ("fault_field", "fault_expected", "fault_found")


def upgrade() -> None:
    """Make the change."""
    for name in FACTS:
        op.add_column("job", sa.Column(name, sa.Text(), nullable=True))
    op.create_table(
        PACKAGE,
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("party", "digest", "job")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("bytes", "at")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_raster_package_digest_of_64")),
        sa.PrimaryKeyConstraint("party", "digest", name=op.f("pk_raster_package")),
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = 'ecorights_reader'")
    for role in op.get_bind().scalars(query).all():
        op.execute(f"GRANT SELECT ON {PACKAGE} TO {role}")


def downgrade() -> None:
    """Undo the change."""
    op.drop_table(PACKAGE)
    for name in FACTS:
        op.drop_column("job", name)
