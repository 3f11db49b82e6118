"""A project's two values: what it gains and what is paid for, and what is refused or warned of."""

import json
from decimal import Decimal
from typing import Any

import pytest

from gep.errors import AccountRefused, Malformed, Unknown
from gep.valuations.guards import refuse_unnamed
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from gep.valuations.valuation import Caution, Valuation
from tests.gep.accounts.planning import EXAMPLES
from tests.gep.valuations.projects import COMPENSATION, FLOW, TICKETS, unnamed, valued

YEARLY = {"service": "R1", "with": {"first": "5000000"}, "without": {"first": "800000"}}


def codes(of: Valuation) -> list[tuple[Caution, str]]:
    return [(each.code, each.place) for each in of.cautions]


def test_gain_and_market_are_two_figures() -> None:
    # 600,000 m3 at 7 yuan more a year; 6.0 - 2.5 + 1.5 million yuan paid: 5,000,000 a year.
    found = valued()

    assert set(found.gains) == {420_000_000}
    assert found.vep_gain == 5_231_507_997
    assert set(found.net) == {500_000_000}
    assert found.vep_market == 6_227_985_710
    assert [each.net[0] for each in found.components] == [350_000_000, 150_000_000]
    # 62,000,000 repaid by 5,000,000 in 18 years: 4.2559 %.
    assert found.irr.rate == Decimal("0.042559")


def test_a_service_that_nobody_pays_for_earns_nothing() -> None:
    found = valued(incomes=None)

    assert (found.vep_gain, found.vep_market) == (5_231_507_997, 0)
    assert (found.irr.rate, found.irr.reason) == (None, "no_change_of_sign")


def test_payments_at_the_start_of_the_year_are_worth_more() -> None:
    found = valued(due=True)

    # Year 1 is paid on the day of the outlay: 57,000,000 are repaid in 17 years.
    # 5,000,000 (1 - (1 + r)^-17) / r is 57,000,158 at 4.85165 % and 56,999,944 at 4.8517 %.
    assert found.vep_gain == 5_451_231_333
    assert found.irr.rate == Decimal("0.048517")


def test_a_year_is_rounded_once_and_grows_from_what_was_written() -> None:
    # 0.015 yuan is 2 fen; grown by half, 0.0225 yuan is 2 fen as well, then 0.03375 is 3.
    flow = {"service": "R1", "with": {"first": "0.015", "growth": "0.5"}, "without": [0, 0, 0]}

    assert valued(years=3, flows=[flow], incomes=None).gains == (2, 2, 3)


def test_a_flow_may_be_yuan_or_every_year_of_it() -> None:
    yearly = valued(flows=[YEARLY])
    each = {"each": ["5000000"] * 18}
    listed = valued(flows=[YEARLY | {"with": each, "without": ["800000"] * 18}])

    assert yearly.vep_gain == listed.vep_gain == 5_231_507_997


def test_a_loss_is_negative_and_no_service_dominates_it() -> None:
    found = valued(flows=[FLOW | {"with": FLOW["without"], "without": FLOW["with"]}])

    assert found.vep_gain == -5_231_507_997
    assert (Caution.GAIN_NEGATIVE, "egret-wetland") in codes(found)
    assert Caution.SERVICE_DOMINATES not in {code for code, _ in codes(found)}


def test_a_component_that_costs_more_than_it_earns_is_said() -> None:
    dear = TICKETS | {"cost": {"first": "9000000"}}

    assert (Caution.MARKET_NEGATIVE, "egret-wetland") in codes(valued(incomes=[dear]))


def test_one_service_above_the_row_of_the_parameters_is_said() -> None:
    other = {"service": "R8", "with": {"first": "2799999.99"}, "without": {"first": "0"}}
    above = valued(flows=[FLOW, other])
    just = valued(flows=[FLOW, other | {"with": {"first": "2800000"}}])

    assert above.service_share == Decimal("0.60")
    assert (Caution.SERVICE_DOMINATES, "R1") in codes(above)
    assert (Caution.SERVICE_DOMINATES, "R1") not in codes(just)


def test_a_service_that_is_sold_and_gained_is_said() -> None:
    assert (Caution.DOUBLE_USE, "compensation R1") in codes(valued())
    assert not [each for each in codes(valued(flows=None)) if each[0] is Caution.DOUBLE_USE]


def test_income_stops_when_its_contract_ends() -> None:
    found = valued(incomes=[TICKETS, COMPENSATION | {"contract_years": 5}])

    assert found.components[1].income == (150_000_000,) * 5 + (0,) * 13
    assert (Caution.CONTRACT_ENDS, "compensation") in codes(found)
    assert found.net[4:6] == (500_000_000, 350_000_000)


def test_one_contract_may_pay_for_several_services() -> None:
    water = COMPENSATION | {"component": "water", "service": "M2"}

    assert len(valued(incomes=[COMPENSATION, water]).components) == 2


def test_without_accounts_or_ranges_the_reader_is_told() -> None:
    assert {Caution.WITHOUT_ACCOUNTS, Caution.WITHOUT_RANGE} <= {
        each for each, _ in codes(valued())
    }
    assert codes(unnamed(flows=None)) == []


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"right_years": 17}, "gep.beyond_the_right", "years"),
        ({"right_years": 0}, "gep.beyond_the_right", "years"),
        ({"rate": "-0.5"}, "gep.rate_out_of_range", "rate"),
        ({"rate": "10.1"}, "gep.rate_out_of_range", "rate"),
        ({"rate": "0.00000000001"}, "gep.rate_out_of_range", "rate"),
        ({"flows": [FLOW, FLOW]}, "gep.flow_doubled", "flows.R1"),
        ({"flows": [YEARLY | {"with": [1]}]}, "gep.years_differ", "flows.R1.with"),
        (
            {"flows": [YEARLY | {"with": {"first": "1e15", "growth": 1}}]},
            "gep.flow_refused",
            "flows.R1.with",
        ),
        ({"incomes": [TICKETS, TICKETS]}, "gep.income_doubled", "incomes.tickets"),
        (
            {"incomes": [COMPENSATION, COMPENSATION | {"component": "compensation-again"}]},
            "gep.income_doubled",
            "incomes.compensation-again.contract",
        ),
        ({"incomes": [TICKETS | {"service": "R1"}]}, "gep.no_payer", "incomes.tickets"),
        (
            {"flows": [FLOW | {"without": {"first": "1", "unit": "t"}}]},
            "gep.units_differ",
            "document.flows[0].without",
        ),
        (
            {"flows": [FLOW | {"without": {"first": "1"}}]},
            "gep.units_differ",
            "document.flows[0].without",
        ),
    ],
)
def test_what_must_not_be_valued_is_refused(changes: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        unnamed(**changes)

    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"years": -3}, "out_of_range", "years"),
        ({"years": 0}, "out_of_range", "years"),
        ({"years": 101}, "out_of_range", "years"),
        ({"rate": "four"}, "wrong_type", "rate"),
        ({"investment": "-1"}, "out_of_range", "investment"),
        ({"right_years": 18}, "unknown_key", "right_years"),
        ({"area": None}, "key_missing", "area"),
        ({"right": {"title": "x", "holder": "E11"}}, "key_missing", "right.years"),
        ({"accounts": {"with": "00"}}, "key_missing", "accounts.without"),
        ({"accounts": {"with": "00", "without": "00"}}, "wrong_type", "accounts.with"),
        ({"flows": [{**YEARLY, "service": "R0"}]}, "service_unknown", "flows[0].service"),
        ({"flows": [{**YEARLY, "with": ["-1"]}]}, "out_of_range", "flows[0].with[0]"),
        ({"flows": [{**FLOW, "price_yuan": None}]}, "key_missing", "flows[0]"),
        ({"flows": [{**YEARLY, "price_yuan": "7"}]}, "key_missing", "flows[0]"),
        (
            {"flows": [{**YEARLY, "with": {"first": "5", "low": "6", "high": "7"}}]},
            "out_of_range",
            "flows[0].with.first",
        ),
        (
            {"flows": [{**YEARLY, "with": {"first": "5", "low": "4"}}]},
            "range_incomplete",
            "flows[0].with.first",
        ),
        (
            {"flows": [{**YEARLY, "with": {"first": "0", "low": "0", "high": "7"}}]},
            "out_of_range",
            "flows[0].with.first",
        ),
        (
            {"flows": [{**YEARLY, "with": {"each": ["1"], "first": "5"}}]},
            "unknown_key",
            "flows[0].with.first",
        ),
        (
            {"incomes": [COMPENSATION | {"contract_years": 1, "income": ["1", "1"]}]},
            "beyond_the_contract",
            "incomes[0].income[1]",
        ),
        (
            {"incomes": [{**TICKETS, "contract_years": 3}]},
            "key_missing",
            "incomes[0]",
        ),
        ({"vep": 3}, "unknown_key", "vep"),
    ],
)
def test_a_malformed_project_is_refused_at_its_place(
    changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Malformed) as refused:
        valued(**changes)

    assert (refused.value.code, refused.value.field) == (f"gep.{code}", f"document.{field}")


def test_parameters_that_nobody_knows_are_refused() -> None:
    basis = {"edition": "DB33/T 2274-2020", "parameters": "x", "price_year": 2025}
    with pytest.raises(Unknown):
        valued(basis=basis)


@pytest.mark.parametrize(
    ("without", "code", "field"),
    [
        ("payer", "gep.no_payer", "incomes.tickets.payer"),
        ("title", "gep.key_missing", "incomes.tickets.title"),
    ],
)
def test_nobody_relies_on_income_without_payer_and_title(
    without: str, code: str, field: str
) -> None:
    anonymous = {key: value for key, value in TICKETS.items() if key != without}
    with pytest.raises(AccountRefused) as refused:
        refuse_unnamed(valued(incomes=[anonymous]))

    assert (refused.value.code, refused.value.field) == (code, field)


def test_nobody_relies_on_a_project_without_names() -> None:
    with pytest.raises(AccountRefused, match="name, valued_on, area, right and basis"):
        refuse_unnamed(unnamed())


def test_the_example_is_valued_as_its_page_says() -> None:
    found = make_valuation(read_project((EXAMPLES / "wetland-project.json").read_bytes()))
    document = found.document()

    assert document["vep_gain_yuan"] == "52315079.97"
    assert document["vep_market_yuan"] == "62279857.10"
    assert document["components"][0]["net_yuan"][0] == "3500000.00"
    assert len(document["gains_yuan"]) == 18


def test_the_same_project_has_the_same_hash_whatever_the_order_of_its_keys() -> None:
    document = json.loads((EXAMPLES / "wetland-project.json").read_bytes())
    turned = dict(reversed(document.items()))

    hashes = {
        make_valuation(read_project(json.dumps(each).encode())).hash for each in (document, turned)
    }
    assert len(hashes) == 1
