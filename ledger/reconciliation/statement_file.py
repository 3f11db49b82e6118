"""The settlement bank's daily statement: its movements of cash and its closing balances.

Header ``record,account,currency,direction,amount,reference,value_date``. A ``movement`` has all
fields; a ``balance`` has no direction and no reference, its account may be ``total``, and its value
date is empty or the file's day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ledger.reconciliation.lines import BadLines, Fields, FileUnreadable, read_lines

HEADER = ("record", "account", "currency", "direction", "amount", "reference", "value_date")
MOVEMENT = "movement"
BALANCE = "balance"
TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class CashLine:
    """One movement of cash as the bank states it; ``quantity`` is below zero for money out.

    ``quantity`` is in the currency's minor unit, 0 where the currency is not known here.
    """

    line: int
    account: str
    currency: str
    is_in: bool
    amount: str
    quantity: int
    reference: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """One closing balance as the bank states it, of an account or ``total``."""

    line: int
    account: str
    currency: str
    amount: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A whole statement of one day (an ordinal)."""

    day: int
    movements: list[CashLine]
    balances: list[BalanceLine]

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.movements) + len(self.balances)


def read_statement(
    content: bytes, *, day: int, steps: Mapping[str, Decimal], lines_max: int, window_days: int
) -> Statement:
    """Read a statement; ``steps`` are the smallest units of the currencies known here.

    Raises:
        FileUnreadable: with every bad line.
    """
    bad = BadLines()
    statement = Statement(day=day, movements=[], balances=[])
    for number, row in read_lines(content, header=HEADER, lines_max=lines_max, bad=bad):
        fields = Fields(number, dict(zip(HEADER, row, strict=True)), bad)
        record = fields.choice("record", (MOVEMENT, BALANCE))
        step = steps.get(fields.values["currency"])
        if record == MOVEMENT:
            found = _movement(fields, step, day=day, window_days=window_days)
            if found is not None:
                statement.movements.append(found)
        elif record == BALANCE:
            balance = _balance(fields, step, day=day)
            if balance is not None:
                statement.balances.append(balance)
    if bad.count:
        raise FileUnreadable(bad)
    return statement


def _movement(
    fields: Fields, step: Decimal | None, *, day: int, window_days: int
) -> CashLine | None:
    account = fields.account("account")
    currency = fields.identifier("currency")
    direction = fields.choice("direction", ("in", "out"))
    amount = fields.amount("amount", step=step, zero=False)
    reference = fields.identifier("reference")
    value_day = fields.day("value_date")
    if value_day is not None and abs(value_day - day) > window_days:
        fields.wrong("value_date", f"at most {window_days} days from the file's day")
        return None
    if account is None or currency is None or direction is None:
        return None
    if amount is None or reference is None or value_day is None:
        return None
    text, quantity = amount
    is_in = direction == "in"
    return CashLine(
        line=fields.line,
        account=account,
        currency=currency,
        is_in=is_in,
        amount=text if is_in else f"-{text}",
        quantity=quantity if is_in else -quantity,
        reference=reference,
        day=value_day,
    )


def _balance(fields: Fields, step: Decimal | None, *, day: int) -> BalanceLine | None:
    is_total = fields.values["account"] == TOTAL
    account = TOTAL if is_total else fields.account("account")
    currency = fields.identifier("currency")
    amount = fields.amount("amount", step=step, zero=True)
    fields.empty("direction")
    fields.empty("reference")
    if fields.values["value_date"] and fields.day("value_date") not in {None, day}:
        fields.wrong("value_date", "nothing, or the file's day")
    if account is None or currency is None or amount is None:
        return None
    text, quantity = amount
    return BalanceLine(
        line=fields.line, account=account, currency=currency, amount=text, quantity=quantity
    )
