"""From zonal sums to an account: a line that names a quantity becomes one line for each zone.

A template's line whose terms name ``water_conserved`` becomes ``line@zone`` upon the input
``water_conserved@zone``, at the place of that zone; other lines stand as they are. ``area`` is the
area of a zone's cells.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from gep.accounts.plan import Plan
from gep.accounts.reading import plan_of
from gep.document import Place
from gep.measures import Hectare
from gep.raster.errors import RasterRefused
from gep.raster.job import COVER
from gep.raster.models import MODELS
from gep.raster.running import HASH_SHOWN, Outcome, Ready

AREA = "area"
HECTARES_A_SQUARE_KILOMETRE = 100
NESTING_MAX = 10


def plan_from(outcome: Outcome) -> Plan:
    """Return the plan of a job's account.

    Raises:
        Malformed: its template is not what an account must be.
        RasterRefused: the job has no template.
    """
    return plan_of(plan_document(outcome))


def plan_document(outcome: Outcome) -> Place:
    """Return the document of that plan, which is drafted like any other.

    Raises:
        RasterRefused: the job has no template.
    """
    template = outcome.job.account
    if template is None:
        raise RasterRefused(
            code="account_missing", field="account", expected="an account's lines", found="none"
        )
    lines = template.get("lines")
    zonal = _inputs(outcome)
    document: dict[str, Any] = {
        **template,
        "id": outcome.job.id,
        "area": _area(outcome) | dict(template.get("area") or {}),
        "land_cover": {
            "product": outcome.job.rasters[COVER].note or "land cover of the job",
            "resolution_m": _text(outcome.grid.cell_width),
        },
        "inputs": {**(template.get("inputs") or {}), **zonal},
        "lines": [each for line in lines for each in _lines(line, outcome)]
        if isinstance(lines, list)
        else lines,
    }
    return Place(document, "account")


def check_template(ready: Ready) -> None:
    """Read the plan as it would be if every cell and sum were one, before any is computed.

    Raises:
        Malformed: its template is not what an account must be.
    """
    if ready.job.account is None:
        return
    zones, classes = len(ready.zones), len(ready.job.classes)
    plan_from(
        Outcome(
            job=ready.job,
            grid=ready.grid,
            zones=ready.zones,
            sums=np.ones((zones, len(ready.job.quantities))),
            cells=np.ones((zones, classes), dtype=np.int64),
            missing=np.zeros(zones, dtype=np.int64),
            hash="0" * HASH_SHOWN,
            tiles=(),
        )
    )


def _area(outcome: Outcome) -> dict[str, Any]:
    hectares = sum(outcome.area_hm2(zone) for zone in range(len(outcome.zones)))
    return {
        "id": outcome.job.id,
        "name": outcome.job.name,
        "km2": _text(hectares / HECTARES_A_SQUARE_KILOMETRE),
    }


def _inputs(outcome: Outcome) -> dict[str, dict[str, str]]:
    inputs = {}
    run = outcome.hash[:HASH_SHOWN]
    for number, zone in enumerate(outcome.zones):
        inputs[f"{AREA}@{zone.id}"] = {
            "value": _text(outcome.area_hm2(number)),
            "unit": Hectare.symbol,
            "source": f"raster run {run}, cells of {zone.name}",
        }
        for service in outcome.job.services:
            for name, unit in MODELS[service].quantities.items():
                inputs[f"{name}@{zone.id}"] = {
                    "value": _text(outcome.sum_of(name, number)),
                    "unit": unit,
                    "source": f"raster run {run}, {outcome.job.ways[service].method}",
                }
    return inputs


def _lines(line: Any, outcome: Outcome) -> list[Any]:
    names = {AREA, *outcome.job.quantities}
    if not isinstance(line, Mapping) or not _named(line.get("quantity"), names):
        return [line]
    return [
        {
            **line,
            "id": f"{line.get('id')}@{zone.id}",
            "name": f"{line.get('name') or line.get('id')}, {zone.name}",
            "place": zone.id,
            "quantity": _renamed(line["quantity"], names, zone.id),
        }
        for zone in outcome.zones
    ]


def _named(term: Any, names: set[str]) -> bool:
    return bool(_renamed(term, names, "zone") != term)


def _renamed(term: Any, names: set[str], zone: str, *, depth: int = 0) -> Any:
    """Return a term with the names of quantities as those of a zone."""
    if isinstance(term, str):
        return f"{term}@{zone}" if term in names else term
    if depth > NESTING_MAX:
        return term
    if isinstance(term, list):
        return [_renamed(each, names, zone, depth=depth + 1) for each in term]
    if isinstance(term, Mapping) and isinstance(term.get("args"), Mapping):
        args = {
            name: _renamed(each, names, zone, depth=depth + 1)
            for name, each in term["args"].items()
        }
        return {**term, "args": args}
    return term


def _text(value: float) -> str:
    return f"{Decimal(repr(value)):f}"
