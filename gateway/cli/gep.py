"""`./ecorights gep`: published figures checked, accounts computed, audited and doubted.

Nothing here speaks to a venue: files in, the pure engine, words or JSON out. A file that is
malformed, and an account that must not be made, end with 2 and a named error.
"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli import gep_analysis_pages, gep_pages, gep_raster, gep_valuation_pages
from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_files import content_of, deflators_of
from gateway.cli.gep_plans import account_at, content_at, has_tables, plan_at
from gateway.cli.terminal import print_json
from gep.accounts.account import yuan_of
from gep.accounts.comparing import compare
from gep.accounts.making import make_account, parameters_of
from gep.accounts.trend import course_of, trend_of
from gep.accounts.uncertainty import DRAWS, SEED, uncertainty_of
from gep.audit.answer import audit_document
from gep.exchange.auditing import audit_of as audit_of_content
from gep.exchange.auditing import audit_of_plan
from gep.registry.reading import document_of, edition_document
from gep.registry.shipped import editions, parameter_set_of, parameter_sets
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from gep.vectors.checking import check_vector
from gep.vectors.reading import read_vectors

FAILED = 1

app = typer.Typer(no_args_is_help=True, add_completion=False)
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
File = Annotated[Path, typer.Argument(metavar="FILE")]


@app.callback()
def root() -> None:
    """GEP: accounts, their audit and uncertainty, editions, parameters, test vectors."""


@app.command("check-vectors")
def check_vectors_of(path: File, *, as_json: Json = False) -> None:
    """Run published figures against the engine; ends with 0, 1 if some fail, 2 if malformed."""
    with refusals(as_json=as_json):
        vectors = read_vectors(content_of(path))
    checked = [check_vector(each) for each in vectors]
    failed = [each for each in checked if each.failures]
    for each in failed:
        for failure in each.failures:
            typer.echo(f"{each.id}: {failure}")
    passed = Counter(each.by_engine for each in checked if not each.failures)
    if as_json:
        result = {"passed": passed.total(), "failed": [each.id for each in failed]}
        print_json(result | {"by_engine": passed[True]})
    else:
        typer.echo(
            f"{passed.total()} passed, {passed[True]} by the engine and {passed[False]} by their"
            f" formula alone; {len(failed)} failed"
        )
    if failed:
        raise typer.Exit(FAILED)


@app.command()
def account(path: File, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Make the account of a document: its lines, sums, warnings, and the hash of all of it."""
    with refusals(as_json=as_json):
        plan = plan_at(path)
        made = make_account(plan)
    if as_json:
        print_json({"ok": True, "hash": made.hash, **made.document()})
    else:
        gep_pages.show_account(made, lang=lang)
        gep_analysis_pages.show_second_figure(plan, made, lang=lang)


@app.command("audit")
def audit_of(path: File, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Audit an account as printed, or of ours; ends with 0, 1 if it has errors, 2 if malformed."""
    with refusals(as_json=as_json):
        if has_tables(path):
            found = audit_of_plan(plan_at(path))
        else:
            found = audit_of_content(content_at(path))
    if as_json:
        print_json({"ok": True, **audit_document(found)})
    else:
        gep_pages.show_audit(found, lang=lang)
    if found.errors:
        raise typer.Exit(FAILED)


@app.command()
def uncertainty(
    path: File,
    *,
    draws: Annotated[int, typer.Option(help="How many times the account is drawn.")] = DRAWS,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = SEED,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Draw the figures of an account that have a range: P10, P50, P90, the strongest drivers."""
    with refusals(as_json=as_json):
        found = uncertainty_of(plan_at(path), draws=draws, seed=seed)
    if not as_json:
        gep_pages.show_uncertainty(found, lang=lang)
        return
    drivers = [
        {
            "name": each.name,
            "low": str(each.low),
            "central": str(each.central),
            "high": str(each.high),
            "unit": each.unit,
            "rank_correlation": each.correlation,
            "share": each.share,
        }
        for each in found.drivers
    ]
    quantiles = {"p10": found.p10, "p50": found.p50, "p90": found.p90}
    print_json(
        {
            "ok": True,
            "draws": found.draws,
            "seed": found.seed,
            "doubted": found.doubted,
            "unchecked": list(found.unchecked),
            **{f"{name}_yuan": str(yuan_of(value)) for name, value in quantiles.items()},
            "drivers": drivers,
        }
    )


@app.command("compare")
def compare_of(
    base: Annotated[Path, typer.Argument(metavar="BASE")],
    current: Annotated[Path, typer.Argument(metavar="CURRENT")],
    *,
    deflator: Annotated[
        list[str] | None,
        typer.Option(help="A group's price index, later by base: material=1.03; repeat for each."),
    ] = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Compare two years of an area: breaks, constant prices, change by quantity and by price."""
    with refusals(as_json=as_json):
        plans = [plan_at(path) for path in (base, current)]
        found = compare(
            make_account(plans[0]), make_account(plans[1]), deflators=deflators_of(deflator or [])
        )
        decline = parameters_of(plans[1]).value("warning.decline")
    if as_json:
        print_json({"ok": True, **found.document(), "has_declined": found.has_declined(decline)})
    else:
        gep_pages.show_comparison(found, decline=decline, lang=lang)
        gep_analysis_pages.show_beside(found, plans, lang=lang)


@app.command()
def trend(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    *,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Show the years of an area at the first one's prices: growth, and from five on the trend."""
    with refusals(as_json=as_json):
        course = course_of([account_at(path) for path in paths])
        totals = {year: float(yuan_of(each.constant_total)) for year, each in course.items()}
        found = trend_of(totals)
    if not as_json:
        gep_pages.show_trend(course, found, lang=lang)
        return
    years = [
        {
            "year": year,
            "constant_yuan": str(yuan_of(each.constant_total)),
            "current_yuan": str(yuan_of(each.current.total)),
            "year_on_year": found.year_on_year.get(year),
            "breaks": [broken.code.value for broken in each.breaks],
        }
        for year, each in course.items()
    ]
    print_json(
        {
            "ok": True,
            "years": years,
            "growth_a_year": found.growth_a_year,
            "slope_yuan": found.slope,
            "statistic": found.statistic,
            "p_value": found.p_value,
        }
    )


@app.command()
def project(path: File, *, lang: Lang = Language.EN, as_json: Json = False) -> None:
    """Value a project's parcel: what it gains, what somebody pays for, the rate of return."""
    with refusals(as_json=as_json):
        found = make_valuation(read_project(content_of(path)))
    if as_json:
        print_json({"ok": True, "hash": found.hash, **found.document()})
    else:
        gep_valuation_pages.show_document(found.document(), lang=lang)


@app.command("editions")
def editions_of(*, as_json: Json = False) -> None:
    """List the norms and their editions: since when, which lines, how well each is known."""
    if as_json:
        documents = [{"hash": each.hash, **edition_document(each)} for each in editions()]
        print_json({"ok": True, "editions": documents})
    else:
        gep_pages.show_editions(editions())


@app.command()
def parameters(
    version: Annotated[str | None, typer.Argument(help="Show one; all of them listed.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """List the parameter sets, or show the rows of one with their sources."""
    with refusals(as_json=as_json):
        sets = tuple(parameter_sets().values()) if version is None else (parameter_set_of(version),)
    if as_json:
        documents = [{"hash": each.hash, **document_of(each)} for each in sets]
        print_json({"ok": True, "parameter_sets": documents})
    elif version is None:
        gep_pages.show_parameter_sets(sets)
    else:
        gep_pages.show_parameters(sets[0].all_rows())


app.command("raster")(gep_raster.raster)
app.command("demo")(gep_raster.demo)
