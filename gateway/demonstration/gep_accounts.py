"""Step 2 of the year: accounts of three counties, 2023 and 2025 at the prices of 2023.

M drafts, R's first person reviews and proposes, its second approves. Without material products, as
the energy round wants them; quantities and prices are made up.
"""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gateway.demonstration.cast import Cast, UnexpectedFigure
from gep.accounts.account import Account, yuan_of
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.document import read_document

BASE_YEAR, LATER_YEAR = 2023, 2025
VERIFIER = "M-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county with its services of 2023, what they grew by until 2025, and both totals in yuan."""

    region: str
    id: str
    name: str
    km2: str
    water_m3: int
    visits: int
    growth: Decimal
    totals: tuple[Decimal, Decimal]

    def plan(self, year: int) -> dict[str, Any]:
        """Return the plan of a year's account."""
        factor = self.growth if year == LATER_YEAR else Decimal(1)
        source = f"{self.name} {year}, made up"
        prices = f"prices of {BASE_YEAR}, made up"
        return {
            "id": f"{self.id}-{year}",
            "area": {"id": self.region, "name": self.name, "km2": self.km2},
            "year": year,
            "price_year": BASE_YEAR,
            "edition": "DB33/T 2274-2020",
            "parameters": "zhejiang-0.1",
            "land_cover": {"product": "made up", "resolution_m": "30"},
            "inputs": {
                "water": {"value": f"{self.water_m3 * factor:f}", "unit": "m3", "source": source},
                "visits": {"value": f"{self.visits * factor:f}", "unit": "visit", "source": source},
                "reservoir": {
                    "value": "7",
                    "unit": "yuan/m3",
                    "basis": "CAPITAL",
                    "source": prices,
                },
                "spent": {"value": "100", "unit": "yuan/visit", "source": prices},
            },
            "lines": [
                {"id": "water", "service": "R1", "quantity": "water", "price": "reservoir"},
                {"id": "visits", "service": "C1", "quantity": "visits", "price": "spent"},
            ],
        }


COUNTIES = (
    County(
        region="990101",
        id="yunxi",
        name="云汐县",
        km2="1500",
        water_m3=1_000_000_000,
        visits=30_000_000,
        growth=Decimal("1.0816"),
        totals=(Decimal("10000000000.00"), Decimal("10816000000.00")),
    ),
    County(
        region="990102",
        id="wangxi",
        name="望汐县",
        km2="1200",
        water_m3=800_000_000,
        visits=24_000_000,
        growth=Decimal(1),
        totals=(Decimal("8000000000.00"), Decimal("8000000000.00")),
    ),
    County(
        region="990103",
        id="xikou",
        name="汐口县",
        km2="900",
        water_m3=600_000_000,
        visits=18_000_000,
        growth=Decimal("0.9409"),
        totals=(Decimal("6000000000.00"), Decimal("5645400000.00")),
    ),
)


class GepAccounts:
    """Brings the counties' accounts through their course."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    async def publish(self) -> None:
        """Publish six accounts.

        Raises:
            UnexpectedFigure: a total is not the story's.
        """
        self._cast.tell("accounts of ecosystem products")
        for county in COUNTIES:
            for year, total in zip((BASE_YEAR, LATER_YEAR), county.totals, strict=True):
                await publish_account(self._cast, county.plan(year), total=total)


async def publish_account(cast: Cast, plan: dict[str, Any], *, total: Decimal) -> None:
    """Let M draft an account, R's first person review and propose it, its second approve.

    Raises:
        UnexpectedFigure: the total is not the story's.
    """
    account = made(plan)
    if yuan_of(account.total) != total:
        raise UnexpectedFigure(f"{account.id}: {yuan_of(account.total)}, expected {total}")
    body = {"account": account.hash}
    key = account.id
    await cast.post(VERIFIER, "/gep/accounts", body | {"plan": plan}, key=f"draft-{key}")
    review = body | {"outcome": "accepted"}
    await cast.post("R-1", "/gep/accounts/reviews", review, key=f"review-{key}")
    approval = body | {"kind": "gep_approve_account", "decision": "2026/1"}
    await cast.propose(approval, key=f"approve-{key}")
    await cast.post("R-1", "/gep/accounts/publications", body, key=f"publish-{key}")


def made(plan: dict[str, Any]) -> Account:
    """Return the account of a plan."""
    return make_account(plan_of(read_document(json.dumps(plan).encode())))
