"""A small size of every benchmark runs, so that the benchmarks keep up with the code."""

from typing import Any

import pytest

from benchmarks import book_kernel
from benchmarks.credit_query import WARMING
from benchmarks.gep_raster import is_installed
from benchmarks.suite import SMALL, run_suite
from gateway.database_server import DatabaseServer


async def test_a_small_run_measures_everything(cluster: DatabaseServer) -> None:
    told: list[str] = []
    result: dict[str, Any] = await run_suite(cluster, SMALL, pgbench=None, tell=told.append)
    assert all(figure > 0 for figure in result["kernel"].values())
    batches = {"batch_32", "batch_200", "batch_2000"}
    assert result["sequencer"].keys() == result["details"]["filled"].keys() == batches
    assert all(rate > 0 for rate in result["sequencer"].values())
    assert all(share >= 0.5 for share in result["details"]["filled"].values())
    assert result["one_transaction_per_order_best"] >= result["one_transaction_per_order"] > 0
    for step in result["latency"]:
        assert step.keys() == {"offered", "p50_ms", "p99_ms", "achieved"}
        assert result["details"]["refused"][str(step["offered"])] == 0
    assert result["entries_appended_per_second"] > 0
    assert result["entries_replayed_per_second"] > 0
    assert result["pgbench_tps"] is None
    assert result["credit"]["one_score"]["scores"] == SMALL.scores
    asked = result["credit"]["queries"]
    assert [step["clients"] for step in asked["queries"]] == [2]
    assert asked["answered"] == SMALL.queries + WARMING
    assert asked["p50_ratio"] > [0]
    assert result["gep"]["uncertainty"]["draws"] == SMALL.draws
    assert len(result["gep"]["rasters"]) == (2 if is_installed() else 0)
    assert result["machine"]["fsync"] in {"on", "off"}
    assert result["http"]["single_orders_per_second"] > 0
    assert result["http"]["batch_orders_per_second"] > 0
    assert any(
        each.startswith("durable / one transaction") for each in result["details"]["targets"]
    )
    assert told


@pytest.mark.parametrize("books", [1, 8])
def test_the_journal_changes_nothing_that_rests(books: int) -> None:
    plain = book_kernel.run(resting=400, messages=2_000, books=books, journal=False, seed=1)
    journaled = book_kernel.run(resting=400, messages=2_000, books=books, journal=True, seed=1)
    assert plain.fills > 0
    assert (plain.digest, plain.fills) == (journaled.digest, journaled.fills)
