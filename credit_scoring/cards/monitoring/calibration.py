"""Does a score still mean what it meant: bad loans expected and observed by band of scores.

The expected rate of a band is that of the holdout of the fit; a band that had no good or no bad
loan there counts half of one. ``within`` says whether the observed number lies inside the range
that chance alone leaves in nineteen of twenty cases: at most 1.96 standard deviations from what
is expected, compared as exact squares.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from credit_scoring.cards.card import Band

DEVIATIONS = Fraction(196, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandResult:
    """One band: its scores from ``low`` to below ``high``, and the loans with an outcome in it."""

    low: int
    high: int | None
    loans: int
    bad: int
    expected_rate: Fraction | None

    @property
    def expected_bad(self) -> Fraction | None:
        """How many of the loans were expected to be bad."""
        return None if self.expected_rate is None else self.expected_rate * self.loans

    @property
    def observed_rate(self) -> Fraction | None:
        """The share of bad loans, ``None`` where there is no loan."""
        return Fraction(self.bad, self.loans) if self.loans else None

    @property
    def within(self) -> bool | None:
        """Whether chance explains the difference; ``None`` where there is nothing to compare."""
        if self.expected_rate is None or not self.loans:
            return None
        variance = self.loans * self.expected_rate * (1 - self.expected_rate)
        return (self.bad - self.loans * self.expected_rate) ** 2 <= DEVIATIONS**2 * variance


def band_of(bands: Sequence[Band], score: int) -> int:
    """Return the index of a score's band; below the first is in the first."""
    return max(0, bisect_right(bands, score, key=lambda band: band.low) - 1)


def calibration(
    bands: Sequence[Band], scored: Iterable[tuple[int, bool]]
) -> tuple[BandResult, ...]:
    """Count scores with their outcome (true is bad) by band."""
    counts = [[0, 0] for _ in bands]
    for score, bad in scored:
        counts[band_of(bands, score)][bad] += 1
    return tuple(
        BandResult(
            low=band.low,
            high=bands[index + 1].low if index + 1 < len(bands) else None,
            loans=good + bad_loans,
            bad=bad_loans,
            expected_rate=_rate(band),
        )
        for index, (band, (good, bad_loans)) in enumerate(zip(bands, counts, strict=True))
    )


def _rate(band: Band) -> Fraction | None:
    loans = band.good + band.bad
    if not loans:
        return None
    half = Fraction(1, 2 * loans)
    return min(max(Fraction(band.bad, loans), half), 1 - half)
