"""A card's file is refused for the first thing that is not sound, with its field."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from credit_scoring.cards.errors import CardRefused
from credit_scoring.cards.form import NumberBin
from credit_scoring.cards.reading import read_card
from credit_scoring.cards.sealing import file_of, hash_of, sealed
from credit_scoring.cards.shipped import shipped_card
from tests.credit_scoring.cards.small_card import (
    FORM,
    PURPOSE,
    RATIO,
    card,
    changed,
    fitted,
    with_rows,
    worst,
)


def refused(content: bytes) -> CardRefused:
    with pytest.raises(CardRefused) as caught:
        read_card(content)
    return caught.value


def test_a_sound_card_is_read_whole() -> None:
    read = card()

    assert [table.name for table in read.tables] == ["ratio", "purpose"]
    assert read.tables[0].best == int(fitted("0.8")["points"])


def test_a_card_survives_its_file() -> None:
    form = sealed(FORM)

    assert read_card(file_of(form)).form == form


def test_the_shipped_card_says_that_it_was_fitted_on_generated_data() -> None:
    form = shipped_card().form

    assert form.provenance.generated
    assert "generated data" in form.statement
    assert "decides nothing" in form.statement
    assert hash_of(form) == form.hash


def test_the_bins_of_the_shipped_card_hold_five_percent_each_and_are_monotone() -> None:
    for table in shipped_card().tables:
        bins = [row for row in table.rows if row.kind in {"bin", "categories"}]
        everything = sum(row.loans for row in table.rows)
        worth = [row.points for row in bins]

        assert min(row.loans for row in bins) >= everything / 20
        assert worth in (sorted(worth), sorted(worth, reverse=True))


@pytest.mark.parametrize("place", ["statement", "version", "made_on"])
def test_a_changed_text_is_found_by_the_hash(place: str) -> None:
    content = changed(lambda plain: plain.update({place: plain[place] + "1"}), seal=False)

    trouble = refused(content)

    assert (trouble.code, trouble.field) == ("card.hash_differs", "hash")


def test_changed_points_are_found_by_the_hash() -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["features"][0]["rows"][0]["points"] = "300"

    assert refused(changed(change, seal=False)).code == "card.hash_differs"


def test_changed_points_under_a_new_hash_are_found_by_the_scale() -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["features"][0]["rows"][0]["points"] = "300"

    trouble = refused(changed(change))

    assert trouble.code == "card.figure_differs"
    assert trouble.field == "features[0].rows[0].points"
    assert trouble.expected == fitted("0.8")["points"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "JSON"),
        (b"\xff", "JSON in UTF-8"),
        (b"[1]", "every number as a decimal text in quotes"),
        (b'{"a": NaN}', "every number as a decimal text in quotes"),
        (b"[" * 100_000, "JSON"),
        (b" " * (5 << 20), "at most 4194304 bytes"),
        (b'{"a": "1", "a": "2"}', "once"),
        (b"{}", "Object missing required field `format`"),
    ],
)
def test_what_is_no_card_is_unreadable(content: bytes, expected: str) -> None:
    trouble = refused(content)

    assert trouble.code == "card.unreadable"
    assert trouble.expected == expected


def test_an_unknown_field_is_refused_with_its_place() -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["features"][1]["weight"] = "1"

    trouble = refused(changed(change, seal=False))

    assert (trouble.code, trouble.field) == ("card.unreadable", "features[1]")


NUMBERS = RATIO.rows
FIRST, SECOND, THIRD, SPECIAL, MISSING, UNSEEN = NUMBERS
FORESTRY, HOMESTAY, NO_PURPOSE, NEW_PURPOSE = PURPOSE.rows
assert isinstance(SECOND, NumberBin)


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ((FIRST, THIRD, SPECIAL, MISSING, UNSEEN), "card.bins_leave_gap", "rows[1].low"),
        (
            (FIRST, replace(SECOND, low_in=False), THIRD, SPECIAL, MISSING, UNSEEN),
            "card.bins_leave_gap",
            "rows[1].low",
        ),
        (
            (FIRST, replace(SECOND, low="0.34"), THIRD, SPECIAL, MISSING, UNSEEN),
            "card.bins_overlap",
            "rows[1].low",
        ),
        (
            (FIRST, SECOND, replace(THIRD, low_in=True), SPECIAL, MISSING, UNSEEN),
            "card.bins_overlap",
            "rows[2].low",
        ),
        (
            (replace(FIRST, high="0.00"), SECOND, THIRD, SPECIAL, MISSING, UNSEEN),
            "card.bins_overlap",
            "rows[0].high",
        ),
        (
            (FIRST, replace(SECOND, low="0.355"), THIRD, SPECIAL, MISSING, UNSEEN),
            "card.unreadable",
            "rows[1].low",
        ),
        ((FIRST, SECOND, THIRD, SPECIAL, UNSEEN), "card.row_absent", "rows"),
        ((FIRST, SECOND, THIRD, SPECIAL, MISSING), "card.row_absent", "rows"),
        ((SPECIAL, MISSING, UNSEEN), "card.row_absent", "rows"),
        ((FIRST, SECOND, THIRD, UNSEEN, MISSING), "card.unreadable", "rows[3]"),
        ((FIRST, SECOND, THIRD, FORESTRY, MISSING, UNSEEN), "card.unreadable", "rows[3]"),
        ((FIRST, SECOND, THIRD, SPECIAL, SPECIAL, MISSING, UNSEEN), "card.bins_overlap", "rows"),
        (
            (FIRST, SECOND, THIRD, replace(SPECIAL, values=()), MISSING, UNSEEN),
            "card.unreadable",
            "rows[3].values",
        ),
        (
            (FIRST, SECOND, THIRD, SPECIAL, replace(MISSING, **fitted("0.9")), UNSEEN),
            "card.hiding_pays",
            "rows[4].points",
        ),
        (
            (FIRST, SECOND, THIRD, SPECIAL, MISSING, replace(UNSEEN, **worst("-0.8"))),
            "card.figure_differs",
            "rows[5].points",
        ),
        (
            (FIRST, SECOND, THIRD, SPECIAL, replace(MISSING, woe=None), UNSEEN),
            "card.unreadable",
            "rows[4].woe",
        ),
    ],
)
def test_rows_of_numbers_that_make_no_table_are_refused(
    rows: tuple[Any, ...], code: str, field: str
) -> None:
    trouble = refused(with_rows(0, *rows))

    assert (trouble.code, trouble.field) == (code, f"features[0].{field}")
    assert trouble.expected


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        (
            (FORESTRY, replace(HOMESTAY, values=("forestry",)), NO_PURPOSE, NEW_PURPOSE),
            "card.bins_overlap",
            "rows[1].values",
        ),
        (
            (FORESTRY, replace(HOMESTAY, values=()), NO_PURPOSE, NEW_PURPOSE),
            "card.row_absent",
            "rows[1].values",
        ),
        (
            (FORESTRY, replace(HOMESTAY, values=("a\nb",)), NO_PURPOSE, NEW_PURPOSE),
            "card.unreadable",
            "rows[1].values",
        ),
        ((NO_PURPOSE, NEW_PURPOSE), "card.row_absent", "rows"),
    ],
)
def test_rows_of_categories_that_make_no_table_are_refused(
    rows: tuple[Any, ...], code: str, field: str
) -> None:
    trouble = refused(with_rows(1, *rows))

    assert (trouble.code, trouble.field) == (code, f"features[1].{field}")


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        (("format",), "other", "card.unreadable", "format"),
        (("name",), "Green Loan", "card.unreadable", "name"),
        (("version",), "1; drop", "card.unreadable", "version"),
        (("statement",), "Trust this card with every loan.", "card.statement_absent", "statement"),
        (("statement_zh",), "", "card.statement_absent", "statement_zh"),
        (("woe_sign",), "ln(bad / good)", "card.unreadable", "woe_sign"),
        (("scale", "factor"), "28.8539", "card.figure_differs", "scale.factor"),
        (("scale", "offset"), "487.122875", "card.figure_differs", "scale.offset"),
        (("scale", "pdo"), "0", "card.unreadable", "scale.pdo"),
        (("scale", "odds0"), "-1", "card.unreadable", "scale.odds0"),
        (("scale", "score0"), "1e3", "card.unreadable", "scale.score0"),
        (("scale", "rounding"), "up", "card.unreadable", "scale.rounding"),
        (("scale", "point_decimals"), "4", "card.unreadable", "scale.point_decimals"),
        (("features",), [], "card.unreadable", "features"),
        (("bands",), [], "card.unreadable", "bands"),
    ],
)
def test_a_head_that_is_not_sound_is_refused(
    path: tuple[str, ...], value: object, code: str, field: str
) -> None:
    def change(plain: dict[str, Any]) -> None:
        place = plain
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    trouble = refused(changed(change))

    assert (trouble.code, trouble.field) == (code, field)


def test_a_feature_stands_once() -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["features"][1]["name"] = "ratio"

    assert refused(changed(change)).field == "features[1].name"


def test_bands_rise_and_reach_down_to_the_least_score() -> None:
    def fall(plain: dict[str, Any]) -> None:
        plain["bands"] = plain["bands"][::-1]

    def begin_late(plain: dict[str, Any]) -> None:
        plain["bands"][0]["low"] = "540"

    assert refused(changed(fall)).code == "card.bins_overlap"
    assert refused(changed(begin_late)).code == "card.bins_leave_gap"


def test_thousandths_of_a_point_follow_from_the_same_weights() -> None:
    def change(plain: dict[str, Any]) -> None:
        plain["scale"]["point_decimals"] = "3"

    assert refused(changed(change)).field == "features[0].rows[0].points"


def test_the_file_is_plain_json_with_every_number_as_text() -> None:
    def no_number(text: str) -> object:
        raise AssertionError(text)

    json.loads(file_of(sealed(FORM)), parse_int=no_number, parse_float=no_number)
