"""An account as JSON-LD 1.1: the tree itself, its context within, so that nothing is fetched.

Terms stand for PROV-O (what a line was derived from, who did what), QUDT with UCUM codes, SKOS
(services, and their nearest in SEEA EA), DCAT and schema.org for the head, GeoSPARQL for
boundaries; what none of them names is ``urn:ecorights:gep:``. Lists keep their order.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import quote

from gep.accounts.making import GIVEN
from gep.accounts.plan import AreaKind
from gep.document import Place, read_document
from gep.exchange.sealing import CONTEXT, SEALS, compact_json, rows_of, sealed
from gep.exchange.written import Written

VOCABULARY = "urn:ecorights:gep:"
SEEA = f"{VOCABULARY}seea:"
TYPES: Mapping[str, tuple[str, ...]] = {
    "lines": ("Line", "prov:Entity", "qudt:Quantity"),
    "overrides": ("Override", "prov:Entity"),
    "warnings": ("Warning",),
    "stocks": ("Stock", "prov:Entity"),
    "services": ("skos:Concept",),
    "units": ("qudt:Unit",),
    "parameters": ("Parameter", "prov:Entity"),
    "notices": ("Notice",),
}
AREA_TYPES = {
    AreaKind.REGION: "Region",
    AreaKind.PROJECT: "Project",
    AreaKind.PARCEL: "Parcel",
}
KEPT = frozenset({"price_basis", "land_cover"})
HEAD = ("Account", "dcat:Dataset", "schema:Dataset", "prov:Entity")


@cache
def context() -> dict[str, Any]:
    """Return the context that ships with the package."""
    text = resources.files("gep.exchange").joinpath("data/context.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def write_json_ld(tree: Mapping[str, Any]) -> bytes:
    """Return a tree as JSON-LD."""
    document = {
        CONTEXT: context(),
        "@id": f"{VOCABULARY}{tree['account_hash']}",
        "@type": list(HEAD),
        **tree,
        **{
            name: [{**_node(name, each), **each} for each in tree[name]]
            for name in TYPES
            if name in tree
        },
    }
    kind = AreaKind(tree["area"].get("kind", AreaKind.REGION.value))
    types = ["schema:Place", AREA_TYPES[kind]]
    document["area"] = {"@id": _area_id(tree), "@type": types, **tree["area"]}
    document["lines"] = [_line(each, tree["account_hash"]) for each in document["lines"]]
    document["parameters"] = [
        {"@id": _figure_id(tree["account_hash"], each["name"]), **each}
        for each in document["parameters"]
    ]
    document["services"] = [_service(each) for each in document["services"]]
    document["course"] = _course(tree["course"])
    document["boundary"] = _boundary(tree["boundary"], _area_id(tree))
    # A nested member that is null is no JSON-LD.
    known = {name: each for name, each in document.items() if each is not None or name in KEPT}
    return sealed(known)


def read_json_ld(document: Place) -> Written:
    """Read the tree of a JSON-LD document back, in the form that we write.

    Raises:
        Malformed: the place and what was expected there.
    """
    members = document.members()
    if SEALS not in members:
        document.refuse("key_missing", f"the key {SEALS}")
    tree = {
        name: _plain(each.value)
        for name, each in members.items()
        if name != SEALS and not name.startswith("@")
    }
    for service in members["services"].items() if "services" in members else ():
        _seea_back(service, tree)
    if tree.get("boundary") is not None:
        tree["boundary"] = _boundary_at(members["boundary"])
    return Written(
        tree={"course": None, "boundary": None, **tree},
        rows=rows_of(document.value),
        seals={name: each.text() for name, each in members[SEALS].members().items()},
    )


def _node(name: str, each: Mapping[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": list(TYPES[name])}
    if name == "services":
        node["@id"] = f"{VOCABULARY}{each['code']}"
    if name == "units":
        node["@id"] = f"{VOCABULARY}unit:{each['unit']}"
    return node


def _line(line: Mapping[str, Any], account: str) -> dict[str, Any]:
    """Return a line; a figure that several lines were made of, and its row, are one node."""
    is_given = line["method"] == GIVEN
    used = [
        {
            **({} if is_given else {"@id": _figure_id(account, each["name"])}),
            "@type": ["UsedFigure", "prov:Entity"],
            **each,
        }
        for each in line["used"]
    ]
    return {**line, "used": used}


def _figure_id(account: str, name: str) -> str:
    return f"{VOCABULARY}{account}:figure:{quote(name, safe='')}"


def _service(service: Mapping[str, Any]) -> dict[str, Any]:
    name = service["seea"]
    concept = (
        None
        if name is None
        else {
            "@id": f"{SEEA}{name.replace(' ', '-')}",
            "@type": ["skos:Concept"],
            "label_en": name,
        }
    )
    return {**service, "seea": concept}


def _course(course: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if course is None:
        return None
    acts = [{"@type": ["Act", "prov:Activity"], **each} for each in course["acts"]]
    return {**course, "acts": acts}


def _boundary(boundary: Mapping[str, Any] | None, area_id: str) -> dict[str, Any] | None:
    if boundary is None:
        return None
    area = boundary["area"]
    return {
        "area": None if area is None else _feature(area, area_id),
        "zones": [
            _feature(each, f"{area_id}:{quote(each['id'], safe='')}") for each in boundary["zones"]
        ],
    }


def _feature(zone: Mapping[str, Any], name: str) -> dict[str, Any]:
    geometry = {"@type": ["geo:Geometry"], "as_geojson": compact_json(zone["geometry"])}
    return {"@id": name, "@type": ["geo:Feature"], **zone, "geometry": geometry}


def _area_id(tree: Mapping[str, Any]) -> str:
    return f"{VOCABULARY}area:{quote(tree['area']['id'], safe='')}"


def _plain(value: Any) -> Any:
    """Return a value without what JSON-LD alone reads."""
    whole = [value]
    waiting: list[Any] = [whole]
    while waiting:
        holder = waiting.pop()
        for key, each in list(_members(holder)):
            if isinstance(each, dict):
                holder[key] = {name: it for name, it in each.items() if not name.startswith("@")}
                waiting.append(holder[key])
            elif isinstance(each, list):
                holder[key] = list(each)
                waiting.append(holder[key])
    return whole[0]


def _members(holder: Any) -> Iterator[tuple[Any, Any]]:
    return iter(holder.items()) if isinstance(holder, dict) else iter(enumerate(holder))


def _seea_back(service: Place, tree: dict[str, Any]) -> None:
    found = service.members()
    number = int(service.path.rpartition("[")[2][:-1])
    seea = found.get("seea")
    if seea is not None and seea.value is not None:
        label = seea.fields("label_en", " ".join(seea.members()))["label_en"].text()
        tree["services"][number]["seea"] = label


def _boundary_at(place: Place) -> dict[str, Any]:
    found = place.fields("zones", "area")
    return {
        "area": _feature_at(found["area"]) if "area" in found else None,
        "zones": [_feature_at(each) for each in found["zones"].items()],
    }


def _feature_at(place: Place) -> dict[str, Any]:
    found = place.fields("id name geometry", "@id @type")
    text = found["geometry"].fields("as_geojson", "@type")["as_geojson"].text()
    geometry = read_document(text.encode()).value
    return {"id": found["id"].text(), "name": found["name"].text(), "geometry": geometry}
