"""The valuations' tables. A row's columns stand in the order of its class's ``row()``.

``gep_valuation_document`` is append-only: what was drafted never changes.
"""

from sqlalchemy import CheckConstraint, Index, Table

from kernel.db.base import metadata
from ledger.tables import number, text

gep_valuation = Table(
    "gep_valuation",
    metadata,
    text("valuation", key=True),
    text("project"),
    text("id"),
    text("name"),
    text("area"),
    text("valued_on"),
    number("years"),
    number("right_years"),
    number("gain"),
    number("market"),
    number("market_p10", optional=True),
    text("account_with"),
    text("account_without"),
    text("supersedes"),
    text("drafted_by"),
    text("drafted_for"),
    number("entry"),
    text("status"),
    text("reviewed_by"),
    text("reviewed_for"),
    text("note"),
    number("reviewed_in", optional=True),
    text("second_reviewed_by"),
    text("second_note"),
    number("second_reviewed_in", optional=True),
    text("approved_by"),
    text("decision"),
    number("approved_in", optional=True),
    number("published_in", optional=True),
    text("superseded_by"),
    CheckConstraint("length(valuation) >= 64", name="valuation_of_64"),
    CheckConstraint("years BETWEEN 1 AND right_years", name="within_the_right"),
    CheckConstraint("drafted_by NOT IN (reviewed_by, second_reviewed_by)", name="other_reviewers"),
    CheckConstraint(
        "second_reviewed_by = '' OR second_reviewed_by <> reviewed_by", name="second_reviewer"
    ),
    CheckConstraint(
        "approved_by = '' OR approved_by NOT IN (drafted_by, reviewed_by, second_reviewed_by)",
        name="another_approver",
    ),
    Index("ix_gep_valuation_id", "id"),
)
gep_valuation_document = Table(
    "gep_valuation_document",
    metadata,
    text("valuation", key=True),
    text("project", key=True),
    text("document"),
    text("project_document"),
)
gep_valuation_counting = Table(
    "gep_valuation_counting",
    metadata,
    text("id", key=True),
    text("valuation"),
    number("entry"),
)
