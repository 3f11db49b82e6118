"""The reconciliation's tables. A row's columns stand in the order of its class's ``row()``.

``reconciliation_event`` is append-only as ``movement`` is.
"""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, Table, Text
from sqlalchemy import text as sql

from kernel.db.base import metadata
from ledger.tables import flag, number, text

reconciliation_terms = Table(
    "reconciliation_terms",
    metadata,
    text("counterparty", key=True),
    text("file_kind", key=True),
    Column("instruments", ARRAY(Text), nullable=False),
    number("utc_offset_minutes"),
    number("cut_off_minutes"),
    number("window_days"),
    number("due_hours"),
    number("reopen_hours"),
    number("lines_max"),
    Column("four_eyes_instruments", ARRAY(Text), nullable=False),
    Column("four_eyes_quantities", ARRAY(BigInteger), nullable=False),
    number("latest"),
)
reconciliation = Table(
    "reconciliation",
    metadata,
    number("id", key=True),
    text("counterparty"),
    text("file_kind"),
    number("day"),
    number("as_of"),
    text("digest"),
    number("entry"),
    number("at"),
    text("actor"),
    number("lines"),
    number("matched"),
    number("differences"),
    number("left_out"),
    number("supersedes", optional=True),
    number("superseded_by", optional=True),
    CheckConstraint("matched >= 0 AND matched <= lines", name="matched_in_lines"),
    Index("ix_reconciliation_day", "counterparty", "file_kind", "day"),
    Index("ix_reconciliation_digest", "digest"),
)
reconciliation_task = Table(
    "reconciliation_task",
    metadata,
    number("id", key=True),
    number("reconciliation"),
    text("counterparty"),
    text("file_kind"),
    number("day"),
    text("subject"),
    text("instrument"),
    number("seen"),
    number("seen_day"),
    text("kind"),
    text("there"),
    text("here"),
    number("here_entry", optional=True),
    number("here_number", optional=True),
    number("at_stake"),
    text("state"),
    text("assignee"),
    text("finding"),
    number("due"),
    flag("overdue"),
    text("outcome"),
    number("until", optional=True),
    CheckConstraint("at_stake >= 0", name="at_stake_not_negative"),
    Index(
        "ix_reconciliation_task_open",
        "counterparty",
        "file_kind",
        "id",
        postgresql_where=sql("state <> 'closed'"),
    ),
    Index("ix_reconciliation_task_seen", "seen"),
    Index("ix_reconciliation_task_day", "counterparty", "file_kind", "day"),
    Index(
        "ix_reconciliation_task_here",
        "counterparty",
        "here_entry",
        postgresql_where=sql("here_entry IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": 80},
)
reconciliation_event = Table(
    "reconciliation_event",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("at"),
    number("task"),
    text("event"),
    text("actor"),
    number("reconciliation", optional=True),
    text("detail"),
    text("there"),
    text("here"),
    Index("ix_reconciliation_event_task", "task", "entry", "number"),
    Index(
        "ix_reconciliation_event_file",
        "reconciliation",
        "number",
        postgresql_where=sql("reconciliation IS NOT NULL"),
    ),
)
