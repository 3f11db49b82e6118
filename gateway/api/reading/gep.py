"""What is read of accounts: the published ones by anyone with a key, drafts by who works on them.

Every yuan opens: a line has its quantity and price, and each figure in use its source. Citations
are read by the party that cites and by who supervises.
"""

import asyncio
import json
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.paging import PAGE_DEFAULT, Cursor, Limit, Page
from gateway.api.problems import Problem
from gateway.api.reading.duties import PartyFilter, YearFilter
from gateway.api.reading.gep_surroundings import ground_of
from gateway.api.reads import View
from gateway.api.schemas.gep import IncomeRequest, document_text, refused_at
from gep.accounts.account import yuan_of
from gep.accounts.comparing import compare
from gep.accounts.making import make_account
from gep.accounts.reading import read_plan
from gep.accounts.stored import read_account
from gep.publishing.status import Status
from gep.publishing.store import AccountFilter, AccountStore
from gep.registry.service import Group
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from gep.valuations.valuation import Valuation, yuan_list
from kernel.canonical import utc_text
from kernel.errors import DomainError
from ledger.roles import Role

HASH = r"^[0-9a-f]{64}$"
Account = Annotated[str, Path(pattern=HASH, description="The account's hash.")]
Asked = Annotated[str, Query(pattern=HASH, description="The account's hash.")]
AccountQuery = Annotated[str | None, Query(pattern=HASH, description="The account's hash.")]
StatusFilter = Annotated[Status | None, Query()]
ServiceFilter = Annotated[str | None, Query(pattern=r"^[MRCD][0-9]{1,2}$")]
INDEX = r"^[0-9]{1,3}(\.[0-9]{1,6})?$"
Index = Annotated[
    str | None,
    Query(
        pattern=INDEX,
        description="The group's price index, later year by base year.",
    ),
]
_WORKS = frozenset({Role.AUDITOR, Role.OPERATOR, Role.REGULATOR, Role.VERIFIER})
_SUPERVISES = frozenset({Role.AUDITOR, Role.OPERATOR, Role.REGULATOR})


def add_gep(router: APIRouter, door: Door) -> None:
    """Add what is read of accounts."""
    _add_list(router, door)
    _add_account(router, door)
    _add_recomputation(router, door)
    _add_comparison(router, door)
    _add_citations(router, door)


def _add_list(router: APIRouter, door: Door) -> None:
    @router.get("/gep/accounts", tags=["gep"])
    async def list_gep_accounts(
        request: Request,
        area: PartyFilter = None,
        year: YearFilter = None,
        status: StatusFilter = None,
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List accounts by area and year; drafts are shown to those who work on them."""
        caller = await door.caller(request)
        wanted = AccountFilter(
            area=area,
            year=year,
            status=None if status is None else status.value,
            with_drafts=_works(caller),
        )
        page = Page(door.cursors, scope=f"gep accounts {wanted}", cursor=cursor, limit=limit)
        async with door.view(request) as view:
            rows = await _store(view).accounts(
                wanted, after=page.after("", 0, ""), limit=page.limit
            )
        found, following = page.cut(rows, lambda row: (row["area"], row["year"], row["account"]))
        shown = [account_shown(each) for each in found]
        return {"head": str(view.head), "accounts": shown, "next": following}


def _add_account(router: APIRouter, door: Door) -> None:
    @router.get("/gep/accounts/{account}", tags=["gep"])
    async def show_gep_account(request: Request, account: Account) -> dict[str, Any]:
        """Show an account whole: lines down to their sources, sums, doubts of its area, plan."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await account_of(view, account, caller=caller)
            read = await asyncio.to_thread(read_account, row["document"])
            ground = await ground_of(view, read)
        return {
            "head": str(view.head),
            **account_shown(row),
            "doubts": [each.value for each in ground.doubts],
            "document": json.loads(row["document"]),
            "plan_document": json.loads(row["plan_document"]),
        }

    @router.get("/gep/accounts/{account}/lines", tags=["gep"])
    async def list_gep_lines(
        request: Request, account: Account, service: ServiceFilter = None
    ) -> dict[str, Any]:
        """List an account's lines, each with the figures in use and their sources."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await account_of(view, account, caller=caller)
        lines = json.loads(row["document"])["lines"]
        found = [each for each in lines if service in {None, each["service"]}]
        return {"head": str(view.head), "account": account, "lines": found}


def _add_recomputation(router: APIRouter, door: Door) -> None:
    @router.get("/gep/accounts/{account}/recomputation", tags=["gep"])
    async def recompute_gep_account(request: Request, account: Account) -> dict[str, Any]:
        """Compute an account again from its plan, and say whether it is the same."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await account_of(view, account, caller=caller)
        found, error = await door.turns.run(_recomputed, row["plan_document"])
        return {
            "head": str(view.head),
            "account": account,
            "recomputed": found,
            "agrees": found == account,
            "error": error,
        }


def _add_comparison(router: APIRouter, door: Door) -> None:
    @router.get("/gep/comparisons", tags=["gep"])
    async def compare_gep_accounts(
        request: Request,
        base: Asked,
        current: Asked,
        material: Index = None,
        cultural: Index = None,
    ) -> dict[str, Any]:
        """Compare two accounts: breaks, constant and current prices, quantity and price effect."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            rows = [
                await account_of(view, each, caller=caller, field=field)
                for field, each in (("base", base), ("current", current))
            ]
        indices = {Group.MATERIAL: material, Group.CULTURAL: cultural}
        deflators = {group: Decimal(text) for group, text in indices.items() if text}
        found = await door.turns.run(_compared, *rows, deflators=deflators)
        return {"head": str(view.head), "document": found}


def _add_citations(router: APIRouter, door: Door) -> None:
    @router.get("/gep/citations", tags=["gep"])
    async def list_gep_citations(
        request: Request,
        account: AccountQuery = None,
        party: PartyFilter = None,
        due: bool = False,  # noqa: FBT001, FBT002  a query parameter
        limit: Limit = PAGE_DEFAULT,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """List who cites which account, since when, and which citations wait for a review."""
        caller = await door.caller(request)
        seen = caller.party if caller.roles.isdisjoint(_SUPERVISES) else party
        scope = f"gep citations {account} {seen} {due}"
        page = Page(door.cursors, scope=scope, cursor=cursor, limit=limit)
        async with door.view(request) as view:
            rows = await _store(view).citations(
                account=account,
                party=seen,
                only_due=due,
                after=page.after("", "", ""),
                limit=page.limit,
            )
        found, following = page.cut(
            rows, lambda row: (row["account"], row["party"], row["reference"])
        )
        shown = [_citation_shown(each) for each in found]
        return {"head": str(view.head), "citations": shown, "next": following}


def add_income(router: APIRouter, door: Door) -> None:
    """Add the question for a project's income; the route itself has asked who calls."""

    @router.post("/gep/marketable-income", tags=["gep"])
    async def marketable_income(body: IncomeRequest) -> dict[str, Any]:
        """Say what a project earns a year, net, by component and payer; nothing is kept."""
        try:
            found = await door.turns.run(_valued, document_text(body.project))
        except DomainError as error:
            raise refused_at("project", error) from error
        components = [
            {
                "component": each.component,
                "service": each.service,
                "payer": each.payer,
                "contract": each.contract,
                "net_yuan": yuan_list(each.net),
            }
            for each in found.components
        ]
        return {
            "project": found.id,
            "years": found.years,
            "components": components,
            "vep_gain_yuan": str(yuan_of(found.vep_gain)),
            "vep_market_yuan": str(yuan_of(found.vep_market)),
        }


def _compared(
    base: dict[str, Any], current: dict[str, Any], *, deflators: dict[Group, Decimal]
) -> dict[str, Any]:
    first, second = (read_account(row["document"]) for row in (base, current))
    return compare(first, second, deflators=deflators).document()


def _valued(text: bytes) -> Valuation:
    return make_valuation(read_project(text))


def _recomputed(plan: str) -> tuple[str | None, str | None]:
    """Return the hash of the account that today's engine makes of a plan, or why it makes none."""
    try:
        return make_account(read_plan(plan.encode())).hash, None
    except DomainError as error:
        return None, error.code


async def account_of(
    view: View, account: str, *, caller: Caller, field: str = "account"
) -> dict[str, Any]:
    """Return an account that the caller may see.

    Raises:
        Problem: 404, there is none.
    """
    row = await _store(view).account(account, with_drafts=_works(caller))
    if row is None:
        raise Problem(status=404, code="gep.account_unknown", field=field, found=account)
    return row


def _store(view: View) -> AccountStore:
    return AccountStore(view.exchange.connection)


def _works(caller: Caller) -> bool:
    return not caller.roles.isdisjoint(_WORKS)


def _entry(number: int | None) -> str | None:
    return None if number is None else str(number)


def account_shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return what is shown of an account's row: head, sum, who did what in which entry."""
    return {
        "account": row["account"],
        "id": row["id"],
        "area": row["area"],
        "year": row["year"],
        "price_year": row["price_year"],
        "profile": row["profile"],
        "edition": row["edition"],
        "parameter_set": row["parameter_set"],
        "parameter_set_hash": row["parameter_set_hash"],
        "plan": row["plan"],
        "total_yuan": str(yuan_of(row["total"])),
        "overrides": row["overrides"],
        "account_status": row["status"],
        "drafted_by": row["drafted_by"],
        "entry": str(row["entry"]),
        "reviewed_by": row["reviewed_by"] or None,
        "reviewed_in": _entry(row["reviewed_in"]),
        "note": row["note"] or None,
        "approved_by": row["approved_by"] or None,
        "approved_in": _entry(row["approved_in"]),
        "decision": row["decision"] or None,
        "published_in": _entry(row["published_in"]),
        "supersedes": row["supersedes"] or None,
        "superseded_by": row["superseded_by"] or None,
    }


def _citation_shown(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "account": row["account"],
        "cites": row["cites"],
        "id": row["id"],
        "area": row["area"],
        "year": row["year"],
        "party": row["party"],
        "reference": row["reference"],
        "purpose": row["purpose"],
        "cited_by": row["cited_by"],
        "entry": str(row["entry"]),
        "since": utc_text(row["at"], digits=6),
        "counting": row["counting"],
        "review_due": row["due"],
        "due_since": _entry(row["due_since"]),
        "accounts_superseded": row["accounts_superseded"],
        "ended_in": _entry(row["ended_in"]),
    }
