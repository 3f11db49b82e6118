"""Our own side of a comparison, as it is handed to the matching."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kernel.money import format_decimal
from ledger.reconciliation.difference import Side
from ledger.roles import CASH_IN_TRANSIT, FIRST_PARTY_ACCOUNT, LAST_CONTRA_ACCOUNT

Holding = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One movement of cash as our books have it; ``quantity`` is below zero for money out.

    ``entry`` and ``number`` are its place; ``day`` the counterparty's day in which it lies.
    """

    entry: int
    number: int
    account: int
    currency: str
    quantity: int
    reference: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A task of an earlier file that this one may settle: open, or closed within the window.

    ``as_of`` is the entry up to which its file saw our books.
    """

    task: int
    is_open: bool
    kind: str
    subject: str
    instrument: str
    day: int
    seen_day: int
    as_of: int
    there: Side | None
    here: Side | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Our books as of an entry, as far as a file can speak of them.

    ``steps`` are the smallest units of all instruments known here, ``scope`` those that the
    counterparty keeps for us. ``holdings`` are quantities by account and instrument, without zeros.
    ``owners`` are the parties of all accounts, ``parties`` those with a public identifier.
    """

    day: int
    as_of: int
    steps: Mapping[str, Decimal]
    scope: frozenset[str]
    owners: Mapping[int, str]
    holdings: Mapping[Holding, int]
    parties: Mapping[tuple[str, str], str] = field(default_factory=dict)
    bookings: list[Booking] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)

    def amount(self, instrument: str, quantity: int) -> str:
        """Return a quantity as people write it."""
        return format_decimal(quantity, step=self.steps[instrument])

    def total(self, currency: str) -> int:
        """Return all cash of a currency: what came in through the bank and has not gone out."""
        return -self.holdings.get((CASH_IN_TRANSIT, currency), 0)

    def has_account(self, account: int) -> bool:
        """Tell whether an account is known here and no contra account."""
        return account > LAST_CONTRA_ACCOUNT and account in self.owners

    def is_party_account(self, account: int) -> bool:
        """Tell whether an account is a member's and not the system's."""
        return account >= FIRST_PARTY_ACCOUNT and account in self.owners
