"""The files that `./ecorights gep` reads."""

from pathlib import Path

from gep.document import FILE_BYTES_MAX
from gep.errors import Malformed


def content_of(path: Path) -> bytes:
    """Return a file's bytes, at most one more than we read.

    Raises:
        Malformed: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        raise Malformed(
            code="file_unreadable",
            field=str(path),
            expected="a file that can be read",
            found=str(error.strerror),
        ) from error
