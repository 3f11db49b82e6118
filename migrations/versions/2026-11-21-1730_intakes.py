"""Signed batches, intakes of large files, the view of facts that count, adopted consequences.

Revision: 0019, after 0018, 2026-11-21 17:30:00+00:00.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BATCH = "credit_signed_batch"
CONSEQUENCES = "credit_consequence_table"
APPENDED = (BATCH, CONSEQUENCES)
CHANGED = ("credit_department_key", "credit_intake")
VIEW = "credit_known_fact"
UPLOAD = "credit_upload"
KNOWN = """
CREATE VIEW credit_known_fact AS
SELECT f.source, f.reference, f.subject, f.rule, f."on", f.quantity, f.incident, f.evidence,
       coalesce(i.file, f.file) AS file, f.actor,
       coalesce(i.closed_in, f.entry) AS entry, coalesce(i.closed_at, f.at) AS at
FROM credit_fact f LEFT JOIN credit_intake i ON i.manifest = f.file
WHERE i.id IS NULL OR i.state = 'adopted'
"""


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "credit_department_key",
        *(_text(name) for name in ("department", "key_id", "public_key", "decision")),
        _number("entry"),
        _number("retired_in", optional=True),
        sa.CheckConstraint(
            "length(public_key) >= 64", name=op.f("ck_credit_department_key_public_key_of_64")
        ),
        sa.PrimaryKeyConstraint("department", "key_id", name=op.f("pk_credit_department_key")),
        sa.UniqueConstraint("public_key", name=op.f("uq_credit_department_key_public_key")),
    )
    op.create_table(
        BATCH,
        _text("source"),
        _number("batch"),
        *(_text(name) for name in ("key_id", "signature", "digest")),
        _number("facts"),
        _text("actor"),
        _number("entry"),
        _number("at"),
        sa.CheckConstraint(
            "length(signature) >= 128", name=op.f("ck_credit_signed_batch_signature_of_128")
        ),
        sa.PrimaryKeyConstraint("source", "batch", name=op.f("pk_credit_signed_batch")),
    )
    _make_intakes()
    _make_consequences()
    for table in APPENDED:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(KNOWN)
    _grant()


def _make_intakes() -> None:
    op.create_table(
        "credit_intake",
        _number("id"),
        *(_text(name) for name in ("source", "file")),
        _number("lines"),
        sa.Column("chunks", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("manifest"),
        _number("recorded"),
        _text("state"),
        _number("opened_in"),
        _number("closed_in", optional=True),
        _number("closed_at", optional=True),
        sa.CheckConstraint("recorded >= 0", name=op.f("ck_credit_intake_recorded_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_intake")),
        sa.UniqueConstraint("manifest", name=op.f("uq_credit_intake_manifest")),
    )
    op.create_table(
        UPLOAD,
        *(_text(name) for name in ("source", "digest", "media_type")),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "digest", name=op.f("pk_credit_upload")),
    )


def _make_consequences() -> None:
    op.create_table(
        CONSEQUENCES,
        *(_text(name) for name in ("version", "hash", "decision")),
        _number("entry"),
        _number("effective_from"),
        *(_text(name) for name in ("rule_set", "document")),
        sa.CheckConstraint(
            "length(hash) >= 64", name=op.f("ck_credit_consequence_table_hash_of_64")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_credit_consequence_table")),
        sa.UniqueConstraint(
            "effective_from", name=op.f("uq_credit_consequence_table_effective_from")
        ),
    )


def _grant() -> None:
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    roles = {"ecorights_writer": "SELECT, INSERT, UPDATE", "ecorights_reader": "SELECT"}
    for role in op.get_bind().scalars(query, {"roles": list(roles)}).all():
        op.execute(f"GRANT {roles[role]} ON {', '.join(CHANGED)} TO {role}")
        appends = roles[role].removesuffix(", UPDATE")
        op.execute(f"GRANT {appends} ON {', '.join(APPENDED)} TO {role}")
        op.execute(f"GRANT SELECT ON {VIEW} TO {role}")


def downgrade() -> None:
    """Take the change back."""
    op.execute(f"DROP VIEW {VIEW}")
    for table in (UPLOAD, *CHANGED, *APPENDED):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)
