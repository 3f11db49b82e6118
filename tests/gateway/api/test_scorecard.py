"""The repayment card over HTTP: shown, asked for scores, and nothing kept of it."""

from typing import Any

import httpx
import pytest

from credit_scoring.cards.generating import generated_loans
from credit_scoring.cards.loans_file import read_loans
from credit_scoring.cards.monitoring.monitor import monitor
from credit_scoring.cards.monitoring.report import report_of
from credit_scoring.cards.reading import read_card
from credit_scoring.cards.scoring import score
from credit_scoring.cards.shipped import shipped_card
from gateway.api.scorecard_examples import ASKED, VALUES
from gateway.api.scorecards import LOANS_MAX, ROWS_MAX
from kernel.canonical import canonical
from tests.gateway.api.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def ask(house: House, *rows: dict[str, str | None], actor: str = "B-1") -> httpx.Response:
    headers = {"Authorization": house.headers(actor)["Authorization"]}
    return await house.http.post(
        "/v1/repayment-card/scores", json={"rows": list(rows)}, headers=headers
    )


async def test_the_card_is_shown_whole_and_can_be_kept(house: House) -> None:
    shown = (await house.get("/repayment-card", "E01-1")).json()

    assert shown["statement"] == shipped_card().form.statement
    assert read_card(canonical(shown["document"])).form == shipped_card().form


async def test_scores_are_those_of_the_card_and_come_with_the_statement(house: House) -> None:
    answer = await ask(house, VALUES, VALUES | {"credit_index": "300"})

    found = answer.json()
    explained = score(shipped_card(), VALUES)
    assert answer.status_code == 200
    assert found["statement"] == shipped_card().form.statement
    assert found["scores"][0]["score"] == str(explained.score)
    assert found["scores"][0]["reasons"] == [line.feature for line in explained.reasons]
    assert int(found["scores"][1]["score"]) < explained.score


async def test_the_example_of_the_document_is_what_the_service_says(house: House) -> None:
    _, example = ASKED["/v1/repayment-card/scores"]

    found = (await ask(house, VALUES)).json()

    assert found["scores"][0]["score"] == example["scores"][0]["score"]
    assert found["scores"][0]["lines"][0] == example["scores"][0]["lines"][0]


async def test_asking_changes_nothing(house: House) -> None:
    before, head = await house.state(), await house.head()

    await ask(house, VALUES)

    assert (await house.state(), await house.head()) == (before, head)


async def test_a_stranger_hears_nothing(house: House) -> None:
    asked = await house.http.post("/v1/repayment-card/scores", json={"rows": [VALUES]})
    shown = await house.http.get("/v1/repayment-card")

    assert (asked.status_code, shown.status_code) == (401, 401)


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ([], "request.too_short", "rows"),
        ([VALUES] * (ROWS_MAX + 1), "request.too_long", "rows"),
        ([VALUES | {"purpose": "x" * 65}], "request.too_long", "rows.0.purpose"),
    ],
)
async def test_rows_are_bounded(
    house: House, rows: list[dict[str, str | None]], code: str, field: str
) -> None:
    problem = (await ask(house, *rows)).json()

    assert (problem["code"], problem["field"]) == (code, field)


async def test_a_number_that_is_no_text_is_refused(house: House) -> None:
    headers = {"Authorization": house.headers("B-1")["Authorization"]}
    body = {"rows": [VALUES | {"arrears_12m": 0}]}

    problem = await house.http.post("/v1/repayment-card/scores", json=body, headers=headers)

    assert problem.json()["code"] == "request.type_unfit"
    assert problem.json()["field"] == "rows.0.arrears_12m"


async def test_monitoring_says_what_the_command_line_says(house: House) -> None:
    sample = generated_loans(LOANS_MAX, seed=5)
    names = list(sample.columns)
    outcomes = ["bad" if bad else "good" for bad in sample.bad]
    rows = zip(*sample.columns.values(), strict=True)
    loans: list[dict[str, Any]] = [
        {"loan": f"L-{number}", "outcome": outcome, "values": dict(zip(names, row, strict=True))}
        for number, (outcome, row) in enumerate(zip(outcomes, rows, strict=True))
    ]
    head = await house.head()

    answer = await monitored(house, loans)

    text = "\n".join(
        ",".join([each["loan"], *(value or "" for value in each["values"].values())])
        for each in loans
    )
    read = read_loans(shipped_card(), f"loan,{','.join(names)}\n{text}\n".encode())
    known = {each["loan"]: each["outcome"] == "bad" for each in loans}
    assert answer.status_code == 200
    assert answer.json()["document"] == report_of(
        shipped_card(), monitor(shipped_card(), read, known)
    )
    assert await house.head() == head


async def test_one_loan_without_an_outcome_has_no_auc(house: House) -> None:
    answer = await monitored(house, [{"loan": "L-1", "outcome": None, "values": VALUES}])

    assert answer.json()["document"]["discrimination"] is None
    assert answer.json()["statement"] == shipped_card().form.statement


async def monitored(house: House, loans: list[dict[str, Any]]) -> httpx.Response:
    headers = {"Authorization": house.headers("B-1")["Authorization"]}
    path = "/v1/repayment-card/monitorings"
    return await house.http.post(path, json={"loans": loans}, headers=headers)
