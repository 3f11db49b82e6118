"""The waterfall's bars are the comparison's own sums; ten at most; small changes are seen."""

from dataclasses import replace
from itertools import pairwise

import pytest

from gep.accounts.account import Account
from gep.accounts.comparing import compare
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
