"""What spreadsheets do to figures: read where it is plain what is meant, else told by the cell."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.tables.csv_out import archive_of, csv_files
from gep.tables.layout import Language
from gep.tables.reading import is_tables, read_file, read_folder
from gep.tables.template import pages_from, workbook
from tests.gep.tables.sheets import Book, errors, example, valley, warnings

VALLEY = make_account(plan_of(example("valley-2026")))
HASH = VALLEY.hash
VALLEY_BOOK = valley().content()


def files() -> dict[str, bytes]:
    return dict(csv_files(pages_from(example("valley-2026"), Language.ZH), Language.ZH))


@pytest.mark.parametrize(
    ("first", "values"),
    [
        ("rain", {"value": "1,390", "low": "1,251", "high": "1529 "}),
        ("forest", {"value": 6260.0, "unit": "公顷"}),
        ("forest", {"value": 62.6, "unit": "km²"}),
        ("methane", {"value": 0.15, "unit": "万吨CO2"}),
        ("visits", {"value": 19.5, "low": 15.6, "high": 22.4249, "unit": "万人次"}),
        ("timber_price", {"value": 0.0655, "unit": "万元/立方米"}),
    ],
    ids=["loose", "alias", "another area", "tonnes of CO2", "visits", "price"],
)
def test_a_figure_written_otherwise_is_the_same_total(first: str, values: dict[str, Any]) -> None:
    book = valley()
    book.put("inputs", first, **values)

    found = book.read()

    assert found.account is not None, errors(found)
    assert found.account.total == VALLEY.total


@pytest.mark.parametrize(
    ("code", "first", "values", "cell", "refused"),
    [
        ("inputs", "rain", {"value": date(2026, 3, 1)}, "输入!B6", "number_is_date"),
        ("inputs", "rain", {"value": "=B3*2"}, "输入!B6", "formula_uncomputed"),
        ("inputs", "rain", {"value": "#REF!"}, "输入!B6", "cell_broken"),
        ("inputs", "rain", {"value": "1.390,5"}, "输入!B6", "number_unread"),
        ("inputs", "rain", {"value": "95%"}, "输入!B6", "percent_unfit"),
        ("inputs", "rain", {"value": -5, "low": -9, "high": 9}, "输入!B6", "input_refused"),
        ("inputs", "rain", {"low": None}, "输入!B6", "range_incomplete"),
        ("inputs", "rain", {"value": None}, "输入!B6", "cell_missing"),
        ("inputs", "methane", {"unit": "tC"}, "核算行!H12", "unit_mismatch"),
        ("inputs", "timber", {"unit": "bushel"}, "输入!C18", "unit_unknown"),
        ("inputs", "timber", {"source": None}, "输入!G18", "cell_missing"),
        ("inputs", "timber", {"name": "forest"}, "输入!A18", "doubled_id"),
        ("inputs", "reservoir", {"basis": "monthly"}, "输入!D9", "unknown_value"),
        ("lines", "timber", {"service": "R77"}, "核算行!B10", "service_unknown"),
        ("lines", "timber", {"quantity": "timbre"}, "核算行!F10", "name_unknown"),
        ("lines", "timber", {"price": None}, "核算行!H10", "key_missing"),
        ("lines", "timber", {"price": 655}, "核算行!I10", "unit_missing"),
        ("lines", "timber", {"id": "visits"}, "核算行!A11", "doubled_id"),
        ("lines", "cod", {"quantity": "silt.quantity"}, "核算行!F6", "method_unknown"),
        ("overrides", 3, {"value": 5000}, "参数替换!B3", "override_absurd"),
        ("overrides", 3, {"unit": "t"}, "参数替换!C3", "override_unit"),
        ("overrides", 3, {"parameter": "soil.dense"}, "参数替换!A3", "parameter_unknown"),
        ("overrides", 3, {"author": None}, "参数替换!D3", "cell_missing"),
        ("area", "edition", {"value": "ISO 9000"}, "区域!C13", "edition_unknown"),
        ("area", "year", {"value": 20266}, "区域!C11", "out_of_range"),
        ("area", "inflow", {"value": None}, "区域!C17", "key_missing"),
        ("area", "km2", {"unit": "吨"}, "区域!D7", "unit_mismatch"),
    ],
)
def test_a_fault_is_told_at_its_cell(
    code: str, first: str | int, values: dict[str, Any], cell: str, refused: str
) -> None:
    book = valley()
    book.put(code, first, **values)

    found = book.read()

    assert errors(found).get(cell) == refused
    assert found.document is None
    assert found.account is None


def test_all_faults_of_a_file_are_told_at_once() -> None:
    book = valley()
    book.put("inputs", "timber", value="many", unit="bushel")
    book.put("inputs", "methane", value=date(2026, 1, 1))
    book.put("lines", "visits", price="oxygen.price")
    book.put("lines", "carbon", price="oxygen.price")
    book.put("overrides", 3, value=5000)
    book.put("area", "edition", value="ISO 9000")

    found = errors(book.read())

    assert found == {
        "区域!C13": "edition_unknown",
        "输入!B18": "number_unread",
        "输入!C18": "unit_unknown",
        "输入!B22": "number_is_date",
        "核算行!H7": "unit_mismatch",
        "核算行!H11": "unit_mismatch",
        "参数替换!B3": "override_absurd",
    }


def test_what_only_the_whole_account_shows_is_told_beside_errors_of_cells() -> None:
    book = valley()
    book.put("inputs", "visits", value="many")
    book.put("inputs", "timber_price", basis="ANNUALISED")
    book.put("lines", "water", quantity="timber")
    book.put("lines", "timber", service="M2")
    book.put("lines", "visits", service="R12")
    book.put("area", "edition", value="DB33/T 2274-2020")

    found = errors(book.read())

    assert sorted(found.values()) == [
        "basis_mixed",
        "double_counted",
        "number_unread",
        "service_not_in_edition",
    ]


def test_lines_without_a_readable_quantity_are_not_one_volume() -> None:
    book = valley()
    book.put("lines", "timber", service="M2", quantity="tiimber")
    book.put("lines", "water", quantity="waater")

    assert set(errors(book.read()).values()) == {"name_unknown"}


def test_a_unit_within_steps_is_told_with_the_input_that_brings_it() -> None:
    book = Book(workbook(pages_from(example("river-2026"), Language.ZH), Language.ZH))
    book.put("inputs", "forest_et", unit="t_C")
    first = book.row_of("methods", "water.quantity")
    book.put("methods", first + 2, argument="evapotranspiration", value="losses")
    rows = [("losses", "total.sum", "values[]", "forest_et")]
    for number, (step, method, argument, value) in enumerate(rows, start=20):
        book.put("methods", number, step=step, method=method, argument=argument, value=value)

    (fault,) = book.read().errors

    cell = book.cell("inputs", book.row_of("inputs", "forest_et"), "unit").coordinate
    assert (fault.code, fault.found, fault.also) == ("gep.unit_mismatch", "t_C", f"输入!{cell}")


def test_what_only_the_whole_account_shows_is_told_at_a_line() -> None:
    mixed, twice, other = valley(), valley(), valley()
    mixed.put("inputs", "timber_price", basis="ANNUALISED")
    twice.put("lines", "timber", service="M2", quantity="timber", price="timber_price")
    twice.put("lines", "water", quantity="timber")
    other.put("area", "edition", value="DB33/T 2274-2020")
    other.put("lines", "timber", service="R12")

    assert errors(mixed.read()) == {"核算行!H10": "basis_mixed"}
    assert errors(twice.read()) == {"核算行!A10": "double_counted"}
    assert errors(other.read()) == {"核算行!A10": "service_not_in_edition"}


def test_merged_hidden_and_strange_sheets_are_told() -> None:
    book = valley()
    book.sheet("lines").merge_cells("M3:M5")
    book.sheet("inputs").sheet_state = "hidden"
    book.book.create_sheet("Sheet1")["A1"] = "notes"
    book.sheet("inputs").cell(1, 20, "remark")

    found = book.read()

    assert errors(found)["核算行!M3:M5"] == "cells_merged"
    assert warnings(found)["输入"] == "sheet_hidden"
    assert warnings(found)["Sheet1"] == "sheet_unknown"
    assert warnings(found)["输入!T1"] == "column_unknown"


def test_a_sheet_and_a_column_that_lack_are_told() -> None:
    book = valley()
    book.sheet("lines").title = "Lines of mine"
    source = book.cell("inputs", 2, "source")
    book.sheet("inputs").cell(1, source.column).value = "where from"
    source.value = None

    found = book.read()

    assert {each.code for each in found.errors} >= {"gep.sheet_missing", "gep.column_missing"}


def test_empty_rows_blanks_and_a_missing_row_of_names_do_no_harm() -> None:
    book = valley()
    for code in ("inputs", "lines", "methods", "overrides", "area"):
        book.sheet(code).delete_rows(2)
    assert book.sheet("lines").cell(3, 1).value == "silt"
    book.sheet("inputs").insert_rows(5, 3)
    book.sheet("inputs").cell(4000, 1, "   ")
    book.sheet("lines").cell(3, 1).value = " silt "

    found = book.read()

    assert found.account is not None, errors(found)
    assert found.account.hash == HASH


def test_a_percent_cell_is_the_share_that_it_shows() -> None:
    book = valley()
    row = book.row_of("inputs", "practice")
    book.put("inputs", row, value=0.5, unit="%")
    book.cell("inputs", row, "value").number_format = "0%"

    found = book.read()

    assert found.plan is not None, errors(found)
    assert str(found.plan.inputs["practice"].value) == "0.5"


def test_what_excel_in_china_saves_is_read_and_told() -> None:
    pages = files()
    name = "04-inputs.csv"
    pages[name] = pages[name].decode("utf-8-sig").encode("gb18030")

    found = read_folder(pages)

    assert found.account is not None, errors(found)
    assert found.account.hash == HASH
    assert [each.code for each in found.warnings] == ["gep.table_encoding"]


def test_other_encodings_are_refused_by_the_name_of_the_file() -> None:
    text = files()["04-inputs.csv"].decode("utf-8-sig")

    for content in (text.encode("utf-16"), b"\xff" + text.encode()[:50]):
        found = read_folder(files() | {"04-inputs.csv": content})
        assert errors(found)["04-inputs.csv"] == "table_not_utf8"


def test_semicolons_are_read_where_a_spreadsheet_writes_them() -> None:
    pages = {name: content.replace(b",", b"\t") for name, content in files().items()}
    kept = {name: content for name, content in files().items() if name == "05-methods.csv"}
    lines = "05-methods.csv"

    found = read_folder(pages | kept)

    assert lines in kept
    assert not {"gep.header_missing", "gep.column_missing"} & {each.code for each in found.errors}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and no more", "gep.table_unreadable"),
        (b"", "gep.table_unreadable"),
        (b"x" * (5 << 20), "gep.table_too_large"),
    ],
    ids=["damaged", "empty", "large"],
)
def test_what_is_no_file_of_tables_is_refused(content: bytes, code: str) -> None:
    found = read_file(content, "file")

    assert [each.code for each in found.errors] == [code]
    assert is_tables(content) is content.startswith(b"PK")


def test_a_zip_of_a_version_that_nobody_reads_is_refused() -> None:
    content = valley().content()
    place = content.rindex(b"PK\x01\x02") + 6

    found = read_file(content[:place] + b"\x5d" + content[place + 1 :], "book")

    assert [each.code for each in found.errors] == ["gep.table_unreadable"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_damaged_file_is_an_outcome_whatever_is_damaged(changes: list[tuple[int, int]]) -> None:
    content = bytearray(VALLEY_BOOK)
    for place, value in changes:
        content[place % len(content)] = value

    found = read_file(bytes(content), "book")

    assert (found.account is None) is bool(found.error_count)


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (17 << 20))

    found = read_file(out.getvalue(), "bomb")

    assert [each.code for each in found.errors] == ["gep.table_too_large"]


def test_entities_are_refused() -> None:
    content = valley().content()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each.filename: archive.read(each) for each in archive.infolist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[name]

    found = read_file(archive_of(parts), "book")

    assert [each.code for each in found.errors] == ["gep.table_unreadable"]


def test_a_book_of_another_kind_is_told_what_lacks() -> None:
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)

    found = read_file(out.getvalue(), "book")

    assert set(errors(found).values()) == {"sheet_missing"}


def test_steps_that_refer_to_each_other_are_refused() -> None:
    book: Book = valley()
    row = book.row_of("methods", "silt.quantity.soil")
    book.put("methods", row, value="silt.quantity")

    found = book.read()

    assert "step_cycle" in errors(found).values() or "too_many" in errors(found).values()
