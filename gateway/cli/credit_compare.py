"""`./ecorights credit compare`: a draft rule set beside the one in force, on the same archives.

Files in, words or JSON out; nothing is stored. Without a file of archives the generated province
stands in. The draft is a whole rule set, as
`credit rule-sets VERSION --json` prints it and an editor changed it.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from credit_scoring.batch.building import Archives
from credit_scoring.comparing.archives_file import read_archives
from credit_scoring.comparing.comparison import (
    Comparison,
    compare,
    differences,
    effects_of_rules,
)
from credit_scoring.comparing.stability import stability_of
from credit_scoring.dates import day_of, end_of_day
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place, read_json
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import (
    RuleSet,
    rule_set_in_force,
    rule_set_of_version,
)
from credit_scoring.rule_sets.shipped import refuse_unadoptable, shipped
from gateway.cli.credit import Language, content_of, refusals
from gateway.cli.credit_comparison_pages import enterprises_of, shares_shown, show_comparison
from gateway.cli.rule_set_files import without_printed
from gateway.cli.terminal import print_json
from gateway.demonstration.province.generating import generate
from gateway.demonstration.province.probabilities import shipped_probabilities

MOVERS_MAX = 1_000
YEAR_MIN, YEAR_MAX = 1949, 2999

app = typer.Typer()


@app.command("compare")
def compare_files(  # noqa: PLR0913  one option, one argument
    *,
    draft: Annotated[Path, typer.Option(help="The draft rule set, whole.")],
    records: Annotated[
        Path | None, typer.Option(help='The archives: {"archives": [...]}; else the province.')
    ] = None,
    kind: Annotated[SubjectKind | None, typer.Option(help="Only subjects of this kind.")] = None,
    against: Annotated[str | None, typer.Option(help="Another than in force on the day.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Today.")] = None,
    known_at: Annotated[str | None, typer.Option(help="The instant of what is known.")] = None,
    movers: Annotated[int, typer.Option(min=0, max=MOVERS_MAX, help="How many to explain.")] = 5,
    lang: Annotated[Language, typer.Option(help="The language of words; JSON has one.")] = (
        Language.EN
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Compare a draft rule set with one in force: who moves from which grade to which, and why."""
    with refusals(as_json=as_json):
        now = datetime.now(UTC)
        day = day_of(now) if as_of is None else asked_day(as_of)
        # The province is seen as it was known on its day, whatever the day is today.
        latest = end_of_day(day) if records is None else now
        instant = latest if known_at is None else Place(known_at, "--known-at").instant()
        champion = _champion(against, day)
        found = compare(
            _province(kind, day, champion)
            if records is None
            else read_archives(read_json(content_of(records)), only=kind),
            as_of=day,
            known_at=instant,
            champion=champion,
            challenger=_draft(read_json(content_of(draft))),
        )
    if as_json:
        print_json({"ok": True, **_document(found, movers)})
    else:
        show_comparison(found, movers, lang=lang)


def asked_day(as_of: datetime) -> date:
    """Return the day of an option.

    Raises:
        Malformed: no score is of such a year.
    """
    if not YEAR_MIN <= as_of.year <= YEAR_MAX:
        raise Malformed(
            code="out_of_range",
            field="--as-of",
            expected=f"a year from {YEAR_MIN} to {YEAR_MAX}",
            found=str(as_of.year),
        )
    return as_of.date()


def _champion(version: str | None, day: date) -> RuleSet:
    if version is None:
        return rule_set_in_force(shipped(), day)
    return rule_set_of_version(shipped(), version)


def _province(kind: SubjectKind | None, day: date, rule_set: RuleSet) -> Archives:
    """Return one kind of subject of the generated province; the enterprises where none is said."""
    wanted = SubjectKind.ENTERPRISE if kind is None else kind
    population = shipped_probabilities()[wanted]
    return generate(wanted, population, as_of=day, rule_set=rule_set)


def _draft(document: Place) -> RuleSet:
    draft = read_rule_set(without_printed(document))
    refuse_unadoptable(draft)
    return draft


def _document(found: Comparison, movers: int) -> dict[str, Any]:
    return {
        "as_of": found.champion.as_of.isoformat(),
        "known_at": found.champion.known_at.isoformat(),
        "champion": _head(found.champion.rules.rule_set),
        "challenger": _head(found.challenger.rules.rule_set),
        "subjects": len(found.archives.subjects),
        "grades": found.grades,
        "matrix": found.matrix,
        "moved": found.moved,
        "changed": len(found.changed),
        "psi": str(found.psi),
        "stability": stability_of(found.psi).value,
        "enterprise_shares": {
            name: shares_shown(found, scores)
            for name, scores in (("champion", found.champion), ("challenger", found.challenger))
            if enterprises_of(found).any()
        },
        "rules": [msgspec.to_builtins(each) for each in effects_of_rules(found)],
        "movers": [_mover(found, int(row)) for row in found.changed[:movers]],
    }


def _head(rule_set: RuleSet) -> dict[str, str]:
    return {"version": rule_set.version, "hash": rule_set.hash}


def _mover(found: Comparison, row: int) -> dict[str, Any]:
    return {
        "id": found.archives.subjects[row],
        "index_before": int(found.champion.credit_index[row]),
        "index_after": int(found.challenger.credit_index[row]),
        "grade_before": found.champion.grade_name(row),
        "grade_after": found.challenger.grade_name(row),
        "lines": [msgspec.to_builtins(each) for each in differences(found, row)],
    }
