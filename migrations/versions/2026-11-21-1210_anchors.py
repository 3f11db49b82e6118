"""Anchors of checkpoints: what was anchored where, and how far it is.

What an anchor is of never changes, attempts only grow, and so do states: only a chain that lost a
confirmed anchor opens it again, with a further attempt. A time stamp that is there never changes.

Revision: 0008, after 0007, 2026-11-21 11:15:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GRANTS = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}
REFUSE = """
CREATE FUNCTION refuse_other_anchor() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF (NEW.kind, NEW.origin, NEW.size, NEW.root, NEW.note, NEW.note_hash, NEW.planned_at)
   IS DISTINCT FROM
   (OLD.kind, OLD.origin, OLD.size, OLD.root, OLD.note, OLD.note_hash, OLD.planned_at) THEN
    RAISE EXCEPTION 'an anchor keeps what it is of' USING ERRCODE = '42501';
END IF;
IF NEW.attempts < OLD.attempts OR (OLD.token IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'an anchor only grows' USING ERRCODE = '42501';
END IF;
IF NEW.state <> OLD.state AND NOT (
    (OLD.state = 'pending' AND NEW.state IN ('submitted', 'failed'))
    OR (OLD.state = 'submitted' AND NEW.state IN ('confirmed', 'failed'))
    OR (OLD.state = 'confirmed' AND NEW.state = 'submitted' AND NEW.attempts > OLD.attempts)
) THEN
    RAISE EXCEPTION 'an anchor does not go from % to %', OLD.state, NEW.state
        USING ERRCODE = '42501';
END IF;
RETURN NEW; END $$
"""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "anchor",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("note_hash", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("stated_at", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.CheckConstraint("kind IN ('chain', 'timestamp')", name=op.f("ck_anchor_kind_known")),
        sa.CheckConstraint(
            "state IN ('pending', 'submitted', 'confirmed', 'failed')",
            name=op.f("ck_anchor_state_known"),
        ),
        sa.CheckConstraint(
            "length(root) = 32 AND length(note_hash) = 32", name=op.f("ck_anchor_hashes_fit")
        ),
        sa.PrimaryKeyConstraint("kind", "origin", "size", name=op.f("pk_anchor")),
    )
    op.create_index("ix_anchor_size_kind", "anchor", ["size", "kind"])
    op.execute(REFUSE)
    op.execute(
        "CREATE TRIGGER only_grows BEFORE UPDATE ON anchor "
        "FOR EACH ROW EXECUTE FUNCTION refuse_other_anchor()"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON anchor "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        op.execute(f"GRANT {GRANTS[role]} ON anchor TO {role}")


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("anchor")
    op.execute("DROP FUNCTION refuse_other_anchor()")
