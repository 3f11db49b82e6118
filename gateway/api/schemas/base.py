"""The common ground of all operations: strict models, units, and the turn into a command."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.problems import Problem
from kernel.errors import DomainError
from kernel.money import parse_decimal
from ledger.commands import Command

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
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$",
        examples=["2026-03-16T02:00:00Z"],
    ),
]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", examples=["2026-03-16"])]


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

    def lots(self, text: str, *, instrument: str, field: str) -> int:
        """Read a quantity of an instrument as lots."""
        return whole(text, step=self.of(instrument).lot, field=field)

    def ticks(self, text: str, *, instrument: str, field: str) -> int:
        """Read a price of an instrument as ticks."""
        tick = self.of(instrument).tick
        if tick is None:
            raise Problem(
                status=409, code="exchange.book_unknown", field="instrument", found=instrument
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
        return parse_decimal(text, step=step)
    except DomainError as error:
        raise Problem(
            status=422,
            code="request.amount_off_step",
            field=field,
            expected=f"a multiple of {step}",
            found=text,
        ) from error


class Operation(BaseModel):
    """Base of every operation: unknown fields and silent conversions are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def to_command(self, units: Units) -> Command:
        """Return the command that this operation asks for."""
        raise NotImplementedError
