"""The table of tables of consequences, append-only: an adopted one never changes.

A row's columns stand in the order of its class's ``row()``.
"""

from sqlalchemy import CheckConstraint, Table, UniqueConstraint

from kernel.db.base import metadata
from ledger.tables import number, text

credit_consequence_table = Table(
    "credit_consequence_table",
    metadata,
    text("version", key=True),
    text("hash"),
    text("decision"),
    number("entry"),
    number("effective_from"),
    text("rule_set"),
    text("document"),
    CheckConstraint("length(hash) >= 64", name="hash_of_64"),
    UniqueConstraint("effective_from"),
)
