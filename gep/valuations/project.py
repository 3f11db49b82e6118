"""What is valued: a project's years with it and without it, and the incomes that somebody pays.

Every year's amount is whole fen. A figure with a low and a high moves all its years in proportion.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kernel.money import Fen

YEARS_MAX = 100
SOLD = frozenset({"M1", "M2", "M3", "M4", "C1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A figure that may lie anywhere from its low to its high."""

    name: str
    low: Decimal
    central: Decimal
    high: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """Fen of each year, year 1 first; where the first year is doubted, all of them move with it."""

    fen: tuple[Fen, ...]
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A service's yearly value with the project and without it.

    Where quantities were given, ``unit`` and ``price`` say what one year's value was made of.
    """

    service: str
    name: str
    with_project: Yearly
    without_project: Yearly
    unit: str | None = None
    price: Decimal | None = None
    price_doubt: Doubt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """A component that somebody pays for (有付费方的收益): who, by which title, how long.

    ``contract`` names what makes a service paid that is not sold: compensation, a traded right.
    ``contract_years`` is the time that is left of it; nothing is earned after it.
    """

    component: str
    service: str
    income: Yearly
    cost: Yearly
    payer: str | None = None
    title: str | None = None
    contract: str | None = None
    contract_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """The right that a project rests on (权利): its title, whose it is, how many years are left."""

    title: str
    holder: str
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The unit that is valued (特定地域单元)."""

    id: str
    name: str
    km2: Decimal
    geometry_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """By which norm, parameters and prices quantities and values were found.

    ``parameter_set_unchecked`` counts the rows of the set whose document was not read again.
    """

    edition: str
    parameter_set: str
    parameter_set_hash: str
    parameter_set_unchecked: int
    price_year: int
    price_basis: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a valuation must name before anybody may rely on it.

    ``account_with`` and ``account_without`` are the hashes of the accounts of both scenarios.
    """

    name: str
    valued_on: date
    site: Site
    right: Right
    basis: Basis
    account_with: str | None = None
    account_without: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What is valued, over which years and at which rate; ``identity`` if it may be relied on."""

    id: str
    years: int
    right_years: int
    rate: Decimal
    flows: tuple[Flow, ...]
    incomes: tuple[Income, ...]
    investment: Fen
    is_due: bool = False
    identity: Identity | None = None
