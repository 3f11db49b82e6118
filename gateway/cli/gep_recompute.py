"""`./ecorights gep recompute`, `examine`, `course`: a venue's accounts, computed again and asked.

A recomputation is a new account that supersedes the old one; it goes through review, approval and
publication as any other.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import gep_analysis_pages as pages
from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_files import content_of
from gateway.cli.served import Answer, Json, Name, Url, Venue, ask, ask_and_show
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gep.accounts.recomputing import Recomputation, recomputed
from gep.accounts.stored import plan_text, read_account
from gep.document import read_document
from kernel.canonical import canonical

QUESTIONS = ("uncertainty", "sensitivity", "audit", "weather")

app = typer.Typer()
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's hash.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be, and draft nothing.")]


@app.command()
def recompute(  # noqa: PLR0913  one option, one argument
    account: Account,
    *,
    name: Name,
    parameters: Annotated[str | None, typer.Option(help="The parameter set to take.")] = None,
    edition: Annotated[str | None, typer.Option(help="The edition to take.")] = None,
    like: Annotated[
        str | None, typer.Option(help="Take edition and parameter set of this account.")
    ] = None,
    replacing: Annotated[
        Path | None,
        typer.Option("--with", help="Members that replace those of the plan, as a JSON object."),
    ] = None,
    dry_run: DryRun = False,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Compute a published account again under other terms, and draft it in its place."""

    async def read(client: ApiClient) -> Answer:
        found = await client.get(f"/gep/accounts/{account}")
        other = None if like is None else await client.get(f"/gep/accounts/{like}")
        return found | {"like": other}

    with refusals(as_json=as_json):
        members = {} if replacing is None else _members(replacing)
        answer = ask(read, venue, url=url, name=name, as_json=as_json)
        other = answer["like"] or {}
        found = recomputed(
            read_account(canonical(answer["document"]).decode()),
            answer["plan_document"],
            parameters=parameters or other.get("parameter_set"),
            edition=edition or other.get("edition"),
            members=members,
        )
    _draft(found, as_name=name, dry_run=dry_run, lang=lang, venue=venue, url=url, as_json=as_json)


@app.command()
def examine(
    account: Account,
    *,
    name: Name,
    what: Annotated[str, typer.Option(help=f"One of {', '.join(QUESTIONS)}.")] = QUESTIONS[0],
    draws: Annotated[int | None, typer.Option(help="Of the uncertainty.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the uncertainty.")] = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Ask the venue about an account: how far off, what moves it, what is wrong, mean weather."""
    if what not in QUESTIONS:
        raise typer.BadParameter(f"one of {', '.join(QUESTIONS)}", param_hint="--what")
    given = {"draws": draws, "seed": seed} if what == "uncertainty" else {}
    params = {key: str(value) for key, value in given.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/gep/accounts/{account}/{what}", **params)

    ask_and_show(read, _show_answer, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def course(
    area: Annotated[str, typer.Argument(metavar="AREA", help="The area's code.")],
    *,
    name: Name,
    begin: Annotated[int | None, typer.Option("--from", help="The first year.")] = None,
    end: Annotated[int | None, typer.Option("--to", help="The last year.")] = None,
    price_year: Annotated[int | None, typer.Option(help="Only accounts at its prices.")] = None,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show the counting accounts of an area over years: growth, and from five years on a trend."""
    wanted = {"from": begin, "to": end, "price_year": price_year}
    params = {key: str(value) for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/trend", area=area, **params)

    ask_and_show(read, _show_course, venue=venue, url=url, name=name, as_json=as_json)


def _draft(
    found: Recomputation,
    *,
    as_name: str,
    dry_run: bool,
    lang: Language,
    venue: str | None,
    url: str | None,
    as_json: bool,
) -> None:
    if not as_json:
        pages.show_recomputation(found, lang=lang)
    body = {
        "plan": json.loads(plan_text(found.plan)),
        "account": found.new.hash,
        "supersedes": found.old.hash,
    }

    async def send(client: ApiClient) -> Answer:
        return await client.post("/gep/accounts", body, dry_run=dry_run)

    answer = ask(send, venue, url=url, name=as_name, as_json=as_json)
    if as_json:
        print_json({"ok": True, "dry_run": dry_run, **found.document()})
    elif dry_run:
        typer.echo("dry run: it would be drafted, nothing was")
    else:
        typer.echo(f"drafted {found.new.hash}, entry {answer['receipt']['entry']}")


def _members(path: Path) -> Mapping[str, Any]:
    document = read_document(content_of(path))
    document.members()
    found: dict[str, Any] = json.loads(plan_text(document))
    return found


def _show_answer(answer: Answer) -> None:
    for name, value in answer.items():
        if isinstance(value, list):
            typer.echo(f"{name}:")
            for each in value:
                typer.echo(f"  {_flat(each)}")
        else:
            typer.echo(f"{name} {_flat(value)}")


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flat(each)}" for name, each in value.items())
    if isinstance(value, list):
        return " ".join(_flat(each) for each in value)
    return "-" if value is None else str(value)


def _show_course(answer: Answer) -> None:
    for each in answer["years"]:
        broken = ", ".join(each["breaks"])
        grown = "" if each["year_on_year"] is None else f"  {each['year_on_year']}"
        told = f"  break: {broken}" if broken else ""
        typer.echo(f"{each['constant_yuan']:>20}  {each['year']}{grown}{told}")
    if answer["p_value"] is None:
        typer.echo(f"no trend: {answer['years_needed']} years at least")
    else:
        typer.echo(
            f"Sen's slope a year {answer['slope_yuan']} yuan, Mann-Kendall S"
            f" {answer['statistic']}, p {answer['p_value']}"
        )
