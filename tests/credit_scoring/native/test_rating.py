"""Native scores by their bands, their place on the index, and what is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.native.carbon_efficiency import (
    carbon_efficiency_level,
    carbon_efficiency_ratio,
)
from credit_scoring.native.errors import NativeInputRefused, SchemeOff, SchemeUnknown
from credit_scoring.native.rating import rate, rate_indicators, scheme_of
from credit_scoring.rule_sets.shipped import shipped

SET = shipped()[-1]
WITH_KNOTS = [each.id for each in SET.schemes.values() if each.is_on and each.index_knots]
COLOURS = {"A": "green", "B": "blue", "C": "yellow", "D": "red"}


@pytest.mark.parametrize("name", [each.id for each in SET.schemes.values() if not each.is_on])
def test_a_scheme_that_is_off_is_refused_and_says_what_is_missing(name: str) -> None:
    with pytest.raises(SchemeOff) as refusal:
        scheme_of(SET, name)

    assert refusal.value.code == "credit_scoring.scheme_off"
    assert refusal.value.data["missing"] == SET.schemes[name].missing


def test_a_scheme_that_nobody_knows_is_refused() -> None:
    with pytest.raises(SchemeUnknown):
        scheme_of(SET, "XX")


@pytest.mark.parametrize("score", ["89.5", "59.999", "0.1"])
def test_fuyang_takes_whole_scores_only(score: str) -> None:
    with pytest.raises(NativeInputRefused) as refusal:
        rate(SET.schemes["FY16"], Decimal(score))

    assert refusal.value.expected == "a whole score"


def test_a_whole_score_may_be_written_with_zeros() -> None:
    assert rate(SET.schemes["FY16"], Decimal("89.00")).grade == "blue"


@pytest.mark.parametrize(
    ("name", "score", "index"),
    [
        ("QD15", "100", 800),
        ("QD15", "120", 800),
        ("JS12", "13", 850),
        ("JS12", "-3", 250),
        ("SX22", "-5", 0),
        ("SX22", "100", 1_000),
        ("FJ16", "95.9999", 799),
        ("CE_K", "0.5", None),
    ],
)
def test_outside_the_knots_the_end_value_holds(name: str, score: str, index: int | None) -> None:
    assert rate(SET.schemes[name], Decimal(score)).credit_index == index


@given(
    name=st.sampled_from([each for each in WITH_KNOTS if each != "FY16"]),
    score=st.decimals("-20", "120", places=3),
)
def test_the_colour_of_the_index_is_the_native_colour(name: str, score: Decimal) -> None:
    found = rate(SET.schemes[name], score)

    assert found.credit_index is not None
    assert found.grade is not None
    of_index = SET.scale.grade_of(found.credit_index).colour
    native = COLOURS.get(found.grade, found.grade)
    # Four-colour schemes read C and D both as red.
    assert native == (of_index if name == "JS12" else of_index.replace("black", "red"))


@given(
    name=st.sampled_from([each for each in WITH_KNOTS if each != "FY16"]),
    scores=st.lists(st.decimals("-20", "120", places=3), min_size=2, max_size=2),
)
def test_more_points_never_make_a_lower_index(name: str, scores: list[Decimal]) -> None:
    low, high = (rate(SET.schemes[name], each).credit_index for each in sorted(scores))

    assert low is not None
    assert high is not None
    assert low <= high


def test_a_scheme_of_indicators_takes_no_score() -> None:
    with pytest.raises(NativeInputRefused, match="a score"):
        rate(SET.schemes["HY22S"], Decimal(80))


@pytest.mark.parametrize(
    ("indicators", "field"),
    [
        ({"tax_per_mu": Decimal(8)}, "input.tax_per_kwh"),
        ({"tax_per_mu": Decimal(8), "tax_per_kwh": Decimal(-1)}, "input.tax_per_kwh"),
        ({"tax_per_mu": Decimal(8), "rent": Decimal(1)}, "input.rent"),
    ],
)
def test_indicators_are_complete_known_and_not_below_zero(
    indicators: dict[str, Decimal], field: str
) -> None:
    with pytest.raises(NativeInputRefused) as refusal:
        rate_indicators(SET.schemes["HY22S"], indicators)

    assert refusal.value.field == field


def test_a_scheme_of_scores_takes_no_indicators() -> None:
    with pytest.raises(NativeInputRefused):
        rate_indicators(SET.schemes["CQ"], {})


@pytest.mark.parametrize(
    ("tax", "found"), [("0.0000115932", "50.0001"), ("0.0000115931", "50.0000")]
)
def test_a_weighted_sum_rounds_half_up(tax: str, found: str) -> None:
    # 50 and 0.00005 exactly, or a little less.
    result = rate_indicators(
        SET.schemes["HY22S"], {"tax_per_mu": Decimal(tax), "tax_per_kwh": Decimal("0.2352")}
    )

    assert result.score == Decimal(found)


def test_the_carbon_ratio_is_exact_at_its_edge() -> None:
    ratio = carbon_efficiency_ratio(
        carbon=Decimal("0.2"),
        value_added=Decimal(1),
        industry_carbon=Decimal(1),
        industry_value_added=Decimal(3),
    )

    assert ratio == Fraction(3, 5)
    assert rate(SET.schemes["CE_K"], ratio).grade == "1"
    assert rate(SET.schemes["CE_K"], ratio + Fraction(1, 10**30)).grade == "2"


def test_the_carbon_level_leaves_out_clean_power_and_sinks() -> None:
    level = carbon_efficiency_level(
        carbon=Decimal("7.5"),
        zero_carbon_power=Decimal("1.5"),
        sinks=Decimal(0),
        value_added=Decimal(10),
    )

    assert level == Fraction(3, 5)
    assert rate(SET.schemes["CE_L"], level).grade == "low"


@pytest.mark.parametrize("field", ["value_added", "industry_carbon", "industry_value_added"])
def test_a_ratio_over_nothing_is_refused(field: str) -> None:
    values = {
        "carbon": Decimal(1),
        "value_added": Decimal(1),
        "industry_carbon": Decimal(1),
        "industry_value_added": Decimal(1),
    }

    with pytest.raises(NativeInputRefused) as refusal:
        carbon_efficiency_ratio(**values | {field: Decimal(0)})

    assert refusal.value.field == field


def test_a_sink_below_zero_is_refused() -> None:
    with pytest.raises(NativeInputRefused) as refusal:
        carbon_efficiency_level(
            carbon=Decimal(1),
            zero_carbon_power=Decimal(0),
            sinks=Decimal(-1),
            value_added=Decimal(1),
        )

    assert refusal.value.field == "sinks"
