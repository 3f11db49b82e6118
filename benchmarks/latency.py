"""Open-loop latency inside the writer's process, from the time an order was meant to be sent.

Orders are due at even distances whether or not earlier ones are answered, so a stall is charged to
every order that it delays. What is due together is sent together and counts as answered when all
of it is. The writer runs under its usual bounds. A step that cannot keep up ends after ten seconds.
"""

import asyncio
import itertools
import time
from pathlib import Path

from benchmarks.venue import machine_of, orders, plan_of, running
from ledger.sequencer.conditions import APPLY_SECONDS_MAX
from ledger.sequencer.pending import Group, Reply, Settled
from ledger.sequencer.submission import Submission
from ledger.sequencer.writer import Writer

TICK_SECONDS = 0.001
VERDICT_SECONDS = 10.0
BEHIND_SHARE = 0.1
SETTLE_SECONDS_MAX = 30.0
ORDERS_DRAWN = 10_000

Step = dict[str, float]


class _Probe:
    """Counts answers and keeps their latencies, in seconds."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.replied = 0
        self.refused = 0

    def group(self, due: list[float]) -> Group:
        """Return a group whose orders were due at these times."""

        def done(replies: list[Reply]) -> None:
            now = time.perf_counter()
            self.replied += len(replies)
            for at, reply in zip(due, replies, strict=True):
                if isinstance(reply, Settled) and reply.answer.refusal is None:
                    self.latencies.append(now - at)
                else:
                    self.refused += 1

        return Group(len(due), done)


async def measure_latency(
    dsn: str, folder: Path, *, offered: tuple[int, ...], seconds: float
) -> list[Step]:
    """Run one step for each offered rate in an opened market."""
    async with running(plan_of(dsn, folder, apply_seconds=APPLY_SECONDS_MAX)) as writer:
        return [await _step(writer, offered=rate, seconds=seconds) for rate in offered]


async def _step(writer: Writer, *, offered: int, seconds: float) -> Step:
    assert writer.sequencer is not None
    intake = writer.sequencer.intake
    probe = _Probe()
    run = f"open{offered}"
    # Drawn beforehand, for the writer's process pays for what is done here.
    drawn = list(itertools.islice(orders(machine_of(writer), run=run), ORDERS_DRAWN))
    stream = itertools.cycle(drawn)
    begin = time.perf_counter()
    sent = 0
    while (spent := time.perf_counter() - begin) < seconds:
        due_now = int(spent * offered) - sent
        if due_now > 0:
            due = [begin + (sent + place) / offered for place in range(due_now)]
            group = probe.group(due)
            for place, each in enumerate(itertools.islice(stream, due_now)):
                key = f"{run}-{sent + place}"
                again = Submission(actor=each.actor, key=key, command=each.command)
                intake.admit(again, group, place=place)
            sent += due_now
        if spent >= VERDICT_SECONDS and _is_behind(probe, sent=sent, offered=offered):
            break
        await asyncio.sleep(TICK_SECONDS)
    span = time.perf_counter() - begin
    achieved = len(probe.latencies) / span
    await _settle(probe, sent=sent)
    return _figures(probe, offered=offered, achieved=achieved)


def _is_behind(probe: _Probe, *, sent: int, offered: int) -> bool:
    return probe.refused > 0 or sent - probe.replied > offered * BEHIND_SHARE


async def _settle(probe: _Probe, *, sent: int) -> None:
    async with asyncio.timeout(SETTLE_SECONDS_MAX):
        while probe.replied < sent:  # noqa: ASYNC110  the answers come by callback
            await asyncio.sleep(TICK_SECONDS)


def _figures(probe: _Probe, *, offered: int, achieved: float) -> Step:
    ordered = sorted(probe.latencies)
    return {
        "offered": offered,
        "p50_ms": round(_percentile(ordered, 50) * 1_000, 2),
        "p99_ms": round(_percentile(ordered, 99) * 1_000, 2),
        "achieved": int(achieved),
        "refused": probe.refused,
    }


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
