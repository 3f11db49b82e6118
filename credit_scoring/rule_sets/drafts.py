"""A draft rule set (规则集草案) before two people adopt it: whole, new, and not of a day gone by.

What is refused here can never be adopted; whether it should be is for people, with what it changes
before them (``credit_scoring.rule_sets.comparison``).
"""

from collections.abc import Iterable
from datetime import date

from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import refuse_unadoptable


def read_draft(document: Place, *, adopted: Iterable[RuleSet], on: date) -> RuleSet:
    """Read a draft that could be adopted on a day beside the sets that are.

    A version and a first day are each of one set: another hash under a known version would be a
    change of what never changes. A draft is effective from a later day, for the set in force on a
    past day decides what that day's scores were.

    Raises:
        Malformed: the place and what was expected there.
    """
    draft = read_rule_set(document)
    refuse_unadoptable(draft)
    for other in adopted:
        if draft.version == other.version:
            _refuse("version", "a version that no set has", draft.version)
        if draft.effective_from == other.effective_from:
            _refuse("effective_from", f"another day than {other.version}'s", draft.effective_from)
    if draft.effective_from <= on:
        _refuse("effective_from", f"a day after {on}", draft.effective_from)
    return draft


def _refuse(field: str, expected: str, found: object) -> None:
    raise Malformed(code="draft_not_new", field=field, expected=expected, found=str(found))
