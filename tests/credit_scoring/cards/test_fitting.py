"""The fit makes the shipped card again, and its points are optbinning's. Needs the extra `fit`."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from credit_scoring.cards.batch import column_of, score_batch
from credit_scoring.cards.card import Value
from credit_scoring.cards.errors import FitRefused
from credit_scoring.cards.fitted_bins import Counted, Weighing, counted, feature_of
from credit_scoring.cards.fitting import SCALE, Fitted, fit, frame_of
from credit_scoring.cards.form import MissingRow, NumberBin, UnseenRow
from credit_scoring.cards.generating import generated_loans
from credit_scoring.cards.sample import Sample, Variable
from credit_scoring.cards.sealing import file_of
from credit_scoring.cards.shipped import WORDS, shipped_card

NOTHING: dict[str, Any] = {"points": "0", "basis": "worst", "woe": None, "good": "0", "bad": "0"}
ROWS = (
    NumberBin(low="0", low_in=True, high="5", high_in=False, **NOTHING),
    NumberBin(low="5", low_in=True, high="9", high_in=True, **NOTHING),
    MissingRow(**NOTHING),
    UnseenRow(**NOTHING),
)
VARIABLE = Variable(name="x", title="x", title_zh="x", high="9")


@pytest.fixture(scope="module")
def refitted() -> Fitted:
    pytest.importorskip("optbinning", reason="optbinning is not installed (extra: fit)")
    return fit(generated_loans(), WORDS)


def test_the_fit_makes_the_shipped_card_again(refitted: Fitted) -> None:
    assert file_of(refitted.card.form) == file_of(shipped_card().form)


def test_our_scores_are_those_of_optbinning_on_loans_that_it_never_saw(refitted: Fitted) -> None:
    loans = generated_loans(3_000, seed=99)
    columns = {
        table.name: column_of(table, loans.columns[table.name]) for table in refitted.card.tables
    }

    ours = score_batch(refitted.card, columns).scores

    assert ours.tolist() == refitted.scorecard.score(frame_of(loans)).astype(int).tolist()


def test_our_weights_are_those_of_optbinning_with_their_sign(refitted: Fitted) -> None:
    for feature in refitted.card.form.features:
        binned = refitted.scorecard.binning_process_.get_binned_variable(feature.name)
        theirs = binned.binning_table.build(add_totals=False)["WoE"].tolist()
        ours = [row.woe for row in feature.rows if row.woe is not None]

        bins = [float(woe) for woe in ours[: len(binned.splits)]]
        assert bins == pytest.approx(theirs[: len(bins)], abs=1e-6)


def test_too_few_loans_make_no_card() -> None:
    with pytest.raises(FitRefused) as caught:
        fit(generated_loans(999), WORDS)

    assert caught.value.field == "sample"
    assert caught.value.expected == "1000 or more loans"


def test_loans_of_one_kind_make_no_card() -> None:
    loans = generated_loans(1_000)

    with pytest.raises(FitRefused) as caught:
        fit(replace(loans, bad=[False] * 1_000), WORDS)

    assert caught.value.expected == "50 or more bad loans"


class Table:
    """What optbinning knows of its bins: counts by bin, then special, then missing."""

    def __init__(self, good: list[int], bad: list[int]) -> None:
        self.n_nonevent, self.n_event = good, bad


class Binned:
    """A feature that optbinning binned."""

    def __init__(self, splits: list[Any], table: Table) -> None:
        self.name, self.splits, self.binning_table = "x", splits, table


def loans_of(values: list[Value], bad: list[bool]) -> Sample:
    return Sample(variables=(VARIABLE,), columns={"x": values}, bad=bad)


def test_an_edge_is_the_smallest_grid_value_not_below_the_split() -> None:
    binned = Binned([4.5], Table([2, 1, 0, 1], [1, 1, 0, 0]))
    loans = loans_of(["0", "4", "4", "5", "9", None], [False, False, True, True, False, False])

    found = counted(VARIABLE, loans, binned)

    assert [getattr(row, "high", None) for row in found.rows] == ["5", "9", None, None]
    assert (found.good, found.bad) == ((2, 1, 1, 0), (1, 1, 0, 0))


def test_other_counts_than_those_of_optbinning_make_no_card() -> None:
    binned = Binned([4.5], Table([1, 2, 0, 0], [1, 0, 0, 0]))

    with pytest.raises(FitRefused) as caught:
        counted(VARIABLE, loans_of(["0", "4", "5", "9"], [False, False, True, False]), binned)

    assert caught.value.field == "x"


def test_a_value_outside_its_domain_makes_no_card() -> None:
    binned = Binned([4.5], Table([1, 1, 0, 0], [1, 1, 0, 0]))

    with pytest.raises(FitRefused):
        counted(VARIABLE, loans_of(["0", "4", "5", "10"], [False, True, True, False]), binned)


def test_a_feature_of_one_bin_says_nothing() -> None:
    with pytest.raises(FitRefused) as caught:
        counted(VARIABLE, loans_of(["0", "4"], [False, True]), Binned([], Table([1, 0], [1, 0])))

    assert caught.value.expected == "2 bins"


def weighing(coefficient: str = "1") -> Weighing:
    return Weighing(scale=SCALE, features=1, intercept=Decimal(2), coefficient=Decimal(coefficient))


def points(good: tuple[int, ...], bad: tuple[int, ...]) -> Mapping[str, tuple[int, str]]:
    feature = feature_of(VARIABLE, Counted(rows=ROWS, good=good, bad=bad), weighing())
    names = ("low", "high", "missing", "unseen")
    return {
        name: (int(row.points), row.basis) for name, row in zip(names, feature.rows, strict=True)
    }


def test_missing_values_that_are_rare_are_worth_the_worst_bin() -> None:
    found = points((90, 50, 90, 0), (20, 50, 9, 0))

    assert found["missing"] == (found["high"][0], "worst")
    assert found["unseen"] == (found["high"][0], "worst")


def test_missing_values_that_are_many_keep_their_own_weight() -> None:
    found = points((90, 50, 70, 0), (20, 50, 30, 0))

    assert found["high"][0] < found["missing"][0] < found["low"][0]
    assert found["missing"][1] == "fitted"


def test_missing_values_are_never_worth_more_than_the_best_bin() -> None:
    found = points((90, 50, 500, 0), (20, 50, 10, 0))

    assert found["missing"] == (found["low"][0], "best")


def test_a_coefficient_that_contradicts_the_bins_makes_no_card() -> None:
    with pytest.raises(FitRefused):
        feature_of(
            VARIABLE,
            Counted(rows=ROWS, good=(90, 50, 0, 0), bad=(20, 50, 0, 0)),
            weighing("-0.1"),
        )


def test_a_bin_without_bad_loans_makes_no_card() -> None:
    with pytest.raises(FitRefused) as caught:
        points((90, 50, 0, 0), (20, 0, 0, 0))

    assert caught.value.expected == "both in every bin"
