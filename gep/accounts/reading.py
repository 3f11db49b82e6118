"""From a document to a plan: names resolved against the registry, every key known, units read."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from gep.accounts.five_years import five_years_at
from gep.accounts.plan import (
    Area,
    AreaKind,
    Deduction,
    LandCover,
    Plan,
    PlannedLine,
    Profile,
    Worth,
)
from gep.accounts.stocks import stocks_at
from gep.accounts.terms import CallTerm, Input, InputTerm, ParameterTerm, PlainTerm, Term
from gep.calls import arguments_of
from gep.document import Place, is_number, read_document
from gep.errors import Unknown
from gep.registry.edition import Edition, edition_of
from gep.registry.parameter_set import Override, ParameterSet
from gep.registry.reading import dims_of, range_of, unit_text, year_of
from gep.registry.service import Group, Service
from gep.registry.shipped import editions, parameter_sets, services
from gep.units import PriceBasis

NESTING_MAX = 8
PERSONS_MAX = 10**10
YUAN_MAX = 1e18
WHOLE_AREA = "land"


def read_plan(text: bytes) -> Plan:
    """Read an account's document.

    Raises:
        Malformed: the place and what was expected there.
    """
    return plan_of(read_document(text))


def plan_of(place: Place) -> Plan:
    """Read an account's document that is part of another one.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields(
        "id area year edition parameters lines",
        "price_year profile include_non_use inflow_deduction land_cover inputs overrides note"
        " stocks",
    )
    if found["lines"].value == []:
        found["lines"].refuse("out_of_range", "one line or more")
    year = year_of(found["year"])
    inputs = _inputs(found.get("inputs"), year)
    return Plan(
        id=found["id"].text(),
        area=area_at(found["area"]),
        year=year,
        price_year=year_of(found["price_year"]) if "price_year" in found else year,
        edition=edition_at(found["edition"], year),
        parameters=parameter_set_at(found["parameters"]),
        overrides=tuple(override_at(each) for each in found.get("overrides", Place([])).items()),
        profile=found["profile"].choice(Profile) if "profile" in found else Profile.GEP,
        include_non_use=found["include_non_use"].truth() if "include_non_use" in found else False,
        inflow=deduction_at(found["inflow_deduction"]) if "inflow_deduction" in found else None,
        land_cover=land_cover_at(found["land_cover"]) if "land_cover" in found else None,
        inputs=inputs,
        lines=tuple(
            found["lines"].unique(lambda each: line_at(each, inputs), lambda each: each.id)
        ),
        stocks=stocks_at(found["stocks"]) if "stocks" in found else (),
    )


def area_at(place: Place) -> Area:
    """Read what is accounted for."""
    found = place.fields("id name km2", "population gdp_yuan geometry_hash kind")
    return Area(
        id=found["id"].text(),
        name=found["name"].text(),
        km2=found["km2"].between(1e-9, 1e9),
        population=found["population"].whole(1, PERSONS_MAX) if "population" in found else None,
        gdp_yuan=found["gdp_yuan"].between(1, YUAN_MAX) if "gdp_yuan" in found else None,
        geometry_hash=found["geometry_hash"].text() if "geometry_hash" in found else None,
        kind=found["kind"].choice(AreaKind) if "kind" in found else AreaKind.REGION,
    )


def edition_at(place: Place, year: int) -> Edition:
    """Read the name of an edition, or of a standard of which one is in force in the year."""
    try:
        return edition_of(editions(), place.text(), on=date(year, 12, 31))
    except Unknown:
        place.refuse("edition_unknown", "an edition, or a standard with one in force that year")


def parameter_set_at(place: Place) -> ParameterSet:
    """Read the name of a parameter set."""
    found = parameter_sets().get(place.text())
    if found is None:
        place.refuse("parameter_set_unknown", f"one of {', '.join(parameter_sets())}")
    return found


def override_at(place: Place) -> Override:
    """Read an override: its row, value, unit, who put it there, why, and from where."""
    found = place.fields("key value unit author reason source", "dims")
    return Override(
        key=found["key"].text(),
        dims=dims_of(found.get("dims")),
        value=found["value"].number(),
        unit=found["unit"].text(),
        author=found["author"].text(),
        reason=found["reason"].text(),
        source=found["source"].text(),
    )


def deduction_at(place: Place) -> Deduction:
    """Read the inflow deduction with its source."""
    found = place.fields("yuan source")
    return Deduction(yuan=found["yuan"].between(0, YUAN_MAX), source=found["source"].text())


def land_cover_at(place: Place) -> LandCover:
    """Read the map that areas were taken from."""
    found = place.fields("product resolution_m")
    return LandCover(
        product=found["product"].text(), resolution_m=found["resolution_m"].between(1e-3, 1e6)
    )


def _inputs(place: Place | None, year: int) -> Mapping[str, Input]:
    members = {} if place is None else place.members()
    return MappingProxyType(
        {name: input_at(name, each, year=year) for name, each in members.items()}
    )


def input_at(name: str, place: Place, *, year: int) -> Input:
    """Read a figure that the account brings: its value, unit, source, range, five-year mean."""
    found = place.fields("value unit source", "basis low high mean_5y")
    basis = found["basis"].choice(PriceBasis) if "basis" in found else None
    low, high = range_of(found, found["value"])
    return Input(
        name=name,
        value=found["value"].number(),
        unit=unit_text(found["unit"], basis),
        source=found["source"].text(),
        basis=basis,
        low=low,
        high=high,
        mean_5y=five_years_at(found["mean_5y"], of=found, year=year)
        if "mean_5y" in found
        else None,
    )


def line_at(place: Place, inputs: Mapping[str, Input]) -> PlannedLine:
    """Read a line; its terms name inputs, parameters and calls that are there."""
    found = place.fields("id service", "name place worth quantity price given_yuan source")
    service = _service(found["service"])
    worth = found["worth"].choice(Worth) if "worth" in found else Worth.USE
    if worth is not Worth.USE and service.group is not Group.CULTURAL:
        found["worth"].refuse("unknown_value", "use, for no cultural service")
    line = PlannedLine(
        id=found["id"].text(),
        service=service,
        name=found["name"].text() if "name" in found else service.en,
        place=found["place"].text() if "place" in found else WHOLE_AREA,
        worth=worth,
        quantity=_term(found["quantity"], inputs) if "quantity" in found else None,
        price=_term(found["price"], inputs) if "price" in found else None,
        given_yuan=found["given_yuan"].between(0, YUAN_MAX) if "given_yuan" in found else None,
        source=found["source"].text() if "source" in found else "",
    )
    if line.given_yuan is None:
        place.fields("id service quantity price", "name place worth source")
    else:
        place.fields("id service given_yuan source", "name place worth")
    if isinstance(line.quantity, CallTerm) and line.quantity.name not in service.methods:
        expected = f"one of {', '.join(service.methods)}" if service.methods else "an input"
        found["quantity"].refuse("method_unknown", expected)
    return line


def _service(place: Place) -> Service:
    found = services().get(place.text())
    if found is None:
        place.refuse("service_unknown", f"one of {', '.join(services())}")
    return found


def _truth(place: Place) -> PlainTerm:
    return PlainTerm(value=Decimal(int(place.truth())))


def _term(place: Place, inputs: Mapping[str, Input], depth: int = 1) -> Term:
    if depth > NESTING_MAX:
        place.refuse("too_many", f"calls nested at most {NESTING_MAX} deep")
    if isinstance(place.value, str):
        if place.value in inputs:
            return InputTerm(name=place.value)
        # A plan's canonical text has numbers as texts.
        if not is_number(place.value):
            place.refuse("input_unknown", "the name of an input")
    if not isinstance(place.value, dict):
        return PlainTerm(value=place.number())
    if "parameter" in place.value:
        row = place.fields("parameter", "dims")
        return ParameterTerm(key=row["parameter"].text(), dims=dims_of(row.get("dims")))
    found = place.fields("call args")
    name = found["call"].text()
    try:
        known = arguments_of(name)
    except Unknown:
        found["call"].refuse("call_unknown", "a call of the engine")
    needed = " ".join(each.name for each in known.values() if not each.is_optional)
    found["args"].fields(needed, " ".join(known))
    return CallTerm(
        name=name,
        arguments={
            key: tuple(_term(item, inputs, depth + 1) for item in each.items())
            if isinstance(each.value, list)
            else _truth(each)
            if known[key].kind is bool and isinstance(each.value, bool)
            else _term(each, inputs, depth + 1)
            for key, each in found["args"].members().items()
        },
    )
