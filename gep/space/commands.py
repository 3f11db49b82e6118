"""What can be asked of a venue's units, as plain data. A geometry is its canonical text."""

from enum import StrEnum

from ledger.commands import Command

# Deciding on a geometry of this size takes about 30 ms; no command may hold the writer for 50.
GEOMETRY_BYTES_MAX = 150_000
NAME_LENGTH_MAX = 100
LEVELS_MAX = 8


class UnitKind(StrEnum):
    """What a unit is (核算单元): a region, a project's land or a parcel."""

    REGION = "region"
    PROJECT = "project"
    PARCEL = "parcel"


class SetGepBoundary(Command, frozen=True, kw_only=True, tag="gep_set_boundary"):
    """Enter a unit's boundary (区域边界) as it is from a day on; the one before stays readable.

    ``parent`` is the unit that it belongs to, or empty; ``valid_from`` the ordinal of a day.
    """

    area: str
    name: str
    unit_kind: UnitKind
    valid_from: int
    geometry: str
    parent: str = ""
