"""Native schemes side by side, for a subject of the archives and the set in force on a day."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from credit_scoring.dates import day_of
from credit_scoring.native.side_by_side import Beside, schemes_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import rule_set_in_force
from credit_scoring.scoring.score import score
from gateway.api.door import Door
from gateway.api.reading.credit_archives import (
    AsOf,
    KnownAt,
    Party,
    archive_of,
    archive_store,
    asked_day,
    check_reader,
    known_instant,
    records_of,
)

_FIGURE = r"[A-Z0-9_]{1,16}\.[a-z0-9_]{1,32}=-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?"
FiguresQuery = Annotated[
    str | None,
    Query(
        pattern=f"^{_FIGURE}(,{_FIGURE}){{0,49}}$",
        description="Figures that no archive holds: SCHEME.name=number, with commas between.",
    ),
]


def add_credit_schemes(router: APIRouter, door: Door) -> None:
    """Add the schemes side by side."""

    @router.get("/credit/subjects/{party}/schemes", tags=["credit"])
    async def show_schemes(
        request: Request,
        party: Party,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        figures: FiguresQuery = None,
    ) -> dict[str, Any]:
        """Rate a subject by every native scheme; say what others need, and what is off and why."""
        await check_reader(door, request, party)
        async with door.view(request) as view:
            subject = await archive_of(view, party)
            known = await known_instant(view, known_at)
            day = day_of(known) if as_of is None else asked_day(as_of)
            rule_set = rule_set_in_force(await archive_store(view).rule_sets(), day)
            records = await records_of(view, party)
        kind = SubjectKind(subject["subject_kind"])
        found = score(kind, records, as_of=day, known_at=known, rule_set=rule_set)
        schemes = schemes_of(rule_set, found, records=records, figures=_figures(figures))
        return {
            "head": str(view.head),
            "party": party,
            "as_of": day.isoformat(),
            "rule_set_version": rule_set.version,
            "credit_index": found.credit_index if found.rated else None,
            "sub_indices": [
                {"name": name.value, "sub_index": value}
                for name, value in sorted(found.sub_indices.items())
            ],
            "schemes": [_shown(each) for each in schemes],
        }


def _figures(given: str | None) -> dict[str, dict[str, Decimal]]:
    figures: dict[str, dict[str, Decimal]] = {}
    for each in [] if given is None else given.split(","):
        place, _, value = each.partition("=")
        scheme, _, name = place.partition(".")
        figures.setdefault(scheme, {})[name] = Decimal(value)
    return figures


def _shown(beside: Beside) -> dict[str, Any]:
    scheme, result = beside.scheme, beside.result
    is_rated = result is not None and result.score is not None
    return {
        "scheme": scheme.id,
        "zh": scheme.zh,
        "source": scheme.source,
        "evaluator": scheme.evaluator.value,
        "state": beside.state.value,
        "missing": scheme.missing,
        "needs": list(beside.needs),
        "native_score": str(result.score) if result is not None and is_rated else None,
        "grade": None if result is None else result.grade,
        "credit_index": None if result is None else result.credit_index,
    }
