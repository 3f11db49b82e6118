"""Rows of valuations: what became of each, its documents, and which counts of a project."""

from typing import ClassVar

import msgspec

from gep.publishing.status import Status
from ledger.shelf import Key
from ledger.state import Row


class StoredValuation(msgspec.Struct, frozen=True):
    """A valuation and what became of it; values in fen, ``market_p10`` where it was drawn.

    ``entry`` is that of its draft; ``account_with`` and ``account_without`` are empty if it rests
    on no accounts.
    """

    TABLE: ClassVar[str] = "gep_valuation"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("valuation", "text"),)

    valuation: str
    project: str
    id: str
    name: str
    area: str
    valued_on: str
    years: int
    right_years: int
    gain: int
    market: int
    market_p10: int | None
    account_with: str
    account_without: str
    supersedes: str
    drafted_by: str
    drafted_for: str
    entry: int
    status: str = Status.DRAFT.value
    reviewed_by: str = ""
    reviewed_for: str = ""
    note: str = ""
    reviewed_in: int | None = None
    second_reviewed_by: str = ""
    second_note: str = ""
    second_reviewed_in: int | None = None
    approved_by: str = ""
    decision: str = ""
    approved_in: int | None = None
    published_in: int | None = None
    superseded_by: str = ""

    @property
    def key(self) -> Key:
        """Return the hash."""
        return (self.valuation,)

    def row(self) -> Row:
        """Return the columns of table ``gep_valuation`` in their order."""
        return msgspec.structs.astuple(self)


class StoredValuationDocument(msgspec.Struct, frozen=True):
    """A valuation's canonical document, and the project it was made of; both never change."""

    TABLE: ClassVar[str] = "gep_valuation_document"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("valuation", "text"), ("project", "text"))

    valuation: str
    project: str
    document: str
    project_document: str

    @property
    def key(self) -> Key:
        """Return the hashes of both."""
        return (self.valuation, self.project)

    def row(self) -> Row:
        """Return the columns of table ``gep_valuation_document`` in their order."""
        return msgspec.structs.astuple(self)


class CountingValuation(msgspec.Struct, frozen=True):
    """Which valuation counts of a project, since which entry."""

    TABLE: ClassVar[str] = "gep_valuation_counting"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("id", "text"),)

    id: str
    valuation: str
    entry: int

    @property
    def key(self) -> Key:
        """Return the project's id."""
        return (self.id,)

    def row(self) -> Row:
        """Return the columns of table ``gep_valuation_counting`` in their order."""
        return msgspec.structs.astuple(self)
