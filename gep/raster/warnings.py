"""What is doubtful of rasters and yet no reason to refuse them: their unit, undeclared nodata.

A warning changes no figure. Its words are the caller's; what was found stands beside its code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gep.raster.relief import Cells

# The largest value that a unit other than ours explains better than the place does: rain of a year
# below 10 is rather metres or inches than mm. Our proposals.
LARGEST: Mapping[str, tuple[float, float]] = {
    "rain": (10, np.inf),
    "et": (10, np.inf),
    "reference_et": (10, np.inf),
    "storm_rain": (1, np.inf),
    "soil_depth": (10, np.inf),
    "erosivity": (10, np.inf),
    "erodibility": (0, 0.2),
    "npp": (0, 100),
}


class WarningCode(StrEnum):
    """What is doubtful."""

    NODATA_UNDECLARED = "nodata_undeclared"
    UNIT_DOUBTFUL = "unit_doubtful"


@dataclass(frozen=True, slots=True, kw_only=True)
class RasterWarning:
    """A raster that is doubtful, and what was found in it."""

    code: WarningCode
    raster: str
    found: str

    def document(self) -> dict[str, str]:
        """Return the warning as plain values."""
        return {"code": self.code.value, "raster": self.raster, "found": self.found}


def doubtful_units(largest: Mapping[str, float]) -> tuple[RasterWarning, ...]:
    """Return warnings of rasters whose largest value hints at another unit; NaN hints at none."""
    return tuple(
        RasterWarning(
            code=WarningCode.UNIT_DOUBTFUL, raster=name, found=f"{largest[name]:g} at most"
        )
        for name, (low, high) in LARGEST.items()
        if name in largest and (largest[name] < low or largest[name] > high)
    )


def largest_of(columns: Mapping[str, Cells]) -> Cells:
    """Return the largest value of each raster that ``LARGEST`` knows, NaN of one that is absent."""
    return np.array([columns[name].max() if name in columns else np.nan for name in LARGEST])
