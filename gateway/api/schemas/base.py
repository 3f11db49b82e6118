"""The common ground of all operations: strict models, units, and the turn into a command."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.problems import Problem
from kernel.canonical import parse_utc
from kernel.errors import DomainError
from kernel.money import parse_decimal
from ledger.commands import Command

# What fits into every column and leaves room for sums.
STEPS_MAX = 10**18 - 1

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", examples=["E01"])]
InstrumentCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,32}$", examples=["CEA25"])]
DecimalText = Annotated[
    str, Field(pattern=r"^(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?$", examples=["1000"])
]
Number = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,17})$", examples=["100"])]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{0,64}$", examples=["B2-0001"])]
Instant = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$",
        examples=["2026-03-16T02:00:00Z"],
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=200, examples=["青衫热电"])]
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Day = Annotated[str, Field(pattern=DAY_PATTERN, examples=["2026-03-16"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the door must know of an instrument to read amounts of it."""

    code: str
    right: str
    lot: Decimal
    unit: str
    tick: Decimal | None
    currency: str | None
    calendar: str | None
    four_eyes_lots: int | None


class Units:
    """All instruments' terms; turns decimal strings into integers and names the wrong field."""

    def __init__(self, terms: Mapping[str, Terms]) -> None:
        self._terms = terms

    def of(self, code: str, *, field: str = "instrument") -> Terms:
        """Return an instrument's terms.

        Raises:
            Problem: there is no such instrument.
        """
        found = self._terms.get(code)
        if found is None:
            raise Problem(status=404, code="ledger.instrument_unknown", field=field, found=code)
        return found

    def knows(self, code: str) -> bool:
        """Tell whether there is such an instrument."""
        return code in self._terms

    def lots(self, text: str, *, instrument: str, field: str) -> int:
        """Read a quantity of an instrument as lots."""
        return whole(text, step=self.of(instrument).lot, field=field)

    def ticks(self, text: str, *, instrument: str, field: str) -> int:
        """Read a price of an instrument as ticks."""
        tick = self.of(instrument).tick
        if tick is None:
            raise Problem(
                status=404, code="exchange.book_unknown", field="instrument", found=instrument
            )
        return whole(text, step=tick, field=field)

    def minor(self, text: str, *, currency: str, field: str) -> int:
        """Read an amount of money as minor units."""
        return whole(text, step=self.of(currency, field="currency").lot, field=field)


def whole(text: str, *, step: Decimal, field: str) -> int:
    """Read a decimal string as a whole number of steps.

    Raises:
        Problem: it is not one; says the field and the step.
    """
    try:
        count = parse_decimal(text, step=step)
    except DomainError as error:
        raise Problem(
            status=422,
            code="request.amount_off_step",
            field=field,
            expected=f"a multiple of {step}",
            found=text,
        ) from error
    if count > STEPS_MAX:
        raise Problem(
            status=422,
            code="request.amount_too_large",
            field=field,
            expected=f"at most {STEPS_MAX} times {step}",
            found=text,
        )
    return count


def ordinal(text: str, *, field: str) -> int:
    """Read a day as its ordinal.

    Raises:
        Problem: there is no such day.
    """
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError as error:
        raise Problem(
            status=422, code="request.day_invalid", field=field, expected="YYYY-MM-DD", found=text
        ) from error


def instant(text: str, *, field: str) -> int:
    """Read an instant as microseconds since the epoch.

    Raises:
        Problem: there is no such instant.
    """
    try:
        return parse_utc(text)
    except ValueError as error:
        raise Problem(
            status=422,
            code="request.instant_invalid",
            field=field,
            expected="YYYY-MM-DDTHH:MM:SS[.ffffff]Z",
            found=text,
        ) from error


def normal(text: str, *, field: str) -> str:
    """Return text that is in Unicode's normal form C, as the ledger keeps it.

    Raises:
        Problem: it is in another form.
    """
    if not unicodedata.is_normalized("NFC", text):
        raise Problem(
            status=422,
            code="request.text_not_normal",
            field=field,
            expected="Unicode normal form C",
        )
    return text


class Operation(BaseModel):
    """Base of every operation: unknown fields and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def to_command(self, units: Units) -> Command:
        """Return the command that this operation asks for."""
        raise NotImplementedError
