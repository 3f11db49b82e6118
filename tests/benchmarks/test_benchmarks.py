"""A small size of every benchmark runs, so that the benchmarks keep up with the code."""

from typing import Any

import pytest

from benchmarks import book_kernel
from benchmarks.suite import SMALL, run_suite
from gateway.database_server import DatabaseServer


async def test_a_small_run_measures_everything(cluster: DatabaseServer) -> None:
    told: list[str] = []
    result: dict[str, Any] = await run_suite(cluster, SMALL, pgbench=None, tell=told.append)
    assert all(figure > 0 for figure in result["kernel"].values())
    sequencer = result["sequencer"]
    for batch_max in (32, 200, 2_000):
        assert sequencer[f"batch_{batch_max}"] > 0
        assert sequencer[f"batch_{batch_max}_filled"] >= 0.5
    assert result["one_transaction_per_order_best"] >= result["one_transaction_per_order"] > 0
    assert [step["refused"] for step in result["latency"]] == [0]
    assert result["entries_appended_per_second"] > 0
    assert result["entries_replayed_per_second"] > 0
    assert result["pgbench_tps"] is None
    assert result["machine"]["fsync"] in {"on", "off"}
    assert result["http"]["single_orders_per_second"] > 0
    assert result["http"]["batch_orders_per_second"] > 0
    assert result["ratios"]["one_transaction_per_order"] > 0
    assert told


@pytest.mark.parametrize("books", [1, 8])
def test_the_journal_changes_nothing_that_rests(books: int) -> None:
    plain = book_kernel.run(resting=400, messages=2_000, books=books, journal=False, seed=1)
    journaled = book_kernel.run(resting=400, messages=2_000, books=books, journal=True, seed=1)
    assert plain.fills > 0
    assert (plain.digest, plain.fills) == (journaled.digest, journaled.fills)
