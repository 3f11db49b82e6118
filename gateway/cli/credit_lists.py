"""`./ecorights credit lists`: positive and negative lists, who is on one, where a subject stands.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file.
"""

import sys
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gateway.cli.served import ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gateway.keys import OPERATOR

ROWS_SHOWN_MAX = "1000"

app = typer.Typer(no_args_is_help=True)
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Day = Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD.")]


@app.callback()
def root() -> None:
    """Read positive and negative lists of subjects."""


@app.command("all")
def all_lists(
    *, venue: Venue = None, url: Url = None, name: Name = OPERATOR, as_json: Json = False
) -> None:
    """List the lists, with their basis."""

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get("/credit/lists", limit=ROWS_SHOWN_MAX)

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{row['list_name']}  {row['sign']}, {row['subject_kind']}s  {row['basis']}  "
        f"by {', '.join(row['rules']) or 'decision'}, at most {row['months']} months"
        for row in answer["lists"]
    ]
    _print(answer, lines, as_json=as_json)


@app.command()
def members(
    list_name: Annotated[str, typer.Argument(metavar="LIST", help="The list.")],
    *,
    day: Day = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List who is on a list on a day, today by default."""
    wanted = {} if day is None else {"day": day}

    async def read(client: ApiClient) -> dict[str, Any]:
        path = f"/credit/lists/{list_name}/members"
        return await client.get(path, limit=ROWS_SHOWN_MAX, **wanted)

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [_stay(row, row["subject"]) for row in answer["members"]]
    more = f"{len(lines)} on {list_name} on {answer['day']}"
    _print(answer, [*lines, more], as_json=as_json)


@app.command()
def stays(
    *,
    subject: Annotated[str | None, typer.Option(help="Whose; one's own by default.")] = None,
    day: Day = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List a subject's stays on all lists, and which hold on a day."""
    given = {"subject": subject, "day": day}
    wanted = {key: value for key, value in given.items() if value is not None}

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get("/credit/listings", limit=ROWS_SHOWN_MAX, **wanted)

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{_stay(row, row['list_name'])}  {'holds' if row['holds'] else 'over'}"
        for row in answer["listings"]
    ]
    _print(answer, [*lines, f"{len(lines)} stays"], as_json=as_json)


def _stay(row: Mapping[str, Any], what: str) -> str:
    return f"{what}  {row['day_from']} to {row['day_to']}  {row['fact'] or row['decision']}"


def _print(answer: Mapping[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, **answer})
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
