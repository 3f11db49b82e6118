"""A valuation read back: whatever does not follow from its years is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from gep.errors import AccountRefused, Malformed
from gep.valuations.stored import read_valuation
from kernel.canonical import canonical
from tests.gep.valuations.projects import COMPENSATION, TICKETS, unnamed, valued

WIDE = TICKETS | {"income": {"first": "6000000", "low": "5000000", "high": "6500000"}}
Change = Callable[[dict[str, Any]], None]


def text_of(document: dict[str, Any]) -> str:
    return canonical(document).decode()


def whole() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        text_of(valued(incomes=[WIDE, COMPENSATION], due=True).document())
    )
    return found


def test_what_was_written_is_read_and_is_the_same() -> None:
    for made in (valued(), valued(incomes=[WIDE, COMPENSATION]), valued(flows=None, incomes=None)):
        assert read_valuation(text_of(made.document())) == made


def put(*path: Any, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        *above, last = path
        place: Any = document
        for each in above:
            place = place[each]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (put("vep_gain_yuan", value="54512313.34"), "document.vep_gain_yuan"),
        (put("vep_market_yuan", value="0.00"), "document.vep_market_yuan"),
        (put("irr", value="0.500000"), "document.irr"),
        (put("irr", value=None), "document.irr"),
        (put("gains_yuan", 3, value="4200000.01"), "document.gains_yuan"),
        (put("flows", 0, "gain_yuan", 3, value="1.00"), "document.flows[0].gain_yuan"),
        (put("flows", 0, "with_yuan", 3, value="28000000.01"), "document.gains_yuan"),
        (put("components", 1, "net_yuan", 0, value="1.00"), "document.components[1].net_yuan"),
        (put("components", 1, "cost_yuan", 0, value="1.00"), "document.net_yuan"),
        (put("warnings", value=[]), "document.warnings"),
        (put("rate", value="0.041"), "document.vep_gain_yuan"),
        (put("due", value=False), "document.vep_gain_yuan"),
        (put("right_years", value="20"), "document.right_years"),
        (put("years", value="20"), "years"),
        (put("right", "years", value="17"), "document.right_years"),
        (put("components", 0, "payer", value=None), "document.components[0].payer"),
        (put("components", 1, "contract", value=None), "incomes.compensation"),
        (put("components", 1, "contract_years", value="3"), "incomes.compensation.income"),
        (
            put("uncertainty", "vep_market", "p10_yuan", value="1e15"),
            "document.uncertainty.vep_market",
        ),
        (put("uncertainty", value=None), "document.components.tickets.net_p10_yuan"),
        (put("investment_yuan", value="-1.00"), "document.investment_yuan"),
        (put("investment_yuan", value="1.001"), "document.investment_yuan"),
        (put("area", value=None), "document.area"),
        (put("more", value="1"), "document.more"),
        (put("rate", value="0.0420"), "document"),
        (put("valued_on", value="20260118"), "document"),
    ],
)
def test_what_does_not_follow_is_refused_at_its_place(change: Change, field: str) -> None:
    document = whole()
    read_valuation(text_of(document))

    change(document)

    with pytest.raises((Malformed, AccountRefused)) as refused:
        read_valuation(text_of(document))
    assert refused.value.field == field


def test_another_writing_of_the_same_is_refused() -> None:
    with pytest.raises(Malformed) as refused:
        read_valuation(json.dumps(whole()))

    assert refused.value.code == "gep.not_canonical"


def test_nobody_relies_on_a_valuation_without_names() -> None:
    with pytest.raises(Malformed):
        read_valuation(text_of(unnamed().document()))
