"""`./ecorights gep valuation ...`: valuations of projects, from a file to what a lender reads.

A valuation is named by its hash, which `draft` prints and `list` shows. It is cited as an account
is: `./ecorights gep cite HASH`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import gep_valuation_pages as pages
from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_files import content_of
from gateway.cli.served import Answer, Json, Name, Url, Venue, ask_and_show
from gateway.client import ApiClient
from gateway.keys import OPERATOR
from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.valuations.guards import refuse_unnamed
from gep.valuations.making import make_valuation
from gep.valuations.reading import project_of

ROWS_SHOWN_MAX = 1_000

app = typer.Typer(no_args_is_help=True)
Valuation = Annotated[str, typer.Argument(metavar="VALUATION", help="The valuation's hash.")]


@app.callback()
def root() -> None:
    """Valuations of projects: draft, review, approval, publication, what a lender reads."""


@app.command()
def draft(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="What `gep project` values.")],
    *,
    name: Name,
    supersedes: Annotated[str, typer.Option(help="The valuation that it computes again.")] = "",
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Value a project and put the valuation before its reviewers."""
    with refusals(as_json=as_json):
        document = read_document(content_of(path))
        made = make_valuation(project_of(document))
        refuse_unnamed(made)
    valuation = made.hash
    project = json.loads(plan_text(document))
    body = {"project": project, "valuation": valuation, "supersedes": supersedes}
    _write("", body, f"drafted {valuation}", venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def review(
    valuation: Valuation,
    *,
    name: Name,
    returned: Annotated[str | None, typer.Option(help="Return it, for this reason.")] = None,
    note: Annotated[str, typer.Option(help="What to note beside an acceptance.")] = "",
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Accept another person's valuation, or return it; of a large one, as the second reviewer."""
    outcome = "accepted" if returned is None else "returned"
    said = note if returned is None else returned
    body = {"valuation": valuation, "outcome": outcome, "note": said}
    _write("/reviews", body, outcome, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def propose(
    valuation: Valuation,
    *,
    decision: Annotated[str, typer.Option(help="The number of the document that decides it.")],
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose that a reviewed valuation be approved."""
    operation = {"kind": "gep_approve_valuation", "valuation": valuation, "decision": decision}

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    ask_and_show(
        send,
        lambda answer: typer.echo(f"proposal {answer['proposal']}: approve {valuation}"),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


@app.command()
def approve(
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="The proposal's number.")],
    *,
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Approve another person's proposal, as one who neither drafted nor reviewed."""

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals/approvals", {"proposal": proposal})

    ask_and_show(
        send,
        lambda answer: typer.echo(f"approved, entry {answer['receipt']['entry']}"),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


@app.command()
def publish(
    valuation: Valuation,
    *,
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Publish an approved valuation, which then counts."""
    body = {"valuation": valuation}
    _write("/publications", body, "published", venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def withdraw(
    valuation: Valuation,
    *,
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Take back a valuation that was not published."""
    body = {"valuation": valuation}
    _write("/withdrawals", body, "withdrawn", venue=venue, url=url, name=name, as_json=as_json)


@app.command("list")
def list_of(
    *,
    name: Name = OPERATOR,
    project: Annotated[str | None, typer.Option(help="Only those of a project.")] = None,
    area: Annotated[str | None, typer.Option(help="Only those of an area.")] = None,
    status: Annotated[str | None, typer.Option(help="Such as draft or published.")] = None,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List valuations by project and day, gain before market; drafts to those who work on them."""
    wanted = {"project": project, "area": area, "status": status}
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/valuations", limit=str(ROWS_SHOWN_MAX), **params)

    def show_all(answer: Answer) -> None:
        for each in answer["valuations"]:
            typer.echo(pages.valuation_line(each, lang=lang))

    ask_and_show(read, show_all, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def show(
    valuation: Valuation,
    *,
    name: Name = OPERATOR,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show a valuation: its course, both values, ranges, warnings, and compute it again."""

    async def read(client: ApiClient) -> Answer:
        found = await client.get(f"/gep/valuations/{valuation}")
        again = await client.get(f"/gep/valuations/{valuation}/recomputation")
        return found | {"agrees": again["agrees"], "error": again["error"]}

    ask_and_show(
        read,
        lambda answer: pages.show_valuation(answer, lang=lang),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


@app.command()
def income(
    valuation: Valuation,
    *,
    name: Name = OPERATOR,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show what a published valuation counts as paid: net, by component and year."""

    async def read(client: ApiClient) -> Answer:
        return await client.get(f"/gep/valuations/{valuation}/marketable-income")

    ask_and_show(
        read,
        lambda answer: pages.show_income(answer, lang=lang),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


def _write(
    path: str,
    body: Mapping[str, Any],
    words: str,
    *,
    venue: str | None,
    url: str | None,
    name: str,
    as_json: bool,
) -> None:
    async def send(client: ApiClient) -> Answer:
        return await client.post(f"/gep/valuations{path}", body)

    ask_and_show(
        send,
        lambda answer: typer.echo(f"{words}, entry {answer['receipt']['entry']}"),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )
