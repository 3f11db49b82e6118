"""Norms and their editions (核算规范, 版本): which lines, which are mandatory, what inflow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gep.errors import Unknown


class Status(StrEnum):
    """Where an edition stands; ``REFERENCE`` is the method of a published account."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    DRAFT = "draft"
    REFERENCE = "reference"


class Inflow(StrEnum):
    """The deduction of products from outside: none by default, or always stated."""

    ZERO = "zero"
    STATED = "stated"


class Mark(StrEnum):
    """How well a figure is known: read in its source, known but unchecked, or our proposal."""

    SOURCE = "S"
    UNCHECKED = "K"
    PROPOSAL = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A service as a line of an edition; ``methods`` are None where any of the tree will do."""

    service: str
    is_mandatory: bool
    methods: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a norm.

    ``indicators`` are its lines by service; None where the list was not obtained, and then no line
    is refused or missed. ``product_zh`` is what the edition calls GEP.
    """

    id: str
    standard: str
    edition: str
    title: str
    region: str
    product_zh: str
    issued: date | None
    in_force_from: date | None
    in_force_to: date | None
    replaced_by: str | None
    status: Status
    inflow: Inflow
    indicators: Mapping[str, Indicator] | None
    mark: Mark
    note: str
    hash: str = ""

    def holds_on(self, day: date) -> bool:
        """Say whether it was in force on a day; where its first day is not known, it is not."""
        begun = self.in_force_from is not None and self.in_force_from <= day
        return begun and (self.in_force_to is None or day < self.in_force_to)


def edition_of(editions: Iterable[Edition], name: str, *, on: date | None = None) -> Edition:
    """Return an edition by its name, or the newest of a standard on a day.

    A standard without a year means its newest edition, as an undated reference in a norm does.

    Raises:
        Unknown: none has that name, or none of the standard was in force.
    """
    known = tuple(editions)
    for each in known:
        if each.id == name:
            return each
    dated = [each for each in known if each.standard == name and on and each.holds_on(on)]
    if not dated:
        raise Unknown(what="edition", name=name)
    return max(dated, key=lambda each: (each.in_force_from or date.min, each.id))
