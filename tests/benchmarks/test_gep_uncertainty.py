"""A small size of the benchmark runs, and its answers never change by accident."""

from benchmarks.gep_uncertainty import DRAWS_SMALL, measure_uncertainty


def test_a_small_run_measures_and_repeats_its_answers() -> None:
    first, second = (measure_uncertainty(draws=DRAWS_SMALL) for _ in range(2))

    assert first.digest == second.digest
    assert 0 < first.median_ms <= first.max_ms
    assert (first.lines, first.doubted) == (40, 40)
