"""What counting accounts add up to: shares of areas, of services in a change, a course of years."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from gateway.api.door import Door
from gateway.api.problems import Problem
from gateway.api.reading.gep import Asked, account_of
from gateway.api.reads import View
from gep.accounts.account import Account, yuan_of
from gep.accounts.comparing import compare
from gep.accounts.contribution import AREAS_MAX, change_document, contribution_of
from gep.accounts.plan import Profile
from gep.accounts.stored import read_account
from gep.accounts.trend import YEARS_MIN, course_of, trend_of
from gep.publishing.counting_store import CountingStore
from gep.registry.reading import YEAR_MAX, YEAR_MIN

YEARS_ASKED_MAX = 60
_NAME = r"[A-Za-z0-9_.:-]{1,64}"
Area = Annotated[str, Query(pattern=rf"^{_NAME}$", description="The area's code.")]
Whole = Annotated[
    str | None, Query(pattern=rf"^{_NAME}$", description="The area that they are parts of.")
]
Areas = Annotated[
    str,
    Query(
        pattern=rf"^{_NAME}(,{_NAME}){{0,{AREAS_MAX - 1}}}$",
        description="Codes of areas, with commas between.",
    ),
]
Year = Annotated[int, Query(ge=YEAR_MIN, le=YEAR_MAX)]
PriceYear = Annotated[
    int | None, Query(ge=YEAR_MIN, le=YEAR_MAX, description="Only accounts at its prices.")
]
ProfileQuery = Annotated[Profile, Query()]
From = Annotated[int, Query(alias="from", ge=YEAR_MIN, le=YEAR_MAX)]
To = Annotated[int, Query(alias="to", ge=YEAR_MIN, le=YEAR_MAX)]
Answer = dict[str, Any]


def add_gep_shares(router: APIRouter, door: Door) -> None:
    """Add contributions and the course of years."""
    _add_contributions(router, door)
    _add_changes(router, door)
    _add_trend(router, door)


def _add_contributions(router: APIRouter, door: Door) -> None:
    @router.get("/gep/contributions", tags=["gep"])
    async def share_gep(
        request: Request,
        year: Year,
        areas: Areas,
        whole: Whole = None,
        price_year: PriceYear = None,
        profile: ProfileQuery = Profile.GEP,
    ) -> Answer:
        """Show what areas and services give to a year's whole, of the accounts that count."""
        await door.caller(request)
        names = list(dict.fromkeys(areas.split(",")))
        wanted = names if whole is None else [*names, whole]
        async with door.view(request) as view:
            rows = await _store(view).of_year(
                wanted,
                year,
                profile=profile.value,
                price_year=price_year,
                limit=2 * len(wanted),
            )
        chosen = _one_each(rows, by="area")
        for area in wanted:
            if area not in chosen:
                field = "whole" if area == whole and area not in names else "areas"
                raise Problem(status=404, code="gep.account_unknown", field=field, found=area)
        found = await door.turns.run(_shared, [chosen[area] for area in names], _at(chosen, whole))
        return {"head": str(view.head), **found}


def _add_changes(router: APIRouter, door: Door) -> None:
    @router.get("/gep/change-contributions", tags=["gep"])
    async def share_gep_change(request: Request, base: Asked, current: Asked) -> Answer:
        """Show what each service gave to the change between two accounts, in points of growth."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            rows = [
                await account_of(view, each, caller=caller, field=field)
                for field, each in (("base", base), ("current", current))
            ]
        found = await door.turns.run(_changed, *(row["document"] for row in rows))
        return {"head": str(view.head), **found}


def _add_trend(router: APIRouter, door: Door) -> None:
    @router.get("/gep/trend", tags=["gep"])
    async def follow_gep(
        request: Request,
        area: Area,
        begin: From = YEAR_MIN,
        end: To = YEAR_MAX,
        price_year: PriceYear = None,
        profile: ProfileQuery = Profile.GEP,
    ) -> Answer:
        """Show an area's counting accounts over years; from five years on also a trend."""
        await door.caller(request)
        if begin > end:
            raise Problem(
                status=422,
                code="gep.years_reversed",
                field="from",
                expected=f"at most {end}",
                found=str(begin),
            )
        async with door.view(request) as view:
            rows = await _store(view).of_area(
                area,
                range(begin, end + 1),
                profile=profile.value,
                price_year=price_year,
                limit=YEARS_ASKED_MAX + 1,
            )
        if len(rows) > YEARS_ASKED_MAX:
            raise Problem(
                status=422,
                code="gep.too_many",
                field="to",
                expected=f"at most {YEARS_ASKED_MAX} accounts",
                found=f"{len(rows)} or more",
            )
        chosen = _one_each(rows, by="year")
        found = await door.turns.run(_course, [row["document"] for row in chosen.values()])
        return {"head": str(view.head), "area": area, **found}


def _one_each(rows: list[dict[str, Any]], *, by: str) -> dict[Any, dict[str, Any]]:
    """Return rows by area or year.

    Raises:
        Problem: 422, one place has accounts at several prices, and none was chosen.
    """
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        other = found.setdefault(row[by], row)
        if other is not row:
            years = sorted({other["price_year"], row["price_year"]})
            raise Problem(
                status=422,
                code="gep.price_year_unclear",
                field="price_year",
                expected=f"one of {', '.join(map(str, years))} and so on",
                found="none",
            )
    return found


def _at(chosen: dict[Any, dict[str, Any]], whole: str | None) -> dict[str, Any] | None:
    return None if whole is None else chosen[whole]


def _shared(rows: list[dict[str, Any]], whole: dict[str, Any] | None) -> Answer:
    accounts = [read_account(row["document"]) for row in rows]
    of = None if whole is None else read_account(whole["document"])
    return contribution_of(accounts, of).document()


def _changed(base: str, current: str) -> Answer:
    return change_document(compare(read_account(base), read_account(current)))


def _course(documents: list[str]) -> Answer:
    accounts = [read_account(document) for document in documents]
    if len(accounts) < 2:  # noqa: PLR2004 - a change needs two
        return _answer([_year(each) for each in accounts])
    course = course_of(accounts)
    found = trend_of({year: float(yuan_of(each.constant_total)) for year, each in course.items()})
    years = [
        _year(
            each.current,
            constant=str(yuan_of(each.constant_total)),
            grown=_text(found.year_on_year.get(year)),
            breaks=[broken.code.value for broken in each.breaks],
        )
        for year, each in course.items()
    ]
    return _answer(
        years,
        growth_a_year=_text(found.growth_a_year),
        slope_yuan=None if found.slope is None else f"{found.slope:.2f}",
        statistic=found.statistic,
        p_value=_text(found.p_value),
    )


def _year(
    account: Account,
    *,
    constant: str | None = None,
    grown: str | None = None,
    breaks: list[str] | None = None,
) -> Answer:
    total = str(yuan_of(account.total))
    return {
        "year": account.year,
        "account": account.hash,
        "current_yuan": total,
        "constant_yuan": total if constant is None else constant,
        "year_on_year": grown,
        "breaks": breaks or [],
    }


def _answer(years: list[Answer], **figures: Any) -> Answer:
    nothing = dict.fromkeys(("growth_a_year", "slope_yuan", "statistic", "p_value"))
    return {"years": years, "years_needed": YEARS_MIN, **nothing, **figures}


def _text(figure: float | None) -> str | None:
    return None if figure is None else f"{figure + 0.0:.6f}"


def _store(view: View) -> CountingStore:
    return CountingStore(view.exchange.connection)
