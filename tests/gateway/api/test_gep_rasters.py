"""Packages of rasters over HTTP, their jobs, and the account that comes of one."""

import asyncio
import hashlib
import io
import json
import shutil
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
import pytest_asyncio

from gateway.api.gep_packages import UPLOADS_AT_ONCE
from gateway.settings import Settings
from gateway.work import packages
from gateway.work.job import LeaseLost
from gateway.work.kinds import Kinds
from gateway.work.packages import PER_PARTY_MAX, PackageLimits, PackageShelf, PackageStore
from gateway.work.stepping import Workplace, do_turn
from gateway.work.store import JobStore
from gep.raster.packing import write_package
from tests.gateway.api.house import House
from tests.gep.raster.packages import package

pytestmark = pytest.mark.asyncio(loop_scope="module")
PACKAGES = "/gep/raster-packages"
WIDTH, HEIGHT = 300, 280
Change = Callable[[dict[str, Any]], None]


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _nothing_waits(house: House) -> AsyncIterator[None]:
    """Begin every test without packages and jobs."""
    yield
    await house.pool.execute("DELETE FROM job")
    await house.pool.execute("DELETE FROM raster_package")
    shutil.rmtree(house.folder / "jobs" / "test" / "packages", ignore_errors=True)


async def hand_in(
    house: House, content: bytes | AsyncIterator[bytes], actor: str = "V-1", **params: str
) -> httpx.Response:
    headers = house.headers(actor, key=house.new_key()) | {"Content-Type": "application/zip"}
    return await house.http.post(f"/v1{PACKAGES}", content=content, headers=headers, params=params)


async def waiting(house: House, actor: str) -> list[str]:
    answer = await house.get(PACKAGES, actor)
    assert answer.status_code == 200, answer.text
    return [each["upload"] for each in answer.json()["packages"]]


async def ask(house: House, upload: str, actor: str = "V-1", **more: Any) -> httpx.Response:
    body = {"kind": "gep_raster", "parameters": {"upload": upload, **more}}
    return await house.post("/jobs", body, actor)


def shelf_of(house: House) -> PackageShelf:
    shelf: PackageShelf = house.application.state.door.jobs.packages
    return shelf


def files_of(house: House) -> list[str]:
    return sorted(path.name for path in shelf_of(house).path("").parent.glob("*"))


async def step(house: House, job: str) -> None:
    """Do one step of a job."""
    place = Workplace(
        settings=Settings(home=house.folder, venue="test", worker_lease=20),
        dsn=house.writer._plan.dsn,
        worker="w1",
        kinds=Kinds(),
    )
    await do_turn(place, UUID(job), wake=lambda _: None, seconds=0.0)


async def ended(house: House, job: str, actor: str = "V-1") -> dict[str, Any]:
    """Do a job's steps one after the other."""
    while True:
        answer = await house.get(f"/jobs/{job}", actor)
        found: dict[str, Any] = answer.json()
        if found["state"] not in {"queued", "running"}:
            return found
        await step(house, job)


async def test_the_same_bytes_are_the_same_package_and_a_dry_run_keeps_none(house: House) -> None:
    content = package()

    tried = await hand_in(house, content, dry_run="true")
    before = files_of(house)
    first, again = [await hand_in(house, content) for _ in range(2)]

    assert (tried.status_code, tried.json()["outcome"]) == (200, "dry_run")
    assert before == []
    assert [each.status_code for each in (first, again)] == [201, 201]
    kept = first.json()
    assert kept | {"kept_until": ""} == again.json() | {"kept_until": ""}
    assert (kept["job"], kept["files"], kept["bytes"]) == ("county", 2, len(content))
    assert await waiting(house, "V-1") == [kept["upload"]]
    assert files_of(house) == [f"{kept['upload']}.zip"]


async def test_a_package_is_its_partys_own(house: House) -> None:
    upload = (await hand_in(house, package())).json()["upload"]

    seen = [await waiting(house, who) for who in ("V-1", "R-1", "X-1")]
    asked = await ask(house, upload, "R-1")
    trader = await house.get(PACKAGES, "E01-1")

    assert seen == [[upload], [], []]
    assert (asked.status_code, asked.json()["code"]) == (404, "gep.package_unknown")
    assert (trader.status_code, trader.json()["code"]) == (403, "gep.analyst_required")


async def test_what_is_refused_leaves_nothing_and_says_what_was_found(house: House) -> None:
    refused = (await hand_in(house, package(("notes.txt", b"")))).json()

    assert (refused["code"], refused["found"]) == ("gep.package_member_unread", "notes.txt")
    assert await waiting(house, "V-1") == []


async def test_a_party_has_two_packages_on_their_way(house: House) -> None:
    content, begun, end = package(), asyncio.Semaphore(0), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield content[:50]
        begun.release()
        await end.wait()
        yield content[50:]

    running = [asyncio.create_task(hand_in(house, slow())) for _ in range(UPLOADS_AT_ONCE)]
    for _ in running:
        await begun.acquire()
    more = await hand_in(house, content)
    other = await hand_in(house, content, "R-1")
    end.set()

    assert (more.status_code, more.json()["code"]) == (503, "service.overloaded")
    assert other.status_code == 201
    assert [(await each).status_code for each in running] == [201, 201]
    assert (await hand_in(house, content)).status_code == 201


async def test_a_disk_without_room_to_spare_takes_no_package(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(packages, "FREE_BYTES_MIN", 1 << 60)
        refused = await hand_in(house, package())

    assert (refused.status_code, refused.json()["code"]) == (503, "service.unavailable")
    assert [each.name for each in shelf_of(house).path("").parent.iterdir()] == []
    assert (await hand_in(house, package())).status_code == 201


async def test_packages_have_their_bounds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    content = package()
    shelf = shelf_of(house)

    async def unmeasured() -> AsyncIterator[bytes]:
        for at in range(0, len(content), 50):
            yield content[at : at + 50]

    monkeypatch.setattr(shelf, "limits", PackageLimits(bytes_max=len(content) - 1))
    declared = await hand_in(house, content)
    streamed = await hand_in(house, unmeasured())
    monkeypatch.setattr(shelf, "limits", PackageLimits(unpacked_max=50))
    bomb = await hand_in(house, content)
    monkeypatch.undo()
    await house.pool.executemany(
        "INSERT INTO raster_package VALUES ('V', $1, 'county', 1, 1)",
        [(f"{number:064x}",) for number in range(PER_PARTY_MAX)],
    )
    many = await hand_in(house, content)

    assert [(each.status_code, each.json()["code"]) for each in (declared, streamed)] == [
        (413, "request.too_large"),
        (413, "request.too_large"),
    ]
    assert (bomb.status_code, bomb.json()["code"]) == (422, "gep.package_too_large")
    assert (many.status_code, many.json()["code"]) == (409, "gep.packages_too_many")
    assert files_of(house) == []


async def test_a_package_goes_when_its_time_is_over_and_no_job_reads_it(house: House) -> None:
    pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")
    upload = (await hand_in(house, package())).json()["upload"]
    job = (await ask(house, upload)).json()["job"]
    await house.pool.execute("UPDATE raster_package SET at = 0")

    async with house.pool.acquire() as connection:
        store = PackageStore(connection)  # type: ignore[arg-type]  # a proxy of the same shape
        while_open = await store.tidy()
        await house.post("/jobs/cancellations", {"job": job}, "V-1")
        afterwards = await store.tidy()

    assert (while_open, afterwards) == ({upload}, set())


async def test_without_the_library_the_job_is_refused_by_name(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = (await hand_in(house, package())).json()["upload"]
    monkeypatch.setitem(sys.modules, "rasterio", None)

    refused = await ask(house, upload)

    told = refused.json()
    assert (refused.status_code, told["code"]) == (503, "gep.raster_library_missing")
    assert "rasterio" in told["expected"]


class Rasters:
    """A county whose job is changed, packed and handed in."""

    def __init__(self, folder: Path) -> None:
        from gep.raster.county import write_county

        self.folder = folder
        self.path = write_county(folder, width=WIDTH, height=HEIGHT)

    async def job(self, house: House, change: Change = lambda _job: None) -> dict[str, Any]:
        return await ended(house, await self.asked(house, change))

    async def asked(self, house: House, change: Change = lambda _job: None) -> str:
        document = json.loads(self.path.read_bytes())
        change(document)
        path = self.folder / "changed.json"
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        write_package(path, self.folder / "package.zip")
        answer = await hand_in(house, (self.folder / "package.zip").read_bytes())
        assert answer.status_code == 201, answer.text
        asked = await ask(house, answer.json()["upload"], tile=256)
        assert asked.status_code == 202, asked.text
        return str(asked.json()["job"])

    def move_first_zone(self, name: str, *, by: float) -> None:
        zones = json.loads((self.folder / "townships.geojson").read_bytes())
        for point in zones["features"][0]["geometry"]["coordinates"][0]:
            point[0] += by
        (self.folder / f"{name}.geojson").write_text(json.dumps(zones), encoding="utf-8")

    def draw(self, name: str, value: float, crs: str | None = None) -> str:
        from gep.raster.county import ALBERS, CELL_M, LEFT, TOP
        from gep.raster.geotiff import write_raster
        from gep.raster.grid import Grid, Part

        grid = Grid(
            crs=crs or ALBERS,
            left=LEFT,
            top=TOP,
            cell_width=CELL_M,
            cell_height=CELL_M,
            width=WIDTH,
            height=HEIGHT,
        )
        whole = Part(row=0, column=0, height=HEIGHT, width=WIDTH)
        values = [(whole, np.full((HEIGHT, WIDTH), value))]
        path = self.folder / f"{name}.tif"
        write_raster(path, grid, values, dtype="float64", nodata=None)
        return path.name


@pytest.fixture(scope="module")
def rasters(tmp_path_factory: pytest.TempPathFactory) -> Rasters:
    pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")
    return Rasters(tmp_path_factory.mktemp("county"))


async def test_the_account_of_a_raster_job_goes_to_its_publication(
    house: House, rasters: Rasters
) -> None:
    done = await rasters.job(house)
    answer = await house.get(f"/jobs/{done['job']}/result", "V-1")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        plan = json.loads(archive.read("plan.json"))
        account = json.loads(archive.read("account.json"))

    assert done["state"] == "done", done["error"]
    assert names == [
        *("run.json", "zones.geojson", "zones.gpkg", "account.json", "plan.json"),
        *("water_conserved.tif", "soil_retained.tif"),
    ]
    named = {"account": done["value"]["account"]}
    assert named["account"] == account["hash"]
    assert done["value"]["total_yuan"] == account["total_yuan"]
    await house.do("/gep/accounts", named | {"plan": plan, "supersedes": ""}, "V-1")
    await house.do("/gep/accounts/reviews", named | {"outcome": "accepted"}, "R-1")
    approval = named | {"kind": "gep_approve_account", "decision": "2026/17"}
    await house.propose(approval, maker="R-1", checker="R-2")
    await house.do("/gep/accounts/publications", named, "R-1")
    shown = (await house.get(f"/gep/accounts/{named['account']}", "E01-1")).json()
    assert (shown["account_status"], shown["total_yuan"]) == ("published", account["total_yuan"])


async def test_the_job_is_to_be_fetched_by_its_owner_and_who_watches(
    house: House, rasters: Rasters
) -> None:
    done = await rasters.job(house)

    answers = [await house.get(f"/jobs/{done['job']}/result", who) for who in ("A-1", "E01-1")]

    assert [each.status_code for each in answers] == [200, 404]


async def test_an_end_that_was_not_written_down_is_come_to_again(
    house: House, rasters: Rasters, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: Any, **__: Any) -> None:
        raise LeaseLost

    job = await rasters.asked(house)
    monkeypatch.setattr(JobStore, "finished", lost)
    for _ in range(6):
        await step(house, job)
    folder = house.folder / "jobs" / "test" / job
    digest = hashlib.sha256((folder / "results.zip").read_bytes()).hexdigest()
    monkeypatch.undo()
    await house.pool.execute("UPDATE job_step SET leased_until = 0")

    done = await ended(house, job)

    assert (done["state"], done["shards_done"]) == ("done", 4)
    assert done["file"]["sha256"] == digest


async def test_an_account_that_cannot_be_is_refused_before_any_tile(
    house: House, rasters: Rasters
) -> None:
    def change(job: dict[str, Any]) -> None:
        job["account"]["lines"][0]["service"] = "R99"

    failed = await rasters.job(house, change)

    assert (failed["state"], failed["shards_total"]) == ("failed", 0)
    assert failed["error"]["code"] == "gep.service_unknown"
    assert failed["error"]["field"] == "account.lines[0].service"


@pytest.mark.parametrize(
    ("change", "code", "field", "found"),
    [
        (
            lambda job: job["rasters"].update(rain={"path": "wet.tif"}),
            "raster_value_out_of_range",
            "rasters.rain",
            "-1 at row 0, column 0",
        ),
        (
            lambda job: job["rasters"].update(cover={"path": "flat.tif"}),
            "projection_not_equal_area",
            "rasters.cover",
            "Mercator_1SP",
        ),
        (
            lambda job: job["rasters"].update(rain={"path": "broken.tif"}),
            "raster_unreadable",
            "rasters.rain",
            "broken.tif",
        ),
        (lambda job: job["classes"].pop(0), "class_unknown", "rasters.cover", "1 about row"),
        (
            lambda job: job.update(zones="overlapping.geojson"),
            "zones_overlap",
            "zones",
            "north-west, north-east at row",
        ),
        (lambda job: job.update(zones="off.geojson"), "zone_off_raster", "zones.north-west", " "),
    ],
    ids=["negative rain", "projection", "broken", "class", "overlap", "off the raster"],
)
async def test_rasters_that_do_not_fit_end_the_job_with_code_field_expected_and_found(
    house: House, rasters: Rasters, change: Change, code: str, field: str, found: str
) -> None:
    rasters.draw("wet", -1.0)
    rasters.draw("flat", 1.0, "EPSG:3857")
    rasters.move_first_zone("overlapping", by=0.005)
    rasters.move_first_zone("off", by=-1.0)
    (rasters.folder / "broken.tif").write_bytes(b"II*\0 and nothing more")

    failed = await rasters.job(house, change)

    error = failed["error"]
    assert (failed["state"], error["code"], error["field"]) == ("failed", f"gep.{code}", field)
    assert error["expected"]
    assert found in error["found"]
    assert str(house.folder) not in json.dumps(failed)
