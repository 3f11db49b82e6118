"""AUC, Gini and KS against cases worked by hand and against brute force over all pairs."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.cards.monitoring.discrimination import Discrimination, discrimination

GOOD, BAD = False, True
scored = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), max_size=60)


def measured(*pairs: tuple[int, bool]) -> Discrimination:
    found = discrimination(pairs)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("pairs", "auc", "ks", "ks_score"),
    [
        # Good 3, 4 and bad 1, 2: every pair is in order.
        ([(1, BAD), (2, BAD), (3, GOOD), (4, GOOD)], Fraction(1), Fraction(1), 2),
        # Turned round: none is.
        ([(1, GOOD), (2, GOOD), (3, BAD), (4, BAD)], Fraction(0), Fraction(1), 2),
        # All tie: every pair counts half, and the shares never part.
        ([(7, BAD), (7, GOOD), (7, GOOD)], Fraction(1, 2), Fraction(0), 7),
        # Good 2, 4, 5 and bad 1, 3: of 6 pairs (2,3) alone is out of order, 5/6.
        # Cumulative bad 1/2, 1/2, 1, 1, 1 and good 0, 1/3, 1/3, 2/3, 1: the gap is 2/3 at 3.
        (
            [(1, BAD), (2, GOOD), (3, BAD), (4, GOOD), (5, GOOD)],
            Fraction(5, 6),
            Fraction(2, 3),
            3,
        ),
        # Good 1, 2, 2 and bad 2: pairs 0, 1/2, 1/2 of 3.
        ([(1, GOOD), (2, GOOD), (2, GOOD), (2, BAD)], Fraction(1, 3), Fraction(1, 3), 1),
    ],
)
def test_worked_cases(
    pairs: list[tuple[int, bool]], auc: Fraction, ks: Fraction, ks_score: int
) -> None:
    found = measured(*pairs)

    assert (found.auc, found.ks, found.ks_score) == (auc, ks, ks_score)
    assert found.gini == 2 * auc - 1


@pytest.mark.parametrize("pairs", [[], [(1, GOOD)], [(1, BAD), (2, BAD)]])
def test_without_both_kinds_there_is_nothing_to_measure(pairs: list[tuple[int, bool]]) -> None:
    assert discrimination(pairs) is None


@given(scored)
def test_all_pairs_counted_one_by_one_give_the_same(pairs: list[tuple[int, bool]]) -> None:
    goods = [score for score, bad in pairs if not bad]
    bads = [score for score, bad in pairs if bad]
    found = discrimination(pairs)
    if not goods or not bads:
        assert found is None
        return
    assert found is not None

    wins = sum(Fraction(1 + (good > bad) - (good < bad), 2) for good in goods for bad in bads)
    gaps = [
        abs(
            Fraction(sum(bad <= score for bad in bads), len(bads))
            - Fraction(sum(good <= score for good in goods), len(goods))
        )
        for score in range(-5, 6)
    ]

    assert found.auc == wins / (len(goods) * len(bads))
    assert found.ks == max(gaps)


@given(scored)
def test_the_order_of_the_loans_does_not_matter(pairs: list[tuple[int, bool]]) -> None:
    assert discrimination(pairs) == discrimination(reversed(pairs))
