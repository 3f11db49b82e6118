"""The indicator tree (指标体系): services M1 to C3 and disservices, with groups and methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gep.errors import Unknown


class Group(StrEnum):
    """The part of the account that a service is summed in."""

    MATERIAL = "material"
    REGULATING = "regulating"
    CULTURAL = "cultural"
    DISSERVICE = "disservice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One line of the indicator tree (生态系统服务).

    ``methods`` are the calls that give its quantity, beside a quantity that is stated; ``seea`` is
    the name in SEEA EA of what has one.
    """

    code: str
    zh: str
    en: str
    group: Group
    methods: tuple[str, ...]
    seea: str | None


def service_of(services: Mapping[str, Service], code: str) -> Service:
    """Return a service by its code.

    Raises:
        Unknown: no service has it.
    """
    service = services.get(code)
    if service is None:
        raise Unknown(what="service", name=code)
    return service
