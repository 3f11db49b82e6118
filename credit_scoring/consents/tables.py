"""The tables of consents and queries. A row's columns stand in the order of its class's ``row()``.

``credit_consent``, ``credit_consent_revocation`` and ``credit_query`` are append-only as
``movement`` is.
"""

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Column, Index, Table, Text
from sqlalchemy import text as sql

from kernel.db.base import metadata
from ledger.tables import number, text

credit_consent_line = Table(
    "credit_consent_line",
    metadata,
    text("subject", key=True),
    text("grantee", key=True),
    text("purpose", key=True),
    Column("consents", ARRAY(BigInteger), nullable=False),
    Column("begins", ARRAY(BigInteger), nullable=False),
    Column("ends", ARRAY(BigInteger), nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("revoked", ARRAY(BigInteger), nullable=False),
)
credit_consent = Table(
    "credit_consent",
    metadata,
    number("id", key=True),
    number("entry"),
    number("at"),
    text("subject"),
    text("grantee"),
    text("purpose"),
    Column("scope", ARRAY(Text), nullable=False),
    number("day_from"),
    number("day_to"),
    text("evidence"),
    text("actor"),
    CheckConstraint("day_from <= day_to", name="days_in_order"),
    CheckConstraint("length(evidence) >= 64", name="evidence_of_64"),
    Index("ix_credit_consent_subject", "subject", "id"),
    Index("ix_credit_consent_grantee", "grantee", "id"),
)
credit_consent_revocation = Table(
    "credit_consent_revocation",
    metadata,
    number("entry", key=True),
    number("number", key=True),
    number("at"),
    number("consent"),
    text("actor"),
    Index("ix_credit_consent_revocation_consent", "consent", unique=True),
)
credit_query = Table(
    "credit_query",
    metadata,
    number("id", key=True),
    number("entry"),
    number("at"),
    text("actor"),
    text("bank"),
    text("subject"),
    text("purpose"),
    Column("scope", ARRAY(Text), nullable=False),
    number("consent", optional=True),
    text("refusal"),
    text("rule_set"),
    text("rule_set_hash"),
    number("as_of"),
    number("known_at"),
    text("answer_hash"),
    CheckConstraint("consent IS NOT NULL OR refusal <> ''", name="answered_or_refused"),
    Index("ix_credit_query_subject", "subject", "id"),
    Index("ix_credit_query_bank", "bank", "id"),
    Index(
        "ix_credit_query_answered",
        "subject",
        "bank",
        "id",
        postgresql_where=sql("consent IS NOT NULL"),
    ),
)
