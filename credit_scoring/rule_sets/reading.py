"""From a document to a rule set: every key is known, every value has its type and its bounds.

A document is complete: scale, subjects, rules and native schemes. Its form is that of the data
files; ``credit_scoring.rule_sets.writing`` writes the canonical form, which is read here as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import TypeVar

from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.reading_schemes import native_row_of, scheme_of
from credit_scoring.rule_sets.rule_set import (
    Category,
    Decay,
    Direction,
    Frequency,
    Grade,
    RepairPeriods,
    Rule,
    RuleSet,
    Scale,
    Severity,
    SubIndex,
    SubIndexName,
    Subject,
    Veto,
)
from credit_scoring.rule_sets.writing import canonical_bytes
from kernel.errors import ensure

POINTS_MAX = 1_000
MONTHS_MAX = 1_200
DAYS_MAX = 366
QUANTITY_MAX = 10**9
GRADES_MAX = 20
RULES_MAX = 10_000
SCALE_KEYS = ("min", "max", "soft_veto_max_steps", "hard_veto_cap", "grades")
RULE_KEYS = (
    *("id", "subject", "category", "indicator", "indicator_zh", "direction", "points"),
    *("validity_months", "severity", "min_months", "repairable", "decay", "veto"),
    *("status", "source"),
)
RULE_KEYS_OPTIONAL = (
    *("native", "note", "sub_index", "supersede", "freq", "per_event_cap"),
    *("qty_divisor", "default"),
)
SET_KEYS = (
    *("version", "effective_from", "grace_days", "disputed_rests", "repair_periods"),
    *("index", "subjects", "schemes", "rules"),
)
SET_KEYS_OPTIONAL = ("reason", "status", "sub_indices", "native_rows")
Named = TypeVar("Named")


def read_rule_set(document: Place) -> RuleSet:
    """Read a whole rule set.

    Raises:
        Malformed: the place and what was expected there.
    """
    document.keys(required=SET_KEYS, optional=SET_KEYS_OPTIONAL)
    periods = document.at("repair_periods").choice(RepairPeriods)
    subjects = _subjects_of(document.at("subjects"))
    return sealed(
        RuleSet(
            version=document.at("version").text(),
            effective_from=document.at("effective_from").day(),
            grace_days=document.at("grace_days").whole(low=0, high=DAYS_MAX),
            disputed_rests=document.at("disputed_rests").truth(),
            repair_periods=periods,
            reason=document.at("reason").optional_text() or "",
            status=document.at("status").optional_text() or "",
            scale=_scale_of(document.at("index")),
            subjects=subjects,
            sub_indices=_sub_indices_of(document.at("sub_indices")),
            rules=_rules_of(document.at("rules"), subjects, periods),
            schemes=_by_id(
                (row, scheme_of(row, name)) for name, row in _named_rows(document.at("schemes"))
            ),
            native_rows=tuple(map(native_row_of, document.at("native_rows").items()))
            if document.has("native_rows")
            else (),
        )
    )


def sealed(rule_set: RuleSet) -> RuleSet:
    """Return the set with its canonical bytes and their hash."""
    canonical = canonical_bytes(rule_set)
    return replace(rule_set, canonical=canonical, hash=sha256(canonical).hexdigest())


def _named_rows(place: Place) -> Iterable[tuple[str, Place]]:
    """Yield rows by name, from an object of rows or from a list of rows with an id."""
    if isinstance(place.value, list):
        for row in place.items():
            yield row.at("id").text(), row
    else:
        yield from place.rows()


def _by_id(rows: Iterable[tuple[Place, Named]]) -> Mapping[str, Named]:
    found: dict[str, Named] = {}
    for place, row in rows:
        name: str = row.id  # type: ignore[attr-defined]  # rules and schemes, both with an id
        if name in found:
            place.refuse("doubled_id", f"an id that no other row has, not {name} again")
        found[name] = row
    return MappingProxyType(dict(sorted(found.items())))


def _scale_of(place: Place) -> Scale:
    place.keys(required=SCALE_KEYS, optional=("status", "note"))
    low, high = place.at("min").whole(low=0), place.at("max").whole(low=1)
    grades: list[Grade] = []
    for row in place.at("grades").items():
        row.keys(required=("grade", "min", "colour"), optional=("zh",))
        floor = row.at("min").whole(low=low, high=high)
        if grades and floor >= grades[-1].min:
            row.at("min").refuse("grades_out_of_order", f"less than {grades[-1].min}")
        if any(each.grade == row.at("grade").text() for each in grades):
            row.at("grade").refuse("doubled_id", "a grade that no other row has")
        grades.append(
            Grade(
                grade=row.at("grade").text(),
                min=floor,
                colour=row.at("colour").text(),
                zh=row.at("zh").optional_text() or "",
            )
        )
    if not 0 < len(grades) <= GRADES_MAX or grades[-1].min != low:
        place.at("grades").refuse("grades_incomplete", f"grades down to the floor {low}")
    return Scale(
        min=low,
        max=high,
        soft_veto_max_steps=place.at("soft_veto_max_steps").whole(low=0, high=GRADES_MAX),
        hard_veto_cap=place.at("hard_veto_cap").whole(low=low, high=high),
        grades=tuple(grades),
        status=place.at("status").optional_text() or "",
        note=place.at("note").optional_text(),
    )


def _subjects_of(place: Place) -> Mapping[SubjectKind, Subject]:
    place.keys(required=[kind.value for kind in SubjectKind])
    return MappingProxyType({kind: _subject_of(place.at(kind.value)) for kind in SubjectKind})


def _subject_of(place: Place) -> Subject:
    place.keys(required=("base", "categories"), optional=("zh", "status", "base_note"))
    categories = {}
    for name, row in place.at("categories").rows():
        row.keys(required=("max_plus", "max_minus"), optional=("zh",))
        categories[name] = Category(
            zh=row.at("zh").optional_text() or "",
            max_plus=row.at("max_plus").whole(low=0, high=POINTS_MAX),
            max_minus=row.at("max_minus").whole(low=0, high=POINTS_MAX),
        )
    return Subject(
        zh=place.at("zh").optional_text() or "",
        base=place.at("base").whole(low=0, high=POINTS_MAX),
        categories=MappingProxyType(dict(sorted(categories.items()))),
        status=place.at("status").optional_text() or "",
        base_note=place.at("base_note").optional_text(),
    )


def _sub_indices_of(place: Place) -> Mapping[SubIndexName, SubIndex]:
    if place.value is None:
        return MappingProxyType({})
    names = [name.value for name in SubIndexName]
    place.keys(required=names, optional=("formula", "percentile", "status"))
    found = {}
    for name in SubIndexName:
        row = place.at(name.value)
        row.keys(required=("zh", "max_plus", "max_minus"))
        found[name] = SubIndex(
            zh=row.at("zh").text(),
            max_plus=row.at("max_plus").whole(low=1),
            max_minus=row.at("max_minus").whole(low=1),
        )
    return MappingProxyType(found)


def _rules_of(
    place: Place, subjects: Mapping[SubjectKind, Subject], periods: RepairPeriods
) -> Mapping[str, Rule]:
    rows = list(place.items())
    if len(rows) > RULES_MAX:
        place.refuse("too_many", f"at most {RULES_MAX} rules")
    rules = _by_id((row, _rule_of(row, subjects)) for row in rows)
    if periods is RepairPeriods.AS_ROWS:
        return rules
    return MappingProxyType({name: replace(rule, min_months=None) for name, rule in rules.items()})


def _rule_of(row: Place, subjects: Mapping[SubjectKind, Subject]) -> Rule:
    row.keys(required=RULE_KEYS, optional=RULE_KEYS_OPTIONAL)
    subject = row.at("subject").choice(SubjectKind)
    category = row.at("category").text()
    if category not in subjects[subject].categories:
        row.at("category").refuse("unknown_value", f"a category of {subject.value}")
    return Rule(
        id=row.at("id").text(),
        subject=subject,
        category=category,
        indicator=row.at("indicator").text(),
        indicator_zh=row.at("indicator_zh").text(),
        direction=row.at("direction").choice(Direction),
        points=_points_of(row),
        validity_months=row.at("validity_months").whole(low=1, high=MONTHS_MAX),
        severity=row.at("severity").choice(Severity),
        min_months=row.at("min_months").optional_whole(low=0, high=MONTHS_MAX),
        repairable=row.at("repairable").truth(),
        decay=row.at("decay").choice(Decay),
        veto=row.at("veto").optional_choice(Veto),
        status=row.at("status").text(),
        source=row.at("source").text(),
        native=row.at("native").optional_text(),
        note=row.at("note").optional_text(),
        sub_index=row.at("sub_index").optional_choice(SubIndexName),
        supersede=row.at("supersede").optional_text(),
        frequency=_frequency_of(row.at("freq")),
        per_event_cap=row.at("per_event_cap").optional_whole(low=1, high=POINTS_MAX),
        quantity_divisor=row.at("qty_divisor").optional_whole(low=1, high=QUANTITY_MAX),
        is_on=row.at("default").switch(),
        decays=row.at("decay").choice(Decay) is Decay.LINEAR,
    )


def _points_of(row: Place) -> int:
    direction = row.at("direction").choice(Direction)
    points = row.at("points").whole(low=-POINTS_MAX, high=POINTS_MAX)
    sign = {Direction.PLUS: 1, Direction.MINUS: -1, Direction.NONE: 0}[direction]
    if points * sign < 0 or (points == 0) != (sign == 0):
        row.at("points").refuse("sign_differs", f"points of a {direction.value}")
    ensure(abs(points) <= POINTS_MAX, "points were read within their bounds")
    return points


def _frequency_of(place: Place) -> Frequency | None:
    if place.value is None:
        return None
    place.keys(required=("max", "months"))
    return Frequency(
        max=place.at("max").whole(low=1, high=RULES_MAX),
        months=place.at("months").whole(low=1, high=MONTHS_MAX),
    )
