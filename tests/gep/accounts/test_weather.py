"""An account at five-year mean weather: a second figure beside the account, never in it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.account import yuan_of
from gep.accounts.making import make_account
from gep.accounts.weather import compared_at_mean, has_means, in_order, weather_of
from gep.errors import AccountRefused, InputRefused, Malformed
from tests.gep.accounts.planning import planned

RAIN: dict[str, Any] = {"value": "1200", "unit": "mm", "source": "a gauge"}
INPUTS: dict[str, Any] = {
    "rain": RAIN | {"mean_5y": {"value": "1000", "source": "a gauge"}},
    "runoff": {"value": "100", "unit": "mm", "source": "a model"},
    "risen": {"value": "600", "unit": "mm", "source": "a tower"},
    "forest": {"value": "10", "unit": "hm2", "source": "a map"},
    "reservoir": {"value": "6", "unit": "yuan/m3", "basis": "CAPITAL", "source": "a paper"},
    "stored": {"value": "100", "unit": "m3", "source": "a survey"},
}
BALANCE = {"rain": "rain", "runoff": "runoff", "evapotranspiration": "risen", "area": "forest"}
LINES = [
    {
        "id": "water",
        "service": "R1",
        "quantity": {"call": "R1.balance", "args": BALANCE},
        "price": "reservoir",
    },
    {"id": "flood", "service": "R3", "quantity": "stored", "price": "reservoir"},
]


def of(year: int = 2020, **rain: Any) -> Any:
    inputs = INPUTS | {"rain": INPUTS["rain"] | rain}
    return planned(id=f"a-{year}", year=year, inputs=inputs, lines=LINES)


def test_a_wet_year_stands_beside_its_mean() -> None:
    # Ours: (1200 - 100 - 600) mm x 10 hm2 x 10 = 50,000 m3 x 6 = 300,000 yuan; at 1000 mm 30,000
    # m3, 180,000 yuan. The lake's 100 m3 x 6 = 600 yuan stay in both.
    found = weather_of(of())

    assert yuan_of(found.own.total) == Decimal("300600.00")
    assert yuan_of(found.mean.total) == Decimal("180600.00")
    assert yuan_of(found.difference) == Decimal("120000.00")
    (swing,) = found.swings
    assert (swing.line, swing.own, swing.mean) == ("water", 30_000_000, 18_000_000)
    assert found.as_observed == ("flood",)


def test_the_account_itself_knows_nothing_of_the_mean() -> None:
    bare = json.loads(json.dumps(INPUTS))
    del bare["rain"]["mean_5y"]
    without = planned(inputs=bare, lines=LINES)
    with_mean = planned(inputs=INPUTS, lines=LINES)

    assert make_account(without).hash == make_account(with_mean).hash
    assert (has_means(without), has_means(with_mean)) == (False, True)


def test_a_dry_year_is_no_decline_of_ecosystems() -> None:
    # Ours: 300,600 to 180,600 is -39.92 % as it rained, and 0 % at the same mean.
    base, current = weather_of(of(2020)), weather_of(of(2021, value="1000"))

    assert in_order([current, base]) == (base, current)
    found = compared_at_mean(base, current)
    assert found.growth == 0
    assert found.quantity_effect == 0
    with pytest.raises(AccountRefused, match="each year once"):
        in_order([base, base])


def test_five_years_give_their_mean_exactly() -> None:
    years = {"2016": "800", "2017": "900", "2018": "1000.5", "2019": "1100", "2020": "1200"}
    found = weather_of(of(mean_5y={"years": years, "source": "a gauge"}))

    assert found.inputs[0].mean == Decimal("1000.1")


@pytest.mark.parametrize(
    ("mean", "field"),
    [
        ({"source": "a gauge"}, "mean_5y"),
        ({"value": "1", "years": {"2020": "1"}, "source": "a gauge"}, "mean_5y"),
        ({"years": {"2020": "1200"}, "source": "a gauge"}, "mean_5y.years"),
        (
            {"years": dict.fromkeys(map(str, range(2016, 2021)), "1"), "source": "a gauge"},
            "mean_5y.years.2020",
        ),
    ],
)
def test_a_mean_that_is_none_is_refused(mean: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as caught:
        of(mean_5y=mean)

    assert caught.value.code == "gep.mean_unfit"
    assert caught.value.field == f"document.inputs.rain.{field}"


def test_a_price_has_no_weather() -> None:
    inputs = INPUTS | {"reservoir": INPUTS["reservoir"] | {"mean_5y": {"value": 1, "source": "s"}}}

    with pytest.raises(Malformed, match="not a price"):
        planned(inputs=inputs, lines=LINES)


def test_an_account_without_means_and_a_mean_beyond_its_formula_are_refused() -> None:
    with pytest.raises(AccountRefused) as caught:
        weather_of(planned())
    with pytest.raises(InputRefused):
        weather_of(of(mean_5y={"value": "-5", "source": "a gauge"}))

    assert caught.value.code == "gep.mean_missing"
