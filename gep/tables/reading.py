"""A file of tables read: the plan and the account that it comes to, or all that is wrong with it.

Nothing is written and nothing kept: a dry run and a reading are the same, and who reads decides
what becomes of the plan.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gep.accounts.account import Account
from gep.accounts.plan import Plan
from gep.accounts.stored import plan_text
from gep.document import Place
from gep.tables.assembling import assembled
from gep.tables.csv_in import files_of_archive, grids_of_files
from gep.tables.faults import Fault, Faults, Severity, Spot
from gep.tables.grids import FILE_BYTES_MAX, UNPACKED_BYTES_MAX, Grid
from gep.tables.judging import judged
from gep.tables.rows import tables_of
from gep.tables.workbook_in import grids_of_workbook
from kernel.workbook import WorkbookRefused, guarded_workbook

_WORKBOOK_PART = "xl/workbook.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a file came to; plan, document and account only where it has no error."""

    faults: tuple[Fault, ...]
    error_count: int
    document: Mapping[str, Any] | None = None
    plan: Plan | None = None
    account: Account | None = None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What lets no plan be made."""
        return tuple(each for each in self.faults if each.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """How something was understood, and what was not read."""
        return tuple(each for each in self.faults if each.severity is Severity.WARNING)


def read_file(content: bytes, name: str) -> Outcome:
    """Read a workbook, or a ZIP of CSV files; ``name`` is what faults of the whole file name."""
    faults = Faults()
    return _outcome(_grids(content, Spot(sheet=name), faults), faults)


def read_folder(files: Mapping[str, bytes]) -> Outcome:
    """Read CSV files by name, one for each sheet."""
    faults = Faults()
    return _outcome(grids_of_files(files, faults), faults)


def is_tables(content: bytes) -> bool:
    """Say whether a file is a workbook or a ZIP, and so no JSON document."""
    return content.startswith(b"PK")


def _grids(content: bytes, spot: Spot, faults: Faults) -> tuple[Grid, ...] | None:
    if len(content) > FILE_BYTES_MAX:
        expected = f"at most {FILE_BYTES_MAX} bytes"
        faults.error("table_too_large", spot, expected=expected, found=len(content))
        return None
    try:
        if _is_workbook(content):
            return grids_of_workbook(content)
        return grids_of_files(files_of_archive(content), faults)
    except WorkbookRefused as refused:
        is_large = refused.expected.startswith("at most")
        code = "table_too_large" if is_large else "table_unreadable"
        expected = refused.expected if is_large else "a workbook (XLSX) or a ZIP of CSV files"
        faults.error(code, spot, expected=expected, found=refused.found)
    return None


def _is_workbook(content: bytes) -> bool:
    """Say whether a ZIP is a workbook.

    Raises:
        WorkbookRefused: it is no ZIP.
    """
    with (
        guarded_workbook(content, unpacked_max=UNPACKED_BYTES_MAX),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        return _WORKBOOK_PART in archive.namelist()


def _outcome(grids: tuple[Grid, ...] | None, faults: Faults) -> Outcome:
    if grids is None:
        return Outcome(faults=tuple(faults.found), error_count=faults.error_count)
    draft = assembled(tables_of(grids, faults), faults)
    found = judged(draft, faults)
    order = {grid.name: place for place, grid in enumerate(grids)}
    whole = tuple(sorted(faults.found, key=lambda each: _order_of(each.spot, order)))
    if found is None or faults.error_count:
        return Outcome(faults=whole, error_count=faults.error_count)
    plan, account = found
    document = json.loads(plan_text(Place(draft.document)))
    return Outcome(faults=whole, error_count=0, document=document, plan=plan, account=account)


def _order_of(spot: Spot, sheets: Mapping[str, int]) -> tuple[int, int, int, str]:
    """Return where a place stands in a file: its sheet, row and column, as people read."""
    return sheets.get(spot.sheet, -1), spot.row, len(spot.cell), spot.cell
