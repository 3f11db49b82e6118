"""A rule set as one document, and as the canonical bytes that its hash is of.

Everything is written out, what is absent as null; rules and schemes are lists in the order of their
ids; numbers are decimal texts. ``credit_scoring.rule_sets.reading`` reads it back to an equal set.
"""

from typing import Any

from credit_scoring.rule_sets.rule_set import NativeRow, Rule, RuleSet, Scale, Scheme, Subject
from kernel.canonical import canonical


def canonical_bytes(rule_set: RuleSet) -> bytes:
    """Return the canonical JSON of a rule set."""
    return canonical(document_of(rule_set))


def document_of(rule_set: RuleSet) -> dict[str, Any]:
    """Return a rule set as plain values without numbers."""
    return {
        "version": rule_set.version,
        "effective_from": rule_set.effective_from.isoformat(),
        "grace_days": str(rule_set.grace_days),
        "disputed_rests": rule_set.disputed_rests,
        "repair_periods": rule_set.repair_periods.value,
        "reason": rule_set.reason,
        "status": rule_set.status,
        "index": _scale(rule_set.scale),
        "subjects": {kind.value: _subject(each) for kind, each in rule_set.subjects.items()},
        "sub_indices": {
            name.value: {
                "zh": each.zh,
                "max_plus": str(each.max_plus),
                "max_minus": str(each.max_minus),
            }
            for name, each in rule_set.sub_indices.items()
        }
        or None,
        "rules": [rule_document(each) for _, each in sorted(rule_set.rules.items())],
        "schemes": [_scheme(each) for _, each in sorted(rule_set.schemes.items())],
        "native_rows": [_native_row(each) for each in rule_set.native_rows],
    }


def rule_document(rule: Rule) -> dict[str, Any]:
    """Return one rule as plain values without numbers."""
    frequency = rule.frequency
    return {
        "id": rule.id,
        "subject": rule.subject.value,
        "category": rule.category,
        "indicator": rule.indicator,
        "indicator_zh": rule.indicator_zh,
        "direction": rule.direction.value,
        "points": str(rule.points),
        "validity_months": str(rule.validity_months),
        "severity": rule.severity.value,
        "min_months": _number(rule.min_months),
        "repairable": rule.repairable,
        "decay": rule.decay.value,
        "veto": None if rule.veto is None else rule.veto.value,
        "status": rule.status,
        "source": rule.source,
        "native": rule.native,
        "note": rule.note,
        "sub_index": None if rule.sub_index is None else rule.sub_index.value,
        "supersede": rule.supersede,
        "freq": None
        if frequency is None
        else {"max": str(frequency.max), "months": str(frequency.months)},
        "per_event_cap": _number(rule.per_event_cap),
        "qty_divisor": _number(rule.quantity_divisor),
        "default": "on" if rule.is_on else "off",
    }


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "min": str(scale.min),
        "max": str(scale.max),
        "soft_veto_max_steps": str(scale.soft_veto_max_steps),
        "hard_veto_cap": str(scale.hard_veto_cap),
        "grades": [
            {"grade": each.grade, "min": str(each.min), "colour": each.colour, "zh": each.zh}
            for each in scale.grades
        ],
        "status": scale.status,
        "note": scale.note,
    }


def _subject(subject: Subject) -> dict[str, Any]:
    return {
        "zh": subject.zh,
        "base": str(subject.base),
        "base_note": subject.base_note,
        "status": subject.status,
        "categories": {
            name: {
                "zh": each.zh,
                "max_plus": str(each.max_plus),
                "max_minus": str(each.max_minus),
            }
            for name, each in subject.categories.items()
        },
    }


def _scheme(scheme: Scheme) -> dict[str, Any]:
    return {
        "id": scheme.id,
        "zh": scheme.zh,
        "evaluator": scheme.evaluator.value,
        "source": scheme.source,
        "base": _number(scheme.base),
        "max": _number(scheme.max),
        "bands": [
            {"grade": each.grade, "zh": each.zh, "when": each.when}
            | ({} if each.comparison is None else {each.comparison.value: str(each.edge)})
            for each in scheme.bands
        ],
        "index_knots": [[str(score), str(place)] for score, place in scheme.index_knots] or None,
        "whole_only": scheme.whole_only,
        "benchmarks": _decimals(scheme.benchmarks),
        "weights": _decimals(scheme.weights),
        "formula": scheme.formula,
        "note": scheme.note,
        "archive": scheme.archive,
        "archive_points": [
            {"rule": each.rule, "points": str(each.points), "units_max": _number(each.units_max)}
            for each in scheme.archive_points
        ],
        "archive_grades": _archive_grades(scheme),
        "status": "on" if scheme.is_on else "off",
        "missing": scheme.missing,
    }


def _decimals(values: Any) -> list[dict[str, str]] | None:
    return [{"item": name, "value": str(value)} for name, value in values.items()] or None


def _archive_grades(scheme: Scheme) -> dict[str, Any] | None:
    grades = scheme.archive_grades
    if grades is None:
        return None
    return {
        "categories": list(grades.categories),
        "none": grades.none,
        "rules": [{"rule": rule, "grade": grade} for rule, grade in grades.by_rule.items()],
    } | {severity.value: grade for severity, grade in grades.by_severity.items()}


def _native_row(row: NativeRow) -> dict[str, Any]:
    return {
        "scheme": row.scheme,
        "subject": row.subject.value,
        "indicator": row.indicator,
        "indicator_zh": row.indicator_zh,
        "direction": row.direction.value,
        "points": str(row.points),
        "cap": row.cap,
        "validity": row.validity,
        "status": row.status,
        "source": row.source,
        "note": row.note,
        "rules": list(row.rules),
    }
