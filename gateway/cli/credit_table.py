"""`./ecorights credit table`: many subjects' grades on many days, as one table.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import typer

from gateway.cli.served import ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient

SUBJECTS_MAX = 1_000
DAYS_MAX = 100
AT_ONCE = 8
AUDITOR = "A-1"

app = typer.Typer()
Subjects = Annotated[
    list[str] | None, typer.Argument(metavar="[SUBJECT]...", help="Parties; all archives.")
]
Days = Annotated[list[str] | None, typer.Option("--on", help="A day, YYYY-MM-DD; today.")]
Then = Annotated[bool, typer.Option("--as-known-then", help="By what was known on each day.")]
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")]
Answer = dict[str, Any]


@app.command()
def table(
    subjects: Subjects = None,
    *,
    on: Days = None,
    as_known_then: Then = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = AUDITOR,
    as_json: Json = False,
) -> None:
    """Show index and grade of subjects, day by day; a star where a fact was disputed."""
    days = _days(on or [])

    async def read(client: ApiClient) -> Answer:
        parties = subjects or await _parties(client)
        gate = asyncio.Semaphore(AT_ONCE)

        async def score(party: str, day: str | None) -> Answer:
            params = {} if day is None else {"as_of": day}
            if as_known_then and day is not None:
                # To the end of the day in Asia/Shanghai.
                params["known_at"] = f"{day}T15:59:59Z"
            async with gate:
                return await client.get(f"/credit/subjects/{party}/score", **params)

        wanted = [score(party, day) for party in parties for day in days]
        return {"scores": await asyncio.gather(*wanted)}

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    if as_json:
        kept = ("party", "as_of", "credit_index", "grade", "colour", "rated", "disputed")
        shown = [{each: score[each] for each in kept} for score in answer["scores"]]
        print_json({"ok": True, "scores": shown})
    else:
        sys.stdout.write("\n".join(lines_of(answer["scores"])) + "\n")


def lines_of(scores: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a table of scores: a line for each subject, a column for each day."""
    days = list(dict.fromkeys(score["as_of"] for score in scores))
    by_party: dict[str, dict[str, str]] = {}
    for score in scores:
        by_party.setdefault(score["party"], {})[score["as_of"]] = _cell(score)
    rows = [["subject", *days]]
    rows += [[party, *(cells[day] for day in days)] for party, cells in by_party.items()]
    widths = [max(len(row[place]) for row in rows) for place in range(len(days) + 1)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _cell(score: Mapping[str, Any]) -> str:
    """Return an index and a grade; in brackets what is not rated, which few may see."""
    star = "*" if score["disputed"] else ""
    if score["grade"] is None:
        return f"not rated{star}"
    found = f"{score['credit_index']} {score['grade']}"
    return f"{found}{star}" if score["rated"] else f"({found}){star}"


def _days(texts: Sequence[str]) -> list[str | None]:
    if len(texts) > DAYS_MAX:
        raise typer.BadParameter(f"at most {DAYS_MAX} days", param_hint="--on")
    for text in texts:
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise typer.BadParameter(f"{text} is no day", param_hint="--on") from error
    return list(dict.fromkeys(texts)) or [None]


async def _parties(client: ApiClient) -> list[str]:
    found = await client.get("/credit/subjects", limit=str(SUBJECTS_MAX))
    if found["next"] is not None:
        sys.stderr.write(f"the first {SUBJECTS_MAX} subjects; name those that you want\n")
    return [each["party"] for each in found["subjects"]]
