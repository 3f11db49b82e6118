"""Workers make the tiles of a raster job; one that is killed costs the step that it was at."""

import hashlib
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from gateway.work.job import Job, State
from gateway.work.keeping import Keeping
from gateway.work.packages import PackageStore, Received
from gep.accounts.making import make_account
from gep.raster.job_file import read_job
from gep.raster.packing import write_package
from gep.raster.results import document_of
from gep.raster.running import run
from gep.raster.zonal_account import plan_from
from tests.gateway.work.recording import runs
from tests.gateway.work.shop import Shop, kill_in_a_shard, member, working
from tests.gep.raster.counties import County

pytestmark = pytest.mark.asyncio(loop_scope="module")
TILES = 4


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def keeping(opened_shop: Shop) -> AsyncIterator[Keeping]:
    """Two processes of a worker."""
    async with working(opened_shop) as found:
        yield found


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return County(tmp_path_factory.mktemp("county"), width=300, height=280)


async def asked(shop: Shop, county: County) -> Job:
    """Hand a package in as the operator, and ask for its job."""
    shelf = shop.desk.packages
    draft = shop.folder() / "package.zip"
    write_package(county.path, draft)
    content = draft.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    shop.folders.packages.mkdir(parents=True)
    received = Received(draft=draft, digest=digest, size=len(content))
    async with shop.pool.acquire() as connection:
        store = PackageStore(connection)  # type: ignore[arg-type]  # a proxy of the same shape
        await store.keep(shelf, received, party="X", job="county")
    found = await shop.desk.ask(
        member("X-1"),
        key="raster",
        kind="gep_raster",
        parameters={"upload": digest, "tile": 256},
    )
    assert found is not None
    return found


async def test_a_killed_worker_costs_one_step_and_no_bit_of_the_sums(
    shop: Shop, county: County, tmp_path: Path
) -> None:
    job = await asked(shop, county)
    folder = shop.folders.of(job.id)

    victim = await kill_in_a_shard(shop, folder)
    done = await shop.ended(job)

    assert victim
    assert (done.state, done.shards_done) == (State.DONE, TILES), done.fault
    found = runs(folder)
    assert [found["end", tile] for tile in range(TILES)] == [1] * TILES
    assert sum(found["begin", tile] for tile in range(TILES)) == TILES + 1
    alone = run(read_job(county.path.read_bytes(), county.folder), tmp_path)
    account = make_account(plan_from(alone))
    assert done.value is not None
    assert (done.value["hash"], done.value["account"]) == (alone.hash, account.hash)
    path = shop.folders.result(done)
    assert path is not None
    with zipfile.ZipFile(path) as archive:
        together = json.loads(archive.read("run.json"))
    assert together == json.loads(json.dumps(document_of(alone)))
    assert sorted(each.name for each in folder.iterdir()) == ["results.zip", "runs", "value.json"]
