"""The warnings' tables. A row's columns stand in the order of its class's ``row()``.

``gep_warning_event`` is append-only: what happened to a warning never changes.
"""

from sqlalchemy import CheckConstraint, Index, Table

from kernel.db.base import metadata
from ledger.tables import number, text

gep_threshold = Table(
    "gep_threshold",
    metadata,
    text("rule", key=True),
    number("limit_ppm"),
    text("author"),
    text("party"),
    text("reason"),
    number("entry"),
    CheckConstraint("limit_ppm BETWEEN 1 AND 999999", name="limit_is_a_share"),
)
gep_warning = Table(
    "gep_warning",
    metadata,
    text("warning", key=True),
    text("rule"),
    text("area"),
    number("year"),
    text("account"),
    text("base"),
    text("service"),
    number("before"),
    number("after"),
    number("measured_ppm"),
    number("limit_ppm"),
    text("severity"),
    text("raised_by"),
    number("entry"),
    number("events"),
    text("state"),
    text("party"),
    text("owner"),
    number("deadline", optional=True),
    text("answered_by"),
    text("answer_account"),
    text("closed_by"),
    number("closed_in", optional=True),
    CheckConstraint("events > 0", name="events_positive"),
    CheckConstraint("closed_by = '' OR closed_by <> answered_by", name="another_closer"),
    Index("ix_gep_warning_area", "area", "year"),
    Index("ix_gep_warning_party", "party", "warning"),
)
gep_warning_event = Table(
    "gep_warning_event",
    metadata,
    text("warning", key=True),
    number("number", key=True),
    text("event"),
    text("actor"),
    number("entry"),
    number("at"),
    text("party"),
    text("owner"),
    number("deadline", optional=True),
    text("words"),
    text("account"),
)
