"""`./ecorights gep template` and `gep read`: plans as workbooks and CSV, with a dry run.

What is written is written whole or not at all, and never over another file unless asked.
"""

import os
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gateway.api.messages import message
from gateway.cli import gep_pages
from gateway.cli.credit import REFUSED, Lang, Language, refusals
from gateway.cli.gep_files import content_of
from gateway.cli.terminal import print_json
from gep.accounts.account import yuan_of
from gep.accounts.stored import plan_text
from gep.document import Place, read_document
from gep.errors import Malformed
from gep.tables.csv_out import csv_files
from gep.tables.faults import Fault
from gep.tables.filling import Filled
from gep.tables.grids import SHEETS_MAX
from gep.tables.layout import Language as TableLanguage
from gep.tables.reading import Outcome, is_tables, read_file, read_folder
from gep.tables.template import EDITION, PARAMETERS, archive, blank_pages, pages_from, workbook

READABLE = 0o644
WIDE = {"W", "F"}
HEADINGS = {
    Language.ZH: ("级别", "单元格", "行", "列", "代码", "实为", "应为"),
    Language.EN: ("level", "cell", "row", "column", "code", "found", "expected"),
}
LEVELS = {"error": ("错误", "error"), "warning": ("提示", "warning")}

app = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON, as the last line.")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]


@app.command()
def template(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="A workbook, a ZIP or a folder.")],
    *,
    edition: Annotated[str, typer.Option(help="The norm, as `gep editions` lists it.")] = EDITION,
    parameters: Annotated[str, typer.Option(help="The parameter set.")] = PARAMETERS,
    filled: Annotated[
        Path | None, typer.Option("--from", help="Fill it from a plan: JSON or tables.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="CSV files: a ZIP if OUT ends in .zip, else a folder.")
    ] = False,
    force: Force = False,
    lang: Lang = Language.ZH,
    as_json: Json = False,
) -> None:
    """Write the sheets of an account: blank for an edition, or filled from a plan."""
    language = TableLanguage(lang.value)
    with refusals(as_json=as_json):
        pages = (
            blank_pages(edition, parameters, language)
            if filled is None
            else pages_from(document_at(filled), language)
        )
        files = _files(out, pages, language, as_csv=as_csv)
        _write(files, force=force)
    if as_json:
        print_json({"ok": True, "files": [str(path) for path in files]})
    else:
        for path in files:
            typer.echo(str(path))


@app.command()
def read(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A workbook, ZIP or folder.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what is wrong and what it comes to, no more.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where the plan goes; FILE with .json by default.")
    ] = None,
    force: Force = False,
    lang: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Read a filled template; ends with 2 and every error at its cell, or writes the plan."""
    with refusals(as_json=as_json):
        outcome = outcome_of(path)
        target = path.with_suffix(".json") if out is None else out
        if outcome.document is not None and not dry_run:
            text = plan_text(Place(dict(outcome.document))) + "\n"
            _write({target: text.encode()}, force=force)
    if as_json:
        print_json({"ok": outcome.account is not None, **outcome_document(outcome)})
    else:
        show_faults(outcome, lang=lang)
        if outcome.account is not None:
            gep_pages.show_account(outcome.account, lang=lang)
            typer.echo(_conclusion(None if dry_run else target, lang))
    if outcome.account is None:
        raise typer.Exit(REFUSED)


def outcome_of(path: Path) -> Outcome:
    """Return what a workbook, a ZIP or a folder of CSV files comes to.

    Raises:
        Malformed: it cannot be read from disk.
    """
    if path.is_dir():
        found = [each for each in sorted(path.iterdir()) if each.suffix.lower() == ".csv"]
        return read_folder({each.name: content_of(each) for each in found[:SHEETS_MAX]})
    return read_file(content_of(path), path.name)


def document_at(path: Path) -> Place:
    """Return the plan in a JSON file, or that of a workbook, ZIP or folder without an error.

    Raises:
        Malformed: there is none; the first error of a table, by its cell.
    """
    if not path.is_dir():
        content = content_of(path)
        if not is_tables(content):
            return read_document(content)
    outcome = outcome_of(path)
    if outcome.document is None:
        first = outcome.errors[0]
        raise Malformed(
            code=first.code.removeprefix("gep."),
            field=first.spot.shown,
            expected=f"{first.expected}; `gep read --dry-run` lists all {outcome.error_count}",
            found=first.found,
        )
    return Place(dict(outcome.document))


def outcome_document(outcome: Outcome) -> dict[str, object]:
    """Return what a file came to as plain values, as the API answers it."""
    account = outcome.account
    return {
        "valid": account is not None,
        "table_plan": None if outcome.document is None else dict(outcome.document),
        "account_hash": None if account is None else account.hash,
        "account_total_yuan": None if account is None else str(yuan_of(account.total)),
        "error_count": outcome.error_count,
        "errors": [dict(each.document()) for each in outcome.errors],
        "warnings": [dict(each.document()) for each in outcome.warnings],
    }


def show_faults(outcome: Outcome, *, lang: Language) -> None:
    """Print a table of all that is wrong, and of how things were understood."""
    if outcome.faults:
        rows = [HEADINGS[lang], *(_row(each, lang) for each in outcome.faults)]
        widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
        for row in rows:
            cells = (_padded(text, width) for text, width in zip(row, widths, strict=True))
            typer.echo("  ".join(cells).rstrip())
    errors, warnings = outcome.error_count, len(outcome.warnings)
    words = f"{errors} 处错误, {warnings} 处提示"
    typer.echo(words if lang is Language.ZH else f"{errors} errors, {warnings} warnings")


def _row(fault: Fault, lang: Language) -> tuple[str, ...]:
    level = LEVELS[fault.severity.value][0 if lang is Language.ZH else 1]
    code = fault.code.removeprefix("gep.")
    meaning = f"{code}({message(fault.code, language='zh')})" if lang is Language.ZH else code
    found = f"{fault.found} ({fault.also})" if fault.also else fault.found
    row = str(fault.spot.row) if fault.spot.row else ""
    return (level, fault.spot.shown, row, fault.spot.column, meaning, found, fault.expected)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in WIDE else 1 for each in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _conclusion(target: Path | None, lang: Language) -> str:
    zh = lang is Language.ZH
    if target is None:
        return "试读,未写任何文件" if zh else "a dry run: nothing was written"
    return f"已写入 {target}" if zh else f"written {target}"


def _files(out: Path, pages: Filled, lang: TableLanguage, *, as_csv: bool) -> Mapping[Path, bytes]:
    if not as_csv:
        return {out: workbook(pages, lang)}
    if out.suffix.lower() == ".zip":
        return {out: archive(pages, lang)}
    return {out / name: content for name, content in csv_files(pages, lang).items()}


def _write(files: Mapping[Path, bytes], *, force: bool) -> None:
    """Write files, each whole or not at all, and none where one of them would replace another.

    Raises:
        Malformed: one is there and is another, or cannot be written.
    """
    try:
        for path, content in files.items():
            if path.exists() and not force and path.read_bytes() != content:
                raise _refused("file_exists", path, "a new name, or --force", "another file")
        with _staged(files) as staged:
            for path, name in staged.items():
                name.replace(path)
    except OSError as error:
        found = error.strerror or str(error)
        path = Path(error.filename or next(iter(files)))
        raise _refused("file_unwritable", path, "a file that can be written", found) from error


@contextmanager
def _staged(files: Mapping[Path, bytes]) -> Iterator[dict[Path, Path]]:
    """Write files beside where they go, all before the first is renamed."""
    staged: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
            staged[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            staged[path].chmod(READABLE)
        yield staged
    finally:
        for each in staged.values():
            each.unlink(missing_ok=True)


def _refused(code: str, path: Path, *words: str) -> Malformed:
    expected, found = words
    return Malformed(code=code, field=str(path), expected=expected, found=found)
