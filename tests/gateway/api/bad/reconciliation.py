"""Files and tasks that are refused: what the gateway says no to, and what an entry records."""

from typing import Any

from tests.gateway.api.bad.requests import Bad, get, refused

CSV = (("Content-Type", "text/csv"),)
HEADER = b"record,account,currency,direction,amount,reference,value_date\n"
FILE = "/reconciliations?counterparty=B&file_kind=bank"


def file(name: str, status: int, code: str, *, query: str, **more: Any) -> Bad:
    more = {"actor": "X-1", "raw": HEADER} | more
    return Bad(name=name, status=status, code=code, path=FILE + query, headers=CSV, **more)


RECONCILIATION: tuple[Bad, ...] = (
    file(
        "a_file_with_bad_lines",
        422,
        "reconciliation.file_unreadable",
        query="&day=2026-03-16",
        raw=HEADER + b"movement,x,CNY,in,1.00,R,2026-03-16\n",
        field="account",
    ),
    file(
        "a_file_of_semicolons",
        422,
        "reconciliation.file_unreadable",
        query="&day=2026-03-16",
        raw=HEADER.replace(b",", b";"),
        field="header",
    ),
    Bad(
        name="a_file_without_terms",
        status=404,
        code="reconciliation.terms_unknown",
        path="/reconciliations?counterparty=R&file_kind=register&day=2026-03-16",
        headers=CSV,
        actor="X-1",
        raw=HEADER,
        field="counterparty",
    ),
    file(
        "a_file_as_of_an_entry_to_come",
        404,
        "entry.not_found",
        query="&day=2026-03-16&as_of=999999",
        field="as_of",
    ),
    file(
        "a_file_of_tomorrow",
        409,
        "reconciliation.day_ahead",
        query="&day=2026-03-17",
        field="day",
        recorded=True,
    ),
    file(
        "a_second_file_of_a_day",
        409,
        "reconciliation.day_recorded",
        query="&day=2026-03-15",
        field="day",
        recorded=True,
    ),
    file(
        "a_file_in_the_place_of_none",
        409,
        "reconciliation.nothing_to_supersede",
        query="&day=2026-03-14&supersede=true",
        field="supersede",
        recorded=True,
    ),
    get(
        "a_file_that_was_never_recorded",
        404,
        "reconciliation.file_not_found",
        "/reconciliations/999",
        actor="A-1",
        field="reconciliation",
    ),
    refused(
        "terms_about_what_a_bank_does_not_keep",
        409,
        "reconciliation.terms_unfit",
        path="/proposals/approvals",
        actor="X-2",
        body={"proposal": "{unfit_terms}"},
        field="instruments",
    ),
    refused(
        "an_answer_to_no_task",
        404,
        "reconciliation.task_unknown",
        path="/reconciliation-tasks/answers",
        actor="X-1",
        body={"task": "999", "finding": "timing"},
        field="task",
    ),
    refused(
        "a_task_closed_without_an_answer",
        409,
        "reconciliation.task_state_unfit",
        path="/reconciliation-tasks/closures",
        actor="X-1",
        body={"task": "{task}"},
        field="task",
    ),
    refused(
        "a_task_for_a_trader",
        409,
        "reconciliation.assignee_unfit",
        path="/reconciliation-tasks/assignments",
        actor="X-1",
        body={"task": "{task}", "assignee": "E01-1"},
        field="assignee",
    ),
    refused(
        "an_answer_to_anothers_task",
        403,
        "reconciliation.assignee_only",
        path="/reconciliation-tasks/answers",
        actor="X-1",
        body={"task": "{assigned_task}", "finding": "timing"},
        field="task",
    ),
)
