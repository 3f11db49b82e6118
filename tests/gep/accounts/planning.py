"""A small valid account, of which a test changes what it is about."""

import json
from typing import Any

from gateway.settings import CHECKOUT
from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.accounts.plan import Plan
from gep.accounts.reading import read_plan

EXAMPLES = CHECKOUT / "docs" / "gep"
WATER = {"value": "1000000", "unit": "m3", "source": "a gauge"}
CAPITAL = {"value": "6.11", "unit": "yuan/m3", "basis": "CAPITAL", "source": "a paper"}
TIMBER = {"value": "300", "unit": "m3", "source": "the yearbook"}
TIMBER_PRICE = {"value": "414.88", "unit": "yuan/m3", "source": "the yearbook"}
LINES: list[dict[str, Any]] = [
    {"id": "water", "service": "R1", "quantity": "water", "price": "reservoir"},
    {"id": "timber", "service": "M1", "quantity": "timber", "price": "timber_price"},
]


def document(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "id": "a-2020",
        "area": {"id": "330000", "name": "A", "km2": "10"},
        "year": 2020,
        "edition": "published",
        "parameters": "reference-0.1",
        "inputs": {
            "water": WATER,
            "reservoir": CAPITAL,
            "timber": TIMBER,
            "timber_price": TIMBER_PRICE,
        },
        "lines": LINES,
    }
    inputs = given["inputs"] | changes.pop("inputs", {})
    return given | changes | {"inputs": inputs}


def planned(**changes: Any) -> Plan:
    return read_plan(json.dumps(document(**changes)).encode())


def account(**changes: Any) -> Account:
    return make_account(planned(**changes))


def example(name: str, **changes: Any) -> Account:
    given = json.loads((EXAMPLES / f"{name}.json").read_bytes()) | changes
    return make_account(read_plan(json.dumps(given).encode()))
