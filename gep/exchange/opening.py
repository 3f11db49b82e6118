"""An export opened again, whichever format it is: JSON by what it holds, CSV as ZIP or folder."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from gep.document import FILE_BYTES_MAX, Place, read_document
from gep.errors import Malformed
from gep.exchange.csv_files import read_csv_files
from gep.exchange.exporting import Form
from gep.exchange.geojson import ACCOUNT, read_geojson
from gep.exchange.json_ld import read_json_ld
from gep.exchange.sealing import CONTEXT, METADATA
from gep.exchange.tables import TABLES
from gep.exchange.written import Written

ZIP_BEGINS = b"PK\x03\x04"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
FILES = frozenset({METADATA, *(each.file for each in TABLES)})


def opened(content: bytes) -> tuple[Form, Written]:
    """Open an export of any format.

    Raises:
        Malformed: it is none, or its form is broken; the place and what was expected there.
    """
    if content.startswith(ZIP_BEGINS):
        return Form.CSV, read_csv_files(_unzipped(content))
    document = read_document(content)
    return opened_document(document)


def opened_document(document: Place) -> tuple[Form, Written]:
    """Open an export that is JSON.

    Raises:
        Malformed: it is none; the place and what was expected there.
    """
    members = document.members()
    if CONTEXT in members:
        return Form.JSON_LD, read_json_ld(document)
    if ACCOUNT in members:
        return Form.GEOJSON, read_geojson(document)
    raise Malformed(
        code="not_an_export",
        field="document",
        expected="an account as GeoJSON, JSON-LD, or CSV in a ZIP",
        found=", ".join(members)[:60],
    )


def opened_files(files: Mapping[str, bytes]) -> tuple[Form, Written]:
    """Open an export that is a folder of CSV files.

    Raises:
        Malformed: a table that is missing or broken.
    """
    return Form.CSV, read_csv_files(files)


def _unzipped(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if each.filename in FILES]
            if len({each.filename for each in entries}) < len(entries):
                raise Malformed(
                    code="not_zip", field="ZIP", expected="each table once", found="one twice"
                )
            if {each.compress_type for each in entries} - _METHODS:
                raise Malformed(
                    code="not_zip",
                    field="ZIP",
                    expected="stored or deflated files",
                    found="another method",
                )
            size = sum(each.file_size for each in entries)
            if size > FILE_BYTES_MAX:
                raise Malformed(
                    code="too_large",
                    field="ZIP",
                    expected=f"at most {FILE_BYTES_MAX} bytes",
                    found=str(size),
                )
            return {each.filename: archive.read(each) for each in entries}
    except _BROKEN as error:
        raise Malformed(
            code="not_zip", field="ZIP", expected="a whole ZIP archive", found=str(error)[:60]
        ) from error
