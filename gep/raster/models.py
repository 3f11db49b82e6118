"""What can be computed of a cell: which rasters and class figures it takes, and its quantities.

Every figure comes from the functions of ``gep.services``, the ones that accounts call, upon arrays
of cells: a table of areas by rates and a raster of the same rates give the same sums.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gep.measures import (
    CubicMetre,
    Hectare,
    KilowattHour,
    Metre,
    Millimetre,
    Tonne,
    TonneCO2,
    TonneO2,
)
from gep.services import carbon_and_oxygen, climate, flood, soil_loss, soil_retention
from gep.services import evapotranspiration as evaporating
from gep.services import water_conservation as water
from gep.units import Amount, Number, Per
from kernel.errors import ensure

Column: TypeAlias = "NDArray[np.float64]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Figures that hold for the whole job; ``heat`` in J/g, lengths in metres.

    Those without a service that takes them stand at a value that none reads. ``cooling_share`` is
    the share of the evapotranspiration on days when rooms are cooled.
    """

    heat: float = 0.0
    efficiency: float = 1.0
    carbon_factor: float = 0.0
    oxygen_factor: float = 0.0
    season: float | None = None
    cooling_share: float = 1.0
    slope_length_max: float = 300.0  # our proposal: 10 cells of 30 m


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Cells as columns: rasters by name, each cell's class, figures of classes, area of a cell."""

    rasters: Mapping[str, Column]
    kinds: "NDArray[np.intp]"
    classes: Mapping[str, Column]
    cell_hm2: float
    settings: Settings
    _kept: dict[str, Column] = field(default_factory=dict)

    def of_class(self, name: str) -> Column:
        """Return a figure of each cell's class."""
        return self.classes[name][self.kinds]

    def depth(self, name: str) -> Amount[Millimetre]:
        """Return a raster in millimetres."""
        return Amount(self.rasters[name], Millimetre)

    @property
    def area(self) -> Amount[Hectare]:
        """The area of every cell."""
        return Amount(self.cell_hm2, Hectare)

    @property
    def evapotranspiration(self) -> Amount[Millimetre]:
        """The measured one where there is a raster of it, else that of the water-yield formula."""
        if "et" in self.rasters:
            return self.depth("et")
        if "et" not in self._kept:
            self._kept["et"] = self._modelled()
        return Amount(self._kept["et"], Millimetre)

    def _modelled(self) -> Column:
        rain, reference = self.rasters["rain"], self.rasters["reference_et"]
        crop = self.of_class("crop")
        bare = evaporating.of_other_cover(
            rain=Amount(rain, Millimetre), reference=Amount(reference, Millimetre), crop=crop
        )
        found = np.array(bare.value)
        ensure(self.settings.season is not None, "a job whose ET is modelled states its season")
        plants = np.flatnonzero((self.of_class("vegetated") > 0) & (rain > 0))
        depth = self.of_class("root_mm")[plants]
        if "soil_depth" in self.rasters:
            depth = np.minimum(depth, self.rasters["soil_depth"][plants])
        grown = evaporating.of_plants(
            rain=Amount(rain[plants], Millimetre),
            potential=Amount((crop * reference)[plants], Millimetre),
            water_content=Amount(depth * self.rasters["available_water"][plants], Millimetre),
            season=self.settings.season or 0.0,
        )
        found[plants] = grown.value
        return found


Made: TypeAlias = "Mapping[str, Number]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A service: its quantities with their units, its ways, and how it is computed.

    The first way whose rasters the job has is taken.
    """

    quantities: Mapping[str, str]
    ways: "tuple[Way, ...]"
    make: Callable[[Cells], Made]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of computing: the rasters and class figures that it takes, and its name."""

    rasters: tuple[str, ...]
    classes: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    method: str


def _water_yield(cells: Cells) -> Made:
    left = cells.depth("rain") - cells.evapotranspiration
    return {"water_yield": water.volume_on(left, cells.area).value}


def _conserved(cells: Cells) -> Made:
    rain = cells.depth("rain")
    runoff = water.storm_runoff(rain=rain, coefficient=cells.of_class("runoff"))
    evaporated = cells.evapotranspiration
    kept = water.water_balance(
        rain=rain, runoff=runoff, evapotranspiration=evaporated, area=cells.area
    )
    lost = water.clipped(rain=rain, runoff=runoff, evapotranspiration=evaporated, area=cells.area)
    return {"water_conserved": kept.value, "water_clipped": lost.value}


def _retained(cells: Cells) -> Made:
    if "ls" in cells.rasters:
        relief: Number = cells.rasters["ls"]
    else:
        degrees = cells.rasters["slope"]
        length = Amount(cells.rasters["slope_length"], Metre)
        relief = soil_loss.slope_factor(degrees=degrees) * soil_loss.length_factor(
            length=length, degrees=degrees
        )
    rain, soil = cells.rasters["erosivity"], cells.rasters["erodibility"]
    kept = soil_retention.retained(
        erosivity=rain,
        erodibility=soil,
        slope=relief,
        cover=cells.of_class("cover_factor"),
        practice=cells.of_class("practice"),
        area=cells.area,
    )
    bare = soil_retention.retained(
        erosivity=rain, erodibility=soil, slope=relief, cover=0.0, practice=1.0, area=cells.area
    )
    return {"soil_retained": kept.value, "soil_lost": (bare - kept).value}


def _storm(cells: Cells) -> Made:
    rain = cells.depth("storm_rain")
    runoff = flood.scs_runoff(rain=rain, curve_number=cells.of_class("curve_number"))
    held = flood.vegetation(rain=rain, runoff=runoff, area=cells.area)
    return {
        "storm_water_held": held.value,
        "storm_runoff": water.volume_on(runoff, cells.area).value,
    }


def _grown(cells: Cells) -> Amount[Tonne]:
    return cells.area * Per(cells.rasters["npp"], Tonne, Hectare)


def _carbon(cells: Cells) -> Made:
    factor = Per(cells.settings.carbon_factor, TonneCO2, Tonne)
    fixed = carbon_and_oxygen.fixation(dry_matter=_grown(cells), factor=factor)
    return {"carbon_dioxide": fixed.value}


def _oxygen(cells: Cells) -> Made:
    factor = Per(cells.settings.oxygen_factor, TonneO2, Tonne)
    released = carbon_and_oxygen.release(dry_matter=_grown(cells), factor=factor)
    return {"oxygen": released.value}


def _cooling(cells: Cells) -> Made:
    grown = cells.of_class("vegetated") * cells.settings.cooling_share
    risen = water.volume_on(cells.evapotranspiration * grown, cells.area)
    cooled = climate.evapotranspiration(
        water=risen, heat=cells.settings.heat, efficiency=cells.settings.efficiency
    )
    return {"evapotranspired": risen.value, "cooling": cooled.value}


_MODELLED = ("rain", "reference_et", "available_water")
_PLANTS = ("vegetated", "crop", "root_mm")
_SOIL = ("erosivity", "erodibility")
_COVER = ("cover_factor", "practice")
M3 = CubicMetre.symbol


def _by_evapotranspiration(method: str, *classes: str) -> tuple[Way, ...]:
    modelled = tuple(dict.fromkeys((*classes, *_PLANTS)))
    return (
        Way(rasters=("rain", "et"), classes=classes, method=f"{method}, ET of a raster"),
        Way(
            rasters=_MODELLED,
            classes=modelled,
            settings=("season",),
            method=f"{method}, ET by R1.evapotranspiration",
        ),
    )


def _by_relief(*ways: tuple[str, tuple[str, ...]]) -> tuple[Way, ...]:
    return tuple(
        Way(rasters=(*_SOIL, *rasters), classes=_COVER, method=f"R2.retained, {how}")
        for how, rasters in ways
    )


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        "water_yield": Model(
            quantities={"water_yield": M3},
            ways=_by_evapotranspiration("rain less ET"),
            make=_water_yield,
        ),
        "R1": Model(
            quantities={"water_conserved": M3, "water_clipped": M3},
            ways=_by_evapotranspiration("R1.balance", "runoff"),
            make=_conserved,
        ),
        "R2": Model(
            quantities={"soil_retained": Tonne.symbol, "soil_lost": Tonne.symbol},
            ways=_by_relief(
                ("LS of a raster", ("ls",)),
                ("slope and its length of rasters", ("slope", "slope_length")),
                ("Horn's slope, its length of a raster", ("elevation", "slope_length")),
                ("Horn's slope, its length by D8", ("elevation",)),
            ),
            make=_retained,
        ),
        "R3": Model(
            quantities={"storm_water_held": M3, "storm_runoff": M3},
            ways=(
                Way(
                    rasters=("storm_rain",),
                    classes=("curve_number",),
                    method="R3.vegetation, R3.scs_runoff",
                ),
            ),
            make=_storm,
        ),
        "R8": Model(
            quantities={"carbon_dioxide": TonneCO2.symbol},
            ways=(Way(rasters=("npp",), method="R8.fixation"),),
            make=_carbon,
        ),
        "R9": Model(
            quantities={"oxygen": TonneO2.symbol},
            ways=(Way(rasters=("npp",), method="R9.release"),),
            make=_oxygen,
        ),
        "R10": Model(
            quantities={"evapotranspired": M3, "cooling": KilowattHour.symbol},
            ways=_by_evapotranspiration("R10.evapotranspiration", "vegetated"),
            make=_cooling,
        ),
    }
)
