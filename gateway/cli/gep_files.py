"""What `./ecorights gep` reads: files, and options that hold figures."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from gep.document import FILE_BYTES_MAX, Place
from gep.errors import Malformed
from gep.registry.service import Group


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


def deflators_of(options: Iterable[str]) -> dict[Group, Decimal]:
    """Return price indices by group, from texts such as ``material=1.03``.

    Raises:
        Malformed: no group of the account, or no number.
    """
    found = {}
    for option in options:
        name, _, value = option.partition("=")
        group = Place(name, "--deflator").choice(Group)
        found[group] = Place(value, f"--deflator {name}").number()
    return found
