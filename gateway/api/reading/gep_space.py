"""What is read of units: their boundaries on a day, as GeoJSON, to every key.

An account whose area says another hash or other km2 than the unit's boundaries is marked here: it
may have been made before the boundary was entered, so nothing is refused for it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from gep.accounts.stored import read_account
from gep.space.lying import km2_of_text
from gep.space.outline import degrees
from gep.space.standing import area_doubts
from gep.space.store import BoundaryFilter, UnitStore

AREA_PATTERN = r"^[0-9A-Za-z_.:-]{1,64}$"
Area = Annotated[str, Path(pattern=AREA_PATTERN, description="The unit's id.")]
ParentFilter = Annotated[
    str | None,
    Query(
        pattern=r"^[0-9A-Za-z_.:-]{0,64}$",
        description="Only units that belong to this one; empty for those that belong to none.",
    ),
]
AsOf = Annotated[
    str | None, Query(pattern=DAY_PATTERN, description="The boundaries of this day; today's.")
]
GEOMETRY_BYTES_MAX = 16 * 1024 * 1024


def add_gep_space(router: APIRouter, door: Door) -> None:
    """Add what is read of units."""
    _add_boundaries(router, door)
    _add_boundary(router, door)


def _add_boundaries(router: APIRouter, door: Door) -> None:
    @router.get("/gep/boundaries", tags=["gep"])
    async def list_gep_boundaries(
        request: Request,
        parent: ParentFilter = None,
        as_of: AsOf = None,
        with_geometry: bool = True,  # noqa: FBT001, FBT002  a query parameter
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List the units' boundaries of a day by area, as a GeoJSON feature collection."""
        await door.caller(request)
        async with door.view(request) as view:
            day = await day_asked(view, as_of)
            scope = f"gep boundaries {parent} {day} {with_geometry}"
            page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
            wanted = BoundaryFilter(day=day, parent=parent)
            store, after = unit_store(view), page.after("")[0]
            if with_geometry:
                bare = replace(wanted, with_geometry=False)
                heads = await store.boundaries(bare, after=after, limit=limit)
                refuse_too_large(sum(each["bytes"] for each in heads))
            rows = await store.boundaries(wanted, after=after, limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["area"],))
        features = await door.turns.run(_features, found, with_geometry=with_geometry)
        return {
            "head": str(view.head),
            "type": "FeatureCollection",
            "as_of": date.fromordinal(day).isoformat(),
            "features": features,
            "next": following,
        }


def _add_boundary(router: APIRouter, door: Door) -> None:
    @router.get("/gep/boundaries/{area}", tags=["gep"])
    async def show_gep_boundary(request: Request, area: Area, as_of: AsOf = None) -> dict[str, Any]:
        """Show a unit's boundary of a day, its versions, and the accounts that count of it."""
        await door.caller(request)
        async with door.view(request) as view:
            store = unit_store(view)
            day = await day_asked(view, as_of)
            rows = await store.boundaries(BoundaryFilter(day=day, area=area), limit=1)
            versions = await store.versions(area)
            accounts = await store.accounts(area)
        if not rows:
            raise Problem(status=404, code="gep.boundary_unknown", field="area", found=area)
        [row] = rows
        shown = await door.turns.run(_shown, row, versions, accounts)
        return {
            "head": str(view.head),
            "as_of": date.fromordinal(day).isoformat(),
            **shown,
        }


async def day_asked(view: View, text: str | None) -> int:
    """Return the ordinal of the day that is asked for, by default the venue's own.

    Raises:
        Problem: 422, there is no such day.
    """
    return await unit_store(view).today() if text is None else ordinal(text, field="as_of")


def unit_store(view: View) -> UnitStore:
    """Return the store of a snapshot's units."""
    return UnitStore(view.exchange.connection)


def refuse_too_large(size: int) -> None:
    """Refuse an answer with more geometry than a page takes.

    Raises:
        Problem: 413.
    """
    if size > GEOMETRY_BYTES_MAX:
        raise Problem(
            status=413,
            code="gep.map_too_large",
            field="with_geometry",
            expected=f"at most {GEOMETRY_BYTES_MAX} bytes: a parent, a smaller limit, or false",
            found=str(size),
        )


def _features(rows: Sequence[dict[str, Any]], *, with_geometry: bool) -> list[dict[str, Any]]:
    return [_feature(row, with_geometry=with_geometry) for row in rows]


def _shown(
    row: dict[str, Any], versions: list[dict[str, Any]], accounts: list[dict[str, Any]]
) -> dict[str, Any]:
    hashes = {each["geometry_hash"] for each in versions}
    km2 = km2_of_text(row["geometry"])
    return {
        **_feature(row, with_geometry=True),
        "versions": [_version(each) for each in versions],
        "accounts": [_account(each, hashes=hashes, km2=km2) for each in accounts],
    }


def _feature(row: dict[str, Any], *, with_geometry: bool) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row["area"],
        "geometry": json.loads(row["geometry"]) if with_geometry else None,
        "properties": {
            "id": row["area"],
            **_version(row),
            "km2": str(km2_of_text(row["geometry"])),
        },
    }


def _version(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": row["version"],
        "name": row["name"],
        "unit_kind": row["unit_kind"],
        "parent": row["parent"] or None,
        "valid_from": date.fromordinal(row["valid_from"]).isoformat(),
        "geometry_hash": row["geometry_hash"],
        "longitude": degrees(row["longitude"]),
        "latitude": degrees(row["latitude"]),
        "entered_by": row["entered_by"],
        "entry": str(row["entry"]),
    }


def _account(row: dict[str, Any], *, hashes: set[str], km2: Decimal) -> dict[str, Any]:
    area = read_account(row["document"]).area
    return {
        "account": row["account"],
        "year": row["year"],
        "price_year": row["price_year"],
        "profile": row["profile"],
        "km2": f"{area.km2:f}",
        "doubts": [each.value for each in area_doubts(area, hashes=hashes, km2=km2)],
    }
