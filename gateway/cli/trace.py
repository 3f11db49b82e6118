"""`./ecorights trace`: follows every surrendered unit back to its issue, first in first out."""

import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Annotated, Any

import asyncpg
import typer

from exchange.provenance import Ending, Piece, Provenance, flows_of
from gateway.cli.terminal import print_json
from gateway.errors import CannotRun
from gateway.servers import open_server
from gateway.settings import database_of, load_settings
from ledger.roles import SURRENDERED

app = typer.Typer()


@dataclass(slots=True)
class Traced:
    """What became of the units of each issue, and the ending that was asked for."""

    issued: dict[int, int] = field(default_factory=dict)
    surrendered: Counter[int] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    circulating: Counter[int] = field(default_factory=Counter)
    surrenders: int = 0
    steps_max: int = 0
    asked: Ending | None = None


async def trace_instrument(url: str, instrument: str, *, entry: int | None) -> Traced:
    """Follow all units of an instrument; ``entry`` is the ending to keep with its paths."""
    traced = Traced()
    provenance = Provenance()
    connection = await asyncpg.connect(url)
    try:
        async for flows in flows_of(connection, instrument):
            for ending in provenance.follow_entry(flows):
                _count(traced, ending)
                if ending.entry == entry:
                    traced.asked = ending
    finally:
        await connection.close()
    traced.issued = provenance.issued
    for piece in provenance.held():
        traced.circulating[piece.step.issue()] += piece.lots
    return traced


def _count(traced: Traced, ending: Ending) -> None:
    into = traced.surrendered if ending.account == SURRENDERED else traced.ended
    traced.surrenders += ending.account == SURRENDERED
    for piece in ending.pieces:
        path = piece.step.path()
        into[path[0].entry] += piece.lots
        traced.steps_max = max(traced.steps_max, len(path))


@app.command()
def trace(
    instrument: Annotated[str, typer.Argument(help="The instrument whose units are followed.")],
    *,
    venue: Annotated[str | None, typer.Option(help="The venue.")] = None,
    entry: Annotated[int | None, typer.Option(help="Show the paths of this surrender.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Follow every surrendered unit back to its issue."""
    settings = load_settings(venue=venue)
    with open_server(settings) as server:
        url = server.url(database_of(settings.venue))
        traced = asyncio.run(trace_instrument(url, instrument, entry=entry))
    if not traced.issued:
        raise CannotRun(f"No unit of {instrument} was ever issued in venue {settings.venue}")
    if entry is not None and traced.asked is None:
        raise CannotRun(f"Entry {entry} neither surrenders nor ends units of {instrument}")
    if as_json:
        print_json(_result(traced, instrument))
    else:
        _show(traced, instrument)


def _result(traced: Traced, instrument: str) -> dict[str, Any]:
    lots = sum(traced.issued.values())
    found = sum((traced.surrendered + traced.ended + traced.circulating).values())
    result: dict[str, Any] = {
        "ok": lots == found,
        "instrument": instrument,
        "issued_lots": lots,
        "surrendered_lots": traced.surrendered.total(),
        "surrenders": traced.surrenders,
        "steps_max": traced.steps_max,
        "issues": [
            {
                "entry": issue,
                "issued_lots": issued,
                "surrendered_lots": traced.surrendered[issue],
                "otherwise_ended_lots": traced.ended[issue],
                "circulating_lots": traced.circulating[issue],
            }
            for issue, issued in sorted(traced.issued.items())
        ],
    }
    if traced.asked is not None:
        result["pieces"] = [_piece(piece) for piece in traced.asked.pieces]
    return result


def _piece(piece: Piece) -> dict[str, Any]:
    path = [{"entry": step.entry, "account": step.account} for step in piece.step.path()]
    return {"lots": piece.lots, "path": path}


def _show(traced: Traced, instrument: str) -> None:
    lines = [f"{'issue':>10} {'issued':>15} {'surrendered':>15} {'ended':>12} {'held':>15}"]
    lines += [
        f"{issue:>10} {issued:>15,} {traced.surrendered[issue]:>15,} "
        f"{traced.ended[issue]:>12,} {traced.circulating[issue]:>15,}"
        for issue, issued in sorted(traced.issued.items())
    ]
    lines.append(
        f"{traced.surrendered.total():,} lots of {instrument} in {traced.surrenders:,} surrenders "
        f"go back to {len(traced.issued)} issues, over at most {traced.steps_max} steps"
    )
    if traced.asked is not None:
        lines += [
            f"{piece.lots:>15,} lots: "
            + " -> ".join(f"entry {step.entry} to {step.account}" for step in piece.step.path())
            for piece in traced.asked.pieces
        ]
    sys.stdout.write("\n".join(lines) + "\n")
