"""What can be wrong with the files of the EU emissions trading system, or with a plan on them.

EuEtsRefused
  FileMissing         a file is not in the folder
  FileUnreadable      it is not gzip, not UTF-8, not CSV, or too long
  ColumnMissing       its header or a row lacks a column that is needed
  NumberBad           a cell should be a whole number (or a price in whole ticks) and is not
  DateBad             a cell should be a date later than the one before and is not
  WordUnknown         a cell holds a word that the register does not use
  RowRepeated         one installation, or one installation and year, stands twice
  InstallationUnknown a compliance row names an installation that is not in its file
  YearAbsent          the files hold nothing for a year that was asked for
  RangeEmpty          the last year is before the first
  PlanImpossible      the year cannot be traded under the rules of the venue
  VenueDiffers        the service answered with other figures than the plan's
"""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from gateway.errors import CannotRun


class EuEtsRefused(CannotRun):
    """Base: the files or the years asked for do not allow a plan."""


class FileMissing(EuEtsRefused):
    """A file of the data set is not in the folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is missing")
        self.path = path


class FileUnreadable(EuEtsRefused):
    """A file is there but cannot be read as gzipped CSV in UTF-8."""

    def __init__(self, path: Path, *, reason: str) -> None:
        super().__init__(f"{path} cannot be read as gzipped CSV: {reason}")
        self.path, self.reason = path, reason


class ColumnMissing(EuEtsRefused):
    """The header, or the row on this line, lacks a column that is needed."""

    def __init__(self, path: Path, *, column: str, line: int) -> None:
        super().__init__(f"{path} line {line}: no column {column}")
        self.path, self.column, self.line = path, column, line


class CellRefused(EuEtsRefused):
    """One cell does not hold what its column promises."""

    expected = "something else"

    def __init__(self, path: Path, *, line: int, column: str, found: str) -> None:
        super().__init__(f"{path} line {line}, {column}: expected {self.expected}, found {found!r}")
        self.path, self.line, self.column, self.found = path, line, column, found


class NumberBad(CellRefused):
    """A cell should be a whole number of tonnes, a year, or a price in whole ticks."""

    expected = "a number in whole units"


class DateBad(CellRefused):
    """A cell should be a date in ISO form, later than the date of the row before."""

    expected = "an ISO date after the one before"


class WordUnknown(CellRefused):
    """A cell holds a word that the register does not use in this column."""

    expected = "a word of the register"


class RowRepeated(CellRefused):
    """A row stands for an installation, or an installation and year, that stood before."""

    expected = "each key once"


class InstallationUnknown(EuEtsRefused):
    """A compliance row names an installation that the file of installations lacks."""

    def __init__(self, *, installation: str, year: int) -> None:
        super().__init__(f"{installation}, year {year}: not in the file of installations")
        self.installation, self.year = installation, year


class YearAbsent(EuEtsRefused):
    """The files hold no installation-year, or no price, for a year that was asked for."""

    def __init__(self, *, years: Iterable[int], lacking: str) -> None:
        self.years = tuple(years)
        super().__init__(f"no {lacking} for {', '.join(map(str, self.years))}")


class RangeEmpty(EuEtsRefused):
    """The last year asked for is before the first."""

    def __init__(self, *, first_year: int, last_year: int) -> None:
        super().__init__(f"from {first_year} to {last_year} there is no year")
        self.first_year, self.last_year = first_year, last_year


class PlanImpossible(EuEtsRefused):
    """A day cannot be traded under the price band or the bound on fills of one command."""

    def __init__(self, *, on: date, reason: str) -> None:
        super().__init__(f"{on}: {reason}")
        self.on, self.reason = on, reason


class VenueDiffers(EuEtsRefused):
    """The service's own figures are not those of the plan: one of the two is wrong."""

    def __init__(self, *, on: date, what: str, found: str) -> None:
        super().__init__(f"{on.isoformat()}: {what}: {found}")
        self.on = on
        self.what = what
