"""Sheets as CSV files and as a ZIP of them: UTF-8 with a byte order mark, the same bytes always."""

import csv
import io
import zipfile
from collections.abc import Mapping

from gep.tables.filling import Filled, NumberText
from gep.tables.layout import SHEETS, Language
from gep.tables.spellings import cell_text

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def csv_files(pages: Filled, lang: Language) -> Mapping[str, bytes]:
    """Return a file for each sheet that has a page, by its name."""
    return {
        f"{number:02}-{layout.code}.csv": _file(layout.code, pages, lang)
        for number, layout in enumerate(SHEETS, start=1)
        if layout.code in pages
    }


def archive_of(files: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of files, in the order of their names and without times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, _READABLE
            archive.writestr(info, content)
    return out.getvalue()


def _file(code: str, pages: Filled, lang: Language) -> bytes:
    layout = next(each for each in SHEETS if each.code == code)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([each.title(lang) for each in layout.columns])
    if layout.is_read:
        writer.writerow([each.name for each in layout.columns])
    for row in pages[code]:
        writer.writerow([_cell(row.get(each.name, "")) for each in layout.columns])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(text: str) -> str:
    return text if isinstance(text, NumberText) or not text else cell_text(text)
