"""Hold a card against the loans of a time: who came, how they scored, and how they ended.

The loans are scored again from their values, so that the figures are of this card and no other.
Those without an outcome count for stability alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from credit_scoring.cards.batch import score_batch
from credit_scoring.cards.card import Card
from credit_scoring.cards.loans_file import Loans
from credit_scoring.cards.monitoring.calibration import BandResult, band_of, calibration
from credit_scoring.cards.monitoring.discrimination import Discrimination, discrimination
from credit_scoring.cards.monitoring.stability import psi


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Loans in each cell, at the fit and now; ``index`` is ``None`` where there are none."""

    name: str
    cells: Sequence[str]
    expected: Sequence[int]
    actual: Sequence[int]
    index: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """All figures; ``discrimination`` is ``None`` without both a good and a bad loan."""

    loans: int
    goods: int
    bads: int
    discrimination: Discrimination | None
    score: Stability
    features: tuple[Stability, ...]
    bands: tuple[BandResult, ...]


def monitor(card: Card, loans: Loans, outcomes: Mapping[str, bool]) -> Monitored:
    """Measure a card on loans and what is known of their outcomes."""
    batch = score_batch(card, loans.columns)
    scores: list[int] = batch.scores.tolist()
    scored = [
        (score, outcomes[name])
        for name, score in zip(loans.names, scores, strict=True)
        if name in outcomes
    ]
    bads = sum(bad for _, bad in scored)
    return Monitored(
        loans=len(scores),
        goods=len(scored) - bads,
        bads=bads,
        discrimination=discrimination(scored),
        score=_score_stability(card, scores),
        features=tuple(
            _stability(
                table.name,
                [row.text for row in table.rows],
                expected=[row.loans for row in table.rows],
                actual=np.bincount(batch.rows[:, index], minlength=len(table.rows)).tolist(),
            )
            for index, table in enumerate(card.tables)
        ),
        bands=calibration(card.bands, scored),
    )


def _score_stability(card: Card, scores: list[int]) -> Stability:
    actual = [0] * len(card.bands)
    for score in scores:
        actual[band_of(card.bands, score)] += 1
    return _stability(
        "score",
        [f"from {card.points_text(band.low)}" for band in card.bands],
        expected=[band.good + band.bad for band in card.bands],
        actual=actual,
    )


def _stability(name: str, cells: list[str], *, expected: list[int], actual: list[int]) -> Stability:
    index = psi(expected, actual)
    return Stability(name=name, cells=cells, expected=expected, actual=actual, index=index)
