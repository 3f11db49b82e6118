"""A card of two features that a reader can check by hand, and a slow, obvious way to score."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
from msgspec.structs import replace

from credit_scoring.cards.card import Card, Value
from credit_scoring.cards.form import (
    FORMAT,
    BandForm,
    CardForm,
    CategoryBin,
    FeatureForm,
    MissingRow,
    NumberBin,
    Provenance,
    Row,
    ScaleForm,
    SpecialRow,
    UnseenRow,
)
from credit_scoring.cards.points import ROUNDING, WOE_SIGN, Scale, figure, points, rounded
from credit_scoring.cards.reading import read_card
from credit_scoring.cards.sealing import file_of, sealed

SCALE = Scale(pdo=Decimal(20), score0=Decimal(600), odds0=Decimal(50))
STATEMENT = "Fitted on generated data for a test; it decides nothing."


def fitted(weight: str) -> dict[str, Any]:
    """Return what a fitted row of the small card has, at coefficient 1 and intercept 2."""
    exact = points(
        SCALE, features=2, intercept=Decimal(2), coefficient=Decimal(1), woe=Decimal(weight)
    )
    return {
        "points": str(rounded(exact, decimals=0)),
        "basis": "fitted",
        "woe": weight,
        "good": "90",
        "bad": "10",
    }


def worst(of: str) -> dict[str, Any]:
    """Return what a row without a weight of its own has: the points of the worst bin's weight."""
    return fitted(of) | {"basis": "worst", "woe": None, "good": "0", "bad": "0"}


RATIO = FeatureForm(
    name="ratio",
    title="ratio",
    title_zh="比率",
    unit="",
    kind="number",
    decimals="2",
    coefficient="1",
    information_value="0.1",
    rows=(
        NumberBin(low="0.00", low_in=False, high="0.35", high_in=False, **fitted("0.8")),
        NumberBin(low="0.35", low_in=True, high="0.70", high_in=True, **fitted("0.1")),
        NumberBin(low="0.70", low_in=False, high="9.99", high_in=True, **fitted("-0.9")),
        SpecialRow(values=("-1", "0.50"), meaning="never borrowed", **fitted("0.4")),
        MissingRow(**fitted("-0.2")),
        UnseenRow(**worst("-0.9")),
    ),
)
PURPOSE = FeatureForm(
    name="purpose",
    title="purpose",
    title_zh="用途",
    unit="",
    kind="category",
    decimals="0",
    coefficient="1",
    information_value="0.1",
    rows=(
        CategoryBin(values=("forestry", "farmer's co-op"), **fitted("0.5")),
        CategoryBin(values=("homestay",), **fitted("-0.5")),
        MissingRow(**worst("-0.5")),
        UnseenRow(**worst("-0.5")),
    ),
)
FORM = CardForm(
    format=FORMAT,
    name="small",
    version="1",
    made_on="2026-11-21",
    statement=STATEMENT,
    statement_zh="为测试由模拟数据拟合，不作任何决定，不得据以发放、定价或拒绝贷款。",
    woe_sign=WOE_SIGN,
    provenance=Provenance(
        generated=True,
        sample="none",
        outcome="none",
        program="by hand",
        seed="0",
        loans="300",
        bad_loans="30",
        holdout_loans="200",
        holdout_bad_loans="30",
        holdout_auc="0.7",
    ),
    scale=ScaleForm(
        pdo="20",
        score0="600",
        odds0="50",
        factor=str(figure(SCALE.factor)),
        offset=str(figure(SCALE.offset)),
        intercept="2",
        point_decimals="0",
        rounding=ROUNDING,
    ),
    features=(RATIO, PURPOSE),
    bands=(
        BandForm(low="400", good="80", bad="20"),
        BandForm(low="545", good="90", bad="10"),
    ),
    hash="",
)


def card() -> Card:
    return read_card(file_of(sealed(FORM)))


def changed(change: Callable[[dict[str, Any]], object], *, seal: bool = True) -> bytes:
    """Return the small card's file after a change of its plain values, with a hash that fits."""
    plain = msgspec.to_builtins(sealed(FORM))
    change(plain)
    if seal:
        plain = msgspec.to_builtins(sealed(msgspec.convert(plain, CardForm)))
    return msgspec.json.encode(plain)


def with_rows(feature: int, *rows: Row) -> bytes:
    """Return the small card's file with other rows of a feature."""
    features = list(FORM.features)
    features[feature] = replace(features[feature], rows=rows)
    return file_of(sealed(replace(FORM, features=tuple(features))))


def slow_row(feature: FeatureForm, value: Value) -> int:
    """Find a value's row by reading the file's rows one after another, with fractions."""
    rows = list(enumerate(feature.rows))
    if value is None or value == "":
        return next(number for number, row in rows if isinstance(row, MissingRow))
    for number, row in rows:
        if isinstance(row, SpecialRow) and _is_one_of(feature, row.values, value):
            return number
    for number, row in rows:
        if isinstance(row, CategoryBin) and value in row.values:
            return number
        if isinstance(row, NumberBin) and _is_between(row, Fraction(value)):
            return number
    return len(rows) - 1


def slow_score(form: CardForm, values: Mapping[str, Value]) -> int:
    """Add the points of a row's values."""
    return sum(
        int(feature.rows[slow_row(feature, values[feature.name])].points)
        for feature in form.features
    )


def _is_one_of(feature: FeatureForm, values: tuple[str, ...], value: str | int) -> bool:
    if feature.kind == "category":
        return value in values
    return Fraction(value) in {Fraction(each) for each in values}


def _is_between(row: NumberBin, value: Fraction) -> bool:
    low, high = Fraction(row.low), Fraction(row.high)
    above = low <= value if row.low_in else low < value
    below = value <= high if row.high_in else value < high
    return above and below
