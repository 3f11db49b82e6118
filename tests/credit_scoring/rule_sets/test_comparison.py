"""Two rule sets are compared by rule and field."""

from dataclasses import replace

from credit_scoring.rule_sets.comparison import Change, compare_rule_sets
from credit_scoring.rule_sets.reading import sealed
from credit_scoring.rule_sets.shipped import shipped

FIRST, SECOND = shipped()


def test_a_set_does_not_differ_from_itself() -> None:
    assert compare_rule_sets(SECOND, SECOND) == ()


def test_a_changed_field_of_a_rule_is_one_change() -> None:
    rule = replace(SECOND.rules["E-COMP-01"], points=-60)
    draft = sealed(replace(SECOND, rules={**SECOND.rules, rule.id: rule}))

    assert compare_rule_sets(SECOND, draft) == (
        Change(path="rules.E-COMP-01.points", before="-50", after="-60"),
    )


def test_a_row_that_only_one_set_has_is_shown_whole() -> None:
    rules = {name: each for name, each in SECOND.rules.items() if name != "V-GOV-02"}
    draft = sealed(replace(SECOND, rules=rules))

    gone, come = compare_rule_sets(SECOND, draft), compare_rule_sets(draft, SECOND)

    assert [(each.path, each.after) for each in gone] == [("rules.V-GOV-02", None)]
    assert gone[0].before == come[0].after
    assert gone[0].before["points"] == "40"


def test_the_shipped_sets_differ_in_their_heads_and_periods() -> None:
    paths = {each.path for each in compare_rule_sets(FIRST, SECOND)}

    assert {"version", "effective_from", "reason", "repair_periods"} <= paths
    assert all(each.endswith(".min_months") for each in paths if each.startswith("rules."))
