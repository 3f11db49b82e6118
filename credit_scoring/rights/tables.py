"""The tables of rights. A row's columns stand in the order of its class's ``row()``.

``credit_erasure`` is append-only as ``movement`` is.
"""

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Table, Text
from sqlalchemy import text as sql

from kernel.db.base import metadata
from ledger.tables import number, text

credit_review = Table(
    "credit_review",
    metadata,
    number("id", key=True),
    text("subject"),
    number("as_of"),
    text("rule_set"),
    number("query", optional=True),
    text("evidence"),
    text("actor"),
    number("requested_at"),
    number("due"),
    text("state"),
    number("answered_at", optional=True),
    text("reviewer"),
    text("outcome"),
    Column("facts", ARRAY(Text), nullable=False),
    text("adopted"),
    text("answer"),
    CheckConstraint("length(evidence) >= 64", name="evidence_of_64"),
    Index("ix_credit_review_subject", "subject", "id"),
    Index("ix_credit_review_open", "due", "id", postgresql_where=sql("state = 'requested'")),
)
credit_overdue = Table(
    "credit_overdue",
    metadata,
    text("clock", key=True),
    number("number", key=True),
    text("subject"),
    number("due"),
    number("entry"),
    number("at"),
    text("actor"),
)
credit_notice = Table(
    "credit_notice",
    metadata,
    text("recipient", key=True),
    text("source", key=True),
    text("reference", key=True),
    text("correction", key=True),
    text("subject"),
    number("query"),
    text("parts"),
    text("grade_before"),
    number("index_before", optional=True),
    text("grade_after"),
    number("index_after", optional=True),
    number("entry"),
    number("raised_at"),
    number("acknowledged_at", optional=True),
    text("acknowledged_by"),
    Index("ix_credit_notice_subject", "subject", "entry"),
    Index("ix_credit_notice_entry", "entry"),
)
credit_erasure = Table(
    "credit_erasure",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("at"),
    text("subject"),
    text("source"),
    text("reference"),
    number("recorded_at"),
    text("actor"),
    Index("ix_credit_erasure_subject", "subject", "entry"),
)
