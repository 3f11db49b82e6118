"""`./ecorights gep draft`, `review`, `publish`, `show`, `cite` and so on: accounts of a venue.

The API key is the secret in ECORIGHTS_KEY, or that of a name in this installation's keys file. An
account is named by its hash, which `draft` prints and `list` shows.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_tables import document_at
from gateway.cli.gep_valuation_pages import account_line, again_words, course_lines
from gateway.cli.gep_valuation_pages import word as pages_word
from gateway.cli.gep_words import code_words, doubt_words, word
from gateway.cli.served import Answer, Json, Name, Url, Venue, ask_and_show
from gateway.client import ApiClient
from gateway.keys import OPERATOR
from gep.accounts.account import WarningCode
from gep.accounts.comparing import Break
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.accounts.stored import plan_text

ROWS_SHOWN_MAX = 1_000
# Breaks that go away when the earlier year takes the later one's edition and parameter set.
MENDED = frozenset({Break.OTHER_EDITION.value, Break.OTHER_COEFFICIENT.value})

app = typer.Typer()
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's hash.")]
Party = Annotated[str, typer.Option(help="The party that cites: one's own.")]
Reference = Annotated[str, typer.Option(help="The party's own reference, such as LOAN/2026/17.")]


@app.command()
def draft(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="A plan in JSON, or a filled workbook.")
    ],
    *,
    name: Name,
    supersedes: Annotated[str, typer.Option(help="The account that it computes again.")] = "",
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Compute an account and put it before a reviewer."""
    with refusals(as_json=as_json):
        document = document_at(path)
        account = make_account(plan_of(document)).hash
    body = {"plan": json.loads(plan_text(document)), "account": account, "supersedes": supersedes}
    _write("", body, f"drafted {account}", venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def review(
    account: Account,
    *,
    name: Name,
    returned: Annotated[str | None, typer.Option(help="Return it, for this reason.")] = None,
    note: Annotated[str, typer.Option(help="What to note beside an acceptance.")] = "",
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Accept another person's draft, or return it."""
    outcome = "accepted" if returned is None else "returned"
    body = {"account": account, "outcome": outcome, "note": note if returned is None else returned}
    _write("/reviews", body, outcome, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def propose(
    account: Account,
    *,
    decision: Annotated[str, typer.Option(help="The number of the document that decides it.")],
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Propose that a reviewed account be approved."""
    operation = {"kind": "gep_approve_account", "account": account, "decision": decision}

    async def send(client: ApiClient) -> Answer:
        return await client.post("/proposals", {"operation": operation})

    ask_and_show(
        send,
        lambda answer: typer.echo(f"proposal {answer['proposal']}: approve {account}"),
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
    """Approve another person's proposal, as a third person."""

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
    account: Account, *, name: Name, venue: Venue = None, url: Url = None, as_json: Json = False
) -> None:
    """Publish an approved account, which then counts."""
    body = {"account": account}
    _write("/publications", body, "published", venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def withdraw(
    account: Account, *, name: Name, venue: Venue = None, url: Url = None, as_json: Json = False
) -> None:
    """Take back an account that was not published."""
    body = {"account": account}
    _write("/withdrawals", body, "withdrawn", venue=venue, url=url, name=name, as_json=as_json)


@app.command("list")
def list_of(
    *,
    name: Name = OPERATOR,
    area: Annotated[str | None, typer.Option(help="Only those of an area.")] = None,
    year: Annotated[str | None, typer.Option(help="Only those of a year.")] = None,
    status: Annotated[str | None, typer.Option(help="Such as draft or published.")] = None,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List accounts by area and year; drafts to those who work on them."""
    wanted = {"area": area, "year": year, "status": status}
    params = {key: value for key, value in wanted.items() if value is not None}

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/accounts", limit=str(ROWS_SHOWN_MAX), **params)

    def show_all(answer: Answer) -> None:
        for each in answer["accounts"]:
            typer.echo(account_line(each, lang=lang))

    ask_and_show(read, show_all, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def show(
    account: Account,
    *,
    name: Name = OPERATOR,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Show an account whole: its course, its lines and their sources, and compute it again."""

    async def read(client: ApiClient) -> Answer:
        found = await client.get(f"/gep/accounts/{account}")
        again = await client.get(f"/gep/accounts/{account}/recomputation")
        return found | {"agrees": again["agrees"], "error": again["error"]}

    def show_whole(answer: Answer) -> None:
        _show_account(answer, lang=lang)

    ask_and_show(read, show_whole, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def between(
    base: Annotated[str, typer.Argument(metavar="BASE", help="The earlier account's hash.")],
    current: Annotated[str, typer.Argument(metavar="CURRENT", help="The later one's.")],
    *,
    name: Name = OPERATOR,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Compare two accounts of the venue: constant and current prices, quantity and price."""

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/comparisons", base=base, current=current)

    def show_change(answer: Answer) -> None:
        found = answer["document"]
        typer.echo(
            f"base {found['base_total_yuan']}, constant {found['constant_total_yuan']},"
            f" current {found['current_total_yuan']} yuan, growth {found['growth']}"
        )
        for each in found["lines"]:
            effects = f"{each['quantity_effect_yuan']} quantity, {each['price_effect_yuan']} price"
            typer.echo(f"{each['service']} {each['line']}: {effects}")
        for each in found["stocks"]:
            typer.echo(f"{each['resource']}: {each['base']} -> {each['current']} {each['unit']}")
        for each in found["breaks"]:
            typer.echo(f"break: {each['code']} {each['place']}")
        if any(each["code"] in MENDED for each in found["breaks"]):
            typer.echo(
                "the earlier year under the later one's terms:"
                f" ./ecorights gep recompute {base} --like {current} --as {name}"
            )

    ask_and_show(read, show_change, venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def cite(
    account: Account,
    *,
    party: Party,
    purpose: Annotated[str, typer.Option(help="loan, quota, compensation, trade or report.")],
    reference: Reference,
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Enter that one's own party relies on a published account."""
    body = {"account": account, "party": party, "purpose": purpose, "reference": reference}
    path = "/gep/citations"
    _write(path, body, f"cited for {reference}", venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def settle(
    account: Account,
    *,
    party: Party,
    reference: Reference,
    ended: Annotated[bool, typer.Option("--ended", help="End it; else it is kept.")] = False,
    name: Name,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Keep a citation beside the newer account, or end it."""
    outcome = "ended" if ended else "kept"
    body = {"account": account, "party": party, "reference": reference, "outcome": outcome}
    path = "/gep/citations/settlements"
    _write(path, body, f"{reference} {outcome}", venue=venue, url=url, name=name, as_json=as_json)


@app.command()
def citations(
    *,
    name: Name = OPERATOR,
    account: Annotated[str | None, typer.Option(help="Only those of an account.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only those that wait for a review.")] = False,
    venue: Venue = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List who cites which account, since when, and what waits for a review."""
    params = {"due": str(due).lower()} | ({} if account is None else {"account": account})

    async def read(client: ApiClient) -> Answer:
        return await client.get("/gep/citations", limit=str(ROWS_SHOWN_MAX), **params)

    def show_all(answer: Answer) -> None:
        for each in answer["citations"]:
            waits = f"  review due, {each['counting']} counts" if each["review_due"] else ""
            under = "  an account under it has a newer one" if each["accounts_superseded"] else ""
            ended = "" if each["ended_in"] is None else "  ended"
            typer.echo(
                f"{each['account']}  {each['party']} {each['reference']}  {each['purpose']}"
                f" since {each['since']}{waits}{under}{ended}"
            )

    ask_and_show(read, show_all, venue=venue, url=url, name=name, as_json=as_json)


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
        where = path if path.startswith("/gep") else f"/gep/accounts{path}"
        return await client.post(where, body)

    ask_and_show(
        send,
        lambda answer: typer.echo(f"{words}, entry {answer['receipt']['entry']}"),
        venue=venue,
        url=url,
        name=name,
        as_json=as_json,
    )


def _show_account(found: Answer, *, lang: Language) -> None:
    document = found["document"]
    typer.echo(account_line(found, lang=lang))
    for step in course_lines(found, ("drafted", "reviewed", "approved"), lang):
        typer.echo(step)
    area = document["area"]
    typer.echo(f"  {area['name']} {area['km2']} km2, {found['edition']}, {found['parameter_set']}")
    for doubt in found["doubts"]:
        typer.echo(f"  {word('area in doubt', lang)}: {doubt_words(doubt, lang)}")
    for line in document["lines"]:
        figures = (
            line["value_yuan"]
            if line["quantity"] is None
            else f"{line['value_yuan']} = {line['quantity']} {line['unit']} x {line['price_yuan']}"
        )
        typer.echo(f"  {line['service']} {line['id']}: {figures}")
        for used in line["used"]:
            typer.echo(f"      {used['name']} {used['value']} {used['unit']}: {used['source']}")
    for stock in document.get("stocks", ()):
        ends = f"{stock['opening']} -> {stock['closing']} {stock['unit']}"
        typer.echo(f"  {stock['resource']}: {ends}: {stock['source']}")
    for each in document["overrides"]:
        author = f"{pages_word('by', lang)} {each['author']}"
        typer.echo(f"  {each['key']} {each['value']} {author}: {each['reason']}")
    typer.echo(f"  {pages_word('total', lang)} {document['total_yuan']} {pages_word('yuan', lang)}")
    for each in document["warnings"]:
        code = code_words(WarningCode(each["code"]), lang)
        figure = "" if each["figure"] is None else f" {each['figure']}"
        typer.echo(f"  {word('warning', lang)}: {code} {each['place']}{figure}")
    typer.echo(f"  {pages_word('again', lang)}: {again_words(found, lang)}")
