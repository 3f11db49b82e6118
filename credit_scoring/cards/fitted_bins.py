"""Turn what optbinning found for one feature into rows of a card, and hold it against its counts.

An edge is the smallest value on the feature's grid that is not below optbinning's split. Then our
bins must hold exactly the good and bad loans that optbinning's hold; if not, there is no card.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

from msgspec.structs import replace as replaced

from credit_scoring.cards.card import Value
from credit_scoring.cards.errors import FitRefused
from credit_scoring.cards.exact import key_of_text, steps_of_text, text_of_steps
from credit_scoring.cards.form import (
    CategoryBin,
    FeatureForm,
    MissingRow,
    NumberBin,
    Row,
    SpecialRow,
    UnseenRow,
)
from credit_scoring.cards.points import Scale, information_value, points, rounded, woe
from credit_scoring.cards.sample import Sample, Variable

OWN_WEIGHT_MIN = 10  # good and bad loans that a row beside the bins needs for a weight of its own
NOTHING: dict[str, Any] = {"points": "0", "basis": "worst", "woe": None, "good": "0", "bad": "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What turns a weight of evidence of one feature into points."""

    scale: Scale
    features: int
    intercept: Decimal
    coefficient: Decimal

    def points(self, weight: Decimal) -> int:
        """Return whole points."""
        exact = points(
            self.scale,
            features=self.features,
            intercept=self.intercept,
            coefficient=self.coefficient,
            woe=weight,
        )
        return rounded(exact, decimals=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A feature's rows with the good and bad loans in each; the last two: missing, unseen."""

    rows: tuple[Row, ...]
    good: tuple[int, ...]
    bad: tuple[int, ...]

    def weight(self, number: int) -> Decimal:
        """Return the weight of evidence of a row that has good and bad loans."""
        return woe(
            good=self.good[number],
            bad=self.bad[number],
            goods=sum(self.good),
            bads=sum(self.bad),
        )


def counted(variable: Variable, train: Sample, binned: Any) -> Counted:
    """Return the rows of a feature that optbinning binned, with our counts.

    Raises:
        FitRefused: the feature has one bin only, or our counts are not optbinning's.
    """
    rows = _number_rows(variable, binned) if variable.kind == "number" else _category_rows(binned)
    bins = sum(isinstance(row, NumberBin | CategoryBin) for row in rows)
    if bins <= 1:
        raise FitRefused(f"{variable.name} says nothing", field=variable.name, expected="2 bins")
    place = _Places.of(rows, decimals=variable.decimals)
    good, bad = [0] * len(rows), [0] * len(rows)
    for value, is_bad in zip(train.columns[variable.name], train.bad, strict=True):
        (bad if is_bad else good)[place.of_value(value)] += 1
    table = binned.binning_table
    specials = len(variable.special)
    theirs_good = _compared(table.n_nonevent, bins, specials)
    theirs_bad = _compared(table.n_event, bins, specials)
    if [good[:-1], bad[:-1]] != [theirs_good, theirs_bad] or good[-1] or bad[-1]:
        raise FitRefused(
            f"{variable.name}: good {good} and bad {bad}",
            field=variable.name,
            expected=f"optbinning's good {theirs_good} and bad {theirs_bad}, none unseen",
        )
    return Counted(rows=tuple(rows), good=tuple(good), bad=tuple(bad))


def feature_of(variable: Variable, found: Counted, weighing: Weighing) -> FeatureForm:
    """Return the feature as it stands in a card, with weights and points.

    Raises:
        FitRefused: a coefficient that contradicts the bins, or a bin without good or bad loans.
    """
    if weighing.coefficient <= 0:
        raise FitRefused(
            f"{variable.name} has coefficient {weighing.coefficient}",
            field=variable.name,
            expected="above 0: leave the feature out, or what it repeats",
        )
    rows: list[Row] = []
    for number, row in enumerate(found.rows):
        good, bad = found.good[number], found.bad[number]
        given = {"good": str(good), "bad": str(bad)}
        is_bin = isinstance(row, NumberBin | CategoryBin)
        if is_bin and not (good and bad):
            raise FitRefused(
                f"{variable.name}: {good} good and {bad} bad in a bin",
                field=variable.name,
                expected="both in every bin",
            )
        if is_bin or (min(good, bad) >= OWN_WEIGHT_MIN and not isinstance(row, UnseenRow)):
            weight = found.weight(number)
            worth = str(weighing.points(weight))
            rows.append(replaced(row, points=worth, woe=str(weight), basis="fitted", **given))
        else:
            rows.append(replaced(row, **given))
    return FeatureForm(
        name=variable.name,
        title=variable.title,
        title_zh=variable.title_zh,
        unit=variable.unit,
        kind=variable.kind,
        decimals=str(variable.decimals),
        coefficient=str(weighing.coefficient),
        information_value=str(information_value(list(zip(found.good, found.bad, strict=True)))),
        rows=_beside_the_bins(rows),
    )


def _beside_the_bins(rows: list[Row]) -> tuple[Row, ...]:
    """Give rows without a weight the worst bin's points, and missing at most the best bin's."""
    bins = [int(row.points) for row in rows if isinstance(row, NumberBin | CategoryBin)]
    settled: list[Row] = []
    for row in rows:
        if row.basis == "worst":
            settled.append(replaced(row, points=str(min(bins))))
        elif isinstance(row, MissingRow) and int(row.points) > max(bins):
            settled.append(replaced(row, points=str(max(bins)), basis="best", woe=None))
        else:
            settled.append(row)
    return tuple(settled)


def _number_rows(variable: Variable, binned: Any) -> list[Row]:
    step = Decimal(1).scaleb(-variable.decimals)
    # A float is a decimal, so nothing is lost before the one rounding up.
    inner = [
        f"{Decimal(float(split)).quantize(step, rounding=ROUND_CEILING):f}"
        for split in binned.splits
    ]
    edges = [
        text_of_steps(_steps(text, variable), decimals=variable.decimals)
        for text in (variable.low, *inner, variable.high)
    ]
    bins: list[Row] = [
        NumberBin(low=low, low_in=True, high=high, high_in=high is edges[-1], **NOTHING)
        for low, high in pairwise(edges)
    ]
    special = [
        SpecialRow(values=(value,), meaning=meaning, **NOTHING)
        for value, meaning in variable.special.items()
    ]
    return [*bins, *special, MissingRow(**NOTHING), UnseenRow(**NOTHING)]


def _category_rows(binned: Any) -> list[Row]:
    bins: list[Row] = [
        CategoryBin(values=tuple(sorted(str(value) for value in values)), **NOTHING)
        for values in binned.splits
    ]
    return [*bins, MissingRow(**NOTHING), UnseenRow(**NOTHING)]


def _steps(text: str, variable: Variable) -> int:
    steps = steps_of_text(text, decimals=variable.decimals)
    if steps is None:
        expected = f"a number with at most {variable.decimals} decimals"
        raise FitRefused(f"edge {text}", field=variable.name, expected=expected)
    return steps


def _compared(theirs: Sequence[Any], bins: int, specials: int) -> list[int]:
    """Return optbinning's counts as ours stand: it keeps a row for special values always."""
    counts = [int(each) for each in theirs]
    return [*counts[:bins], *(counts[bins:-1] if specials else ()), counts[-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The way from a value to its row, before there is a card."""

    decimals: int
    starts: tuple[int, ...] = ()
    end: int = 0
    named: dict[str, int]
    missing: int

    @classmethod
    def of(cls, rows: Sequence[Row], *, decimals: int) -> "_Places":
        named = {
            value: number
            for number, row in enumerate(rows)
            if isinstance(row, CategoryBin | SpecialRow)
            for value in row.values
        }
        empty = cls(decimals=decimals, named=named, missing=len(rows) - 2)
        bins = [row for row in rows if isinstance(row, NumberBin)]
        if not bins:
            return empty
        keys = [key_of_text(row.low, decimals=decimals) or 0 for row in bins]
        end = key_of_text(bins[-1].high, decimals=decimals) or 0
        return replace(empty, starts=tuple(keys), end=end)

    def of_value(self, value: Value) -> int:
        if value is None or value == "":
            return self.missing
        text = str(value)
        if text in self.named:
            return self.named[text]
        key = key_of_text(text, decimals=self.decimals) if self.starts else None
        if key is None or not self.starts[0] <= key <= self.end:
            return self.missing + 1
        return bisect_right(self.starts, key) - 1
