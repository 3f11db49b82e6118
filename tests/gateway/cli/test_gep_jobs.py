"""Rasters for a venue's workers at the command line: packed, submitted, fetched, and again."""

import asyncio
import contextlib
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep_rasters import step
from tests.gateway.cli.commands import ecorights, result_of
from tests.gep.raster.test_package import laid_out

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        house.names["url"] = url
        yield house


async def submit(house: House, *words: str, actor: str = "V-1") -> subprocess.CompletedProcess[str]:
    more = ("--as", actor, "--url", house.names["url"])
    key = secret_of(actor)
    return await asyncio.to_thread(ecorights, "gep", "submit", *words, *more, ECORIGHTS_KEY=key)


@contextlib.asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    """Do the steps of whatever is asked, one after the other."""

    async def work() -> None:
        while True:
            rows = await house.pool.fetch("SELECT id FROM job WHERE state IN ('queued', 'running')")
            for row in rows:
                await step(house, str(row["id"]))
            await asyncio.sleep(0.02)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def packed(job: Path, target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(ecorights, "gep", "package", str(job), str(target), *more)


async def test_a_package_is_written_and_named_by_its_hash(tmp_path: Path) -> None:
    job = laid_out(tmp_path / "here")
    target = tmp_path / "out.zip"

    told = [await packed(job, target) for _ in range(2)]
    as_json = await packed(job, target, "--json")

    assert told[0].stdout == told[1].stdout
    found = result_of(as_json)
    assert told[0].stdout.splitlines()[-1] == found["upload"]
    assert (found["job"], found["files"]) == ("county", ["maps/cover.tif", "zones.geojson"])


async def test_a_package_that_cannot_be_made_ends_with_2_and_its_name(
    served: House, tmp_path: Path
) -> None:
    job = laid_out(tmp_path / "here")
    (job.parent / "maps" / "cover.tif").unlink()

    told = [await packed(job, tmp_path / "out.zip"), await submit(served, str(job))]

    assert [each.returncode for each in told] == [2, 2]
    assert all("[gep.package_member_missing]" in each.stderr for each in told)


async def test_a_job_is_submitted_waited_for_and_fetched_and_again_is_the_same(
    served: House, tmp_path: Path
) -> None:
    pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")
    from gep.raster.county import write_county

    job = str(write_county(tmp_path / "county", width=300, height=280))
    out = tmp_path / "out"

    async with working(served):
        first = await submit(served, job, "--tile", "256", "--out", str(out))
        again = await submit(served, job, "--tile", "256", "--out", str(out))
        told = await submit(served, job, "--tile", "256", "--wait", "--json")
        anew = await submit(served, job, "--tile", "256", "--wait", "--anew")

    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stdout == again.stdout
    assert "sending the package" in first.stderr
    assert "sending the package" not in again.stderr
    assert "water_conserved m3" in first.stdout
    found = result_of(told)
    assert (found["ok"], found["shards_done"], found["value"]["tiles"]) == (True, 4, 4)
    account = json.loads((out / "account.json").read_bytes())
    assert account["hash"] == found["value"]["account"]
    assert f"hash {account['hash']}" in first.stdout
    assert f"account {account['hash']}: {account['total_yuan']} yuan" in anew.stdout
    assert found["job"] not in anew.stdout
    assert sorted(each.name for each in out.iterdir() if each.name.startswith(".")) == []
    run = await asyncio.to_thread(ecorights, "gep", "raster", job)
    assert run.returncode == 0, run.stderr
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / "county" / "results" / path.name).read_bytes()


async def test_a_job_that_failed_is_told_with_its_code_and_ends_with_1(
    served: House, tmp_path: Path
) -> None:
    pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")
    job = str(laid_out(tmp_path / "here"))

    async with working(served):
        told = await submit(served, job, "--wait")
        stranger = await submit(served, job, actor="E01-1")

    assert (told.returncode, stranger.returncode) == (1, 1)
    assert "gep.wrong_type: " in told.stdout
    assert "[gep.analyst_required]" in stranger.stderr
