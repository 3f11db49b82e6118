"""Questions about stored accounts: how far off, what moves them, what is wrong, what they add to.

An account's questions are answered from its plan, by the engine of today; ``agrees`` says whether
that still gives the account that was published. Threads compute, on copies of what was read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from gateway.api.authentication import Caller
from gateway.api.door import Door
from gateway.api.problems import Problem
from gateway.api.reading.gep import Account, Asked, account_of
from gateway.api.reading.gep_shares import add_gep_shares
from gep.accounts.account import yuan_of
from gep.accounts.comparing import compare
from gep.accounts.indices import indices_document, indices_of
from gep.accounts.making import make_account
from gep.accounts.plan import Plan
from gep.accounts.reading import read_plan
from gep.accounts.sensitivity import sensitivities_of
from gep.accounts.stored import read_account
from gep.accounts.uncertainty import DRAWS, DRAWS_MIN, SEED, Uncertainty, uncertainty_of
from gep.accounts.weather import compared_at_mean, weather_of
from gep.audit.answer import audit_document
from gep.audit.auditing import audit
from gep.audit.own_account import printed_of
from kernel.errors import DomainError

DRAWS_ASKED_MAX = 2_000
SEED_MAX = 10**9
Draws = Annotated[int, Query(ge=DRAWS_MIN, le=DRAWS_ASKED_MAX)]
Seed = Annotated[int, Query(ge=0, le=SEED_MAX, description="The same seed, the same answer.")]
Answer = dict[str, Any]


def add_gep_analysis(router: APIRouter, door: Door) -> None:
    """Add the questions about accounts that are stored."""
    asked = _Asked(door)
    add_gep_shares(router, door)

    @router.get("/gep/accounts/{account}/uncertainty", tags=["gep"])
    async def doubt_gep_account(
        request: Request, account: Account, draws: Draws = DRAWS, seed: Seed = SEED
    ) -> Answer:
        """Say how far off an account may be: P10, P50, P90, and what moves it most."""

        def answer(plan: Plan) -> Answer:
            return _doubted(uncertainty_of(plan, draws=draws, seed=seed))

        return await asked.about(request, account, answer)

    @router.get("/gep/accounts/{account}/sensitivity", tags=["gep"])
    async def move_gep_account(request: Request, account: Account) -> Answer:
        """Say how the total answers to each figure in use, moved by 50 %; above 1 is elastic."""

        def answer(plan: Plan) -> Answer:
            found = sensitivities_of(plan).document()
            return {"total_yuan": found["total_yuan"], "figures": found["figures"]}

        return await asked.about(request, account, answer)

    @router.get("/gep/accounts/{account}/weather", tags=["gep"])
    async def weather_gep_account(request: Request, account: Account) -> Answer:
        """Show an account beside what it would be at five-year mean weather."""

        def answer(plan: Plan) -> Answer:
            found = weather_of(plan).document()
            return {name: found[name] for name in found if name not in {"account", "id", "year"}}

        return await asked.about(request, account, answer)

    @router.get("/gep/weather-comparisons", tags=["gep"])
    async def compare_gep_weather(request: Request, base: Asked, current: Asked) -> Answer:
        """Compare two accounts as it rained, and each at the five-year mean that ends with it."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            rows = [
                await account_of(view, each, caller=caller, field=field)
                for field, each in (("base", base), ("current", current))
            ]
        found = await door.turns.run(_compared, *rows)
        return {"head": str(view.head), "base": base, "current": current, **found}

    @router.get("/gep/accounts/{account}/indices", tags=["gep"])
    async def show_gep_indices(request: Request, account: Account) -> Answer:
        """Show an account's figures per km2, per head, to GDP, and its conversion value."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await account_of(view, account, caller=caller)
        found = await door.turns.run(_indices, row["document"])
        return {"head": str(view.head), "account": account, **found}

    @router.get("/gep/accounts/{account}/audit", tags=["gep"])
    async def audit_stored_gep_account(request: Request, account: Account) -> Answer:
        """Audit a stored account as any other: each line from its inputs, each sum from lines."""
        return await asked.about(request, account, None)


class _Asked:
    """Answers questions about one account, from its plan."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def about(
        self, request: Request, account: str, answer: Callable[[Plan], Answer] | None
    ) -> Answer:
        caller: Caller = await self._door.caller(request)
        async with self._door.view(request) as view:
            row = await account_of(view, account, caller=caller)
        found = await self._door.turns.run(_answered, row, answer)
        return {"head": str(view.head), "account": account, **found}


def _answered(row: dict[str, Any], answer: Callable[[Plan], Answer] | None) -> Answer:
    """Return an answer and whether the plan still gives the account.

    Raises:
        Problem: 409, today's engine makes no account of the plan, or has no such answer.
    """
    with _conflicts():
        plan = read_plan(row["plan_document"].encode())
        agrees = make_account(plan).hash == row["account"]
        found = _audited(row, plan) if answer is None else answer(plan)
    return {"agrees": agrees, **found}


def _indices(document: str) -> Answer:
    return indices_document(indices_of(read_account(document)))


def _compared(base: dict[str, Any], current: dict[str, Any]) -> Answer:
    with _conflicts():
        first, second = (
            weather_of(read_plan(row["plan_document"].encode())) for row in (base, current)
        )
        own = compare(first.own, second.own).document()
        mean = compared_at_mean(first, second).document()
    return {
        "agrees": [first.own.hash, second.own.hash] == [base["account"], current["account"]],
        "growth": own["growth"],
        "growth_at_mean_weather": mean["growth"],
        "base_mean_total_yuan": mean["base_total_yuan"],
        "constant_mean_total_yuan": mean["constant_total_yuan"],
        "breaks": mean["breaks"],
    }


@contextmanager
def _conflicts() -> Iterator[None]:
    """Let what the engine refuses of a stored plan be a conflict, not a malformed request."""
    try:
        yield
    except DomainError as error:
        raise Problem(
            status=409,
            code=error.code,
            field=error.field,
            expected=error.expected,
            found=error.data.get("found"),
        ) from error


def _audited(row: dict[str, Any], plan: Plan) -> Answer:
    found = audit(printed_of(read_account(row["document"]), plan))
    answer = audit_document(found) | {"errors": len(found.errors)}
    del answer["account"]
    return answer


def _doubted(found: Uncertainty) -> Answer:
    quantiles = {"p10_yuan": found.p10, "p50_yuan": found.p50, "p90_yuan": found.p90}
    return {
        "draws": found.draws,
        "seed": found.seed,
        "doubted": found.doubted,
        **{name: str(yuan_of(value)) for name, value in quantiles.items()},
        "drivers": [
            {
                "name": each.name,
                "low": str(each.low),
                "central": str(each.central),
                "high": str(each.high),
                "unit": each.unit,
                "rank_correlation": f"{each.correlation:.6f}",
                "share": f"{each.share:.6f}",
            }
            for each in found.drivers
        ],
        "unchecked": list(found.unchecked),
    }
