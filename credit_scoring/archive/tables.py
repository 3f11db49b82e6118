"""The archives' tables. A row's columns stand in the order of its class's ``row()``.

``credit_event`` and ``credit_signed_batch`` are append-only as ``movement`` is; of ``credit_fact``
a row may only lose its content. The view ``credit_known_fact`` (a migration makes it) has its
columns for the facts that count: those of an intake once it is adopted, at the entry that did.
"""

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql

from kernel.db.base import metadata
from ledger.tables import OPERATIONAL, flag, number, text

credit_department = Table(
    "credit_department",
    metadata,
    text("party", key=True),
    Column("rules", ARRAY(Text), nullable=False),
    text("decision"),
    number("entry"),
)
credit_term = Table(
    "credit_term",
    metadata,
    text("term", key=True),
    number("days"),
    text("basis"),
    number("entry"),
    CheckConstraint("days > 0", name="days_positive"),
)
credit_months = Table(
    "credit_months",
    metadata,
    text("term", key=True),
    number("months"),
    text("basis"),
    number("entry"),
    CheckConstraint("months >= 0", name="months_not_negative"),
)
credit_subject = Table(
    "credit_subject",
    metadata,
    text("party", key=True),
    text("kind"),
    text("code"),
    text("division"),
    text("region"),
    number("entry"),
    Index("ix_credit_subject_entry", "entry", "party"),
)
credit_fact = Table(
    "credit_fact",
    metadata,
    text("source", key=True),
    text("reference", key=True),
    text("subject"),
    text("rule"),
    number("on"),
    number("quantity"),
    text("incident"),
    text("evidence"),
    text("file"),
    text("actor"),
    number("entry"),
    number("at"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("length(evidence) >= 64", name="evidence_of_64"),
    Index("ix_credit_fact_subject", "subject", "entry"),
    Index("ix_credit_fact_on", "on", "source", "reference"),
)
credit_standing = Table(
    "credit_standing",
    metadata,
    text("source", key=True),
    text("reference", key=True),
    number("repaired_on"),
    flag("revoked"),
    number("objection", optional=True),
    CheckConstraint("NOT (revoked AND objection IS NOT NULL)", name="revoked_is_not_disputed"),
)
credit_event = Table(
    "credit_event",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("at"),
    text("subject"),
    text("source"),
    text("reference"),
    text("event"),
    number("on"),
    number("objection", optional=True),
    text("evidence"),
    text("actor"),
    Index("ix_credit_event_subject", "subject", "entry", "number"),
)
credit_objection = Table(
    "credit_objection",
    metadata,
    number("id", key=True),
    text("subject"),
    text("source"),
    text("reference"),
    text("ground"),
    text("evidence"),
    number("opened_at"),
    number("due"),
    text("state"),
    number("decided_at", optional=True),
    text("decided_by"),
    text("answer"),
    text("corrected_by"),
    Index("ix_credit_objection_subject", "subject", "id"),
    Index("ix_credit_objection_open", "due", "id", postgresql_where=sql("state = 'open'")),
)
credit_department_key = Table(
    "credit_department_key",
    metadata,
    text("department", key=True),
    text("key_id", key=True),
    text("public_key"),
    text("decision"),
    number("entry"),
    number("retired_in", optional=True),
    UniqueConstraint("public_key"),
    CheckConstraint("length(public_key) >= 64", name="public_key_of_64"),
)
credit_signed_batch = Table(
    "credit_signed_batch",
    metadata,
    text("source", key=True),
    number("batch", key=True),
    text("key_id"),
    text("signature"),
    text("digest"),
    number("facts"),
    text("actor"),
    number("entry"),
    number("at"),
    CheckConstraint("length(signature) >= 128", name="signature_of_128"),
)
credit_intake = Table(
    "credit_intake",
    metadata,
    number("id", key=True),
    text("source"),
    text("file"),
    number("lines"),
    Column("chunks", ARRAY(Text), nullable=False),
    text("manifest"),
    number("recorded"),
    text("state"),
    number("opened_in"),
    number("closed_in", optional=True),
    number("closed_at", optional=True),
    UniqueConstraint("manifest"),
    CheckConstraint("recorded >= 0", name="recorded_not_negative"),
)
credit_upload = Table(
    "credit_upload",
    metadata,
    text("source", key=True),
    text("digest", key=True),
    text("media_type"),
    Column("content", LargeBinary, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    info=OPERATIONAL,
)
