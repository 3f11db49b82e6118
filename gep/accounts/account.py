"""An account that was made (GEP 核算账): stored lines, and sums of them.

1. A line is quantised once: its quantity to six decimals of its unit, its value to the fen.
2. Every subtotal and the total is a sum of stored lines, and adds up exactly.
3. An account is a value: what made it is named by hashes, and so is the account itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gep.accounts.plan import Area, AreaKind, LandCover, Profile, Worth
from gep.accounts.stocks import Stock
from gep.accounts.terms import Used
from gep.registry.edition import Mark
from gep.registry.parameter_set import Override
from gep.registry.service import Group
from gep.units import PriceBasis
from kernel.canonical import canonical
from kernel.money import Fen

EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
QUANTITY_STEP = Decimal("0.000001")
FEN_A_YUAN = 100


def quantised(quantity: float) -> Decimal:
    """Return a quantity as it is stored: six decimals of its unit, half up."""
    return EXACT.quantize(Decimal(repr(float(quantity))), QUANTITY_STEP)


def stored_price(yuan: float) -> Decimal:
    """Return a unit price as it is stored: the 15 digits that a float surely holds."""
    return Decimal(f"{yuan:.15g}")


def fen_of(yuan: Decimal) -> Fen:
    """Return yuan as whole fen, half up and away from zero."""
    return Fen(int(EXACT.quantize(EXACT.multiply(yuan, Decimal(FEN_A_YUAN)), Decimal(1))))


def yuan_of(fen: int) -> Decimal:
    """Return fen as yuan with two decimals."""
    return EXACT.scaleb(Decimal(fen), -2)


class WarningCode(StrEnum):
    """What a reader of an account must know before relying on it."""

    UNCHECKED_PARAMETERS = "unchecked_parameters"
    EDITION_UNCHECKED = "edition_unchecked"
    EDITION_NOT_IN_FORCE = "edition_not_in_force"
    INDICATORS_UNKNOWN = "indicators_unknown"
    MANDATORY_MISSING = "mandatory_missing"
    SERVICE_DOMINATES = "service_dominates"
    CLIPPED = "clipped"
    PRICE_YEAR_DIFFERS = "price_year_differs"
    OXYGEN_AND_CARBON_DIFFER = "oxygen_and_carbon_differ"
    EMISSION_UNKNOWN = "emission_unknown"
    GIVEN_LINES = "given_lines"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning (GEP 预警) with its place and, where there is one, the figure that raised it."""

    code: WarningCode
    place: str
    figure: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One line (核算行): a quantity, its price, and the value; a given one has the value alone."""

    id: str
    service: str
    group: Group
    name: str
    place: str
    worth: Worth
    method: str
    quantity: Decimal | None
    unit: str | None
    price: Decimal | None
    basis: PriceBasis | None
    value: Fen
    is_counted: bool
    used: tuple[Used, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One area, one year, one edition, one parameter set."""

    id: str
    area: Area
    year: int
    price_year: int
    edition: str
    edition_hash: str
    product_zh: str
    profile: Profile
    parameter_set: str
    parameter_set_hash: str
    parameter_set_unchecked: int
    price_basis: PriceBasis | None
    land_cover: LandCover | None
    lines: tuple[LineItem, ...]
    deduction: Fen
    overrides: tuple[Override, ...]
    total_without_overrides: Fen
    warnings: tuple[Warned, ...]
    stocks: tuple[Stock, ...] = ()

    def counted(self) -> tuple[LineItem, ...]:
        """Return the lines that the total is the sum of."""
        return tuple(each for each in self.lines if each.is_counted)

    @property
    def subtotals(self) -> Mapping[Group, Fen]:
        """The counted lines of each group, summed."""
        return {
            group: sum_of_lines(each for each in self.counted() if each.group is group)
            for group in Group
            if group is not Group.DISSERVICE
        }

    @property
    def by_service(self) -> Mapping[str, Fen]:
        """The counted lines of each service, summed."""
        services = dict.fromkeys(each.service for each in self.counted())
        return {
            service: sum_of_lines(each for each in self.counted() if each.service == service)
            for service in services
        }

    @property
    def total(self) -> Fen:
        """GEP: the counted lines, less the products that came from outside."""
        return Fen(sum_of_lines(self.counted()) - self.deduction)

    @property
    def disservices(self) -> Fen:
        """The disservices, which are not netted into the total."""
        return sum_of_lines(each for each in self.lines if each.group is Group.DISSERVICE)

    @property
    def net_of_disservices(self) -> Fen:
        """The second figure: GEP less disservices."""
        return Fen(self.total - self.disservices)

    @property
    def left_out(self) -> tuple[LineItem, ...]:
        """Services that were computed and are not counted: non-use, or no exchange value."""
        return tuple(
            each
            for each in self.lines
            if not each.is_counted and each.group is not Group.DISSERVICE
        )

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The parameters in use whose document was not read again, of all in the set."""
        return tuple(
            sorted(
                {
                    used.name
                    for line in self.lines
                    for used in line.used
                    if used.mark is Mark.UNCHECKED
                }
            )
        )

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical document."""
        return sha256(canonical(self.document())).hexdigest()

    def document(self) -> dict[str, Any]:
        """Return the account as plain values without numbers: what is hashed and exported.

        ``stocks`` are a member only of an account that has some, so that others keep their hash.
        """
        return {
            "id": self.id,
            "area": _area_document(self.area),
            "year": str(self.year),
            "price_year": str(self.price_year),
            "edition": self.edition,
            "edition_hash": self.edition_hash,
            "product_zh": self.product_zh,
            "profile": self.profile.value,
            "parameter_set": self.parameter_set,
            "parameter_set_hash": self.parameter_set_hash,
            "parameter_set_unchecked": str(self.parameter_set_unchecked),
            "price_basis": _text(self.price_basis),
            "land_cover": None
            if self.land_cover is None
            else {
                "product": self.land_cover.product,
                "resolution_m": f"{self.land_cover.resolution_m:f}",
            },
            "lines": [_line_document(each) for each in self.lines],
            "subtotals_yuan": {
                group.value: str(yuan_of(value)) for group, value in self.subtotals.items()
            },
            "inflow_deduction_yuan": str(yuan_of(self.deduction)),
            "total_yuan": str(yuan_of(self.total)),
            "disservices_yuan": str(yuan_of(self.disservices)),
            "net_of_disservices_yuan": str(yuan_of(self.net_of_disservices)),
            "left_out_yuan": str(yuan_of(sum_of_lines(self.left_out))),
            "total_without_overrides_yuan": str(yuan_of(self.total_without_overrides)),
            "overrides": [_override_document(each) for each in self.overrides],
            "unchecked": list(self.unchecked),
            "warnings": [
                {"code": each.code.value, "place": each.place, "figure": _text(each.figure)}
                for each in self.warnings
            ],
            **({"stocks": [each.document() for each in self.stocks]} if self.stocks else {}),
        }


def sum_of_lines(lines: Iterable[LineItem]) -> Fen:
    """Return the sum of stored values."""
    return Fen(sum(each.value for each in lines))


def _area_document(area: Area) -> dict[str, Any]:
    found = {
        "id": area.id,
        "name": area.name,
        "km2": f"{area.km2:f}",
        "population": _text(area.population),
        "gdp_yuan": _text(area.gdp_yuan),
        "geometry_hash": area.geometry_hash,
    }
    # A region is what no kind is written of, so that accounts of older builds keep their hash.
    return found if area.kind is AreaKind.REGION else found | {"kind": area.kind.value}


def _line_document(line: LineItem) -> dict[str, Any]:
    return {
        "id": line.id,
        "service": line.service,
        "group": line.group.value,
        "name": line.name,
        "place": line.place,
        "worth": line.worth.value,
        "method": line.method,
        "quantity": _text(line.quantity),
        "unit": line.unit,
        "price_yuan": _text(line.price),
        "price_basis": _text(line.basis),
        "value_yuan": str(yuan_of(line.value)),
        "counted": line.is_counted,
        "used": [
            {
                "name": each.name,
                "value": f"{each.value:f}",
                "unit": each.unit,
                "source": each.source,
                "mark": _text(each.mark),
                "overridden": each.override is not None,
            }
            for each in line.used
        ],
    }


def _override_document(override: Override) -> dict[str, Any]:
    return {
        "key": override.key,
        "dims": dict(override.dims),
        "value": f"{override.value:f}",
        "unit": override.unit,
        "author": override.author,
        "reason": override.reason,
        "source": override.source,
    }


def _text(value: object) -> str | None:
    return f"{value:f}" if isinstance(value, Decimal) else None if value is None else str(value)
