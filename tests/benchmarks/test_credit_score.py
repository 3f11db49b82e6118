"""A small size of the benchmark runs, and its answers never change by accident."""

from benchmarks.credit_score import SCORES_SMALL, measure_score


def test_a_small_run_measures_and_repeats_its_answers() -> None:
    first, second = (measure_score(scores=SCORES_SMALL) for _ in range(2))

    assert first.digest == second.digest
    assert 0 < first.p50_us <= first.p99_us <= first.max_us
    assert first.scores_per_second > 0
