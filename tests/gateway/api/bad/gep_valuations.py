"""Valuations that nobody may draft, and projects that must not be valued."""

import json
from typing import Any

from gateway.api.gep_valuation_examples import PROJECT, VALUATION
from gep.publishing.refusals import Reject
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from tests.gateway.api.bad.requests import Bad, get, refused

NONE = "00" * 32
_NOWHERE = PROJECT | {"accounts": {"with": NONE, "without": "11" * 32}}
_TICKETS, _FLOW = PROJECT["incomes"][0], PROJECT["flows"][0]


def _draft(name: str, code: str, field: str, *, status: int = 422, **changes: Any) -> Bad:
    project = {key: value for key, value in (PROJECT | changes).items() if value is not None}
    return Bad(
        name=name,
        status=status,
        code=code,
        path="/gep/valuations",
        actor="V-1",
        body={"project": project, "valuation": VALUATION},
        field=field,
    )


GEP_VALUATIONS: tuple[Bad, ...] = (
    _draft("a_valuation_beyond_every_rate", "gep.rate_out_of_range", "project.rate", rate="11"),
    _draft(
        "a_valuation_whose_scenarios_differ_in_unit",
        "gep.units_differ",
        "project.flows[0].without",
        flows=[_FLOW | {"without": {"first": "3640", "unit": "t"}}],
    ),
    _draft(
        "a_valuation_with_a_flow_twice", "gep.flow_doubled", "project.flows.R1", flows=[_FLOW] * 2
    ),
    _draft(
        "a_valuation_with_a_component_twice",
        "gep.income_doubled",
        "project.incomes.tickets",
        incomes=[_TICKETS] * 2,
    ),
    _draft(
        "an_income_without_a_payer",
        "gep.no_payer",
        "project.incomes.tickets.payer",
        incomes=[{key: value for key, value in _TICKETS.items() if key != "payer"}],
    ),
    _draft(
        "an_income_after_its_contract",
        "gep.beyond_the_contract",
        "project.incomes[0].income[1]",
        incomes=[_TICKETS | {"contract": "C/1", "contract_years": "1", "income": ["1", "1"]}],
    ),
    _draft(
        "a_flow_of_another_number_of_years",
        "gep.years_differ",
        "project.incomes.tickets.cost",
        incomes=[_TICKETS | {"cost": ["1"]}],
    ),
    _draft(
        "a_valuation_that_is_not_the_one_that_was_agreed_on",
        Reject.VALUATION_HASH_UNFIT,
        "valuation",
        status=409,
        rate="0.05",
    ),
    _draft(
        "a_valuation_too_large_for_an_entry",
        Reject.VALUATION_TOO_LARGE,
        "project",
        status=413,
        note="x" * 100_001,
    ),
    get(
        "no_such_valuation",
        404,
        Reject.VALUATION_UNKNOWN,
        f"/gep/valuations/{NONE}",
        field="valuation",
    ),
    refused(
        "a_valuation_on_accounts_that_are_not_there",
        409,
        Reject.VALUATION_BASIS_UNFIT,
        path="/gep/valuations",
        actor="V-1",
        body={
            "project": _NOWHERE,
            "valuation": make_valuation(read_project(json.dumps(_NOWHERE).encode())).hash,
        },
        field="document.accounts.with",
    ),
)
