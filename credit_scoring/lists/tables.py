"""The tables of lists. A row's columns stand in the order of its class's ``row()``."""

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Table, Text

from kernel.db.base import metadata
from ledger.tables import flag, number, text

credit_list = Table(
    "credit_list",
    metadata,
    text("list_name", key=True),
    text("sign"),
    text("subject_kind"),
    Column("rules", ARRAY(Text), nullable=False),
    number("months"),
    flag("published"),
    text("basis"),
    text("decision"),
    number("entry"),
    CheckConstraint("months > 0", name="months_positive"),
)
credit_listing = Table(
    "credit_listing",
    metadata,
    number("id", key=True),
    text("list_name"),
    text("subject"),
    number("day_from"),
    number("day_to"),
    text("source"),
    text("reference"),
    text("decision"),
    text("evidence"),
    text("actor"),
    number("entry"),
    number("left_on", optional=True),
    text("reason"),
    text("left_by"),
    text("left_decision"),
    text("left_evidence"),
    CheckConstraint("length(evidence) >= 64", name="evidence_of_64"),
    Index("ix_credit_listing_list", "list_name", "id"),
    Index("ix_credit_listing_subject", "subject", "id"),
)
