"""The supervision's tables. A row's columns stand in the order of its class's ``row()``."""

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Table, Text, UniqueConstraint

from kernel.db.base import metadata
from ledger.tables import number, text

fact_origin = Table(
    "fact_origin",
    metadata,
    text("origin", key=True),
    text("department", key=True),
    Column("rules", ARRAY(Text), nullable=False),
    number("threshold_ppm"),
    text("basis"),
    number("entry"),
    CheckConstraint("threshold_ppm >= 0", name="threshold_not_negative"),
)
authority_decision = Table(
    "authority_decision",
    metadata,
    text("authority", key=True),
    text("case_number", key=True),
    number("number"),
    text("rule"),
    Column("subjects", ARRAY(Text), nullable=False),
    number("served_on"),
    text("document"),
    number("fine", optional=True),
    text("incident"),
    text("actor"),
    text("checker"),
    number("entry"),
    number("at"),
    number("annulled_in", optional=True),
    text("annulled_ground"),
    text("annulled_by"),
    UniqueConstraint("number"),
    CheckConstraint("fine > 0", name="fine_positive"),
    CheckConstraint("checker <> actor", name="two_persons"),
    CheckConstraint("length(document) >= 64", name="document_of_64"),
    Index("ix_authority_decision_subjects", "subjects", postgresql_using="gin"),
)
report_result = Table(
    "report_result",
    metadata,
    text("report", key=True),
    number("year", key=True),
    text("party", key=True),
    number("due_on"),
    number("filed_on", optional=True),
    text("outcome"),
    number("quantity", optional=True),
    number("value_added", optional=True),
    text("level"),
    number("facts"),
    text("evidence"),
    text("actor"),
    number("entry"),
    CheckConstraint("facts >= 0", name="facts_not_negative"),
    CheckConstraint("length(evidence) >= 64", name="evidence_of_64"),
    Index("ix_report_result_party", "party", "report", "year"),
)
