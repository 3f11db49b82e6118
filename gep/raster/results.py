"""What a run leaves for people: zones with their sums, layers, the account; all or none of a file.

Files are written beside their places and put there together. GeoJSON and GeoPackage hold the zones
in WGS 84 with one column for each quantity; a layer is a cloud-optimised GeoTIFF of quantities by
cell.
"""

import json
from collections.abc import Iterator, Mapping
from errno import EISDIR
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from gep.accounts.account import Account
from gep.accounts.stored import plan_text
from gep.raster.geopackage import write_geopackage
from gep.raster.geotiff import write_cloud_optimised, write_raster
from gep.raster.grid import Part
from gep.raster.running import Outcome
from gep.raster.zonal_account import plan_document
from gep.zones import Zone

GIVEN = "given_"


def document_of(outcome: Outcome) -> dict[str, Any]:
    """Return a run as plain values: sums by zone, cells by class, ways of computing, inputs."""
    job = outcome.job
    return {
        "id": job.id,
        "hash": outcome.hash,
        "parameters": job.parameters,
        "methods": {service: job.ways[service].method for service in job.services},
        **({} if job.ls_method is None else {"ls_method": job.ls_method}),
        "warnings": [each.document() for each in outcome.warnings],
        "unchecked_parameters": list(job.unchecked),
        "units": dict(job.quantities),
        "cell_hm2": outcome.grid.cell_hm2,
        "zones": [
            {
                "id": zone.id,
                "name": zone.name,
                "area_hm2": outcome.area_hm2(number),
                "cells_without_data": int(outcome.missing[number]),
                "sums": {name: outcome.sum_of(name, number) for name in job.quantities},
                "classes_hm2": {
                    each.name: int(count) * outcome.grid.cell_hm2
                    for each, count in zip(job.classes, outcome.cells[number], strict=True)
                },
            }
            for number, zone in enumerate(outcome.zones)
        ],
    }


def write_results(outcome: Outcome, folder: Path, account: Account | None) -> tuple[Path, ...]:
    """Write the files of a run, and return where they lie.

    All are written beside their places before the first is put there.

    Raises:
        OSError: they cannot be written; what stood there before still stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".results-") as drafts:
        written = _drafts(outcome, Path(drafts), account)
        for path in written:
            if (folder / path.name).is_dir():
                raise IsADirectoryError(EISDIR, "a folder stands where a file goes", path.name)
        return tuple(path.replace(folder / path.name) for path in written)


def _drafts(outcome: Outcome, folder: Path, account: Account | None) -> list[Path]:
    columns = [_columns(outcome, number) for number in range(len(outcome.zones))]
    features = [
        {
            "type": "Feature",
            "geometry": zone.geometry,
            "properties": _properties(zone, found),
        }
        for zone, found in zip(outcome.zones, columns, strict=True)
    ]
    written = [
        _write_json(folder / "run.json", document_of(outcome)),
        _write_json(folder / "zones.geojson", {"type": "FeatureCollection", "features": features}),
        folder / "zones.gpkg",
    ]
    write_geopackage(
        written[-1],
        [(zone.id, zone.name, zone.polygons) for zone in outcome.zones],
        columns,
        changed=f"{outcome.job.year}-12-31T00:00:00.000Z",
    )
    if account is not None:
        document = {"hash": account.hash, **account.document()}
        written.append(_write_json(folder / "account.json", document))
        plan = plan_text(plan_document(outcome))
        written.append(_write_json(folder / "plan.json", json.loads(plan)))
    written.extend(_write_layer(outcome, name, folder) for name in outcome.job.outputs)
    return written


def _columns(outcome: Outcome, number: int) -> dict[str, float]:
    sums = {name: outcome.sum_of(name, number) for name in outcome.job.quantities}
    return {"area_hm2": outcome.area_hm2(number), **sums}


def _properties(zone: Zone, figures: Mapping[str, float]) -> dict[str, Any]:
    """Return a zone's properties and figures; a property named as one of ours is set apart."""
    own: dict[str, Any] = {"id": zone.id, "name": zone.name, **figures}
    given = {
        f"{GIVEN}{name}" if name in own and value != own[name] else name: value
        for name, value in zone.properties.items()
    }
    return {**given, **own}


def _write_layer(outcome: Outcome, name: str, folder: Path) -> Path:
    path = folder / f"{name}.tif"
    with TemporaryDirectory(dir=folder, prefix=".layer-") as drafts:
        plain = Path(drafts) / path.name
        write_raster(plain, outcome.grid, _layer(outcome, name), dtype="float32", nodata=np.nan)
        write_cloud_optimised(plain, path)
    return path


def _layer(outcome: Outcome, name: str) -> Iterator[tuple[Part, Any]]:
    for part, path in outcome.tiles:
        with np.load(path) as kept:
            yield part, kept[name]


def _write_json(path: Path, document: dict[str, Any]) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    return path
