"""How a card stands in its file: JSON whose every number is a decimal text.

A feature's rows are of five kinds. Bins of numbers have edges that are in or out; bins of
categories and special values are sets; and what is missing, or was never seen, has a row of its
own. ``basis`` says where a row's points come from: ``fitted`` from its weight of evidence,
``worst`` and ``best`` from the feature's worst and best bin, because the fit had too few such rows
or gave them more than any bin.
"""

from typing import Literal

import msgspec

FORMAT = "ecorights repayment card 1"
Basis = Literal["fitted", "worst", "best"]
Kind = Literal["number", "category"]


class RowForm(
    msgspec.Struct, tag_field="row", frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What every row has; ``good`` and ``bad`` count the rows of the fit."""

    points: str
    basis: Basis
    woe: str | None
    good: str
    bad: str


class NumberBin(RowForm, tag="bin", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The numbers between two edges, each in or out."""

    low: str
    low_in: bool
    high: str
    high_in: bool


class CategoryBin(RowForm, tag="categories", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set of categories."""

    values: tuple[str, ...]


class SpecialRow(RowForm, tag="special", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Values that are words in disguise, such as -1 for *never*; they go before every bin."""

    values: tuple[str, ...]
    meaning: str


class MissingRow(RowForm, tag="missing", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing was given."""


class UnseenRow(RowForm, tag="unseen", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A number outside all bins, or a category that the fit never met."""


Row = NumberBin | CategoryBin | SpecialRow | MissingRow | UnseenRow


class FeatureForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One variable of the card, with its rows; ``decimals`` are those of its edges."""

    name: str
    title: str
    title_zh: str
    unit: str
    kind: Kind
    decimals: str
    coefficient: str
    information_value: str
    rows: tuple[Row, ...]


class ScaleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The scale, with what follows from it printed beside."""

    pdo: str
    score0: str
    odds0: str
    factor: str
    offset: str
    intercept: str
    point_decimals: str
    rounding: str


class BandForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A band of scores (from, in steps of points) and the loans of the holdout in it."""

    low: str
    good: str
    bad: str


class Provenance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the card comes from, in words and figures for the reader."""

    generated: bool
    sample: str
    outcome: str
    program: str
    seed: str
    loans: str
    bad_loans: str
    holdout_loans: str
    holdout_bad_loans: str
    holdout_auc: str


class CardForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole card."""

    format: str
    name: str
    version: str
    made_on: str
    statement: str
    statement_zh: str
    woe_sign: str
    provenance: Provenance
    scale: ScaleForm
    features: tuple[FeatureForm, ...]
    bands: tuple[BandForm, ...]
    hash: str
