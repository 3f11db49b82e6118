"""The benchmark of runs works small, and any number of workers gives the same root."""

from pathlib import Path

from benchmarks.credit_run import measure_runs
from gateway.database_server import DatabaseServer


async def test_two_workers_give_the_root_of_one(cluster: DatabaseServer, tmp_path: Path) -> None:
    alone, together = [
        each async for each in measure_runs(cluster, tmp_path, subjects=300, workers=(1, 2))
    ]

    assert alone.root == together.root
    assert alone.subjects == together.subjects == 300
    assert alone.rated == together.rated > 250
    assert min(alone.subjects_per_second, together.subjects_per_second) > 0
