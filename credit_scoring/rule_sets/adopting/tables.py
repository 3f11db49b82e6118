"""The tables of rule sets. A row's columns stand in the order of its class's ``row()``.

``credit_rule_set`` is append-only as ``movement`` is: an adopted set never changes.
"""

from sqlalchemy import CheckConstraint, Table, UniqueConstraint

from kernel.db.base import metadata
from ledger.tables import number, text

credit_rule_set = Table(
    "credit_rule_set",
    metadata,
    text("version", key=True),
    text("hash"),
    text("decision"),
    number("entry"),
    number("effective_from"),
    text("document"),
    CheckConstraint("length(hash) >= 64", name="hash_of_64"),
    UniqueConstraint("effective_from"),
)
credit_challenger = Table(
    "credit_challenger",
    metadata,
    number("entry", key=True),
    text("version"),
    text("hash"),
    text("decision"),
    text("document"),
    number("dropped_in", optional=True),
    CheckConstraint("length(hash) >= 64", name="hash_of_64"),
)
