"""CSV files as grids: one file a sheet, in a folder or in a ZIP.

UTF-8, with or without a byte order mark. What is not UTF-8 but GB18030, as spreadsheets in China
save CSV, is read as that and told; UTF-16 is refused. Commas, or the semicolons and tabs that a
spreadsheet of another country writes.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from gep.tables.faults import Faults, Spot
from gep.tables.grids import CELLS_MAX, SHEETS_MAX, UNPACKED_BYTES_MAX, Cell, Grid, Kind
from kernel.workbook import WorkbookRefused, guarded_workbook

_OTHER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_NAME = 0x800


def files_of_archive(content: bytes) -> Mapping[str, bytes]:
    """Return the CSV files of a ZIP by name.

    Raises:
        WorkbookRefused: it is no ZIP, or too large.
    """
    with (
        guarded_workbook(content, unpacked_max=UNPACKED_BYTES_MAX),
        zipfile.ZipFile(io.BytesIO(content)) as archive,
    ):
        infos = [each for each in archive.infolist() if _is_csv(each.filename)]
        if len(infos) > SHEETS_MAX:
            raise WorkbookRefused(expected=f"at most {SHEETS_MAX} files", found=str(len(infos)))
        return {_name(each): archive.read(each) for each in infos}


def grids_of_files(files: Mapping[str, bytes], faults: Faults) -> tuple[Grid, ...]:
    """Return CSV files as grids; what cannot be read is noted and left out."""
    grids = []
    cells = 0
    for name, content in sorted(files.items()):
        spot = Spot(sheet=name)
        text = _text(content, spot, faults)
        if text is None:
            continue
        grid = Grid(name=PurePosixPath(name).stem)
        for number, row in _rows(text, spot, faults):
            for column, value in enumerate(row, start=1):
                if value.strip():
                    cells += 1
                    grid.put(number, column, Cell(kind=Kind.TEXT, text=value))
        grids.append(grid)
        if cells > CELLS_MAX:
            faults.error("table_too_large", spot, expected=f"at most {CELLS_MAX} cells")
            break
    return tuple(grids)


def _is_csv(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return path.suffix.lower() == ".csv" and not hidden


def _name(info: zipfile.ZipInfo) -> str:
    """Return a file's name; an archive made on a Chinese Windows has it in GB18030."""
    name = PurePosixPath(info.filename).name
    if name.isascii() or info.flag_bits & _UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except UnicodeError:
        return name


def _text(content: bytes, spot: Spot, faults: Faults) -> str | None:
    if content.startswith(_OTHER_MARKS):
        faults.error("table_not_utf8", spot, expected="UTF-8, or GB18030", found="UTF-16")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        place = f"byte {content[error.start]:#04x} in line {line}"
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        faults.error("table_not_utf8", spot, expected="UTF-8, or GB18030", found=place)
        return None
    faults.warn("table_encoding", spot, expected="UTF-8", found="GB18030, read as that")
    return text


def _rows(text: str, spot: Spot, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = next((each for each in (",", ";", "\t") if each in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            place = Spot(sheet=spot.sheet, row=number)
            faults.error(
                "table_unreadable", place, expected="commas and double quotes", found=error
            )
