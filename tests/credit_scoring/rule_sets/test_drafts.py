"""A draft is whole, has a version and a first day of its own, and lies ahead."""

import json
from datetime import date
from typing import Any

import pytest

from credit_scoring.rule_sets.document import Place, read_json
from credit_scoring.rule_sets.drafts import read_draft
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.rule_sets.writing import document_of

TODAY = date(2026, 11, 21)
AHEAD = {"version": "0.2-draft", "effective_from": "2027-01-01"}


def draft_of(**changed: Any) -> Place:
    return read_json(json.dumps(document_of(shipped()[-1]) | AHEAD | changed).encode())


def test_a_draft_of_its_own_that_lies_ahead_is_read() -> None:
    draft = read_draft(draft_of(), adopted=shipped(), on=TODAY)

    assert (draft.version, draft.effective_from) == ("0.2-draft", date(2027, 1, 1))
    assert draft.hash not in {each.hash for each in shipped()}


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"version": "0.1-draft"}, "draft_not_new", "version"),
        ({"effective_from": "2026-04-01"}, "draft_not_new", "effective_from"),
        ({"effective_from": "2026-11-21"}, "draft_not_new", "effective_from"),
        ({"effective_from": "2020-01-01"}, "draft_not_new", "effective_from"),
        ({"rules": []}, "unknown_value", "native_rows[0].rules"),
        ({"grace_days": "many"}, "wrong_type", "grace_days"),
    ],
)
def test_a_draft_that_could_never_be_adopted_is_refused(
    changed: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        read_draft(draft_of(**changed), adopted=shipped(), on=TODAY)

    assert (refusal.value.code, refusal.value.field) == (f"credit_scoring.{code}", field)
