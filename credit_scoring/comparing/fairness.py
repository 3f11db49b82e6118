"""Grade shares of groups, and whether one group has good grades less often than another.

The favourable rate of a group is the share of its rated subjects with a favourable grade. Its
adverse-impact ratio is that rate over the rate of the group with the highest one; below four fifths
a review opens (29 CFR 1607.4 D, "four-fifths rule", 1978; our rule that it only opens a review).
The 95 % interval is that of a ratio of two proportions on the scale of logarithms (Katz et al.,
Biometrics 34, 1978, 469-474), with half a subject added to each of the four counts where one of
them is zero: ln r +- 1.96 sqrt(1/a - 1/n + 1/c - 1/m).

Groups with fewer than ``least`` subjects are shown only together, and never so that one could be
told by subtraction: another small group hides with them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import exp, log, sqrt

from credit_scoring.records import SubjectKind

FOUR_FIFTHS = Decimal("0.8")
LEAST = 30
LEAST_MIN = 10
NORMAL_975 = 1.959963984540054
SHOWN = Decimal("0.0001")
COLUMNS = ("kind", "region", "sector")
_Column = tuple[str, SubjectKind | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One subject: its groups and its grade, ``None`` where it is not rated."""

    kind: SubjectKind
    region: str
    sector: str
    grade: str | None


@dataclass(slots=True, kw_only=True)
class Group:
    """How many subjects of a group have each grade, and how many are not rated."""

    name: str
    grades: dict[str, int] = field(default_factory=dict)
    not_rated: int = 0

    @property
    def rated(self) -> int:
        """How many have a grade."""
        return sum(self.grades.values())

    @property
    def subjects(self) -> int:
        """How many there are in all."""
        return self.rated + self.not_rated

    def add(self, grade: str | None, count: int = 1) -> None:
        """Count subjects of a grade."""
        if grade is None:
            self.not_rated += count
        else:
            self.grades[grade] = self.grades.get(grade, 0) + count

    def favourable(self, grades: Iterable[str]) -> int:
        """Return how many have one of these grades."""
        return sum(self.grades.get(grade, 0) for grade in grades)


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """A group's adverse-impact ratio with its interval; ``None`` where a rate of 0 leaves none."""

    rate: Decimal
    ratio: Decimal | None
    low: Decimal | None
    high: Decimal | None

    @property
    def opens_review(self) -> bool:
        """Tell whether the ratio is below four fifths."""
        return self.ratio is not None and self.ratio < FOUR_FIFTHS

    @property
    def may_be_chance(self) -> bool:
        """Tell whether the interval holds 1, as it does for equal groups."""
        return self.low is None or self.high is None or self.low <= 1 <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The groups of one column, of one kind of subject or, for kinds, of all.

    ``hidden`` groups with ``hidden_subjects`` are too small to be shown.
    """

    column: str
    kind: SubjectKind | None
    reference: str | None
    groups: tuple[tuple[Group, Impact], ...]
    hidden: int
    hidden_subjects: int


class Tally:
    """Counts of every column; of regions and sectors within a kind, whose grades compare."""

    def __init__(self) -> None:
        self._groups: dict[_Column, dict[str, Group]] = {}

    def add(self, counted: Counted) -> None:
        """Count one subject in its groups; a subject of no sector is in none."""
        self._add(("kind", None), counted.kind.value, counted.grade)
        self._add(("region", counted.kind), counted.region, counted.grade)
        if counted.sector:
            self._add(("sector", counted.kind), counted.sector, counted.grade)

    def _add(self, column: _Column, name: str, grade: str | None) -> None:
        groups = self._groups.setdefault(column, {})
        groups.setdefault(name, Group(name=name)).add(grade)

    def compared(self, favourable: Sequence[str], *, least: int = LEAST) -> list[Compared]:
        """Return every column's groups compared, columns in their order, kinds by name."""
        order = sorted(
            self._groups, key=lambda each: (COLUMNS.index(each[0]), each[1] or SubjectKind.PERSON)
        )
        return [
            _compared(column, self._groups[column].values(), favourable, least=least)
            for column in order
        ]


def impact_of(*, count: int, rated: int, best: int, best_rated: int) -> Impact:
    """Return the impact on a group of ``rated`` subjects, ``count`` of them favourable.

    ``best`` of ``best_rated`` are those of the group with the highest rate.
    """
    rate = _shown(count / rated) if rated else Decimal(0)
    if not (rated and best):
        return Impact(rate=rate, ratio=None, low=None, high=None)
    ratio = (count * best_rated) / (rated * best)
    a, n, c, m = float(count), float(rated), float(best), float(best_rated)
    if 0 in {count, rated - count, best_rated - best}:
        a, n, c, m = a + 0.5, n + 1, c + 0.5, m + 1
    middle = log(a * m / (n * c))
    wide = NORMAL_975 * sqrt(1 / a - 1 / n + 1 / c - 1 / m)
    return Impact(
        rate=rate,
        ratio=_shown(ratio),
        low=_shown(exp(middle - wide)),
        high=_shown(exp(middle + wide)),
    )


def share(count: int, of: int) -> Decimal:
    """Return a share of subjects with four digits; 0 of nobody."""
    return _shown(count / of) if of else Decimal(0)


def _compared(
    column: _Column, groups: Iterable[Group], favourable: Sequence[str], *, least: int
) -> Compared:
    shown, hidden = _apart(list(groups), least)
    rated = [each for each in shown if each.rated]
    best = max(
        rated,
        key=lambda each: (each.favourable(favourable) / each.rated, each.rated, each.name),
        default=None,
    )
    found = [
        (
            each,
            impact_of(
                count=each.favourable(favourable),
                rated=each.rated,
                best=0 if best is None else best.favourable(favourable),
                best_rated=0 if best is None else best.rated,
            ),
        )
        for each in shown
    ]
    return Compared(
        column=column[0],
        kind=column[1],
        reference=None if best is None else best.name,
        groups=tuple(found),
        hidden=len(hidden),
        hidden_subjects=sum(each.subjects for each in hidden),
    )


def _apart(groups: list[Group], least: int) -> tuple[list[Group], list[Group]]:
    """Return the groups that are shown, by name, and those that hide together.

    One that hides alone, or several that are few together, would follow from the sum of all.
    """
    by_size = sorted(groups, key=lambda each: (each.subjects, each.name))
    count = sum(each.subjects < least for each in by_size)
    while 0 < count < len(by_size) and (
        count == 1 or sum(each.subjects for each in by_size[:count]) < least
    ):
        count += 1
    return sorted(by_size[count:], key=lambda each: each.name), by_size[:count]


def _shown(number: float) -> Decimal:
    return Decimal(number).quantize(SHOWN)
