"""`./ecorights credit consequences`: what follows from a grade on a day, and what is off and why.

Rows come with the package; an operator's own stand in a file, checked by the same rules.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.consequences.applying import Outcome, State, consequences
from credit_scoring.consequences.asking import NOT_RATED, standing_of
from credit_scoring.consequences.lists import HalfYearList
from credit_scoring.consequences.reading import grades_of, read_rows, shipped_rows
from credit_scoring.consequences.row import INDEX, Grades, Row
from credit_scoring.dates import day_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place, read_json
from credit_scoring.rule_sets.rule_set import rule_set_in_force
from credit_scoring.rule_sets.shipped import shipped
from gateway.cli.credit import Language, content_of, refusals
from gateway.cli.credit_pages import write
from gateway.cli.terminal import print_json
from gateway.consequences import list_for, shown

app = typer.Typer()


@app.command("consequences")
def show_consequences(  # noqa: PLR0913  one option, one argument
    *,
    grade: Annotated[str, typer.Option(help=f"The grade today, or {NOT_RATED}.")],
    kind: Annotated[SubjectKind, typer.Option(help="The kind of subject.")] = (
        SubjectKind.ENTERPRISE
    ),
    scheme: Annotated[str, typer.Option(help="The scheme of the grade; our index.")] = INDEX,
    region: Annotated[str, typer.Option(help="The subject's region code, six digits.")],
    on: Annotated[str | None, typer.Option(help="The day, YYYY-MM-DD; today.")] = None,
    listed: Annotated[
        list[str] | None, typer.Option(help="Its grade in half-year lists, the newest first.")
    ] = None,
    file: Annotated[Path | None, typer.Option(help="An operator's rows, in place of ours.")] = None,
    lang: Annotated[Language, typer.Option(help="The language of what follows.")] = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Show what applies to a subject of this grade, what does not, and what is off and why."""
    with refusals(as_json=as_json):
        day = day_of(datetime.now(UTC)) if on is None else Place(on, "--on").day()
        rule_set = rule_set_in_force(shipped(), day)
        rows = _rows(file, grades_of(rule_set))
        standing = standing_of(
            rule_set, kind=kind, scheme=scheme, grade=grade, region=region, listed=listed or ()
        )
        found = consequences(rows, standing, on=day)
        in_force = list_for(found, on=day)
    if as_json:
        print_json({"ok": True, "on": day.isoformat(), **shown(found, in_force)})
    else:
        _show(found, in_force, lang=lang)


def _rows(file: Path | None, grades: Grades) -> tuple[Row, ...]:
    if file is None:
        return shipped_rows(grades)
    return read_rows(read_json(content_of(file)), grades=grades)


def _show(found: tuple[Outcome, ...], in_force: HalfYearList | None, *, lang: Language) -> None:
    if in_force is not None:
        write(f"list in force: of {in_force.as_of}, sent by {in_force.sent_by}")
    for state in State:
        rows = [each for each in found if each.state is state]
        write(f"{state.value.replace('_', ' ')}: {len(rows)}")
        for each in rows:
            what = each.row.zh if lang is Language.ZH else each.row.what
            until = "" if each.until is None else f", until {each.until}"
            until = ", until the next list" if each.row.by_list and not until else until
            why = f" ({', '.join(each.reasons)})" if each.reasons else until
            write(f"  {each.row.id} {each.row.effect.value}, {each.row.kind.value}: {what}{why}")
            write(f"    {each.row.basis}")
