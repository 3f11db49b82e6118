"""From a document to a raster job: every key known, every coefficient with its row of parameters.

Paths are beside the document. A class figure is a number, or the row of the parameter set that has
it. The ``account`` is an account's document but for what the job says itself: id, area (but for
population and GDP), year, parameters, overrides.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from gep.accounts.reading import override_at, parameter_set_at
from gep.document import Place, read_document
from gep.errors import Unknown
from gep.raster.job import (
    CLASS_RANGES,
    COVER,
    FORMAT,
    RANGES,
    GridWish,
    Job,
    LandClass,
    Resampling,
    Source,
)
from gep.raster.models import MODELS, Settings, Way
from gep.registry.edition import Mark
from gep.registry.parameter_set import Dims, Parameters, overridden
from gep.registry.reading import dims_of, year_of

CLASSES_MAX = 1_000
# The library would take anything else for a file or an address, and look there.
PROJECTION = re.compile(
    r"auto|(?i:EPSG|ESRI|OGC|IAU_2015):[0-9A-Za-z]+|\+proj=[^/\\]+"
    r"|[A-Z][A-Z0-9_]*\s*\[.*",
    re.DOTALL,
)
CLASS_CODE_MAX = 65_535
ROWS_OF_SETTINGS = {
    "heat": ("R10", "climate.heat"),
    "efficiency": ("R10", "climate.efficiency"),
    "carbon_factor": ("R8", "carbon.dioxide_factor"),
    "oxygen_factor": ("R9", "oxygen.factor"),
}
SETTING_RANGES = {
    "season": (0.1, 100),
    "heat": (2_000, 3_000),
    "efficiency": (0.5, 20),
    "carbon_factor": (0, 10),
    "oxygen_factor": (0, 10),
    "cooling_share": (0, 1),
    "slope_length_max": (1, 2_000),
}


def read_job(text: bytes, folder: Path) -> Job:
    """Read a job whose paths are beside a folder.

    Raises:
        Malformed: the place and what was expected there, a raster that a service lacks among it.
        AccountRefused, Unknown: an override that is absurd, or of no row.
    """
    place = read_document(text)
    found = place.fields(
        "id year parameters rasters classes zones services",
        "name grid overrides settings outputs missing_share_max account note",
    )
    year = year_of(found["year"])
    chosen = parameter_set_at(found["parameters"])
    overrides = [override_at(each) for each in found.get("overrides", Place([])).items()]
    rows = _Rows(overridden(chosen, overrides, on=date(year, 12, 31)))
    rasters = _rasters(found["rasters"], folder)
    services = tuple(found["services"].unique(_service, lambda each: each))
    if not services:
        found["services"].refuse("wrong_type", "at least one service")
    ways = {each: _way(each, rasters, found["rasters"]) for each in services}
    job = Job(
        id=found["id"].text(),
        name=(found["name"] if "name" in found else found["id"]).text(),
        year=year,
        rasters=rasters,
        grid=_grid(found["grid"]) if "grid" in found else None,
        classes=_classes(found["classes"], rows, ways),
        **_zones(found["zones"], folder),
        services=services,
        ways=ways,
        settings=_settings(found.get("settings", Place({}, "document.settings")), rows, ways),
        outputs=tuple(each.text() for each in found.get("outputs", Place([])).items()),
        missing_share_max=found["missing_share_max"].between(0, 1)
        if "missing_share_max" in found
        else Decimal(0),
        parameters=chosen.version,
        account=_account(found["account"], place) if "account" in found else None,
        content=sha256(b"\0".join((FORMAT.encode(), chosen.hash.encode(), text))).hexdigest(),
    )
    job = replace(job, unchecked=tuple(sorted(rows.unchecked)))
    for name in job.outputs:
        if name not in job.quantities:
            found["outputs"].refuse("unknown_value", f"some of {', '.join(job.quantities)}")
    return job


class _Rows:
    """Figures of the job, numbers or rows of the parameter set; remembers which were unchecked."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self.unchecked: set[str] = set()

    def figure(self, place: Place, limits: tuple[float, float]) -> float:
        """Return a number, or the value of the row that stands in its place."""
        if isinstance(place.value, bool):
            return float(place.value)
        if not isinstance(place.value, dict):
            return float(place.between(*limits))
        found = place.fields("parameter", "dims")
        value = self.value(found["parameter"], dims_of(found.get("dims")))
        return float(Place(value, place.path).between(*limits))

    def value(self, key: Place, dims: Dims = ()) -> Decimal:
        """Return a row's value.

        An override of it would change the sums, which the account's total without overrides could
        not show: it is refused, for the job may state the figure itself.
        """
        try:
            row, override = self._parameters.find(key.text(), dims)
        except Unknown:
            key.refuse("parameter_unknown", "a row of the parameter set")
        if override is not None:
            key.refuse("override_in_raster", "no override, but the figure itself in the job")
        if row.mark is Mark.UNCHECKED:
            self.unchecked.add(row.name)
        return row.value


def _rasters(place: Place, folder: Path) -> Mapping[str, Source]:
    members = place.members()
    if COVER not in members:
        place.refuse("raster_missing", f"{COVER}, the classes of land cover")
    for name, each in members.items():
        if name not in RANGES:
            each.refuse("raster_unknown", f"one of {', '.join(RANGES)}")
    return {name: _source(name, each, folder) for name, each in members.items()}


def _source(name: str, place: Place, folder: Path) -> Source:
    if "value" in place.members() and name != COVER:
        found = place.fields("value", "note")
        _, low, high = RANGES[name]
        value = float(found["value"].between(low, high))
        return Source(name=name, path=None, value=value, note=_note(found))
    found = place.fields("path", "scale resample note")
    resample = found["resample"].choice(Resampling) if "resample" in found else None
    if name == COVER and resample not in {None, Resampling.NEAREST}:
        found["resample"].refuse("unknown_value", "nearest, for classes have no mean")
    return Source(
        name=name,
        path=folder / found["path"].text(),
        scale=float(found["scale"].between(1e-9, 1e9)) if "scale" in found else 1.0,
        resample=resample,
        note=_note(found),
    )


def _note(found: Mapping[str, Place]) -> str:
    return found["note"].text() if "note" in found else ""


def _zones(place: Place, folder: Path) -> dict[str, Any]:
    """Return where zones lie: a path, or an object with the layer and the name of their ids."""
    if not isinstance(place.value, dict):
        return {"zones": folder / place.text()}
    found = place.fields("path", "layer id")
    return {
        "zones": folder / found["path"].text(),
        "zones_layer": found["layer"].text() if "layer" in found else None,
        "zones_id": found["id"].text() if "id" in found else "id",
    }


def _grid(place: Place) -> GridWish:
    found = place.fields("crs cell_m")
    crs = found["crs"].text()
    if PROJECTION.fullmatch(crs) is None:
        found["crs"].refuse(
            "projection_unknown", "auto, a code such as EPSG:3035, a PROJ string or WKT"
        )
    return GridWish(crs=crs, cell_m=float(found["cell_m"].between(0.1, 1e5)))


def _service(place: Place) -> str:
    name = place.text()
    if name not in MODELS:
        place.refuse("service_unknown", f"one of {', '.join(MODELS)}")
    return name


def _way(service: str, rasters: Mapping[str, Source], place: Place) -> Way:
    ways = MODELS[service].ways
    found = next((way for way in ways if set(way.rasters) <= rasters.keys()), None)
    if found is None:
        expected = " or ".join(", ".join(way.rasters) for way in ways)
        place.refuse("raster_missing", f"for {service} {expected}")
    return found


def _classes(place: Place, rows: _Rows, ways: Mapping[str, Way]) -> tuple[LandClass, ...]:
    needed = " ".join(dict.fromkeys(name for way in ways.values() for name in way.classes))
    found: list[LandClass] = []
    for each in place.items(most=CLASSES_MAX):
        columns = each.fields(f"code name {needed}", " ".join(CLASS_RANGES))
        figures = {
            name: rows.figure(columns[name], CLASS_RANGES[name])
            for name in CLASS_RANGES
            if name in columns
        }
        code = columns["code"].whole(0, CLASS_CODE_MAX)
        if code in {known.code for known in found}:
            each.refuse("doubled_id", "each code once")
        found.append(LandClass(code=code, name=columns["name"].text(), figures=figures))
    if not found:
        place.refuse("wrong_type", "at least one class")
    return tuple(found)


def _settings(place: Place, rows: _Rows, ways: Mapping[str, Way]) -> Settings:
    found = place.fields("", " ".join(SETTING_RANGES))
    if "season" not in found and any("season" in way.settings for way in ways.values()):
        place.refuse("key_missing", "season, the Z of the evapotranspiration formula")
    stated = {name: rows.figure(each, SETTING_RANGES[name]) for name, each in found.items()}
    taken = {
        name: float(rows.value(Place(key, f"{place.path}.{name}")))
        for name, (service, key) in ROWS_OF_SETTINGS.items()
        if name not in stated and service in ways
    }
    return Settings(**taken | stated)


def _account(place: Place, job: Place) -> Mapping[str, Any]:
    known = place.members()
    for name in ("id", "year", "parameters", "overrides"):
        if name in known:
            known[name].refuse("unknown_key", f"no {name}, for the job says it")
    if "area" in known:
        known["area"].fields("", "population gdp_yuan")
    shared = [name for name in ("year", "parameters", "overrides") if name in job.value]
    return {**place.value, **{name: job.value[name] for name in shared}}
