"""Rows of credentials and of who issues them.

Revision: 0010, after 0009, 2026-11-21 15:00:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("credential", "credential_issuer")
GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "credential_issuer",
        _number("number"),
        _text("issuer"),
        _text("base"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credential_issuer")),
    )
    op.create_table(
        "credential",
        _text("id"),
        _number("entry"),
        _text("issuer"),
        _text("base"),
        _number("list"),
        _number("place"),
        _text("subject"),
        _text("subject_kind"),
        _text("grade"),
        _text("colour"),
        _number("as_of"),
        _text("rule_set_version"),
        _text("rule_set_hash"),
        _text("records_hash"),
        _number("score_entry", optional=True),
        _number("valid_from"),
        _number("valid_until"),
        sa.Column("suspendable", sa.Boolean(), nullable=False),
        _number("revoked_at", optional=True),
        _text("reason"),
        _number("suspended_at", optional=True),
        sa.CheckConstraint(
            "place >= 0 AND place < 131072", name=op.f("ck_credential_place_in_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    op.create_index("uq_credential_list_place", "credential", ["list", "place"], unique=True)
    op.create_index("ix_credential_entry", "credential", ["entry"])
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON {', '.join(TABLES)} TO {role}")


def downgrade() -> None:
    """Take the change back."""
    for table in TABLES:
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
