"""Rows of jobs, their steps and their workers: operational, in no entry.

Revision: 0010, after 0009, 2026-11-21 14:30:00+00:00.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("job", "job_step", "job_worker")


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("kind", "owner", "key", "parameters", "state")),
        *(_number(name) for name in ("shards_done", "shards_total", "at_once", "attempts_max")),
        _text("plan"),
        *(_text(name, optional=True) for name in ("value", "file", "media_type")),
        _number("size", optional=True),
        *(_text(name, optional=True) for name in ("sha256", "fault", "fault_message")),
        _number("created_at"),
        *(_number(name, optional=True) for name in ("started_at", "finished_at", "expires_at")),
        _number("woken_at"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_job_state_known"),
        ),
        sa.CheckConstraint(
            "shards_done >= 0 AND shards_done <= shards_total", name=op.f("ck_job_done_in_total")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("owner", "key", name=op.f("uq_job_owner_key")),
    )
    op.create_index(
        "ix_job_open",
        "job",
        ["woken_at"],
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index("ix_job_owner", "job", ["owner", "id"])
    _make_steps()
    op.create_table(
        "job_worker",
        _text("name"),
        _number("processes"),
        _text("queue"),
        _text("trouble"),
        _number("beat_at"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_worker")),
    )
    query = sa.text("SELECT rolname FROM pg_roles WHERE rolname = 'ecorights_reader'")
    for role in op.get_bind().scalars(query).all():
        op.execute(f"GRANT SELECT ON {', '.join(TABLES)} TO {role}")


def _make_steps() -> None:
    op.create_table(
        "job_step",
        sa.Column("job", sa.Uuid(), nullable=False),
        _number("number"),
        _text("state"),
        _number("attempts"),
        _text("worker"),
        _number("leased_until"),
        _number("not_before"),
        _text("shard"),
        _text("result"),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done')", name=op.f("ck_job_step_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["job"], ["job.id"], name=op.f("fk_job_step_job_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job", "number", name=op.f("pk_job_step")),
    )
    op.create_index(
        "ix_job_step_undone",
        "job_step",
        ["job", "number"],
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_index(
        "ix_job_step_worker",
        "job_step",
        ["worker"],
        postgresql_where=sa.text("state = 'running'"),
    )


def downgrade() -> None:
    """Take the change back; jobs are lost, and no entry is."""
    for table in ("job_worker", "job_step", "job"):
        op.drop_table(table)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=optional)


def _text(name: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=optional)
