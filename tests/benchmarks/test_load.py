"""Minutes of open load: every offered rate is answered, and twice the capacity starves nobody."""

import asyncio
import itertools
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.latency import measure_latency
from benchmarks.readers import measure_beside_reader
from benchmarks.suite import opened_market
from benchmarks.venue import (
    Traders,
    actor_of,
    machine_of,
    orders_of,
    plan_of,
    running,
    traders_of,
)
from exchange.commands import CancelOrder
from gateway.database_server import DatabaseServer
from ledger.sequencer.pending import Group, Reply, Settled
from ledger.sequencer.submission import Submission, Unavailable
from ledger.sequencer.writer import Writer

ACCOUNTS = 400
OVERLOAD_SECONDS = 60
ANSWER_SECONDS_MAX = 5.0
FLOOD_AT_ONCE = 5_000
WAITING_MAX = 4_000
READER_ENDED_MIN = 8
QUIET = actor_of("P1")

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("offered", [1_000, 5_000, 10_000, 15_000])
async def test_a_minute_of_open_load_is_answered(
    cluster: DatabaseServer, tmp_path: Path, offered: int
) -> None:
    async with opened_market(cluster, tmp_path, accounts=ACCOUNTS) as dsn:
        [step] = await measure_latency(dsn, tmp_path, offered=(offered,), seconds=60)
    print(step)  # noqa: T201  a heavy run is reported
    assert step["achieved"] > 0
    assert 0 < step["p50_ms"] <= step["p99_ms"]


async def test_a_flood_fills_no_more_than_the_queue_and_starves_nobody(
    cluster: DatabaseServer, tmp_path: Path
) -> None:
    flood = Flood()
    async with opened_market(cluster, tmp_path, accounts=ACCOUNTS) as dsn:
        plan = plan_of(dsn, tmp_path)
        short = replace(plan, limits=replace(plan.limits, waiting=WAITING_MAX))
        async with running(short) as writer:
            traders = without(traders_of(machine_of(writer)), QUIET)
            flooding = asyncio.create_task(flood.run(writer, traders))
            await asyncio.sleep(1)
            end = time.monotonic() + OVERLOAD_SECONDS
            quiet: list[float] = []
            cancelled: list[float] = []
            while time.monotonic() < end:
                quiet.append(await ask(writer, len(quiet)))
                cancelled.append(await cancel(writer, len(cancelled)))
            flood.stop = True
            await flooding
    print(f"{flood.accepted} accepted, {flood.refused} refused; quiet {max(quiet):.3f} s at most")  # noqa: T201
    assert flood.refused > 0
    assert flood.waiting_most <= 2 * WAITING_MAX
    assert max(quiet) < ANSWER_SECONDS_MAX
    assert max(cancelled) < ANSWER_SECONDS_MAX


class Flood:
    """Offers as much as the writer can be made to hear, and counts what it says."""

    def __init__(self) -> None:
        self.accepted = self.refused = self.waiting_most = 0
        self.stop = False

    async def run(self, writer: Writer, traders: Traders) -> None:
        stream = orders_of(traders, run="flood")
        assert writer.sequencer is not None
        intake = writer.sequencer.intake
        while not self.stop:
            group = Group(FLOOD_AT_ONCE, self._count)
            for place, submission in enumerate(itertools.islice(stream, FLOOD_AT_ONCE)):
                intake.admit(submission, group, place=place)
            self.waiting_most = max(self.waiting_most, len(intake.admission))
            await asyncio.sleep(0.01)

    def _count(self, replies: list[Reply]) -> None:
        for reply in replies:
            if isinstance(reply, Settled):
                self.accepted += 1
            else:
                assert isinstance(reply, Unavailable)
                assert reply.retry_after >= 1
                self.refused += 1


def without(traders: Traders, actor: str) -> Traders:
    """Leave one actor's accounts out of the flood."""
    return Traders(
        [[each for each in book if each[1] != actor] for book in traders.sellers],
        [each for each in traders.buyers if each[1] != actor],
    )


async def ask(writer: Writer, number: int) -> float:
    """Send one order of the quiet actor; return the seconds until it was accepted."""
    traders = traders_of(machine_of(writer))
    own = [each for each in traders.buyers if each[1] == QUIET]
    only = Traders([own] * len(traders.sellers), own)
    submission = next(s for s in orders_of(only, run=f"quiet-{number}") if s.command.is_buy)  # type: ignore[attr-defined]
    return await _timed(writer, submission)


async def cancel(writer: Writer, number: int) -> float:
    """Cancel an order that is not there: it is heard all the same, and refused by the machine."""
    command = CancelOrder(order=10**12 + number)
    return await _timed(writer, Submission(actor=QUIET, key=f"cancel-{number}", command=command))


async def _timed(writer: Writer, submission: Submission) -> float:
    begin = time.perf_counter()
    [reply] = await writer.submit([submission])
    assert not isinstance(reply, Unavailable), reply
    await asyncio.sleep(0.1)
    return time.perf_counter() - begin - 0.1


async def test_a_reader_with_an_open_transaction_is_ended_while_trading_goes_on(
    cluster: DatabaseServer, tmp_path: Path
) -> None:
    async with opened_market(cluster, tmp_path, accounts=ACCOUNTS) as dsn:
        found = await measure_beside_reader(dsn, tmp_path, seconds=60)
    print(found, found.share)  # noqa: T201  a heavy run is reported
    assert found.ended >= READER_ENDED_MIN
    assert found.beside > 0
