"""Draws of an account: stratified, repeatable, and the strongest figure named first."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from gep.accounts.account import yuan_of
from gep.accounts.making import make_account
from gep.accounts.uncertainty import uncertainty_of
from gep.drawing import triangular
from gep.errors import AccountRefused, InputRefused
from tests.gep.accounts.planning import CAPITAL, LINES, TIMBER, WATER, planned

WIDE = WATER | {"low": "500000", "high": "1500000"}
NARROW = TIMBER | {"low": "270", "high": "330"}
OVERRIDE = {
    "key": "reservoir.price",
    "value": "7",
    "unit": "yuan/m3",
    "author": "A. Analyst",
    "reason": "a tender",
    "source": "tender 7/2020",
}


def test_quantiles_are_those_of_the_triangle() -> None:
    # Ours: a symmetric triangle has P10 at low + sqrt(0.1 * width * half) and P50 at its middle.
    p10 = (500_000 + math.sqrt(0.1 * 1_000_000 * 500_000)) * 6.11
    found = uncertainty_of(planned(inputs={"water": WIDE}, lines=LINES[:1]))

    assert found.p10 / 100 == pytest.approx(p10, rel=0.002)
    assert found.p50 / 100 == pytest.approx(6_110_000, rel=0.002)
    assert found.p90 / 100 == pytest.approx(2 * 6_110_000 - p10, rel=0.002)


def test_every_slice_is_drawn_from_once() -> None:
    random = np.random.Generator(np.random.PCG64(7))
    drawn = triangular(0.0, 0.0, 1.0, draws=1000, random=random)

    shares = 1 - (1 - drawn) ** 2
    assert sorted((shares * 1000).astype(int)) == list(range(1000))


def test_the_strongest_figure_comes_first() -> None:
    found = uncertainty_of(planned(inputs={"water": WIDE, "timber": NARROW}))

    assert [each.name for each in found.drivers] == ["water", "timber"]
    assert found.drivers[0].share > 0.99
    assert sum(each.share for each in found.drivers) == pytest.approx(1.0)
    assert found.drivers[0].correlation > 0.99


def test_the_same_seed_gives_the_same_answer() -> None:
    plan = planned(inputs={"water": WIDE, "timber": NARROW})

    assert uncertainty_of(plan) == uncertainty_of(plan)
    assert uncertainty_of(plan, seed=1).p10 != uncertainty_of(plan, seed=2).p10


def test_an_account_without_doubt_is_the_same_at_every_quantile() -> None:
    plan = planned()
    found = uncertainty_of(plan)

    assert found.p10 == found.p50 == found.p90 == make_account(plan).total
    assert (found.doubted, found.drivers) == (0, ())


def test_a_parameter_is_doubted_until_it_is_overridden() -> None:
    line = LINES[0] | {"price": {"parameter": "reservoir.price"}}

    assert uncertainty_of(planned(lines=[line])).doubted == 1
    fixed = uncertainty_of(planned(lines=[line], overrides=[OVERRIDE]))
    assert fixed.doubted == 0
    assert yuan_of(fixed.p50) == Decimal(7_000_000)


def test_lines_that_are_not_counted_are_not_doubted() -> None:
    methane = {"value": "5", "low": "1", "high": "9", "unit": "t_CO2", "source": "s"}
    price = {"value": "60", "unit": "yuan/t_CO2", "source": "s"}
    line = {"id": "methane", "service": "D1", "quantity": "methane", "price": "price"}
    plan = planned(inputs={"methane": methane, "price": price}, lines=[*LINES, line])

    assert uncertainty_of(plan).doubted == 0


def test_a_capped_quantity_stays_capped_in_every_draw() -> None:
    inputs = {
        "capacity": {"value": "100", "low": "90", "high": "200", "unit": "t", "source": "s"},
        "emission": {"value": "80", "unit": "t", "source": "s"},
        "price": {"value": "10", "unit": "yuan/t", "source": "s"},
    }
    used = {"call": "R6.used", "args": {"capacity": "capacity", "emission": "emission"}}
    line = {"id": "dust", "service": "R6", "quantity": used, "price": "price"}

    assert uncertainty_of(planned(inputs=inputs, lines=[line])).p90 == 800_00


def doubted(count: int) -> dict[str, Any]:
    inputs = {f"w{number}": WIDE for number in range(count)}
    lines = [
        {"id": name, "service": "R1", "quantity": name, "price": "reservoir"} for name in inputs
    ]
    return {"inputs": inputs, "lines": lines}


def test_an_account_that_is_refused_is_not_drawn() -> None:
    with pytest.raises(AccountRefused) as refused:
        uncertainty_of(planned(edition="GB/T 46869-2025"))

    assert refused.value.code == "gep.inflow_unstated"


def test_a_range_beyond_all_sense_is_refused() -> None:
    absurd = WATER | {"low": "0", "high": "1e59"}

    with pytest.raises(AccountRefused) as refused:
        uncertainty_of(planned(inputs={"water": absurd}))

    assert refused.value.code == "gep.range_out_of_sense"


@pytest.mark.parametrize("draws", [99, 100_001])
def test_too_few_and_too_many_draws_are_refused(draws: int) -> None:
    with pytest.raises(AccountRefused, match="draws"):
        uncertainty_of(planned(), draws=draws)


def test_at_most_forty_figures_are_doubted() -> None:
    assert uncertainty_of(planned(**doubted(40)), draws=100).doubted == 40
    with pytest.raises(AccountRefused) as refused:
        uncertainty_of(planned(**doubted(41)))

    assert refused.value.code == "gep.too_many_doubted"


def test_a_range_that_no_formula_can_take_is_refused() -> None:
    share = {"value": "0.9", "low": "0.5", "high": "1.5", "unit": "1", "source": "s"}
    part = {"call": "M.part", "args": {"quantity": "timber", "share": "share"}}

    with pytest.raises(InputRefused, match="share"):
        uncertainty_of(planned(inputs={"share": share}, lines=[LINES[1] | {"quantity": part}]))


def test_a_figure_that_only_makes_sense_alone_is_not_drawn() -> None:
    shannon = {"value": "2.5", "low": "1.5", "high": "3.5", "unit": "1", "source": "s"}
    stand = {"value": "40", "unit": "hm2", "source": "s"}
    classes = ("lt1", "1_2", "2_3", "3_4", "4_5", "5_6", "ge6")
    prices = [{"parameter": "habitat.class_price", "dims": {"class": each}} for each in classes]
    price = {"call": "R14.class_price", "args": {"index": "shannon", "prices": prices}}
    plan = planned(
        inputs={"shannon": shannon, "stand": stand},
        lines=[{"id": "pine", "service": "R14", "quantity": "stand", "price": price}],
    )

    assert yuan_of(make_account(plan).total) == Decimal(400_000)
    with pytest.raises(InputRefused, match="a single figure"):
        uncertainty_of(plan)


def test_a_share_of_two_doubted_figures_is_drawn() -> None:
    args = {"part": "timber", "whole": "whole"}
    whole = {"value": "600", "low": "500", "high": "700", "unit": "m3", "source": "s"}
    part = {
        "call": "M.part",
        "args": {"quantity": "timber", "share": {"call": "index.ratio", "args": args}},
    }
    plan = planned(inputs={"whole": whole}, lines=[LINES[1] | {"quantity": part}])

    assert uncertainty_of(plan).p10 < uncertainty_of(plan).p90


def test_a_capital_price_keeps_its_basis_while_it_is_drawn() -> None:
    price = CAPITAL | {"low": "6", "high": "7"}

    assert uncertainty_of(planned(inputs={"reservoir": price})).doubted == 1
