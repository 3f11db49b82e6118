"""What is read of rule sets: those that count, each whole with its sources, and what one changes.

Anyone with a key may read what counts. Challengers are for those who supervise: nobody who decides
about a subject may see what another set would say.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Path, Query, Request

from credit_scoring.dates import day_of
from credit_scoring.rule_sets.adopting.state import AdoptedRuleSet, Challenger, read, read_all
from credit_scoring.rule_sets.adopting.store import RuleSetStore
from credit_scoring.rule_sets.comparison import compare_rule_sets
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force, rule_set_of_version
from credit_scoring.rule_sets.shipped import source_of
from credit_scoring.rule_sets.writing import document_of
from gateway.api.door import Door
from gateway.api.problems import Problem
from gateway.api.reads import View
from gateway.api.schemas.base import DAY_PATTERN, ordinal

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = r"^[A-Za-z0-9.-]{1,32}$"
Version = Annotated[str, Path(pattern=_FORM, examples=["0.1-draft"])]
Against = Annotated[
    str | None, Query(pattern=_FORM, description="List what differs from this adopted version.")
]
OnQuery = Annotated[
    str | None, Query(pattern=DAY_PATTERN, description="The day that is asked about; today.")
]


def add_rule_sets(router: APIRouter, door: Door) -> None:
    """Add what is read of rule sets."""
    _add_adopted(router, door)
    _add_challengers(router, door)


def _add_adopted(router: APIRouter, door: Door) -> None:
    @router.get("/credit/rule-sets", tags=["credit"])
    async def list_rule_sets(request: Request, on: OnQuery = None) -> dict[str, Any]:
        """List the adopted rule sets by first day, and which is in force; none scores nothing."""
        await door.caller(request)
        async with door.view(request) as view:
            day = await _today(view) if on is None else _day(on)
            adopted = await _store(view).adopted()
        return {
            "head": str(view.head),
            "in_force": _in_force(read_all(each.document for each in adopted), day),
            "rule_sets": [_adopted_shown(each) for each in adopted],
        }

    @router.get("/credit/rule-sets/{version}", tags=["credit"])
    async def show_rule_set(
        request: Request, version: Version, against: Against = None
    ) -> dict[str, Any]:
        """Show an adopted rule set whole, with its hash, its sources, and what it changes."""
        await door.caller(request)
        async with door.view(request) as view:
            adopted = await _store(view).adopted()
        found = next((each for each in adopted if each.version == version), None)
        if found is None:
            raise RuleSetMissing(version=version)
        shown = _whole(read(found.document), against=_other(adopted, against))
        return {"head": str(view.head), **_adopted_shown(found), **shown}


def _add_challengers(router: APIRouter, door: Door) -> None:
    @router.get("/credit/challengers", tags=["credit"])
    async def list_challengers(request: Request) -> dict[str, Any]:
        """List the rule sets that are evaluated beside the one in force."""
        await _check(door, request)
        async with door.view(request) as view:
            found = await _store(view).challengers()
        shown = [_challenger_shown(each) for each in found]
        return {"head": str(view.head), "challengers": shown}

    @router.get("/credit/challengers/{version}", tags=["credit"])
    async def show_challenger(
        request: Request, version: Version, against: Against = None
    ) -> dict[str, Any]:
        """Show a challenger whole, with its hash, its sources, and what it changes."""
        await _check(door, request)
        async with door.view(request) as view:
            store = _store(view)
            challengers = await store.challengers()
            adopted = await store.adopted()
        found = next((each for each in challengers if each.version == version), None)
        if found is None:
            raise Problem(
                status=404, code="credit.challenger_unknown", field="version", found=version
            )
        shown = _whole(read(found.document), against=_other(adopted, against))
        return {"head": str(view.head), **_challenger_shown(found), **shown}


async def _check(door: Door, request: Request) -> None:
    """Let those who supervise go on.

    Raises:
        Problem: 403.
    """
    caller = await door.caller(request)
    if not caller.watches():
        raise Problem(status=403, code="request.forbidden", field="challengers")


def _store(view: View) -> RuleSetStore:
    return RuleSetStore(view.exchange.connection)


async def _today(view: View) -> date:
    """Return the venue's own day: that of its newest entry's stamp, in Asia/Shanghai."""
    at = await view.exchange.connection.fetchval("SELECT at FROM venue LIMIT 1")
    return day_of(_EPOCH + timedelta(microseconds=at))


def _day(text: str) -> date:
    return date.fromordinal(ordinal(text, field="on"))


def _in_force(sets: list[RuleSet], day: date) -> str | None:
    try:
        return rule_set_in_force(sets, day).version
    except RuleSetMissing:
        return None


def _other(adopted: list[AdoptedRuleSet], version: str | None) -> RuleSet | None:
    """Return the adopted set to compare with.

    Raises:
        RuleSetMissing: none has the version.
    """
    if version is None:
        return None
    return rule_set_of_version(read_all(each.document for each in adopted), version)


def _whole(found: RuleSet, *, against: RuleSet | None) -> dict[str, Any]:
    shown = {"document": document_of(found), "sources": _sources(found)}
    if against is None:
        return shown
    changes = compare_rule_sets(against, found)
    return shown | {"changes": [msgspec.to_builtins(each) for each in changes]}


def _sources(found: RuleSet) -> list[dict[str, Any]]:
    """Return the legal sources that a set's rows name, by key."""
    keys = {rule.source for rule in found.rules.values()}
    shown = []
    for key in sorted(keys):
        source = source_of(key)
        if source is not None:
            shown.append(
                {"source": key, **{name: source[name] for name in ("title", "number", "date")}}
            )
    return shown


def _adopted_shown(row: AdoptedRuleSet) -> dict[str, Any]:
    first = date.fromordinal(row.effective_from).isoformat()
    return _shown(row) | {"effective_from": first, "adopted_in": str(row.entry)}


def _challenger_shown(row: Challenger) -> dict[str, Any]:
    return _shown(row) | {"appointed_in": str(row.entry)}


def _shown(row: AdoptedRuleSet | Challenger) -> dict[str, Any]:
    return {
        "version": row.version,
        "rule_set_hash": row.hash,
        "decision": row.decision,
    }
