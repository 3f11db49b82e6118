"""A valuation read back from its canonical document, exactly: what does not follow is refused.

Only yearly fen, names and what was drawn are taken from the text. Every sum, present value, rate of
return and warning is computed again from them, with decimals and whole numbers, and writing it all
has to give the text. So a document of any age is judged alike everywhere.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from gep.accounts.account import fen_of, yuan_of
from gep.accounts.uncertainty import DOUBTED_MAX
from gep.document import Place, read_document
from gep.errors import Malformed
from gep.registry.reading import year_of
from gep.valuations.guards import refuse_unfit, refuse_unnamed
from gep.valuations.project import YEARS_MAX, Basis, Identity
from gep.valuations.reading import (
    FLOWS_MAX,
    INCOMES_MAX,
    TERM_MAX,
    accounts_of,
    right_of,
    short,
    site_of,
)
from gep.valuations.valuation import (
    Component,
    Driver,
    Range,
    Uncertainty,
    Valuation,
    ValuedFlow,
)
from kernel.canonical import NotCanonical, canonical
from kernel.money import Fen

READ_MAX = 64
DRAWS_MAX, SEED_MAX = 10**6, 10**12
UNCHECKED_MAX = 10**9
_FIELDS = (
    "id name valued_on area right basis years right_years rate due service_share flows gains_yuan"
    " components net_yuan investment_yuan vep_gain_yuan vep_market_yuan warnings"
)


@lru_cache(maxsize=READ_MAX)
def read_valuation(text: str) -> Valuation:
    """Read a valuation's canonical document; one document is read once.

    Raises:
        Malformed: the place and what was expected there; also where a sum, present value, rate or
            warning does not follow, or the text is not the canonical one.
        AccountRefused: it is none that may be relied on.
    """
    document = read_document(text.encode())
    found = document.fields(_FIELDS, "accounts irr irr_reason uncertainty")
    valuation = Valuation(
        id=short(found["id"]),
        years=found["years"].whole(1, YEARS_MAX),
        right_years=found["right_years"].whole(0, TERM_MAX),
        rate=found["rate"].number(),
        is_due=found["due"].truth(),
        investment=_fen(found["investment_yuan"]),
        service_share=found["service_share"].between(0, 1),
        flows=tuple(_flow(each) for each in found["flows"].items(most=FLOWS_MAX)),
        components=tuple(_component(each) for each in found["components"].items(most=INCOMES_MAX)),
        uncertainty=_uncertainty(found["uncertainty"]) if "uncertainty" in found else None,
        identity=_identity(found),
    )
    if found["right"].members()["years"].whole(0, TERM_MAX) != valuation.right_years:
        found["right_years"].refuse("years_differ", "the years of the right")
    if valuation.investment < 0:
        found["investment_yuan"].refuse("investment_refused", "0 or more")
    refuse_unfit(valuation)
    refuse_unnamed(valuation)
    _refuse_disorder(valuation)
    _refuse_other_text(valuation, document, text)
    return valuation


def _identity(found: dict[str, Place]) -> Identity:
    basis = found["basis"].fields(
        "edition parameter_set parameter_set_hash parameter_set_unchecked price_year",
        "price_basis",
    )
    account_with, account_without = accounts_of(found.get("accounts"))
    return Identity(
        name=short(found["name"]),
        valued_on=found["valued_on"].day(),
        site=site_of(found["area"]),
        right=right_of(found["right"]),
        basis=Basis(
            edition=short(basis["edition"]),
            parameter_set=short(basis["parameter_set"]),
            parameter_set_hash=short(basis["parameter_set_hash"]),
            parameter_set_unchecked=basis["parameter_set_unchecked"].whole(0, UNCHECKED_MAX),
            price_year=year_of(basis["price_year"]),
            price_basis=short(basis["price_basis"]) if "price_basis" in basis else None,
        ),
        account_with=account_with,
        account_without=account_without,
    )


def _flow(place: Place) -> ValuedFlow:
    found = place.fields("service name with_yuan without_yuan gain_yuan", "unit price_yuan")
    return ValuedFlow(
        service=short(found["service"]),
        name=short(found["name"]),
        unit=short(found["unit"]) if "unit" in found else None,
        price=found["price_yuan"].number() if "price_yuan" in found else None,
        with_project=_years(found["with_yuan"]),
        without_project=_years(found["without_yuan"]),
    )


def _component(place: Place) -> Component:
    found = place.fields(
        "component service payer title income_yuan cost_yuan net_yuan",
        "contract contract_years net_p10_yuan",
    )
    return Component(
        component=short(found["component"]),
        service=short(found["service"]),
        payer=short(found["payer"]),
        title=short(found["title"]),
        contract=short(found["contract"]) if "contract" in found else None,
        contract_years=found["contract_years"].whole(0, TERM_MAX)
        if "contract_years" in found
        else None,
        income=_years(found["income_yuan"]),
        cost=_years(found["cost_yuan"]),
        net_p10=_years(found["net_p10_yuan"]) if "net_p10_yuan" in found else None,
    )


def _uncertainty(place: Place) -> Uncertainty:
    found = place.fields("draws seed vep_gain vep_market drivers")
    return Uncertainty(
        draws=found["draws"].whole(1, DRAWS_MAX),
        seed=found["seed"].whole(0, SEED_MAX),
        gain=_range(found["vep_gain"]),
        market=_range(found["vep_market"]),
        drivers=tuple(_driver(each) for each in found["drivers"].items(most=DOUBTED_MAX)),
    )


def _range(place: Place) -> Range:
    found = place.fields("p10_yuan p50_yuan p90_yuan")
    return Range(
        p10=_fen(found["p10_yuan"]), p50=_fen(found["p50_yuan"]), p90=_fen(found["p90_yuan"])
    )


def _driver(place: Place) -> Driver:
    found = place.fields("name low central high unit with_gain with_market")
    return Driver(
        name=found["name"].text(),
        low=found["low"].number(),
        central=found["central"].number(),
        high=found["high"].number(),
        unit=found["unit"].text(),
        with_gain=found["with_gain"].between(-1, 1),
        with_market=found["with_market"].between(-1, 1),
    )


def _fen(place: Place) -> Fen:
    value = place.number()
    fen = fen_of(value)
    if Decimal(yuan_of(fen)) != value:
        place.refuse("out_of_range", "yuan with two decimals")
    return fen


def _years(place: Place) -> tuple[Fen, ...]:
    return tuple(_fen(each) for each in place.items(most=YEARS_MAX))


def _refuse_disorder(valuation: Valuation) -> None:
    """Refuse quantiles that stand in another order, or of another number of years."""
    drawn = valuation.uncertainty
    for each in valuation.components:
        if each.net_p10 is not None and (drawn is None or len(each.net_p10) != valuation.years):
            place = f"components.{each.component}.net_p10_yuan"
            raise _malformed("years_differ", place, f"{valuation.years} years", found=each.net_p10)
    if drawn is None:
        return
    for name, of in (("vep_gain", drawn.gain), ("vep_market", drawn.market)):
        if not of.p10 <= of.p50 <= of.p90:
            place = f"uncertainty.{name}"
            raise _malformed("out_of_range", place, "p10 <= p50 <= p90", found=of)
    for driver in drawn.drivers:
        if not driver.low <= driver.central <= driver.high:
            place = f"uncertainty.{driver.name}"
            raise _malformed("out_of_range", place, "low <= central <= high", found=driver.central)


def _refuse_other_text(valuation: Valuation, document: Place, text: str) -> None:
    """Refuse what does not follow from the years, and any other writing of the same valuation."""
    own = valuation.document()
    for name in ("gains_yuan", "net_yuan", "vep_gain_yuan", "vep_market_yuan", "irr", "warnings"):
        said = document.value.get(name)
        if said != own[name]:
            raise _malformed("sum_differs", name, _shown(own[name]), found=_shown(said))
    for kind, sums in (("flows", "gain_yuan"), ("components", "net_yuan")):
        _refuse_other_sums(document.value[kind], own[kind], f"{kind}.{sums}")
    try:
        is_same = canonical(own).decode() == text
    except NotCanonical:
        is_same = False
    if not is_same:
        expected = "the canonical document of a valuation"
        raise _malformed("not_canonical", None, expected, found="another")


def _refuse_other_sums(
    said: Sequence[dict[str, Any]], own: Sequence[dict[str, Any]], name: str
) -> None:
    _, sums = name.split(".")
    for index, (one, other) in enumerate(zip(said, own, strict=True)):
        if one[sums] != other[sums]:
            place = name.replace(".", f"[{index}].")
            raise _malformed("sum_differs", place, _shown(other[sums]), found=_shown(one[sums]))


def _shown(value: object) -> str:
    return str(value)[:60]


def _malformed(code: str, field: str | None, expected: str, *, found: object) -> Malformed:
    place = "document" if field is None else f"document.{field}"
    return Malformed(code=code, field=place, expected=expected, found=_shown(found))
