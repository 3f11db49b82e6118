"""Boundaries that nobody may enter, units that are not there, warnings that nobody raised."""

import json
from typing import Any

from gateway.api.catalogue.gep_space import MESSAGES
from gateway.api.catalogue.gep_warnings import MESSAGES as WARNING_MESSAGES
from gateway.api.gep_space_examples import GEOMETRY
from gep.space.refusals import Reject
from gep.space.watching.refusals import Reject as WatchReject
from tests.gateway.api.bad.requests import Bad, get, refused

_BODY = {
    "area": "990199",
    "name": "无名县",
    "unit_kind": "region",
    "valid_from": "2020-01-01",
    "geometry": GEOMETRY,
}


def _drawn(*points: tuple[float, float]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [points]})


def _boundary(name: str, code: str, field: str, *, status: int = 422, **changes: Any) -> Bad:
    return Bad(
        name=name,
        status=status,
        code=code,
        path="/gep/boundaries",
        actor="R-1",
        body=_BODY | changes,
        field=field,
    )


_TURNS = [(x / 7e4, x * x / 7e8) for x in (*range(7_000), 0)]
GEP_SPACE: tuple[Bad, ...] = (
    _boundary(
        "a_boundary_that_is_not_closed",
        "gep.ring_open",
        "geometry.coordinates[0]",
        geometry=_drawn((0, 0), (1, 0), (1, 1), (0, 1)),
    ),
    _boundary(
        "a_boundary_without_an_area",
        "gep.ring_empty",
        "geometry.coordinates[0][0]",
        geometry=_drawn((0, 0), (1, 0), (2, 0), (0, 0)),
    ),
    _boundary(
        "a_boundary_that_crosses_itself",
        "gep.ring_crosses",
        "geometry",
        geometry=_drawn((0, 0), (2, 2), (2, 0), (0, 1), (0, 0)),
    ),
    _boundary(
        "a_boundary_in_metres",
        "gep.zones_not_wgs84",
        "geometry.coordinates[0][0]",
        geometry=_drawn((500_000, 3_300_000), (500_001, 3_300_000), (500_001, 3_300_001)),
    ),
    _boundary(
        "a_boundary_too_large_for_an_entry",
        Reject.GEOMETRY_TOO_LARGE,
        "geometry",
        status=413,
        geometry=_drawn(*((round(x, 6), round(y, 6)) for x, y in _TURNS)),
    ),
    refused(
        "a_unit_of_a_unit_that_is_not_there",
        404,
        Reject.PARENT_UNKNOWN,
        path="/gep/boundaries",
        actor="R-1",
        body=_BODY | {"parent": "9901"},
        field="parent",
    ),
    refused(
        "a_unit_that_belongs_to_itself",
        409,
        Reject.PARENT_UNFIT,
        path="/gep/boundaries",
        actor="R-1",
        body=_BODY | {"parent": "990199"},
        field="parent",
    ),
    get(
        "a_map_of_a_service_and_a_group",
        422,
        "gep.map_unfit",
        "/gep/map?year=2025&service=R1&group=regulating",
        field="group",
    ),
    get(
        "a_map_of_a_service_that_is_none",
        422,
        "gep.map_unfit",
        "/gep/map?year=2025&service=R99",
        field="service",
    ),
    get(
        "a_map_of_growth_since_no_year",
        422,
        "gep.map_unfit",
        "/gep/map?year=2025&measure=growth_constant",
        field="base_year",
    ),
    get(
        "no_such_unit",
        404,
        "gep.boundary_unknown",
        "/gep/boundaries/990199",
        field="area",
    ),
)
OF_UNITS = frozenset(MESSAGES) - {bad.code for bad in GEP_SPACE}
GEP_WARNINGS: tuple[Bad, ...] = (
    refused(
        "a_threshold_of_a_rule_that_has_none",
        409,
        WatchReject.THRESHOLD_UNFIT,
        path="/gep/thresholds",
        actor="R-1",
        body={"rule": "mandatory_missing", "limit": "0.5", "reason": "x"},
        field="rule",
    ),
    refused(
        "an_owner_of_no_warning",
        404,
        WatchReject.WARNING_UNKNOWN,
        path="/gep/warnings/assignments",
        actor="R-1",
        body={
            "warning": "00" * 16,
            "party": "E01",
            "owner": "E01-1",
            "deadline": "2026-12-31",
        },
        field="warning",
    ),
)
OF_WARNINGS = frozenset(WARNING_MESSAGES) - {bad.code for bad in GEP_WARNINGS}
