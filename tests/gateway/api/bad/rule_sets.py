"""Rule sets that no one may propose: each document with one fault, and where it stands."""

from copy import deepcopy
from typing import Any

from credit_scoring.rule_sets.adopting.commands import DOCUMENT_BYTES_MAX
from credit_scoring.rule_sets.adopting.refusals import Reject
from gateway.api.rule_set_examples import DOCUMENT
from tests.gateway.api.bad.requests import Bad

# What is refused when two people decide, and not when a document is read.
LATER = frozenset(Reject) - {Reject.RULE_SET_TOO_LARGE, Reject.CHALLENGER_UNKNOWN}
_BAND: dict[str, Any] = {"grade": "green", "ge": "95"}
_SCHEME: dict[str, Any] = {
    "id": "S1",
    "zh": "测试",
    "evaluator": "additive_bands",
    "source": "JS19",
    "base": "0",
    "max": "100",
    "bands": [_BAND, {"grade": "red", "lt": "95"}],
}


def _changed(path: str, value: Any) -> dict[str, Any]:
    """Return the example with another value at a path, None taking the key away."""
    document = deepcopy(DOCUMENT)
    *parents, last = path.split(".")
    place: Any = document
    for name in parents:
        place = place[int(name)] if isinstance(place, list) else place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return document


def bad(code: str, field: str, path: str, value: Any) -> Bad:
    return Bad(
        name=f"a_rule_set_with_{code}",
        status=422,
        code=f"credit_scoring.{code}",
        path="/credit/rule-sets",
        body={
            "document": _changed(path, value),
            "rule_set_hash": "e5" * 32,
            "decision": "1",
        },
        actor="R-1",
        field=f"document.{field}",
    )


_RULE: dict[str, Any] = DOCUMENT["rules"][0]
_GRADES: list[dict[str, Any]] = DOCUMENT["index"]["grades"]
_LARGE = [_RULE | {"id": f"E-{n}"} for n in range(DOCUMENT_BYTES_MAX // 400)]
RULE_SETS: tuple[Bad, ...] = (
    bad("caps_do_not_add_up", "subjects.person", "subjects.person.base", "701"),
    bad("key_missing", "grace_days", "grace_days", None),
    bad("unknown_key", "rules[0].score", "rules.0.score", "1"),
    bad("unknown_value", "rules[0].decay", "rules.0.decay", "weekly"),
    bad("wrong_type", "disputed_rests", "disputed_rests", "no"),
    bad("out_of_range", "rules[0].points", "rules.0.points", "-1001"),
    bad("sign_differs", "rules[0].points", "rules.0.points", "50"),
    bad("unknown_source", "rules.E-COMP-01.source", "rules.0.source", "NOBODY"),
    bad("doubled_id", "rules[1]", "rules", [_RULE, _RULE]),
    bad("too_many", "rules", "rules", [{}] * 10_001),
    bad("grades_incomplete", "index.grades", "index.grades", _GRADES[:1]),
    bad("grades_out_of_order", "index.grades[1].min", "index.grades", _GRADES[::-1]),
    bad("test_row_on", "rules.E-COMP-01.default", "rules.0.status", "test"),
    bad("scheme_incomplete", "schemes[0].bands", "schemes", [_SCHEME | {"bands": []}]),
    bad(
        "doubled_edge",
        "schemes[0].bands[0]",
        "schemes",
        [_SCHEME | {"bands": [_BAND | {"gt": "95"}]}],
    ),
    bad(
        "knots_out_of_order",
        "schemes[0].index_knots[1]",
        "schemes",
        [_SCHEME | {"index_knots": [["60", "400"], ["0", "0"]]}],
    ),
    Bad(
        name="a_rule_set_that_is_too_large",
        status=413,
        code="credit.rule_set_too_large",
        path="/credit/rule-sets",
        body={
            "document": _changed("rules", _LARGE),
            "rule_set_hash": "e5" * 32,
            "decision": "1",
        },
        actor="R-1",
        field="document",
    ),
    Bad(
        name="a_rule_set_that_was_not_adopted",
        status=404,
        code="credit_scoring.rule_set_missing",
        method="GET",
        path="/credit/rule-sets/9.9",
        field="rule_set",
        key=None,
    ),
    Bad(
        name="a_challenger_that_was_not_appointed",
        status=404,
        code="credit.challenger_unknown",
        method="GET",
        path="/credit/challengers/9.9",
        actor="R-1",
        field="version",
        key=None,
    ),
)
