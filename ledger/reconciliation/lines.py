"""A counterparty's file as lines: CSV within bounds, and every line that is bad, by its place.

UTF-8, a byte order mark tolerated; commas, double quotes, one header line. Nothing is guessed: a
file with one bad line is refused whole, and all its bad lines are named at once.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.errors import DomainError
from kernel.money import parse_decimal
from ledger.decisions import QUANTITY_MAX

FILE_BYTES_MAX = 32 << 20
FIELD_LENGTH_MAX = 64
BAD_LINES_MAX = 1_000
DECIMALS_MAX = 9
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:/-]{1,64}\Z")
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?\Z", re.ASCII)
_ACCOUNT = re.compile(r"(0|[1-9][0-9]{0,11})\Z", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """One thing that is wrong in a file: the line (from 1, the header's), its field, and why."""

    line: int
    field: str
    expected: str
    found: str


@dataclass(slots=True)
class BadLines:
    """What is wrong in a file, up to ``most``; ``count`` goes on beyond it."""

    found: list[BadLine] = field(default_factory=list)
    count: int = 0
    most: int = BAD_LINES_MAX

    def add(self, line: int, name: str, *, expected: str, found: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.found) < self.most:
            shown = found[:FIELD_LENGTH_MAX]
            self.found.append(BadLine(line=line, field=name, expected=expected, found=shown))


class FileUnreadable(Exception):
    """A file with bad lines; nothing of it is used."""

    def __init__(self, bad: BadLines) -> None:
        super().__init__(f"{bad.count} bad lines")
        self.bad = bad


def read_lines(
    content: bytes, *, header: Sequence[str], lines_max: int, bad: BadLines
) -> Iterator[tuple[int, list[str]]]:
    """Iterate the lines behind the header that have as many fields as it, with their numbers.

    Raises:
        FileUnreadable: it is no text, has another header or more than ``lines_max`` lines; what
            else is bad is only noted.
    """
    reader = csv.reader(io.StringIO(_text(content, bad), newline=""), strict=True)
    count = 0
    rows = _rows(reader, bad)
    first = next(rows, (1, []))[1]
    if first != list(header):
        bad.add(1, "header", expected=",".join(header), found=",".join(first))
        raise FileUnreadable(bad)
    for number, row in rows:
        if not row:
            continue
        count += 1
        if count > lines_max:
            bad.add(number, "lines", expected=f"at most {lines_max}", found="more")
            raise FileUnreadable(bad)
        if len(row) != len(header):
            bad.add(number, "fields", expected=str(len(header)), found=str(len(row)))
            continue
        yield number, row


def _text(content: bytes, bad: BadLines) -> str:
    if len(content) > FILE_BYTES_MAX:
        bad.add(1, "file", expected=f"at most {FILE_BYTES_MAX} bytes", found=str(len(content)))
        raise FileUnreadable(bad)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        bad.add(line, "file", expected="UTF-8", found=f"byte {content[error.start]:#04x}")
        raise FileUnreadable(bad) from error


def _rows(reader: Any, bad: BadLines) -> Iterator[tuple[int, list[str]]]:
    """Iterate rows with the number of their first line."""
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.add(number, "line", expected="CSV with commas and double quotes", found=str(error))
            continue
        yield number, row


class Fields:
    """The fields of one line, each read strictly; what does not fit is noted as bad."""

    def __init__(self, line: int, values: dict[str, str], bad: BadLines) -> None:
        self.line = line
        self.values = values
        self._bad = bad

    def wrong(self, name: str, expected: str) -> None:
        """Note a field as bad."""
        self._bad.add(self.line, name, expected=expected, found=self.values[name])

    def choice(self, name: str, choices: Sequence[str]) -> str | None:
        """Read one of some words."""
        value = self.values[name]
        if value in choices:
            return value
        self.wrong(name, " or ".join(repr(each) for each in choices))
        return None

    def empty(self, name: str) -> None:
        """Insist on an empty field."""
        if self.values[name]:
            self.wrong(name, "nothing")

    def identifier(self, name: str) -> str | None:
        """Read a code, a reference or another name of restricted letters."""
        value = self.values[name]
        if _IDENTIFIER.match(value):
            return value
        self.wrong(name, "1 to 64 of A-Z a-z 0-9 _ . : / -")
        return None

    def account(self, name: str) -> str | None:
        """Read an account number of ours."""
        value = self.values[name]
        if _ACCOUNT.match(value):
            return value
        self.wrong(name, "an account number, at most 12 digits")
        return None

    def amount(self, name: str, *, step: Decimal | None, zero: bool) -> tuple[str, int] | None:
        """Read an amount as the text it is and as steps; 0 steps where there is no step."""
        text = self.values[name]
        if _DECIMAL.match(text) is None:
            self.wrong(name, "a decimal number without sign, at most 18 digits and 9 decimals")
            return None
        if not zero and not Decimal(text):
            self.wrong(name, "more than 0")
            return None
        if step is None:
            return text, 0
        try:
            quantity = parse_decimal(text, step=step)
        except DomainError:
            quantity = QUANTITY_MAX + 1
        if quantity <= QUANTITY_MAX:
            return text, quantity
        self.wrong(name, f"a multiple of {step}, at most {QUANTITY_MAX} times")
        return None

    def day(self, name: str) -> int | None:
        """Read a day as its ordinal."""
        value = self.values[name]
        try:
            if _DAY.match(value):
                return date.fromisoformat(value).toordinal()
        except ValueError:
            pass
        self.wrong(name, "YYYY-MM-DD")
        return None
