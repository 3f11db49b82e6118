from random import Random

import numpy as np
import pytest

from credit_scoring.batch.ordering import Key, order_by, place_in_run, starts_of_runs, sum_before

WIDE = 2**62


@pytest.mark.parametrize("rows", [0, 1, 500])
@pytest.mark.parametrize("largest", [3, 10**6, WIDE])
def test_rows_are_ordered_by_one_key_after_the_other(rows: int, largest: int) -> None:
    draw = Random(f"{rows} {largest}")  # noqa: S311  a fixed seed
    keys: list[Key] = [
        np.array([draw.randint(-largest, largest) for _ in range(rows)], np.int64),
        np.array([draw.randint(0, 2) for _ in range(rows)], np.int8),
        np.array(draw.sample(range(rows), rows), np.int32),
    ]

    found = order_by(*keys).tolist()

    told = list(zip(*(key.tolist() for key in keys), strict=True))
    assert [told[row] for row in found] == sorted(told)


def test_runs_begin_and_count_and_sum_up() -> None:
    ordered = np.array([4, 4, 4, 7, 9, 9])

    assert starts_of_runs(ordered).tolist() == [True, False, False, True, True, False]
    assert place_in_run(ordered).tolist() == [0, 1, 2, 0, 0, 1]
    assert sum_before(np.array([5, 1, 2, 8, 3, 4]), ordered).tolist() == [0, 5, 6, 0, 0, 3]


def test_no_rows_have_no_runs() -> None:
    nothing = np.zeros(0, np.int64)

    assert len(starts_of_runs(nothing)) == len(place_in_run(nothing)) == 0
    assert len(sum_before(nothing, nothing)) == 0
