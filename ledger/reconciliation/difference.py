"""The difference: what a counterparty's file says and our books do not, with both sides' figures.

No name and no identifier stands in one: a holder is an account number or a party's id. What a file
calls a holder whom nobody here knows goes to the personal part of the entry.
"""

from enum import StrEnum

import msgspec


class FileKind(StrEnum):
    """What a counterparty sends each day."""

    BANK = "bank"
    REGISTER = "register"


class DifferenceKind(StrEnum):
    """How two sides differ; of several ways the first in this order names the difference."""

    UNKNOWN_INSTRUMENT = "unknown_instrument"
    OUTSIDE_SCOPE = "outside_scope"
    UNKNOWN_ACCOUNT = "unknown_account"
    CURRENCY_DIFFERS = "currency_differs"
    DIRECTION_DIFFERS = "direction_differs"
    AMOUNT_DIFFERS = "amount_differs"
    ACCOUNT_DIFFERS = "account_differs"
    WRONG_DAY = "wrong_day"
    DUPLICATE_REFERENCE = "duplicate_reference"
    REFERENCE_DIFFERS = "reference_differs"
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    BALANCE_DIFFERS = "balance_differs"


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side's figures.

    ``holder`` is an account number, ``party <id>``, ``total``, or "" where nobody here knows it.
    ``amount`` is a decimal string in the instrument's unit, below zero for money that went out.
    ``day`` is an ordinal. A line of a file has ``line``, a booking of ours ``entry`` and
    ``number``, its place among the entry's movements.
    """

    holder: str
    amount: str
    reference: str = ""
    day: int | None = None
    line: int | None = None
    entry: int | None = None
    number: int | None = None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on which the two sides do not agree.

    ``subject`` names the thing, so that the next file finds the task about it again. ``at_stake``
    is what may be lost by it, in the instrument's steps, 0 where the instrument is not known.
    """

    kind: DifferenceKind
    subject: str
    instrument: str
    there: Side | None
    here: Side | None
    at_stake: int
