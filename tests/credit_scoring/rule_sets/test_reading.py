"""A malformed rule set is refused by code, place and what was expected there."""

from typing import Any

import pytest

from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.reading import read_rule_set
from tests.credit_scoring.shipped_vectors import GONE, put, vector_document

HEAD = {
    "version": "t",
    "effective_from": "2026-04-01",
    "grace_days": 0,
    "disputed_rests": False,
    "repair_periods": "as_rows",
}
PARTS = ("index", "subjects", "schemes", "rules")
FIRST_RULE = vector_document()["rules"][0]
GRADES = {
    "categories": ["compliance"],
    "none": "A",
    "rules": [],
    "minor": "B",
    "general": "C",
    "serious": "Z",
}
LIVING = "subjects.person.categories.living"


def document() -> dict[str, Any]:
    whole = vector_document()
    return HEAD | {name: whole[name] for name in PARTS}


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("key_missing", "version", GONE),
        ("key_missing", "rules", GONE),
        ("unknown_key", "extra", 1),
        ("wrong_type", "version", ""),
        ("wrong_type", "effective_from", "2026-4-1"),
        ("wrong_type", "effective_from", "2026-02-30"),
        ("out_of_range", "effective_from", "0001-01-01"),
        ("out_of_range", "grace_days", -1),
        ("wrong_type", "grace_days", True),
        ("wrong_type", "disputed_rests", 0),
        ("unknown_value", "repair_periods", "?"),
        ("wrong_type", "rules", {}),
        ("wrong_type", "rules[0]", "E"),
        ("unknown_key", "rules[0].weight", 1),
        ("key_missing", "rules[0].source", GONE),
        ("doubled_id", "rules[102]", FIRST_RULE),
        ("unknown_value", "rules[0].subject", "city"),
        ("unknown_value", "rules[0].category", "living"),
        ("wrong_type", "rules[0].points", -1.5),
        ("sign_differs", "rules[0].points", 50),
        ("sign_differs", "rules[0].points", 0),
        ("out_of_range", "rules[0].points", -1_001),
        ("out_of_range", "rules[0].validity_months", 0),
        ("unknown_value", "rules[0].severity", "grave"),
        ("unknown_value", "rules[0].decay", "half"),
        ("unknown_value", "rules[0].veto", "weak"),
        ("wrong_type", "rules[0].repairable", "yes"),
        ("unknown_value", "rules[0].default", "maybe"),
        ("unknown_value", "rules[0].default", {"on": True}),
        ("unknown_value", "schemes.CQ.status", []),
        ("wrong_type", "rules[0].freq", 3),
        ("out_of_range", "rules[0].qty_divisor", 0),
        ("key_missing", "subjects.village", GONE),
        ("unknown_key", "subjects.city", {}),
        ("out_of_range", f"{LIVING}.max_plus", -1),
        ("grades_out_of_order", "index.grades[1].min", 900),
        ("doubled_id", "index.grades[1].grade", "AAA"),
        ("unknown_value", "schemes.CQ.evaluator", "guess"),
        ("wrong_type", "schemes.CQ.bands[0].ge", []),
        ("out_of_range", "schemes.CQ.bands[0].ge", "many"),
        ("scheme_incomplete", "schemes.CQ.bands", []),
        ("scheme_incomplete", "schemes.CQ.index_knots", [[0, 0]]),
        ("wrong_type", "schemes.CQ.index_knots[1]", [1]),
        ("knots_out_of_order", "schemes.CQ.index_knots[1]", [-1, 0]),
    ],
)
def test_a_malformed_set_is_refused_where_it_is_malformed(
    code: str, field: str, value: object
) -> None:
    changed = document()
    put(changed, field, value)

    assert refusal_of(changed) == (f"credit_scoring.{code}", field)


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        ("index.grades[5]", GONE, "grades_incomplete", "index.grades"),
        ("rules[0].freq", {"months": 1}, "key_missing", "rules[0].freq.max"),
        ("rules[0].freq", {"max": 0, "months": 1}, "out_of_range", "rules[0].freq.max"),
        ("schemes.N13.missing", GONE, "key_missing", "schemes.N13"),
        ("schemes.N13.status", "on", "scheme_incomplete", "schemes.N13.evaluator"),
        ("schemes.GY19.status", "on", "scheme_incomplete", "schemes.GY19.bands"),
        ("schemes.NX25.archive_grades", GRADES, "unknown_value", "schemes.NX25.archive_grades"),
        ("schemes.CQ.bands[0].lt", 3, "doubled_edge", "schemes.CQ.bands[0]"),
        ("schemes.HY22S.benchmarks.tax_per_mu", 0, "out_of_range", "schemes.HY22S.benchmarks"),
        ("schemes.HY22S.weights.tax_per_mu", GONE, "scheme_incomplete", "schemes.HY22S.weights"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_what_lacks_something(
    path: str, value: object, code: str, field: str
) -> None:
    changed = document()
    put(changed, path, value)

    assert refusal_of(changed) == (f"credit_scoring.{code}", field)


def refusal_of(changed: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(Malformed) as refusal:
        read_rule_set(Place(changed))

    assert refusal.value.expected
    return refusal.value.code, refusal.value.field


def test_the_same_set_without_a_change_is_read() -> None:
    assert len(read_rule_set(Place(document())).rules) == 102


def test_a_set_without_periods_repairs_nothing() -> None:
    found = read_rule_set(Place(document() | {"repair_periods": "not_held"}))

    assert {each.min_months for each in found.rules.values()} == {None}
