"""What is read of the supervision: decisions, origins of facts, closed years, results of reports.

A decision is read by its authority, its subjects, the regulator and the auditor; its reasons, which
may name people, not by the auditor. A report's result by its party, verifiers and who supervises.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from credit_scoring.archive.store import name_of
from exchange.supervision.commands import ReportKind
from exchange.supervision.state import decision_reference
from exchange.supervision.store import SupervisionStore
from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.duties import PartyFilter, YearFilter
from gateway.api.reads import View
from gateway.api.schemas.supervision import FEN
from kernel.canonical import utc_text
from kernel.money import format_decimal
from ledger.roles import Role

Number = Annotated[int, Path(ge=1, le=2**62)]
ReportFilter = Annotated[ReportKind | None, Query()]
_READS_ALL = frozenset({Role.REGULATOR, Role.AUDITOR})
_READS_REPORTS = _READS_ALL | {Role.OPERATOR, Role.VERIFIER}


def add_supervision(router: APIRouter, door: Door) -> None:
    """Add what is read of the supervision."""
    _add_decisions(router, door)
    _add_decision(router, door)
    _add_origins(router, door)
    _add_years(router, door)
    _add_reports(router, door)


def _add_decisions(router: APIRouter, door: Door) -> None:
    @router.get("/supervision/decisions", tags=["supervision"])
    async def list_served_decisions(
        request: Request,
        subject: PartyFilter = None,
        authority: PartyFilter = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List decisions: those about or by oneself; all of them for regulator and auditor."""
        caller = await door.caller(request)
        seen_by = None if _reads_all(caller) else caller.party
        scope = f"served decisions {seen_by} {subject} {authority}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        (after,) = page.after(0)
        async with door.view(request) as view:
            rows = await _store(view).decisions(
                after=after,
                subject=subject,
                authority=authority,
                seen_by=seen_by,
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["number"],))
        shown = [_decision_shown(each) for each in found]
        return {"head": str(view.head), "decisions": shown, "next": following}


def _add_decision(router: APIRouter, door: Door) -> None:
    @router.get("/supervision/decisions/{number}", tags=["supervision"])
    async def show_decision(request: Request, number: Number) -> dict[str, Any]:
        """Show a decision with the facts that it gave and, to whom it concerns, its reasons."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            store = _store(view)
            row = await store.decision(number)
            if row is None:
                raise Problem(
                    status=404,
                    code="supervision.decision_unknown",
                    field="number",
                    found=str(number),
                )
            is_own = caller.party == row["authority"] or caller.party in row["subjects"]
            if not is_own and not _reads_all(caller):
                raise Problem(status=403, code="request.forbidden", field="number")
            places = range(1, len(row["subjects"]) + 1)
            references = [decision_reference(row["case_number"], place) for place in places]
            facts = await store.facts(row["authority"], references)
            reason = None
            if is_own or Role.REGULATOR in caller.roles:
                case = f"decision/{row['authority']}/{row['case_number']}"
                said = await view.personal.fields(case, before=row["entry"])
                reason = None if said is None else said["reason"]
        shown = [
            {
                "fact": name_of(each),
                "subject": each["subject"],
                "entry": str(each["entry"]),
                "revoked": each["revoked"],
                "disputed": each["disputed"],
            }
            for each in facts
        ]
        return {
            "head": str(view.head),
            **_decision_shown(row),
            "facts": shown,
            "reason": reason,
        }


def _add_origins(router: APIRouter, door: Door) -> None:
    @router.get("/supervision/origins", tags=["supervision"])
    async def list_origins(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List which rules follow from decisions, closed years and reports, in whose name."""
        await door.caller(request)
        page = Page(door.cursors, scope="fact origins", cursor=cursor, limit=limit)
        origin, department = page.after("", "")
        async with door.view(request) as view:
            rows = await _store(view).origins(after=(origin, department), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["origin"], row["department"]))
        shown = [row | {"entry": str(row["entry"])} for row in found]
        return {"head": str(view.head), "origins": shown, "next": following}


def _add_years(router: APIRouter, door: Door) -> None:
    @router.get("/compliance/closures", tags=["compliance"])
    async def list_closed_years(
        request: Request, limit: Limit = PAGE_DEFAULT, cursor: Cursor = None
    ) -> dict[str, Any]:
        """List first closes: how many had settled in time, and whose facts are recorded."""
        await door.caller(request)
        page = Page(door.cursors, scope="closed years", cursor=cursor, limit=limit)
        right, year = page.after("", 0)
        async with door.view(request) as view:
            rows = await _store(view).closed_years(after=(right, year), limit=page.limit)
        found, following = page.cut(rows, lambda row: (row["right"], row["year"]))
        shown = [
            {
                "right": row["right"],
                "year": row["year"],
                "on": _day(row["on"]),
                "entry": str(row["entry"]),
                "settled": row["settled"],
                "recorded": row["recorded"],
                "passed_over": row["passed_over"],
                "waiting": row["settled"] - row["recorded"] - row["passed_over"],
            }
            for row in found
        ]
        return {"head": str(view.head), "closures": shown, "next": following}


def _add_reports(router: APIRouter, door: Door) -> None:
    @router.get("/compliance/reports", tags=["compliance"])
    async def list_reports(
        request: Request,
        report: ReportFilter = None,
        year: YearFilter = None,
        party: PartyFilter = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List what was found of reports; one's own, or any for who checks or supervises."""
        caller = await door.caller(request)
        seen = caller.party if caller.roles.isdisjoint(_READS_REPORTS) else party
        kind = None if report is None else report.value
        scope = f"reports {kind} {year} {seen}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        last_report, last_year, last_party = page.after("", 0, "")
        async with door.view(request) as view:
            rows = await _store(view).reports(
                after=(last_report, last_year, last_party),
                report=kind,
                year=year,
                party=seen,
                limit=page.limit,
            )
        found, following = page.cut(rows, lambda row: (row["report"], row["year"], row["party"]))
        shown = [_report_shown(each) for each in found]
        return {"head": str(view.head), "reports": shown, "next": following}


def _store(view: View) -> SupervisionStore:
    return SupervisionStore(view.exchange.connection)


def _reads_all(caller: Caller) -> bool:
    return not caller.roles.isdisjoint(_READS_ALL)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _decision_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    annulled = row["annulled_in"]
    fine = row["fine"]
    return {
        "decision": str(row["number"]),
        "authority": row["authority"],
        "case_number": row["case_number"],
        "rule": row["rule"],
        "subjects": row["subjects"],
        "served_on": _day(row["served_on"]),
        "document": row["document"],
        "fine": None if fine is None else format_decimal(fine, step=FEN),
        "incident": row["incident"] or None,
        "drafted_by": row["actor"],
        "approved_by": row["checker"],
        "entry": str(row["entry"]),
        "recorded_at": utc_text(row["at"], digits=6),
        "annulled_in": None if annulled is None else str(annulled),
        "annulled_ground": row["annulled_ground"] or None,
        "annulled_by": row["annulled_by"] or None,
    }


def _report_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    quantities = {
        name: None if row[name] is None else str(row[name]) for name in ("quantity", "value_added")
    }
    return {
        "report": row["report"],
        "year": row["year"],
        "party": row["party"],
        "due_on": _day(row["due_on"]),
        "filed_on": None if row["filed_on"] is None else _day(row["filed_on"]),
        "report_outcome": row["outcome"],
        **quantities,
        "level": row["level"] or None,
        "facts": row["facts"],
        "evidence": row["evidence"],
        "entry": str(row["entry"]),
    }
