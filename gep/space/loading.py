"""A file of many units, judged whole before one is sent: outlines, overlaps, what is new."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Any

from gep.document import Place
from gep.errors import Malformed
from gep.space.commands import GEOMETRY_BYTES_MAX, NAME_LENGTH_MAX, UnitKind
from gep.space.decisions import AREA, AREA_FORM
from gep.space.measuring import km2_of, overlap_km2
from gep.space.outline import Outline, outline_of
from gep.space.touching import refuse_not_simple
from gep.zones import Zone, read_zones

UNITS_MAX = 1_000
OVERLAP_SHARE_MAX = Decimal("0.0001")  # our proposal: less is a border drawn twice


class Change(StrEnum):
    """What a unit of a file is beside what the venue has."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedUnit:
    """A unit of a file."""

    area: str
    name: str
    unit_kind: UnitKind
    parent: str
    valid_from: str
    outline: Outline
    km2: Decimal

    def body(self) -> dict[str, Any]:
        """Return the request that enters it."""
        return {
            "area": self.area,
            "name": self.name,
            "unit_kind": self.unit_kind.value,
            "parent": self.parent,
            "valid_from": self.valid_from,
            "geometry": self.outline.text,
        }

    def change(self, held: Mapping[str, Any] | None) -> Change:
        """Say what it is beside the boundary that the venue shows of it, None for none."""
        if held is None:
            return Change.NEW
        own = (self.name, self.unit_kind.value, self.parent, self.outline.hash)
        names = ("name", "unit_kind", "parent", "geometry_hash")
        theirs = tuple(held[name] or "" for name in names)
        return Change.SAME if own == theirs else Change.CHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two units of one parent that have more land in common than a border drawn twice."""

    areas: tuple[str, str]
    km2: Decimal


def read_units(
    text: bytes, *, valid_from: str | None = None, parent: str = ""
) -> tuple[PlannedUnit, ...]:
    """Read units, each after the one that it belongs to; a feature's own properties come first.

    Raises:
        Malformed: the file, or the first unit at fault with its place.
    """
    found = []
    zones = read_zones(text)
    if len(zones) > UNITS_MAX:
        raise _refused(
            "too_many", "document.features", f"at most {UNITS_MAX} units", found=len(zones)
        )
    for number, zone in enumerate(zones):
        place = f"document.features[{number}]"
        defaults = {"valid_from": valid_from, "parent": parent, "unit_kind": "region"}
        found.append(_unit(zone, place, defaults))
    return tuple(_parents_first(found))


def overlaps(units: Sequence[PlannedUnit]) -> Iterator[Overlap]:
    """Yield pairs of one parent that overlap by more than a ten-thousandth of the smaller one."""
    for one, other in combinations(units, 2):
        if one.parent == other.parent:
            common = overlap_km2(one.outline, other.outline)
            if common > OVERLAP_SHARE_MAX * min(one.km2, other.km2):
                yield Overlap(areas=(one.area, other.area), km2=common)


def _unit(zone: Zone, place: str, defaults: Mapping[str, str | None]) -> PlannedUnit:
    properties = {name: zone.properties.get(name) or default for name, default in defaults.items()}
    where = f"{place}.properties"
    if AREA.match(zone.id) is None:
        raise _refused("wrong_type", f"{where}.id", AREA_FORM, found=zone.id)
    if len(zone.name) > NAME_LENGTH_MAX or not zone.name.isprintable():
        expected = f"1 to {NAME_LENGTH_MAX} printable characters"
        raise _refused("wrong_type", f"{where}.name", expected, found=zone.name)
    if properties["valid_from"] is None:
        raise _refused(
            "key_missing", f"{where}.valid_from", "the day since when it holds", found="none"
        )
    above = properties["parent"] or ""
    if above and (not isinstance(above, str) or AREA.match(above) is None):
        raise _refused("wrong_type", f"{where}.parent", AREA_FORM, found=above)
    field = f"{place}.geometry"
    outline = outline_of(zone.polygons, field=field)
    size = len(outline.text)
    if size > GEOMETRY_BYTES_MAX:
        expected = f"at most {GEOMETRY_BYTES_MAX} bytes: simplify it"
        raise _refused("geometry_too_large", field, expected, found=size)
    refuse_not_simple(outline, field=field)
    day: date = Place(properties["valid_from"], f"{where}.valid_from").day()
    return PlannedUnit(
        area=zone.id,
        name=zone.name,
        unit_kind=Place(properties["unit_kind"], f"{where}.unit_kind").choice(UnitKind),
        parent=above,
        valid_from=day.isoformat(),
        outline=outline,
        km2=km2_of(outline),
    )


def _parents_first(units: Sequence[PlannedUnit]) -> Iterator[PlannedUnit]:
    """Yield units so that none comes before its parent.

    Raises:
        Malformed: units that belong to each other in a circle.
    """
    waiting = {unit.area: unit for unit in units}
    while waiting:
        ready = [unit for unit in waiting.values() if unit.parent not in waiting]
        if not ready:
            shown = ", ".join(sorted(waiting)[:3])
            expected = "units that do not belong to each other in a circle"
            raise _refused("parent_unfit", "document.features", expected, found=shown)
        for unit in ready:
            del waiting[unit.area]
        yield from ready


def _refused(code: str, field: str, expected: str, *, found: object) -> Malformed:
    return Malformed(code=code, field=field, expected=expected, found=str(found)[:60])
