"""What is refused about runs and snapshots in a venue that has none."""

from credit_scoring.runs.refusals import Reject
from tests.gateway.api.bad.requests import Bad, get

# What is refused when two people decide, or when a worker records what it has run.
OF_RUNS = frozenset(Reject) - {Reject.RUN_UNKNOWN}
SNAPSHOT = {
    "run": "1",
    "valid_from": "2026-07-01",
    "valid_until": "2026-12-31",
    "decision": "2026/31",
}
CREDIT_RUNS: tuple[Bad, ...] = (
    get(
        "a_run_that_never_was",
        404,
        "credit.run_unknown",
        "/credit/runs/1",
        field="run",
        actor="R-1",
    ),
    Bad(
        name="a_snapshot_that_one_person_designates",
        status=403,
        code="ledger.four_eyes_required",
        path="/credit/snapshots",
        body=SNAPSHOT,
        actor="R-1",
        recorded=True,
    ),
    Bad(
        name="a_snapshot_until_no_day",
        status=422,
        code="request.day_invalid",
        path="/credit/snapshots",
        body=SNAPSHOT | {"valid_until": "2026-02-30"},
        actor="R-1",
        field="valid_until",
    ),
)
