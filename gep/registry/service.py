"""The indicator tree (指标体系): services M1 to C3 and disservices, with groups and methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gep.errors import Unknown


class Group(StrEnum):
    """The part of the account that a service is summed in."""

    MATERIAL = "material"
    REGULATING = "regulating"
    CULTURAL = "cultural"
    DISSERVICE = "disservice"


class Valuation(StrEnum):
    """How norms put a price on a service (价值核算方法)."""

    MARKET_PRICE = "market_price"
    SHADOW_PROJECT = "shadow_project"
    REPLACEMENT_COST = "replacement_cost"
    AVOIDED_COST = "avoided_cost"
    TREATMENT_COST = "treatment_cost"
    CARBON_PRICE = "carbon_price"
    CLASS_PRICE = "class_price"
    TRAVEL_COST = "travel_cost"
    TIME_COST = "time_cost"
    HEDONIC_PRICE = "hedonic_price"
    DAMAGE_COST = "damage_cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One line of the indicator tree (生态系统服务).

    ``methods`` are the calls that give its quantity, beside a quantity that is stated,
    ``value_methods`` those that value it. ``units`` are what norms keep it in; an account may use
    others. ``seea`` is the name in SEEA EA of what has one.
    """

    code: str
    zh: str
    en: str
    group: Group
    methods: tuple[str, ...]
    seea: str | None
    units: tuple[str, ...] = ()
    value_methods: tuple[str, ...] = ()
    valuation: Valuation | None = None


def document_of(service: Service) -> dict[str, Any]:
    """Return a service as plain values."""
    return {
        "code": service.code,
        "zh": service.zh,
        "en": service.en,
        "group": service.group.value,
        "units": list(service.units),
        "methods": list(service.methods),
        "value_methods": list(service.value_methods),
        "valuation": None if service.valuation is None else service.valuation.value,
        "seea": service.seea,
    }


def service_of(services: Mapping[str, Service], code: str) -> Service:
    """Return a service by its code.

    Raises:
        Unknown: no service has it.
    """
    service = services.get(code)
    if service is None:
        raise Unknown(what="service", name=code)
    return service
