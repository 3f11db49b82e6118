"""The shipped rule sets: complete, sourced, adding up, immutable, read back to the same hash."""

from dataclasses import FrozenInstanceError, replace
from datetime import date
from typing import Any

import pytest

from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.errors import Malformed, RuleSetMissing
from credit_scoring.rule_sets.reading import read_rule_set, sealed
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force, rule_set_of_version
from credit_scoring.rule_sets.shipped import (
    for_vectors,
    for_vectors_alone,
    refuse_unadoptable,
    shipped,
    source_of,
    table,
)

OFF = {"N13", "ZJ", "LS20", "LSH", "GY19", "SXM", "SC19", "WUXI", "PER_MU"}
FIRST, SECOND = shipped()
# A rule set never changes: another hash is another set, and wants another version.
HASHES = {
    "0.0-draft": "72829153128f8961b39bdb18946562b346b4154137416bbd8ab2088f9f249e9d",
    "0.1-draft": "db5bea50bd59b765844c0aca67ac3618aff7f58246b9998e36f2e3c0658b8435",
}


def test_a_shipped_set_never_changes() -> None:
    assert {each.version: each.hash for each in shipped()} == HASHES


def test_every_rule_is_there_with_its_source() -> None:
    assert len(SECOND.rules) == 102
    assert all(each.source == "-" or source_of(each.source) for each in SECOND.rules.values())


@pytest.mark.parametrize("kind", SubjectKind)
def test_base_and_plus_caps_reach_the_highest_index(kind: SubjectKind) -> None:
    subject = SECOND.subjects[kind]

    assert subject.base + sum(each.max_plus for each in subject.categories.values()) == 1_000


def test_only_sensitive_and_test_rows_are_off() -> None:
    off = {each.id for each in SECOND.rules.values() if not each.is_on}

    assert off == {each.id for each in SECOND.rules.values() if each.is_for_tests} | {"P-PROT-14"}


def test_a_scheme_that_is_off_says_what_is_missing() -> None:
    off = {each.id: each.missing for each in SECOND.schemes.values() if not each.is_on}

    assert off.keys() == OFF
    assert all(off.values())


def test_the_older_set_is_the_newer_without_periods_of_repair() -> None:
    assert all(each.min_months is None for each in FIRST.rules.values())
    assert {replace(each, min_months=None) for each in SECOND.rules.values()} == set(
        FIRST.rules.values()
    )


@pytest.mark.parametrize("rule_set", [*shipped(), for_vectors_alone()], ids=lambda each: each.hash)
def test_canonical_bytes_are_read_back_to_the_same_set(rule_set: RuleSet) -> None:
    again = read_rule_set(read_json(rule_set.canonical))

    assert again == rule_set
    assert (again.canonical, again.rules, again.schemes, again.native_rows) == (
        rule_set.canonical,
        rule_set.rules,
        rule_set.schemes,
        rule_set.native_rows,
    )


def test_a_set_for_vectors_has_every_row_on_and_another_hash() -> None:
    opened = for_vectors(replace(SECOND, grace_days=15, disputed_rests=True))

    assert all(each.is_on for each in opened.rules.values())
    assert (opened.grace_days, opened.disputed_rests) == (0, False)
    assert opened.hash == for_vectors_alone().hash != SECOND.hash


def test_nothing_in_a_set_can_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        SECOND.grace_days = 3  # type: ignore[misc]  # what must not be possible
    with pytest.raises(TypeError):
        SECOND.rules["E-X"] = SECOND.rules["E-COMP-01"]  # type: ignore[index]  # the same


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2019, 1, 1), "0.0-draft"),
        (date(2026, 3, 31), "0.0-draft"),
        (date(2026, 4, 1), "0.1-draft"),
        (date(2030, 1, 1), "0.1-draft"),
    ],
)
def test_the_newest_effective_set_is_in_force(on: date, version: str) -> None:
    assert rule_set_in_force(reversed(shipped()), on).version == version


def test_of_two_sets_from_one_day_the_later_version_is_in_force() -> None:
    later = sealed(replace(SECOND, version="0.2-draft"))

    assert rule_set_in_force([later, SECOND], SECOND.effective_from) == later


def test_before_the_first_set_none_is_in_force() -> None:
    with pytest.raises(RuleSetMissing) as refusal:
        rule_set_in_force(shipped(), date(2018, 12, 31))

    assert refusal.value.code == "credit_scoring.rule_set_missing"


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(RuleSetMissing, match=r"9\.9"):
        rule_set_of_version(shipped(), "9.9")


def test_a_set_whose_caps_do_not_add_up_is_not_adopted() -> None:
    subject = replace(SECOND.subjects[SubjectKind.VILLAGE], base=610)
    changed = replace(SECOND, subjects={**SECOND.subjects, SubjectKind.VILLAGE: subject})

    with pytest.raises(Malformed) as refusal:
        refuse_unadoptable(changed)

    assert refusal.value.code == "credit_scoring.caps_do_not_add_up"
    assert (refusal.value.field, refusal.value.data["found"]) == ("subjects.village", "1010")


@pytest.mark.parametrize(
    ("name", "change", "code", "field"),
    [
        ("E-COMP-01", {"source": "XX99"}, "unknown_source", "rules.E-COMP-01.source"),
        ("T-LIN-01", {"is_on": True}, "test_row_on", "rules.T-LIN-01.default"),
        ("E-COMP-02", None, "unknown_value", "native_rows[1].rules"),
        ("E-COMP-09", None, "unknown_value", "schemes.NX25.archive_grades"),
    ],
)
def test_a_set_with_a_rule_that_does_not_fit_is_not_adopted(
    name: str, change: dict[str, Any] | None, code: str, field: str
) -> None:
    rules = dict(SECOND.rules)
    rule = rules.pop(name)
    if change is not None:
        rules[name] = replace(rule, **change)

    with pytest.raises(Malformed) as refusal:
        refuse_unadoptable(replace(SECOND, rules=rules))

    assert (refusal.value.code, refusal.value.field) == (f"credit_scoring.{code}", field)


@pytest.mark.parametrize(
    "name",
    [
        *("carbon_accounts", "carbon_factors", "coins", "consequences", "departments"),
        *("loan_linkage", "national_indicators_2013", "repair", "retention", "status_words"),
    ],
)
def test_every_table_is_there(name: str) -> None:
    assert table(name).value


def test_a_department_reports_rules_that_exist() -> None:
    named = {rule for row in table("departments").value["rows"] for rule in row["rules"]}

    assert named <= SECOND.rules.keys()


def test_the_national_method_is_not_whole() -> None:
    weights = [row["weight_percent"] for row in table("national_indicators_2013").value]

    assert len(weights) == 21
    assert (sum(each or 0 for each in weights), weights.count(None)) == (56, 14)
