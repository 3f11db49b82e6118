"""`./ecorights gep report`: an account's report, of a file or of a venue, as HTML or PDF."""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_files import content_of, deflators_of
from gateway.cli.served import Answer, Url, Venue, ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gateway.gep_reports import standing_of
from gep.accounts.account import Account
from gep.accounts.reading import plan_of
from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.errors import Malformed
from gep.registry.service import Group
from gep.reporting.blocks import Report
from gep.reporting.gathering import account_in, of_plan, of_stored
from gep.reporting.html import html_of
from gep.reporting.reporting import report_of
from gep.reporting.subject import Subject
from gep.zones import read_zones
from kernel.canonical import canonical

HASH = re.compile(r"[0-9a-f]{64}\Z")
INDEXED = {Group.MATERIAL, Group.CULTURAL}
PAGE, PRINTED = {".html", ".htm"}, {".pdf"}
Named = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="A plan, an account's file, or a venue's hash.")
]
Base = Annotated[str | None, typer.Option(help="The account that the change is told from.")]
Boundaries = Annotated[
    Path | None, typer.Option(help="GeoJSON of the units, such as a raster run's zones.geojson.")
]
Units = Annotated[
    list[str] | None, typer.Option("--unit", help="The account of a unit of the map; repeat it.")
]
Years = Annotated[
    list[str] | None, typer.Option("--year", help="The account of another year; repeat it.")
]
Course = Annotated[
    str | None,
    typer.Option(help="FROM-TO: the years of the venue's own accounts, for a HASH: 2019-2025."),
]
Deflators = Annotated[
    list[str] | None,
    typer.Option("--deflator", help="A group's price index, later by base: material=1.03."),
]
Out = Annotated[Path, typer.Option(help="The file to write: .html or .pdf.")]
Font = Annotated[
    Path | None, typer.Option(help="A TrueType font with Chinese, to be embedded in the PDF.")
]
Name = Annotated[str, typer.Option("--as", help="The name of the key in the keys file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]


def report(  # noqa: PLR0913  one option, one argument
    account: Named,
    *,
    out: Out,
    base: Base = None,
    boundaries: Boundaries = None,
    unit: Units = None,
    year: Years = None,
    years: Course = None,
    deflator: Deflators = None,
    font: Font = None,
    lang: Lang = Language.EN,
    venue: Venue = None,
    url: Url = None,
    name: Name = "",
    as_json: Json = False,
) -> None:
    """Write the report of an account: tables, map, waterfall, doubt, sources; HTML or PDF."""
    desk = _Desk(venue=venue, url=url, name=name, as_json=as_json)
    files = (boundaries, unit, year, font)
    with refusals(as_json=as_json):
        _refuse_other_form(out)
        asked = _asked(base=base, years=years, deflators=deflators_of(deflator or []))
        if is_hash(account) and asked is not None and not any(files):
            kind = "html" if out.suffix.lower() in PAGE else "pdf"
            content = desk.report(account, {"format": kind, "lang": lang.value} | asked)
            _finish(content, out, account=account, as_json=as_json)
            return
        _refuse_years(years)
        before = None if base is None else desk.subject(base)
        subject = replace(
            desk.subject(account),
            base=None if before is None else before.account,
            base_weather=None if before is None else before.weather,
            deflators=deflators_of(deflator or []),
            series=[desk.account(each) for each in year or []],
            units=() if boundaries is None else read_zones(content_of(boundaries)),
            unit_accounts=[desk.account(each) for each in unit or []],
        )
        content = _content(report_of(subject, lang.value), out, font=font)
        _finish(content, out, account=subject.account.hash, as_json=as_json)


def is_hash(named: str) -> bool:
    """Say whether an account is named by its hash, and not a file of that name."""
    return HASH.match(named) is not None and not Path(named).exists()


def _asked(
    *, base: str | None, years: str | None, deflators: Mapping[Group, Decimal]
) -> dict[str, str] | None:
    """Return what a venue is asked for; None where it cannot set such a report."""
    if not (base is None or is_hash(base)) or deflators.keys() - INDEXED:
        return None
    found = {group.value: f"{index:f}" for group, index in deflators.items()}
    return found | {name: each for name, each in (("base", base), ("years", years)) if each}


def _refuse_years(years: str | None) -> None:
    if years is not None:
        raise Malformed(
            code="option_unfit",
            field="--years",
            expected="the hash of an account, and no file beside it; for files --year",
            found=years[:20],
        )


def _finish(content: bytes, out: Path, *, account: str, as_json: bool) -> None:
    _write(out, content)
    found = {"account": account, "sha256": sha256(content).hexdigest()}
    if as_json:
        print_json({"ok": True, "file": str(out), "bytes": len(content), **found})
    else:
        typer.echo(f"{out}: account {account}")


class _Desk:
    """Reads accounts, from files and from a venue."""

    def __init__(self, *, venue: str | None, url: str | None, name: str, as_json: bool) -> None:
        self._venue, self._url, self._name, self._as_json = venue, url, name, as_json

    def report(self, account: str, asked: Mapping[str, str]) -> bytes:
        """Return the report of an account as its venue sets it."""
        content = io.BytesIO()

        async def read(client: ApiClient) -> Answer:
            path = f"/gep/accounts/{account}/report?{urlencode(asked)}"
            return {"size": await client.download(path, content)}

        ask(read, self._venue, url=self._url, name=self._name, as_json=self._as_json)
        return content.getvalue()

    def account(self, named: str) -> Account:
        """Return an account."""
        return self.subject(named).account

    def subject(self, named: str) -> Subject:
        """Return an account with what is known beside it."""
        if is_hash(named):
            return self._of_venue(named)
        document = read_document(content_of(Path(named)))
        stored = account_in(document)
        return of_plan(plan_of(document)) if stored is None else Subject(account=stored)

    def _of_venue(self, account: str) -> Subject:
        async def read(client: ApiClient) -> Answer:
            return await client.get(f"/gep/accounts/{account}")

        found = ask(read, self._venue, url=self._url, name=self._name, as_json=self._as_json)
        plan = read_document(json.dumps(found["plan_document"], ensure_ascii=False).encode())
        text = canonical(found["document"]).decode()
        return of_stored(text, plan_text(plan), standing_of(found))


def _content(report_made: Report, out: Path, *, font: Path | None) -> bytes:
    if out.suffix.lower() in PAGE:
        return html_of(report_made)
    # Its library takes long to load, which other commands need not wait for.
    from gep.reporting.pdf import pdf_of

    return pdf_of(report_made, font=font)


def _refuse_other_form(out: Path) -> None:
    if out.suffix.lower() not in PAGE | PRINTED:
        raise Malformed(
            code="report_form_unknown",
            field="--out",
            expected="a file that ends in .html or .pdf",
            found=out.name,
        )


def _write(out: Path, content: bytes) -> None:
    """Write a file whole, or not at all."""
    draft = out.with_name(f".{out.name}.draft")
    try:
        draft.write_bytes(content)
        draft.replace(out)
    except OSError as error:
        raise Malformed(
            code="file_unwritable",
            field=str(out),
            expected="a file that can be written",
            found=str(error.strerror or error),
        ) from error
