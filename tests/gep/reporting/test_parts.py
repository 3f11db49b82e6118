"""What a report has beside the total: stocks, mean weather, the area, neighbours, open warnings."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gep.accounts.account import yuan_of
from gep.accounts.indices import indices_of
from gep.accounts.weather import compared_at_mean
from gep.reporting.figures import changed_percent, million
from gep.reporting.pins import pin_of
from gep.reporting.subject import Subject
from gep.reporting.words import LANGUAGES, Language
from gep.space.standing import AreaDoubt
from gep.space.watching.judging import Severity, WarningRule
from gep.space.watching.state import WarningState
from tests.gep.reporting.pages import Grid, Page, of_example, page_of, square, townships, units
from tests.gep.reporting.test_report import grid


def river() -> Subject:
    earlier = of_example("river-2025")
    later = of_example("river-2026")
    return replace(later, base=earlier.account, base_weather=earlier.weather)


@pytest.fixture(scope="module")
def page() -> Page:
    return page_of(river())


def test_stocks_open_and_close_with_their_causes(page: Page) -> None:
    table = grid(page, "Stocks, what was added")

    forest = table.row("forest area")
    assert forest[1:6] == ["hm²", "6,200", "+72", "−12", "6,260"]
    assert table.row("\u2013 afforestation")[3] == "+72"
    after = table.rows[table.rows.index(forest) :]
    assert [row[4] for row in after[2:4]] == ["−9.5", "−2.5"]


def test_the_total_at_mean_weather_stands_beside_with_what_swings(page: Page) -> None:
    subject = river()
    found = subject.weather
    assert found is not None
    assert subject.base_weather is not None
    lines = grid(page, "Lines that swing")
    growth = compared_at_mean(subject.base_weather, found).growth

    assert f"the total is {million(found.mean.total)} million yuan" in page.text
    assert growth is not None
    assert f"the change on 2025 is {changed_percent(growth)}" in page.text
    assert grid(page, "Weather in use").row("rain")[2:] == ["1,280", "1,423", "−143"]
    assert lines.row("Total")[2:4] == [million(found.own.total), million(found.mean.total)]


def test_an_account_without_means_or_stocks_has_neither_section() -> None:
    text = page_of(of_example("valley-2026")).text

    assert "five-year mean weather" not in text
    assert "Stocks of natural resources" not in text


def test_the_area_says_what_it_is_and_what_is_doubtful() -> None:
    subject = replace(of_example("valley-2026"), doubts=(AreaDoubt.KM2_DIFFERS,))
    page = page_of(subject)

    assert "Accounted for: a valley (331199), an administrative region" in page.text
    assert "more than 1 % off what the area" in page.text


def test_the_conversion_value_stands_with_its_share() -> None:
    account = of_example("valley-2026").account
    text = page_of(of_example("valley-2026")).text
    found = indices_of(account)

    assert f"{yuan_of(found.conversion):,f}" == "19,979,500.00"
    assert million(found.conversion) in text
    assert "material and cultural: 4.17% of the total" in text


def among(**changes: object) -> Subject:
    """A county beside another one."""
    account = townships(a="100")
    zones = units(square("990101", 119, 30, title="云溪县"), square("990102", 119.1, 30))
    subject = Subject(account=account, units=zones, is_among_neighbours=True)
    return replace(subject, **changes)  # type: ignore[arg-type]


def test_a_county_among_its_neighbours_has_its_own_total_and_no_rest() -> None:
    page = page_of(among())
    table: Grid = grid(page, "Value by unit")

    assert table.row("990101")[3] == million(among().account.total)
    assert table.row("990102")[3] == "no data"
    assert "belong to no unit" not in page.text
    assert "drawn bold" in page.text


def test_units_with_accounts_of_their_own_are_no_parts_of_this_one() -> None:
    own = townships(a="40")
    part = replace(own, area=replace(own.area, id="990102", name="乙镇", km2=Decimal(9)))
    zones = units(square("990102", 119.1, 30))
    page = page_of(among(units=zones, unit_accounts=(part,), is_among_neighbours=False))

    assert "less the units" in page.text
    assert grid(page, "Value by unit").row("990102")[3] == million(part.total)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", WarningRule)
def test_an_open_warning_is_told_in_both_languages(rule: WarningRule, language: Language) -> None:
    row = {
        "area": "990101",
        "rule": rule.value,
        "service": "" if rule is WarningRule.DECLINE else "R8",
        "severity": Severity.SEVERE.value,
        "state": WarningState.ASSIGNED.value,
        "measured_ppm": 123_456,
        "limit_ppm": 50_000,
    }

    pin = pin_of(row, language)
    page = page_of(among(pins=(pin,)), language)

    assert ("12.35%" in pin.words) is (rule is not WarningRule.MANDATORY_MISSING)
    assert pin.words in page.text


def test_a_warning_of_the_area_is_listed_where_its_units_are_drawn() -> None:
    pin = pin_of(
        {
            "area": "990101",
            "rule": "decline",
            "service": "",
            "severity": "warning",
            "state": "raised",
            "measured_ppm": 60_000,
            "limit_ppm": 50_000,
        },
        "zh",
    )
    for zones in (units(square("990102", 119.1, 30)), ()):
        text = page_of(among(units=zones, pins=(pin,), is_among_neighbours=False), "zh").text
        assert f"云溪县：{pin.words}" in text
