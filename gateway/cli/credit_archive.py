"""`./ecorights credit archive`: files of facts, a subject's archive, its score, its objections.

It speaks to a venue that is served, with an API key: the secret in ECORIGHTS_KEY, or that of a name
in this installation's keys file.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import credit_intake
from gateway.cli.served import (
    Json,
    Name,
    Url,
    Venue,
    ask_and_show,
    bad_line,
    content_to_send,
)
from gateway.client import ApiClient
from gateway.errors import CannotRun
from gateway.keys import OPERATOR

FACTS_SHOWN_MAX = 1_000
MEDIA_TYPES = {
    ".csv": ("/credit/fact-files", "text/csv"),
    ".xlsx": (
        "/credit/fact-workbooks",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}

app = typer.Typer(no_args_is_help=True)
app.add_typer(credit_intake.app)
Party = Annotated[str, typer.Argument(help="The subject's party.")]


@app.callback()
def root() -> None:
    """Report facts to the archives of eco-credit, and read what they hold."""


@app.command()
def upload(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV or an XLSX of facts.")],
    *,
    dry_run: Annotated[bool, typer.Option(help="Say what is wrong with each line.")] = False,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Record a file of facts as one's own department; all of its lines or none."""
    kind = MEDIA_TYPES.get(path.suffix.lower())
    if kind is None:
        raise CannotRun(f"{path}: expected a file that ends in {' or '.join(MEDIA_TYPES)}")
    content = content_to_send(path)
    params = {"dry_run": "true"} if dry_run else {}

    async def send(client: ApiClient) -> dict[str, Any]:
        return await client.upload(kind[0], content, media_type=kind[1], params=params)

    answer = ask_and_show(send, _show_upload, as_json=as_json, venue=venue, url=url, name=name)
    if answer["bad"]:
        sys.exit(1)


@app.command()
def facts(
    party: Party,
    *,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List a subject's facts, with what happened to them."""

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get(f"/credit/subjects/{party}/facts", limit=str(FACTS_SHOWN_MAX))

    ask_and_show(read, _show_facts, as_json=as_json, venue=venue, url=url, name=name)


@app.command()
def score(
    party: Party,
    *,
    as_of: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD.")] = None,
    known_at: Annotated[str | None, typer.Option(help="What was known then, in UTC.")] = None,
    rule_set: Annotated[str | None, typer.Option(help="A version, not that in force.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Score a subject for a day, by what was known at an instant."""
    wanted = {"as_of": as_of, "known_at": known_at, "rule_set": rule_set}
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get(f"/credit/subjects/{party}/score", **params)

    ask_and_show(read, _show_score, as_json=as_json, venue=venue, url=url, name=name)


@app.command()
def schemes(
    party: Party,
    *,
    figure: Annotated[
        list[str] | None, typer.Option(help="SCHEME.name=number; repeat for each.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """Rate a subject by every native scheme; those that are off say what is missing."""
    params = {} if figure is None else {"figures": ",".join(figure)}
    params |= {} if as_of is None else {"as_of": as_of}

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get(f"/credit/subjects/{party}/schemes", **params)

    ask_and_show(read, _show_schemes, as_json=as_json, venue=venue, url=url, name=name)


@app.command()
def objections(
    *,
    state: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
    venue: Venue = None,
    url: Url = None,
    name: Name = OPERATOR,
    as_json: Json = False,
) -> None:
    """List objections: one's own, those to one's department's facts, or all of them."""
    params = {} if state is None else {"state": state}

    async def read(client: ApiClient) -> dict[str, Any]:
        return await client.get("/credit/objections", limit=str(FACTS_SHOWN_MAX), **params)

    ask_and_show(read, _show_objections, as_json=as_json, venue=venue, url=url, name=name)


def _show_upload(answer: Mapping[str, Any]) -> None:
    of = "tried" if answer["outcome"] == "dry_run" else f"recorded in {answer['receipt']['entry']}"
    _write(f"{answer['lines']} lines {of}, {len(answer['bad'])} bad")
    for each in answer["bad"]:
        _write(bad_line(each))


def _show_facts(answer: Mapping[str, Any]) -> None:
    for each in answer["facts"]:
        marks = [word for word in ("revoked", "disputed") if each[word]]
        marks += [f"repaired {each['repaired_on']}"] if each["repaired_on"] else []
        what = f"{each['on']}  {each['rule']} x{each['quantity']}  {each['fact']}"
        _write("  ".join([what, *marks]))
    more = " and more" if answer["next"] is not None else ""
    _write(f"{len(answer['facts'])} facts{more}")


def _show_score(answer: Mapping[str, Any]) -> None:
    is_shown = answer["grade"] is not None
    grade = f"{answer['credit_index']} {answer['grade']}" if is_shown else "not rated"
    rated = " (not rated)" if is_shown and not answer["rated"] else ""
    of = f"as of {answer['as_of']}, rule set {answer['rule_set_version']}"
    _write(f"{answer['party']}: {grade}{rated}, {of}")
    for each in answer["lines"]:
        points = f"{each['counted_milli']:+d}"
        _write(f"  {each['on']}  {each['rule']}  {each['state']}  {points} milli  {each['fact']}")
    for each in answer["sub_indices"]:
        if each["sub_index"] is not None:
            _write(f"  {each['name']}  {each['sub_index']}")
    for each in answer["adjustments"]:
        _write(f"  {each['kind']}  {each['milli']:+d} milli")
    for each in answer["improve"]:
        what = f"{each['rule']} repaired on {each['day']}"
        _write(f"  {what}: {each['credit_index']} {each['grade']}")


def _show_schemes(answer: Mapping[str, Any]) -> None:
    of = f"as of {answer['as_of']}, rule set {answer['rule_set_version']}"
    _write(f"{answer['party']}: index {answer['credit_index'] or 'not rated'}, {of}")
    for each in answer["sub_indices"]:
        _write(f"  {each['name']}: {'none' if each['sub_index'] is None else each['sub_index']}")
    for each in answer["schemes"]:
        said = [each[name] for name in ("native_score", "grade") if each[name] is not None]
        said += [f"index {each['credit_index']}"] if each["credit_index"] is not None else []
        said += [f"needs {', '.join(each['needs'])}"] if each["needs"] else []
        said += [f"off, missing: {each['missing']}"] if each["state"] == "off" else []
        _write(f"  {each['scheme']} {each['zh']}: {' '.join(said) or each['state']}")


def _show_objections(answer: Mapping[str, Any]) -> None:
    for each in answer["objections"]:
        what = f"{each['objection']}  {each['fact']}  {each['ground']}"
        _write(f"{what}  {each['state']}, due {each['due']}")
    _write(f"{len(answer['objections'])} objections")


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
