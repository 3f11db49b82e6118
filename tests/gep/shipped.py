"""Every plan that the documentation and the demonstration have, as documents by name."""

import json
from functools import cache

from gateway.demonstration.egret_wetland import AREA, WITHOUT
from gateway.demonstration.egret_wetland import plan as wetland_plan
from gateway.demonstration.gep_accounts import BASE_YEAR, COUNTIES, LATER_YEAR
from gateway.settings import CHECKOUT
from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.document import Place, read_document

EXAMPLES = CHECKOUT / "docs" / "gep"
# What tells a plan from a printed account, a project, stocks alone and a boundary.
PLAN_KEYS = {"lines", "parameters"}


@cache
def shipped_plans() -> dict[str, Place]:
    """Return the plans of the documentation and of the demonstration."""
    found = {
        path.stem: read_document(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))
    }
    found = {name: each for name, each in found.items() if each.value.keys() >= PLAN_KEYS}
    told = [
        *(county.plan(year) for county in COUNTIES for year in (BASE_YEAR, LATER_YEAR)),
        *(wetland_plan(area) for area in (AREA, WITHOUT)),
    ]
    return found | {each["id"]: read_document(json.dumps(each).encode()) for each in told}


@cache
def shipped_account(name: str) -> Account:
    """Return the account of one of them."""
    return make_account(plan_of(shipped_plans()[name]))
