"""A project's two values: what it gains and what is paid for, within the term of the right."""

import json
from dataclasses import replace
from typing import Any

import pytest

from gep.errors import AccountRefused, Malformed
from gep.project import Flow, Income, Project, Valuation, grown, value_project
from gep.project_file import read_project, valuation_document
from tests.gep.accounts.planning import EXAMPLES


def project(**changes: Any) -> Project:
    years = changes.get("years", 18)
    given: dict[str, Any] = {
        "id": "wetland",
        "years": years,
        "right_years": 18,
        "rate": 0.042,
        "flows": (
            Flow(
                service="R1",
                with_project=grown(5_000_000, years=years),
                without_project=grown(800_000, years=years),
            ),
        ),
        "incomes": (
            Income(
                component="tickets",
                service="C1",
                income=grown(6_000_000, years=years),
                cost=grown(2_500_000, years=years),
            ),
            Income(
                component="compensation",
                service="R1",
                income=grown(1_500_000, years=years),
                cost=grown(0, years=years),
                contract="compensation agreement",
            ),
        ),
        "investment": 20_000_000,
    }
    return Project(**(given | changes))


def valued(given: Project) -> Valuation:
    return value_project(given, service_share=0.6)


def test_the_gain_of_the_wetland_is_the_present_value_of_its_years() -> None:
    found = valued(project())

    assert float(found.vep_gain.value) == pytest.approx(52_315_079.97, abs=0.01)
    assert set(found.gains) == {4_200_000.0}


def test_the_market_value_counts_what_is_paid_and_nothing_else() -> None:
    found = valued(project())

    # Ours: 3.5 m + 1.5 m a year at the gain's factor, 52,315,079.97 / 4.2 m.
    assert float(found.vep_market.value) == pytest.approx(5e6 * 52_315_079.97 / 4.2e6, rel=1e-9)
    assert {name: flow[0] for name, flow in found.marketable_net.items()} == {
        "tickets": 3_500_000.0,
        "compensation": 1_500_000.0,
    }
    assert found.dominant == ("R1",)
    assert value_project(project(), service_share=1.0).dominant == ()
    assert found.irr.rate == pytest.approx(0.2457, abs=1e-3)


def test_a_project_that_never_earns_its_cost_has_a_negative_rate() -> None:
    short = valued(project(years=3, investment=40_000_000.0))

    assert short.irr.rate is not None
    assert short.irr.rate < 0
    free = valued(project(investment=0.0))
    assert (free.irr.rate, free.irr.reason) == (None, "no_change_of_sign")


def test_payments_at_the_start_of_the_year_are_worth_more() -> None:
    due = valued(project(is_due=True))

    assert float(due.vep_gain.value) == pytest.approx(52_315_079.97 * 1.042, abs=0.05)


def test_quantities_do_not_grow_unless_it_is_said() -> None:
    assert grown(100, years=3) == (100, 100, 100)
    assert grown(100, years=3, growth=0.1) == pytest.approx((100, 110, 121))


def test_a_loss_has_no_dominant_service() -> None:
    (flow,) = project().flows
    lost = replace(flow, with_project=flow.without_project, without_project=flow.with_project)

    found = valued(project(flows=(lost,)))

    assert found.vep_gain.value < 0
    assert found.dominant == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"right_years": 17}, "gep.beyond_the_right"),
        ({"years": 0}, "gep.beyond_the_right"),
        ({"years": 101, "right_years": 200}, "gep.beyond_the_right"),
        ({"rate": -0.5}, "gep.rate_out_of_range"),
        ({"rate": 10.1}, "gep.rate_out_of_range"),
        ({"rate": float("nan")}, "gep.rate_out_of_range"),
        ({"investment": -1.0}, "gep.investment_refused"),
    ],
)
def test_a_project_out_of_bounds_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        valued(project(**changes))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contract": ""}, "gep.no_payer"),
        ({"component": "tickets"}, "gep.income_doubled"),
        ({"income": (1.0,)}, "gep.years_differ"),
        ({"cost": grown(-1, years=18)}, "gep.flow_refused"),
        ({"income": grown(float("inf"), years=18)}, "gep.flow_refused"),
    ],
)
def test_an_income_that_nobody_pays_is_refused(changes: dict[str, Any], code: str) -> None:
    tickets, compensation = project().incomes

    with pytest.raises(AccountRefused) as refused:
        valued(project(incomes=(tickets, replace(compensation, **changes))))

    assert refused.value.code == code


def read(**changes: Any) -> Project:
    given = json.loads((EXAMPLES / "wetland-project.json").read_bytes()) | changes
    return read_project(json.dumps(given).encode())


def test_a_document_gives_a_project_and_its_two_values() -> None:
    found = read()
    document = valuation_document(found, valued(found))

    assert document["vep_gain_yuan"] == "52315079.97"
    assert document["marketable_net_yuan"]["tickets"][0] == "3500000.00"
    assert len(document["gains_yuan"]) == 18
    assert document["dominant"] == ["R1"]


def test_a_flow_is_a_first_year_with_growth_or_every_year() -> None:
    flows = [{"service": "R1", "with": {"first": 100, "growth": "0.1"}, "without": [0, 0]}]

    (flow,) = read(years=2, flows=flows, incomes=[]).flows

    assert flow.with_project == pytest.approx((100, 110))
    assert flow.without_project == (0, 0)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"years": 0}, "document.years"),
        ({"rate": "four"}, "document.rate"),
        ({"flows": [{"service": "R0", "with": [], "without": []}]}, "document.flows[0].service"),
        ({"flows": [{"service": "R1", "with": [-1], "without": []}]}, "document.flows[0].with[0]"),
        ({"incomes": [{"component": "x", "service": "C1"}]}, "document.incomes[0].income"),
        ({"vep": 3}, "document.vep"),
    ],
)
def test_a_malformed_project_is_refused_at_its_place(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(**changes)

    assert refused.value.field == field
