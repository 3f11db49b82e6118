"""What the repayment card does not score."""

from typing import Any

from gateway.api.scorecard_examples import VALUES
from tests.gateway.api.bad.requests import Bad

PATH = "/repayment-card/scores"
LOAN: dict[str, Any] = {"loan": "L-1", "outcome": "good", "values": VALUES}


def _asked(name: str, code: str, field: str, *rows: dict[str, Any]) -> Bad:
    return Bad(name=name, status=422, code=code, path=PATH, body={"rows": list(rows)}, field=field)


SCORECARD: tuple[Bad, ...] = (
    _asked(
        "a_score_without_a_feature",
        "card.feature_absent",
        "rows.1.purpose",
        VALUES,
        {name: value for name, value in VALUES.items() if name != "purpose"},
    ),
    _asked(
        "a_score_by_what_no_card_may_ask",
        "card.feature_unknown",
        "rows.0.sex",
        VALUES | {"sex": "f"},
    ),
    _asked(
        "a_score_of_what_is_no_number",
        "card.value_unreadable",
        "rows.0.loan_to_income",
        VALUES | {"loan_to_income": "0,8"},
    ),
    Bad(
        name="a_loan_twice_among_those_to_monitor_by",
        status=422,
        code="card.loan_doubled",
        path="/repayment-card/monitorings",
        body={"loans": [LOAN, LOAN | {"outcome": "bad"}]},
        field="loans.1.loan",
    ),
    Bad(
        name="a_loan_to_monitor_by_with_a_value_that_is_no_number",
        status=422,
        code="card.value_unreadable",
        path="/repayment-card/monitorings",
        body={"loans": [LOAN | {"values": VALUES | {"credit_index": "high"}}]},
        field="loans.0.values.credit_index",
    ),
)
