"""How well scores part good loans from bad ones: AUC, Gini and KS, exact.

AUC is the share of pairs of a good and a bad loan in which the good one has the higher score, a
tie counting half. Gini is ``2 AUC - 1``. KS is the largest gap between the cumulative shares of
bad and of good loans, taken from the lowest score up, after each score that occurs; the score
where it is reached first is told with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrimination:
    """Exact ratios, and the score up to which the gap of KS was taken."""

    goods: int
    bads: int
    auc: Fraction
    gini: Fraction
    ks: Fraction
    ks_score: int


def discrimination(scored: Iterable[tuple[int, bool]]) -> Discrimination | None:
    """Measure scores with their outcome (true is bad); ``None`` without both good and bad."""
    at: dict[int, list[int]] = {}
    for score, bad in scored:
        at.setdefault(score, [0, 0])[bad] += 1
    goods = sum(good for good, _ in at.values())
    bads = sum(bad for _, bad in at.values())
    if not goods or not bads:
        return None
    wins = below_good = below_bad = gap = 0
    gap_score = min(at)
    for score, (good, bad_ones) in sorted(at.items()):
        wins += good * (2 * below_bad + bad_ones)
        below_good, below_bad = below_good + good, below_bad + bad_ones
        apart = abs(below_bad * goods - below_good * bads)
        if apart > gap:
            gap, gap_score = apart, score
    auc = Fraction(wins, 2 * goods * bads)
    ks = Fraction(gap, goods * bads)
    return Discrimination(
        goods=goods, bads=bads, auc=auc, gini=2 * auc - 1, ks=ks, ks_score=gap_score
    )
