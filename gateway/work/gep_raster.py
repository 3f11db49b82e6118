"""The kind ``gep_raster``: a package of rasters, computed tile by tile by a venue's workers.

The plan unpacks the package into the job's folder, sees that rasters and zones fit, and hashes all
that goes in. A shard is one tile or a few; each tile is a file, written under its attempt's name
and renamed, and one that stands is not made again. The end adds them: the bits that
`./ecorights gep raster` gives. Results are one ZIP; what was unpacked, and the tiles, go with it.
"""

import asyncio
import importlib.util
import json
import math
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from uuid import UUID

import asyncpg
from pydantic import Field

from gateway.caller import Caller
from gateway.work.folders import described
from gateway.work.job import Job
from gateway.work.kinds import Finished, JobKind, Outcome, Parameters, Plan, Work
from gateway.work.packages import (
    KIND,
    PackageShelf,
    PackageStore,
    PackageUnknown,
    limits_of,
    refuse_others,
)
from gep.raster.errors import LibraryMissing, RasterRefused
from gep.raster.grid import SQUARE, TILE, TILE_MAX
from gep.raster.package import packaged_job, unpack

if TYPE_CHECKING:
    from gep.raster.running import Ready

INPUTS, TILES, RESULTS = "inputs", "tiles", "results"
RESULT = "results.zip"
VALUE = "value.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
COPY_BYTES = 1 << 20


class GepRasterParameters(Parameters):
    """Which package, and how many cells a tile has along its edge; no result depends on that."""

    upload: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    tile: Annotated[int, Field(ge=SQUARE, le=TILE_MAX, multiple_of=SQUARE)] = TILE


class GepRaster(JobKind[GepRasterParameters]):
    """Zonal sums and an account of ecosystem products from rasters."""

    name = KIND
    parameters = GepRasterParameters
    shards_wanted: ClassVar[int] = 32
    """A job has so many, as long as none has more cells than `shard_cells`."""
    shard_cells: ClassVar[int] = 4 * 1024 * 1024
    """A second or two; opening rasters and boundaries once for each is little beside it."""
    shards_most: ClassVar[int] = 20_000

    def __init__(self) -> None:
        # Of the job that this process was at last: boundaries take their time to read.
        self._ready: tuple[UUID, Ready] | None = None

    async def authorise(
        self, connection: asyncpg.Connection, caller: Caller, parameters: GepRasterParameters
    ) -> None:
        """Refuse who computes no accounts, packages of others, and us without the library."""
        refuse_others(caller)
        if not await PackageStore(connection).has(caller.party, parameters.upload):
            raise PackageUnknown(parameters.upload, field="parameters.upload")
        if importlib.util.find_spec("rasterio") is None:
            raise LibraryMissing

    async def authorise_result(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        parameters: GepRasterParameters,
        *,
        job: Job,
    ) -> None:
        """Refuse who computes no accounts; the package need not be there any more."""
        del connection, parameters, job
        if not caller.watches():
            refuse_others(caller)

    async def plan(self, work: Work, parameters: GepRasterParameters) -> Plan:
        """Unpack the package, see that it fits, and cut it."""
        shelf = PackageShelf(work.folder.parent / "packages", limits_of(work.settings))
        return await asyncio.to_thread(self._planned, work, parameters, shelf)

    def _planned(self, work: Work, parameters: GepRasterParameters, shelf: PackageShelf) -> Plan:
        from gep.raster.running import inputs_hash
        from gep.raster.zonal_account import check_template

        path = shelf.path(parameters.upload)
        if not path.is_file():
            raise PackageUnknown(parameters.upload, field="parameters.upload")
        _unpack_once(work, path, most=shelf.limits.unpacked_max)
        with _without_our_paths(work):
            ready = self._ready_for(work, parameters)
            check_template(ready)
            work.check()
            inputs = inputs_hash(ready)
        count = len(ready.parts)
        size = self._tiles_a_shard(count, tile=parameters.tile)
        (work.folder / TILES).mkdir(exist_ok=True)
        shards = [
            {"first": first, "count": min(size, count - first)} for first in range(0, count, size)
        ]
        value = {"hash": inputs, "tiles": count, "tiles_a_shard": size}
        return Plan(shards=shards, common={"hash": inputs}, value=value)

    def _ready_for(self, work: Work, parameters: GepRasterParameters) -> "Ready":
        from gep.raster.running import prepare

        if self._ready is None or self._ready[0] != work.job.id:
            job = packaged_job(work.folder / INPUTS)
            self._ready = work.job.id, prepare(job, tile=parameters.tile)
        return self._ready[1]

    def _tiles_a_shard(self, count: int, *, tile: int) -> int:
        most = max(1, self.shard_cells // tile**2)
        least = math.ceil(count / self.shards_most)
        return max(min(most, math.ceil(count / self.shards_wanted)), least)

    async def run_shard(self, work: Work, parameters: GepRasterParameters, shard: Any) -> Any:
        """Make some tiles; those that stand already are left as they are."""
        return await asyncio.to_thread(self._made, work, parameters, shard)

    def _made(self, work: Work, parameters: GepRasterParameters, shard: Any) -> Any:
        from gep.raster.running import is_whole, keep_tile

        made = 0
        with _without_our_paths(work):
            ready = self._ready_for(work, parameters)
            tiles = ready.tiles_in(work.folder / TILES)
            with ready.maker() as maker:
                for part, path in tiles[shard["first"] : shard["first"] + shard["count"]]:
                    work.check()
                    if not is_whole(path):
                        keep_tile(maker.make(part), path, draft=str(work.attempt))
                        made += 1
        return {"made": made}

    async def finish(
        self, work: Work, parameters: GepRasterParameters, finished: Finished
    ) -> Outcome:
        """Add the tiles, and write what came of them into one file."""
        if not (work.folder / VALUE).exists():
            await asyncio.to_thread(self._finished, work, parameters, finished)
        value = json.loads((work.folder / VALUE).read_bytes())
        file = described(work.folder / RESULT, media_type="application/zip")
        for name in (INPUTS, TILES):
            shutil.rmtree(work.folder / name, ignore_errors=True)
        return Outcome(value=value, file=file)

    def _finished(self, work: Work, parameters: GepRasterParameters, finished: Finished) -> None:
        """Leave the file, and then its value: where that stands, the job has come to its end."""
        from gep.accounts.making import make_account
        from gep.raster.results import write_results
        from gep.raster.running import outcome_of
        from gep.raster.zonal_account import plan_from

        with _without_our_paths(work):
            ready = self._ready_for(work, parameters)
            tiles = ready.tiles_in(work.folder / TILES)
            outcome = outcome_of(ready, tiles, inputs=finished.common["hash"])
            account = None if ready.job.account is None else make_account(plan_from(outcome))
        work.check()
        drafts = work.folder / f"{RESULTS}.{work.attempt}"
        shutil.rmtree(drafts, ignore_errors=True)
        written = write_results(outcome, drafts, account)
        _zip(work, written)
        shutil.rmtree(drafts)
        value = {
            "hash": outcome.hash,
            "id": ready.job.id,
            "tiles": len(tiles),
            "zones": len(outcome.zones),
            "account": None if account is None else account.hash,
            "total_yuan": None if account is None else account.document()["total_yuan"],
        }
        _write(work, VALUE, json.dumps(value).encode())


def _unpack_once(work: Work, path: Path, *, most: int) -> None:
    """Unpack a package into the job's folder, unless a former attempt has done so."""
    place = work.folder / INPUTS
    if place.is_dir():
        return
    draft = work.folder / f"{INPUTS}.{work.attempt}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        unpack(path, draft, unpacked_max=most, check=work.check)
        draft.rename(place)
    except OSError:
        # Whoever held the step before us may have been slower to die than we to begin.
        if not place.is_dir():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def _without_our_paths(work: Work) -> Iterator[None]:
    """Let what is refused name files as the package does."""
    try:
        yield
    except RasterRefused as refused:
        found = refused.data["found"].replace(f"{work.folder / INPUTS}/", "")
        raise RasterRefused(
            code=refused.code.removeprefix("gep."),
            field=str(refused.field),
            expected=str(refused.expected),
            found=found,
        ) from refused


def _zip(work: Work, files: tuple[Path, ...]) -> None:
    """Put files into one, which depends on nothing but their bytes."""
    draft = work.folder / f"{RESULT}.{work.attempt}"
    with zipfile.ZipFile(draft, "w") as archive:
        for path in files:
            entry = zipfile.ZipInfo(path.name, EPOCH)
            entry.file_size = path.stat().st_size
            # Layers are compressed already; the others are text and small tables.
            if path.suffix != ".tif":
                entry.compress_type = zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while piece := source.read(COPY_BYTES):
                    work.check()
                    target.write(piece)
    draft.replace(work.folder / RESULT)


def _write(work: Work, name: str, content: bytes) -> None:
    draft = work.folder / f"{name}.{work.attempt}"
    draft.write_bytes(content)
    draft.replace(work.folder / name)
