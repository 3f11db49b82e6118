"""`./ecorights credit province`: a generated province, scored in columns, beside printed shares."""

import time
from datetime import date, datetime
from typing import Annotated, Any

import typer

from credit_scoring.batch.scoring import score_batch
from credit_scoring.comparing.shares import (
    COLOURS,
    gap,
    nearest,
    published,
    shares_of,
    shown,
)
from credit_scoring.dates import end_of_day
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force, rule_set_of_version
from credit_scoring.rule_sets.shipped import shipped
from gateway.cli.credit import Language, refusals
from gateway.cli.credit_compare import asked_day
from gateway.cli.credit_comparison_pages import say, show_kind, show_published
from gateway.cli.credit_pages import write
from gateway.cli.terminal import print_json
from gateway.demonstration.province.generating import SEED, generate
from gateway.demonstration.province.probabilities import Population, shipped_probabilities

AS_OF = datetime(2026, 12, 15)  # noqa: DTZ001  a date; the demonstration's last day
SEED_MAX = 2**63 - 1

app = typer.Typer()


@app.command("province")
def province(
    *,
    seed: Annotated[int, typer.Option(min=0, max=SEED_MAX, help="Fixes every draw.")] = SEED,
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day.")] = AS_OF,
    version: Annotated[
        str | None, typer.Option("--rule-set", help="Another than in force.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="The language of words; JSON has one.")] = (
        Language.EN
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Score a generated province; show its grades beside the shares that have been published."""
    with refusals(as_json=as_json):
        day = asked_day(as_of)
        rule_set = (
            rule_set_in_force(shipped(), day)
            if version is None
            else rule_set_of_version(shipped(), version)
        )
        kinds = {
            kind: _scored(kind, population, day, rule_set=rule_set, seed=seed)
            for kind, population in shipped_probabilities().items()
        }
    if as_json:
        rows = {kind.value: told for kind, told in kinds.items()}
        head = {"seed": str(seed), "as_of": day.isoformat(), "rule_set": rule_set.version}
        print_json({"ok": True, **head, "hash": rule_set.hash, "kinds": rows})
        return
    write(say("PROVINCE", lang, seed=seed, day=day, version=rule_set.version))
    for kind, told in kinds.items():
        show_kind(kind, told, lang=lang)
    show_published(lang=lang)


def _scored(
    kind: SubjectKind, population: Population, day: date, *, rule_set: RuleSet, seed: int
) -> dict[str, Any]:
    archives = generate(kind, population, as_of=day, rule_set=rule_set, seed=seed)
    start = time.perf_counter_ns()
    scores = score_batch(archives.columns, as_of=day, known_at=end_of_day(day), rule_set=rule_set)
    elapsed = max(1, time.perf_counter_ns() - start)
    shares = shares_of(scores)
    near, largest = nearest(shares, published())
    grades = {
        grade: int(((scores.grade == place) & scores.rated).sum())
        for place, grade in reversed(list(enumerate(scores.rules.grades)))
    }
    return {
        "subjects": population.subjects,
        "facts": archives.columns.fact_count,
        "not_rated": shares.not_rated,
        "grades": grades,
        "percent": {name: str(shown(shares.percent(n))) for n, name in enumerate(COLOURS)},
        "nearest": near.place,
        "largest_gap": str(shown(largest)),
        "gaps": {each.place: str(shown(gap(shares, each))) for each in published()},
        "milliseconds": elapsed // 1_000_000,
    }
