"""The rule sets and tables that ship with the package, and what a set must keep to be adopted.

The rows of a set stand in files of their own, shared by the versions; a set is what they make
together, and its hash is of the whole.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from credit_scoring.rule_sets.document import YEAR_MIN, Place, read_json
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.reading import read_rule_set, sealed
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_of_version

VECTORS_VERSION = "0.1-draft"
PARTS = ("index", "subjects", "sub_indices", "schemes", "rules", "native_rows")
UNPRINTED = "-"


def table(name: str) -> Place:
    """Return a shipped data file, by its name without the ending."""
    text = resources.files("credit_scoring.rule_sets").joinpath("data", f"{name}.json").read_bytes()
    return Place(read_json(text).value, name)


@cache
def shipped() -> tuple[RuleSet, ...]:
    """Return the rule sets that ship with the package, the oldest first."""
    parts = {name: table(name).value for name in PARTS}
    sets = [read_rule_set(Place(head.value | parts)) for head in table("rule_sets").items()]
    for each in sets:
        refuse_unadoptable(each)
    return tuple(sorted(sets, key=lambda each: (each.effective_from, each.version)))


def refuse_unadoptable(rule_set: RuleSet) -> None:
    """Refuse a set that is well formed and that no venue may adopt.

    The base and all plus caps of a kind make the highest index, so that it can be reached and never
    overrun; a row for tests is off; a source is listed; what native schemes name is in the set.

    Raises:
        Malformed: the place and what was expected there.
    """
    for kind, subject in rule_set.subjects.items():
        reached = subject.base + sum(each.max_plus for each in subject.categories.values())
        if reached != rule_set.scale.max:
            raise Malformed(
                code="caps_do_not_add_up",
                field=f"subjects.{kind.value}",
                expected=f"base + plus caps = {rule_set.scale.max}",
                found=str(reached),
            )
    known = table("sources").names()
    for rule in rule_set.rules.values():
        if rule.source != UNPRINTED and rule.source not in known:
            raise Malformed(
                code="unknown_source",
                field=f"rules.{rule.id}.source",
                expected="a key of the sources",
                found=rule.source,
            )
        if rule.is_for_tests and rule.is_on:
            raise Malformed(
                code="test_row_on", field=f"rules.{rule.id}.default", expected="off", found="on"
            )
    for field, name in _rules_named(rule_set):
        if name not in rule_set.rules:
            raise Malformed(
                code="unknown_value", field=field, expected="a rule of the set", found=name
            )


def _rules_named(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    """Yield the rules that native schemes name, each with its place."""
    for number, row in enumerate(rule_set.native_rows):
        for rule in row.rules:
            yield f"native_rows[{number}].rules", rule
    for scheme in rule_set.schemes.values():
        for points in scheme.archive_points:
            yield f"schemes.{scheme.id}.archive_points", points.rule
        for rule in scheme.archive_grades.by_rule if scheme.archive_grades is not None else ():
            yield f"schemes.{scheme.id}.archive_grades", rule


def for_vectors(rule_set: RuleSet) -> RuleSet:
    """Return the set as vectors use it: every row on, no grace, disputes rest nothing."""
    return sealed(
        replace(
            rule_set,
            effective_from=date(YEAR_MIN, 1, 1),
            grace_days=0,
            disputed_rests=False,
            rules=MappingProxyType(
                {name: replace(rule, is_on=True) for name, rule in rule_set.rules.items()}
            ),
        )
    )


def for_vectors_alone() -> RuleSet:
    """Return the set that a file with vectors alone is read with."""
    return for_vectors(rule_set_of_version(shipped(), VECTORS_VERSION))


def source_of(key: str) -> dict[str, Any] | None:
    """Return the title, number and date of a legal source, None where the key is not listed."""
    found: dict[str, Any] | None = table("sources").names().get(key)
    return found
