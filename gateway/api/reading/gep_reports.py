"""The report of an account over HTTP: one page or one file, for whoever may see the account.

It is set in its turn: a report is read by people, and must not keep the venue from trading. Its
ETag is the hash of its bytes, so an unchanged one is not sent again.
"""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response

from gateway.api.door import Door
from gateway.api.gep_report_examples import HTML, PDF
from gateway.api.reading.gep import HASH, Account, account_of, account_shown
from gateway.api.tags import names_tag, tag_of
from gateway.gep_reports import standing_of
from gep.accounts.stored import read_account
from gep.reporting.gathering import of_stored
from gep.reporting.html import POLICY, html_of
from gep.reporting.reporting import report_of

Form = Annotated[Literal["html", "pdf"], Query(description="A page, or a file to print.")]
Lang = Annotated[Literal["zh", "en"], Query(description="The language of the report.")]
Base = Annotated[
    str | None, Query(pattern=HASH, description="The account that the change is told from.")
]
Known = Annotated[str | None, Header(description="The ETag of the report that one has.")]
PAGE_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


def add_gep_reports(router: APIRouter, door: Door) -> None:
    """Add the reports of accounts."""

    @router.get("/gep/accounts/{account}/report", tags=["gep"])
    async def report_gep_account(
        request: Request,
        account: Account,
        format: Form = "html",  # noqa: A002  the parameter's name
        lang: Lang = "zh",
        base: Base = None,
        if_none_match: Known = None,
    ) -> Response:
        """Report on an account: tables, waterfall, sources, how to check it; HTML or PDF."""
        caller = await door.caller(request)
        async with door.view(request) as view:
            row = await account_of(view, account, caller=caller)
            before = (
                None if base is None else await account_of(view, base, caller=caller, field="base")
            )
        content = await door.turns.run(_made, row, before, form=format, lang=lang)
        tag = tag_of(content)
        headers = PAGE_HEADERS | {"ETag": tag}
        if names_tag(if_none_match, tag):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=HTML if format == "html" else PDF, headers=headers)


def _made(
    row: dict[str, Any],
    before: dict[str, Any] | None,
    *,
    form: Literal["html", "pdf"],
    lang: Literal["zh", "en"],
) -> bytes:
    """Return the report; a venue's boundaries would be handed to the subject here."""
    standing = standing_of(account_shown(row))
    subject = of_stored(row["document"], row["plan_document"], standing)
    if before is not None:
        subject = replace(subject, base=read_account(before["document"]))
    report = report_of(subject, lang)
    if form == "html":
        return html_of(report)
    # Its library takes long to load, which the start of the API need not wait for.
    from gep.reporting.pdf import pdf_of

    return pdf_of(report)
