"""Stocks, five-year means, the kind of an area in sheets: filled by hand, refused by cell."""

from typing import Any

import pytest

from gep.accounts.plan import AreaKind
from gep.tables.layout import FIRST_ROW, Language
from gep.tables.template import pages_from, workbook
from tests.gep.tables.sheets import Book, errors, example


def river(lang: Language = Language.ZH) -> Book:
    """Return the sheets of the river basin's account of 2026: stocks, and weather by year."""
    return Book(workbook(pages_from(example("river-2026"), lang), lang), lang)


def test_stocks_are_a_row_for_each_cause() -> None:
    sheet = river(Language.EN).sheet("stocks")

    rows = [[cell.value for cell in row][:8] for row in sheet.iter_rows(min_row=FIRST_ROW)]

    made_up = "made up for this page, 2026"
    assert rows[1:4] == [
        ["forest area", None, None, "reduction", "felled", 9.5, None, None],
        ["forest area", None, None, "reduction", "burnt", 2.5, None, None],
        ["timber", "m3", 512000, "addition", "growth", 15900, 520200, made_up],
    ]


def test_stocks_are_read_as_people_write_them() -> None:
    book = river()
    book.put("stocks", "wetland", unit="万亩", opening=1, closing=1.2, change="增加", cause="恢复")
    book.put("stocks", "wetland", quantity=0.2)
    book.put("stocks", FIRST_ROW + 1, resource=None)

    found = book.read()

    assert found.errors == ()
    assert found.account is not None
    forest, _, wetland = found.account.stocks
    assert (wetland.unit, str(wetland.opening), str(wetland.closing)) == ("mu", "10000", "12000")
    assert forest.reductions.keys() == {"felled", "burnt"}


@pytest.mark.parametrize(
    ("row", "values", "cell", "code"),
    [
        ("wetland", {"closing": 249}, "G10", "stock_does_not_close"),
        ("wetland", {"opening": -250, "closing": -250}, "C10", "out_of_range"),
        ("wetland", {"source": None}, "H10", "cell_missing"),
        ("wetland", {"unit": "acre"}, "B10", "unit_unknown"),
        ("wetland", {"resource": "forest area"}, "A10", "doubled_id"),
        ("wetland", {"opening": "250,5.0"}, "C10", "number_unread"),
        ("timber", {"change": "更多"}, "D6", "unknown_value"),
        ("timber", {"cause": None}, "E6", "cell_missing"),
        (7, {"cause": "died"}, "E8", "doubled_id"),
        (7, {"closing": 5}, "G7", "stock_mixed"),
        (3, {"resource": None}, "A3", "cell_missing"),
    ],
)
def test_a_stock_is_refused_at_its_cell(
    row: str | int, values: dict[str, Any], cell: str, code: str
) -> None:
    book = river()
    book.put("stocks", row, **values)

    assert errors(book.read())[f"资源存量!{cell}"] == code


def test_a_mean_may_be_the_mean_or_the_years() -> None:
    book = river()
    years = dict.fromkeys(("year_4", "year_3", "year_2", "year_1", "year_0"))
    book.put("inputs", "rain", mean_5y="1,423", **years)
    book.put("inputs", "forest_et", value=0.07, unit="万mm", year_0=None)
    for column, value in {"year_4": 720, "year_3": 705, "year_2": 715, "year_1": 730}.items():
        book.put("inputs", "forest_et", **{column: value / 10000})

    found = book.read()

    assert found.errors == ()
    assert found.plan is not None
    assert found.plan.inputs["rain"].mean_5y == 1423
    assert found.plan.inputs["forest_et"].mean_5y == 714


@pytest.mark.parametrize(
    ("name", "values", "column", "code"),
    [
        ("rain", {"year_2": None}, "year_2", "cell_missing"),
        ("rain", {"year_2": "n/a"}, "year_2", "number_unread"),
        ("rain", {"year_0": 1281}, "year_0", "mean_unfit"),
        ("rain", {"mean_5y": 1423}, "mean_5y", "mean_unfit"),
        ("rain", {"mean_source": None}, "mean_source", "cell_missing"),
        ("reservoir", {"mean_5y": 7, "mean_source": "x"}, "mean_5y", "mean_unfit"),
    ],
)
def test_a_mean_is_refused_at_its_cell(
    name: str, values: dict[str, Any], column: str, code: str
) -> None:
    book = river()
    book.put("inputs", name, **values)
    row = book.row_of("inputs", name)

    cell = book.cell("inputs", row, column).coordinate
    assert errors(book.read()) == {f"输入!{cell}": code}


def test_a_value_at_fault_is_one_error_whatever_its_mean() -> None:
    book = river()
    book.put("inputs", "rain", value="12.80.1", year_0=None)

    assert errors(book.read()) == {"输入!B3": "number_unread"}


@pytest.mark.parametrize("year", [None, "twenty", 1200, 2026.5, "2026-05-11"])
def test_a_year_at_fault_is_one_error(year: Any) -> None:
    book = river()
    book.put("area", "year", value=year)

    cell = book.cell("area", book.row_of("area", "year"), "value").coordinate
    assert list(errors(book.read())) == [f"区域!{cell}"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("项目", AreaKind.PROJECT), ("parcel", AreaKind.PARCEL), (None, AreaKind.REGION)],
)
def test_the_kind_of_an_area_is_a_word(text: str | None, kind: AreaKind) -> None:
    book = river()
    book.put("area", "area_kind", value=text)

    found = book.read()

    assert found.plan is not None
    assert found.plan.area.kind is kind


def test_another_kind_is_refused() -> None:
    book = river()
    book.put("area", "area_kind", value="county")

    assert list(errors(book.read()).values()) == ["unknown_value"]
