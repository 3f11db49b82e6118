"""The valuation of step 20: E11's wetland, what it gains, what is paid for, who relies on it.

M drafts, X and R's first person review, R's second person approves. It rests on two accounts, with
the project and without it, whose regulating services nobody pays for. B2 cites it for its loan.
"""

import json
from decimal import Decimal
from typing import Any

from gateway.demonstration.cast import Cast, UnexpectedFigure
from gateway.demonstration.gep_accounts import VERIFIER, made, publish_account
from gep.valuations.making import make_valuation
from gep.valuations.reading import read_project
from gep.valuations.valuation import Valuation

AREA, WITHOUT = "E11-EGRET", "E11-EGRET.without"
PROJECT, NAME = "egret-wetland", "白鹭湿地"
LENDER, REFERENCE = "B2", "LOAN-REQUEST/2026/E11"
YEAR = 2025
CONCESSION, CONTRACT = "YX-CONCESSION/2014/7", "YX-COMPENSATION/2026/3"
# Regulating services of a year: 40,000,000 yuan with the project, 35,800,000 without it.
WATER_M3 = {AREA: 4_000_000, WITHOUT: 3_640_000}
COOLING_KWH = {AREA: 24_000_000, WITHOUT: 20_640_000}
TOTALS = {AREA: Decimal("40000000.00"), WITHOUT: Decimal("35800000.00")}
# What the story's page says of step 20.
GAIN, MARKET = "52315079.97", "62279857.10"
NET = {"tickets": "3500000.00", "compensation": "1500000.00"}
RIGHT_YEARS = 18
EDITION, PARAMETERS = "DB33/T 2274-2020", "zhejiang-0.1"


def plan(area: str) -> dict[str, Any]:
    """Return the plan of the wetland's account, with the project or without it."""
    source = f"{NAME} {YEAR}, made up"
    return {
        "id": f"{area}-{YEAR}",
        "area": {"id": area, "name": NAME, "km2": "6", "kind": "project"},
        "year": YEAR,
        "edition": EDITION,
        "parameters": PARAMETERS,
        "land_cover": {"product": "made up", "resolution_m": "30"},
        "inputs": {
            "water": {"value": f"{WATER_M3[area]}", "unit": "m3", "source": source},
            "cooling": {"value": f"{COOLING_KWH[area]}", "unit": "kWh", "source": source},
            "reservoir": {"value": "7", "unit": "yuan/m3", "basis": "CAPITAL", "source": source},
            "tariff": {"value": "0.5", "unit": "yuan/kWh", "source": source},
        },
        "lines": [
            {"id": "water", "service": "R1", "quantity": "water", "price": "reservoir"},
            {"id": "cooling", "service": "R10", "quantity": "cooling", "price": "tariff"},
        ],
    }


def project() -> dict[str, Any]:
    """Return what is valued; the ranges are made up."""
    return {
        "id": PROJECT,
        "name": NAME,
        "valued_on": "2026-05-11",
        "area": {"id": AREA, "name": NAME, "km2": "6"},
        "right": {"title": CONCESSION, "holder": "E11", "years": RIGHT_YEARS},
        "basis": {
            "edition": EDITION,
            "parameters": PARAMETERS,
            "price_year": YEAR,
            "price_basis": "CAPITAL",
        },
        "accounts": {"with": made(plan(AREA)).hash, "without": made(plan(WITHOUT)).hash},
        "years": RIGHT_YEARS,
        "rate": "0.042",
        "investment": "62000000",
        "flows": [
            {
                "service": "R1",
                "with": {
                    "first": f"{WATER_M3[AREA]}",
                    "unit": "m3",
                    "low": "3900000",
                    "high": "4080000",
                },
                "without": {"first": f"{WATER_M3[WITHOUT]}", "unit": "m3"},
                "price_yuan": {"value": "7", "low": "6.11", "high": "7.8"},
            },
            {
                "service": "R10",
                "with": {"first": f"{COOLING_KWH[AREA]}", "unit": "kWh"},
                "without": {"first": f"{COOLING_KWH[WITHOUT]}", "unit": "kWh"},
                "price_yuan": "0.5",
            },
        ],
        "incomes": [
            {
                "component": "tickets",
                "service": "C1",
                "payer": "visitors",
                "title": CONCESSION,
                "income": {"first": "6000000", "low": "4800000", "high": "6600000"},
                "cost": {"first": "2500000", "low": "2400000", "high": "2800000"},
            },
            {
                "component": "compensation",
                "service": "R1",
                "payer": "云汐县财政局",
                "title": CONCESSION,
                "contract": CONTRACT,
                "contract_years": RIGHT_YEARS,
                "income": {"first": "1500000"},
                "cost": {"first": "0"},
            },
        ],
    }


def valued() -> Valuation:
    """Return the valuation of the wetland."""
    return make_valuation(read_project(json.dumps(project()).encode()))


class EgretWetland:
    """Brings the wetland's accounts and its valuation through their course."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    async def load(self) -> None:
        """Publish both accounts and the valuation; let the lender read and cite it.

        Raises:
            UnexpectedFigure: a figure is not the story's.
        """
        self._cast.tell("the valuation of the Egret Wetland")
        for area, total in TOTALS.items():
            await publish_account(self._cast, plan(area), total=total)
        valuation = valued().hash
        await self._publish(valuation)
        await self._read(valuation)
        citation = {
            "account": valuation,
            "party": LENDER,
            "purpose": "loan",
            "reference": REFERENCE,
        }
        await self._cast.post(f"{LENDER}-1", "/gep/citations", citation, key="cite")

    async def _publish(self, valuation: str) -> None:
        cast, body = self._cast, {"valuation": valuation}
        drafted = body | {"project": project()}
        await cast.post(VERIFIER, "/gep/valuations", drafted, key="draft")
        accepted = body | {"outcome": "accepted"}
        for reviewer in ("X-1", "R-1"):
            path = "/gep/valuations/reviews"
            await cast.post(reviewer, path, accepted, key=f"review-{reviewer}")
        approval = body | {"kind": "gep_approve_valuation", "decision": "2026/20"}
        await cast.propose(approval, key="approve")
        await cast.post("R-1", "/gep/valuations/publications", body, key="publish")

    async def _read(self, valuation: str) -> None:
        """Compare what the lender reads with the story's page."""
        path = f"/gep/valuations/{valuation}"
        shown = await self._cast.get(f"{LENDER}-1", path)
        income = await self._cast.get(f"{LENDER}-1", f"{path}/marketable-income")
        components = income["components"]
        found = {
            "gain": shown["vep_gain_yuan"],
            "market": shown["vep_market_yuan"],
            **{each["component"]: set(each["net_yuan"]) for each in components},
            "left": {each["years_left"] for each in components},
        }
        expected = {
            "gain": GAIN,
            "market": MARKET,
            **{name: {net} for name, net in NET.items()},
            "left": {RIGHT_YEARS},
        }
        if found != expected:
            raise UnexpectedFigure(f"{PROJECT}: {found}, expected {expected}")
