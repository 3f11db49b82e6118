"""Another register's daily holdings: who holds how much of which instrument.

Header ``instrument,holder_scheme,holder,quantity``. Scheme ``account`` means that the holder is an
account number of ours; any other scheme with the holder names a party by its public identifier.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ledger.reconciliation.lines import BadLines, Fields, FileUnreadable, read_lines

HEADER = ("instrument", "holder_scheme", "holder", "quantity")
ACCOUNT = "account"
_SCHEME = re.compile(r"[a-z0-9_]{1,32}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLine:
    """One holding as the register states it; ``quantity`` is in lots, 0 where it knows more."""

    line: int
    instrument: str
    scheme: str
    holder: str
    amount: str
    quantity: int


def read_positions(
    content: bytes, *, steps: Mapping[str, Decimal], lines_max: int
) -> list[PositionLine]:
    """Read a file of holdings; ``steps`` are the lots of the instruments known here.

    Raises:
        FileUnreadable: with every bad line.
    """
    bad = BadLines()
    found = []
    for number, row in read_lines(content, header=HEADER, lines_max=lines_max, bad=bad):
        fields = Fields(number, dict(zip(HEADER, row, strict=True)), bad)
        line = _position(fields, steps.get(fields.values["instrument"]))
        if line is not None:
            found.append(line)
    if bad.count:
        raise FileUnreadable(bad)
    return found


def _position(fields: Fields, step: Decimal | None) -> PositionLine | None:
    scheme = fields.values["holder_scheme"]
    if _SCHEME.match(scheme) is None:
        fields.wrong("holder_scheme", "'account', or 1 to 32 of a-z 0-9 _")
    by_account = scheme == ACCOUNT
    holder = fields.account("holder") if by_account else fields.identifier("holder")
    instrument = fields.identifier("instrument")
    amount = fields.amount("quantity", step=step, zero=True)
    if holder is None or instrument is None or amount is None or not _SCHEME.match(scheme):
        return None
    text, quantity = amount
    return PositionLine(
        line=fields.line,
        instrument=instrument,
        scheme=scheme,
        holder=holder,
        amount=text,
        quantity=quantity,
    )
