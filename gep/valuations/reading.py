"""From a document to a project that can be valued.

A yearly figure is a list with one for each year, or its first year with a growth and a range:
nothing grows, and nothing is doubted, unless the document says so. A flow is yuan a year, or
quantities of one unit at a price.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gep.accounts.account import EXACT, fen_of
from gep.document import Place, read_document
from gep.errors import AccountRefused
from gep.registry.reading import range_of, year_of
from gep.registry.shipped import parameter_set_of, services
from gep.units import PriceBasis
from gep.valuations.project import (
    YEARS_MAX,
    Basis,
    Doubt,
    Flow,
    Identity,
    Income,
    Project,
    Right,
    Site,
    Yearly,
)
from kernel.money import Fen

YUAN_MAX = 1e15
QUANTITY_MAX = 1e18
GROWTH_MAX = 1.0
TEXT_MAX = 200
FLOWS_MAX = INCOMES_MAX = 60
TERM_MAX = 1_000
HASH_LENGTH = 64
_IDENTITY = "name valued_on area right basis"


@dataclass(frozen=True, slots=True)
class _Series:
    """Figures of each year as they were written, with unit and range of the first."""

    values: tuple[Decimal, ...]
    unit: str | None = None
    doubt: Doubt | None = None


def read_project(text: bytes) -> Project:
    """Read a project.

    Raises:
        Malformed: the place and what was expected there.
        AccountRefused: with and without the project in different units.
        Unknown: no such parameter set.
    """
    return project_of(read_document(text))


def project_of(document: Place) -> Project:
    """Return the project of a document that was read; as ``read_project``."""
    found = document.fields(
        "id years rate", f"right_years flows incomes investment due note accounts {_IDENTITY}"
    )
    years = found["years"].whole(1, YEARS_MAX)
    identity = _identity(document, found)
    if identity is None:
        right_years = document.fields("right_years", " ".join(found))["right_years"]
    else:
        right_years = found["right"].members()["years"]
    flows, incomes = found.get("flows", Place([])), found.get("incomes", Place([]))
    return Project(
        id=short(found["id"]),
        years=years,
        right_years=right_years.whole(0, TERM_MAX),
        rate=found["rate"].number(),
        flows=tuple(_flow(each, years) for each in flows.items(most=FLOWS_MAX)),
        incomes=tuple(_income(each, years) for each in incomes.items(most=INCOMES_MAX)),
        investment=fen_of(found["investment"].between(0, YUAN_MAX))
        if "investment" in found
        else Fen(0),
        is_due=found["due"].truth() if "due" in found else False,
        identity=identity,
    )


def short(place: Place) -> str:
    """Return a text that fits a line."""
    text = place.text()
    if len(text) > TEXT_MAX or not text.isprintable():
        place.refuse("out_of_range", f"at most {TEXT_MAX} printable characters")
    return text


def site_of(place: Place) -> Site:
    """Read the unit that is valued."""
    found = place.fields("id name km2", "geometry_hash")
    return Site(
        id=short(found["id"]),
        name=short(found["name"]),
        km2=found["km2"].between(1e-9, 1e9),
        geometry_hash=short(found["geometry_hash"]) if "geometry_hash" in found else None,
    )


def right_of(place: Place) -> Right:
    """Read the right that a project rests on."""
    found = place.fields("title holder years")
    return Right(
        title=short(found["title"]),
        holder=short(found["holder"]),
        years=found["years"].whole(0, TERM_MAX),
    )


def accounts_of(place: Place | None) -> tuple[str | None, str | None]:
    """Read the hashes of the accounts with and without the project: both, or none."""
    if place is None:
        return None, None
    found = place.fields("with without")
    for each in found.values():
        text = each.text()
        if len(text) != HASH_LENGTH or set(text) - set("0123456789abcdef"):
            each.refuse("wrong_type", "the hash of an account")
    return found["with"].text(), found["without"].text()


def service_of(place: Place) -> str:
    """Read a service's code."""
    if place.text() not in services():
        place.refuse("service_unknown", f"one of {', '.join(services())}")
    return place.text()


def _identity(document: Place, found: dict[str, Place]) -> Identity | None:
    if not {*_IDENTITY.split(), "accounts"} & found.keys():
        return None
    optional = " ".join(name for name in found if name not in _IDENTITY.split())
    named = document.fields(_IDENTITY, optional)
    if "right_years" in found:
        found["right_years"].refuse("unknown_key", "the term in right.years alone")
    account_with, account_without = accounts_of(found.get("accounts"))
    return Identity(
        name=short(named["name"]),
        valued_on=named["valued_on"].day(),
        site=site_of(named["area"]),
        right=right_of(named["right"]),
        basis=_basis(named["basis"]),
        account_with=account_with,
        account_without=account_without,
    )


def _basis(place: Place) -> Basis:
    found = place.fields("edition parameters price_year", "price_basis")
    parameters = parameter_set_of(found["parameters"].text())
    return Basis(
        edition=short(found["edition"]),
        parameter_set=parameters.version,
        parameter_set_hash=parameters.hash,
        parameter_set_unchecked=parameters.unchecked,
        price_year=year_of(found["price_year"]),
        price_basis=found["price_basis"].choice(PriceBasis).value
        if "price_basis" in found
        else None,
    )


def _flow(place: Place, years: int) -> Flow:
    found = place.fields("service with without", "name price_yuan")
    service = service_of(found["service"])
    name = short(found["name"]) if "name" in found else service
    most = QUANTITY_MAX if "price_yuan" in found else YUAN_MAX
    here, there = (
        _series(found[each], years, name=f"flows.{name}.{each}", most=most)
        for each in ("with", "without")
    )
    if here.unit != there.unit:
        raise AccountRefused(
            code="units_differ",
            field=f"{place.path}.without",
            expected=f"the unit of what is with the project, {here.unit or 'yuan'}",
            found=there.unit or "yuan",
        )
    if "price_yuan" not in found:
        if here.unit is not None:
            place.refuse("key_missing", f"price_yuan for a quantity in {here.unit}")
        return Flow(
            service=service,
            name=name,
            with_project=_yearly(here),
            without_project=_yearly(there),
        )
    if here.unit is None:
        place.refuse("key_missing", "the unit of the quantities that the price is for")
    price, doubt = _price(found["price_yuan"], name=f"flows.{name}.price", unit=here.unit)
    return Flow(
        service=service,
        name=name,
        with_project=_yearly(here, price),
        without_project=_yearly(there, price),
        unit=here.unit,
        price=price,
        price_doubt=doubt,
    )


def _income(place: Place, years: int) -> Income:
    found = place.fields("component service income cost", "contract contract_years payer title")
    component = short(found["component"])
    term = found["contract_years"].whole(0, TERM_MAX) if "contract_years" in found else None
    if term is not None and "contract" not in found:
        place.refuse("key_missing", "the contract that the years are left of")

    def yearly(name: str) -> Yearly:
        whole = f"incomes.{component}.{name}"
        return _yearly(_series(found[name], years, name=whole, most=YUAN_MAX, last=term))

    return Income(
        component=component,
        service=service_of(found["service"]),
        income=yearly("income"),
        cost=yearly("cost"),
        payer=_optional(found, "payer", short),
        title=_optional(found, "title", short),
        contract=_optional(found, "contract", short),
        contract_years=term,
    )


def _optional(found: dict[str, Place], name: str, read: Callable[[Place], str]) -> str | None:
    return read(found[name]) if name in found else None


def _price(place: Place, *, name: str, unit: str) -> tuple[Decimal, Doubt | None]:
    if not isinstance(place.value, dict):
        return place.between(0, YUAN_MAX), None
    found = place.fields("value", "low high")
    value = found["value"].between(0, YUAN_MAX)
    return value, _doubt(found, found["value"], name=name, unit=f"yuan/{unit}")


def _series(
    place: Place, years: int, *, name: str, most: float, last: int | None = None
) -> _Series:
    """Read the figures of each year; after ``last``, the end of a contract, they are nothing."""
    if isinstance(place.value, list):
        return _Series(_listed(place, most, last))
    found = place.fields("", "first growth low high each unit")
    unit = short(found["unit"]) if "unit" in found else None
    if "each" in found:
        for other in ("first", "growth", "low", "high"):
            if other in found:
                found[other].refuse("unknown_key", "each, or first with growth and range")
        return _Series(_listed(found["each"], most, last), unit)
    place.fields("first", "growth low high unit")
    first = found["first"].between(0, most)
    growth = found["growth"].between(-1, GROWTH_MAX) if "growth" in found else Decimal(0)
    doubt = _doubt(found, found["first"], name=name, unit=unit or "yuan")
    return _Series(_grown(first, growth, years=years, last=last), unit, doubt)


def _listed(place: Place, most: float, last: int | None) -> tuple[Decimal, ...]:
    items = list(place.items(most=YEARS_MAX))
    values = tuple(each.between(0, most) for each in items)
    for year, each in enumerate(items):
        if last is not None and year >= last and values[year]:
            each.refuse("beyond_the_contract", f"nothing after year {last}, the contract's last")
    return values


def _grown(first: Decimal, growth: Decimal, *, years: int, last: int | None) -> tuple[Decimal, ...]:
    found = []
    for year in range(years):
        found.append(first if last is None or year < last else Decimal(0))
        first = EXACT.multiply(first, EXACT.add(Decimal(1), growth))
    return tuple(found)


def _doubt(found: dict[str, Place], value: Place, *, name: str, unit: str) -> Doubt | None:
    low, high = range_of(found, value)
    if low is None:
        return None
    if low < 0:
        found["low"].refuse("out_of_range", "0 or more")
    central = value.number()
    if not central:
        value.refuse("out_of_range", "above 0, where it has a range")
    return Doubt(name=name, low=low, central=central, high=high, unit=unit)


def _yearly(series: _Series, price: Decimal = Decimal(1)) -> Yearly:
    return Yearly(fen=_fen(series.values, price), doubt=series.doubt)


def _fen(values: Sequence[Decimal], price: Decimal) -> tuple[Fen, ...]:
    return tuple(fen_of(EXACT.multiply(each, price)) for each in values)
