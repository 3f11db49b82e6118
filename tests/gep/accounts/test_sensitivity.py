"""Coefficients of sensitivity worked by hand, on the carbon and oxygen of Jiajiyu among them."""

from typing import Any

import pytest

from gep.accounts.reading import read_plan
from gep.accounts.sensitivity import TERMS_MAX, Sensitivity, sensitivities_of
from gep.errors import AccountRefused
from tests.gep.accounts.planning import EXAMPLES, planned

DRY: dict[str, Any] = {"value": "2.98", "unit": "t", "source": "Jiajiyu 2018"}
# JJ01, a hectare of trees: 2.98 t x (1.63 x 260.9 + 1.2 x 352.93) = 1267.29566 + 1262.07768.
JIAJIYU: list[dict[str, Any]] = [
    {
        "id": "carbon",
        "service": "R8",
        "quantity": {
            "call": "R8.fixation",
            "args": {"dry_matter": "dry", "factor": {"parameter": "carbon.dioxide_factor"}},
        },
        "price": {"parameter": "carbon_dioxide.price"},
    },
    {
        "id": "oxygen",
        "service": "R9",
        "quantity": {
            "call": "R9.release",
            "args": {"dry_matter": "dry", "factor": {"parameter": "oxygen.factor"}},
        },
        "price": {"parameter": "oxygen.price"},
    },
]


def figures(**changes: Any) -> dict[str, Sensitivity]:
    return {each.name: each for each in sensitivities_of(planned(**changes)).figures}


def test_jiajiyu_s_carbon_and_oxygen_answer_by_their_shares() -> None:
    found = figures(parameters="jiajiyu-2012", inputs={"dry": DRY}, lines=JIAJIYU)

    assert found["dry"].up == pytest.approx(1)
    assert not found["dry"].is_elastic
    for name in ("carbon.dioxide_factor", "carbon_dioxide.price"):
        assert found[name].up == pytest.approx(1267.29566 / 2529.37334)
        assert found[name].down == pytest.approx(found[name].up)
    assert found["oxygen.price"].up == pytest.approx(1262.07768 / 2529.37334)
    assert found["dry"].lines == ("carbon", "oxygen")
    # JJ02 and JJ03 are the same formula on another dry matter: 2529.37334 x 1.5 = 3794.06001.
    assert (found["dry"].total_up, found["dry"].total_down) == (379406, 126469)


def test_what_divides_is_elastic_downwards_alone() -> None:
    # Ours: 1000 t x 0.24 / density 1 x 12.6. At 1.5 the value is 2/3 of it, -1/3 / 0.5 = -0.667; at
    # 0.5 twice as much, +1 / -0.5 = -2.
    inputs = {
        "soil": {"value": "1000", "unit": "t", "source": "s"},
        "density": {"value": "1", "unit": "t/m3", "source": "s"},
    }
    call = {"call": "R2.siltation_volume", "args": {"soil": "soil", "density": "density"}}
    line = {
        "id": "silt",
        "service": "R2",
        "quantity": call,
        "price": {"parameter": "dredging.price"},
    }
    found = figures(inputs=inputs, lines=[line])

    assert found["density"].up == pytest.approx(-2 / 3)
    assert found["density"].down == pytest.approx(-2)
    assert found["density"].is_elastic
    assert not found["soil"].is_elastic


def test_rain_less_what_evaporates_is_elastic() -> None:
    # Ours: (1000 - 600) mm of 1 hm2; rain of 1500 gives 900, (900 / 400 - 1) / 0.5 = 2.5; of 500
    # nothing, for a negative row counts 0: (0 - 1) / -0.5 = 2.
    inputs = {
        "rain": {"value": "1000", "unit": "mm", "source": "s"},
        "none": {"value": "0", "unit": "mm", "source": "s"},
        "risen": {"value": "600", "unit": "mm", "source": "s"},
        "forest": {"value": "1", "unit": "hm2", "source": "s"},
    }
    arguments = {"rain": "rain", "runoff": "none", "evapotranspiration": "risen", "area": "forest"}
    line = {
        "id": "water",
        "service": "R1",
        "quantity": {"call": "R1.balance", "args": arguments},
        "price": "reservoir",
    }
    found = figures(inputs=inputs, lines=[line])

    assert [found["rain"].up, found["rain"].down] == pytest.approx([2.5, 2])
    assert [found["risen"].up, found["risen"].down] == pytest.approx([-1.5, -1.5])
    assert (found["none"].up, found["none"].down, found["none"].strength) == (None, None, 0)


def test_a_share_that_cannot_grow_has_one_side() -> None:
    inputs = {
        "felled": {"value": "300", "unit": "m3", "source": "s"},
        "share": {"value": "0.8", "unit": "1", "source": "s"},
    }
    call = {"call": "M.part", "args": {"quantity": "felled", "share": "share"}}
    line = {"id": "timber", "service": "M1", "quantity": call, "price": "timber_price"}
    found = figures(inputs=inputs, lines=[line])

    assert (found["share"].up, found["share"].total_up) == (None, None)
    assert found["share"].down == pytest.approx(1)


def test_what_is_not_counted_moves_nothing_and_given_lines_dilute() -> None:
    lines = [
        {"id": "timber", "service": "M1", "quantity": "timber", "price": "timber_price"},
        {"id": "given", "service": "M4", "given_yuan": "124464", "source": "s"},
        {"id": "methane", "service": "D1", "quantity": "timber", "price": "timber_price"},
    ]
    found = sensitivities_of(planned(lines=lines))

    # Ours: 300 x 414.88 = 124,464, half of the total.
    assert {each.name: each.up for each in found.figures} == {
        "timber": pytest.approx(0.5),
        "timber_price": pytest.approx(0.5),
    }
    assert found.figures[0].lines == ("timber",)


def test_the_valley_moves_with_its_rain() -> None:
    plan = read_plan((EXAMPLES / "valley-2026.json").read_bytes())
    first, *others = sensitivities_of(plan).figures

    assert (first.name, first.is_elastic) == ("rain", True)
    strengths = [round(each.strength, 6) for each in others]
    assert strengths == sorted(strengths, reverse=True)


def test_an_account_of_nothing_and_one_beyond_measure_are_refused() -> None:
    nothing = [{"id": "x", "service": "M4", "given_yuan": 0, "source": "s"}]
    many = {f"a{each}": {"value": "1", "unit": "m3", "source": "s"} for each in range(450)}
    call = {"call": "total.sum", "args": {"values": list(many)}}
    part = {"call": "M.part", "args": {"quantity": call, "share": 1}}
    line = {"id": "sum", "service": "M1", "quantity": part, "price": "timber_price"}

    with pytest.raises(AccountRefused) as caught:
        sensitivities_of(planned(lines=[*nothing]))
    with pytest.raises(AccountRefused) as beyond:
        sensitivities_of(planned(inputs=many, lines=[line]))

    assert caught.value.code == "gep.total_not_positive"
    assert beyond.value.code == "gep.too_many_figures"
    assert str(TERMS_MAX) in str(beyond.value.expected)
