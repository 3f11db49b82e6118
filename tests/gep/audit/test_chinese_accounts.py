"""Accounts as bureaus and papers print them: 万吨, 元/千克, 亿元, shares; and their slips."""

import json
from decimal import Decimal
from typing import Any

import pytest

from gep.audit.auditing import Audit, audit
from gep.audit.finding import Rule
from gep.audit.printed import read_printed
from gep.errors import Malformed


def audited(document: dict[str, Any]) -> Audit:
    return audit(read_printed(json.dumps(document, ensure_ascii=False).encode()))


def paper(**changes: Any) -> dict[str, Any]:
    """Return a small account of a county, in 亿元 with two decimals.

    Ours: 12.34 万吨 of COD at 1.4 元/千克 are 172.76 million; 3.21 亿立方米 at 7.06 元 are
    2,266.26 million; 45.67 万吨 of dry matter fix 74.4421 万吨 CO2, at 260.9 元 194.22 million.
    """
    lines = {
        "cod": {
            "service": "R7",
            "name": "净化COD",
            "quantity": {"value": "12.34", "unit": "万吨"},
            "price": {"value": "1.4", "unit": "元/千克"},
            "value": "1.73",
            "share": {"value": "6.57", "unit": "%"},
        },
        "water": {
            "service": "R1",
            "name": "水源涵养",
            "quantity": {"value": "3.21", "unit": "亿立方米"},
            "price": {"value": "7.06", "unit": "元/立方米"},
            "value": "22.66",
            "share": {"value": "86.06", "unit": "%"},
        },
        "carbon": {
            "service": "R8",
            "name": "固碳",
            "factors": [
                {"value": "45.67", "unit": "万吨"},
                {"value": "1.63", "unit": "t_CO2/t"},
            ],
            "quantity": {"value": "74.44", "unit": "万吨二氧化碳"},
            "price": {"value": "260.9", "unit": "元/吨二氧化碳"},
            "value": "1.94",
        },
    }
    given = {name: lines[name] | changes.pop(name, {}) for name in lines}
    return {
        "id": "a-county",
        "unit_yuan": "亿元",
        "lines": [{"id": name, **line} for name, line in given.items()],
        "total": {"printed": "26.33"},
        "indices": [
            {
                "id": "per_km2",
                "by": {"value": "1500", "unit": "平方公里"},
                "printed": {"value": "175.53", "unit": "万元/平方公里"},
            }
        ],
        **changes,
    }


def test_an_account_as_it_is_printed_is_clean() -> None:
    assert audited(paper()).findings == ()


@pytest.mark.parametrize(
    ("place", "changes", "rule", "detail"),
    [
        # Tonnes by the price of a kilogram: a thousandth of the value.
        ("cod", {"value": "0.0017"}, Rule.POWER_OF_TEN, "t at yuan/kg"),
        ("cod", {"quantity": {"value": "12.34", "unit": "亿吨"}}, Rule.POWER_OF_TEN, ""),
        ("water", {"quantity": {"value": "32.1", "unit": "万立方米"}}, Rule.POWER_OF_TEN, ""),
        (
            "water",
            {"price": {"value": "6.07", "unit": "元/立方米"}},
            Rule.SWAPPED_DIGITS,
            "price 6.07 yuan/m3",
        ),
        (
            "water",
            {"price": {"value": "0.76", "unit": "元/立方米"}},
            Rule.VALUE_DIFFERS,
            "",
        ),
        # 74.44 万吨 CO2 are 20.30 万吨 C.
        ("carbon", {"quantity": {"value": "20.30", "unit": "万吨碳"}}, None, ""),
        (
            "carbon",
            {"quantity": {"value": "74.44", "unit": "万吨碳"}},
            Rule.CARBON_FOR_DIOXIDE,
            "",
        ),
        (
            "carbon",
            {"price": {"value": "260.9", "unit": "元/吨碳"}},
            Rule.CARBON_FOR_DIOXIDE,
            "t_CO2 at yuan/t_C",
        ),
        ("carbon", {"value": "0.53"}, Rule.CARBON_FOR_DIOXIDE, ""),
        ("carbon", {"value": "7.12"}, Rule.CARBON_FOR_DIOXIDE, ""),
        (
            "carbon",
            {
                "factors": [
                    {"value": "54.67", "unit": "万吨"},
                    {"value": "1.63", "unit": "t_CO2/t"},
                ]
            },
            Rule.SWAPPED_DIGITS,
            "factor 1, 546700 t",
        ),
        (
            "water",
            {"share": {"value": "68.06", "unit": "%"}},
            Rule.SWAPPED_DIGITS,
            "water by total",
        ),
        ("water", {"share": {"value": "80.00", "unit": "%"}}, Rule.SHARE_DIFFERS, "water by total"),
    ],
)
def test_a_slip_is_named(
    place: str, changes: dict[str, Any], rule: Rule | None, detail: str
) -> None:
    found = audited(paper(**{place: changes})).errors

    at = {(each.rule, each.detail) for each in found if each.place == place}
    assert at == (set() if rule is None else {(rule, detail)}), found


def test_a_price_with_two_digits_swapped_is_named_beside_a_right_value() -> None:
    found = audited(paper(water={"price": {"value": "6.70", "unit": "元/立方米"}}))
    swapped = audited(paper(water={"price": {"value": "60.7", "unit": "元/立方米"}}))

    # 7.06 has another digit in each place of 6.70, and so has 60.7.
    assert [each.rule for each in found.errors] == [Rule.VALUE_DIFFERS]
    assert [each.rule for each in swapped.errors] == [Rule.VALUE_DIFFERS]
    cod = audited(paper(cod={"price": {"value": "4.1", "unit": "元/千克"}})).errors
    assert [(each.rule, each.detail, each.difference_yuan) for each in cod] == [
        (Rule.SWAPPED_DIGITS, "price 4.1 yuan/kg", Decimal(0))
    ]


def test_an_index_that_is_not_its_total_by_its_area_is_named() -> None:
    index = paper()["indices"][0]
    found = audited(paper(indices=[index | {"printed": {"value": "1.755", "unit": "万元/公顷"}}]))
    wrong = audited(paper(indices=[index | {"printed": {"value": "160", "unit": "万元/km2"}}]))

    assert found.errors == ()
    assert [(each.rule, each.place) for each in wrong.errors] == [(Rule.INDEX_DIFFERS, "per_km2")]


def test_a_share_is_not_reported_where_its_value_is() -> None:
    found = audited(paper(water={"value": "26.66"})).errors

    assert [(each.rule, each.place) for each in found] == [(Rule.VALUE_DIFFERS, "water")]


def test_an_emission_in_another_unit_is_the_same_emission() -> None:
    found = audited(paper(cod={"emission": {"value": "123400000", "unit": "千克"}})).findings
    above = audited(paper(cod={"emission": {"value": "123000000", "unit": "kg"}})).errors

    assert [each.rule for each in found] == [Rule.PURIFICATION_EQUALS_EMISSION]
    assert [each.rule for each in above] == [Rule.ABOVE_EMISSION]


@pytest.mark.parametrize(("name", "is_doubled"), [("SO2", True), ("NOx", False)])
def test_short_values_agree_by_chance_unless_their_rows_have_one_name(
    name: str, *, is_doubled: bool
) -> None:
    lines = [
        {"id": "a", "service": "R6", "name": "SO2", "value": "0.12"},
        {"id": "b", "service": "R6", "name": name, "value": "0.12"},
    ]
    found = audited({"id": "c", "unit_yuan": "亿元", "lines": lines, "total": {"printed": "0.24"}})

    assert [each.rule for each in found.errors] == [Rule.DOUBLED_LINE] * is_doubled


def test_a_sum_may_have_followed_some_wrong_parts_and_not_others() -> None:
    # The value of water was misprinted after the sums; that of carbon went into them.
    changed = paper(
        water={"value": "26.26", "share": None},
        carbon={"value": "19.42"},
        total={"printed": "43.81"},
        indices=[],
        cod={"share": None},
    )

    found = audited(changed)

    assert [each.place for each in found.errors] == ["water", "carbon"]
    # Ours: 43.81 less what carbon has too much, 19.42 - 1.94.
    assert round((found.corrected_total_yuan or Decimal(0)) / 10**8, 2) == Decimal("26.33")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit_yuan": "亿吨"}, "document.unit_yuan"),
        ({"cod": {"share_of": "regulating"}}, "document.lines[0].share"),
        ({"cod": {"share": 6}}, "document.lines[0].share"),
        ({"indices": [{"id": "cod", "by": {}, "printed": {}}]}, "document.indices[0]"),
        ({"indices": [{"id": "i", "by": 3, "printed": {}}]}, "document.indices[0].by"),
    ],
)
def test_what_is_malformed_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        audited(paper(**changes))

    assert refused.value.field == field
