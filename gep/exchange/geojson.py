"""An account as GeoJSON (RFC 7946): a feature of the area, one for each zone, and all the rest.

Features are what a map needs: figures by service as numbers. The whole account stands beside them
as the member ``account``, which readers of maps pass over.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from gep.accounts.plan import AreaKind
from gep.accounts.reading import WHOLE_AREA
from gep.document import Place
from gep.exchange.boundary import bounds_of, zones_at
from gep.exchange.sealing import SEALS, rows_of, sealed
from gep.exchange.written import Written
from gep.registry.service import Group

ACCOUNT = "account"
STOCK_TEXTS = ("resource", "unit")


def write_geojson(tree: Mapping[str, Any]) -> bytes:
    """Return a tree as GeoJSON."""
    boundary = tree["boundary"]
    document: dict[str, Any] = {"type": "FeatureCollection"}
    if boundary is not None:
        area, zones = zones_at(Place(boundary, "boundary"))
        document["bbox"] = bounds_of((*zones, *(() if area is None else (area,))))
    document["features"] = [_area(tree), *_zones(tree)]
    document[ACCOUNT] = {name: each for name, each in tree.items() if name != "boundary"}
    return sealed(document)


def read_geojson(document: Place) -> Written:
    """Read the tree of a GeoJSON document back.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = document.fields(f"type features {ACCOUNT} {SEALS}", "bbox")
    features = [_zone_at(each) for each in found["features"].items()]
    if not features:
        found["features"].refuse("wrong_type", "the feature of the area, and those of zones")
    area, *zones = (each if each["geometry"] is not None else None for each in features)
    known = [each for each in zones if each is not None]
    tree = {name: each.value for name, each in found[ACCOUNT].members().items()}
    return Written(
        tree=tree | {"boundary": {"area": area, "zones": known} if area or known else None},
        rows=rows_of(document.value),
        seals={name: each.text() for name, each in found[SEALS].members().items()},
    )


def _zone_at(place: Place) -> dict[str, Any]:
    found = place.fields("type id properties", "geometry")
    geometry = found["geometry"].value if "geometry" in found else None
    name = found["properties"].fields("name", " ".join(found["properties"].members()))["name"]
    return {"id": found["id"].text(), "name": name.text(), "geometry": geometry}


def _area(tree: Mapping[str, Any]) -> dict[str, Any]:
    area, boundary, course = tree["area"], tree["boundary"], tree["course"]
    known = None if boundary is None else boundary["area"]
    return _feature(
        area["id"],
        None if known is None else known["geometry"],
        {
            "name": area["name"] if known is None else known["name"],
            "kind": "area",
            "account": tree["account_hash"],
            "status": None if course is None else course["status"],
            "year": int(tree["year"]),
            "edition": tree["edition"],
            "parameter_set": tree["parameter_set"],
            "parameters_unchecked": int(tree["parameter_set_unchecked"]),
            "notices_zh": "; ".join(each["zh"] for each in tree["notices"]),
            "notices_en": "; ".join(each["en"] for each in tree["notices"]),
            "area_kind": area.get("kind", AreaKind.REGION.value),
            "km2": Decimal(area["km2"]),
            "gep_yuan": Decimal(tree["total_yuan"]),
            **{f"{group}_yuan": Decimal(value) for group, value in tree["subtotals_yuan"].items()},
            "inflow_deduction_yuan": Decimal(tree["inflow_deduction_yuan"]),
            "disservices_yuan": Decimal(tree["disservices_yuan"]),
            "per_km2_yuan": Decimal(tree["indices"]["per_km2_yuan"]),
            "warnings": len(tree["warnings"]),
            **_by_service(tree["lines"]),
            **_stocks(tree.get("stocks", ())),
        },
    )


def _stocks(stocks: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what stood of each resource; its name is a value, for keys are ours."""
    return {
        f"stock_{number}_{name}": each[name] if name in STOCK_TEXTS else Decimal(each[name])
        for number, each in enumerate(stocks, start=1)
        for name in (*STOCK_TEXTS, "opening", "closing")
    }


def _zones(tree: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a feature for each place that lines are of, with a boundary or without one."""
    boundary = tree["boundary"]
    known = {} if boundary is None else {each["id"]: each for each in boundary["zones"]}
    places = dict.fromkeys(line["place"] for line in tree["lines"])
    for place in (*known, *(each for each in places if each not in known)):
        if place == WHOLE_AREA and place not in known:
            continue
        lines = [line for line in tree["lines"] if line["place"] == place]
        zone = known.get(place, {"name": place, "geometry": None})
        counted = (Decimal(line["value_yuan"]) for line in lines if line["counted"])
        properties = {
            "name": zone["name"],
            "kind": "zone",
            "account": tree["account_hash"],
            "year": int(tree["year"]),
            "parameters_unchecked": int(tree["parameter_set_unchecked"]),
            "counted_yuan": sum(counted, Decimal(0)),
            **_by_service(lines),
        }
        yield _feature(place, zone["geometry"], properties)


def _by_service(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what each service comes to; its quantity too where its lines have one unit."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line in lines:
        if line["counted"] or line["group"] == Group.DISSERVICE.value:
            found.setdefault(line["service"], []).append(line)
    properties: dict[str, Any] = {}
    for service, own in found.items():
        properties[f"{service}_yuan"] = sum(
            (Decimal(line["value_yuan"]) for line in own), Decimal(0)
        )
        if len(own) == 1 and own[0]["quantity"] is not None:
            properties[f"{service}_quantity"] = Decimal(own[0]["quantity"])
            properties[f"{service}_unit"] = own[0]["unit"]
    return properties


def _feature(name: str, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    # The id stands among the properties too, for readers that drop the feature's own.
    return {
        "type": "Feature",
        "id": name,
        "geometry": geometry,
        "properties": {"id": name, **properties},
    }
