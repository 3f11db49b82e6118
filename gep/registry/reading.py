"""From documents to services, editions and parameter sets: every key known, every value bounded."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from gep.document import Place
from gep.errors import UnitMismatch
from gep.measures import figure_of
from gep.registry.edition import Edition, Indicator, Inflow, Mark, Status
from gep.registry.parameter_set import Dims, Parameter, ParameterSet
from gep.registry.service import Group, Service, Valuation
from gep.units import PriceBasis
from kernel.canonical import canonical

YEAR_MIN, YEAR_MAX = 1900, 2500


def read_services(place: Place) -> Mapping[str, Service]:
    """Read the indicator tree.

    Raises:
        Malformed: the place and what was expected there.
    """
    services = place.unique(_service, lambda each: each.code)
    return MappingProxyType({each.code: each for each in services})


def read_editions(place: Place, services: Mapping[str, Service]) -> tuple[Edition, ...]:
    """Read the register of norms.

    Raises:
        Malformed: the place and what was expected there.
    """
    editions = place.unique(lambda each: _edition(each, services), lambda each: each.id)
    known = {each.id for each in editions}
    for each, row in zip(editions, place.items(), strict=True):
        if each.replaced_by is not None and each.replaced_by not in known:
            row.refuse("unknown_value", "to be replaced by an edition of the register")
    return tuple(editions)


def read_parameter_set(
    place: Place, parent_of: Callable[[str], ParameterSet | None]
) -> ParameterSet:
    """Read a set, and find the one that it extends.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = place.fields("version standard region base_year title rows", "extends")
    extends = None
    if "extends" in found:
        extends = parent_of(found["extends"].text())
        if extends is None:
            found["extends"].refuse("unknown_value", "the version of another set")
    rows: dict[tuple[str, Dims], tuple[Parameter, ...]] = {}
    for row in found["rows"].unique(_parameter, lambda each: (each.name, each.valid_from)):
        rows[row.key, row.dims] = (*rows.get((row.key, row.dims), ()), row)
    return sealed(
        ParameterSet(
            version=found["version"].text(),
            standard=found["standard"].text(),
            region=found["region"].text(),
            base_year=year_of(found["base_year"]),
            title=found["title"].text(),
            rows=MappingProxyType(rows),
            extends=extends,
        )
    )


def sealed(parameter_set: ParameterSet) -> ParameterSet:
    """Return a set with the SHA-256 of its canonical document, its parent's hash among it."""
    document = document_of(parameter_set)
    return replace(parameter_set, hash=sha256(canonical(document)).hexdigest())


def document_of(parameter_set: ParameterSet) -> dict[str, Any]:
    """Return a set as plain values without numbers."""
    parent = parameter_set.extends
    return {
        "version": parameter_set.version,
        "standard": parameter_set.standard,
        "region": parameter_set.region,
        "base_year": str(parameter_set.base_year),
        "title": parameter_set.title,
        "extends": None if parent is None else {"version": parent.version, "hash": parent.hash},
        "rows": [row_document(row) for row in parameter_set.all_rows()],
    }


def row_document(row: Parameter) -> dict[str, Any]:
    """Return a row as plain values without numbers."""
    return {
        "key": row.key,
        "dims": dict(row.dims),
        "value": f"{row.value:f}",
        "unit": row.unit,
        "mark": row.mark.value,
        "source": row.source,
        "low": _text(row.low),
        "high": _text(row.high),
        "price_year": _text(row.price_year),
        "basis": _text(row.basis),
        "valid_from": _text(row.valid_from),
        "valid_to": _text(row.valid_to),
        "note": row.note,
    }


def edition_document(edition: Edition) -> dict[str, Any]:
    """Return an edition as plain values without numbers."""
    return {
        "id": edition.id,
        "standard": edition.standard,
        "edition": edition.edition,
        "title": edition.title,
        "region": edition.region,
        "product_zh": edition.product_zh,
        "issued": _text(edition.issued),
        "in_force_from": _text(edition.in_force_from),
        "in_force_to": _text(edition.in_force_to),
        "replaced_by": edition.replaced_by,
        "status": edition.status.value,
        "inflow": edition.inflow.value,
        "indicators": None
        if edition.indicators is None
        else [
            {
                "service": each.service,
                "mandatory": each.is_mandatory,
                "methods": None if each.methods is None else list(each.methods),
            }
            for each in edition.indicators.values()
        ],
        "mark": edition.mark.value,
        "note": edition.note,
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def year_of(place: Place) -> int:
    """Read a year."""
    return place.whole(YEAR_MIN, YEAR_MAX)


def dims_of(place: Place | None) -> Dims:
    """Read the dimensions of a row, in the order of their names."""
    members = {} if place is None else place.members()
    return tuple(sorted((name, each.text()) for name, each in members.items()))


def unit_text(place: Place, basis: PriceBasis | None = None) -> str:
    """Read a unit, refusing one that we do not know."""
    try:
        figure_of(0.0, place.text(), basis)
    except UnitMismatch as error:
        place.refuse("unit_unknown", error.expected or "a unit")
    return place.text()


def range_of(
    found: Mapping[str, Place], value: Place
) -> tuple[Any, Any]:  # low and high, both or none
    """Read the range of a value: both ends, around it."""
    if ("low" in found) is not ("high" in found):
        value.refuse("range_incomplete", "both low and high, or neither")
    if "low" not in found:
        return None, None
    low, high = found["low"].number(), found["high"].number()
    if not low <= value.number() <= high or low == high:
        value.refuse("out_of_range", f"a value from its low {low} to its high {high}")
    return low, high


def _parameter(place: Place) -> Parameter:
    found = place.fields(
        "key value unit mark source", "dims low high price_year basis valid_from valid_to note"
    )
    basis = found["basis"].choice(PriceBasis) if "basis" in found else None
    low, high = range_of(found, found["value"])
    return Parameter(
        key=found["key"].text(),
        dims=dims_of(found.get("dims")),
        value=found["value"].number(),
        unit=unit_text(found["unit"], basis),
        mark=found["mark"].choice(Mark),
        source=found["source"].text(),
        low=low,
        high=high,
        price_year=year_of(found["price_year"]) if "price_year" in found else None,
        basis=basis,
        valid_from=_day(found, "valid_from"),
        valid_to=_day(found, "valid_to"),
        note=found["note"].text() if "note" in found else "",
    )


def _service(place: Place) -> Service:
    found = place.fields("code zh en group methods units value_methods valuation", "seea")
    return Service(
        code=found["code"].text(),
        zh=found["zh"].text(),
        en=found["en"].text(),
        group=found["group"].choice(Group),
        methods=tuple(each.text() for each in found["methods"].items()),
        seea=found["seea"].text() if "seea" in found else None,
        units=tuple(unit_text(each) for each in found["units"].items()),
        value_methods=tuple(each.text() for each in found["value_methods"].items()),
        valuation=found["valuation"].choice(Valuation),
    )


def _edition(place: Place, services: Mapping[str, Service]) -> Edition:
    found = place.fields(
        "id standard edition title region product_zh status inflow mark",
        "issued in_force_from in_force_to replaced_by indicators note",
    )
    indicators = None
    if "indicators" in found:
        rows = found["indicators"].unique(
            lambda each: _indicator(each, services), lambda each: each.service
        )
        indicators = MappingProxyType({each.service: each for each in rows})
    begins, ends = _day(found, "in_force_from"), _day(found, "in_force_to")
    if begins is not None and ends is not None and ends <= begins:
        place.refuse("out_of_range", "an end after the beginning")
    edition = Edition(
        id=found["id"].text(),
        standard=found["standard"].text(),
        edition=found["edition"].text(),
        title=found["title"].text(),
        region=found["region"].text(),
        product_zh=found["product_zh"].text(),
        issued=_day(found, "issued"),
        in_force_from=begins,
        in_force_to=ends,
        replaced_by=found["replaced_by"].text() if "replaced_by" in found else None,
        status=found["status"].choice(Status),
        inflow=found["inflow"].choice(Inflow),
        indicators=indicators,
        mark=found["mark"].choice(Mark),
        note=found["note"].text() if "note" in found else "",
    )
    return replace(edition, hash=sha256(canonical(edition_document(edition))).hexdigest())


def _indicator(place: Place, services: Mapping[str, Service]) -> Indicator:
    found = place.fields("service mandatory", "methods")
    service = services.get(found["service"].text())
    if service is None:
        found["service"].refuse("service_unknown", "a service of the indicator tree")
    methods = None
    if "methods" in found:
        methods = tuple(_method(each, service) for each in found["methods"].items())
    return Indicator(service=service.code, is_mandatory=found["mandatory"].truth(), methods=methods)


def _method(place: Place, service: Service) -> str:
    if place.text() not in service.methods:
        place.refuse("method_unknown", f"one of {', '.join(service.methods)}")
    return place.text()


def _day(found: Mapping[str, Place], name: str) -> date | None:
    return found[name].day() if name in found else None
