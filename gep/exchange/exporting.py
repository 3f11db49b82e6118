"""From an export to a file: name, media type and bytes, the same ones for the same export.

What was written is read back before it is handed out: a file that would not give all of the account
again, with its hash, leaves nobody's hands.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gep.document import read_document
from gep.errors import AccountRefused
from gep.exchange.csv_files import read_csv_files, write_csv_files
from gep.exchange.geojson import read_geojson, write_geojson
from gep.exchange.json_ld import read_json_ld, write_json_ld
from gep.exchange.tables import BY_NAME
from gep.exchange.tree import Export, document_in, tree_of
from gep.exchange.written import Written
from kernel.canonical import canonical

HASH_SHOWN = 8
NAME_MAX = 60
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
# The least day that a ZIP can say: the time of writing is no part of an export.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class Form(StrEnum):
    """The formats of an export."""

    GEOJSON = "geojson"
    JSON_LD = "json-ld"
    CSV = "csv"


MEDIA_TYPES: Mapping[Form, str] = {
    Form.GEOJSON: "application/geo+json",
    Form.JSON_LD: "application/ld+json",
    Form.CSV: "application/zip",
}
TABLE_TYPE = "text/csv; charset=utf-8; header=present"
SUFFIXES: Mapping[Form, str] = {
    Form.GEOJSON: ".geojson",
    Form.JSON_LD: ".jsonld",
    Form.CSV: "-csv.zip",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One file that holds an export."""

    name: str
    media_type: str
    content: bytes


def export(what: Export, form: Form, *, bom: bool = False) -> Exported:
    """Return an account as one file; ``bom`` marks CSV files as UTF-8 for old spreadsheets.

    Raises:
        AccountRefused: the format would not carry all of it.
    """
    tree = tree_of(what)
    content = content_of(tree, form, bom=bom)
    _refuse_loss(tree, _read_back(content, form), what.account.hash)
    return Exported(name=file_name(tree, form), media_type=MEDIA_TYPES[form], content=content)


def export_table(what: Export, table: str, *, bom: bool = False) -> Exported:
    """Return one table of an account as a CSV file.

    Raises:
        AccountRefused: the tables together would not carry all of the account.
    """
    tree = tree_of(what)
    stem = file_name(tree, Form.CSV).removesuffix(SUFFIXES[Form.CSV])
    file = BY_NAME[table].file
    files = write_csv_files(tree, bom=bom)
    _refuse_loss(tree, read_csv_files(files), what.account.hash)
    return Exported(name=f"{stem}-{file}", media_type=TABLE_TYPE, content=files[file])


def content_of(tree: Mapping[str, Any], form: Form, *, bom: bool = False) -> bytes:
    """Return the bytes of a tree in a format."""
    match form:
        case Form.GEOJSON:
            return write_geojson(tree)
        case Form.JSON_LD:
            return write_json_ld(tree)
        case Form.CSV:
            return zipped(write_csv_files(tree, bom=bom))


def file_name(tree: Mapping[str, Any], form: Form) -> str:
    """Return an export's file name: the account's id as far as it is plain, and its hash."""
    plain = _NOT_PLAIN.sub("-", tree["id"]).strip("-.")[:NAME_MAX]
    return f"{plain or 'account'}-{tree['account_hash'][:HASH_SHOWN]}{SUFFIXES[form]}"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP whose bytes depend on theirs alone; nothing is compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=_NO_TIME)
            entry.create_system = 3
            entry.external_attr = _READABLE
            archive.writestr(entry, content)
    return made.getvalue()


def _read_back(content: bytes, form: Form) -> Written:
    match form:
        case Form.GEOJSON:
            return read_geojson(read_document(content))
        case Form.JSON_LD:
            return read_json_ld(read_document(content))
        case Form.CSV:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return read_csv_files({name: archive.read(name) for name in archive.namelist()})


def _refuse_loss(tree: Mapping[str, Any], written: Written, account: str) -> None:
    """Refuse a file that gives back another account, or less of what stands beside it."""
    lost = [name for name in tree if written.tree.get(name) != tree[name]]
    lost += [name for name in written.tree if name not in tree]
    found = sha256(canonical(document_in(written.tree))).hexdigest()
    if lost or found != account:
        raise AccountRefused(
            code="export_incomplete",
            field=", ".join(lost) or "account",
            expected=f"a file that gives back all of the account {account}",
            found=found,
        )
