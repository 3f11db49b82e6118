"""What can happen to units, and how each thing that happened changes their state."""

from collections.abc import Mapping
from typing import Any

from gep.space.commands import UnitKind
from gep.space.state import Boundary, Geometry, Unit, Units
from ledger.effects import Effect


class GepBoundarySet(Effect, frozen=True, kw_only=True, tag="gep_boundary_set"):
    """A unit has a boundary from a day on; the point lies inside, in 1e-7 degrees."""

    area: str
    version: int
    name: str
    unit_kind: UnitKind
    parent: str
    valid_from: int
    geometry_hash: str
    geometry: str
    longitude: int
    latitude: int
    actor: str
    party: str


def boundary_set(state: Units, effect: GepBoundarySet) -> None:
    """Put the version on its shelf, and its geometry if it is new."""
    journal = state.ledger.journal
    made = Boundary(
        area=effect.area,
        version=effect.version,
        name=effect.name,
        unit_kind=effect.unit_kind.value,
        parent=effect.parent,
        valid_from=effect.valid_from,
        geometry_hash=effect.geometry_hash,
        longitude=effect.longitude,
        latitude=effect.latitude,
        entered_by=effect.actor,
        entered_for=effect.party,
        entry=state.ledger.entry,
    )
    state.units.put(journal, Unit(effect.area, effect.version, effect.parent))
    state.boundaries.put(journal, made)
    if state.geometries.get(effect.geometry_hash) is None:
        state.geometries.put(journal, Geometry(effect.geometry_hash, effect.geometry))


FOLDS: Mapping[type[Effect], Any] = {GepBoundarySet: boundary_set}
