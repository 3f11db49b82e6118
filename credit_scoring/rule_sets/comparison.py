"""What a draft rule set changes (规则集比较), rule by rule, for the two people who adopt it.

A change is a path and two values as the canonical document writes them. A row that only one set has
is one change with the whole row on its side.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.writing import document_of

LISTS_BY_ID = ("rules", "schemes")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One place in which two rule sets differ; a side without the place has None there."""

    path: str
    before: Any
    after: Any


def compare_rule_sets(before: RuleSet, after: RuleSet) -> tuple[Change, ...]:
    """Return every difference of two sets, in the order of their paths; none for the same set."""
    return tuple(
        sorted(_changes("", _by_id(before), _by_id(after)), key=lambda change: change.path)
    )


def _by_id(rule_set: RuleSet) -> dict[str, Any]:
    document = document_of(rule_set)
    return document | {name: {row["id"]: row for row in document[name]} for name in LISTS_BY_ID}


def _changes(path: str, before: Any, after: Any) -> Iterator[Change]:
    """Yield what differs below a path; lists are compared whole."""
    if before == after:
        return
    both = [(path, before, after)]
    while both:
        place, old, new = both.pop()
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            for name in old.keys() | new.keys():
                one, other = old.get(name), new.get(name)
                if one != other:
                    both.append((f"{place}.{name}" if place else name, one, other))
        else:
            yield Change(path=place, before=old, after=new)
