"""Draws depend on their key and on nothing else."""

from collections import Counter

from gateway.imports.eu_ets.draws import draw, draw_rank


def test_the_same_key_draws_the_same_number_for_ever() -> None:
    assert [draw(2013, "share", f"AT-{n}", below=100) for n in range(5)] == [61, 64, 38, 41, 58]


def test_parts_of_a_key_do_not_run_together() -> None:
    assert draw_rank("a", "bc") != draw_rank("ab", "c")


def test_draws_spread_over_their_range() -> None:
    drawn = Counter(draw("key", n, below=10) for n in range(10_000))

    assert sorted(drawn) == list(range(10))
    assert max(drawn.values()) < 1_200
