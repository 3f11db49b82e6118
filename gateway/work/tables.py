"""The tables of jobs: operational rows, in no entry, which whole venues can do without."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy import text as sql

from kernel.db.base import metadata
from ledger.tables import OPERATIONAL, number, text

IS_OPEN = "state IN ('queued', 'running')"

job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    text("kind"),
    text("owner"),
    text("key"),
    text("parameters"),
    text("state"),
    number("shards_done"),
    number("shards_total"),
    number("at_once"),
    number("attempts_max"),
    text("plan"),
    text("value", optional=True),
    text("file", optional=True),
    text("media_type", optional=True),
    number("size", optional=True),
    text("sha256", optional=True),
    text("fault", optional=True),
    text("fault_message", optional=True),
    text("fault_field", optional=True),
    text("fault_expected", optional=True),
    text("fault_found", optional=True),
    number("created_at"),
    number("started_at", optional=True),
    number("finished_at", optional=True),
    number("expires_at", optional=True),
    number("woken_at"),
    UniqueConstraint("owner", "key"),
    CheckConstraint(
        "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"
    ),
    CheckConstraint("shards_done >= 0 AND shards_done <= shards_total", name="done_in_total"),
    Index("ix_job_open", "woken_at", postgresql_where=sql(IS_OPEN)),
    Index("ix_job_owner", "owner", "id"),
    info=OPERATIONAL,
)
job_step = Table(
    "job_step",
    metadata,
    Column("job", Uuid, primary_key=True),
    number("number", key=True),
    text("state"),
    number("attempts"),
    text("worker"),
    number("leased_until"),
    number("not_before"),
    text("shard"),
    text("result"),
    ForeignKeyConstraint(["job"], ["job.id"], ondelete="CASCADE"),
    CheckConstraint("state IN ('waiting', 'running', 'done')", name="state_known"),
    Index(
        "ix_job_step_undone",
        "job",
        "number",
        postgresql_where=sql("state <> 'done'"),
    ),
    Index("ix_job_step_worker", "worker", postgresql_where=sql("state = 'running'")),
    info=OPERATIONAL,
)
job_worker = Table(
    "job_worker",
    metadata,
    text("name", key=True),
    number("processes"),
    text("queue"),
    text("trouble"),
    number("beat_at"),
    info=OPERATIONAL,
)
raster_package = Table(
    "raster_package",
    metadata,
    text("party", key=True),
    text("digest", key=True),
    text("job"),
    number("bytes"),
    number("at"),
    CheckConstraint("length(digest) = 64", name="digest_of_64"),
    info=OPERATIONAL,
)
