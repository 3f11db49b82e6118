"""From a document to a project, and from a valuation to plain values.

A yearly flow is a list with a figure for each year, or its first year and a growth: quantities do
not grow unless the document says so.
"""

from decimal import Decimal
from typing import Any

from gep.accounts.account import fen_of, yuan_of
from gep.document import Place, read_document
from gep.project import YEARS_MAX, Flow, Income, Project, Valuation, grown
from gep.registry.shipped import services
from gep.units import Number

YUAN_MAX = 1e15
GROWTH_MAX = 1.0


def read_project(text: bytes) -> Project:
    """Read a project.

    Raises:
        Malformed: the place and what was expected there.
    """
    found = read_document(text).fields(
        "id years right_years rate", "flows incomes investment due note"
    )
    years = found["years"].whole(1, YEARS_MAX)
    return Project(
        id=found["id"].text(),
        years=years,
        right_years=found["right_years"].whole(0, 1_000),
        rate=float(found["rate"].number()),
        flows=tuple(_flow(each, years) for each in found.get("flows", Place([])).items()),
        incomes=tuple(_income(each, years) for each in found.get("incomes", Place([])).items()),
        investment=float(found["investment"].between(0, YUAN_MAX))
        if "investment" in found
        else 0.0,
        is_due=found["due"].truth() if "due" in found else False,
    )


def valuation_document(project: Project, found: Valuation) -> dict[str, Any]:
    """Return a valuation as plain values; yuan as decimal texts, to the fen."""
    return {
        "id": project.id,
        "years": project.years,
        "rate": project.rate,
        "due": project.is_due,
        "vep_gain_yuan": yuan_text(found.vep_gain.value),
        "vep_market_yuan": yuan_text(found.vep_market.value),
        "gains_yuan": [yuan_text(each) for each in found.gains],
        "marketable_net_yuan": {
            name: [yuan_text(each) for each in flow] for name, flow in found.marketable_net.items()
        },
        "irr": found.irr.rate,
        "irr_reason": found.irr.reason,
        "dominant": list(found.dominant),
    }


def yuan_text(value: Number) -> str:
    """Return yuan rounded half up to the fen."""
    return str(yuan_of(fen_of(Decimal(repr(float(value))))))


def _flow(place: Place, years: int) -> Flow:
    found = place.fields("service with without")
    return Flow(
        service=_service(found["service"]),
        with_project=_yearly(found["with"], years),
        without_project=_yearly(found["without"], years),
    )


def _income(place: Place, years: int) -> Income:
    found = place.fields("component service income cost", "contract")
    return Income(
        component=found["component"].text(),
        service=_service(found["service"]),
        income=_yearly(found["income"], years),
        cost=_yearly(found["cost"], years),
        contract=found["contract"].text() if "contract" in found else "",
    )


def _service(place: Place) -> str:
    if place.text() not in services():
        place.refuse("service_unknown", f"one of {', '.join(services())}")
    return place.text()


def _yearly(place: Place, years: int) -> tuple[float, ...]:
    if isinstance(place.value, list):
        return tuple(float(each.between(0, YUAN_MAX)) for each in place.items(most=YEARS_MAX))
    found = place.fields("first", "growth")
    growth = float(found["growth"].between(-1, GROWTH_MAX)) if "growth" in found else 0.0
    return grown(float(found["first"].between(0, YUAN_MAX)), years=years, growth=growth)
