"""Tables as CSV files (RFC 4180) with CSVW metadata, and read back as anybody may have saved them.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula. A text that
begins so, with a tab, a return or an apostrophe is written with an apostrophe before it, which
reading takes away again; numbers are written as they are.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gep.document import FILE_BYTES_MAX, Place, read_document
from gep.errors import Malformed
from gep.exchange.sealing import METADATA, Rows, json_bytes, rows_of, seals_of
from gep.exchange.tables import BY_NAME, POSITION, TABLES, Kind, Row, Table
from gep.exchange.tabulating import tables_of, tree_from
from gep.exchange.written import Written

BOM = "\ufeff"
ROWS_MAX = 100_000
NUMBERS = frozenset({Kind.DECIMAL, Kind.INTEGER, Kind.YEAR})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z", re.ASCII)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")
csv.field_size_limit(FILE_BYTES_MAX)


def write_csv_files(tree: Mapping[str, Any], *, bom: bool = False) -> dict[str, bytes]:
    """Return a tree as CSV files by name, and their metadata."""
    tables = tables_of(tree)
    seals = seals_of(_rows(tables))
    tables["seals"] = [
        {POSITION: str(number), "row": row, "seal": seal}
        for number, (row, seal) in enumerate(seals.items(), start=1)
    ]
    files = {each.file: _csv(each, tables[each.name], bom=bom) for each in TABLES}
    return files | {METADATA: json_bytes(_metadata(tree))}


def read_csv_files(files: Mapping[str, bytes]) -> Written:
    """Read the tree of CSV files back; the metadata may be missing.

    Raises:
        Malformed: a table that is missing, its columns, a cell that cannot be read.
    """
    tables = {each.name: _read(each, files) for each in TABLES}
    seals = {row["row"] or "": row["seal"] or "" for row in tables.pop("seals")}
    rows = _rows(tables)
    if METADATA in files:
        rows |= rows_of(read_document(files[METADATA]).value, METADATA)
    return Written(tree=tree_from(tables), rows=rows, seals=seals)


def _rows(tables: Mapping[str, list[Row]]) -> Rows:
    return {
        f"{BY_NAME[name].file} position {row[POSITION]}": {
            column: cell or "" for column, cell in row.items() if column != POSITION
        }
        for name, rows in tables.items()
        for row in rows
    }


def _csv(table: Table, rows: list[Row], *, bom: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in rows:
        writer.writerow(_guarded(row[name], kind) for name, kind in table.columns.items())
    return ((BOM if bom else "") + text.getvalue()).encode()


def _guarded(cell: str | None, kind: Kind) -> str:
    if cell is None:
        return ""
    is_number = kind in NUMBERS and _NUMBER.match(cell) is not None
    return f"'{cell}" if cell.startswith(_DANGEROUS) and not is_number else cell


def _read(table: Table, files: Mapping[str, bytes]) -> list[Row]:
    if table.file not in files:
        raise Malformed(
            code="table_missing", field=table.file, expected="a file of the export", found="none"
        )
    try:
        text = files[table.file].decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        raise Malformed(
            code="not_utf8", field=table.file, expected="UTF-8", found="other bytes"
        ) from error
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Malformed(
            code="not_csv", field=table.file, expected="CSV", found=str(error)
        ) from error
    if not lines or tuple(lines[0]) != tuple(table.columns):
        raise Malformed(
            code="columns_differ",
            field=table.file,
            expected=",".join(table.columns),
            found=",".join(lines[0] if lines else ())[:60],
        )
    return sorted(_cells(table, lines[1:]), key=lambda row: int(row[POSITION] or 0))


def _cells(table: Table, lines: list[list[str]]) -> Iterator[Row]:
    seen: set[str] = set()
    for number, line in enumerate(lines, start=2):
        place = f"{table.file} line {number}"
        if len(line) != len(table.columns):
            raise Malformed(
                code="columns_differ",
                field=place,
                expected=f"{len(table.columns)} cells",
                found=str(len(line)),
            )
        row = {
            name: _cell(cell, table.columns[name])
            for name, cell in zip(table.columns, line, strict=True)
        }
        position = Place(row[POSITION] or "", f"{place}, {POSITION}").whole(1, ROWS_MAX)
        if str(position) in seen:
            raise Malformed(
                code="doubled_id",
                field=place,
                expected="each position once",
                found=str(position),
            )
        seen.add(str(position))
        yield row | {POSITION: str(position)}


def _cell(cell: str, kind: Kind) -> str | None:
    # Spreadsheets write TRUE for true.
    return (cell.lower() if kind is Kind.TRUTH else cell.removeprefix("'")) or None


def _metadata(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": tree["title_en"],
        "dc:identifier": tree["account_hash"],
        "dc:description": " ".join(each["en"] for each in tree["notices"]),
        "rdfs:comment": "A text that begins as a formula would is written with an apostrophe"
        " before it; an empty cell is null.",
        "tables": [_table(each) for each in TABLES],
    }


def _table(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "columns": [
            {
                "name": name,
                "titles": name,
                "datatype": kind.value,
                "required": name == POSITION or name in table.key,
            }
            for name, kind in table.columns.items()
        ],
        "primaryKey": list(table.key),
    }
    if table.references:
        schema["foreignKeys"] = [
            {
                "columnReference": list(each.columns),
                "reference": {
                    "resource": BY_NAME[each.table].file,
                    "columnReference": list(each.to),
                },
            }
            for each in table.references
        ]
    return {
        "url": table.file,
        "dc:title": table.title,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": schema,
    }
