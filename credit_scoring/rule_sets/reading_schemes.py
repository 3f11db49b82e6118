"""From rows of a document to native schemes. A scheme that is on lacks nothing it needs."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.rule_set import (
    ArchiveGrades,
    ArchivePoints,
    Band,
    Comparison,
    Direction,
    Evaluator,
    NativeRow,
    Scheme,
    Severity,
)

SCORE_MAX = 10_000
BANDS_MAX = 50
SCHEME_KEYS_OPTIONAL = (
    *("id", "base", "max", "bands", "index_knots", "whole_only", "benchmarks", "weights"),
    *("formula", "note", "archive", "archive_points", "archive_grades", "status", "missing"),
)
NATIVE_ROW_KEYS = (
    *("scheme", "subject", "indicator", "indicator_zh", "direction", "points", "cap"),
    *("validity", "status", "source", "note", "rules"),
)
BANDED = {Evaluator.ADDITIVE_BANDS, Evaluator.DEMERIT_BANDS, Evaluator.RATIO_BANDS}


def scheme_of(row: Place, name: str) -> Scheme:
    """Read one native scheme."""
    row.keys(required=("zh", "evaluator", "source"), optional=SCHEME_KEYS_OPTIONAL)
    scheme = Scheme(
        id=name,
        zh=row.at("zh").text(),
        evaluator=row.at("evaluator").choice(Evaluator),
        source=row.at("source").text(),
        base=row.at("base").optional_whole(low=0, high=SCORE_MAX),
        max=row.at("max").optional_whole(low=0, high=SCORE_MAX),
        bands=tuple(map(_band_of, row.at("bands").items())) if row.has("bands") else (),
        index_knots=_knots_of(row.at("index_knots")),
        whole_only=row.at("whole_only").truth() if row.has("whole_only") else False,
        benchmarks=_decimals_of(row.at("benchmarks")),
        weights=_decimals_of(row.at("weights")),
        formula=row.at("formula").optional_text(),
        note=row.at("note").optional_text(),
        archive=row.at("archive").optional_text(),
        archive_points=tuple(map(_archive_points_of, row.at("archive_points").items()))
        if row.has("archive_points")
        else (),
        archive_grades=_archive_grades_of(row.at("archive_grades")),
        is_on=_is_on(row),
        missing=row.at("missing").optional_text(),
    )
    _refuse_what_cannot_run(row, scheme)
    return scheme


def native_row_of(row: Place) -> NativeRow:
    """Read one printed row of a native scheme."""
    row.keys(required=NATIVE_ROW_KEYS)
    return NativeRow(
        scheme=row.at("scheme").text(),
        subject=row.at("subject").choice(SubjectKind),
        indicator=row.at("indicator").text(),
        indicator_zh=row.at("indicator_zh").text(),
        direction=row.at("direction").choice(Direction),
        points=row.at("points").whole(low=-SCORE_MAX, high=SCORE_MAX),
        cap=row.at("cap").optional_text(),
        validity=row.at("validity").optional_text(),
        status=row.at("status").text(),
        source=row.at("source").text(),
        note=row.at("note").optional_text(),
        rules=tuple(each.text() for each in row.at("rules").items()),
    )


def _is_on(row: Place) -> bool:
    is_on = row.at("status").switch()
    if not is_on and not row.has("missing"):
        row.refuse("key_missing", "a scheme that is off to say what is missing")
    return is_on


def _refuse_what_cannot_run(row: Place, scheme: Scheme) -> None:
    """Refuse a scheme that is on and lacks what its evaluator needs."""
    if not scheme.is_on:
        return
    evaluator = scheme.evaluator
    if evaluator in BANDED:
        if not scheme.bands or any(band.edge is None for band in scheme.bands):
            row.at("bands").refuse("scheme_incomplete", "bands, each with its edge")
    elif evaluator is Evaluator.BENCHMARK_WEIGHTED:
        if not scheme.weights or scheme.weights.keys() != scheme.benchmarks.keys():
            row.at("weights").refuse("scheme_incomplete", "a weight for each benchmark")
        if any(value <= 0 for value in scheme.benchmarks.values()):
            row.at("benchmarks").refuse("out_of_range", "benchmarks above zero")
    elif evaluator is Evaluator.WORST_RECORD:
        grades = scheme.archive_grades
        known = {band.grade for band in scheme.bands}
        named = set() if grades is None else _grades_named(grades)
        if not named <= known:
            row.at("archive_grades").refuse(
                "unknown_value", f"grades of {', '.join(sorted(known))}"
            )
    else:
        row.at("evaluator").refuse("scheme_incomplete", "an evaluator that runs, or status off")


def _grades_named(grades: ArchiveGrades) -> set[str]:
    return {grades.none, *grades.by_severity.values(), *grades.by_rule.values()}


def _band_of(row: Place) -> Band:
    edges = [each for each in Comparison if row.has(each.value)]
    row.keys(required=("grade",), optional=("zh", "when", *(each.value for each in Comparison)))
    if len(edges) > 1:
        row.refuse("doubled_edge", "one edge a band")
    grade = row.at("grade")
    return Band(
        # The carbon-efficiency code numbers its levels.
        grade=grade.text() if isinstance(grade.value, str) else str(grade.whole(low=1)),
        comparison=edges[0] if edges else None,
        edge=row.at(edges[0].value).decimal() if edges else None,
        zh=row.at("zh").optional_text(),
        when=row.at("when").optional_text(),
    )


def _knots_of(place: Place) -> tuple[tuple[Decimal, int], ...]:
    if place.value is None:
        return ()
    knots: list[tuple[Decimal, int]] = []
    for row in place.items():
        pair = list(row.items())
        if len(pair) != 2:  # noqa: PLR2004  a knot is a pair
            row.refuse("wrong_type", "a native score and its index")
        score, credit_index = pair[0].decimal(), pair[1].whole(low=0, high=SCORE_MAX)
        if knots and (score <= knots[-1][0] or credit_index < knots[-1][1]):
            row.refuse("knots_out_of_order", "a knot above the one before it")
        knots.append((score, credit_index))
    if len(knots) < 2:  # noqa: PLR2004  a line needs two
        place.refuse("scheme_incomplete", "at least two knots")
    return tuple(knots)


def _decimals_of(place: Place) -> Mapping[str, Decimal]:
    if place.value is None:
        return MappingProxyType({})
    if isinstance(place.value, list):
        pairs = {row.at("item").text(): row.at("value").decimal() for row in place.items()}
    else:
        pairs = {name: each.decimal() for name, each in place.rows()}
    return MappingProxyType(dict(sorted(pairs.items())))


def _archive_points_of(row: Place) -> ArchivePoints:
    row.keys(required=("rule", "points"), optional=("units_max",))
    return ArchivePoints(
        rule=row.at("rule").text(),
        points=row.at("points").whole(low=-SCORE_MAX, high=SCORE_MAX),
        units_max=row.at("units_max").optional_whole(low=1, high=SCORE_MAX),
    )


def _archive_grades_of(place: Place) -> ArchiveGrades | None:
    if place.value is None:
        return None
    classes = (Severity.MINOR, Severity.GENERAL, Severity.SERIOUS)
    place.keys(required=("categories", "none", "rules", *(each.value for each in classes)))
    return ArchiveGrades(
        categories=tuple(each.text() for each in place.at("categories").items()),
        none=place.at("none").text(),
        by_severity=MappingProxyType({each: place.at(each.value).text() for each in classes}),
        by_rule=MappingProxyType(
            {row.at("rule").text(): row.at("grade").text() for row in place.at("rules").items()}
        ),
    )
