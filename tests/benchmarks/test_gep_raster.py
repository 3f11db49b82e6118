"""A small size of the raster benchmark runs, in processes of its own."""

import pytest

pytest.importorskip("rasterio", reason="rasterio is not installed (extra: raster)")

from benchmarks.gep_raster import RETENTION, YIELD, measure_rasters


def test_a_small_run_measures_both_services() -> None:
    found = measure_rasters(edge=120)

    assert [each.service for each in found] == [YIELD, RETENTION]
    assert all(each.seconds > 0 and each.peak_mb > 0 and each.sum > 0 for each in found)
