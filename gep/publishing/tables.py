"""The accounts' tables. A row's columns stand in the order of its class's ``row()``.

``gep_document`` is append-only: what was drafted never changes.
"""

from sqlalchemy import CheckConstraint, Index, Table

from kernel.db.base import metadata
from ledger.tables import number, text

gep_account = Table(
    "gep_account",
    metadata,
    text("account", key=True),
    text("plan"),
    text("id"),
    text("area"),
    number("year"),
    number("price_year"),
    text("profile"),
    text("edition"),
    text("parameter_set"),
    text("parameter_set_hash"),
    number("total"),
    number("overrides"),
    text("supersedes"),
    text("drafted_by"),
    text("drafted_for"),
    number("entry"),
    text("status"),
    text("reviewed_by"),
    text("note"),
    number("reviewed_in", optional=True),
    text("approved_by"),
    text("decision"),
    number("approved_in", optional=True),
    number("published_in", optional=True),
    text("superseded_by"),
    CheckConstraint("length(account) >= 64", name="account_of_64"),
    CheckConstraint("reviewed_by <> drafted_by", name="another_reviewer"),
    CheckConstraint(
        "approved_by = '' OR approved_by NOT IN (drafted_by, reviewed_by)",
        name="another_approver",
    ),
    Index("ix_gep_account_area", "area", "year"),
)
gep_document = Table(
    "gep_document",
    metadata,
    text("account", key=True),
    text("plan", key=True),
    text("document"),
    text("plan_document"),
)
gep_counting = Table(
    "gep_counting",
    metadata,
    text("area", key=True),
    number("year", key=True),
    number("price_year", key=True),
    text("profile", key=True),
    text("account"),
    number("entry"),
)
gep_citation = Table(
    "gep_citation",
    metadata,
    text("account", key=True),
    text("party", key=True),
    text("reference", key=True),
    text("purpose"),
    text("cited_by"),
    number("entry"),
    number("at"),
    text("seen"),
    number("ended_in", optional=True),
    Index("ix_gep_citation_party", "party", "account"),
)
