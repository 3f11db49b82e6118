"""The waterfall's bars are the comparison's own sums; ten at most; small changes are seen."""

from dataclasses import replace
from itertools import pairwise

import pytest

from gep.accounts.account import Account
from gep.accounts.comparing import compare
from gep.reporting.scales import axis_words, step_of, wrapped
from gep.reporting.shapes import Box, Label
from gep.reporting.waterfall import Cause, bars_of, waterfall
from gep.reporting.words import LANGUAGES, Language
from kernel.money import Fen
from tests.gep.reporting.pages import example

PAIRS = [
    ("valley-2025", "valley-2026"),
    ("ganzi-2010", "ganzi-2010"),
    ("ganzi-2010", "baiyangdian-2011"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("base", "current"), PAIRS)
def test_bars_follow_each_other_and_add_up_to_the_fen(
    base: str, current: str, language: Language
) -> None:
    found = compare(example(base), example(current))
    bars = bars_of(found, language)
    of = {
        cause: sum(each.change for each in bars if each.cause is cause)
        for cause in (Cause.QUANTITY, Cause.PRICE)
    }

    totals = [each.end for each in bars if each.cause is Cause.TOTAL]
    assert totals == [found.base.total, found.constant_total, found.current.total]
    assert all(later.start in {earlier.end, 0} for earlier, later in pairwise(bars))
    assert of[Cause.QUANTITY] == found.quantity_effect
    assert of[Cause.PRICE] == found.price_effect
    assert len(bars) <= 10


def test_a_change_of_the_deduction_is_a_bar() -> None:
    account = example("valley-2026")
    found = compare(account, replace(account, deduction=Fen(account.deduction + 100)))

    [bar] = [each for each in bars_of(found, "en") if each.cause is Cause.QUANTITY]
    assert (bar.name, bar.change) == ("Change of the deduction", -100)


def test_accounts_of_nothing_are_drawn() -> None:
    empty = _without_lines(example("valley-2026"))
    drawing = waterfall(compare(empty, empty), "zh")

    assert drawing.shapes


def test_an_axis_that_is_cut_says_so() -> None:
    cut = waterfall(compare(example("valley-2025"), example("valley-2026")), "en")
    whole = waterfall(compare(example("ganzi-2010"), example("baiyangdian-2011")), "en")
    said = [
        any(isinstance(each, Label) and "are cut" in each.text for each in drawing.shapes)
        for drawing in (cut, whole)
    ]

    assert said == [True, False]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("base", "current"), PAIRS)
def test_every_bar_is_within_the_picture(base: str, current: str, language: Language) -> None:
    drawing = waterfall(compare(example(base), example(current)), language)

    for each in drawing.shapes:
        if isinstance(each, Box):
            assert each.x >= 0
            assert each.x + each.width <= drawing.width
            assert each.y >= 0
            assert each.y + each.height <= drawing.height


def _without_lines(account: Account) -> Account:
    return replace(account, lines=(), deduction=Fen(0))


def test_bars_of_a_total_below_zero_hang_from_zero() -> None:
    account = example("valley-2026")
    below = replace(account, deduction=Fen(2 * account.total))
    drawing = waterfall(compare(account, below), "en")
    boxes = [each for each in drawing.shapes if isinstance(each, Box)]
    first, last = boxes[0], boxes[-1]

    assert last.y == pytest.approx(first.y + first.height)


@pytest.mark.parametrize(
    ("value", "step", "shown"),
    [(2.5, 2.5, "2.5"), (440.0, 20.0, "440"), (0.005, 0.0025, "0.0050"), (-7.5, 2.5, "\u22127.5")],
)
def test_a_tick_has_the_decimals_of_its_step(value: float, step: float, shown: str) -> None:
    assert axis_words(value, step) == shown


@pytest.mark.parametrize(("span", "step"), [(10.0, 2.5), (45.0, 20.0), (0.07, 0.02), (0.0, 1.0)])
def test_steps_are_round(span: float, step: float) -> None:
    assert step_of(span, 4) == pytest.approx(step)


def test_words_break_between_words_and_long_ones_by_a_hyphen() -> None:
    lines = wrapped("water conservation", 6.8, 42)

    assert list(lines) == ["water", "conserv-", "ation"]
    assert list(wrapped("2026 年\n2025 年价格", 6.8, 43)) == ["2026 年", "2025 年价格"]
