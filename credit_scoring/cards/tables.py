"""Make the table of a feature from its rows in the file, or say why they make none.

The bins of a number follow each other without gap or overlap between two finite edges: what lies
outside is unseen, so that a value that cannot be is never in the last bin. Every feature has one
row for missing and one for unseen values, the last two, and neither earns more than the best bin.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from credit_scoring.cards.card import CATEGORY_LENGTH_MAX, RowOfTable, Table
from credit_scoring.cards.errors import (
    BinsLeaveGap,
    BinsOverlap,
    CardUnreadable,
    FigureDiffers,
    HidingPays,
    RowAbsent,
)
from credit_scoring.cards.exact import DECIMALS_MAX, MISSING_KEY, steps_of_text
from credit_scoring.cards.figures import count_of, figure_of, integer_of
from credit_scoring.cards.form import (
    CardForm,
    CategoryBin,
    FeatureForm,
    MissingRow,
    NumberBin,
    Row,
    SpecialRow,
    UnseenRow,
)
from credit_scoring.cards.points import Scale, points, rounded

ROWS_MAX = 64
SPECIAL_VALUES_MAX = 16  # of one row; with the bins' they stay below 256 cuts
SPECIAL_ROWS_MAX = 4
CATEGORIES_MAX = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """The keys from ``start`` up to and without ``end`` belong to a row."""

    start: int
    end: int
    row: int


def table_of(form: CardForm, index: int, *, scale: Scale, point_decimals: int) -> Table:
    """Return the table of the card's feature of that index.

    Raises:
        CardRefused: its rows make no table, or their points are not those of the scale.
    """
    feature, place = form.features[index], f"features[{index}]"
    decimals = count_of(feature.decimals, field=f"{place}.decimals")
    if decimals > (DECIMALS_MAX if feature.kind == "number" else 0):
        expected = f"0 to {DECIMALS_MAX}, 0 for categories"
        raise CardUnreadable(f"{decimals} decimals", field=f"{place}.decimals", expected=expected)
    _check_kinds(feature, place)
    cuts: tuple[int, ...] = (MISSING_KEY + 1,)
    between: tuple[int, ...] = (len(feature.rows) - 2, len(feature.rows) - 1)
    categories: dict[str, int] = {}
    if feature.kind == "number":
        cuts, between = _cuts(feature, place, decimals)
    else:
        categories = _categories(feature, place)
    worth = _points(form, index, scale=scale, point_decimals=point_decimals)
    rows = tuple(
        RowOfTable(
            kind=str(row.__struct_config__.tag),
            text=text_of(row),
            points=each,
            loans=count_of(row.good, field=f"{place}.rows[{number}].good")
            + count_of(row.bad, field=f"{place}.rows[{number}].bad"),
        )
        for number, (row, each) in enumerate(zip(feature.rows, worth, strict=True))
    )
    return Table(
        name=feature.name,
        title=feature.title,
        title_zh=feature.title_zh,
        unit=feature.unit,
        kind=feature.kind,
        decimals=decimals,
        cuts=cuts,
        row_between=between,
        row_of_category=categories,
        missing=len(rows) - 2,
        unseen=len(rows) - 1,
        rows=rows,
        best=max(worth[:-2]),
    )


def text_of(row: Row) -> str:
    """Return what falls into a row, for readers."""
    match row:
        case NumberBin():
            left, right = "[" if row.low_in else "(", "]" if row.high_in else ")"
            return f"{left}{row.low}, {row.high}{right}"
        case CategoryBin():
            return ", ".join(row.values)
        case SpecialRow():
            return f"{', '.join(row.values)}: {row.meaning}"
        case MissingRow():
            return "missing"
        case UnseenRow():
            return "unseen"


def _check_kinds(feature: FeatureForm, place: str) -> None:
    """Stop where a row is absent, doubled, out of its order or of the other kind of feature."""
    if len(feature.rows) > ROWS_MAX:
        expected = f"at most {ROWS_MAX} rows"
        raise CardUnreadable(f"{len(feature.rows)} rows", field=f"{place}.rows", expected=expected)
    for kind, name in ((MissingRow, "missing"), (UnseenRow, "unseen")):
        count = sum(isinstance(row, kind) for row in feature.rows)
        if count != 1:
            expected = f"one row for {name} values"
            raise RowAbsent(f"{count} rows", field=f"{place}.rows", expected=expected)
    bins, own = (
        (NumberBin, (NumberBin, SpecialRow))
        if feature.kind == "number"
        else (CategoryBin, (CategoryBin, SpecialRow))
    )
    if not any(isinstance(row, bins) for row in feature.rows):
        raise RowAbsent("no bin", field=f"{place}.rows", expected="at least one bin")
    special = sum(isinstance(row, SpecialRow) for row in feature.rows)
    if special > SPECIAL_ROWS_MAX:
        expected = f"at most {SPECIAL_ROWS_MAX} special rows"
        raise CardUnreadable(f"{special} special rows", field=f"{place}.rows", expected=expected)
    for number, row in enumerate(feature.rows):
        field = f"{place}.rows[{number}]"
        if isinstance(row, SpecialRow) and not 1 <= len(row.values) <= SPECIAL_VALUES_MAX:
            expected = f"1 to {SPECIAL_VALUES_MAX} values"
            raise CardUnreadable("special values", field=f"{field}.values", expected=expected)
        last = {len(feature.rows) - 2: MissingRow, len(feature.rows) - 1: UnseenRow}
        if not isinstance(row, last.get(number, own)):
            expected = f"bins and special values of a {feature.kind}, then missing, then unseen"
            found = row.__struct_config__.tag
            raise CardUnreadable(f"a row {found}", field=field, expected=expected)


def _cuts(
    feature: FeatureForm, place: str, decimals: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the sorted cuts of the keys, and the row before, between and behind them."""
    bins, special = _spans(feature, place, decimals)
    for one, next_one in pairwise(bins):
        field = f"{place}.rows[{next_one.row}].low"
        if next_one.start > one.end:
            raise BinsLeaveGap(
                "a gap before this bin", field=field, expected=_follows(feature, one)
            )
        if next_one.start < one.end:
            raise BinsOverlap(
                "begins in the bin before", field=field, expected=_follows(feature, one)
            )
    missing, unseen = len(feature.rows) - 2, len(feature.rows) - 1
    edges = sorted({edge for span in (*bins, *special) for edge in (span.start, span.end)})
    cuts, between = [MISSING_KEY + 1], [missing, unseen]
    for edge in edges:
        # Special values go before bins.
        row = next(
            (each.row for each in (*special, *bins) if each.start <= edge < each.end), unseen
        )
        if row != between[-1]:
            cuts.append(edge)
            between.append(row)
    return tuple(cuts), tuple(between)


def _spans(feature: FeatureForm, place: str, decimals: int) -> tuple[list[_Span], list[_Span]]:
    bins, special = [], []
    for number, row in enumerate(feature.rows):
        field = f"{place}.rows[{number}]"
        if isinstance(row, NumberBin):
            start = 2 * _steps(row.low, f"{field}.low", decimals) + (not row.low_in)
            end = 2 * _steps(row.high, f"{field}.high", decimals) + row.high_in
            if start >= end:
                expected = f"above {row.low}"
                raise BinsOverlap(
                    f"an empty bin {text_of(row)}", field=f"{field}.high", expected=expected
                )
            bins.append(_Span(start=start, end=end, row=number))
        elif isinstance(row, SpecialRow):
            for value in row.values:
                key = 2 * _steps(value, f"{field}.values", decimals)
                special.append(_Span(start=key, end=key + 1, row=number))
    starts = [span.start for span in special]
    if len(set(starts)) != len(starts):
        raise BinsOverlap("a special value stands twice", field=f"{place}.rows", expected="once")
    return bins, special


def _steps(text: str, field: str, decimals: int) -> int:
    steps = steps_of_text(text, decimals=decimals)
    if steps is None:
        expected = f"a decimal number of at most 12 digits with at most {decimals} decimals"
        raise CardUnreadable(f"{text[:64]!r}", field=field, expected=expected)
    return steps


def _follows(feature: FeatureForm, before: _Span) -> str:
    row = feature.rows[before.row]
    assert isinstance(row, NumberBin)  # only these have spans in order
    return f"{row.high}, which is {'in' if row.high_in else 'not in'} the bin before"


def _categories(feature: FeatureForm, place: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, row in enumerate(feature.rows):
        field = f"{place}.rows[{number}].values"
        values = row.values if isinstance(row, CategoryBin | SpecialRow) else ()
        if isinstance(row, CategoryBin) and not values:
            raise RowAbsent("a bin of no category", field=field, expected="at least one category")
        for value in values:
            if not 1 <= len(value) <= CATEGORY_LENGTH_MAX or not value.isprintable():
                expected = f"1 to {CATEGORY_LENGTH_MAX} printable characters"
                raise CardUnreadable(f"category {value[:64]!r}", field=field, expected=expected)
            if value in found:
                raise BinsOverlap(f"category {value!r} again", field=field, expected="in one row")
            found[value] = number
    if len(found) > CATEGORIES_MAX:
        expected = f"at most {CATEGORIES_MAX} categories"
        raise CardUnreadable(f"{len(found)} categories", field=f"{place}.rows", expected=expected)
    return found


def _points(form: CardForm, index: int, *, scale: Scale, point_decimals: int) -> tuple[int, ...]:
    """Return the points of a feature's rows, each found again from what the file says of it."""
    feature, place = form.features[index], f"features[{index}]"
    intercept = figure_of(form.scale.intercept, field="scale.intercept")
    coefficient = figure_of(feature.coefficient, field=f"{place}.coefficient")
    figure_of(feature.information_value, field=f"{place}.information_value")

    def fitted(weight: Decimal) -> int:
        exact = points(
            scale,
            features=len(form.features),
            intercept=intercept,
            coefficient=coefficient,
            woe=weight,
        )
        return rounded(exact, decimals=point_decimals)

    given = [
        integer_of(row.points, field=f"{place}.rows[{number}].points")
        for number, row in enumerate(feature.rows)
    ]
    for number, row in enumerate(feature.rows):
        field = f"{place}.rows[{number}]"
        if (row.woe is None) != (row.basis != "fitted"):
            expected = "a weight where the row is fitted, null elsewhere"
            raise CardUnreadable(
                f"{row.woe} and {row.basis}", field=f"{field}.woe", expected=expected
            )
        if row.woe is not None:
            expected_points = fitted(figure_of(row.woe, field=f"{field}.woe"))
        else:
            expected_points = _beside(feature, given, worst=row.basis == "worst", place=field)
        if given[number] != expected_points:
            expected = str(expected_points)
            raise FigureDiffers(f"points {row.points}", field=f"{field}.points", expected=expected)
    _check_hiding(given, place)
    return tuple(given)


def _beside(feature: FeatureForm, given: Iterable[int], *, worst: bool, place: str) -> int:
    """Return the points of the worst or best fitted bin."""
    bins = [
        worth
        for row, worth in zip(feature.rows, given, strict=True)
        if isinstance(row, NumberBin | CategoryBin) and row.basis == "fitted"
    ]
    if not bins:
        raise RowAbsent("no fitted bin", field=place, expected="at least one fitted bin")
    return min(bins) if worst else max(bins)


def _check_hiding(given: list[int], place: str) -> None:
    best = max(given[:-2])
    for number in (len(given) - 2, len(given) - 1):
        if given[number] > best:
            raise HidingPays(
                f"{given[number]} points",
                field=f"{place}.rows[{number}].points",
                expected=f"at most {best}, the best bin's",
            )
