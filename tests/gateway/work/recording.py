"""A kind of job for tests: its shards write down who ran them when, and do what they are told."""

import asyncio
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg

from gateway.caller import Caller
from gateway.work.kinds import Finished, JobKind, Kinds, Outcome, Parameters, Plan, Work
from kernel.errors import DomainError, Kind

KINDS = Kinds(
    {
        "recording": "tests.gateway.work.recording:Recording",
        "gep_raster": "tests.gateway.work.slow_raster:SlowRaster",
    }
)


class Unlawful(DomainError):
    code = "tests.unlawful"
    kind = Kind.FORBIDDEN


class RecordingParameters(Parameters):
    folder: str
    shards: int = 4
    seconds: float = 0.0
    busy: bool = False
    fails: int = 0
    refuses: bool = False


class Recording(JobKind[RecordingParameters]):
    name = "recording"
    parameters = RecordingParameters
    at_once = 2

    async def authorise(
        self, connection: asyncpg.Connection, caller: Caller, parameters: RecordingParameters
    ) -> None:
        assert parameters.folder
        assert await connection.fetchval("SELECT count(*) FROM actor") > 0
        if caller.party == "stranger":
            raise Unlawful("not for strangers", field="parameters.folder", expected="a member")

    async def plan(self, work: Work, parameters: RecordingParameters) -> Plan:
        assert work.job.shards_total == 0
        return Plan(shards=list(range(parameters.shards)), common={"planned": True})

    async def run_shard(self, work: Work, parameters: RecordingParameters, shard: Any) -> Any:
        folder = Path(parameters.folder)
        note(folder, f"begin {shard} {os.getpid()}")
        assert work.common == {"planned": True}
        if parameters.refuses:
            raise Unlawful("refused by the step")
        if runs(folder)["begin", shard] <= parameters.fails:
            raise ValueError("a secret that no caller may read")
        if parameters.busy:
            until = time.monotonic() + parameters.seconds
            while time.monotonic() < until:
                work.check()
        else:
            await asyncio.sleep(parameters.seconds)
        note(folder, f"end {shard} {os.getpid()}")
        return shard * shard

    async def finish(
        self, work: Work, parameters: RecordingParameters, finished: Finished
    ) -> Outcome:
        assert finished.common == work.common
        note(Path(parameters.folder), f"finish -1 {os.getpid()}")
        return Outcome(value={"sum": sum(finished.results), "shards": list(finished.shards)})


def note(folder: Path, line: str) -> None:
    with (folder / "runs").open("a") as file:
        file.write(f"{line}\n")


def lines(folder: Path) -> list[tuple[str, int, int]]:
    path = folder / "runs"
    found = path.read_text().splitlines() if path.exists() else []
    return [(what, int(shard), int(pid)) for what, shard, pid in map(str.split, found)]


def under_way(folder: Path) -> set[int]:
    """Return the processes that have begun a shard and not ended it."""
    newest = {pid: what for what, _, pid in lines(folder)}
    return {pid for pid, what in newest.items() if what == "begin"}


def runs(folder: Path) -> Counter[tuple[str, int]]:
    return Counter((what, shard) for what, shard, _ in lines(folder))
