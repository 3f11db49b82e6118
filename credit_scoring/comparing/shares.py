"""Shares of the four colours, beside the nine distributions that provinces and cities printed.

Published systems have four colours: what is black here is red there. The gap to one distribution is
the largest difference of the four shares, in percentage points; the gap that is stated is the one
to the nearest of the nine. Shares are of the rated subjects, exact until they are shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources

import numpy as np

from credit_scoring.batch.compiled import Flags
from credit_scoring.batch.scoring import BatchScores
from credit_scoring.rule_sets.document import Place, read_json

COLOURS = ("green", "blue", "yellow", "red")
FOLDED = {"black": "red"}  # D is red in schemes of four colours
SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShares:
    """One printed distribution of the four colours, in percent (等级分布)."""

    place: str
    place_zh: str
    firms: int
    percents: tuple[Decimal, ...]
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourShares:
    """How many rated subjects have each of the four colours, and how many are not rated."""

    counts: tuple[int, ...]
    not_rated: int

    @property
    def rated(self) -> int:
        """How many are rated."""
        return sum(self.counts)

    def percent(self, place: int) -> Fraction:
        """Return the share of a colour among the rated, in percent; 0 where nobody is rated."""
        return Fraction(100 * self.counts[place], self.rated) if self.rated else Fraction(0)


def shares_of(scores: BatchScores, mine: Flags | None = None) -> ColourShares:
    """Return the colours of all subjects, or of those that are marked."""
    chosen = np.ones(len(scores.rated), np.bool_) if mine is None else mine
    by_grade = np.bincount(
        scores.grade[chosen & scores.rated], minlength=len(scores.rules.grades)
    ).tolist()
    counts = dict.fromkeys(COLOURS, 0)
    for colour, count in zip(scores.rules.colours, by_grade, strict=True):
        counts[FOLDED.get(colour, colour)] += count
    return ColourShares(
        counts=tuple(counts[colour] for colour in COLOURS),
        not_rated=int(np.count_nonzero(chosen & ~scores.rated)),
    )


@cache
def published() -> tuple[PublishedShares, ...]:
    """Return the nine printed distributions, in the order of the data file."""
    package = resources.files("credit_scoring.comparing")
    document = read_json(package.joinpath("data", "published_shares.json").read_bytes())
    return tuple(map(_published_of, document.items()))


def gap(shares: ColourShares, other: PublishedShares) -> Fraction:
    """Return the largest difference of the four shares, in percentage points."""
    return max(
        abs(shares.percent(place) - Fraction(percent))
        for place, percent in enumerate(other.percents)
    )


def nearest(
    shares: ColourShares, among: Sequence[PublishedShares]
) -> tuple[PublishedShares, Fraction]:
    """Return the distribution with the smallest gap, the first of several, and its gap."""
    found = min(among, key=lambda each: gap(shares, each))
    return found, gap(shares, found)


def shown(percent: Fraction) -> Decimal:
    """Return a share or a gap as people read it: two digits after the point, half to even."""
    return (Decimal(percent.numerator) / Decimal(percent.denominator)).quantize(SHOWN)


def _published_of(row: Place) -> PublishedShares:
    row.keys(required=("place", "place_zh", "firms", *COLOURS, "note"))
    return PublishedShares(
        place=row.at("place").text(),
        place_zh=row.at("place_zh").text(),
        firms=row.at("firms").whole(low=1),
        percents=tuple(row.at(colour).decimal() for colour in COLOURS),
        note=row.at("note").optional_text(),
    )
