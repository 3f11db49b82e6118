"""What follows from a grade on a day: rows of adopted tables, none of which denies anything.

A question may name a grade and no subject, so that no consent is needed and nothing is looked up.
What follows for a subject from its own archive is for the subject, the regulator and the auditor.
"""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from credit_scoring.consequences.adopting.state import AdoptedTable, in_force
from credit_scoring.consequences.adopting.store import ConsequencesMissing, ConsequenceStore
from credit_scoring.consequences.applying import consequences
from credit_scoring.consequences.asking import standing_of
from credit_scoring.consequences.of_subject import Archived, Question, consequences_of
from credit_scoring.consequences.row import INDEX
from credit_scoring.dates import day_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.rule_set import rule_set_in_force
from gateway.api.door import Door
from gateway.api.reading.credit_archives import (
    KnownAt,
    Party,
    archive_of,
    archive_store,
    check_reader,
    known_instant,
    records_of,
)
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from gateway.consequences import list_for, shown, working_day

GRADE = r"^[A-Za-z0-9-]{1,16}$"
Kind = Annotated[SubjectKind, Query()]
GradeQuery = Annotated[str, Query(pattern=GRADE, description="A grade, or not-rated.")]
RegionQuery = Annotated[str, Query(pattern=r"^[0-9]{6}$", description="GB/T 2260.")]
DayQuery = Annotated[str, Query(pattern=DAY_PATTERN)]
TodayQuery = Annotated[str | None, Query(pattern=DAY_PATTERN, description="The day; today.")]
SchemeQuery = Annotated[str, Query(pattern=r"^[A-Z0-9_]{1,16}$")]
Version = Annotated[str, Path(pattern=r"^[A-Za-z0-9.-]{1,32}$", examples=["2026-a"])]
ListedQuery = Annotated[
    str | None,
    Query(
        pattern=r"^[A-Za-z0-9-]{1,16}(,[A-Za-z0-9-]{1,16}){0,3}$",
        description="Its grades in half-year lists, the newest first, with commas between.",
    ),
]


def add_consequences(router: APIRouter, door: Door) -> None:
    """Add what follows from a grade, what follows for a subject, and by which tables."""
    _add_of_grade(router, door)
    _add_of_subject(router, door)
    _add_tables(router, door)


def _add_of_grade(router: APIRouter, door: Door) -> None:
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
        async with door.view(request) as view:
            rule_set = rule_set_in_force(await archive_store(view).rule_sets(), day)
            table = await _store(view).in_force(day)
        standing = standing_of(
            rule_set,
            kind=kind,
            scheme=scheme,
            grade=grade,
            region=region,
            listed=[] if listed is None else listed.split(","),
        )
        found = consequences(table.rows, standing, on=day)
        told = shown(found, list_for(found, on=day))
        return {"head": str(view.head), "on": day.isoformat(), "table": table.version, **told}


def _add_of_subject(router: APIRouter, door: Door) -> None:
    @router.get("/credit/subjects/{party}/consequences", tags=["credit"])
    async def show_consequences_of_subject(
        request: Request, party: Party, on: TodayQuery = None, known_at: KnownAt = None
    ) -> dict[str, Any]:
        """Show what applies to a subject on a day, by its own archive and the rows in force."""
        await check_reader(door, request, party)
        async with door.view(request) as view:
            subject = await archive_of(view, party)
            known = await known_instant(view, known_at)
            day = day_of(known) if on is None else date.fromordinal(ordinal(on, field="on"))
            table = await _store(view).in_force(day)
            archived = Archived(
                kind=SubjectKind(subject["subject_kind"]),
                region=subject["region"],
                records=await records_of(view, party),
            )
            question = Question(
                on=day,
                known_at=known,
                sets=await archive_store(view).rule_sets(),
                is_working_day=working_day,
            )
        found = consequences_of(table.rows, archived, question)
        told = shown(found, list_for(found, on=day))
        of = {"party": party, "on": day.isoformat(), "table": table.version}
        return {"head": str(view.head), **of, **told}


def _add_tables(router: APIRouter, door: Door) -> None:
    @router.get("/credit/consequence-tables", tags=["credit"])
    async def list_consequence_tables(request: Request, on: TodayQuery = None) -> dict[str, Any]:
        """List the adopted tables of consequences by first day, and which is in force."""
        await door.caller(request)
        async with door.view(request) as view:
            today = day_of(await archive_store(view).now())
            day = today if on is None else date.fromordinal(ordinal(on, field="on"))
            tables = await _store(view).adopted()
        found = in_force(tables, day)
        return {
            "head": str(view.head),
            "in_force": None if found is None else found.version,
            "tables": [_table_shown(each) for each in tables],
        }

    @router.get("/credit/consequence-tables/{version}", tags=["credit"])
    async def show_consequence_table(request: Request, version: Version) -> dict[str, Any]:
        """Show an adopted table of consequences whole, with its hash."""
        await door.caller(request)
        async with door.view(request) as view:
            tables = await _store(view).adopted()
        found = next((each for each in tables if each.version == version), None)
        if found is None:
            raise ConsequencesMissing(version, field="version", expected="an adopted version")
        document = read_json(found.document.encode()).value
        return {"head": str(view.head), **_table_shown(found), "document": document}


def _store(view: View) -> ConsequenceStore:
    return ConsequenceStore(view.exchange.connection)


def _table_shown(row: AdoptedTable) -> dict[str, Any]:
    return {
        "version": row.version,
        "table_hash": row.hash,
        "decision": row.decision,
        "effective_from": date.fromordinal(row.effective_from).isoformat(),
        "rule_set": row.rule_set,
        "adopted_in": str(row.entry),
    }
