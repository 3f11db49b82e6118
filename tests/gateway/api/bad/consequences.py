"""Questions about consequences that are none."""

from typing import Any

from credit_scoring.consequences.adopting.commands import DOCUMENT_BYTES_MAX
from credit_scoring.consequences.adopting.refusals import Reject
from tests.gateway.api.bad.requests import Bad, get

# What the machine refuses when two people decide, and what needs a table in force.
LATER = frozenset(Reject) - {Reject.TABLE_TOO_LARGE, Reject.TABLE_UNFIT}
ASKED = (
    "credit_scoring.consequence_grade_unknown",
    "credit_scoring.consequence_scheme_unknown",
    "credit_scoring.working_days_unknown",
    "credit_scoring.scheme_unknown",
    "credit_scoring.scheme_off",
    "credit_scoring.native_input_refused",
)

ASK = "/credit/consequences?kind=enterprise&region=320100"

TABLE = {"version": "2030-a", "effective_from": "2030-01-01", "rows": []}


def table(name: str, status: int, code: str, *, field: str, document: Any) -> Bad:
    body = {"document": document, "table_hash": "e5" * 32, "decision": "1"}
    path = "/credit/consequence-tables"
    return Bad(name=name, status=status, code=code, path=path, body=body, actor="R-1", field=field)


CONSEQUENCES: tuple[Bad, ...] = (
    get(
        "a_day_before_every_rule_set",
        404,
        "credit_scoring.rule_set_missing",
        f"{ASK}&grade=A&on=2010-01-01",
        field="rule_set",
    ),
    get(
        "a_table_that_was_not_adopted",
        404,
        "credit.consequences_missing",
        "/credit/consequence-tables/9.9",
        field="version",
    ),
    table(
        "a_table_of_consequences_without_a_day",
        422,
        "credit.consequences_unfit",
        field="document.effective_from",
        document={"version": "2030-a", "rows": []},
    ),
    table(
        "a_table_of_consequences_that_is_too_large",
        413,
        "credit.consequences_too_large",
        field="document",
        document=TABLE | {"note": "x" * DOCUMENT_BYTES_MAX},
    ),
)
