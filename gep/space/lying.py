"""Where an account lies: which version of its unit's boundary is its own, and what is doubtful.

An area that states a ``geometry_hash`` lies within the boundary of that hash, whenever it held;
another one within the boundary that held at the end of the account's year.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gep.accounts.plan import Area
from gep.space.measuring import km2_of
from gep.space.outline import read_outline
from gep.space.standing import AreaDoubt, area_doubts
from gep.zones import Zone

OUTLINES_KEPT = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """What the ledger has of an account's area, None for nothing.

    ``own`` is the version that is the account's, ``of_day`` the one at the end of its year.
    ``hashes`` are of every boundary the area has had.
    """

    own: Mapping[str, Any] | None
    of_day: Mapping[str, Any] | None
    hashes: Collection[str]


def last_day(year: int) -> int:
    """Return the ordinal of the day on which an account's boundaries are looked up."""
    return date(year, 12, 31).toordinal()


def lying_of(area: Area, versions: Sequence[Mapping[str, Any]], *, year: int) -> Lying:
    """Find an account's boundary among the versions of its area, the newest first."""
    day = last_day(year)
    of_day = next((each for each in versions if each["valid_from"] <= day), None)
    stated = area.geometry_hash
    named = next((each for each in versions if each["geometry_hash"] == stated), None)
    return Lying(
        own=of_day if stated is None else named,
        of_day=of_day,
        hashes={each["geometry_hash"] for each in versions},
    )


def doubts_of(area: Area, lying: Lying, geometry: str | None) -> tuple[AreaDoubt, ...]:
    """Return what is doubtful of an area beside a boundary's canonical text, None for none."""
    km2 = None if geometry is None else km2_of_text(geometry)
    return tuple(area_doubts(area, hashes=lying.hashes, km2=km2))


@lru_cache(maxsize=OUTLINES_KEPT)
def km2_of_text(geometry: str) -> Decimal:
    """Return the area of a canonical geometry in km2."""
    return km2_of(read_outline(geometry))


def zone_of_row(row: Mapping[str, Any], geometry: str) -> Zone:
    """Return a unit's boundary as a zone, from its row and its canonical geometry."""
    polygons = json.loads(geometry)["coordinates"]
    return Zone(
        id=row["area"],
        name=row["name"],
        polygons=tuple(
            tuple(tuple((east, north) for east, north in ring) for ring in polygon)
            for polygon in polygons
        ),
        properties={},
    )
