"""Personal parts get a subject; rows for erasures, retention periods and disclosures.

A row of ``entry_personal`` that was written before has no subject and lies in clear, and nothing
reads it: a venue of that time is to be started anew (``./ecorights up --fresh``).

Revision: 0005, after 0004, 2026-11-21 11:10:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Where the rows wait that the earlier schema has no place for.
KEPT = "entry_personal_by_subject"
TABLES = ("disclosure", "disclosure_use", "erasure", "retention")
GRANTS = {
    "ecorights_writer": [f"GRANT SELECT, INSERT, UPDATE ON {', '.join(TABLES)}"],
    "ecorights_reader": [f"GRANT SELECT ON {', '.join(TABLES)}"],
    # What the eraser looks at to know its work, and what it may take away.
    "ecorights_eraser": [
        "GRANT SELECT ON erasure, actor, venue",
        "GRANT SELECT, DELETE ON quarantine",
    ],
}


def upgrade() -> None:
    """Make the change."""
    op.add_column(
        "entry_personal", sa.Column("subject", sa.Text(), nullable=False, server_default="")
    )
    op.drop_constraint(op.f("pk_entry_personal"), "entry_personal", type_="primary")
    op.create_primary_key(op.f("pk_entry_personal"), "entry_personal", ["index", "subject"])
    op.alter_column("entry_personal", "subject", server_default=None)
    op.create_index("ix_entry_personal_subject", "entry_personal", ["subject"])
    if op.get_bind().scalar(sa.text(f"SELECT to_regclass('{KEPT}') IS NOT NULL")):
        columns = '"index", key, body, subject'
        op.execute(f"INSERT INTO entry_personal ({columns}) SELECT {columns} FROM {KEPT}")  # noqa: S608
        op.execute(f"DROP TABLE {KEPT}")
    op.add_column("quarantine", sa.Column("actor", sa.Text(), nullable=False, server_default=""))
    _name_actors()
    op.create_table(
        "erasure",
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_erasure")),
    )
    op.create_table(
        "retention",
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("party", name=op.f("pk_retention")),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("entries", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index("ix_disclosure_party", "disclosure", ["party"])
    op.create_index("ix_disclosure_recipient", "disclosure", ["recipient"])
    op.create_table(
        "disclosure_use",
        sa.Column("entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("disclosure", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("target", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_disclosure_use")),
    )
    op.create_index("ix_disclosure_use_disclosure", "disclosure_use", ["disclosure"])
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_use "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    for role in op.get_bind().scalars(query, {"roles": list(GRANTS)}).all():
        for grant in GRANTS[role]:
            op.execute(f"{grant} TO {role}")


def _name_actors() -> None:
    """Write down whose commands were set aside, as the entries say."""
    query = sa.text(
        "SELECT convert_from(postings, 'UTF8')::json AS body FROM entry "
        'WHERE position(\'"kind":"quarantine"\'::bytea in postings) > 0 ORDER BY "index" DESC'
    )
    named = sa.text("UPDATE quarantine SET actor = :actor WHERE digest = :digest")
    connection = op.get_bind()
    for (body,) in connection.execute(query).all():
        values = {"actor": body["actor"], "digest": body["command"].get("digest", "")}
        connection.execute(named, values)


def downgrade() -> None:
    """Take the change back; encrypted rows wait beside, for the way up again."""
    for table in TABLES:
        op.execute(
            f"DO $$ BEGIN IF EXISTS (SELECT 1 FROM {table}) THEN RAISE EXCEPTION "  # noqa: S608
            f"'there are rows of {table}, which the earlier schema cannot hold'; END IF; END $$"
        )
    encrypted = "FROM entry_personal WHERE subject <> ''"
    if op.get_bind().scalar(sa.text(f"SELECT true {encrypted} LIMIT 1")):
        op.execute(f"CREATE TABLE {KEPT} AS SELECT * {encrypted}")
        op.execute(f"DELETE {encrypted}")
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("quarantine", "actor")
    op.drop_index("ix_entry_personal_subject", table_name="entry_personal")
    op.drop_constraint(op.f("pk_entry_personal"), "entry_personal", type_="primary")
    op.drop_column("entry_personal", "subject")
    op.create_primary_key(op.f("pk_entry_personal"), "entry_personal", ["index"])
