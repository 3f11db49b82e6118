"""The repayment card over HTTP: its file, and scores of rows that the caller brings.

Asking for a score stores nothing: no entry, no key, no value. The values
are the caller's own, so nobody's archive is read. Every answer carries the card's statement. Larger
populations are monitored at the command line.
"""

import asyncio
import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.cards.batch import column_of
from credit_scoring.cards.card import Card
from credit_scoring.cards.errors import LoanDoubled, RowRefused
from credit_scoring.cards.loans_file import Loans
from credit_scoring.cards.monitoring.monitor import monitor
from credit_scoring.cards.monitoring.report import report_of
from credit_scoring.cards.scoring import Explained, rows_of, score
from credit_scoring.cards.sealing import file_of
from credit_scoring.cards.shipped import shipped_card
from gateway.api.door import Door, StrictRoute
from gateway.api.problems import Problem, problem_of
from gateway.api.schemas.base import Identifier
from gateway.api.scorecard_examples import VALUES

ROWS_MAX = 100  # some 10 ms of this process
LOANS_MAX = 1_000  # in a thread of its own
Text = Annotated[str, Field(max_length=64)]


class AskRoute(StrictRoute):
    """A route whose body asks a question: nothing is written, so nothing needs a key."""

    writes_once = False


class ScoreRequest(BaseModel):
    """Rows to score: for each feature a text, or null where it is not known."""

    model_config = ConfigDict(extra="forbid", strict=True)

    rows: Annotated[
        list[dict[str, Text | None]],
        Field(min_length=1, max_length=ROWS_MAX, examples=[[VALUES]]),
    ]


class MonitoredLoan(BaseModel):
    """A loan, its values, and its outcome where that is known."""

    model_config = ConfigDict(extra="forbid", strict=True)

    loan: Identifier
    outcome: Literal["good", "bad"] | None
    values: dict[str, Text | None]


class MonitoringRequest(BaseModel):
    """Loans to hold the card against."""

    model_config = ConfigDict(extra="forbid", strict=True)

    loans: Annotated[list[MonitoredLoan], Field(min_length=1, max_length=LOANS_MAX)]


def add_scorecard(router: APIRouter, door: Door) -> None:
    """Add what is read of the card."""

    @router.get("/repayment-card", tags=["repayment card"])
    async def show_card(request: Request) -> dict[str, Any]:
        """Show the repayment card: its scale, its bins, their points, where it comes from."""
        await door.caller(request)
        card = shipped_card()
        return _said(card) | {"document": json.loads(file_of(card.form))}


def add_scores(router: APIRouter) -> None:
    """Add the question for scores; the route itself has asked who calls."""

    @router.post("/repayment-card/scores", tags=["repayment card"])
    async def score_rows(body: ScoreRequest) -> dict[str, Any]:
        """Score rows by the repayment card and explain each; nothing is kept."""
        card = shipped_card()
        shown = []
        for number, row in enumerate(body.rows):
            try:
                shown.append(_score_shown(card, score(card, row)))
            except RowRefused as error:
                raise _placed(error, f"rows.{number}") from error
        return _said(card) | {"scores": shown}

    @router.post("/repayment-card/monitorings", tags=["repayment card"])
    async def monitor_loans(body: MonitoringRequest) -> dict[str, Any]:
        """Report AUC, Gini, KS, PSI and calibration of the card on loans; nothing is kept."""
        card = shipped_card()
        report = await asyncio.to_thread(_report, card, body.loans)
        return _said(card) | {"document": report}


def _report(card: Card, given: list[MonitoredLoan]) -> dict[str, Any]:
    seen: set[str] = set()
    for number, each in enumerate(given):
        if each.loan in seen:
            doubled = LoanDoubled(f"{each.loan} again", field="loan", expected="each loan once")
            raise _placed(doubled, f"loans.{number}") from doubled
        seen.add(each.loan)
        try:
            rows_of(card, each.values)
        except RowRefused as error:
            raise _placed(error, f"loans.{number}.values") from error
    texts = {table.name: [each.values[table.name] or "" for each in given] for table in card.tables}
    loans = Loans(
        names=[each.loan for each in given],
        texts=texts,
        columns={table.name: column_of(table, texts[table.name]) for table in card.tables},
    )
    outcomes = {each.loan: each.outcome == "bad" for each in given if each.outcome is not None}
    return report_of(card, monitor(card, loans, outcomes))


def _placed(error: RowRefused, place: str) -> Problem:
    """Return the problem that a refusal is, its field named from the body's beginning."""
    problem = problem_of(error)
    problem.field = f"{place}.{problem.field}"
    return problem


def _said(card: Card) -> dict[str, str]:
    form = card.form
    return {
        "statement": form.statement,
        "statement_zh": form.statement_zh,
        "card": form.name,
        "version": form.version,
        "hash": form.hash,
    }


def _score_shown(card: Card, explained: Explained) -> dict[str, Any]:
    return {
        "score": card.points_text(explained.score),
        "lines": [
            {
                "feature": line.feature,
                "title": line.table.title,
                "title_zh": line.table.title_zh,
                "row": line.row,
                "kind": line.kind,
                "points": card.points_text(line.points),
                "best": card.points_text(line.best),
                "lost": card.points_text(line.lost),
            }
            for line in explained.lines
        ],
        "reasons": [line.feature for line in explained.reasons],
    }
