"""The tables of credentials. A row's columns stand in the order of its class's ``row()``."""

from sqlalchemy import CheckConstraint, Index, Table

from kernel.db.base import metadata
from ledger.tables import flag, number, text

credential_issuer = Table(
    "credential_issuer",
    metadata,
    number("number", key=True),
    text("issuer"),
    text("base"),
)
credential = Table(
    "credential",
    metadata,
    text("id", key=True),
    number("entry"),
    text("issuer"),
    text("base"),
    number("list"),
    number("place"),
    text("subject"),
    text("subject_kind"),
    text("grade"),
    text("colour"),
    number("as_of"),
    text("rule_set_version"),
    text("rule_set_hash"),
    text("records_hash"),
    number("score_entry", optional=True),
    number("valid_from"),
    number("valid_until"),
    flag("suspendable"),
    number("revoked_at", optional=True),
    text("reason"),
    number("suspended_at", optional=True),
    CheckConstraint("place >= 0 AND place < 131072", name="place_in_list"),
    Index("uq_credential_list_place", "list", "place", unique=True),
    Index("ix_credential_entry", "entry"),
)
