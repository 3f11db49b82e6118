"""Adopted rule sets with their whole document, append-only, and challengers beside them.

A set that was adopted by its name alone has no document: where a venue has adopted one so, this
migration stops at the columns that cannot be empty.

Revision: 0016, after 0015, 2026-11-21 15:50:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ADOPTED = "credit_rule_set"
CHALLENGER = "credit_challenger"
GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.add_column(ADOPTED, _number("effective_from"))
    op.add_column(ADOPTED, _text("document"))
    op.create_check_constraint(op.f("ck_credit_rule_set_hash_of_64"), ADOPTED, "length(hash) >= 64")
    op.create_unique_constraint(
        op.f("uq_credit_rule_set_effective_from"), ADOPTED, ["effective_from"]
    )
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {ADOPTED} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        CHALLENGER,
        _number("entry"),
        _text("version"),
        _text("hash"),
        _text("decision"),
        _text("document"),
        sa.Column("dropped_in", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.CheckConstraint("length(hash) >= 64", name=op.f("ck_credit_challenger_hash_of_64")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_credit_challenger")),
    )
    for role in _roles():
        op.execute(f"GRANT {GRANTS[role]} ON {CHALLENGER} TO {role}")
        op.execute(f"REVOKE UPDATE ON {ADOPTED} FROM {role}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table(CHALLENGER)
    op.execute(f"DROP TRIGGER append_only ON {ADOPTED}")
    op.drop_constraint(op.f("uq_credit_rule_set_effective_from"), ADOPTED)
    op.drop_constraint(op.f("ck_credit_rule_set_hash_of_64"), ADOPTED)
    op.drop_column(ADOPTED, "document")
    op.drop_column(ADOPTED, "effective_from")
    if "ecorights_writer" in _roles():
        op.execute(f"GRANT UPDATE ON {ADOPTED} TO ecorights_writer")


def _roles() -> list[str]:
    """Return those of the roles that this server has."""
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    return list(op.get_bind().scalars(query, {"roles": list(GRANTS)}).all())


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
