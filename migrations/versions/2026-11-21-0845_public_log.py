"""Rows of the public log: hash tiles and the checkpoints that were published.

A tile only grows, and a full one never changes; a checkpoint's note may gain signatures, its tree
never changes. The triggers hold that against everybody but a superuser.

Revision: 0004, after 0003, 2026-11-21 08:45:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("tile", "checkpoint")
GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "tile",
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(hashes) BETWEEN 32 AND 8192", name=op.f("ck_tile_hashes_fit")),
        sa.PrimaryKeyConstraint("level", "number", name=op.f("pk_tile")),
    )
    # Hashes do not compress.
    op.execute("ALTER TABLE tile ALTER COLUMN hashes SET STORAGE EXTERNAL")
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.execute(
        "CREATE FUNCTION refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes THEN "
        "RAISE EXCEPTION 'a tile only grows' USING ERRCODE = '42501'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER only_grows BEFORE UPDATE ON tile "
        "FOR EACH ROW EXECUTE FUNCTION refuse_shrinking()"
    )
    op.execute(
        "CREATE FUNCTION refuse_other_tree() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF (NEW.size, NEW.root) IS DISTINCT FROM (OLD.size, OLD.root) THEN "
        "RAISE EXCEPTION 'a checkpoint keeps its tree' USING ERRCODE = '42501'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER same_tree BEFORE UPDATE ON checkpoint "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_tree()"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON {', '.join(TABLES)} TO {role}")


def downgrade() -> None:
    """Take the change back."""
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_shrinking()")
    op.execute("DROP FUNCTION refuse_other_tree()")
