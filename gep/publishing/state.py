"""Accounts and valuations of one venue, which count, and who cites them. All on shelves.

Invariants
1. A document never changes, and its account has the hash that names it.
2. Of an area, year, price year and profile one published account counts; another one takes its
   place only by superseding it, and stays linked to it.
3. Whoever drafted an account neither reviewed nor approved it, and who reviewed it did not approve.
4. Of a project one published valuation counts, under the same rules as accounts.
5. Whether a citation waits for a review follows from what counts: nothing is marked one by one.
"""

from typing import ClassVar

import msgspec

from gep.publishing.status import Status
from gep.publishing.valuations.rows import (
    CountingValuation,
    StoredValuation,
    StoredValuationDocument,
)
from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row


class StoredAccount(msgspec.Struct, frozen=True):
    """An account and what became of it; ``total`` in fen, ``entry`` that of its draft."""

    TABLE: ClassVar[str] = "gep_account"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("account", "text"),)

    account: str
    plan: str
    id: str
    area: str
    year: int
    price_year: int
    profile: str
    edition: str
    parameter_set: str
    parameter_set_hash: str
    total: int
    overrides: int
    supersedes: str
    drafted_by: str
    drafted_for: str
    entry: int
    status: str = Status.DRAFT.value
    reviewed_by: str = ""
    note: str = ""
    reviewed_in: int | None = None
    approved_by: str = ""
    decision: str = ""
    approved_in: int | None = None
    published_in: int | None = None
    superseded_by: str = ""

    @property
    def key(self) -> Key:
        """Return the hash."""
        return (self.account,)

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Return that of which one account counts: area, year, price year, profile."""
        return (self.area, self.year, self.price_year, self.profile)

    def row(self) -> Row:
        """Return the columns of table ``gep_account`` in their order."""
        return msgspec.structs.astuple(self)


class StoredDocument(msgspec.Struct, frozen=True):
    """An account's canonical document, and the plan that it was made of; both never change."""

    TABLE: ClassVar[str] = "gep_document"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("account", "text"), ("plan", "text"))

    account: str
    plan: str
    document: str
    plan_document: str

    @property
    def key(self) -> Key:
        """Return the hashes of both."""
        return (self.account, self.plan)

    def row(self) -> Row:
        """Return the columns of table ``gep_document`` in their order."""
        return msgspec.structs.astuple(self)


class CountingAccount(msgspec.Struct, frozen=True):
    """Which account counts of an area, year, price year and profile, since which entry."""

    TABLE: ClassVar[str] = "gep_counting"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("area", "text"),
        ("year", "bigint"),
        ("price_year", "bigint"),
        ("profile", "text"),
    )

    area: str
    year: int
    price_year: int
    profile: str
    account: str
    entry: int

    @property
    def key(self) -> Key:
        """Return area, year, price year and profile."""
        return (self.area, self.year, self.price_year, self.profile)

    def row(self) -> Row:
        """Return the columns of table ``gep_counting`` in their order."""
        return msgspec.structs.astuple(self)


class Citation(msgspec.Struct, frozen=True):
    """A party relies on an account or a valuation, named by its hash in ``account``.

    ``seen`` is the newest one that the citation was kept beside.
    """

    TABLE: ClassVar[str] = "gep_citation"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("account", "text"),
        ("party", "text"),
        ("reference", "text"),
    )

    account: str
    party: str
    reference: str
    purpose: str
    cited_by: str
    entry: int
    at: int
    seen: str
    ended_in: int | None = None

    @property
    def key(self) -> Key:
        """Return account, party and reference."""
        return (self.account, self.party, self.reference)

    def row(self) -> Row:
        """Return the columns of table ``gep_citation`` in their order."""
        return msgspec.structs.astuple(self)


class Accounts:
    """The accounts and valuations of one venue."""

    __slots__ = (
        "accounts",
        "citations",
        "counting",
        "documents",
        "ledger",
        "valuation_documents",
        "valuations",
        "valued",
    )

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.accounts: Shelf[StoredAccount] = Shelf(StoredAccount)
        self.documents: Shelf[StoredDocument] = Shelf(StoredDocument)
        self.counting: Shelf[CountingAccount] = Shelf(CountingAccount)
        self.citations: Shelf[Citation] = Shelf(Citation)
        self.valuations: Shelf[StoredValuation] = Shelf(StoredValuation)
        self.valuation_documents: Shelf[StoredValuationDocument] = Shelf(StoredValuationDocument)
        self.valued: Shelf[CountingValuation] = Shelf(CountingValuation)
