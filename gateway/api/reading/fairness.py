"""The fairness report: grade shares of groups and adverse-impact ratios, for those who supervise.

It names no subject, and no group that is too small.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from credit_scoring.archive.store import ArchiveStore, instant_of, microseconds_of
from credit_scoring.comparing.archived import has_more_subjects, tally_of_archives
from credit_scoring.comparing.fairness import (
    FOUR_FIFTHS,
    LEAST,
    LEAST_MIN,
    Compared,
    Group,
    Impact,
    share,
)
from credit_scoring.dates import day_of
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force, rule_set_of_version
from gateway.api.door import Door
from gateway.api.problems import Problem
from gateway.api.reading.credit_archives import (
    READS_ALL,
    AsOf,
    KnownAt,
    VersionQuery,
    asked_day,
)
from gateway.api.schemas.base import instant
from kernel.canonical import utc_text
from ledger.store import LedgerStore

SUBJECTS_MAX = 20_000
LEAST_MAX = 1_000
Favourable = Annotated[
    str, Query(pattern="^[A-D]{1,3}$", description="The lowest grade that counts as favourable.")
]
Least = Annotated[
    int, Query(ge=LEAST_MIN, le=LEAST_MAX, description="Smaller groups are shown together only.")
]


def add_fairness(router: APIRouter, door: Door) -> None:
    """Add the report."""

    @router.get("/credit/fairness", tags=["credit"])
    async def show_fairness(
        request: Request,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        rule_set: VersionQuery = None,
        favourable: Favourable = "A",
        least: Least = LEAST,
    ) -> dict[str, Any]:
        """Compare the grades of kinds, regions and sectors on a day; names nobody."""
        caller = await door.caller(request)
        if caller.roles.isdisjoint(READS_ALL):
            raise Problem(status=403, code="request.forbidden")
        async with door.connection(request) as connection:
            store = ArchiveStore(connection)
            now = await store.now()
            known = now if known_at is None else instant_of(instant(known_at, field="known_at"))
            day = day_of(known) if as_of is None else asked_day(as_of)
            sets = await store.rule_sets()
            chosen = (
                rule_set_in_force(sets, day)
                if rule_set is None
                else rule_set_of_version(sets, rule_set)
            )
            grades = _favourable(chosen, favourable)
            if await has_more_subjects(connection, SUBJECTS_MAX):
                expected = f"at most {SUBJECTS_MAX} archives"
                raise Problem(status=409, code="credit.archives_too_many", expected=expected)
            tally = await tally_of_archives(connection, as_of=day, known_at=known, rule_set=chosen)
            head, _ = await LedgerStore(connection).head()
        shown = [_compared_shown(each, chosen) for each in tally.compared(grades, least=least)]
        return {
            "head": str(head),
            "as_of": day.isoformat(),
            "known_at": utc_text(microseconds_of(known), digits=6),
            "rule_set_version": chosen.version,
            "rule_set_hash": chosen.hash,
            "favourable": list(grades),
            "least": least,
            "four_fifths": str(FOUR_FIFTHS),
            "columns": shown,
        }


def _favourable(rule_set: RuleSet, lowest: str) -> Sequence[str]:
    """Return the grades from one upwards, the best first.

    Raises:
        Problem: 409, the rule set has no such grade.
    """
    names = [each.grade for each in rule_set.scale.grades]
    if lowest not in names:
        raise Problem(
            status=409,
            code="credit.grade_unknown",
            field="favourable",
            expected=", ".join(names),
            found=lowest,
        )
    return names[: names.index(lowest) + 1]


def _compared_shown(found: Compared, rule_set: RuleSet) -> dict[str, Any]:
    names = [each.grade for each in rule_set.scale.grades]
    return {
        "column": found.column,
        "kind": None if found.kind is None else found.kind.value,
        "reference": found.reference,
        "groups": [_group_shown(group, impact, names) for group, impact in found.groups],
        "suppressed_groups": found.hidden,
        "suppressed_subjects": found.hidden_subjects,
    }


def _group_shown(group: Group, impact: Impact, grades: Sequence[str]) -> dict[str, Any]:
    low, high, ratio = (
        None if each is None else str(each) for each in (impact.low, impact.high, impact.ratio)
    )
    return {
        "group": group.name,
        "subjects": group.subjects,
        "not_rated": group.not_rated,
        "shares": [
            {"grade": name, "share": str(share(group.grades.get(name, 0), group.rated))}
            for name in grades
        ],
        "favourable_rate": str(impact.rate),
        "impact_ratio": ratio,
        "interval_low": low,
        "interval_high": high,
        "opens_review": impact.opens_review,
        "may_be_chance": impact.may_be_chance,
    }
