"""How a boundary is entered: canonical, of a unit that has a place among the others, and in order.

The machine judges what whole numbers can say: that the geometry is its canonical text, that rings
have an area, where a point inside lies. Whether rings cross is for the door, which reads files.
"""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from gep.errors import Malformed
from gep.space.commands import (
    GEOMETRY_BYTES_MAX,
    LEVELS_MAX,
    NAME_LENGTH_MAX,
    SetGepBoundary,
)
from gep.space.effects import GepBoundarySet
from gep.space.outline import Outline, read_outline
from gep.space.refusals import Reject
from gep.space.state import Boundary, Unit, Units
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

AREA = re.compile(r"[0-9A-Za-z_.:-]{1,64}\Z")
AREA_FORM = "1 to 64 of 0-9 A-Z a-z _ . : -"
FIRST_DAY, LAST_DAY = date(1900, 1, 1).toordinal(), date(2200, 12, 31).toordinal()


def reads_boundary(state: Units, command: SetGepBoundary) -> Iterator[RowKey]:
    """Declare the unit with its newest version, its geometry, and the units above it."""
    yield state.units.named(command.area)
    yield state.geometries.named(_digest(command.geometry))
    unit = state.units.at_hand(command.area)
    version = 0 if unit is None else unit.version
    yield state.boundaries.named(command.area, version)
    yield state.boundaries.named(command.area, version + 1)
    above = command.parent
    for _ in range(LEVELS_MAX):
        if not above:
            return
        yield state.units.named(above)
        found = state.units.at_hand(above)
        above = "" if found is None else found.parent


def set_boundary(state: Units, command: SetGepBoundary, context: Context) -> Refusal | None:
    """Enter a unit's boundary."""
    outline = _whole(command)
    if isinstance(outline, Refusal):
        return outline
    unit = state.units.get(command.area)
    refusal = _parent_fault(state, command) or _order_fault(state, command, unit)
    if refusal is not None:
        return refusal
    longitude, latitude = outline.point_inside()
    context.emit(
        GepBoundarySet(
            area=command.area,
            version=1 if unit is None else unit.version + 1,
            name=command.name,
            unit_kind=command.unit_kind,
            parent=command.parent,
            valid_from=command.valid_from,
            geometry_hash=_digest(command.geometry),
            geometry=command.geometry,
            longitude=longitude,
            latitude=latitude,
            actor=context.actor.id,
            party=context.actor.party,
        )
    )
    return None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _whole(command: SetGepBoundary) -> Outline | Refusal:
    size = len(command.geometry.encode())
    if size > GEOMETRY_BYTES_MAX:
        return Refusal(
            code=Reject.GEOMETRY_TOO_LARGE,
            field="geometry",
            expected=f"at most {GEOMETRY_BYTES_MAX} bytes: simplify it",
            found=str(size),
        )
    if AREA.match(command.area) is None:
        return _unfit("area", AREA_FORM, command.area)
    name = command.name
    if not (name.strip() and name.isprintable() and len(name) <= NAME_LENGTH_MAX):
        return _unfit("name", f"1 to {NAME_LENGTH_MAX} printable characters", name)
    if not FIRST_DAY <= command.valid_from <= LAST_DAY:
        return _unfit("valid_from", "a day of 1900 to 2200", str(command.valid_from))
    try:
        return read_outline(command.geometry)
    except Malformed as error:
        return _unfit("geometry", error.expected or "", error.data["found"])


def _unfit(field: str, expected: str, found: str) -> Refusal:
    return Refusal(code=Reject.BOUNDARY_UNFIT, field=field, expected=expected, found=found[:64])


def _parent_fault(state: Units, command: SetGepBoundary) -> Refusal | None:
    above = command.parent
    for _ in range(LEVELS_MAX - 1):
        if not above:
            return None
        if above == command.area:
            expected = "a unit that does not belong to this one"
            return Refusal(
                code=Reject.PARENT_UNFIT, field="parent", expected=expected, found=command.parent
            )
        found = state.units.get(above)
        if found is None:
            return Refusal(code=Reject.PARENT_UNKNOWN, field="parent", found=above[:64])
        above = found.parent
    if not above:
        return None
    return Refusal(
        code=Reject.PARENT_UNFIT,
        field="parent",
        expected=f"at most {LEVELS_MAX} levels of units",
        found=command.parent,
    )


def _order_fault(state: Units, command: SetGepBoundary, unit: Unit | None) -> Refusal | None:
    newest = None if unit is None else state.boundaries.get(command.area, unit.version)
    if newest is None:
        return None
    if command.valid_from < newest.valid_from:
        return Refusal(
            code=Reject.BOUNDARY_EARLIER,
            field="valid_from",
            expected=f"{_day(newest.valid_from)} or later",
            found=_day(command.valid_from),
        )
    if _is_same(command, newest):
        return Refusal(
            code=Reject.BOUNDARY_UNCHANGED,
            field="geometry",
            expected=f"another boundary than version {newest.version}",
            found=f"the same, of entry {newest.entry}",
        )
    return None


def _is_same(command: SetGepBoundary, newest: Boundary) -> bool:
    own = (command.name, command.unit_kind.value, command.parent, _digest(command.geometry))
    return own == (newest.name, newest.unit_kind, newest.parent, newest.geometry_hash)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
