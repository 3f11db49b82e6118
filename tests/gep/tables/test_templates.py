"""Templates: blank, filled by areas and rates, and what they say of their norm."""

from typing import Any

import pytest

from gep.errors import Unknown
from gep.registry.shipped import editions, parameter_sets
from gep.tables.layout import Language
from gep.tables.reading import Outcome, read_file
from gep.tables.recipes import PROPOSALS
from gep.tables.template import EDITION, PARAMETERS, archive, blank_pages, workbook
from tests.gep.tables.sheets import Book, errors

LAND = {
    "covered": "70_90",
    "rain": 1390,
    "evapotranspiration": 640,
    "erosivity": 5200,
    "erodibility": 0.031,
    "slope": 4.2,
    "practice": 1,
    "curve_number": 60,
    "growth": 5.1,
    "source": "survey",
}
FIGURES: dict[str, dict[str, Any]] = {
    "reservoir_price": {"value": 7.1, "basis": "CAPITAL"},
    "so2_emitted": {"value": 290},
    "cod_emitted": {"value": 900},
    "cooling_days": {"value": 68},
    "storm_rain": {"value": 120},
    "flood_capacity": {"value": 100, "unit": "万m3"},
    "timber": {"value": 4900},
    "timber_price": {"value": 655},
    "visits": {"value": 19.5, "unit": "万人次"},
    "spend": {"value": 86},
}


def blank(lang: Language = Language.ZH) -> Book:
    return Book(workbook(blank_pages(EDITION, PARAMETERS, lang), lang), lang)


def filled(lang: Language = Language.ZH) -> Book:
    """Fill a template: two classes of land, the inputs, and every line that it proposes."""
    book = blank(lang)
    for field, value in (("id", "x"), ("area_id", "331199"), ("area_name", "谷"), ("year", 2026)):
        book.put("area", field, value=value)
    book.put("area", "km2", value=9650, unit="公顷")
    forest, wetland, lake = {
        Language.ZH: ("阔叶林", "湿地", "湖泊"),
        Language.EN: ("broadleaf forest", "wetland", "lake"),
    }[lang]
    book.put("land", forest, area=6260, **LAND)
    book.put("land", wetland, area=3750, unit="亩", source="survey")
    book.put("land", lake, area=1, unit="km2", source="survey")
    for name, values in FIGURES.items():
        book.put("inputs", name, source="yearbook", **values)
    for each in PROPOSALS:
        book.put("lines", each.id, quantity=each.quantity, price=each.price)
    return book


@pytest.mark.parametrize("lang", list(Language))
def test_areas_and_rates_become_the_account(lang: Language) -> None:
    found = filled(lang).read()

    assert found.account is not None, errors(found)
    lines = {each.id: each for each in found.account.lines}
    assert len(lines) == len(PROPOSALS)
    # 1390 mm, of which a forest's share runs off and 640 mm evaporate, upon 6260 hm2.
    assert lines["water"].method == "R1.balance"
    assert str(lines["carbon"].quantity) == "52039.380000"
    assert str(lines["cod"].quantity) == "275.575000"
    assert str(lines["so2"].quantity) == "290.000000"
    assert str(lines["visits"].quantity) == "195000.000000"
    assert {each.name for each in lines["carbon"].used} >= {"阔叶林.area"} or lang is Language.EN


def test_a_class_that_lacks_a_factor_is_told_at_its_cell() -> None:
    book = filled()
    book.put("land", "阔叶林", rain=None, air_cover="palm")

    assert errors(book.read()) == {"地类!H3": "cell_missing", "地类!G3": "parameter_unknown"}


def test_a_class_in_other_units_is_told_at_its_cell() -> None:
    book = filled()
    book.put("land", "湖泊", unit="吨")

    assert errors(book.read()) == {"地类!B9": "unit_mismatch"}


def test_one_figure_is_wanted_where_a_step_has_one_for_each_class() -> None:
    book = filled()
    book.put("lines", "water", quantity="land:area")

    assert errors(book.read())["核算行!F4"] == "value_per_class"


def test_an_input_that_nobody_filled_is_told_where_a_line_needs_it() -> None:
    book = filled()
    book.put("inputs", "timber", value=None, source=None)

    assert errors(book.read()) == {"输入!B9": "cell_missing"}


def test_a_blank_template_is_no_account_and_says_what_lacks() -> None:
    found = blank().read()

    assert set(errors(found).values()) == {"cell_missing"}
    assert {each.code for each in found.warnings} == {"gep.line_empty"}
    assert len(found.warnings) == len(PROPOSALS)


def test_figures_may_stand_in_lines_and_steps_themselves() -> None:
    book = filled()
    book.put("lines", "timber", quantity=4900, quantity_unit="m3", source="yearbook")
    book.put("lines", "visits", quantity=None, price=None, given=1677, given_unit="万元")
    book.put("lines", "visits", source="yearbook")
    row = book.row_of("methods", "cooling") + 2
    book.put("methods", row, value=68, source="met office")

    found: Outcome = book.read()

    assert found.account is not None, errors(found)
    lines = {each.id: each for each in found.account.lines}
    assert [each.name for each in lines["timber"].used] == ["timber.quantity", "timber_price"]
    assert lines["visits"].value == 1_677_000_000
    assert "cooling.days" in {each.name for each in lines["cooling"].used}


@pytest.mark.parametrize("edition", [each.id for each in editions()])
def test_every_edition_has_a_template(edition: str) -> None:
    pages = blank_pages(edition, PARAMETERS, Language.ZH)

    assert archive(pages, Language.ZH) == archive(pages, Language.ZH)
    found = read_file(archive(pages, Language.ZH), "archive")
    assert set(errors(found).values()) == {"cell_missing"}


@pytest.mark.parametrize("version", list(parameter_sets()))
def test_every_parameter_set_has_a_template(version: str) -> None:
    pages = blank_pages(EDITION, version, Language.EN)

    assert {row["parameter"] for row in pages["parameters"]} > {"soil.density"}


def test_mandatory_lines_come_first() -> None:
    pages = blank_pages("Shandong 2022", PARAMETERS, Language.EN)
    services = list(dict.fromkeys(row["service"].split()[0] for row in pages["lines"]))

    assert services == ["R1", "R2", "R6", "R7", "R8", "R10", "C1", *services[7:]]
    assert any("Mandatory lines: R1" in row["text"] for row in pages["about"])


def test_lists_to_choose_from_are_there() -> None:
    book = blank()

    of_lines = {each.formula1 for each in book.sheet("lines").data_validations.dataValidation}
    of_area = book.sheet("area").data_validations.dataValidation

    assert any("lists!" in each for each in of_lines)
    assert len(of_area) == 5
    assert book.sheet("stocks").data_validations.dataValidation
    assert book.sheet("lines").row_dimensions[2].hidden


@pytest.mark.parametrize(("edition", "version"), [("ISO 9000", PARAMETERS), (EDITION, "none")])
def test_an_unknown_norm_or_set_has_no_template(edition: str, version: str) -> None:
    with pytest.raises(Unknown):
        blank_pages(edition, version, Language.ZH)
