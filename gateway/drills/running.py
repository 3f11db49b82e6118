"""Runs drills one after another, each on a copy of its own, and says who found what.

A drill passes when all lines found it that its definition names. The first one tampers with
nothing: what finds something there would find it everywhere, so the run ends.
"""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from gateway.database_server import DatabaseServer
from gateway.drills import pen
from gateway.drills.all_drills import CONTROL
from gateway.drills.attempts import attempt
from gateway.drills.bench import BASE, WORK, Bench, Kept
from gateway.drills.definition import (
    Attempt,
    Day,
    Drill,
    Line,
    NothingToTamper,
    Outcome,
    Plain,
    Sighting,
)
from gateway.drills.guards import differences
from gateway.drills.lines import (
    Defence,
    compare_guards,
    next_batch,
    publish,
    replay,
    start_writer,
    take_over,
    verify,
)
from gateway.drills.outsiders import ask_witness, check_receipt, compare_kept, read_log
from gateway.drills.preparing import prepare, venue_guards
from gateway.drills.recovery import Recovery, recover
from gateway.drills.tampering import tamper
from gateway.drills.workspace import Workspace, only_drill
from gateway.errors import CannotRun
from gateway.settings import Settings

Tell = Callable[[str], None]
DEFENCES = (
    Defence(lines=(Line.PUBLISHER, Line.SIGNER), look=publish),
    Defence(lines=(Line.WITNESS,), look=ask_witness),
    Defence(lines=(Line.WRITER,), look=start_writer),
    Defence(lines=(Line.VERIFY,), look=verify),
    Defence(lines=(Line.REPLAY,), look=replay),
    Defence(lines=(Line.READER,), look=read_log),
    Defence(lines=(Line.KEEPER,), look=compare_kept),
    Defence(lines=(Line.HOLDER,), look=check_receipt),
    Defence(lines=(Line.GUARDS,), look=compare_guards),
)


@dataclass(slots=True, kw_only=True)
class DrillRun:
    """What a run gave. ``guards`` are those that the venue itself lacks or has besides."""

    venue: str
    entries: int
    guards: list[str]
    outcomes: list[Outcome] = field(default_factory=list)
    recoveries: list[Recovery] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether every drill that had something to tamper with passed, and one had.

        The control alone tampers with nothing, and passes where nothing is found.
        """
        tampering = [each for each in self.outcomes if each.drill.found_by] or self.outcomes
        tried = [each for each in tampering if not each.skipped]
        ways = [each.unmet for each in self.recoveries]
        unmet = [each.unmet for each in self.outcomes]
        return bool(tried) and not self.guards and not any(unmet) and not any(ways)


async def run_drills(
    server: DatabaseServer,
    settings: Settings,
    drills: Sequence[Drill],
    *,
    entries_max: int,
    tell: Tell,
    defences: Sequence[Defence] = DEFENCES,
    with_recovery: bool = False,
) -> DrillRun:
    """Copy the venue of these settings and run drills on the copy, which is gone afterwards.

    ``with_recovery`` shows after them the two ways on from a restore without the last entries.

    Raises:
        CannotRun: the venue is not fit for it.
    """
    async with _workspace(server, settings) as workspace:
        try:
            kept, entries = await prepare(workspace, settings, entries_max=entries_max)
        except NothingToTamper as nothing:
            raise CannotRun(str(nothing)) from nothing
        tell(f"Copied {entries} entries of {settings.venue}")
        found = await venue_guards(server, settings.venue)
        guards = differences(expected=kept.guards, found=found)
        run = DrillRun(venue=settings.venue, entries=entries, guards=guards)
        for drill in (CONTROL, *(each for each in drills if each is not CONTROL)):
            outcome = await run_drill(workspace, kept, drill, defences=defences)
            run.outcomes.append(outcome)
            tell(f"{drill.name}: {_verdict(outcome)}")
            if drill is CONTROL and outcome.unmet:
                return run
        if with_recovery:
            run.recoveries = await recover(workspace, kept)
    return run


async def run_drill(
    workspace: Workspace, kept: Kept, drill: Drill, *, defences: Sequence[Defence]
) -> Outcome:
    """Run one drill on a fresh copy of the copy."""
    begin = time.monotonic()
    url = await workspace.make(WORK, template=BASE)
    bench = Bench(workspace=workspace, kept=kept, entry=drill.entry, url=url)
    for folder in ("signer", "witness"):
        bench.put_back(folder, of=BASE)
    try:
        attempts = [] if drill.plain is None else await _try_plainly(bench, drill.plain)
        looked, found = await _day(bench, drill, defences)
    except NothingToTamper as nothing:
        return Outcome(drill=drill, skipped=str(nothing))
    return Outcome(
        drill=drill,
        attempts=attempts,
        found=found,
        looked=looked,
        seconds=round(time.monotonic() - begin, 1),
    )


async def _try_plainly(bench: Bench, plain: Plain) -> list[Attempt]:
    connection = await asyncpg.connect(bench.url)
    try:
        return await attempt(connection, plain, bench.kept.targets)
    finally:
        await connection.close()


async def _day(
    bench: Bench, drill: Drill, defences: Sequence[Defence]
) -> tuple[frozenset[Line], list[Sighting]]:
    """Live through the day of a drill; return which lines looked, and what they saw."""
    looked: set[Line] = set()
    found: list[Sighting | None] = []
    writer: pen.Pen | None = None
    if drill.day is Day.RUNNING:
        writer = await pen.start(bench.url, vault=bench.vault, venue=bench.kept.venue)
    if drill.day is Day.QUIET:
        await publish(bench)
        await ask_witness(bench)
    await tamper(bench, drill.steps)
    if drill.day is Day.STOPPED:
        seen, writer = await take_over(bench)
        found.append(seen)
        looked.add(Line.WRITER)
    if writer is not None:
        found.append(await next_batch(writer))
        looked.add(Line.FENCE)
    for defence in defences:
        if looked.isdisjoint(defence.lines):
            found.append(await defence.look(bench))
            looked.update(defence.lines)
    return frozenset(looked), [each for each in found if each is not None]


@asynccontextmanager
async def _workspace(server: DatabaseServer, settings: Settings) -> AsyncIterator[Workspace]:
    with only_drill(settings.home) as folder:
        workspace = Workspace(server, folder)
        await workspace.drop_left_behind()
        try:
            yield workspace
        finally:
            await workspace.drop()


def _verdict(outcome: Outcome) -> str:
    if outcome.skipped:
        return f"skipped, {outcome.skipped}"
    if outcome.unmet:
        return f"FAILED, {'; '.join(outcome.unmet)}"
    if not outcome.found:
        return "nothing was done, and nothing was found"
    return f"found by {', '.join(each.line for each in outcome.found)}"
