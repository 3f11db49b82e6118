"""The tables of runs. A row's columns stand in the order of its class's ``row()``.

``credit_run`` and ``credit_snapshot`` are append-only as ``movement`` is. The others hold what
workers stage under a job's id: no entry determines them, but the entry that records the run commits
to the root of the rows, and rows of a job without such an entry are nobody's.
"""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, SmallInteger, Table, Uuid

from kernel.db.base import metadata
from ledger.tables import OPERATIONAL, flag, number, text

credit_run = Table(
    "credit_run",
    metadata,
    number("number", key=True),
    number("entry"),
    number("at"),
    text("job"),
    text("purpose"),
    number("as_of"),
    number("known_at"),
    number("position"),
    number("subjects"),
    text("scored"),
    CheckConstraint("subjects > 0", name="subjects_positive"),
    Index("uq_credit_run_job", "job", unique=True),
)
credit_snapshot = Table(
    "credit_snapshot",
    metadata,
    number("number", key=True),
    number("entry"),
    number("run"),
    text("purpose"),
    number("valid_from"),
    number("valid_until"),
    number("replaces", optional=True),
    text("decision"),
    CheckConstraint("valid_from <= valid_until", name="days_in_order"),
)


def _job() -> Column[object]:
    return Column("job", Uuid, primary_key=True, nullable=False)


def _small(name: str) -> Column[int]:
    return Column(name, SmallInteger, primary_key=True, nullable=False, autoincrement=False)


credit_run_row = Table(
    "credit_run_row",
    metadata,
    _job(),
    _small("scored"),
    number("number", key=True),
    text("party"),
    text("subject_kind"),
    text("division"),
    number("credit_index"),
    text("grade"),
    number("value_milli"),
    flag("rated"),
    flag("complete"),
    text("reasons"),
    Index("ix_credit_run_row_party", "party", "job"),
    info=OPERATIONAL,
)
credit_run_shard = Table(
    "credit_run_shard",
    metadata,
    _job(),
    number("shard", key=True),
    _small("scored"),
    number("first"),
    number("rows"),
    Column("root", LargeBinary, nullable=False),
    Column("leaves", LargeBinary, nullable=False),
    CheckConstraint("length(root) = 32", name="root_of_32"),
    CheckConstraint('length(leaves) = 32 * "rows"', name="leaf_of_32"),
    info=OPERATIONAL,
)
credit_run_sector = Table(
    "credit_run_sector",
    metadata,
    _job(),
    number("shard", key=True),
    text("division", key=True),
    number("credit_index", key=True),
    number("firms"),
    CheckConstraint("firms > 0", name="firms_positive"),
    info=OPERATIONAL,
)
credit_run_secret = Table(
    "credit_run_secret",
    metadata,
    _job(),
    Column("secret", LargeBinary, nullable=False),
    CheckConstraint("length(secret) = 32", name="secret_of_32"),
    info=OPERATIONAL,
)
credit_run_change = Table(
    "credit_run_change",
    metadata,
    _job(),
    text("against", key=True),
    text("before", key=True),
    text("after", key=True),
    number("subjects"),
    info=OPERATIONAL,
)
credit_run_mover = Table(
    "credit_run_mover",
    metadata,
    _job(),
    number("place", key=True),
    text("party"),
    number("index_before"),
    number("index_after"),
    text("grade_before"),
    text("grade_after"),
    info=OPERATIONAL,
)
