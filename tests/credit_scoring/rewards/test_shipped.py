"""The rows that ship: what sources say, the empty ones kept empty."""

from decimal import Decimal

from credit_scoring.rewards.shipped import shipped_coin_rules, shipped_factors


def test_every_figure_has_its_source_and_the_others_stay_empty() -> None:
    factors = shipped_factors()

    assert len({factor.behaviour for factor in factors}) == len(factors) == 12
    empty = {factor.behaviour for factor in factors if factor.grams is None}
    assert empty == {"online_bill", "e_payment", "e_invoice", "bottle_or_clothes"}
    assert {f.status for f in factors if f.behaviour in empty} == {"not_found"}
    assert all(f.source != "-" for f in factors if f.behaviour not in empty)


def test_the_limit_of_walking_joins_its_behaviour() -> None:
    walking = next(f for f in shipped_factors() if f.behaviour == "walking")

    assert (walking.grams, walking.day_limit_grams) == ("8.2", "296")
    assert walking.source == "LZ24, limit ANT"


def test_a_derived_figure_is_what_its_source_divides() -> None:
    waste = next(f for f in shipped_factors() if f.behaviour == "recyclables")

    assert waste.grams is not None
    exact = Decimal(15_600) / Decimal(11_600) * 1_000
    assert Decimal(waste.grams) == exact.quantize(Decimal("0.1"))


def test_the_rules_to_start_from_are_those_of_the_page() -> None:
    rules = shipped_coin_rules()

    assert {act["coins"] for act in rules["acts"]} == {2}
    names = ("day_max", "month_max", "expiry_months", "bill_max")
    assert [rules[name] for name in names] == [10, 70, 24, 10]
