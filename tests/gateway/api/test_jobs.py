"""Jobs over HTTP: bundles of any size, who sees them, who fetches them, for how long."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from gateway.settings import Settings
from gateway.work.job import OPEN_PER_OWNER_MAX
from gateway.work.kinds import Kinds
from gateway.work.stepping import Workplace, do_turn
from tests.gateway.api.house import House, digest_of
from tests.gateway.auditing.venue import Venue, live
from tests.verifier.checking import verdict

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def published(house: House) -> AsyncIterator[Venue]:
    """The module's house, in which much happened, and which is published."""
    found = Venue(house)
    await live(found)
    await found.publish()
    yield found


@pytest_asyncio.fixture(loop_scope="module")
async def venue(published: Venue) -> AsyncIterator[Venue]:
    """The published house without jobs."""
    yield published
    await published.house.pool.execute("DELETE FROM job")


def place_of(house: House) -> Workplace:
    return Workplace(
        settings=Settings(home=house.folder, venue="test", worker_lease=20),
        dsn=house.writer._plan.dsn,
        worker="w1",
        kinds=Kinds({"audit_bundle": "tests.gateway.api.small_bundles:SmallBundles"}),
    )


async def ask(
    venue: Venue, scope: str, actor: str = "A-1", *, key: str | None = None, **more: str
) -> dict[str, Any]:
    body = {"kind": "audit_bundle", "parameters": {"scope": scope, **more}}
    answer = await venue.house.post("/jobs", body, actor, key=key)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def show(venue: Venue, job: dict[str, Any], actor: str = "A-1") -> dict[str, Any]:
    answer = await venue.house.get(f"/jobs/{job['job']}", actor)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def step(place: Workplace, job: dict[str, Any]) -> None:
    """Do one step of a job, and nothing of what may follow."""
    await do_turn(place, UUID(job["job"]), wake=lambda _: None, seconds=0.0)


async def done(venue: Venue, job: dict[str, Any]) -> dict[str, Any]:
    """Do a job's steps one after the other, as woken workers do."""
    place = place_of(venue.house)
    while (found := await show(venue, job, "X-1"))["state"] in {"queued", "running"}:
        await step(place, job)
    return found


async def test_a_bundle_of_others_is_refused_and_leaves_no_job(venue: Venue) -> None:
    body = {"kind": "audit_bundle", "parameters": {"scope": "everything"}}

    answer = await venue.house.post("/jobs", body, "E01-1")

    refused = answer.json()
    assert (answer.status_code, refused["code"]) == (403, "request.forbidden")
    assert refused["field"] == "scope"
    assert await venue.house.pool.fetchval("SELECT count(*) FROM job") == 0


async def test_a_bundle_of_any_size_is_made_shard_by_shard_and_stands_the_check(
    venue: Venue, tmp_path: Path
) -> None:
    asked = await ask(venue, "everything", since="20")

    found = await done(venue, asked)

    assert (asked["state"], asked["worker"]) == ("queued", "none")
    assert found["state"] == "done", found
    assert found["shards_done"] == found["shards_total"] > 5
    answer = await venue.house.get(f"/jobs/{asked['job']}/result", "A-1")
    assert answer.headers["content-type"] == "application/zip"
    assert (str(len(answer.content)), found["file"]["size"]) == (found["file"]["size"],) * 2
    path = tmp_path / "bundle.zip"
    path.write_bytes(answer.content)
    told = verdict(path, key=venue.key.text)
    assert told["ok"], told
    assert found["value"] == {
        "scope": "everything",
        "entries": str(told["entries"]),
        "size": str(told["size"]),
        "all_bodies": True,
    }
    assert [each.name for each in (venue.house.folder / "jobs/test" / asked["job"]).iterdir()] == [
        "bundle.zip"
    ]


@pytest.mark.parametrize(
    ("actor", "scope"),
    [
        ("A-1", "everything"),
        ("R-1", "period:2026-03-16..2026-03-16"),
        ("E01-1", "account:{E01}"),
        ("A-1", "trade:1"),
    ],
)
async def test_a_job_makes_what_the_waiting_caller_would_get(
    venue: Venue, tmp_path: Path, actor: str, scope: str
) -> None:
    wanted = scope.format_map(venue.house.accounts)
    job = await ask(venue, wanted, actor)
    await done(venue, job)

    answers = [
        await venue.house.get(f"/jobs/{job['job']}/result", actor),
        await venue.house.get("/audit/bundle", actor, scope=wanted),
    ]

    members = []
    for number, answer in enumerate(answers):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(answer.content)
        with zipfile.ZipFile(path) as archive:
            members.append({name: archive.read(name) for name in archive.namelist()})
    assert members[0] == members[1]


async def test_a_part_of_a_result_is_sent_where_a_part_is_asked_for(venue: Venue) -> None:
    job = await ask(venue, "trade:1")
    await done(venue, job)
    url, headers = f"/v1/jobs/{job['job']}/result", venue.house.headers("A-1")
    whole = await venue.house.http.get(url, headers=headers)

    part = await venue.house.http.get(url, headers=headers | {"Range": "bytes=10-19"})
    never = await venue.house.http.get(url, headers=headers | {"Range": "bytes=99999999-"})

    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert never.status_code == 416


async def test_a_repeated_request_is_the_same_job_and_a_dry_run_is_none(venue: Venue) -> None:
    first = await ask(venue, "trade:1", key="once")
    again = await ask(venue, "trade:1", key="once")
    body = {"kind": "audit_bundle", "parameters": {"scope": "everything"}}
    other = await venue.house.post("/jobs", body, "A-1", key="once")
    tried = await venue.house.post("/jobs", body, "A-1", dry_run="true")
    listed = (await venue.house.get("/jobs", "A-1")).json()["jobs"]

    assert first["job"] == again["job"]
    assert (other.status_code, other.json()["code"]) == (409, "work.key_reused")
    assert (tried.status_code, tried.json()) == (200, {"outcome": "dry_run"})
    assert [each["job"] for each in listed] == [first["job"]]


async def test_a_job_is_its_owners_and_auditors_and_operators_see_it(venue: Venue) -> None:
    job = await ask(venue, f"account:{venue.house.accounts['E01']}", "E01-1")
    await done(venue, job)
    seen = {}
    for actor in ("E01-1", "A-1", "X-1", "R-1", "E01-2", "E02-1", "B-1"):
        shown = await venue.house.get(f"/jobs/{job['job']}", actor)
        result = await venue.house.get(f"/jobs/{job['job']}/result", actor)
        listed = (await venue.house.get("/jobs", actor)).json()["jobs"]
        seen[actor] = (shown.status_code, result.status_code, len(listed))

    assert seen == {
        "E01-1": (200, 200, 1),
        "A-1": (200, 200, 1),
        "X-1": (200, 200, 1),
        "R-1": (404, 404, 0),
        "E01-2": (404, 404, 0),
        "E02-1": (404, 404, 0),
        "B-1": (404, 404, 0),
    }


async def test_rights_are_asked_for_again_at_each_step_and_at_the_download(venue: Venue) -> None:
    house = venue.house
    key = {"actor": "A-9", "party": "A", "roles": ["auditor"], "digest": digest_of("A-9")}
    await house.do("/keys", key)
    ready, late = await ask(venue, "trade:1", "A-9"), await ask(venue, "everything", "A-9")
    await done(venue, ready)
    await step(place_of(house), late)
    await house.pool.execute("UPDATE actor SET roles = '{trader}' WHERE id = 'A-9'")
    await asyncio.sleep(2.1)  # what the gateway remembers of a key

    download = await house.get(f"/jobs/{ready['job']}/result", "A-9")
    failed = await done(venue, late)

    await house.pool.execute("UPDATE actor SET roles = '{auditor}' WHERE id = 'A-9'")
    assert (download.status_code, download.json()["code"]) == (403, "request.forbidden")
    assert failed["state"] == "failed"
    assert failed["error"] == {
        "code": "request.forbidden",
        "message": "scope: everything",
        "field": "scope",
        "expected": None,
        "found": None,
    }


async def test_a_cancelled_job_goes_no_further_and_one_that_ended_is_not_cancelled(
    venue: Venue,
) -> None:
    house = venue.house
    job, other = await ask(venue, "everything"), await ask(venue, "trade:1")
    await step(place_of(house), job)
    by_stranger = await house.post("/jobs/cancellations", {"job": job["job"]}, "E01-1")
    by_operator = await house.post(
        "/jobs/cancellations", {"job": job["job"]}, "X-1", dry_run="true"
    )
    cancelled = await house.post("/jobs/cancellations", {"job": job["job"]}, "A-1")
    again = await house.post("/jobs/cancellations", {"job": job["job"]}, "A-1")
    early = await house.get(f"/jobs/{job['job']}/result", "A-1")
    await step(place_of(house), job)
    await done(venue, other)
    over = await house.post("/jobs/cancellations", {"job": other["job"]}, "A-1")

    assert by_stranger.status_code == 404
    assert (by_operator.status_code, by_operator.json()["state"]) == (200, "running")
    assert (cancelled.json()["state"], again.json()) == ("cancelled", cancelled.json())
    assert (early.status_code, early.json()["code"]) == (409, "work.not_done")
    assert (await show(venue, job))["state"] == "cancelled"
    assert (over.status_code, over.json()["code"]) == (409, "work.job_over")


async def test_a_result_is_kept_for_its_time_only(venue: Venue) -> None:
    job = await ask(venue, "trade:1")
    await done(venue, job)
    await venue.house.pool.execute("UPDATE job SET expires_at = created_at")

    answer = await venue.house.get(f"/jobs/{job['job']}/result", "A-1")

    assert (answer.status_code, answer.json()["code"]) == (410, "work.result_expired")


async def test_a_job_that_left_no_file_says_so(venue: Venue) -> None:
    job = await ask(venue, "trade:1")
    await done(venue, job)
    await venue.house.pool.execute("UPDATE job SET file = NULL")

    answer = await venue.house.get(f"/jobs/{job['job']}/result", "A-1")

    assert (answer.status_code, answer.json()["code"]) == (404, "work.no_file")


async def test_a_job_of_what_is_not_there_fails_with_the_reason(venue: Venue) -> None:
    job = await ask(venue, "everything", since="999999999")

    failed = await done(venue, job)

    assert failed["state"] == "failed"
    assert failed["error"]["code"] == "log.proof_refused"
    assert failed["error"]["message"].startswith("since: ")


async def test_one_owner_has_only_so_many_open_jobs(venue: Venue) -> None:
    for _ in range(OPEN_PER_OWNER_MAX):
        await ask(venue, "trade:1")
    body = {"kind": "audit_bundle", "parameters": {"scope": "trade:1"}}

    refused = await venue.house.post("/jobs", body, "A-1")
    health = (await venue.house.get("/health")).json()

    assert (refused.status_code, refused.json()["code"]) == (409, "work.too_many_open")
    assert (health["worker"], health["jobs_open"]) == ("none", OPEN_PER_OWNER_MAX)


async def test_lists_have_pages_and_filters(venue: Venue) -> None:
    asked = [(await ask(venue, "trade:1"))["job"] for _ in range(3)]
    await ask(venue, "trade:1", "X-1")
    get = venue.house.get

    first = (await get("/jobs", "A-1", owner="A-1", limit="2")).json()
    second = (await get("/jobs", "A-1", owner="A-1", limit="2", cursor=first["next"])).json()
    none = (await get("/jobs", "A-1", state="done")).json()
    others = (await get("/jobs", "E01-1", owner="A-1")).json()
    every = (await get("/jobs", "X-1", kind="audit_bundle", state="queued")).json()

    assert [each["job"] for each in first["jobs"] + second["jobs"]] == asked[::-1]
    assert second["next"] is None
    assert none["jobs"] == others["jobs"] == []
    assert len(every["jobs"]) == 4
