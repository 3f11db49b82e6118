"""What is read of warnings: those that are due, those that were raised, and their course.

Operator, regulator, verifier and auditor read all of them; others those that their party owns.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.duties import YearFilter
from gateway.api.reading.gep_space import AREA_PATTERN, unit_store
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal
from gep.accounts.account import yuan_of
from gep.accounts.stored import read_account
from gep.space.outline import degrees
from gep.space.watching.judging import (
    PPM,
    PROPOSED,
    YEARS_MAX,
    Crossing,
    Unjudged,
    WarningRule,
    crossings,
    decline_of,
)
from gep.space.watching.rereading import standing_of, superseding
from gep.space.watching.state import WarningState
from gep.space.watching.store import WarningFilter, WatchStore
from kernel.canonical import utc_text
from ledger.roles import Role

Warned = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="The warning's name.")]
StateFilter = Annotated[WarningState | None, Query()]
AreaFilter = Annotated[str | None, Query(pattern=AREA_PATTERN)]
OwnerFilter = Annotated[
    str | None, Query(pattern=AREA_PATTERN, description="A party, or a person's key.")
]
Year = Annotated[int, Query(ge=1990, le=2200)]
OverdueOn = Annotated[
    str | None,
    Query(pattern=DAY_PATTERN, description="Only those whose deadline is before this day."),
]
_READS_ALL = frozenset({Role.AUDITOR, Role.OPERATOR, Role.REGULATOR, Role.VERIFIER})
PLACES = 6


def add_gep_warnings(router: APIRouter, door: Door) -> None:
    """Add what is read of warnings; what is due before the warning of that name."""
    _add_thresholds(router, door)
    _add_due(router, door)
    _add_warnings(router, door)
    _add_warning(router, door)


def _add_thresholds(router: APIRouter, door: Door) -> None:
    @router.get("/gep/thresholds", tags=["gep"])
    async def list_gep_thresholds(request: Request) -> dict[str, Any]:
        """List the limits that hold, with their author and reason where they are the venue's."""
        await door.caller(request)
        async with door.view(request) as view:
            own = await watch_store(view).thresholds()
        return {
            "head": str(view.head),
            "thresholds": [_threshold(rule, own.get(rule.value)) for rule in PROPOSED],
        }


def _add_due(router: APIRouter, door: Door) -> None:
    @router.get("/gep/warnings/due", tags=["gep"])
    async def list_due_gep_warnings(
        request: Request,
        year: Year,
        area: AreaFilter = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List what a year's accounts cross, and which are not judged for a decline, and why."""
        caller = await door.caller(request)
        _refuse_others(caller)
        scope = f"gep due {year} {area}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        async with door.view(request) as view:
            store = watch_store(view)
            rows = await store.pairs(
                year,
                years_max=YEARS_MAX,
                area=area,
                after=page.after("", 0, ""),
                limit=page.limit,
            )
            pairs, following = page.cut(
                rows, lambda row: (row["area"], row["price_year"], row["profile"])
            )
            names = [each[key] for each in pairs for key in ("account", "base") if each[key]]
            documents = await store.documents(names)
            limits = await limits_of(store)
            due, not_judged = await asyncio.to_thread(_due, pairs, documents, limits)
            states = await store.states([each["warning"] for each in due])
        return {
            "head": str(view.head),
            "year": year,
            "due": [{**each, "raised": states.get(each["warning"])} for each in due],
            "not_judged": not_judged,
            "next": following,
        }


def _add_warnings(router: APIRouter, door: Door) -> None:
    @router.get("/gep/warnings", tags=["gep"])
    async def list_gep_warnings(
        request: Request,
        state: StateFilter = None,
        area: AreaFilter = None,
        year: YearFilter = None,
        owner: OwnerFilter = None,
        overdue_on: OverdueOn = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List warnings with their places, by name; those of one's own party, or all of them."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            day = await unit_store(view).today()
            wanted = WarningFilter(
                day=day,
                state=None if state is None else state.value,
                area=area,
                year=year,
                party=seen_party(caller),
                owner=owner,
                overdue_on=None if overdue_on is None else ordinal(overdue_on, field="overdue_on"),
            )
            scope = f"gep warnings {wanted}"
            page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
            store = watch_store(view)
            rows = await store.warnings(wanted, after=page.after("")[0], limit=page.limit)
            found, following = page.cut(rows, lambda row: (row["warning"],))
            shown = await shown_warnings(store, found, day=day)
        return {
            "head": str(view.head),
            "day": date.fromordinal(day).isoformat(),
            "warnings": shown,
            "next": following,
        }


def _add_warning(router: APIRouter, door: Door) -> None:
    @router.get("/gep/warnings/{warning}", tags=["gep"])
    async def show_gep_warning(request: Request, warning: Warned) -> dict[str, Any]:
        """Show a warning with what happened to it, entry by entry."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            day = await unit_store(view).today()
            store = watch_store(view)
            wanted = WarningFilter(day=day, warning=warning, party=seen_party(caller))
            rows = await store.warnings(wanted, limit=1)
            if not rows:
                raise Problem(
                    status=404, code="gep.warning_unknown", field="warning", found=warning
                )
            [shown] = await shown_warnings(store, rows, day=day)
            events = await store.events(warning)
        return {
            "head": str(view.head),
            "day": date.fromordinal(day).isoformat(),
            **shown,
            "history": [_event(each) for each in events],
        }


def watch_store(view: View) -> WatchStore:
    """Return the store of a snapshot's warnings."""
    return WatchStore(view.exchange.connection)


def seen_party(caller: Caller) -> str | None:
    """Return whose warnings a caller sees: their own party's, None for everybody's."""
    return caller.party if caller.roles.isdisjoint(_READS_ALL) else None


async def limits_of(store: WatchStore) -> dict[WarningRule, int]:
    """Return the limits that hold, in millionths."""
    own = await store.thresholds()
    return {
        rule: own[rule.value]["limit_ppm"] if rule.value in own else proposed
        for rule, proposed in PROPOSED.items()
    }


async def shown_warnings(
    store: WatchStore, rows: Sequence[dict[str, Any]], *, day: int
) -> list[dict[str, Any]]:
    """Return warnings as the API shows them, judged again where their accounts were superseded."""
    names = sorted({name for row in rows for name in superseding(row)})
    documents = await store.documents(names) if names else {}
    standings = await asyncio.to_thread(lambda: [standing_of(row, documents).value for row in rows])
    return [
        _shown(row, day=day, standing=standing)
        for row, standing in zip(rows, standings, strict=True)
    ]


def share_text(ppm: int) -> str:
    """Return millionths as a decimal share."""
    return f"{ppm // PPM}.{ppm % PPM:0{PLACES}d}"


def _refuse_others(caller: Caller) -> None:
    if caller.roles.isdisjoint(_READS_ALL):
        raise Problem(status=403, code="request.forbidden", field="year")


def _due(
    pairs: Sequence[Mapping[str, Any]],
    documents: Mapping[str, str],
    limits: Mapping[WarningRule, int],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    due, not_judged = [], []
    for pair in pairs:
        account = read_account(documents[pair["account"]])
        base = None if pair["base"] is None else read_account(documents[pair["base"]])
        fall = (
            Unjudged(breaks=("no_earlier_account",))
            if base is None
            else decline_of(base, account, limit=limits[WarningRule.DECLINE])
        )
        if isinstance(fall, Unjudged):
            not_judged.append(
                {
                    "area": pair["area"],
                    "account": pair["account"],
                    "reasons": list(fall.breaks),
                }
            )
        due += [
            _crossing(each, area=pair["area"], year=pair["year"])
            for each in crossings(account, base, limits=limits)
        ]
    return due, not_judged


def _threshold(rule: WarningRule, own: Mapping[str, Any] | None) -> dict[str, Any]:
    proposed = PROPOSED[rule]
    return {
        "rule": rule.value,
        "limit": share_text(proposed if own is None else own["limit_ppm"]),
        "proposed": share_text(proposed),
        "author": None if own is None else own["author"],
        "reason": None if own is None else own["reason"],
        "set_in": None if own is None else str(own["entry"]),
    }


def _crossing(found: Crossing, *, area: str, year: int) -> dict[str, Any]:
    return {
        "warning": found.id,
        "rule": found.rule.value,
        "area": area,
        "year": year,
        "account": found.account,
        "base": found.base or None,
        "service": found.service or None,
        "before_yuan": str(yuan_of(found.before)),
        "after_yuan": str(yuan_of(found.after)),
        "measured": share_text(found.measured),
        "limit": share_text(found.limit),
        "severity": found.severity.value,
    }


def _shown(row: Mapping[str, Any], *, day: int, standing: str) -> dict[str, Any]:
    deadline = row["deadline"]
    is_overdue = row["state"] == WarningState.ASSIGNED and deadline < day
    return {
        "warning": row["warning"],
        "rule": row["rule"],
        "area": row["area"],
        "year": row["year"],
        "account": row["account"],
        "base": row["base"] or None,
        "service": row["service"] or None,
        "before_yuan": str(yuan_of(row["before"])),
        "after_yuan": str(yuan_of(row["after"])),
        "measured": share_text(row["measured_ppm"]),
        "limit": share_text(row["limit_ppm"]),
        "severity": row["severity"],
        "warning_state": row["state"],
        "raised_by": row["raised_by"],
        "entry": str(row["entry"]),
        "owner_party": row["party"] or None,
        "owner": row["owner"] or None,
        "deadline": None if deadline is None else date.fromordinal(deadline).isoformat(),
        "days_overdue": day - deadline if is_overdue else None,
        "answered_by": row["answered_by"] or None,
        "answer_account": row["answer_account"] or None,
        "closed_by": row["closed_by"] or None,
        "closed_in": None if row["closed_in"] is None else str(row["closed_in"]),
        "place": None
        if row["longitude"] is None
        else {
            "longitude": degrees(row["longitude"]),
            "latitude": degrees(row["latitude"]),
        },
        "standing": standing,
        "newer_account": row["counting"] if row["counting"] != row["account"] else None,
    }


def _event(row: Mapping[str, Any]) -> dict[str, Any]:
    deadline = row["deadline"]
    return {
        "number": row["number"],
        "event": row["event"],
        "actor": row["actor"],
        "entry": str(row["entry"]),
        "at": utc_text(row["at"], digits=6),
        "owner_party": row["party"] or None,
        "owner": row["owner"] or None,
        "deadline": None if deadline is None else date.fromordinal(deadline).isoformat(),
        "words": row["words"] or None,
        "answer_account": row["account"] or None,
    }
