"""The audit looks at accounts of ours as at any other, and finds nothing that we printed wrong."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gep.accounts.making import make_account
from gep.accounts.plan import Plan
from gep.accounts.reading import read_plan
from gep.audit.auditing import Audit, audit
from gep.audit.finding import Rule
from gep.audit.own_account import printed_of
from kernel.money import Fen
from tests.gep.accounts.planning import EXAMPLES, planned


def audited(plan: Plan) -> Audit:
    return audit(printed_of(make_account(plan), plan))


def plan_named(name: str, **changes: Any) -> Plan:
    given = json.loads((EXAMPLES / f"{name}.json").read_bytes()) | changes
    return read_plan(json.dumps(given).encode())


@pytest.mark.parametrize("name", ["ganzi-2010", "baiyangdian-2011", "valley-2025", "valley-2026"])
def test_what_we_make_has_no_errors(name: str) -> None:
    plan = plan_named(name)
    found = audited(plan)

    assert found.errors == ()
    account = make_account(plan)
    assert found.printed_total_yuan == Decimal(account.total) / 100


def test_the_corrected_total_is_less_what_came_from_outside_the_area() -> None:
    given = json.loads((EXAMPLES / "valley-2026.json").read_bytes())
    timber = next(line for line in given["lines"] if line["id"] == "timber")
    again = [*given["lines"], timber | {"id": "timber-again"}]

    found = audited(plan_named("valley-2026", lines=again))

    right = make_account(plan_named("valley-2026"))
    assert right.deduction > 0
    assert found.corrected_total_yuan == Decimal(right.total) / 100


def test_a_stored_line_that_was_changed_is_found() -> None:
    plan = planned()
    made = make_account(plan)
    first, *rest = made.lines
    forged = replace(made, lines=(replace(first, value=Fen(first.value * 10)), *rest))

    (finding,) = audit(printed_of(forged, plan)).errors

    assert (finding.rule, finding.place) == (Rule.POWER_OF_TEN, "water")
    assert finding.difference_yuan == Decimal(-54_990_000)


def test_an_emission_that_caps_is_remarked() -> None:
    found = audited(plan_named("valley-2026"))

    assert [(each.rule, each.place) for each in found.findings] == [
        (Rule.PURIFICATION_EQUALS_EMISSION, "so2")
    ]


@pytest.mark.parametrize(("price", "rules"), [("5000", []), ("5285", [Rule.PRICE_IN_NO_TABLE])])
def test_a_habitat_has_a_price_of_its_class(price: str, rules: list[Rule]) -> None:
    inputs = {
        "stand": {"value": "4647.33", "unit": "hm2", "source": "s"},
        "price": {"value": price, "unit": "yuan/hm2", "source": "s"},
    }
    line = {"id": "poplar", "service": "R14", "quantity": "stand", "price": "price"}

    assert [each.rule for each in audited(planned(inputs=inputs, lines=[line])).findings] == rules
