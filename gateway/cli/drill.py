"""`./ecorights drill`: tampers with a copy of the venue in every way we know; who finds it?"""

import asyncio
import re
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gateway.cli.terminal import Progress, print_json, treat_terminate_as_interrupt
from gateway.drills.all_drills import CONTROL, DRILLS
from gateway.drills.definition import Attempt, Drill, Outcome
from gateway.drills.running import DrillRun, run_drills
from gateway.errors import CannotRun
from gateway.servers import open_server
from gateway.settings import load_settings

app = typer.Typer()
ENTRIES_MAX = 50_000
WIDTH_MIN = 150
WORDS_MAX = 160
INTERRUPTED = 130
HASH = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")


@app.command()
def drill(
    *,
    venue: Annotated[str | None, typer.Option(help="The venue to copy.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run this drill; may be repeated.")] = None,
    entries_max: Annotated[
        int, typer.Option(help="Refuse a larger log: each drill reads all of it several times.")
    ] = ENTRIES_MAX,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tamper with a copy of the venue and show what finds it, and when."""
    settings = load_settings(venue=venue)
    chosen = choose(only or [])
    progress = Progress()
    treat_terminate_as_interrupt()
    try:
        with open_server(settings) as server:
            work = run_drills(
                server,
                settings,
                chosen,
                entries_max=entries_max,
                tell=progress.tell,
                with_recovery=not only,
            )
            run = asyncio.run(work)
    except KeyboardInterrupt:
        progress.tell("Stopped; the copies are dropped")
        sys.exit(INTERRUPTED)
    except CannotRun as trouble:
        if as_json:
            print_json({"ok": False, "error": str(trouble), "seconds": progress.seconds})
        raise
    show(run, seconds=progress.seconds, as_json=as_json)
    if not run.ok:
        sys.exit(1)


def choose(names: list[str]) -> list[Drill]:
    """Return the drills of these names, all of them for none.

    Raises:
        CannotRun: there is no such drill.
    """
    by_name = {each.name: each for each in (CONTROL, *DRILLS)}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise CannotRun(f"No drill is called {unknown[0]}. There are: {', '.join(by_name)}")
    return [by_name[name] for name in names] if names else list(DRILLS)


def show(run: DrillRun, *, seconds: float, as_json: bool) -> None:
    """Print what a run gave."""
    if as_json:
        print_json(as_object(run, seconds=seconds))
        return
    console = Console(highlight=False)
    if console.width < WIDTH_MIN and not console.is_terminal:
        console = Console(highlight=False, width=WIDTH_MIN)
    console.print(_table(run))
    for each in run.guards:
        console.print(f"The venue itself is not guarded as it should be: {each}", markup=False)
    for outcome in run.outcomes:
        for words in outcome.unmet:
            console.print(f"{outcome.drill.name} FAILED: {words}", markup=False)
    for way in run.recoveries:
        console.print(f"\nAfter a restore without the last entries, {way.name}: {way.what}")
        for words in way.steps:
            mark = "FAILED: " if words in way.unmet else ""
            shown = HASH.sub(r"\1...", words)
            console.print(f"  {mark}{shown}", markup=False)
    skipped = sum(bool(each.skipped) for each in run.outcomes)
    tried = sum(bool(each.drill.found_by) for each in run.outcomes) - skipped
    expected = "each was found as expected" if tried else "nothing was found, as expected"
    verdict = expected if run.ok else "NOT all is found as expected"
    console.print(
        f"{tried} drill(s) on a copy of {run.entries} entries of {run.venue} in {seconds} s, "
        f"{skipped} skipped: {verdict}. The copies are dropped.",
        markup=False,
    )


def _table(run: DrillRun) -> Table:
    table = Table(show_lines=True)
    for name in ("drill", "what was done", "plain attempt", "found by", "when", "first words"):
        table.add_column(name, overflow="fold")
    for outcome in run.outcomes:
        table.add_row(*_cells(outcome))
    return table


def _cells(outcome: Outcome) -> tuple[str, ...]:
    drill = outcome.drill
    plain = "\n".join(f"{each.by}: {each.line or 'let through'}" for each in outcome.attempts)
    first = outcome.found[0] if outcome.found else None
    if outcome.skipped:
        return drill.name, drill.what, plain, "skipped", "", outcome.skipped
    if first is None:
        return drill.name, drill.what, plain, "nobody", "", ""
    found = ", ".join(each.line for each in outcome.found)
    missed = ", ".join(outcome.missed)
    words = HASH.sub(r"\1...", first.words).partition("\n")[0][:WORDS_MAX]
    return drill.name, drill.what, plain, f"{found}\nnot by: {missed}", first.when, words


def as_object(run: DrillRun, *, seconds: float) -> dict[str, Any]:
    """Return a run as one object for programs."""
    return {
        "ok": run.ok,
        "venue": run.venue,
        "entries": run.entries,
        "seconds": seconds,
        "guards": run.guards,
        "drills": [_object(each) for each in run.outcomes],
        "recoveries": [asdict(each) for each in run.recoveries],
    }


def _object(outcome: Outcome) -> dict[str, Any]:
    drill = outcome.drill
    return {
        "name": drill.name,
        "what": drill.what,
        "day": drill.day,
        "ok": not outcome.unmet,
        "skipped": outcome.skipped,
        "unmet": outcome.unmet,
        "plain": [_attempt(each) for each in outcome.attempts],
        "expected": sorted(drill.found_by),
        "found": [
            {"by": each.line, "when": each.when, "words": each.words} for each in outcome.found
        ],
        "missed": outcome.missed,
        "seconds": outcome.seconds,
    }


def _attempt(attempt: Attempt) -> dict[str, str | None]:
    return {"by": attempt.by, "refused_by": attempt.line, "words": attempt.words}
