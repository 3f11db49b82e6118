"""What follows from a grade on a day: rows of data, none of which denies anybody anything.

A question names a grade and no subject, so that no consent is needed and nothing is looked up.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from credit_scoring.consequences.applying import consequences
from credit_scoring.consequences.asking import standing_of
from credit_scoring.consequences.reading import grades_of, shipped_rows
from credit_scoring.consequences.row import INDEX
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import rule_set_in_force
from credit_scoring.rule_sets.shipped import shipped
from gateway.api.door import Door
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from gateway.consequences import list_for, shown

GRADE = r"^[A-Za-z0-9-]{1,16}$"
LISTS_MAX = 4
Kind = Annotated[SubjectKind, Query()]
GradeQuery = Annotated[str, Query(pattern=GRADE, description="A grade, or not-rated.")]
RegionQuery = Annotated[str, Query(pattern=r"^[0-9]{6}$", description="GB/T 2260.")]
DayQuery = Annotated[str, Query(pattern=DAY_PATTERN)]
SchemeQuery = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,16}$")]
ListedQuery = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9-]{1,16}(,[A-Za-z0-9-]{1,16}){0,3}$",
        description="Its grades in half-year lists, the newest first, with commas between.",
    ),
]


def add_consequences(router: APIRouter, door: Door) -> None:
    """Add what follows from a grade."""

    @router.get("/credit/consequences", tags=["credit"])
    async def show_consequences(
        request: Request,
        kind: Kind,
        grade: GradeQuery,
        region: RegionQuery,
        on: DayQuery,
        scheme: SchemeQuery = INDEX,
        listed: ListedQuery = None,
    ) -> dict[str, Any]:
        """Show what applies to a subject of a grade, what does not, and what is off and why."""
        await door.caller(request)
        day = date.fromordinal(ordinal(on, field="on"))
        rule_set = rule_set_in_force(shipped(), day)
        standing = standing_of(
            rule_set,
            kind=kind,
            scheme=scheme,
            grade=grade,
            region=region,
            listed=[] if listed is None else listed.split(","),
        )
        found = consequences(shipped_rows(grades_of(rule_set)), standing, on=day)
        told = shown(found, list_for(found, on=day))
        async with door.view(request) as view:
            head = view.head
        return {"head": str(head), "on": day.isoformat(), **told}
