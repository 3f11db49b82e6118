"""What an account is made of: area, year, edition, parameters, inputs, lines as terms.

A plan is a document that was read and found whole; ``gep.accounts.making`` makes the account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gep.accounts.stocks import Stock
from gep.accounts.terms import Input, Term
from gep.registry.edition import Edition
from gep.registry.parameter_set import Override, ParameterSet
from gep.registry.service import Service


class Profile(StrEnum):
    """What is counted: GEP of the edition, or exchange values of SEEA EA alone."""

    GEP = "GEP"
    SEEA_EA = "SEEA_EA"


class AreaKind(StrEnum):
    """What is accounted for (核算区域): an administrative region, a project's unit, a parcel."""

    REGION = "region"
    PROJECT = "project"
    PARCEL = "parcel"


class Worth(StrEnum):
    """What a line's value is: of a service used, of consumer surplus, or of non-use."""

    USE = "use"
    SURPLUS = "surplus"
    NON_USE = "non_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What is accounted for: a region, a project, a parcel; figures beside it may be unknown."""

    id: str
    name: str
    km2: Decimal
    population: int | None = None
    gdp_yuan: Decimal | None = None
    geometry_hash: str | None = None
    kind: AreaKind = AreaKind.REGION


@dataclass(frozen=True, slots=True, kw_only=True)
class LandCover:
    """The map that areas were taken from: what makes years comparable."""

    product: str
    resolution_m: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedLine:
    """A line before it is computed: a quantity and a price, or a value that is given.

    Lines of one ``place`` are of the same cells; ``land`` means the whole area.
    """

    id: str
    service: Service
    name: str
    place: str
    worth: Worth
    quantity: Term | None = None
    price: Term | None = None
    given_yuan: Decimal | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """The value of ecological products that came from outside the area (GB/T 46869-2025)."""

    yuan: Decimal
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An account that can be made."""

    id: str
    area: Area
    year: int
    price_year: int
    edition: Edition
    parameters: ParameterSet
    overrides: tuple[Override, ...]
    profile: Profile
    include_non_use: bool
    inflow: Deduction | None
    land_cover: LandCover | None
    inputs: Mapping[str, Input]
    lines: tuple[PlannedLine, ...]
    stocks: tuple[Stock, ...] = ()
