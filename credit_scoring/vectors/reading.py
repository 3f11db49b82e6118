"""A file of test vectors: its own rule set, or none, and its cases.

A file with ``index``, ``subjects``, ``schemes`` and ``rules`` carries its rule set; one with
``test_vectors`` alone is for the shipped set. Either is used with every row on, without grace and
with disputes that rest nothing. Numbers are read as decimals. A key of a case that nobody reads is
refused, for an expectation that is never checked would pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from credit_scoring.records import Record, SubjectKind
from credit_scoring.rule_sets.document import Place, read_json
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import Evaluator, RuleSet
from credit_scoring.rule_sets.shipped import for_vectors, for_vectors_alone
from credit_scoring.scoring.answer import AdjustmentKind, FactState
from credit_scoring.vectors.records import records_of

VECTORS_MAX = 100_000
FILE_BYTES_MAX = 64 * 1024 * 1024
SET_PARTS = ("index", "subjects", "schemes", "rules")
OWN_SET = {
    "version": "vectors",
    "effective_from": "1900-01-01",
    "grace_days": 0,
    "disputed_rests": False,
    "repair_periods": "as_rows",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineVector:
    """One case of the engine; ``expect`` holds plain values, checked to be of the right form."""

    id: str
    kind: SubjectKind
    as_of: date
    known_at: datetime
    records: tuple[Record, ...]
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeVector:
    """One case of a native scheme: a score, or indicators, and the grade or the sum.

    ``credit_index`` is None where the case does not name it.
    """

    id: str
    scheme: str
    given: Decimal | Mapping[str, Decimal]
    expect: str | Decimal
    credit_index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorFile:
    """The rule set and the cases of a file."""

    rule_set: RuleSet
    vectors: tuple[EngineVector | NativeVector, ...]


def read_vectors(text: bytes) -> VectorFile:
    """Read a file of vectors.

    Raises:
        Malformed: the place and what was expected there.
    """
    document = read_json(text)
    parts = [name for name in SET_PARTS if name in document.names()]
    document.keys(
        required=("test_vectors", *(SET_PARTS if parts else ())), optional=document.names()
    )
    rule_set = for_vectors(_own_set(document)) if parts else for_vectors_alone()
    rows = list(document.at("test_vectors").items())
    if len(rows) > VECTORS_MAX:
        document.at("test_vectors").refuse("too_many", f"at most {VECTORS_MAX} vectors")
    seen: set[str] = set()
    vectors = []
    for row in rows:
        vector = _vector_of(row, rule_set)
        if vector.id in seen:
            row.at("id").refuse("doubled_id", "an id that no other vector has")
        seen.add(vector.id)
        vectors.append(vector)
    return VectorFile(rule_set=rule_set, vectors=tuple(vectors))


def _own_set(document: Place) -> RuleSet:
    return read_rule_set(Place(OWN_SET | {name: document.at(name).value for name in SET_PARTS}))


def _vector_of(row: Place, rule_set: RuleSet) -> EngineVector | NativeVector:
    kind = row.at("kind")
    if kind.value == "engine":
        return _engine_vector_of(row)
    if kind.value == "native":
        return _native_vector_of(row, rule_set)
    raise kind.refusal("unknown_value", "engine or native")


def _engine_vector_of(row: Place) -> EngineVector:
    row.keys(
        required=("id", "kind", "subject", "as_of", "known_at", "records", "expect"),
        optional=("note",),
    )
    expect = row.at("expect")
    _check_expected(expect)
    return EngineVector(
        id=row.at("id").text(),
        kind=row.at("subject").choice(SubjectKind),
        as_of=row.at("as_of").day(),
        known_at=row.at("known_at").instant(),
        records=records_of(row.at("records")),
        expect=expect.names(),
    )


def _number(place: Place) -> None:
    """Refuse what is no JSON number; the canonical form's texts are not for expectations."""
    if isinstance(place.value, str):
        place.refuse("wrong_type", "a whole number")
    place.whole()


def _texts(place: Place) -> None:
    for each in place.items():
        each.text()


def _states(place: Place) -> None:
    for _, each in place.rows():
        each.choice(FactState)


def _counted(place: Place) -> None:
    for _, each in place.rows():
        _number(each)


def _adjustments(place: Place) -> None:
    named = {AdjustmentKind.SOFT_VETO: ("id",), AdjustmentKind.HARD_VETO: ("ids",)}
    for each in place.items():
        kind = each.at("kind").choice(AdjustmentKind)
        each.keys(required=("kind", "milli", *named.get(kind, ())))
        _number(each.at("milli"))


def _improve(place: Place) -> None:
    for each in place.items():
        each.keys(required=("id", "rule", "day", "index", "grade"))
        each.at("day").day()
        _number(each.at("index"))


EXPECTED: dict[str, Callable[[Place], object]] = {
    "index": _number,
    "grade": Place.text,
    "colour": Place.text,
    "reasons": _texts,
}
EXPECTED_OPTIONAL: dict[str, Callable[[Place], object]] = {
    "rated": Place.truth,
    "complete": Place.truth,
    "milli": _number,
    "states": _states,
    "counted": _counted,
    "disputed": _texts,
    "adjustments": _adjustments,
    "improve": _improve,
}


def _check_expected(expect: Place) -> None:
    """Refuse an expectation that nobody reads, or of a form that no answer has."""
    expect.keys(required=EXPECTED, optional=EXPECTED_OPTIONAL)
    for name in expect.names():
        (EXPECTED | EXPECTED_OPTIONAL)[name](expect.at(name))


def _native_vector_of(row: Place, rule_set: RuleSet) -> NativeVector:
    row.keys(required=("id", "kind", "scheme", "input", "expect"), optional=("note", "index"))
    name = row.at("scheme").text()
    scheme = rule_set.schemes.get(name)
    if scheme is None:
        row.at("scheme").refuse("unknown_value", "a scheme of the rule set")
    is_weighted = scheme.evaluator is Evaluator.BENCHMARK_WEIGHTED
    given, expect = row.at("input"), row.at("expect")
    return NativeVector(
        id=row.at("id").text(),
        scheme=name,
        given={key: each.decimal() for key, each in given.rows()}
        if is_weighted
        else given.decimal(),
        expect=expect.decimal() if is_weighted else _grade_of(expect),
        credit_index=row.at("index").optional_whole(low=0),
    )


def _grade_of(expect: Place) -> str:
    return expect.text() if isinstance(expect.value, str) else str(expect.whole(low=1))
