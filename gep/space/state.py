"""Units of one venue and their boundaries. All on shelves.

Invariants
1. A version of a boundary and a geometry never change; a geometry has the hash that names it.
2. A unit's versions begin no earlier than those before them; the last one that has begun holds.
3. No unit stands above itself, and at most ``LEVELS_MAX`` above each other.
"""

from typing import ClassVar

import msgspec

from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row


class Unit(msgspec.Struct, frozen=True):
    """A unit: how many versions its boundary has, and the parent of the newest."""

    TABLE: ClassVar[str] = "gep_unit"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("area", "text"),)

    area: str
    version: int
    parent: str

    @property
    def key(self) -> Key:
        """Return the area."""
        return (self.area,)

    def row(self) -> Row:
        """Return the columns of table ``gep_unit`` in their order."""
        return msgspec.structs.astuple(self)


class Boundary(msgspec.Struct, frozen=True):
    """A version of a unit's boundary, from a day on; the point lies inside, in 1e-7 degrees."""

    TABLE: ClassVar[str] = "gep_boundary"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("area", "text"), ("version", "bigint"))

    area: str
    version: int
    name: str
    unit_kind: str
    parent: str
    valid_from: int
    geometry_hash: str
    longitude: int
    latitude: int
    entered_by: str
    entered_for: str
    entry: int

    @property
    def key(self) -> Key:
        """Return area and version."""
        return (self.area, self.version)

    def row(self) -> Row:
        """Return the columns of table ``gep_boundary`` in their order."""
        return msgspec.structs.astuple(self)


class Geometry(msgspec.Struct, frozen=True):
    """A geometry's canonical text."""

    TABLE: ClassVar[str] = "gep_geometry"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("geometry_hash", "text"),)

    geometry_hash: str
    geometry: str

    @property
    def key(self) -> Key:
        """Return the hash."""
        return (self.geometry_hash,)

    def row(self) -> Row:
        """Return the columns of table ``gep_geometry`` in their order."""
        return msgspec.structs.astuple(self)


class Units:
    """The units of one venue."""

    __slots__ = ("boundaries", "geometries", "ledger", "units")

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.units: Shelf[Unit] = Shelf(Unit)
        self.boundaries: Shelf[Boundary] = Shelf(Boundary)
        self.geometries: Shelf[Geometry] = Shelf(Geometry)
