"""What a rule set holds: the scale, the subjects with their caps, the rules, the native schemes.

Everything is frozen. Points are whole; the engine works in thousandths of a point (milli). A rule
set is its canonical bytes: two with the same hash are the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.errors import RuleSetMissing

MILLI = 1000


class Direction(StrEnum):
    """Whether a fact adds, deducts, or does neither."""

    PLUS = "plus"
    MINUS = "minus"
    NONE = "none"


class Severity(StrEnum):
    """The class of a record (记录类别: 轻微, 一般, 严重); a plus has its own."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"
    POSITIVE = "positive"


class Decay(StrEnum):
    """Whether a fact counts in full until its end, or less each day."""

    STEP = "step"
    LINEAR = "linear"


class Veto(StrEnum):
    """One-vote veto (一票否决): one grade down, or at most the red line (红线)."""

    SOFT = "soft"
    HARD = "hard"


class SubIndexName(StrEnum):
    """The three sub-indices of an enterprise (资源、能源、绩效)."""

    RESOURCES = "resources"
    ENERGY = "energy"
    PERFORMANCE = "performance"


class RepairPeriods(StrEnum):
    """Whether a set knows the periods of repair; where it does not, nothing is repaired."""

    AS_ROWS = "as_rows"
    NOT_HELD = "not_held"


class Evaluator(StrEnum):
    """How a native scheme comes to its result."""

    ADDITIVE_BANDS = "additive_bands"
    DEMERIT_BANDS = "demerit_bands"
    RATIO_BANDS = "ratio_bands"
    WORST_RECORD = "worst_record"
    BENCHMARK_WEIGHTED = "benchmark_weighted"
    WEIGHTED = "weighted"
    RANK = "rank"
    UNKNOWN = "unknown"


class Comparison(StrEnum):
    """How a band's edge is compared with a score."""

    AT_LEAST = "ge"
    ABOVE = "gt"
    AT_MOST = "le"
    BELOW = "lt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """At most ``max`` facts of a rule count in ``months``."""

    max: int
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of a positive or negative list (正负面清单), with its legal source.

    ``min_months`` is the shortest period before a repair counts, None where the set knows none;
    ``per_event_cap`` limits one fact, in points; ``quantity_divisor`` makes units of a quantity;
    of the facts that share ``supersede`` only the newest counts; ``decays`` says that a fact is
    worth less each day.
    """

    id: str
    subject: SubjectKind
    category: str
    indicator: str
    indicator_zh: str
    direction: Direction
    points: int
    validity_months: int
    severity: Severity
    min_months: int | None
    repairable: bool
    decay: Decay
    veto: Veto | None
    status: str
    source: str
    native: str | None
    note: str | None
    sub_index: SubIndexName | None
    supersede: str | None
    frequency: Frequency | None
    per_event_cap: int | None
    quantity_divisor: int | None
    is_on: bool
    decays: bool = False

    @property
    def is_for_tests(self) -> bool:
        """Whether the row serves vectors alone and is never shown in a list."""
        return self.status == "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade (等级) and its floor, inclusive."""

    grade: str
    min: int
    colour: str
    zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The index's range, its grades from the highest down, and what vetoes do on it."""

    min: int
    max: int
    soft_veto_max_steps: int
    hard_veto_cap: int
    grades: tuple[Grade, ...]
    status: str
    note: str | None

    def grade_of(self, credit_index: int) -> Grade:
        """Return the grade of an index."""
        for grade in self.grades:
            if credit_index >= grade.min:
                return grade
        return self.grades[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of one kind of subject and how many points it may add and deduct."""

    zh: str
    max_plus: int
    max_minus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Where a kind of subject starts, and its categories."""

    zh: str
    base: int
    categories: Mapping[str, Category]
    status: str
    base_note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubIndex:
    """The largest sums that a sub-index measures itself by."""

    zh: str
    max_plus: int
    max_minus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A grade of a native scheme and the edge that it begins at; the first that fits holds."""

    grade: str
    comparison: Comparison | None
    edge: Decimal | None
    zh: str | None
    when: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePoints:
    """The points that a fact of the archive brings in a native scheme, for at most so many units.

    Without ``units_max`` a fact counts once, whatever its quantity.
    """

    rule: str
    points: int
    units_max: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveGrades:
    """The grades of a worst-record scheme by the class of a fact, and of single rules."""

    categories: tuple[str, ...]
    none: str
    by_severity: Mapping[Severity, str]
    by_rule: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A native method (评价办法); one that is off says what is missing."""

    id: str
    zh: str
    evaluator: Evaluator
    source: str
    base: int | None
    max: int | None
    bands: tuple[Band, ...]
    index_knots: tuple[tuple[Decimal, int], ...]
    whole_only: bool
    benchmarks: Mapping[str, Decimal]
    weights: Mapping[str, Decimal]
    formula: str | None
    note: str | None
    archive: str | None
    archive_points: tuple[ArchivePoints, ...]
    archive_grades: ArchiveGrades | None
    is_on: bool
    missing: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeRow:
    """One printed row of a native scheme, and the rules whose facts it speaks of."""

    scheme: str
    subject: SubjectKind
    indicator: str
    indicator_zh: str
    direction: Direction
    points: int
    cap: str | None
    validity: str | None
    status: str
    source: str
    note: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RuleSet:
    """An immutable version of everything that scores (评价规则集).

    ``grace_days`` pass before a fact counts; with ``disputed_rests`` a disputed fact counts for
    nothing. ``canonical`` is the whole set as canonical JSON, ``hash`` its SHA-256 in hex.
    """

    version: str
    effective_from: date
    grace_days: int
    disputed_rests: bool
    repair_periods: RepairPeriods
    reason: str
    status: str
    scale: Scale
    subjects: Mapping[SubjectKind, Subject]
    sub_indices: Mapping[SubIndexName, SubIndex]
    rules: Mapping[str, Rule]
    schemes: Mapping[str, Scheme]
    native_rows: tuple[NativeRow, ...]
    canonical: bytes = field(repr=False, default=b"")
    hash: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RuleSet) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)


def rule_set_in_force(sets: Iterable[RuleSet], on: date) -> RuleSet:
    """Return the newest set that is effective on a date; of two from one day, the later version.

    Raises:
        RuleSetMissing: the first set is effective later.
    """
    effective = [each for each in sets if each.effective_from <= on]
    if not effective:
        raise RuleSetMissing(on=on)
    return max(effective, key=lambda each: (each.effective_from, each.version))


def rule_set_of_version(sets: Iterable[RuleSet], version: str) -> RuleSet:
    """Return the set of a version.

    Raises:
        RuleSetMissing: there is none.
    """
    for each in sets:
        if each.version == version:
            return each
    raise RuleSetMissing(version=version)
