"""`./ecorights gep contribution`, `stocks`, `weather`, `sensitivity`, `services`: files in."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import gep_analysis_pages as pages
from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_plans import account_at, plan_at
from gateway.cli.gep_tables import document_at
from gateway.cli.terminal import print_json
from gep.accounts.account import Account
from gep.accounts.comparing import compare
from gep.accounts.contribution import change_document, contribution_of
from gep.accounts.indices import indices_document, indices_of
from gep.accounts.sensitivity import sensitivities_of
from gep.accounts.stock_years import stock_course_of, stock_year_of
from gep.accounts.weather import compared_at_mean, in_order, weather_of
from gep.errors import AccountRefused
from gep.registry.service import document_of
from gep.registry.shipped import services

BROKEN = 1

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...")]
File = Annotated[Path, typer.Argument(metavar="FILE")]


@app.command()
def contribution(
    paths: Files,
    *,
    whole: Annotated[
        Path | None, typer.Option(help="The account of the whole area, of which these are parts.")
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(help="An earlier account of the one area: what services gave to the change."),
    ] = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Show the share of areas and services in a year's whole, or of services in a change."""
    with refusals(as_json=as_json):
        accounts = [account_at(path) for path in paths]
        if since is not None:
            _change(account_at(since), accounts, lang=lang, as_json=as_json)
            return
        found = contribution_of(accounts, None if whole is None else account_at(whole))
    if as_json:
        print_json({"ok": True, **found.document()})
    else:
        pages.show_contribution(found, lang=lang)


@app.command()
def stocks(paths: Files, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Show opening and closing stocks of years; ends with 1 where a year opens elsewhere."""
    with refusals(as_json=as_json):
        found = stock_course_of([stock_year_of(document_at(path)) for path in paths])
    if as_json:
        print_json({"ok": True, **found.document()})
    else:
        pages.show_stocks(found, lang=lang)
    if found.gaps:
        raise typer.Exit(BROKEN)


@app.command()
def weather(paths: Files, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Show accounts in their own weather and at the five-year mean, and growth at the mean."""
    with refusals(as_json=as_json):
        found = in_order([weather_of(plan_at(path)) for path in paths])
        pairs = [compared_at_mean(*pair) for pair in pairwise(found)]
    if not as_json:
        pages.show_weather(found, lang=lang)
        return
    growth = [
        {
            "base": each.base.year,
            "current": each.current.year,
            "growth": each.document()["growth"],
            "breaks": each.document()["breaks"],
        }
        for each in pairs
    ]
    years = [each.document() for each in found]
    print_json({"ok": True, "years": years, "growth_at_mean_weather": growth})


@app.command()
def sensitivity(path: File, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Show how the total answers to each figure in use, moved by 50 %; above 1 it is elastic."""
    with refusals(as_json=as_json):
        found = sensitivities_of(plan_at(path))
    if as_json:
        print_json({"ok": True, **found.document()})
    else:
        pages.show_sensitivities(found, lang=lang)


@app.command()
def indices(path: File, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Show an account's figures per km2, per head, to GDP, and what of it is turned into income."""
    with refusals(as_json=as_json):
        made = account_at(path)
    if as_json:
        print_json({"ok": True, "account": made.hash, **indices_document(indices_of(made))})
    else:
        pages.show_indices(made, lang=lang)


@app.command("services")
def services_of(*, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """List the indicator tree: units, methods of quantity and value, names in SEEA EA."""
    if as_json:
        print_json({"ok": True, "services": [document_of(each) for each in services().values()]})
    else:
        pages.show_services(lang=lang)


def _change(base: Account, accounts: list[Account], *, lang: Language, as_json: bool) -> None:
    if len(accounts) != 1:
        raise AccountRefused(
            code="too_many",
            field="FILE",
            expected="one account, the later one",
            found=str(len(accounts)),
        )
    found = compare(base, accounts[0])
    if as_json:
        print_json({"ok": True, **change_document(found)})
    else:
        pages.show_change(found, lang=lang)
