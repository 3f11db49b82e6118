"""Runs of a small venue, shard by shard, by workers of this process and by one that dies."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from credit_scoring.runs.checking import RunReport, check_run
from credit_scoring.runs.store import RunStore
from gateway.settings import Settings
from gateway.work.credit_run import CreditRunJob, CreditRunParameters
from gateway.work.kinds import Kinds, Work
from gateway.work.stepping import Workplace, do_turn
from tests.gateway.api.archives import adopt_rule_sets, open_archives
from tests.gateway.api.house import DAY, House, digest_of

STAFF = (("R", {"R-1": ["regulator"], "R-2": ["regulator"]}), ("A", {"A-1": ["auditor"]}))
SUBJECTS = ("F1", "V1", "P1", "P2", "P3", "P4", "P5")
STEPS_MAX = 40
LATER = f"{DAY}T10:00:05Z"


class SmallRuns(CreditRunJob):
    """Two subjects a shard, and the writer of a house."""

    rows_per_shard = 2

    def socket(self, settings: Settings) -> Path:
        return settings.home / "w.sock"


class DyingRuns(SmallRuns):
    """A worker that dies when it has staged the second shard and told nobody."""

    async def run_shard(self, work: Work, parameters: CreditRunParameters, shard: Any) -> Any:
        result = await super().run_shard(work, parameters, shard)
        if shard["number"] == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def workplace(
    dsn: str, home: Path, worker: str = "w1", *, kind: type[SmallRuns] = SmallRuns
) -> Workplace:
    return Workplace(
        settings=Settings(home=home, venue="test", worker_lease=20),
        dsn=dsn,
        worker=worker,
        kinds=Kinds({"credit_run": f"tests.gateway.api.running:{kind.__name__}"}),
    )


def place_of(house: House, worker: str = "w1") -> Workplace:
    return workplace(house.writer._plan.dsn, house.folder, worker)


async def employ(house: House) -> None:
    """Let the venue have a staff, at ten o'clock, and the rule sets."""
    for party, keys in STAFF:
        body = {"party": party, "party_kind": "authority", "name": f"Party {party}"}
        await house.do("/parties", body)
        for actor, roles in keys.items():
            key = {"actor": actor, "party": party, "roles": roles, "digest": digest_of(actor)}
            await house.do("/keys", key)
    await house.do("/clock", {"to": f"{DAY}T10:00:00Z"})
    await adopt_rule_sets(house)


async def open_register(house: House) -> None:
    """Let an employed venue have archives, and, later, those of four persons more."""
    await open_archives(house, adopts=False)
    await house.do("/clock", {"to": LATER})
    for party in SUBJECTS[3:]:
        await house.do("/parties", {"party": party, "party_kind": "person", "name": party})
        subject = {"party": party, "subject_kind": "person", "region": "331102"}
        await house.do("/credit/subjects", subject)


async def ask(house: House, actor: str = "R-1", **parameters: str) -> dict[str, Any]:
    body = {"kind": "credit_run", "parameters": {"as_of": DAY, **parameters}}
    answer = await house.post("/jobs", body, actor)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def step(place: Workplace, job: dict[str, Any]) -> None:
    """Do one step of a job."""
    await do_turn(place, UUID(job["job"]), wake=lambda _: None, seconds=0.0)


async def shown(house: House, job: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await house.get(f"/jobs/{job['job']}", "X-1")).json()
    return found


async def done(
    house: House, job: dict[str, Any], *, workers: Sequence[str] = ("w1",)
) -> dict[str, Any]:
    """Let workers do a job's steps at the same time, until it has ended."""
    places = [place_of(house, worker) for worker in workers]
    for _ in range(STEPS_MAX):
        found = await shown(house, job)
        if found["state"] not in {"queued", "running"}:
            return found
        await asyncio.gather(*(step(place, job) for place in places))
    raise AssertionError(found)


async def run(house: House, **parameters: str) -> dict[str, str]:
    """Run everything and return what the job says of it."""
    found = await done(house, await ask(house, **parameters))
    assert found["state"] == "done", found
    value: dict[str, str] = found["value"]
    return value


async def checked(house: House, number: str, *, rescore: bool = False) -> RunReport:
    """Check a recorded run."""
    async with house.pool.acquire() as lent:
        connection: asyncpg.Connection = lent  # type: ignore[assignment]  # a proxy of the same shape
        found = await RunStore(connection).run(int(number))
        assert found is not None
        return await check_run(connection, found, rescore=rescore)


if __name__ == "__main__":
    dsn, home, job = sys.argv[1:]
    dying = workplace(dsn, Path(home), "dying", kind=DyingRuns)
    asyncio.run(do_turn(dying, UUID(job), wake=lambda _: None, seconds=60.0))
