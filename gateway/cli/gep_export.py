"""`./ecorights gep export` and `check`: an account as a file for others, and such a file checked.

An account is a plan that `gep account` computes, a document that it or `gep raster` wrote, an
export of another format, or one of a venue, named by its hash.
"""

import io
import re
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from gateway.cli.credit import Lang, Language, refusals
from gateway.cli.gep_export_files import export_again, export_in
from gateway.cli.gep_export_pages import checked_document, show_checked, show_written
from gateway.cli.gep_files import content_of
from gateway.cli.gep_plans import account_at, content_at, export_files, has_tables
from gateway.cli.served import Answer, Url, Venue, ask
from gateway.cli.terminal import print_json
from gateway.client import ApiClient
from gep.errors import Malformed
from gep.exchange.boundary import read_boundary
from gep.exchange.checking import check, checked
from gep.exchange.exporting import Exported, Form, export
from gep.exchange.opening import opened, opened_files
from gep.exchange.tree import Export

FAILED = 1
_HASH = re.compile(r"[0-9a-f]{64}\Z")

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]


@app.command("export")
def export_of(  # noqa: PLR0913  one option, one argument
    account: Annotated[
        str,
        typer.Argument(metavar="FILE|HASH", help="A plan, tables, an account, an export; a hash."),
    ],
    *,
    form: Annotated[
        Form, typer.Option("--format", help="geojson, json-ld, or csv: a ZIP of tables.")
    ] = Form.JSON_LD,
    boundaries: Annotated[
        Path | None, typer.Option(help="GeoJSON with the area's boundary, or those of zones.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The file to write, or the folder to write it into."),
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="Mark CSV as UTF-8.")] = False,
    name: Annotated[str, typer.Option("--as", help="For a HASH: the name of the key.")] = "",
    venue: Venue = None,
    url: Url = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Write an account whole: lines, sources, sums, warnings, who did what."""
    is_known = _HASH.match(account) is not None and not Path(account).exists()
    with refusals(as_json=as_json):
        if is_known:
            content = _downloaded(account, venue=venue, url=url, name=name, as_json=as_json)
            what = export_again(*opened(content), expected=account)
        else:
            what = _in_file(Path(account))
        if boundaries is not None:
            boundary = read_boundary(content_of(boundaries), what.account)
            what = Export(account=what.account, course=what.course, boundary=boundary)
        made = export(what, form, bom=bom)
        written = _written(made, out)
    if as_json:
        print_json(
            {
                "ok": True,
                "account": what.account.hash,
                "format": form.value,
                "media_type": made.media_type,
                "file": str(written),
                "sha256": sha256(made.content).hexdigest(),
            }
        )
    else:
        show_written(what, written, lang=lang)


@app.command("check")
def check_of(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", help="GeoJSON, JSON-LD, a ZIP or folder of CSV.")
    ],
    *,
    account: Annotated[
        str | None, typer.Option(help="The hash that the account must have, had from elsewhere.")
    ] = None,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Check an export alone: hash, values, sums, every cell; ends with 1 if something is wrong."""
    with refusals(as_json=as_json):
        if account is not None and _HASH.match(account) is None:
            raise Malformed(
                code="wrong_type", field="--account", expected="64 hex digits", found=account[:60]
            )
        if path.is_dir():
            found = check(*opened_files(export_files(path)), expected=account)
        else:
            found = checked(content_of(path), expected=account)
    if as_json:
        print_json({"ok": not found.found, **checked_document(found)})
    else:
        show_checked(found, expected=account, lang=lang)
    if found.found:
        raise typer.Exit(FAILED)


def _in_file(path: Path) -> Export:
    if has_tables(path):
        return Export(account=account_at(path))
    return export_in(content_at(path))


def _downloaded(
    account: str, *, venue: str | None, url: str | None, name: str, as_json: bool
) -> bytes:
    """Return the account as its venue exports it; what the venue refuses ends us."""
    content = io.BytesIO()

    async def read(client: ApiClient) -> Answer:
        path = f"/gep/accounts/{account}/export?format={Form.JSON_LD.value}"
        return {"size": await client.download(path, content)}

    ask(read, venue, url=url, name=name, as_json=as_json)
    return content.getvalue()


def _written(made: Exported, out: Path | None) -> Path:
    target = Path(made.name) if out is None else out
    try:
        if target.is_dir():
            target = target / made.name
        draft = target.with_name(f".{target.name}.draft")
        draft.write_bytes(made.content)
        return draft.replace(target)
    except OSError as error:
        raise Malformed(
            code="file_unwritable",
            field=str(target),
            expected="a file that can be written",
            found=str(error.strerror),
        ) from error
