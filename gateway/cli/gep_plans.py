"""What commands take for a plan: JSON, or a workbook, a ZIP or a folder of CSV that was filled.

A ZIP or a folder is an account's export where it has the seals of one, and tables otherwise.
"""

import io
import zipfile
from pathlib import Path

from gateway.cli.gep_files import content_of
from gateway.cli.gep_tables import document_at
from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.accounts.plan import Plan
from gep.accounts.reading import plan_of
from gep.exchange.exporting import zipped
from gep.exchange.opening import FILES
from gep.exchange.sealing import SEALS
from gep.exchange.tables import BY_NAME
from gep.tables.reading import is_tables


def plan_at(path: Path) -> Plan:
    """Return the plan of a file or folder.

    Raises:
        Malformed: there is none; the first error of a table, by its cell.
    """
    return plan_of(document_at(path))


def account_at(path: Path) -> Account:
    """Return the account of the plan of a file or folder.

    Raises:
        DomainError: there is no plan, or the account must not be made.
    """
    return make_account(plan_at(path))


def has_tables(path: Path) -> bool:
    """Say whether a plan has to be read of tables there: a workbook, or CSV that is no export.

    Raises:
        Malformed: it cannot be read from disk.
    """
    seals = BY_NAME[SEALS].file
    if path.is_dir():
        return not (path / seals).is_file()
    content = content_of(path)
    if not is_tables(content):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return seals not in archive.namelist()
    except zipfile.BadZipFile:
        # Whichever of the two it was, the reader of exports says what is wrong with a ZIP.
        return False


def content_at(path: Path) -> bytes:
    """Return a file's bytes, or an export's folder as the ZIP that it was.

    Raises:
        Malformed: it cannot be read from disk.
    """
    return zipped(export_files(path)) if path.is_dir() else content_of(path)


def export_files(folder: Path) -> dict[str, bytes]:
    """Return the files of an export that lie in a folder.

    Raises:
        Malformed: one cannot be read.
    """
    return {each: content_of(folder / each) for each in FILES if (folder / each).is_file()}
