"""The whole report on generated loans: like the fit, moved away from it, and turned round."""

import csv
import io
import json
from fractions import Fraction

import pytest

from credit_scoring.cards.generating import generated_loans
from credit_scoring.cards.loans_file import Loans, header_of, read_loans
from credit_scoring.cards.monitoring.monitor import Monitored, monitor
from credit_scoring.cards.monitoring.report import rate_text, report_lines, report_of
from credit_scoring.cards.sample import Sample
from credit_scoring.cards.scoring import score
from credit_scoring.cards.shipped import shipped_card

CARD = shipped_card()
SAMPLE = generated_loans(6_000, seed=11)
OUTCOMES = {str(number): bad for number, bad in enumerate(SAMPLE.bad)}


def file_of(sample: Sample, **replaced: str) -> Loans:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header_of(CARD))
    for number in range(len(sample.bad)):
        row = {name: column[number] for name, column in sample.columns.items()} | replaced
        writer.writerow([number, *row.values()])
    return read_loans(CARD, text.getvalue().encode())


def verdicts(found: Monitored) -> dict[str, str]:
    report = report_of(CARD, found)
    stability = [report["score_stability"], *report["feature_stability"]]
    return {each["name"]: each["verdict"] for each in stability}


@pytest.fixture(scope="module")
def alike() -> Monitored:
    return monitor(CARD, file_of(SAMPLE), OUTCOMES)


def test_loans_like_those_of_the_fit_are_stable_and_calibrated(alike: Monitored) -> None:
    assert alike.loans == 6_000
    assert alike.bads == sum(SAMPLE.bad)
    assert verdicts(alike) == {"score": "stable"} | dict.fromkeys(SAMPLE.columns, "stable")
    assert sum(band.within is False for band in alike.bands) <= 2


def test_the_figures_are_those_of_single_scores(alike: Monitored) -> None:
    rows = [
        dict(zip(SAMPLE.columns, row, strict=True))
        for row in zip(*SAMPLE.columns.values(), strict=True)
    ]
    scores = [score(CARD, row).score for row in rows]
    found = alike.discrimination

    goods = [each for each, bad in zip(scores, SAMPLE.bad, strict=True) if not bad]
    bads = [each for each, bad in zip(scores, SAMPLE.bad, strict=True) if bad]
    wins = sum((good > bad) * 2 + (good == bad) for good in goods for bad in bads)
    assert found is not None
    assert found.auc == Fraction(wins, 2 * len(goods) * len(bads))


def test_a_population_that_moved_asks_for_action_where_it_moved() -> None:
    found = monitor(CARD, file_of(SAMPLE, credit_index="300"), {})

    moved = {name for name, asked in verdicts(found).items() if asked == "act"}
    assert moved == {"score", "credit_index"}


def test_outcomes_turned_round_turn_the_card_round(alike: Monitored) -> None:
    turned = monitor(CARD, file_of(SAMPLE), {name: not bad for name, bad in OUTCOMES.items()})

    assert turned.discrimination is not None
    assert alike.discrimination is not None
    assert turned.discrimination.auc == 1 - alike.discrimination.auc
    assert any(band.within is False for band in turned.bands)


def test_without_outcomes_stability_alone_is_told() -> None:
    report = report_of(CARD, monitor(CARD, file_of(SAMPLE), {}))

    assert report["discrimination"] is None
    assert report["outcomes"] == {"good": 0, "bad": 0, "unknown": 6_000}
    assert report["score_stability"]["verdict"] == "stable"
    assert "not without both" in "\n".join(report_lines(CARD, report))


def test_both_reports_begin_with_the_statement(alike: Monitored) -> None:
    report = report_of(CARD, alike)

    assert next(report_lines(CARD, report)) == CARD.form.statement
    assert json.loads(json.dumps(report))["statement"] == CARD.form.statement


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (Fraction(0), "0.000000"),
        (Fraction(1), "1.000000"),
        (Fraction(-1, 3), "-0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(1, 2_000_000), "0.000001"),
    ],
)
def test_a_ratio_is_printed_with_six_decimals(rate: Fraction, text: str) -> None:
    assert rate_text(rate) == text
