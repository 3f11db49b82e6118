"""The compliance code by rule, and why a published code differs from it.

Rule: verified emissions missing -> C; else cumulative surrendered >= cumulative verified -> A;
else B. Sums start with the first year of the range; a year without a number adds nothing to the
verified side, while units surrendered in it count.

The rule covers:
- a number of verified emissions, zero included: A or B;
- `Not Reported`, `Excluded` and an empty cell: C (the register prints C for the first, a dash or
  nothing for the other two, and such rows are not compared);
- units surrendered late, or more than a year needed: both go into the sums.

It does not cover what the register knew only on the day it printed the code; `Cause` names these
cases. On the five countries of the data set, 2013-2019, it agrees with 13,328 of 13,526 published
codes (98.54 %; the asterisk is not compared). The 198 others: 77 CORRECTED, 58 CLOSED, 37
VERIFIED_LATE, 24 CARRIED_DEFICIT, 2 BEFORE_FIRST_YEAR, none UNEXPLAINED.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.imports.eu_ets.rows import (
    InstallationId,
    InstallationYear,
    NoVerification,
    PublishedCode,
    PublishedLetter,
)


class Code(StrEnum):
    """The compliance code by rule."""

    A = "A"
    B = "B"
    C = "C"


class Cause(StrEnum):
    """Why a computed and a published code differ; the first that holds is the cause.

    NOT_COMPUTED: there is a published code and no computed one.
    EXCLUDED, NOT_REPORTED, MISSING: the row has no number, so the rule says C, and the register
    printed something else.
    BEFORE_FIRST_YEAR: sums from the file's first year give the published code, so a deficit or a
    surplus from before the range decides.
    CLOSED: published C; verified is 0 in this year and never above 0 afterwards. The authority
    closed the file with a zero after the deadline had passed without a report.
    VERIFIED_LATE: published C; the number that now stands there was entered, or estimated by the
    authority, after the deadline.
    CORRECTED: the code carries an asterisk. It was given on the figure of that day, and the
    authority changed the figure later.
    CARRIED_DEFICIT: published A, computed B: an earlier year's code was corrected, and the units
    lacking since then were not asked for by this year's deadline.
    UNEXPLAINED: none of these.
    """

    NOT_COMPUTED = "not_computed"
    EXCLUDED = "excluded"
    NOT_REPORTED = "not_reported"
    MISSING = "missing"
    BEFORE_FIRST_YEAR = "before_first_year"
    CLOSED = "closed"
    VERIFIED_LATE = "verified_late"
    CORRECTED = "corrected"
    CARRIED_DEFICIT = "carried_deficit"
    UNEXPLAINED = "unexplained"


Key = tuple[InstallationId, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A published code that differs from the computed one."""

    installation: InstallationId
    year: int
    computed: Code | None
    published: PublishedLetter
    corrected: bool
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How far computed and published codes agree."""

    compared: int
    disagreements: tuple[Disagreement, ...]

    @property
    def agreed(self) -> int:
        """Codes that are the same."""
        return self.compared - len(self.disagreements)

    @property
    def agreement(self) -> float:
        """Share of the same codes, 0 to 1; 1 where nothing was published."""
        return self.agreed / self.compared if self.compared else 1.0

    @property
    def by_cause(self) -> dict[Cause, int]:
        """Disagreements of each cause that occurs, in the order of `Cause`."""
        causes = [one.cause for one in self.disagreements]
        return {cause: causes.count(cause) for cause in Cause if cause in causes}


def codes_by_rule(rows: Iterable[InstallationYear], *, first_year: int) -> dict[Key, Code]:
    """Return the code of every row from `first_year` on, by the rule above."""
    balance: dict[InstallationId, int] = {}
    codes: dict[Key, Code] = {}
    for row in sorted(rows, key=lambda one: one.year):
        if row.year < first_year:
            continue
        verified = row.verified
        before = balance.get(row.installation, 0)
        balance[row.installation] = before + (row.surrendered or 0) - _tonnes(row)
        if isinstance(verified, NoVerification):
            code = Code.C
        else:
            code = Code.A if balance[row.installation] >= 0 else Code.B
        codes[row.installation, row.year] = code
    return codes


def compare(
    computed: Mapping[Key, Code],
    rows: Iterable[InstallationYear],
    *,
    first_year: int,
    last_year: int,
) -> Comparison:
    """Compare codes with those published for the range, and class every disagreement.

    Args:
        computed: what the ledger says, by installation and year.
        rows: all rows of the register, of years outside the range too: what comes before and
            after tells some causes apart.
        first_year: first year of the range, from which `computed` sums.
        last_year: last year that is compared.
    """
    history = _History(tuple(rows), first_year=first_year)
    compared = 0
    disagreements: list[Disagreement] = []
    for row in history.rows:
        if row.published is None or not first_year <= row.year <= last_year:
            continue
        compared += 1
        code = computed.get((row.installation, row.year))
        if code is None or code.value != row.published.letter.value:
            disagreements.append(_disagreement(row, row.published, code=code, history=history))
    return Comparison(compared=compared, disagreements=tuple(disagreements))


class _History:
    """What the causes look up: sums of all years, last emissions, first corrected code."""

    def __init__(self, rows: tuple[InstallationYear, ...], *, first_year: int) -> None:
        self.rows = sorted(rows, key=lambda row: (row.installation, row.year))
        self.since_ever = codes_by_rule(self.rows, first_year=0)
        self.last_emitting: dict[InstallationId, int] = {}
        self.first_corrected: dict[InstallationId, int] = {}
        for row in self.rows:
            if _tonnes(row) > 0:
                self.last_emitting[row.installation] = row.year
            if row.published and row.published.corrected and row.year >= first_year:
                self.first_corrected.setdefault(row.installation, row.year)


def _tonnes(row: InstallationYear) -> int:
    return 0 if isinstance(row.verified, NoVerification) else row.verified


def _disagreement(
    row: InstallationYear, published: PublishedCode, *, code: Code | None, history: _History
) -> Disagreement:
    return Disagreement(
        installation=row.installation,
        year=row.year,
        computed=code,
        published=published.letter,
        corrected=published.corrected,
        cause=_cause(row, published, code=code, history=history),
    )


def _cause(
    row: InstallationYear, published: PublishedCode, *, code: Code | None, history: _History
) -> Cause:
    if code is None:
        return Cause.NOT_COMPUTED
    if isinstance(row.verified, NoVerification):
        return _NO_NUMBER[row.verified]
    if history.since_ever[row.installation, row.year].value == published.letter.value:
        return Cause.BEFORE_FIRST_YEAR
    if published.letter is PublishedLetter.C:
        closed = history.last_emitting.get(row.installation, 0) < row.year and row.verified == 0
        return Cause.CLOSED if closed else Cause.VERIFIED_LATE
    if published.corrected:
        return Cause.CORRECTED
    if code is Code.B and history.first_corrected.get(row.installation, row.year) < row.year:
        return Cause.CARRIED_DEFICIT
    return Cause.UNEXPLAINED


_NO_NUMBER = {
    NoVerification.EXCLUDED: Cause.EXCLUDED,
    NoVerification.NOT_REPORTED: Cause.NOT_REPORTED,
    NoVerification.MISSING: Cause.MISSING,
}
