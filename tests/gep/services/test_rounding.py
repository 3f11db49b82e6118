"""Formulas upon arrays stay within what they mean, to the last bit of any cell."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.measures import Hectare, Millimetre
from gep.services import evapotranspiration, flood
from gep.units import Amount

DEPTHS = st.floats(1e-12, 20_000)


@given(st.lists(DEPTHS, min_size=1, max_size=50), st.floats(90, 100))
def test_a_storm_runs_off_at_most_whole(depths: list[float], number: float) -> None:
    rain = Amount(np.array(depths), Millimetre)

    for curve_number in (number, 100.0):
        run = flood.scs_runoff(rain=rain, curve_number=curve_number)
        held = flood.vegetation(rain=rain, runoff=run, area=Amount(1.0, Hectare))

        assert np.all(held.value >= 0)
    assert np.asarray(held.value) == pytest.approx(0, abs=1e-8)


@given(rain=DEPTHS, potential=st.floats(0, 10_000), content=st.floats(0, 5_000))
def test_plants_take_no_less_than_nothing_and_no_more_than_the_rain(
    rain: float, potential: float, content: float
) -> None:
    taken = evapotranspiration.of_plants(
        rain=Amount(rain, Millimetre),
        potential=Amount(potential, Millimetre),
        water_content=Amount(content, Millimetre),
        season=12.0,
    )

    assert 0 <= taken.value <= rain


def test_the_shape_of_the_curve_ends_at_five() -> None:
    """P 1000, PET 1000: w = 1.25 gives 1 + 1 - 2^0.8; from Z AWC / P = 3.75 on 2 - 2^0.2."""

    def taken(content: float) -> float:
        found = evapotranspiration.of_plants(
            rain=Amount(1_000.0, Millimetre),
            potential=Amount(1_000.0, Millimetre),
            water_content=Amount(content, Millimetre),
            season=10.0,
        )
        return float(found.value)

    assert taken(0.0) == pytest.approx(1_000 * (2 - 2**0.8), rel=1e-12)
    assert taken(375.0) == taken(3_750.0) == pytest.approx(1_000 * (2 - 2**0.2), rel=1e-12)
