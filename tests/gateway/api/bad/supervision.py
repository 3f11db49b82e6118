"""What the supervision refuses where nothing follows from anything yet."""

from exchange.supervision.refusals import Reject
from tests.gateway.api.bad.requests import Bad, get, refused

SUPERVISION: tuple[Bad, ...] = (
    get(
        "no_such_decision_of_an_authority",
        404,
        Reject.DECISION_UNKNOWN,
        "/supervision/decisions/99",
        field="number",
    ),
    refused(
        "facts_of_a_year_from_which_nothing_follows",
        409,
        Reject.ORIGIN_NOT_SET,
        path="/compliance/settlements",
        actor="R-1",
        body={"right": "CARBON", "year": 2025},
    ),
    refused(
        "a_report_missing_before_it_is_due",
        409,
        Reject.REPORT_UNFIT,
        path="/compliance/reports",
        actor="V-1",
        body={
            "report": "carbon",
            "year": 2025,
            "due_on": "2026-12-31",
            "lines": [{"party": "E01", "evidence": "e5" * 32}],
        },
        field="lines.0.filed_on",
    ),
)
LATER = frozenset(Reject) - {bad.code for bad in SUPERVISION}
