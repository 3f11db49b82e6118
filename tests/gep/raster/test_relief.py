"""Slope and slope length of shapes whose answer is known."""

import numpy as np
import pytest

from gep.raster.relief import Cells, flow_length, reach_of, slope_degrees


def plane(rise_east: float, rise_north: float, *, edge: int = 13) -> Cells:
    row, column = np.mgrid[0:edge, 0:edge].astype(float)
    return np.asarray(column * rise_east - row * rise_north)


@pytest.mark.parametrize(("east", "north"), [(3.0, 0.0), (0.0, -5.0), (4.0, 3.0)])
def test_a_plane_has_one_slope(east: float, north: float) -> None:
    found = slope_degrees(plane(east, north), cell_width=10.0, cell_height=20.0)

    expected = np.degrees(np.arctan(np.hypot(east / 10, north / 20)))
    assert found == pytest.approx(np.full((11, 11), expected), rel=1e-12)


def test_a_neighbour_without_elevation_counts_as_level() -> None:
    ground = plane(0.0, 0.0, edge=3)
    ground[0, 0] = np.nan

    assert slope_degrees(ground, cell_width=10.0, cell_height=10.0)[0, 0] == 0


def test_water_on_a_plane_runs_straight_and_its_way_ends_at_the_limit() -> None:
    limit, cell = 45.0, 10.0
    reach = reach_of(limit, cell=cell)
    ground = np.pad(plane(-1.0, 0.0, edge=8), reach, mode="edge")

    found = flow_length(ground, cell_width=cell, cell_height=cell, limit=limit, reach=reach)

    # From the level edge on: its own cell, then one more with each step to the east.
    assert reach == 6
    assert found[4].tolist() == [10.0, 20.0, 30.0, 40.0, 45.0, 45.0, 45.0, 45.0]


def test_ways_of_a_valley_meet_and_the_longest_counts() -> None:
    reach = reach_of(300.0, cell=10.0)
    row, column = np.mgrid[0:9, 0:9].astype(float)
    valley = np.abs(column - 4) * 2 - row * 0.1
    found = flow_length(
        np.pad(valley, reach, mode="edge"),
        cell_width=10.0,
        cell_height=10.0,
        limit=300.0,
        reach=reach,
    )

    # The side's four steps and own cell on the first row; the bed hands on 10 m a row.
    assert found[0, 4] == pytest.approx(50.0)
    assert found[8, 4] > found[7, 4] > found[0, 4]
