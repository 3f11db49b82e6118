"""One row: its points, what it lost, its reasons; and what is refused."""

import pytest

from credit_scoring.cards.card import Value
from credit_scoring.cards.errors import RowRefused
from credit_scoring.cards.generating import generated_loans
from credit_scoring.cards.scoring import REASONS_MAX, score
from credit_scoring.cards.shipped import shipped_card
from tests.credit_scoring.cards.small_card import card, fitted, slow_score

GOOD: dict[str, Value] = {
    "credit_index": "812",
    "index_change_12m": 15,
    "months_since_arrears": "-1",
    "arrears_12m": "0",
    "instalment_to_income": "0.120",
    "loan_to_income": "0.25",
    "balance_months": "12.5",
    "income_variation": "0.08",
    "years_in_business": "22",
    "lenders_6m": 0,
    "purpose": "energy_saving",
    "collateral": "emission_right",
}
WEAK: dict[str, Value] = GOOD | {
    "credit_index": None,
    "months_since_arrears": "3",
    "instalment_to_income": "0.6820",
    "purpose": "space_travel",
    "lenders_6m": "101",
}
KNOWN_GOOD, KNOWN_WEAK = 719, 571
FIRST_LOAN = {
    "credit_index": "588",
    "index_change_12m": "1",
    "months_since_arrears": "39",
    "arrears_12m": "0",
    "instalment_to_income": "0.314",
    "loan_to_income": "0.648",
    "balance_months": "19.4",
    "income_variation": None,
    "years_in_business": "2.0",
    "lenders_6m": "0",
    "purpose": "forestry",
    "collateral": "forest_right",
}


@pytest.mark.parametrize(
    ("value", "woe"),
    [
        ("0", "-0.9"),  # the first edge is not in its bin, so it is unseen
        ("0.000000000000000001", "0.8"),
        ("0.34999999999999999", "0.8"),
        ("0.35", "0.1"),
        ("0.350000000000000001", "0.1"),
        ("0.50", "0.4"),
        ("0.5", "0.4"),
        ("0.500000000000000001", "0.1"),
        ("0.70", "0.1"),
        ("0.700000000000000001", "-0.9"),
        ("9.99", "-0.9"),
        (1, "-0.9"),
        ("-1", "0.4"),
        (-1, "0.4"),
        ("-1.0", "0.4"),
        (None, "-0.2"),
        ("", "-0.2"),
        ("-0.01", "-0.9"),  # unseen is worth the worst bin
        ("9.990000000000000001", "-0.9"),
        (999_999_999_999, "-0.9"),
    ],
)
def test_a_value_at_or_beside_an_edge_has_its_bins_points(value: Value, woe: str) -> None:
    explained = score(card(), {"ratio": value, "purpose": "forestry"})

    assert explained.lines[0].points == int(fitted(woe)["points"])


@pytest.mark.parametrize(
    ("value", "row"),
    [("-1", 3), ("0.1", 0), (None, 4), ("10", 5), ("-0.5", 5)],
)
def test_special_missing_and_unseen_have_rows_of_their_own(value: Value, row: int) -> None:
    tables = card().tables

    assert tables[0].row_of(value) == row


def test_the_score_is_the_sum_of_its_lines() -> None:
    for values in (GOOD, WEAK):
        explained = score(shipped_card(), values)

        assert explained.score == sum(line.points for line in explained.lines)
        assert explained.score == slow_score(shipped_card().form, values)


def test_known_rows_keep_their_known_scores() -> None:
    assert score(shipped_card(), GOOD).score == KNOWN_GOOD
    assert score(shipped_card(), WEAK).score == KNOWN_WEAK


def test_reasons_are_the_largest_losses_and_at_most_four() -> None:
    explained = score(shipped_card(), WEAK)

    lost = [line.lost for line in explained.reasons]
    others = [line.lost for line in explained.lines if line not in explained.reasons]
    assert len(lost) == REASONS_MAX
    assert lost == sorted(lost, reverse=True)
    assert max(others) <= min(lost)


def test_reasons_with_equal_loss_stand_in_the_order_of_the_card() -> None:
    worst = dict.fromkeys(GOOD, None) | {"purpose": "x", "collateral": "x"}

    explained = score(shipped_card(), worst)

    order = [line.feature for line in explained.lines]
    ranked = sorted(explained.lines, key=lambda line: (-line.lost, order.index(line.feature)))
    assert list(explained.reasons) == ranked[:REASONS_MAX]


def test_who_lost_nothing_hears_no_reason() -> None:
    best = score(card(), {"ratio": "0.1", "purpose": "forestry"})

    assert best.reasons == ()


def test_a_reason_names_the_row_that_the_value_fell_into() -> None:
    explained = score(card(), {"ratio": None, "purpose": "homestay"})

    assert [(line.feature, line.kind, line.row) for line in explained.reasons] == [
        ("purpose", "categories", "homestay"),
        ("ratio", "missing", "missing"),
    ]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"ratio": "1"}, "card.feature_absent", "purpose"),
        ({"ratio": "1", "purpose": "x", "sex": "f"}, "card.feature_unknown", "sex"),
        ({"ratio": "1", "purposes": "x"}, "card.feature_unknown", "purposes"),
        ({"ratio": "0,35", "purpose": "x"}, "card.value_unreadable", "ratio"),
        ({"ratio": "NaN", "purpose": "x"}, "card.value_unreadable", "ratio"),
        ({"ratio": 0.35, "purpose": "x"}, "card.value_unreadable", "ratio"),
        ({"ratio": True, "purpose": "x"}, "card.value_unreadable", "ratio"),
        ({"ratio": 10**12, "purpose": "x"}, "card.value_unreadable", "ratio"),
        ({"ratio": "1", "purpose": 3}, "card.value_unreadable", "purpose"),
        ({"ratio": "1", "purpose": "x" * 65}, "card.value_unreadable", "purpose"),
    ],
)
def test_a_row_that_cannot_be_scored_is_refused_with_its_field(
    values: dict[str, Value], code: str, field: str
) -> None:
    with pytest.raises(RowRefused) as caught:
        score(card(), values)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.expected


def test_generated_loans_score_as_the_slow_reference_says() -> None:
    loans = generated_loans(300)
    shipped = shipped_card()
    for number in range(300):
        values = {name: column[number] for name, column in loans.columns.items()}

        assert score(shipped, values).score == slow_score(shipped.form, values)


def test_the_first_generated_loans_are_always_the_same() -> None:
    few, many = generated_loans(50), generated_loans(200)

    assert few == many.part(slice(0, 50))
    assert {name: column[0] for name, column in few.columns.items()} == FIRST_LOAN
