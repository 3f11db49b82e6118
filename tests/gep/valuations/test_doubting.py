"""How far a valuation may be off: from ranges of figures to quantiles of both values."""

import math
from typing import Any

import pytest

from gep.errors import AccountRefused
from tests.gep.valuations.projects import FLOW, TICKETS, valued

RANGE = {"low": "3000000", "high": "9000000"}
WIDE = TICKETS | {"income": {"first": "6000000", **RANGE}, "cost": {"first": "0"}}


def test_quantiles_are_those_of_the_triangle() -> None:
    # Ours: a symmetric triangle has P10 at low + sqrt(0.1 * width * half) and P50 at its middle;
    # all years move with the first, so the present value moves in proportion.
    found = valued(incomes=[WIDE])
    p10 = (3_000_000 + math.sqrt(0.1 * 6_000_000 * 3_000_000)) / 6_000_000

    assert found.uncertainty is not None
    market = found.uncertainty.market
    assert market.p10 == pytest.approx(p10 * found.vep_market, rel=0.002)
    assert market.p50 == pytest.approx(found.vep_market, rel=0.002)
    assert market.p90 == pytest.approx((2 - p10) * found.vep_market, rel=0.002)
    (tickets,) = found.components
    assert tickets.net_p10 is not None
    assert set(tickets.net_p10) == {tickets.net_p10[0]}
    assert tickets.net_p10[0] == pytest.approx(p10 * 600_000_000, rel=0.002)


def test_what_is_not_doubted_keeps_its_value_in_every_draw() -> None:
    found = valued(incomes=[WIDE])

    assert found.uncertainty is not None
    gain = found.uncertainty.gain
    assert gain.p10 == gain.p50 == gain.p90 == found.vep_gain
    (driver,) = found.uncertainty.drivers
    assert (driver.name, str(driver.with_gain), str(driver.with_market)) == (
        "incomes.tickets.income",
        "0.0000",
        "1.0000",
    )


def test_a_price_moves_both_scenarios_at_once() -> None:
    # At any price the gain is 600,000 m3 of it: as wide as the price, not as both flows apart.
    price = {"value": "7", "low": "6", "high": "8"}
    found = valued(flows=[FLOW | {"price_yuan": price}])

    assert found.uncertainty is not None
    low = (6 + math.sqrt(0.1 * 2 * 1)) / 7
    assert found.uncertainty.gain.p10 == pytest.approx(low * found.vep_gain, rel=0.002)


def test_each_scenario_is_doubted_apart() -> None:
    here = FLOW["with"] | {"low": "3900000", "high": "4100000"}
    there = FLOW["without"] | {"low": "3350000", "high": "3450000"}
    found = valued(flows=[FLOW | {"with": here, "without": there}])

    assert found.uncertainty is not None
    assert [each.name for each in found.uncertainty.drivers] == [
        "flows.R1.with",
        "flows.R1.without",
    ]
    strong, weak = found.uncertainty.drivers
    assert strong.with_gain > -weak.with_gain > 0


def test_the_same_project_is_drawn_alike() -> None:
    assert valued(incomes=[WIDE]) == valued(incomes=[WIDE])


def test_without_a_range_nothing_is_drawn() -> None:
    found = valued()

    assert found.uncertainty is None
    assert [each.net_p10 for each in found.components] == [None, None]


def test_at_most_forty_figures_are_doubted() -> None:
    def incomes(count: int) -> list[dict[str, Any]]:
        return [WIDE | {"component": f"c{number}"} for number in range(count)]

    assert valued(incomes=incomes(40)).uncertainty is not None
    with pytest.raises(AccountRefused) as refused:
        valued(incomes=incomes(41))
    assert refused.value.code == "gep.too_many_doubted"
