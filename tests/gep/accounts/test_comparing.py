"""Years compared: breaks are named, and quantity and price make the change to the fen."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.accounts.account import yuan_of
from gep.accounts.comparing import Break, compare
from gep.errors import AccountRefused
from gep.registry.service import Group
from tests.gep.accounts.planning import CAPITAL, LINES, TIMBER, TIMBER_PRICE, WATER, account

COVER = {"product": "CLCD v1", "resolution_m": 30}


def year(number: int, **changes: Any) -> Any:
    return account(year=number, land_cover=COVER, **changes)


def codes(**changes: Any) -> set[Break]:
    return {each.code for each in compare(year(2020), year(2021, **changes)).breaks}


def test_the_same_terms_do_not_break() -> None:
    assert codes() == set()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"area": {"id": "x", "name": "x", "km2": 1}}, Break.OTHER_AREA),
        ({"edition": "HJ 1173-2021"}, Break.OTHER_EDITION),
        ({"profile": "SEEA_EA"}, Break.OTHER_PROFILE),
        ({"inputs": {"reservoir": CAPITAL | {"basis": "ANNUALISED"}}}, Break.OTHER_PRICE_BASIS),
        ({"lines": LINES[:1]}, Break.LINE_DISAPPEARED),
        ({"lines": [*LINES, LINES[1] | {"id": "more"}]}, Break.LINE_APPEARED),
        (
            {
                "lines": [
                    LINES[0],
                    LINES[1]
                    | {"quantity": {"call": "M.part", "args": {"quantity": "timber", "share": 1}}},
                ]
            },
            Break.OTHER_METHOD,
        ),
    ],
)
def test_a_break_is_named(changes: dict[str, Any], code: Break) -> None:
    assert code in codes(**changes)


def test_another_land_cover_breaks_and_so_does_none() -> None:
    other = account(year=2021, land_cover=COVER | {"resolution_m": 10})

    assert {each.code for each in compare(year(2020), other).breaks} == {Break.OTHER_LAND_COVER}
    unknown = compare(year(2020), account(year=2021)).breaks
    assert [each.code for each in unknown] == [Break.LAND_COVER_UNKNOWN]


def test_more_water_at_a_higher_price_is_split() -> None:
    # Ours: 1.0e6 m3 at 6.11 becomes 1.1e6 at 7: 0.1e6 * 6.11 = 611,000; 1.1e6 * 0.89 = 979,000.
    later = year(
        2021,
        inputs={"water": WATER | {"value": "1100000"}, "reservoir": CAPITAL | {"value": "7"}},
    )
    found = compare(year(2020), later)

    water = found.changes[0]
    assert yuan_of(water.quantity_effect) == Decimal(611_000)
    assert yuan_of(water.price_effect) == Decimal(979_000)
    assert found.quantity_effect == water.quantity_effect
    assert found.price_effect == water.price_effect
    assert found.growth == Decimal(611_000) / Decimal(6_234_464)
    assert not found.has_declined(Decimal("0.05"))


def test_material_lines_are_deflated_and_regulating_ones_keep_their_price() -> None:
    later = year(2021, inputs={"timber_price": TIMBER_PRICE | {"value": "456.368"}})
    deflators = {Group.MATERIAL: Decimal("1.1"), Group.REGULATING: Decimal(2)}

    found = compare(year(2020), later, deflators=deflators)

    assert found.constant_total == year(2020).total
    assert found.price_effect == later.total - found.constant_total


def test_a_decline_over_several_years_is_judged_by_the_year() -> None:
    less = {"water": WATER | {"value": "940000"}, "reservoir": CAPITAL}
    fell = [compare(year(2020), year(to, inputs=less)) for to in (2021, 2022)]

    assert {f"{each.growth:.4f}" for each in fell} == {"-0.0588"}
    # 5.88 % in two years are 2.98 % a year, as the warnings of a venue have it.
    assert [each.has_declined(Decimal("0.05")) for each in fell] == [True, False]


def test_a_decline_is_one_at_constant_prices() -> None:
    dearer = {"water": WATER | {"value": "900000"}, "reservoir": CAPITAL | {"value": "9"}}
    found = compare(year(2020), year(2021, inputs=dearer))

    assert found.current.total > found.base.total
    assert found.has_declined(Decimal("0.05"))


@pytest.mark.parametrize("deflator", ["0", "-1", "NaN"])
def test_an_absurd_deflator_and_reversed_years_are_refused(deflator: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        compare(year(2020), year(2021), deflators={Group.MATERIAL: Decimal(deflator)})
    with pytest.raises(AccountRefused, match="2021 or later"):
        compare(year(2021), year(2020))

    assert refused.value.code == "gep.deflator_refused"


amounts = st.decimals(min_value=0, max_value=10**9, places=6)
prices = st.decimals(min_value=0, max_value=10**4, places=4)


@given(st.lists(st.tuples(amounts, prices), min_size=2, max_size=2), st.decimals(1, 3, places=3))
def test_quantity_and_price_make_the_change_exactly(
    figures: list[tuple[Decimal, Decimal]], deflator: Decimal
) -> None:
    base, current = (
        year(
            2020 + number,
            inputs={
                "timber": TIMBER | {"value": f"{quantity:f}"},
                "timber_price": TIMBER_PRICE | {"value": f"{price:f}"},
                "water": WATER | {"value": f"{quantity:f}"},
            },
        )
        for number, (quantity, price) in enumerate(figures)
    )

    for deflators in ({}, {Group.MATERIAL: deflator}):
        found = compare(base, current, deflators=deflators)
        assert found.quantity_effect + found.price_effect == current.total - base.total
        for change in found.changes:
            assert change.quantity_effect + change.price_effect == change.current - change.base
        assert sum(each.current for each in found.changes) == current.total


def test_a_coefficient_that_changed_is_a_break_and_a_price_is_none() -> None:
    inputs = {"dry": {"value": "10", "unit": "t", "source": "s"}}
    quantity = {
        "call": "R9.release",
        "args": {"dry_matter": "dry", "factor": {"parameter": "oxygen.factor"}},
    }
    line = {
        "id": "oxygen",
        "service": "R9",
        "quantity": quantity,
        "price": {"parameter": "oxygen.price"},
    }
    base = account(inputs=inputs, lines=[line])
    # Of Jiajiyu both the factor, 1.2 after 1.19, and the price differ.
    later = account(year=2021, inputs=inputs, lines=[line], parameters="jiajiyu-2012")
    found = [each for each in compare(base, later).breaks if each.code is Break.OTHER_COEFFICIENT]

    assert [each.place for each in found] == ["oxygen: oxygen.factor 1.19 / 1.2"]
    assert not [each for each in compare(base, base).breaks if each.code is Break.OTHER_COEFFICIENT]
