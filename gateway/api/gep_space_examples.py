"""Example answers of units, their boundaries, maps and warnings."""

from typing import Any

from gateway.api import gep_map_examples, gep_warning_examples

_HEAD = "913"
_RING = "[[121.0,29.1],[121.4,29.1],[121.4,29.4],[121.0,29.4],[121.0,29.1]]"
GEOMETRY = f'{{"type":"Polygon","coordinates":[{_RING}]}}'
NULLABLE = (
    frozenset({"geometry", "parent"}) | gep_map_examples.NULLABLE | gep_warning_examples.NULLABLE
)
OPEN = frozenset({"geometry"}) | gep_map_examples.OPEN
_HASH = "3c" * 32
_VERSION = {
    "version": 1,
    "name": "汐口县",
    "unit_kind": "region",
    "parent": None,
    "valid_from": "2020-01-01",
    "geometry_hash": _HASH,
    "longitude": "121.2000000",
    "latitude": "29.2500000",
    "entered_by": "R-1",
    "entry": "120",
}
_FEATURE = {
    "type": "Feature",
    "id": "990103",
    "geometry": {"type": "MultiPolygon", "coordinates": []},
    "properties": {"id": "990103", **_VERSION, "km2": "1293.104200"},
}
_ACCOUNT = {
    "account": "9a" * 32,
    "year": 2025,
    "price_year": 2023,
    "profile": "GEP",
    "km2": "900",
    "doubts": ["km2_differs"],
}
READ: dict[str, dict[str, Any]] = {
    **gep_map_examples.READ,
    **gep_warning_examples.READ,
    "/v1/gep/boundaries": {
        "head": _HEAD,
        "type": "FeatureCollection",
        "as_of": "2026-03-17",
        "features": [_FEATURE],
        "next": None,
    },
    "/v1/gep/boundaries/{area}": {
        "head": _HEAD,
        "as_of": "2026-03-17",
        **_FEATURE,
        "versions": [_VERSION],
        "accounts": [_ACCOUNT],
    },
}
