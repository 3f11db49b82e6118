"""Where an account lies in its venue: its own boundary, and the units beside it or below it.

Boundaries are those of the last day of the account's year; the account's own is the one whose hash
it states, if it states one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.api.authentication import Caller
from gateway.api.reading.gep_space import unit_store
from gateway.api.reading.gep_warnings import seen_party, watch_store
from gateway.api.reads import View
from gep.accounts.account import Account
from gep.space.commands import UnitKind
from gep.space.lying import Lying, doubts_of, last_day, lying_of, zone_of_row
from gep.space.standing import AreaDoubt
from gep.space.store import BoundaryFilter
from gep.space.watching.store import WarningFilter
from gep.zones import Zone

UNITS_MAX, OPEN_MAX = 300, 10_000
GEOMETRY_BYTES_MAX = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An account's own boundary as its venue has it, and what is doubtful of its area."""

    lying: Lying
    zone: Zone | None
    doubts: tuple[AreaDoubt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The units on an account's map, documents of their accounts that count, open warnings.

    ``is_among_neighbours`` says that the account's own unit is one of them.
    """

    units: tuple[Zone, ...] = ()
    documents: tuple[str, ...] = ()
    warnings: Sequence[Mapping[str, Any]] = field(default=())
    is_among_neighbours: bool = False


async def ground_of(view: View, account: Account) -> Ground:
    """Return where an account lies."""
    store = unit_store(view)
    lying = lying_of(account.area, await store.versions(account.area.id), year=account.year)
    wanted = [each for each in (lying.own, lying.of_day) if each is not None]
    texts = await store.outlines([each["geometry_hash"] for each in wanted])
    measured = texts[wanted[0]["geometry_hash"]] if wanted else None
    own = lying.own
    return Ground(
        lying=lying,
        zone=None if own is None else zone_of_row(own, texts[own["geometry_hash"]]),
        doubts=doubts_of(account.area, lying, measured),
    )


async def zones_of(view: View, account: Account, ground: Ground) -> tuple[Zone, ...]:
    """Return the account's own boundary and those of the units below it that its lines are of."""
    places = {line.place for line in account.lines}
    below = await _rows(view, account, parent=account.area.id)
    found = await _zones(view, [each for each in below if each["area"] in places])
    return found if ground.zone is None else (ground.zone, *found)


async def surroundings_of(
    view: View, account: Account, ground: Ground, *, caller: Caller
) -> Surroundings:
    """Return the units below an account's, or those beside it, with what is open about them."""
    rows, is_among_neighbours = await _shown(view, account, ground)
    units = await _zones(view, rows)
    if is_among_neighbours and ground.zone is not None:
        units = tuple(ground.zone if each.id == ground.zone.id else each for each in units)
    areas = [each.id for each in units if each.id != account.area.id]
    counting = await unit_store(view).counting(
        areas,
        year=account.year,
        profile=account.profile.value,
        price_year=account.price_year,
    )
    wanted = WarningFilter(
        day=last_day(account.year), year=account.year, party=seen_party(caller), only_open=True
    )
    open_ = await watch_store(view).warnings(wanted, limit=OPEN_MAX)
    told = {account.area.id, *areas}
    return Surroundings(
        units=units,
        documents=tuple(counting[area]["document"] for area in areas if area in counting),
        warnings=[each for each in open_ if each["area"] in told],
        is_among_neighbours=is_among_neighbours,
    )


async def _shown(view: View, account: Account, ground: Ground) -> tuple[list[dict[str, Any]], bool]:
    """Return the units below; where there are none those beside; the own one where too many."""
    below = await _rows(view, account, parent=account.area.id)
    regions = [each for each in below if each["unit_kind"] == UnitKind.REGION]
    if below:
        return regions or below, False
    of_day = ground.lying.of_day
    if of_day is None:
        own = ground.lying.own
        return ([] if own is None else [dict(own)]), own is not None
    beside = await _rows(view, account, parent=of_day["parent"])
    alike = [each for each in beside if each["unit_kind"] == of_day["unit_kind"]]
    return (alike or [dict(of_day)]), True


async def _rows(view: View, account: Account, *, parent: str) -> list[dict[str, Any]]:
    """Return the boundaries below a parent, none where there are more than a map shows."""
    wanted = BoundaryFilter(day=last_day(account.year), parent=parent, with_geometry=False)
    found = await unit_store(view).boundaries(wanted, limit=UNITS_MAX + 1)
    is_too_large = sum(each["bytes"] for each in found) > GEOMETRY_BYTES_MAX
    return [] if len(found) > UNITS_MAX or is_too_large else found


async def _zones(view: View, rows: Sequence[Mapping[str, Any]]) -> tuple[Zone, ...]:
    texts = await unit_store(view).outlines([each["geometry_hash"] for each in rows])

    def read() -> tuple[Zone, ...]:
        return tuple(zone_of_row(each, texts[each["geometry_hash"]]) for each in rows)

    # Eight megabytes of figures would keep the loop for a second.
    return await asyncio.to_thread(read)
