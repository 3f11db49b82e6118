"""Vectors against the engine: each case passes, or says what was expected and what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from credit_scoring.native.errors import NativeInputRefused, SchemeOff
from credit_scoring.native.rating import rate, rate_indicators, scheme_of
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.scoring.answer import Adjustment, AdjustmentKind, Score
from credit_scoring.scoring.score import score
from credit_scoring.vectors.reading import EngineVector, NativeVector, VectorFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value of a case that is not what the vector expects."""

    name: str
    expected: Any
    found: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A case and where it differs; it passed where it does not."""

    id: str
    differences: tuple[Difference, ...]


def check_vectors(file: VectorFile) -> tuple[Checked, ...]:
    """Run every case of a file."""
    return tuple(
        Checked(id=each.id, differences=tuple(_differences(each, file.rule_set)))
        for each in file.vectors
    )


def answer_of(found: Score) -> dict[str, Any]:
    """Return a score in the names of the vector files."""
    return {
        "index": found.credit_index,
        "grade": found.grade,
        "colour": found.colour,
        "reasons": list(found.reasons),
        "rated": found.rated,
        "complete": found.complete,
        "milli": found.value_milli,
        "states": {line.fact: line.state.value for line in found.lines},
        "counted": {line.fact: line.counted_milli for line in found.lines},
        "disputed": list(found.disputed),
        "adjustments": [_adjustment(each) for each in found.adjustments],
        "improve": [
            {
                "id": each.fact,
                "rule": each.rule,
                "day": each.day.isoformat(),
                "index": each.credit_index,
                "grade": each.grade,
            }
            for each in found.improve
        ],
    }


def _adjustment(each: Adjustment) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if each.kind is AdjustmentKind.SOFT_VETO:
        facts = {"id": each.facts[0]}
    elif each.kind is AdjustmentKind.HARD_VETO:
        facts = {"ids": list(each.facts)}
    return {"kind": each.kind.value, **facts, "milli": each.milli}


def _differences(vector: EngineVector | NativeVector, rule_set: RuleSet) -> list[Difference]:
    found: Mapping[str, Any]
    if isinstance(vector, EngineVector):
        found = answer_of(
            score(
                vector.kind,
                vector.records,
                as_of=vector.as_of,
                known_at=vector.known_at,
                rule_set=rule_set,
            )
        )
        expected = vector.expect
    else:
        expected = {"expect": vector.expect}
        if vector.credit_index is not None:
            expected |= {"index": vector.credit_index}
        found = _native_answer(vector, rule_set)
    return [
        Difference(name=name, expected=value, found=found.get(name))
        for name, value in expected.items()
        if found.get(name) != value
    ]


def _native_answer(vector: NativeVector, rule_set: RuleSet) -> dict[str, Any]:
    try:
        scheme = scheme_of(rule_set, vector.scheme)
        if isinstance(vector.given, Decimal):
            result = rate(scheme, vector.given)
            return {"expect": result.grade, "index": result.credit_index}
        return {"expect": rate_indicators(scheme, vector.given).score}
    except (SchemeOff, NativeInputRefused) as refusal:
        return {"expect": f"refused: {refusal}"}
