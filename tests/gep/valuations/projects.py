"""A wetland as a project, with everything that a valuation on the ledger must name."""

import json
from typing import Any

from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from gep.valuations.valuation import Valuation

FLOW: dict[str, Any] = {
    "service": "R1",
    "with": {"first": "4000000", "unit": "m3"},
    "without": {"first": "3400000", "unit": "m3"},
    "price_yuan": "7",
}
TICKETS: dict[str, Any] = {
    "component": "tickets",
    "service": "C1",
    "payer": "visitors",
    "title": "CONCESSION/3",
    "income": {"first": "6000000"},
    "cost": {"first": "2500000"},
}
COMPENSATION: dict[str, Any] = {
    "component": "compensation",
    "service": "R1",
    "payer": "county finance bureau",
    "title": "CONCESSION/3",
    "contract": "COMP/2026/3",
    "contract_years": 18,
    "income": {"first": "1500000"},
    "cost": {"first": "0"},
}
PROJECT: dict[str, Any] = {
    "id": "egret-wetland",
    "name": "白鹭湿地",
    "valued_on": "2026-01-18",
    "area": {"id": "E11-EGRET", "name": "白鹭湿地", "km2": "6"},
    "right": {"title": "CONCESSION/3", "holder": "E11", "years": 18},
    "basis": {"edition": "DB33/T 2274-2020", "parameters": "zhejiang-0.1", "price_year": 2025},
    "years": 18,
    "rate": "0.042",
    "investment": "62000000",
    "flows": [FLOW],
    "incomes": [TICKETS, COMPENSATION],
}


def text_of(**changes: Any) -> bytes:
    """Return the wetland's document; a change to None takes a key away."""
    whole = {key: value for key, value in (PROJECT | changes).items() if value is not None}
    return json.dumps(whole, ensure_ascii=False).encode()


def valued(**changes: Any) -> Valuation:
    return make_valuation(read_project(text_of(**changes)))


def unnamed(**changes: Any) -> Valuation:
    """Value a project without its names, as `gep project` may."""
    names = dict.fromkeys(("name", "valued_on", "area", "right", "basis"))
    return valued(**(names | {"right_years": 18} | changes))
