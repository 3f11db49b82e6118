"""Workbooks (XLSX) that others sent: opened within bounds, and whatever is damaged is one refusal.

What a library makes of a damaged workbook depends on where it is damaged; its readers see one
exception. A workbook that would unpack to more than its bound, or that declares entities, is not
opened at all.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class WorkbookRefused(Exception):
    """A workbook that cannot be read; ``expected`` and ``found`` say why."""

    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(f"expected {expected}, found {found}")
        self.expected = expected
        self.found = found


@contextmanager
def guarded_workbook(content: bytes, *, unpacked_max: int) -> Iterator[None]:
    """Check a workbook's size, and turn what goes wrong while it is read into one refusal.

    Raises:
        WorkbookRefused: it unpacks to too much, or is no workbook.
    """
    # A fifth of a second that only who reads a workbook pays, and no start of the API.
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
        if size > unpacked_max:
            raise WorkbookRefused(expected=f"at most {unpacked_max} bytes", found=str(size))
        yield
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        EOFError,
        IndexError,
        InvalidFileException,
        KeyError,
        OSError,
        RuntimeError,
        SyntaxError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
        struct.error,
        zlib.error,
    ) as error:
        raise WorkbookRefused(expected="an XLSX workbook", found=type(error).__name__) from error


def opened_workbook(content: bytes, **how: Any) -> Any:
    """Open a workbook by the library, inside ``guarded_workbook``."""
    import openpyxl  # type: ignore[import-untyped]

    return openpyxl.load_workbook(io.BytesIO(content), **how)
