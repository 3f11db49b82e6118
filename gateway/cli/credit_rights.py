"""`./ecorights credit rights`: reviews, overdue answers, notices of corrections, erasures.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file. What changes something says so by an option, and finds nothing to
do when it is run again.
"""

import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from datetime import date
from typing import Annotated, Any

import typer

from credit_scoring.rights.commands import FACTS_ERASED_MAX, OVERDUE_MAX
from gateway.cli.served import ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient, Refused
from gateway.keys import OPERATOR

PAGE = 1_000
PAGES_MAX = 1_000
NOTHING = "credit.nothing_to_tell"

app = typer.Typer(no_args_is_help=True)
Venue = Annotated[str | None, typer.Option(help="The venue, where it is served here.")]
Url = Annotated[str | None, typer.Option(help="The service, where it runs elsewhere.")]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Subject = Annotated[str | None, typer.Option(help="Only this subject.")]
Day = Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD.")]
Evidence = Annotated[str, typer.Option(help="SHA-256 of the document, in hex.")]


@app.callback()
def root() -> None:
    """Read and use the rights of the subjects of eco-credit."""


@app.command("request")
def request_review(  # noqa: PLR0913  one option, one argument
    subject: Annotated[str, typer.Argument(help="The subject's party.")],
    *,
    as_of: Annotated[str, typer.Option(help="The day of the result, YYYY-MM-DD.")],
    rule_set: Annotated[str, typer.Option(help="The version that it was scored by.")],
    evidence: Evidence,
    query: Annotated[str | None, typer.Option(help="The bank's query that it answered.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Ask that a person look at an automated result about oneself."""
    body = {"subject": subject, "as_of": as_of, "rule_set": rule_set, "evidence": evidence}
    body |= {} if query is None else {"query": query}

    async def send(client: ApiClient) -> dict[str, Any]:
        return await client.post("/credit/reviews", body)

    answer = ask(send, venue, url=url, name=name, as_json=as_json)
    due = date.fromordinal(int(answer["effects"][0]["due"])).isoformat()
    _print(answer, [f"review {answer['review']}, due {due}"], as_json=as_json)


@app.command()
def reviews(
    *,
    subject: Subject = None,
    state: Annotated[str | None, typer.Option(help="requested, overdue or answered.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List reviews, the newest first."""
    wanted = {"subject": subject, "state": state}

    async def read(client: ApiClient) -> dict[str, Any]:
        return {"reviews": [row async for row in _rows(client, "reviews", **wanted)]}

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{row['review']}  {row['subject']} as of {row['as_of']}  {row['state']}, "
        f"due {row['due']}  {row['reviewer'] or ''} {row['outcome'] or ''}".rstrip()
        for row in answer["reviews"]
    ]
    _print(answer, [*lines, f"{len(lines)} reviews"], as_json=as_json)


@app.command()
def overdue(
    *,
    day: Day = None,
    note: Annotated[bool, typer.Option(help="Record each, once.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List objections and reviews whose answer is overdue; ends with 1 if there are any."""

    async def read(client: ApiClient) -> dict[str, Any]:
        rows = [row async for row in _rows(client, "overdue", day=day)]
        noted = await _note(client, rows) if note else 0
        return {"overdue": rows, "noted": noted}

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    found = answer["overdue"]
    lines = [
        f"{row['clock']} {row['number']}  {row['subject']}  due {row['due']}, "
        f"{row['days_over']} days over"
        for row in found
    ]
    _print(answer, [*lines, f"{len(lines)} overdue, {answer['noted']} noted"], as_json=as_json)
    if found:
        sys.stderr.write(f"alarm: {len(found)} answers to subjects are overdue\n")
        sys.exit(1)


async def _note(client: ApiClient, rows: list[dict[str, Any]]) -> int:
    new = [row for row in rows if row["noted_at"] is None]
    for clock in sorted({row["clock"] for row in new}):
        numbers = [row["number"] for row in new if row["clock"] == clock]
        for start in range(0, len(numbers), OVERDUE_MAX):
            some = numbers[start : start + OVERDUE_MAX]
            await client.post("/credit/overdue", {"clock": clock, "numbers": some})
    return len(new)


@app.command()
def corrections(
    *,
    tell: Annotated[bool, typer.Option(help="Tell whom they concern, each once.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List revocations and repairs, and tell the banks whose answers they change."""

    async def read(client: ApiClient) -> dict[str, Any]:
        rows = [row async for row in _rows(client, "corrections")]
        if tell:
            for row in rows:
                row["notices"] += await _tell(client, row)
        return {"corrections": rows}

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{row['at']}  {row['fact']} {row['correction']}  {row['subject']}, {row['notices']} told"
        for row in answer["corrections"]
    ]
    _print(answer, [*lines, f"{len(lines)} corrections"], as_json=as_json)


async def _tell(client: ApiClient, row: Mapping[str, Any]) -> int:
    """Return how many recipients were told now."""
    body = {key: row[key] for key in ("source", "reference", "correction")}
    try:
        return len((await client.post("/credit/notices", body))["effects"])
    except Refused as error:
        if error.code != NOTHING:
            raise
        return 0


@app.command()
def notices(
    *,
    subject: Subject = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List notices of corrections: those to one's bank, or about oneself."""

    async def read(client: ApiClient) -> dict[str, Any]:
        return {"notices": [row async for row in _rows(client, "notices", subject=subject)]}

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{row['raised_at']}  to {row['recipient']}  {row['subject']}: {_of(row['before'])} -> "
        f"{_of(row['after'])}  {row['fact']} {row['correction']}"
        for row in answer["notices"]
    ]
    _print(answer, [*lines, f"{len(lines)} notices"], as_json=as_json)


def _of(shown: Mapping[str, Any]) -> str:
    words = [shown["credit_index"], shown["grade"]]
    return " ".join(str(word) for word in words if word is not None) or "no grade"


@app.command()
def retention(
    *,
    day: Day = None,
    kind: Annotated[str, typer.Option(help="enterprise, village or person.")] = "person",
    subject: Subject = None,
    erase: Annotated[bool, typer.Option(help="Erase what is due today.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List facts that are to be erased, within the days of the list, and erase those due."""
    wanted = {"day": day, "subject_kind": kind, "subject": subject}

    async def read(client: ApiClient) -> dict[str, Any]:
        rows = [row async for row in _rows(client, "retention", **wanted)]
        erased = await _erase(client, rows) if erase else 0
        return {"due": rows, "erased": erased}

    answer = ask(read, venue, url=url, name=name, as_json=as_json)
    lines = [
        f"{row['erase_on']}  {row['subject']}  {row['fact']}  "
        f"{'held by ' + row['held_by'] if row['held_by'] else 'due' if row['is_due'] else 'ahead'}"
        for row in answer["due"]
    ]
    _print(answer, [*lines, f"{len(lines)} listed, {answer['erased']} erased"], as_json=as_json)


async def _erase(client: ApiClient, rows: list[dict[str, Any]]) -> int:
    due: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["is_due"] and row["held_by"] is None:
            due[row["subject"]].append({"source": row["source"], "reference": row["reference"]})
    for subject in sorted(due):
        facts = due[subject]
        for start in range(0, len(facts), FACTS_ERASED_MAX):
            some = facts[start : start + FACTS_ERASED_MAX]
            await client.post("/credit/erasures", {"subject": subject, "facts": some})
    return sum(map(len, due.values()))


async def _rows(
    client: ApiClient, name: str, **wanted: str | None
) -> AsyncIterator[dict[str, Any]]:
    """Yield the rows of a list, page after page."""
    params = {key: value for key, value in wanted.items() if value is not None}
    member = "due" if name == "retention" else name
    for _ in range(PAGES_MAX):
        answer = await client.get(f"/credit/{name}", limit=str(PAGE), **params)
        for row in answer[member]:
            yield row
        if answer["next"] is None:
            return
        params["cursor"] = answer["next"]


def _print(answer: Mapping[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({"ok": True, **answer})
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines))
