"""Runs and snapshots, append-only, and the tables in which workers stage the rows of a run.

Subjects get an index by registration, in which order runs cut them into shards.

Revision: 0020, after 0019, 2026-11-21 17:40:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RECORDED = ("credit_run", "credit_snapshot")
STAGED = (
    "credit_run_row",
    "credit_run_shard",
    "credit_run_sector",
    "credit_run_secret",
    "credit_run_change",
    "credit_run_mover",
)
APPENDED = {"ecorights_writer": "SELECT, INSERT", "ecorights_reader": "SELECT"}


def upgrade() -> None:
    """Make the change."""
    op.create_index("ix_credit_subject_entry", "credit_subject", ["entry", "party"])
    _make_recorded()
    _make_staged()
    for table in RECORDED:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for role in _roles():
        op.execute(f"GRANT {APPENDED[role]} ON {', '.join(RECORDED)} TO {role}")
        op.execute(f"GRANT SELECT ON {', '.join(STAGED)} TO {role}")


def _make_recorded() -> None:
    op.create_table(
        "credit_run",
        *(_number(name) for name in ("number", "entry", "at")),
        *(_text(name) for name in ("job", "purpose")),
        *(_number(name) for name in ("as_of", "known_at", "position", "subjects")),
        _text("scored"),
        sa.CheckConstraint("subjects > 0", name=op.f("ck_credit_run_subjects_positive")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credit_run")),
    )
    op.create_index("uq_credit_run_job", "credit_run", ["job"], unique=True)
    op.create_table(
        "credit_snapshot",
        *(_number(name) for name in ("number", "entry", "run")),
        _text("purpose"),
        *(_number(name) for name in ("valid_from", "valid_until")),
        _number("replaces", optional=True),
        _text("decision"),
        sa.CheckConstraint(
            "valid_from <= valid_until", name=op.f("ck_credit_snapshot_days_in_order")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_credit_snapshot")),
    )


def _make_staged() -> None:
    op.create_table(
        "credit_run_row",
        _job(),
        _small("scored"),
        _number("number"),
        *(_text(name) for name in ("party", "subject_kind", "division")),
        _number("credit_index"),
        _text("grade"),
        _number("value_milli"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("rated", "complete")),
        _text("reasons"),
        sa.PrimaryKeyConstraint("job", "scored", "number", name=op.f("pk_credit_run_row")),
    )
    op.create_index("ix_credit_run_row_party", "credit_run_row", ["party", "job"])
    op.create_table(
        "credit_run_shard",
        _job(),
        _number("shard"),
        _small("scored"),
        *(_number(name) for name in ("first", "rows")),
        *(_bytes(name) for name in ("root", "leaves")),
        sa.CheckConstraint("length(root) = 32", name=op.f("ck_credit_run_shard_root_of_32")),
        sa.CheckConstraint(
            'length(leaves) = 32 * "rows"', name=op.f("ck_credit_run_shard_leaf_of_32")
        ),
        sa.PrimaryKeyConstraint("job", "shard", "scored", name=op.f("pk_credit_run_shard")),
    )
    op.create_table(
        "credit_run_sector",
        _job(),
        _number("shard"),
        _text("division"),
        *(_number(name) for name in ("credit_index", "firms")),
        sa.CheckConstraint("firms > 0", name=op.f("ck_credit_run_sector_firms_positive")),
        sa.PrimaryKeyConstraint(
            "job", "shard", "division", "credit_index", name=op.f("pk_credit_run_sector")
        ),
    )
    op.create_table(
        "credit_run_secret",
        _job(),
        _bytes("secret"),
        sa.CheckConstraint("length(secret) = 32", name=op.f("ck_credit_run_secret_secret_of_32")),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_credit_run_secret")),
    )
    op.create_table(
        "credit_run_change",
        _job(),
        *(_text(name) for name in ("against", "before", "after")),
        _number("subjects"),
        sa.PrimaryKeyConstraint(
            "job", "against", "before", "after", name=op.f("pk_credit_run_change")
        ),
    )
    op.create_table(
        "credit_run_mover",
        _job(),
        _number("place"),
        _text("party"),
        *(_number(name) for name in ("index_before", "index_after")),
        *(_text(name) for name in ("grade_before", "grade_after")),
        sa.PrimaryKeyConstraint("job", "place", name=op.f("pk_credit_run_mover")),
    )


def downgrade() -> None:
    """Take the change back; the rows of runs are lost, their entries are not."""
    for table in (*reversed(STAGED), *reversed(RECORDED)):
        op.drop_table(table)
    op.drop_index("ix_credit_subject_entry", "credit_subject")


def _roles() -> list[str]:
    """Return those of the roles that this server has."""
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY(:roles)")
    return list(op.get_bind().scalars(query, {"roles": list(APPENDED)}).all())


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _small(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), autoincrement=False, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _job() -> sa.Column[object]:
    return sa.Column("job", sa.Uuid(), nullable=False)
