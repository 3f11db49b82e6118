"""What a raster job is made of: rasters, classes of land cover, zones, services, the account.

A job is a document that was read and found whole, with every path beside it resolved and every
coefficient looked up; whether the rasters fit is found when they are opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from gep.raster.models import MODELS, Settings, Way

COVER = "cover"
FORMAT = "raster-2"


class Resampling(StrEnum):
    """How a raster that does not lie on the grid is brought onto it."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    AVERAGE = "average"


# What rasters may hold, in the unit of the models; a value outside is an error of the data.
RANGES: Mapping[str, tuple[str, float, float]] = {
    COVER: ("class", 0, 65_535),
    "rain": ("mm", 0, 20_000),
    "et": ("mm", 0, 10_000),
    "reference_et": ("mm", 0, 10_000),
    "available_water": ("1", 0, 1),
    "soil_depth": ("mm", 0, 1e6),
    "storm_rain": ("mm", 0, 5_000),
    "erosivity": ("MJ mm/(hm2 h a)", 0, 1e6),
    "erodibility": ("t hm2 h/(hm2 MJ mm)", 0, 1),
    "ls": ("1", 0, 1e4),
    "slope": ("degrees", 0, 90),
    "slope_length": ("m", 0, 1e5),
    "elevation": ("m", -1_000, 10_000),
    "npp": ("t/hm2 dry matter", 0, 1_000),
}
CLASS_RANGES: Mapping[str, tuple[float, float]] = {
    "vegetated": (0, 1),
    "crop": (0, 5),
    "root_mm": (0, 1e5),
    "runoff": (0, 1),
    "cover_factor": (0, 1),
    "practice": (0, 1),
    "curve_number": (1, 100),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A raster: a file, or one value everywhere; what it holds times ``scale`` is in our unit."""

    name: str
    path: Path | None
    value: float | None = None
    scale: float = 1.0
    resample: Resampling | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridWish:
    """A grid other than that of the land cover: an equal-area projection, cells in metres."""

    crs: str
    cell_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LandClass:
    """A class of land cover: its code in the raster and its figures."""

    code: int
    name: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that can be run."""

    id: str
    name: str
    year: int
    rasters: Mapping[str, Source]
    grid: GridWish | None
    classes: tuple[LandClass, ...]
    zones: Path
    zones_layer: str | None = None
    zones_id: str = "id"
    services: tuple[str, ...]
    ways: Mapping[str, Way]
    settings: Settings
    outputs: tuple[str, ...]
    missing_share_max: Decimal
    parameters: str
    account: Mapping[str, Any] | None
    content: str
    unchecked: tuple[str, ...] = ()

    @property
    def quantities(self) -> Mapping[str, str]:
        """The quantities of the job's services in their order, with their units."""
        return {
            name: unit
            for service in self.services
            for name, unit in MODELS[service].quantities.items()
        }

    @property
    def needed(self) -> tuple[str, ...]:
        """The rasters that the services take, the land cover first."""
        taken = [name for service in self.services for name in self.ways[service].rasters]
        if "available_water" in taken and "soil_depth" in self.rasters:
            taken.append("soil_depth")
        return tuple(dict.fromkeys((COVER, *taken)))

    @property
    def ls_method(self) -> str | None:
        """Where slope length and steepness of soil retention come from; None without that."""
        way = self.ways.get("R2")
        if way is None or "ls" in way.rasters:
            return None if way is None else "ls_raster"
        if "slope_length" not in way.rasters:
            return "d8_flow_length"
        length = self.rasters["slope_length"]
        return "slope_length_number" if length.path is None else "slope_length_raster"

    @property
    def derives_relief(self) -> bool:
        """Whether slopes come from elevations."""
        return "elevation" in self.needed

    @property
    def derives_length(self) -> bool:
        """Whether slope lengths come from elevations as well."""
        return self.derives_relief and "slope_length" not in self.needed
