"""A map of units: each with its figure, its class, why it has none, and pins of open warnings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from gateway.api.door import Door
from gateway.api.problems import Problem
from gateway.api.reading.gep_space import (
    day_asked,
    refuse_too_large,
    unit_store,
)
from gateway.api.reading.gep_warnings import seen_party, watch_store
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN
from gep.accounts.account import Account
from gep.accounts.plan import Profile
from gep.accounts.stored import read_account
from gep.registry.service import Group
from gep.registry.shipped import services
from gep.space.choropleth import (
    CLASSES_MAX,
    UNIT_OF,
    Classes,
    Measure,
    NoData,
    Subject,
    class_of,
    classes_of,
    contributions_of,
    figure_of,
)
from gep.space.lying import km2_of_text
from gep.space.outline import degrees
from gep.space.standing import area_doubts
from gep.space.store import BoundaryFilter, UnitStore
from gep.space.watching.judging import breaks_of
from gep.space.watching.store import WarningFilter

UNITS_MAX = 1_000
PINS_MAX = 10_000
YEAR_MIN, YEAR_MAX = 1990, 2200


class MapQuestion(BaseModel):
    """What a map shows: of a service, of a group, or of the total where neither is named."""

    year: int = Field(ge=YEAR_MIN, le=YEAR_MAX)
    measure: Measure = Measure.VALUE
    service: str | None = Field(None, pattern=r"^[MRC][0-9]{1,2}$")
    group: Group | None = None
    base_year: int | None = Field(
        None, ge=YEAR_MIN, le=YEAR_MAX, description="Growth is since this year."
    )
    price_year: int | None = Field(
        None, ge=YEAR_MIN, le=YEAR_MAX, description="Only accounts at the prices of this year."
    )
    profile: Profile = Profile.GEP
    parent: str | None = Field(
        None,
        pattern=r"^[0-9A-Za-z_.:-]{0,64}$",
        description="Only units that belong to this one; empty for those that belong to none.",
    )
    as_of: str | None = Field(
        None, pattern=DAY_PATTERN, description="The boundaries of this day; today's."
    )
    classes: int = Field(5, ge=2, le=CLASSES_MAX)
    with_geometry: bool = True

    @property
    def subject(self) -> Subject:
        """Return of what the map is."""
        return Subject(service=self.service, group=self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """What is known of one unit before anything is computed."""

    row: Mapping[str, Any]
    counting: Mapping[str, Any] | None
    base: Mapping[str, Any] | None
    hashes: set[str]
    pins: Sequence[Mapping[str, Any]]


def add_gep_map(router: APIRouter, door: Door) -> None:
    """Add the map."""

    @router.get("/gep/map", tags=["gep"])
    async def map_gep_accounts(
        request: Request, question: Annotated[MapQuestion, Query()]
    ) -> dict[str, Any]:
        """Show a year's accounts as a GeoJSON feature collection with classes to paint."""
        caller = await door.caller(request)
        _refuse_unfit(question)
        async with door.view(request) as view:
            store = unit_store(view)
            day = await day_asked(view, question.as_of)
            wanted = BoundaryFilter(day=day, parent=question.parent)
            await _refuse_many(store, wanted, question)
            rows = await store.boundaries(wanted, limit=UNITS_MAX)
            areas = [row["area"] for row in rows]
            counting = await _counting(view, areas, question, year=question.year)
            base = await _counting(view, areas, question, year=question.base_year)
            hashes = await store.hashes(areas)
            open_ = WarningFilter(
                day=day, year=question.year, party=seen_party(caller), only_open=True
            )
            pins: dict[str, list[Mapping[str, Any]]] = {}
            for each in await watch_store(view).warnings(open_, limit=PINS_MAX):
                pins.setdefault(each["area"], []).append(each)
        units = [
            _Unit(
                row=row,
                counting=counting.get(row["area"]),
                base=base.get(row["area"]),
                hashes=hashes[row["area"]],
                pins=pins.get(row["area"], ()),
            )
            for row in rows
        ]
        painted = await door.turns.run(_painted, question, units)
        return {
            "head": str(view.head),
            "type": "FeatureCollection",
            "as_of": date.fromordinal(day).isoformat(),
            **painted,
        }


async def _counting(
    view: View, areas: list[str], question: MapQuestion, *, year: int | None
) -> dict[str, dict[str, Any]]:
    """Return the accounts of a year by area, none where no year is asked for."""
    if year is None:
        return {}
    return await unit_store(view).counting(
        areas, year=year, profile=question.profile.value, price_year=question.price_year
    )


def _refuse_unfit(question: MapQuestion) -> None:
    if question.service is not None and question.group is not None:
        raise Problem(
            status=422,
            code="gep.map_unfit",
            field="group",
            expected="a service or a group",
            found=f"{question.service} and {question.group}",
        )
    if question.service is not None and question.service not in services():
        raise Problem(
            status=422,
            code="gep.map_unfit",
            field="service",
            expected="a service of GET /v1/gep/services",
            found=question.service,
        )
    is_growth = question.measure is Measure.GROWTH_CONSTANT
    fits = question.base_year is not None and question.base_year < question.year
    if is_growth and not fits:
        raise Problem(
            status=422,
            code="gep.map_unfit",
            field="base_year",
            expected=f"a year before {question.year}",
            found=str(question.base_year or "none"),
        )


async def _refuse_many(store: UnitStore, wanted: BoundaryFilter, question: MapQuestion) -> None:
    """Refuse more than a page takes, before any of it is read."""
    bare = replace(wanted, with_geometry=False)
    heads = await store.boundaries(bare, limit=UNITS_MAX + 1)
    if len(heads) > UNITS_MAX:
        raise Problem(
            status=413,
            code="gep.map_too_large",
            field="parent",
            expected=f"a parent with at most {UNITS_MAX} units",
            found=question.parent,
        )
    if question.with_geometry:
        refuse_too_large(sum(each["bytes"] for each in heads))


def _painted(question: MapQuestion, units: Sequence[_Unit]) -> dict[str, Any]:
    """Return a map's figures, classes and features."""
    accounts = {each.row["area"]: _account(each.counting) for each in units}
    bases = {each.row["area"]: _account(each.base) for each in units}
    figures = _figures(question, accounts, bases)
    values = {area: found for area, found in figures.items() if isinstance(found, Decimal)}
    classes = classes_of(list(values.values()), count=question.classes)
    chosen = [each.counting for each in units if each.counting is not None]
    features = []
    for unit in units:
        area = unit.row["area"]
        found = figures[area]
        properties = _place(unit)
        properties |= _figure(found, classes)
        properties["no_data_because"] = (
            list(breaks_of(bases[area], accounts[area])) if found is NoData.NOT_COMPARABLE else []
        )
        properties |= _source(unit, accounts[area])
        geometry = json.loads(unit.row["geometry"]) if question.with_geometry else None
        features.append(
            {"type": "Feature", "id": area, "geometry": geometry, "properties": properties}
        )
    return {
        "year": question.year,
        "base_year": question.base_year,
        "subject": question.service or question.group or "total",
        "measure": question.measure.value,
        "measured_in": UNIT_OF[question.measure],
        "price_years": sorted({each["price_year"] for each in chosen}),
        "classes": {
            "count": question.classes,
            "quantile": [str(each) for each in classes.quantile],
            "equal": [str(each) for each in classes.equal],
        },
        "without_data": len(figures) - len(values),
        "features": features,
    }


def _figures(
    question: MapQuestion,
    accounts: Mapping[str, Account | None],
    bases: Mapping[str, Account | None],
) -> dict[str, Decimal | NoData]:
    """Return every unit's figure; the total's share is that in the sum of the units shown."""
    is_contribution = question.measure is Measure.SHARE and question.subject == Subject()
    measure = Measure.VALUE if is_contribution else question.measure
    figures = {
        area: figure_of(account, bases[area], subject=question.subject, measure=measure)
        for area, account in accounts.items()
    }
    if is_contribution:
        totals = {a: found for a, found in figures.items() if isinstance(found, Decimal)}
        return {**figures, **contributions_of(totals)}
    return figures


def _account(row: Mapping[str, Any] | None) -> Account | None:
    return None if row is None else read_account(row["document"])


def _place(unit: _Unit) -> dict[str, Any]:
    row = unit.row
    return {
        "id": row["area"],
        "name": row["name"],
        "unit_kind": row["unit_kind"],
        "longitude": degrees(row["longitude"]),
        "latitude": degrees(row["latitude"]),
    }


def _figure(found: Decimal | NoData, classes: Classes) -> dict[str, Any]:
    if isinstance(found, NoData):
        return {
            "value": None,
            "class_quantile": None,
            "class_equal": None,
            "no_data": found.value,
        }
    return {
        "value": str(found),
        "class_quantile": class_of(found, classes.quantile),
        "class_equal": class_of(found, classes.equal),
        "no_data": None,
    }


def _source(unit: _Unit, account: Account | None) -> dict[str, Any]:
    """Return which account the figure is of, what is doubtful, and the pins."""
    doubts = (
        []
        if account is None
        else area_doubts(account.area, hashes=unit.hashes, km2=km2_of_text(unit.row["geometry"]))
    )
    counting = unit.counting
    return {
        "current_account": None if counting is None else counting["account"],
        "published_in": None if counting is None else str(counting["published_in"]),
        "prices_of": None if counting is None else counting["price_year"],
        "base_account": None if unit.base is None else unit.base["account"],
        "doubts": [each.value for each in doubts],
        "pins": [
            {
                "warning": each["warning"],
                "rule": each["rule"],
                "severity": each["severity"],
                "warning_state": each["state"],
                "owner": each["owner"] or None,
            }
            for each in unit.pins
        ],
    }
