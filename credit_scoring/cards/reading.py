"""Read a card's file strictly: what is not sound is refused with its field, before any scoring.

In this order: JSON of our form without doubled keys and without numbers that are not text; the
statement; the hash; the scale; each feature's rows (``credit_scoring.cards.tables``); the points
of every row, computed again from its weight of evidence; the bands.
"""

import json
import re
from typing import Any, NoReturn

import msgspec

from credit_scoring.cards.card import Band, Card
from credit_scoring.cards.errors import (
    BinsLeaveGap,
    BinsOverlap,
    CardUnreadable,
    FigureDiffers,
    HashDiffers,
    StatementAbsent,
)
from credit_scoring.cards.figures import count_of, figure_of, integer_of
from credit_scoring.cards.form import FORMAT, CardForm, ScaleForm
from credit_scoring.cards.points import ROUNDING, WOE_SIGN, Scale, figure
from credit_scoring.cards.sealing import hash_of
from credit_scoring.cards.tables import table_of

FILE_BYTES_MAX = 4 << 20
FEATURES_MAX = 64
BANDS_MAX = 64
POINT_DECIMALS_MAX = 3
STATEMENT_LENGTH_MIN = 20
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z", re.ASCII)
VERSION = re.compile(r"[a-z0-9][a-z0-9_.]{0,39}\Z", re.ASCII)
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<field>.*)`)?\Z", re.DOTALL)


def read_card(content: bytes) -> Card:
    """Return the card of a file.

    Raises:
        CardRefused: the file is no sound card; its subclasses say in what.
    """
    form = _form(content)
    if form.format != FORMAT:
        raise CardUnreadable(f"format {form.format!r}", field="format", expected=FORMAT)
    if NAME.match(form.name) is None:
        expected = "letters a to z, digits, underscores, at most 40"
        raise CardUnreadable(f"name {form.name!r}", field="name", expected=expected)
    if VERSION.match(form.version) is None:
        expected = "letters a to z, digits, points, underscores, at most 40"
        raise CardUnreadable(f"version {form.version!r}", field="version", expected=expected)
    _check_statement(form)
    found = hash_of(form)
    if form.hash != found:
        raise HashDiffers(f"the content's hash is {found}", field="hash", expected=found)
    scale = _scale(form.scale)
    point_decimals = _point_decimals(form.scale)
    names = [feature.name for feature in form.features]
    if not 1 <= len(names) <= FEATURES_MAX:
        expected = f"1 to {FEATURES_MAX} features"
        raise CardUnreadable(f"{len(names)} features", field="features", expected=expected)
    for index, name in enumerate(names):
        if NAME.match(name) is None or name in names[:index]:
            expected = "a name of its own: letters a to z, digits, underscores, at most 40"
            raise CardUnreadable(
                f"feature {name!r}", field=f"features[{index}].name", expected=expected
            )
    tables = tuple(
        table_of(form, index, scale=scale, point_decimals=point_decimals)
        for index in range(len(names))
    )
    bands = _bands(form)
    least = sum(min(row.points for row in table.rows) for table in tables)
    if bands[0].low > least:
        raise BinsLeaveGap(
            f"scores from {least} are in no band", field="bands[0].low", expected=f"{least} or less"
        )
    return Card(form=form, point_decimals=point_decimals, tables=tables, bands=bands)


def _form(content: bytes) -> CardForm:
    if len(content) > FILE_BYTES_MAX:
        expected = f"at most {FILE_BYTES_MAX} bytes"
        raise CardUnreadable(f"{len(content)} bytes", field="file", expected=expected)
    try:
        plain = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_int=_no_number,
            parse_constant=_no_number,
        )
    except UnicodeDecodeError as error:
        raise CardUnreadable("not UTF-8", field="file", expected="JSON in UTF-8") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise CardUnreadable(f"no JSON: {error}", field="file", expected="JSON") from error
    try:
        return msgspec.convert(plain, CardForm)
    except msgspec.ValidationError as error:
        match = _PLACE.match(str(error))
        assert match is not None  # the pattern matches every text
        raise CardUnreadable(
            str(error), field=match["field"] or "file", expected=match["what"]
        ) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise CardUnreadable(f"{doubled!r} stands twice", field=doubled, expected="once")
    return found


def _no_number(text: str) -> NoReturn:
    expected = "every number as a decimal text in quotes"
    raise CardUnreadable(f"the bare number {text}", field="file", expected=expected)


def _check_statement(form: CardForm) -> None:
    for field in ("statement", "statement_zh"):
        if len(getattr(form, field).strip()) < STATEMENT_LENGTH_MIN:
            expected = "what the card was fitted on, and what it decides"
            raise StatementAbsent(f"{field} says nothing", field=field, expected=expected)
    if form.provenance.generated and (
        "generated" not in form.statement or "decides nothing" not in form.statement
    ):
        expected = "the words 'generated' and 'decides nothing' in it"
        raise StatementAbsent("fitted on generated data", field="statement", expected=expected)
    if form.woe_sign != WOE_SIGN:
        raise CardUnreadable(f"sign {form.woe_sign!r}", field="woe_sign", expected=WOE_SIGN)


def _scale(form: ScaleForm) -> Scale:
    given = {
        name: figure_of(getattr(form, name), field=f"scale.{name}")
        for name in ("pdo", "score0", "odds0", "factor", "offset")
    }
    for name in ("pdo", "odds0"):
        if given[name] <= 0:
            raise CardUnreadable(f"{name} {given[name]}", field=f"scale.{name}", expected="above 0")
    scale = Scale(pdo=given["pdo"], score0=given["score0"], odds0=given["odds0"])
    for name, exact in (("factor", scale.factor), ("offset", scale.offset)):
        if given[name] != figure(exact):
            expected = str(figure(exact))
            raise FigureDiffers(f"{name} {given[name]}", field=f"scale.{name}", expected=expected)
    if form.rounding != ROUNDING:
        raise CardUnreadable(
            f"rounding {form.rounding!r}", field="scale.rounding", expected=ROUNDING
        )
    return scale


def _point_decimals(form: ScaleForm) -> int:
    field = "scale.point_decimals"
    decimals = count_of(form.point_decimals, field=field)
    if decimals > POINT_DECIMALS_MAX:
        raise CardUnreadable(f"{decimals}", field=field, expected=f"0 to {POINT_DECIMALS_MAX}")
    return decimals


def _bands(form: CardForm) -> tuple[Band, ...]:
    if not 1 <= len(form.bands) <= BANDS_MAX:
        raise CardUnreadable("bands", field="bands", expected=f"1 to {BANDS_MAX} bands")
    bands: list[Band] = []
    for index, each in enumerate(form.bands):
        place = f"bands[{index}]"
        band = Band(
            low=integer_of(each.low, field=f"{place}.low"),
            good=count_of(each.good, field=f"{place}.good"),
            bad=count_of(each.bad, field=f"{place}.bad"),
        )
        if bands and band.low <= bands[-1].low:
            expected = f"above {bands[-1].low}"
            raise BinsOverlap(f"band from {band.low}", field=f"{place}.low", expected=expected)
        bands.append(band)
    return tuple(bands)
