"""What an account says of its area beside what the area's boundary says: hash and km2."""

from collections.abc import Collection, Iterator
from decimal import Decimal
from enum import StrEnum

from gep.accounts.plan import Area

KM2_SHARE_MAX = Decimal("0.01")  # our proposal: beyond it one of both is of another land


class AreaDoubt(StrEnum):
    """Why an account and the boundary of its area may be of different land."""

    GEOMETRY_UNREGISTERED = "geometry_unregistered"
    KM2_DIFFERS = "km2_differs"


def area_doubts(area: Area, *, hashes: Collection[str], km2: Decimal | None) -> Iterator[AreaDoubt]:
    """Yield what is doubtful: ``hashes`` are of every boundary the area has had.

    ``km2`` is what its boundary encloses, None where it has none.
    """
    if area.geometry_hash is not None and area.geometry_hash not in hashes:
        yield AreaDoubt.GEOMETRY_UNREGISTERED
    if km2 is not None and differs(area.km2, km2):
        yield AreaDoubt.KM2_DIFFERS


def differs(stated: Decimal, measured: Decimal) -> bool:
    """Say whether stated km2 are more than a hundredth from what the boundary encloses."""
    return abs(stated - measured) > KM2_SHARE_MAX * measured
