"""What is read of valuations: the published ones by anyone with a key, drafts by who works on them.

A lender reads the marketable part of a published one: income that has a payer, net, by component
and year, never the services that nobody pays for.
"""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.duties import PartyFilter
from gateway.api.reads import View
from gep.accounts.account import yuan_of
from gep.publishing.status import Status
from gep.publishing.valuations.store import ValuationFilter, ValuationStore
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from kernel.errors import DomainError
from ledger.roles import Role

HASH = r"^[0-9a-f]{64}$"
Valuation = Annotated[str, Path(pattern=HASH, description="The valuation's hash.")]
ProjectFilter = Annotated[str | None, Query(pattern=r"^[0-9A-Za-z_.:-]{1,64}$")]
StatusFilter = Annotated[Status | None, Query()]
_WORKS = frozenset({Role.AUDITOR, Role.OPERATOR, Role.REGULATOR, Role.VERIFIER})


def add_gep_valuations(router: APIRouter, door: Door) -> None:
    """Add what is read of valuations."""
    _add_list(router, door)
    _add_valuation(router, door)
    _add_income(router, door)


def _add_list(router: APIRouter, door: Door) -> None:
    @router.get("/gep/valuations", tags=["gep"])
    async def list_gep_valuations(
        request: Request,
        project: ProjectFilter = None,
        area: PartyFilter = None,
        status: StatusFilter = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List valuations by project and day; drafts are shown to those who work on them."""
        caller = await door.caller(request)
        wanted = ValuationFilter(
            project=project,
            area=area,
            status=None if status is None else status.value,
            with_drafts=_works(caller),
        )
        page = Page(door.cursors, scope=f"gep valuations {wanted}", cursor=cursor, limit=limit)
        async with door.view(request) as view:
            rows = await _store(view).valuations(
                wanted, after=page.after("", "", ""), limit=page.limit
            )
        found, following = page.cut(
            rows, lambda row: (row["id"], row["valued_on"], row["valuation"])
        )
        shown = [_shown(each) for each in found]
        return {"head": str(view.head), "valuations": shown, "next": following}


def _add_valuation(router: APIRouter, door: Door) -> None:
    @router.get("/gep/valuations/{valuation}", tags=["gep"])
    async def show_gep_valuation(request: Request, valuation: Valuation) -> dict[str, Any]:
        """Show a valuation whole: years, both values, range, warnings, and its project."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await _valuation(view, valuation, with_drafts=_works(caller))
        return {
            "head": str(view.head),
            **_shown(row),
            "document": json.loads(row["document"]),
            "project_document": json.loads(row["project_document"]),
        }

    @router.get("/gep/valuations/{valuation}/recomputation", tags=["gep"])
    async def recompute_gep_valuation(request: Request, valuation: Valuation) -> dict[str, Any]:
        """Value the project again, and say whether that gives the same valuation."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await _valuation(view, valuation, with_drafts=_works(caller))
        found, error = await door.turns.run(_recomputed, row["project_document"])
        return {
            "head": str(view.head),
            "valuation": valuation,
            "recomputed": found,
            "agrees": found == valuation,
            "error": error,
        }


def _add_income(router: APIRouter, door: Door) -> None:
    @router.get("/gep/valuations/{valuation}/marketable-income", tags=["gep"])
    async def read_gep_valuation_income(request: Request, valuation: Valuation) -> dict[str, Any]:
        """Say what a published valuation counts as paid: net, by component, payer and year."""
        await door.caller(request)
        async with door.view(request) as view:
            row = await _valuation(view, valuation, with_drafts=False)
        document = json.loads(row["document"])
        return {"head": str(view.head), **_basis_shown(row), **_income_shown(document)}


def _recomputed(project: str) -> tuple[str | None, str | None]:
    """Return the hash of the valuation that today's engine makes of a project, or why none."""
    try:
        return make_valuation(read_project(project.encode())).hash, None
    except DomainError as error:
        return None, error.code


async def _valuation(view: View, valuation: str, *, with_drafts: bool) -> dict[str, Any]:
    """Return a valuation that the caller may see.

    Raises:
        Problem: 404, there is none.
    """
    row = await _store(view).valuation(valuation, with_drafts=with_drafts)
    if row is None:
        raise Problem(status=404, code="gep.valuation_unknown", field="valuation", found=valuation)
    return row


def _store(view: View) -> ValuationStore:
    return ValuationStore(view.exchange.connection)


def _works(caller: Caller) -> bool:
    return not caller.roles.isdisjoint(_WORKS)


def _entry(number: int | None) -> str | None:
    return None if number is None else str(number)


def _basis_shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a reader must know of how far a valuation still holds."""
    return {
        "valuation": row["valuation"],
        "id": row["id"],
        "area": row["area"],
        "valuation_status": row["status"],
        "published_in": _entry(row["published_in"]),
        "superseded_by": row["superseded_by"] or None,
        "account_with": row["account_with"] or None,
        "account_without": row["account_without"] or None,
        "accounts_superseded": bool(row["newer_with"] or row["newer_without"]),
    }


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    p10 = row["market_p10"]
    return {
        **_basis_shown(row),
        "name": row["name"],
        "project": row["project"],
        "valued_on": row["valued_on"],
        "years": row["years"],
        "right_years": row["right_years"],
        "vep_gain_yuan": str(yuan_of(row["gain"])),
        "vep_market_yuan": str(yuan_of(row["market"])),
        "vep_market_p10_yuan": None if p10 is None else str(yuan_of(p10)),
        "drafted_by": row["drafted_by"],
        "entry": str(row["entry"]),
        "reviewed_by": row["reviewed_by"] or None,
        "reviewed_in": _entry(row["reviewed_in"]),
        "note": row["note"] or None,
        "second_reviewed_by": row["second_reviewed_by"] or None,
        "second_reviewed_in": _entry(row["second_reviewed_in"]),
        "second_note": row["second_note"] or None,
        "approved_by": row["approved_by"] or None,
        "approved_in": _entry(row["approved_in"]),
        "decision": row["decision"] or None,
        "supersedes": row["supersedes"] or None,
    }


def _income_shown(document: dict[str, Any]) -> dict[str, Any]:
    right_years = int(document["right_years"])
    drawn = document["uncertainty"]
    return {
        **{name: document[name] for name in ("name", "valued_on", "right", "basis", "due")},
        "years": int(document["years"]),
        "right_years": right_years,
        "rate": document["rate"],
        "components": [
            {
                **{name: each[name] for name in _COMPONENT},
                "years_left": right_years
                if each["contract_years"] is None
                else min(int(each["contract_years"]), right_years),
            }
            for each in document["components"]
        ],
        "net_yuan": document["net_yuan"],
        "vep_market_yuan": document["vep_market_yuan"],
        "vep_market_p10_yuan": None if drawn is None else drawn["vep_market"]["p10_yuan"],
        "vep_market_p50_yuan": None if drawn is None else drawn["vep_market"]["p50_yuan"],
        "vep_market_p90_yuan": None if drawn is None else drawn["vep_market"]["p90_yuan"],
        "warnings": document["warnings"],
    }


_COMPONENT = (
    "component",
    "service",
    "payer",
    "title",
    "contract",
    "contract_years",
    "income_yuan",
    "cost_yuan",
    "net_yuan",
    "net_p10_yuan",
)
