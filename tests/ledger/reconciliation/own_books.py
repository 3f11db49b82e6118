"""Books by chance, and the files that a counterparty in agreement with them would send."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from ledger.reconciliation.books import Booking, Books
from ledger.reconciliation.positions_file import HEADER as POSITIONS
from ledger.reconciliation.statement_file import HEADER as STATEMENT
from ledger.roles import CASH_IN_TRANSIT

DAY = date(2026, 3, 16).toordinal()
ACCOUNTS = range(100, 112)
STEPS = {code: Decimal(step) for code, step in {"CNY": "0.01", "EUR": "0.01", "USD": "1"}.items()}
LOTS = {"CEA25": Decimal(1), "NOX": Decimal("0.001"), "OLD": Decimal(1)}
PARTIES = {("uscc", f"id-{number}"): f"E{number}" for number in range(6)}
OWNERS = {number: f"E{number // 2 - 50}" for number in ACCOUNTS} | {1: "X", 2: "X", 7: "X"}


def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


@dataclass(frozen=True, kw_only=True)
class Line:
    """One movement or balance of a statement, as text."""

    record: str
    account: str
    currency: str
    direction: str = ""
    amount: str
    reference: str = ""
    value_date: str = ""

    def text(self) -> str:
        return ",".join(getattr(self, name) for name in STATEMENT)


@st.composite
def cash_books(draw: st.DrawFn) -> Books:
    """Books of one day, some bookings on the days around it, and the balances after them."""
    count = draw(st.integers(1, 12))
    bookings = []
    for number in range(count):
        quantity = draw(st.integers(1, 10**12)) * draw(st.sampled_from((1, -1)))
        bookings.append(
            Booking(
                entry=10 + number,
                number=0,
                account=draw(st.sampled_from(ACCOUNTS)),
                currency=draw(st.sampled_from(("CNY", "EUR"))),
                quantity=quantity,
                reference=f"R-{draw(st.integers(0, 8))}",
                day=DAY,
            )
        )
    holdings: dict[tuple[int, str], int] = defaultdict(int)
    for account in draw(st.lists(st.sampled_from(ACCOUNTS), unique=True)):
        quantity = draw(st.integers(1, 10**12))
        holdings[account, "CNY"] += quantity
        holdings[CASH_IN_TRANSIT, "CNY"] -= quantity
    return books(bookings=bookings, holdings=dict(holdings))


def books(**changes: object) -> Books:
    """Books in which nothing has happened, but for the changes."""
    empty = Books(
        day=DAY,
        as_of=1_000,
        steps=STEPS,
        scope=frozenset({"CNY", "EUR"}),
        owners=OWNERS,
        holdings={},
        parties=PARTIES,
    )
    return replace(empty, **changes)  # type: ignore[arg-type]  # fields by name


def lines_of(of: Books) -> list[Line]:
    """Return the statement of a bank that agrees with the books in everything."""
    found = [
        Line(
            record="movement",
            account=str(each.account),
            currency=each.currency,
            direction="in" if each.quantity > 0 else "out",
            amount=of.amount(each.currency, abs(each.quantity)),
            reference=each.reference,
            value_date=iso(each.day),
        )
        for each in of.bookings
    ]
    for (account, currency), quantity in sorted(of.holdings.items()):
        if account != CASH_IN_TRANSIT:
            amount = of.amount(currency, quantity)
            found.append(
                Line(record="balance", account=str(account), currency=currency, amount=amount)
            )
    total = of.amount("CNY", of.total("CNY"))
    found.append(Line(record="balance", account="total", currency="CNY", amount=total))
    return found


def statement(lines: Sequence[Line]) -> bytes:
    return "\n".join([",".join(STATEMENT), *(line.text() for line in lines), ""]).encode()


@st.composite
def unit_books(draw: st.DrawFn) -> Books:
    """Holdings by chance of two instruments in the scope, and of one outside it."""
    keys = st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(("CEA25", "NOX")))
    holdings = draw(st.dictionaries(keys, st.integers(1, 10**12), min_size=1))
    return books(steps=LOTS, scope=frozenset({"CEA25", "NOX"}), holdings=holdings)


def positions_of(of: Books, *, by_party: frozenset[str]) -> list[str]:
    """Return the lines of a register that agrees; these parties are named as a whole."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    identifiers = {party: name for (_, name), party in PARTIES.items()}
    for (account, code), quantity in sorted(of.holdings.items()):
        party = of.owners[account]
        if party in by_party:
            sums[code, "uscc", identifiers[party]] += quantity
        else:
            sums[code, "account", str(account)] += quantity
    return [f"{','.join(key)},{of.amount(key[0], quantity)}" for key, quantity in sums.items()]


def positions(lines: Sequence[str]) -> bytes:
    return "\n".join([",".join(POSITIONS), *lines, ""]).encode()
