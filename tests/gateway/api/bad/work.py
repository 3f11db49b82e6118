"""What is refused about jobs."""

from typing import Any

from tests.gateway.api.bad.requests import Bad, get

JOB = "019ddc4e-7b30-7c11-9d5e-0f6f2b9a4c11"


def ask(name: str, status: int, code: str, *, field: str, **parameters: Any) -> Bad:
    body = {"kind": "audit_bundle", "parameters": parameters}
    return Bad(name=name, status=status, code=code, path="/jobs", body=body, field=field)


WORK: tuple[Bad, ...] = (
    Bad(
        name="a_job_of_no_kind",
        status=422,
        code="work.kind_unknown",
        path="/jobs",
        body={"kind": "mine_coins", "parameters": {}},
        field="kind",
    ),
    ask(
        "a_bundle_without_a_scope",
        422,
        "work.parameters_unfit",
        field="parameters.scope",
        since="20",
    ),
    ask(
        "a_bundle_with_what_nobody_knows",
        422,
        "work.parameters_unfit",
        field="parameters.colour",
        scope="everything",
        colour="red",
    ),
    ask(
        "a_bundle_since_no_number",
        422,
        "work.parameters_unfit",
        field="parameters.since",
        scope="everything",
        since="0",
    ),
    get("a_job_that_never_was", 404, "work.job_unknown", f"/jobs/{JOB}", field="job"),
    Bad(
        name="a_job_that_never_was_cancelled",
        status=404,
        code="work.job_unknown",
        path="/jobs/cancellations",
        body={"job": JOB},
        field="job",
    ),
    get("a_result_that_never_was", 404, "work.job_unknown", f"/jobs/{JOB}/result", field="job"),
)
