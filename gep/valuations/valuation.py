"""A valuation that was made (价值评估): yearly fen, and what follows from them exactly.

``vep_gain`` is the present value of the services that the project adds; ``vep_market`` that of the
income from services that have a payer, less what running them costs. They are never one figure: a
lender takes the yearly marketable net income and discounts it by rules of its own.

1. Every sum, present value and rate of return follows from the yearly fen, without a float.
2. Uncertainty is drawn, so it is stored: nothing but its order can be judged again exactly.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gep.accounts.account import EXACT, yuan_of
from gep.valuations.discounting import Return, internal_rate, present_value
from gep.valuations.project import Identity
from kernel.canonical import canonical
from kernel.money import Fen

SHOWN = Decimal("0.0001")


class Caution(StrEnum):
    """What a reader of a valuation must know before relying on it."""

    SERVICE_DOMINATES = "service_dominates"
    DOUBLE_USE = "double_use"
    CONTRACT_ENDS = "contract_ends"
    GAIN_NEGATIVE = "gain_negative"
    MARKET_NEGATIVE = "market_negative"
    WITHOUT_ACCOUNTS = "without_accounts"
    WITHOUT_RANGE = "without_range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cautioned:
    """A caution with its place and, where there is one, the figure that raised it."""

    code: Caution
    place: str
    figure: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedFlow:
    """A service's fen of each year with the project and without it."""

    service: str
    name: str
    unit: str | None
    price: Decimal | None
    with_project: tuple[Fen, ...]
    without_project: tuple[Fen, ...]

    @property
    def gains(self) -> tuple[Fen, ...]:
        """What the project adds, by year."""
        both = zip(self.with_project, self.without_project, strict=True)
        return tuple(Fen(one - other) for one, other in both)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component of income: fen of each year; ``net_p10`` where its figures are doubted."""

    component: str
    service: str
    payer: str | None
    title: str | None
    contract: str | None
    contract_years: int | None
    income: tuple[Fen, ...]
    cost: tuple[Fen, ...]
    net_p10: tuple[Fen, ...] | None = None

    @property
    def net(self) -> tuple[Fen, ...]:
        """Income less cost, by year."""
        return tuple(
            Fen(earned - spent) for earned, spent in zip(self.income, self.cost, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Three quantiles of what was drawn."""

    p10: Fen
    p50: Fen
    p90: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A doubted figure, and how its rank goes with those of both values, to four decimals."""

    name: str
    low: Decimal
    central: Decimal
    high: Decimal
    unit: str
    with_gain: Decimal
    with_market: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """What the draws of a latin hypercube gave, the strongest figures first."""

    draws: int
    seed: int
    gain: Range
    market: Range
    drivers: tuple[Driver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """A project's two values apart, and what they are made of by year.

    ``service_share`` is that of the gain above which a service is named as dominant.
    """

    id: str
    years: int
    right_years: int
    rate: Decimal
    is_due: bool
    investment: Fen
    service_share: Decimal
    flows: tuple[ValuedFlow, ...]
    components: tuple[Component, ...]
    uncertainty: Uncertainty | None
    identity: Identity | None

    @property
    def gains(self) -> tuple[Fen, ...]:
        """What the project adds, by year."""
        return self._by_year([each.gains for each in self.flows])

    @property
    def net(self) -> tuple[Fen, ...]:
        """What is earned less what that costs, by year."""
        return self._by_year([each.net for each in self.components])

    @property
    def vep_gain(self) -> Fen:
        """The present value of what the project adds."""
        return present_value(self.gains, rate=self.rate, is_due=self.is_due)

    @property
    def vep_market(self) -> Fen:
        """The present value of what has a payer, less its cost."""
        return present_value(self.net, rate=self.rate, is_due=self.is_due)

    @property
    def irr(self) -> Return:
        """The rate of return of the investment and the marketable net income."""
        outlay, net = Fen(-self.investment), self.net
        if self.is_due:
            return internal_rate([Fen(outlay + net[0]), *net[1:]])
        return internal_rate([outlay, *net])

    @property
    def cautions(self) -> tuple[Cautioned, ...]:
        """What a reader must know, in a fixed order."""
        return tuple(_cautions(self))

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical document."""
        return sha256(canonical(self.document())).hexdigest()

    def document(self) -> dict[str, Any]:
        """Return the valuation as plain values without numbers: what is hashed and exported."""
        irr = self.irr
        return {
            "id": self.id,
            **_identity_document(self.identity),
            "years": str(self.years),
            "right_years": str(self.right_years),
            "rate": _plain(self.rate),
            "due": self.is_due,
            "service_share": _plain(self.service_share),
            "flows": [_flow_document(each) for each in self.flows],
            "gains_yuan": yuan_list(self.gains),
            "components": [_component_document(each) for each in self.components],
            "net_yuan": yuan_list(self.net),
            "investment_yuan": str(yuan_of(self.investment)),
            "vep_gain_yuan": str(yuan_of(self.vep_gain)),
            "vep_market_yuan": str(yuan_of(self.vep_market)),
            "irr": _text(irr.rate),
            "irr_reason": irr.reason or None,
            "uncertainty": None if self.uncertainty is None else _drawn_document(self.uncertainty),
            "warnings": [
                {"code": each.code.value, "place": each.place, "figure": _text(each.figure)}
                for each in self.cautions
            ],
        }

    def _by_year(self, flows: Sequence[Sequence[Fen]]) -> tuple[Fen, ...]:
        return tuple(Fen(sum(each[year] for each in flows)) for year in range(self.years))


def yuan_list(flow: Sequence[Fen]) -> list[str]:
    """Return fen of each year as texts of yuan."""
    return [str(yuan_of(each)) for each in flow]


def _cautions(of: Valuation) -> Iterator[Cautioned]:
    added: dict[str, int] = {}
    for flow in of.flows:
        added[flow.service] = added.get(flow.service, 0) + sum(flow.gains)
    yield from _of_shares(added, sum(of.gains), above=of.service_share)
    for each in of.components:
        if added.get(each.service, 0) > 0 and any(each.income):
            yield Cautioned(code=Caution.DOUBLE_USE, place=f"{each.component} {each.service}")
        term = each.contract_years
        if term is not None and term < of.years:
            figure = Decimal(term)
            yield Cautioned(code=Caution.CONTRACT_ENDS, place=each.component, figure=figure)
    for code, value in (
        (Caution.GAIN_NEGATIVE, of.vep_gain),
        (Caution.MARKET_NEGATIVE, of.vep_market),
    ):
        if value < 0:
            yield Cautioned(code=code, place=of.id, figure=yuan_of(value))
    if of.identity is not None:
        yield from _of_reliance(of, of.identity)


def _of_shares(added: Mapping[str, int], gain: int, *, above: Decimal) -> Iterator[Cautioned]:
    if gain <= 0:
        return
    for service, value in added.items():
        share = EXACT.divide(Decimal(value), Decimal(gain))
        if share > above:
            figure = EXACT.quantize(share, SHOWN)
            yield Cautioned(code=Caution.SERVICE_DOMINATES, place=service, figure=figure)


def _of_reliance(of: Valuation, identity: Identity) -> Iterator[Cautioned]:
    if identity.account_with is None:
        yield Cautioned(code=Caution.WITHOUT_ACCOUNTS, place=of.id)
    if of.uncertainty is None:
        yield Cautioned(code=Caution.WITHOUT_RANGE, place=of.id)


def _identity_document(of: Identity | None) -> dict[str, Any]:
    if of is None:
        names = ("name", "valued_on", "area", "right", "basis", "accounts")
        return dict.fromkeys(names)
    accounts = (of.account_with, of.account_without)
    return {
        "name": of.name,
        "valued_on": of.valued_on.isoformat(),
        "area": {
            "id": of.site.id,
            "name": of.site.name,
            "km2": _plain(of.site.km2),
            "geometry_hash": of.site.geometry_hash,
        },
        "right": {
            "title": of.right.title,
            "holder": of.right.holder,
            "years": str(of.right.years),
        },
        "basis": {
            "edition": of.basis.edition,
            "parameter_set": of.basis.parameter_set,
            "parameter_set_hash": of.basis.parameter_set_hash,
            "parameter_set_unchecked": str(of.basis.parameter_set_unchecked),
            "price_year": str(of.basis.price_year),
            "price_basis": of.basis.price_basis,
        },
        "accounts": None
        if accounts == (None, None)
        else {"with": of.account_with, "without": of.account_without},
    }


def _flow_document(flow: ValuedFlow) -> dict[str, Any]:
    return {
        "service": flow.service,
        "name": flow.name,
        "unit": flow.unit,
        "price_yuan": None if flow.price is None else _plain(flow.price),
        "with_yuan": yuan_list(flow.with_project),
        "without_yuan": yuan_list(flow.without_project),
        "gain_yuan": yuan_list(flow.gains),
    }


def _component_document(of: Component) -> dict[str, Any]:
    return {
        "component": of.component,
        "service": of.service,
        "payer": of.payer,
        "title": of.title,
        "contract": of.contract,
        "contract_years": None if of.contract_years is None else str(of.contract_years),
        "income_yuan": yuan_list(of.income),
        "cost_yuan": yuan_list(of.cost),
        "net_yuan": yuan_list(of.net),
        "net_p10_yuan": None if of.net_p10 is None else yuan_list(of.net_p10),
    }


def _drawn_document(of: Uncertainty) -> dict[str, Any]:
    return {
        "draws": str(of.draws),
        "seed": str(of.seed),
        "vep_gain": _range_document(of.gain),
        "vep_market": _range_document(of.market),
        "drivers": [
            {
                "name": each.name,
                "low": _plain(each.low),
                "central": _plain(each.central),
                "high": _plain(each.high),
                "unit": each.unit,
                "with_gain": f"{each.with_gain:f}",
                "with_market": f"{each.with_market:f}",
            }
            for each in of.drivers
        ],
    }


def _range_document(of: Range) -> dict[str, str]:
    return {
        "p10_yuan": str(yuan_of(of.p10)),
        "p50_yuan": str(yuan_of(of.p50)),
        "p90_yuan": str(yuan_of(of.p90)),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _plain(value: Decimal) -> str:
    """Return a number as one text, however it was written: without an end of zeros."""
    return f"{EXACT.normalize(value):f}"
