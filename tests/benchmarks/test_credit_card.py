"""A small size of the card's benchmark runs, and its card scores as the slow reference says."""

import pytest

from benchmarks.credit_card import FEATURES, ROWS_SMALL, VARIABLES, made_card, measure_card
from credit_scoring.cards.scoring import score
from tests.credit_scoring.cards.small_card import slow_score


def test_a_small_run_measures_everything() -> None:
    figures = measure_card(rows=ROWS_SMALL, singles=20)

    assert (figures.rows, figures.features) == (ROWS_SMALL, FEATURES)
    assert figures.batch_rows_per_second > 0
    assert figures.with_reasons_rows_per_second > 0
    assert figures.from_texts_rows_per_second > 0
    assert 0 < figures.single_p50_us <= figures.single_p99_us
    assert figures.beside is None or figures.beside["equal"]


@pytest.mark.parametrize("value", ["-9.000", "-0.400", "-0.4001", "8.999", "9.001", ""])
def test_the_made_card_is_a_card(value: str) -> None:
    values = {variable.name: value or None for variable in VARIABLES}

    assert score(made_card(), values).score == slow_score(made_card().form, values)
