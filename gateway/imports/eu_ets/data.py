"""Reads the three gzipped CSV files as streams of frozen rows, and refuses what it cannot read.

Every row of a file is parsed on every pass, so a bad cell of a late year stops an import before
its first step. Only one year's rows are ever kept: each year is another pass over the stream.
"""

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from gateway.imports.eu_ets.errors import (
    ColumnMissing,
    DateBad,
    FileMissing,
    FileUnreadable,
    InstallationUnknown,
    NumberBad,
    RowRepeated,
    WordUnknown,
)
from gateway.imports.eu_ets.rows import (
    DayPrice,
    Installation,
    InstallationId,
    InstallationYear,
    NoVerification,
    PublishedCode,
    PublishedLetter,
)
from kernel.money import AmountUnreadable, Lots, Ticks, parse_decimal

INSTALLATIONS_FILE = "installations.csv.gz"
COMPLIANCE_FILE = "compliance.csv.gz"
PRICES_FILE = "eua_prices.csv.gz"

ROWS_MAX = 1_000_000
DIGITS_MAX = 15
TICK = Decimal("0.01")
NO_CODE_WORDS = ("", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a file with its place, and how its cells are read."""

    path: Path
    line: int
    cells: dict[str, str]

    def number(self, column: str) -> int:
        """Read a whole number that is not negative."""
        found = self.cells[column]
        if not (found.isascii() and found.isdigit() and len(found) <= DIGITS_MAX):
            raise NumberBad(self.path, line=self.line, column=column, found=found)
        return int(found)

    def lots_or_none(self, column: str) -> Lots | None:
        """Read a number of tonnes; an empty cell is None."""
        return Lots(self.number(column)) if self.cells[column] else None

    def verified(self) -> Lots | NoVerification:
        """Read verified emissions: a number, or the register's word for having none."""
        found = self.cells["verified"]
        if found in _NO_VERIFICATION:
            return _NO_VERIFICATION[found]
        if found[0].isalpha():
            raise WordUnknown(self.path, line=self.line, column="verified", found=found)
        return Lots(self.number("verified"))

    def published(self) -> PublishedCode | None:
        """Read the compliance code; an empty cell and a dash are no code."""
        found = self.cells["compliance_code"]
        if found not in _PUBLISHED_CODES:
            raise WordUnknown(self.path, line=self.line, column="compliance_code", found=found)
        return _PUBLISHED_CODES[found]

    def settlement(self) -> Ticks | None:
        """Read a price in whole ticks; an empty cell is None."""
        found = self.cells["settle"]
        if not found:
            return None
        try:
            ticks = parse_decimal(found, step=TICK)
        except AmountUnreadable as cause:
            raise NumberBad(self.path, line=self.line, column="settle", found=found) from cause
        if ticks == 0:
            raise NumberBad(self.path, line=self.line, column="settle", found=found)
        return Ticks(ticks)

    def day(self, *, after: date) -> date:
        """Read a date, which must be later than `after`."""
        found = self.cells["date"]
        try:
            day = date.fromisoformat(found)
        except ValueError as cause:
            raise DateBad(self.path, line=self.line, column="date", found=found) from cause
        if day <= after:
            raise DateBad(self.path, line=self.line, column="date", found=found)
        return day

    def repeated(self, column: str) -> RowRepeated:
        """Return the refusal of this row's key."""
        return RowRepeated(self.path, line=self.line, column=column, found=self.cells[column])


@dataclass(frozen=True, slots=True)
class EuEtsFiles:
    """The folder of the data set."""

    folder: Path

    def installations(self) -> Iterator[Installation]:
        """Yield every installation once, in the order of its file."""
        seen: set[str] = set()
        columns = ("installation", "country", "activity_code", "activity")
        for line in _lines(self.folder / INSTALLATIONS_FILE, columns=columns):
            name = line.cells["installation"]
            if name in seen:
                raise line.repeated("installation")
            seen.add(name)
            yield Installation(
                installation=InstallationId(name),
                country=line.cells["country"],
                activity_code=line.number("activity_code"),
                activity=line.cells["activity"],
            )

    def compliance(self) -> Iterator[InstallationYear]:
        """Yield every installation-year once, in the order of its file."""
        seen: set[tuple[str, int]] = set()
        columns = (
            "installation",
            "country",
            "year",
            "allocated",
            "verified",
            "surrendered",
            "compliance_code",
        )
        for line in _lines(self.folder / COMPLIANCE_FILE, columns=columns):
            row = _installation_year(line)
            if (row.installation, row.year) in seen:
                raise line.repeated("installation")
            seen.add((row.installation, row.year))
            yield row

    def compliance_of(
        self, year: int, *, among: Iterable[InstallationId]
    ) -> tuple[InstallationYear, ...]:
        """Return the rows of one year by installation; each must be `among` those known."""
        known = frozenset(among)
        rows = [row for row in self.compliance() if row.year == year]
        for row in rows:
            if row.installation not in known:
                raise InstallationUnknown(installation=row.installation, year=year)
        return tuple(sorted(rows, key=lambda row: row.installation))

    def prices(self) -> Iterator[DayPrice]:
        """Yield the trading days in their order, each with its settlement."""
        before = date.min
        for line in _lines(self.folder / PRICES_FILE, columns=("date", "settle")):
            before = line.day(after=before)
            yield DayPrice(day=before, settlement=line.settlement())

    def prices_of(self, year: int) -> tuple[DayPrice, ...]:
        """Return the trading days of one year in their order."""
        return tuple(price for price in self.prices() if price.day.year == year)


_NO_VERIFICATION = {word.value: word for word in NoVerification}
_PUBLISHED_CODES: dict[str, PublishedCode | None] = {
    **dict.fromkeys(NO_CODE_WORDS),
    **{one.value: PublishedCode(letter=one, corrected=False) for one in PublishedLetter},
    **{f"{one.value}*": PublishedCode(letter=one, corrected=True) for one in PublishedLetter},
}


def _installation_year(line: Line) -> InstallationYear:
    return InstallationYear(
        installation=InstallationId(line.cells["installation"]),
        country=line.cells["country"],
        year=line.number("year"),
        allocated=line.lots_or_none("allocated"),
        verified=line.verified(),
        surrendered=line.lots_or_none("surrendered"),
        published=line.published(),
    )


def _lines(path: Path, *, columns: tuple[str, ...]) -> Iterator[Line]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
            yield from _cells(path, rows=csv.reader(text, strict=True), columns=columns)
    except FileNotFoundError as cause:
        raise FileMissing(path) from cause
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as cause:
        raise FileUnreadable(path, reason=str(cause)) from cause


def _cells(path: Path, *, rows: Iterator[list[str]], columns: tuple[str, ...]) -> Iterator[Line]:
    header = next(rows, [])
    places = {name: place for place, name in enumerate(header) if name in columns}
    for column in columns:
        if column not in places:
            raise ColumnMissing(path, column=column, line=1)
    for line, row in enumerate(rows, start=2):
        if line > ROWS_MAX:
            raise FileUnreadable(path, reason=f"more than {ROWS_MAX} rows")
        if len(row) != len(header):
            raise ColumnMissing(path, column=_first_lacking(row, header=header), line=line)
        cells = {column: row[place] for column, place in places.items()}
        yield Line(path=path, line=line, cells=cells)


def _first_lacking(row: list[str], *, header: list[str]) -> str:
    return header[len(row)] if len(row) < len(header) else f"number {len(header) + 1}"
