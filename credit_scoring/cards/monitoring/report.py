"""The report of a card's monitoring, for programs and for people; both begin with the statement."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from credit_scoring.cards.card import Card
from credit_scoring.cards.monitoring.calibration import BandResult
from credit_scoring.cards.monitoring.discrimination import Discrimination
from credit_scoring.cards.monitoring.monitor import Monitored, Stability
from credit_scoring.cards.monitoring.stability import verdict
from kernel.money import round_half_up

RATE_DECIMALS = 6


def rate_text(rate: Fraction, *, decimals: int = RATE_DECIMALS) -> str:
    """Return a ratio as a decimal text, rounded half away from zero."""
    steps = round_half_up(rate.numerator * 10**decimals, rate.denominator)
    sign = "-" if steps < 0 else ""
    whole, part = divmod(abs(steps), 10**decimals)
    return f"{sign}{whole}.{part:0{decimals}d}"


def report_of(card: Card, found: Monitored) -> dict[str, Any]:
    """Return the report as plain values; every ratio is a decimal text."""
    form = card.form
    return {
        "statement": form.statement,
        "statement_zh": form.statement_zh,
        "card": form.name,
        "version": form.version,
        "hash": form.hash,
        "loans": found.loans,
        "outcomes": {
            "good": found.goods,
            "bad": found.bads,
            "unknown": found.loans - found.goods - found.bads,
        },
        "discrimination": _discrimination(card, found.discrimination),
        "holdout_auc": form.provenance.holdout_auc,
        "score_stability": _stability(found.score),
        "feature_stability": [_stability(each) for each in found.features],
        "calibration": [_band(card, each) for each in found.bands],
    }


def report_lines(card: Card, report: dict[str, Any]) -> Iterator[str]:
    """Iterate the lines of a report for people."""
    yield report["statement"]
    yield report["statement_zh"]
    yield ""
    outcomes = report["outcomes"]
    yield f"card {card.label}: {report['loans']} loans, " + ", ".join(
        f"{count} {name}" for name, count in outcomes.items()
    )
    if report["discrimination"] is None:
        yield "AUC, Gini, KS: not without both a good and a bad loan"
    else:
        measured = report["discrimination"]
        yield (
            f"AUC {measured['auc']} (holdout of the fit {report['holdout_auc']}),"
            f" Gini {measured['gini']}, KS {measured['ks']} at {measured['ks_score']}"
        )
    yield ""
    yield "PSI: below 0.1 stable, above 0.25 act"
    for each in (report["score_stability"], *report["feature_stability"]):
        yield f"  {each['name']:<24} {each['psi'] or 'none':>9}  {each['verdict'] or ''}".rstrip()
    yield ""
    yield "band                loans     bad  expected  observed"
    for band in report["calibration"]:
        until = " and more" if band["high"] is None else f" to below {band['high']}"
        rates = [band["expected_rate"] or "-", band["observed_rate"] or "-"]
        mark = "  outside of chance" if band["within"] is False else ""
        yield (
            f"{band['low']}{until}".ljust(18)
            + f"{band['loans']:>7} {band['bad']:>7}  {rates[0]:>8}  {rates[1]:>8}{mark}"
        )


def _discrimination(card: Card, found: Discrimination | None) -> dict[str, str] | None:
    if found is None:
        return None
    return {
        "auc": rate_text(found.auc),
        "gini": rate_text(found.gini),
        "ks": rate_text(found.ks),
        "ks_score": card.points_text(found.ks_score),
    }


def _stability(found: Stability) -> dict[str, Any]:
    return {
        "name": found.name,
        "psi": None if found.index is None else f"{found.index:f}",
        "verdict": None if found.index is None else verdict(found.index).value,
        "cells": [
            {"cell": cell, "expected": expected, "actual": actual}
            for cell, expected, actual in zip(
                found.cells, found.expected, found.actual, strict=True
            )
        ],
    }


def _band(card: Card, found: BandResult) -> dict[str, Any]:
    rates = {
        "expected_rate": found.expected_rate,
        "observed_rate": found.observed_rate,
        "expected_bad": found.expected_bad,
    }
    return {
        "low": card.points_text(found.low),
        "high": None if found.high is None else card.points_text(found.high),
        "loans": found.loans,
        "bad": found.bad,
        **{name: None if rate is None else rate_text(rate) for name, rate in rates.items()},
        "within": found.within,
    }
