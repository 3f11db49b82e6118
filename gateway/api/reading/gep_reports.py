"""The report of an account over HTTP: one page or one file, for whoever may see the account.

It is set in its turn: a report is read by people, and must not keep the venue from trading. Its
ETag is the hash of its bytes, so an unchanged one is not sent again.
"""

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, Field

from gateway.api.door import Door
from gateway.api.gep_report_examples import HTML, PDF
from gateway.api.problems import Problem
from gateway.api.reading.gep import HASH, INDEX, Account, account_of, account_shown
from gateway.api.reading.gep_space import unit_store
from gateway.api.reading.gep_surroundings import (
    Ground,
    Surroundings,
    ground_of,
    surroundings_of,
)
from gateway.api.tags import names_tag, tag_of
from gateway.gep_reports import standing_of
from gep.accounts.stored import read_account
from gep.registry.service import Group
from gep.reporting.gathering import of_stored, weather_of_stored
from gep.reporting.html import POLICY, html_of
from gep.reporting.pins import pin_of
from gep.reporting.reporting import report_of

YEARS_MAX = 50
Known = Annotated[str | None, Header(description="The ETag of the report that one has.")]
PAGE_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class ReportQuestion(BaseModel):
    """How a report is set, and what stands in it beside the account."""

    format: Literal["html", "pdf"] = Field("html", description="A page, or a file to print.")
    lang: Literal["zh", "en"] = Field("zh", description="The language of the report.")
    base: str | None = Field(
        None, pattern=HASH, description="The account that the change is told from."
    )
    material: str | None = Field(None, pattern=INDEX, description="Its price index on the base.")
    cultural: str | None = Field(None, pattern=INDEX, description="Its price index on the base.")
    years: str | None = Field(
        None,
        pattern=r"^[12][0-9]{3}-[12][0-9]{3}$",
        description="The course of these years, of the area's accounts that count: 2019-2025.",
    )

    @property
    def deflators(self) -> dict[Group, Decimal]:
        """Return the price indices that were given."""
        given = {Group.MATERIAL: self.material, Group.CULTURAL: self.cultural}
        return {group: Decimal(text) for group, text in given.items() if text}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a report is made of, as it was read from the venue."""

    row: dict[str, Any]
    before: dict[str, Any] | None
    ground: Ground
    around: Surroundings
    years: list[str]
    question: ReportQuestion


def add_gep_reports(router: APIRouter, door: Door) -> None:
    """Add the reports of accounts."""

    @router.get("/gep/accounts/{account}/report", tags=["gep"])
    async def report_gep_account(
        request: Request,
        account: Account,
        question: Annotated[ReportQuestion, Query()],
        if_none_match: Known = None,
    ) -> Response:
        """Report on an account: tables, map, waterfall, sources, how to check it; HTML or PDF."""
        caller = await door.caller(request)
        asked = _years_asked(question.years)
        async with door.view(request) as view:
            row = await account_of(view, account, caller=caller)
            before = (
                None
                if question.base is None
                else await account_of(view, question.base, caller=caller, field="base")
            )
            read = await asyncio.to_thread(read_account, row["document"])
            ground = await ground_of(view, read)
            around = await surroundings_of(view, read, ground, caller=caller)
            course = (
                []
                if asked is None
                else await unit_store(view).years(
                    read.area.id,
                    profile=read.profile.value,
                    years=asked,
                    price_year=read.price_year,
                )
            )
        found = _Found(
            row=row,
            before=before,
            ground=ground,
            around=around,
            years=course,
            question=question,
        )
        content = await door.turns.run(_made, found)
        tag = tag_of(content)
        headers = PAGE_HEADERS | {"ETag": tag}
        if names_tag(if_none_match, tag):
            return Response(status_code=304, headers=headers)
        return Response(
            content, media_type=HTML if question.format == "html" else PDF, headers=headers
        )


def _years_asked(text: str | None) -> tuple[int, int] | None:
    """Return the first and the last year of a course.

    Raises:
        Problem: 422, the last one is before the first, or they are too far apart.
    """
    if text is None:
        return None
    first, _, last = text.partition("-")
    if not 0 <= int(last) - int(first) < YEARS_MAX:
        raise Problem(
            status=422,
            code="request.choice_unknown",
            field="years",
            expected=f"FROM-TO, of at most {YEARS_MAX} years",
            found=text,
        )
    return int(first), int(last)


def _made(found: _Found) -> bytes:
    """Return the report."""
    row, before, around, question = found.row, found.before, found.around, found.question
    subject = of_stored(row["document"], row["plan_document"], standing_of(account_shown(row)))
    if before is not None:
        subject = replace(
            subject,
            base=read_account(before["document"]),
            base_weather=weather_of_stored(before["plan_document"]),
        )
    others = [read_account(each) for each in found.years]
    subject = replace(
        subject,
        deflators=question.deflators,
        series=[each for each in others if each.year != subject.account.year],
        units=around.units,
        unit_accounts=[read_account(each) for each in around.documents],
        pins=[pin_of(each, question.lang) for each in around.warnings],
        is_among_neighbours=around.is_among_neighbours,
        doubts=found.ground.doubts,
    )
    report = report_of(subject, question.lang)
    if question.format == "html":
        return html_of(report)
    # Its library takes long to load, which the start of the API need not wait for.
    from gep.reporting.pdf import pdf_of

    return pdf_of(report)
