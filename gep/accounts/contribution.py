"""Contribution (贡献率): of areas and services to a year's whole, of services to a change.

Shares are of stored values: they are of one whole and add up to one but for their last digit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gep.accounts.account import EXACT, Account, yuan_of
from gep.accounts.comparing import Comparison
from gep.accounts.indices import contributions
from gep.errors import AccountRefused
from gep.registry.service import Group
from kernel.money import Fen

SHOWN = Decimal("0.000001")
AREAS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a whole: its value and, where the whole is above 0, its share."""

    name: str
    value: Fen
    share: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What areas and services give to their sum.

    Services and groups are shares of the sum of the accounts, of which the inflow deduction was
    taken. ``rest`` is what the account of the whole area has beyond its parts.
    ``differing`` names terms that the accounts do not share: their figures are of unlike kinds.
    """

    year: int
    accounts: tuple[Account, ...]
    total: Fen
    areas: tuple[Part, ...]
    services: tuple[Part, ...]
    groups: tuple[Part, ...]
    deduction: Part | None
    rest: Part | None
    differing: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return the shares as plain values without numbers."""
        names = {each.area.id: each.area.name for each in self.accounts}
        hashes = {each.area.id: each.hash for each in self.accounts}
        return {
            "year": self.year,
            "total_yuan": str(yuan_of(self.total)),
            "areas": [
                {
                    "area": each.name,
                    "name": names[each.name],
                    "account": hashes[each.name],
                    "value_yuan": str(yuan_of(each.value)),
                    "share": _text(each.share),
                }
                for each in self.areas
            ],
            "services": [_part(each, "service") for each in self.services],
            "groups": [_part(each, "group") for each in self.groups],
            "deduction": None if self.deduction is None else _part(self.deduction, "group"),
            "rest": None if self.rest is None else _part(self.rest, "area"),
            "differing": list(self.differing),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a service gave to the change of a total, by quantity and by price.

    ``share`` is of the whole change, None where there is none; ``points`` of the base total, so
    that the points of all services add up to the growth.
    """

    service: str
    quantity_effect: Fen
    price_effect: Fen
    share: Decimal | None
    points: Decimal | None

    @property
    def change(self) -> Fen:
        """Both effects together."""
        return Fen(self.quantity_effect + self.price_effect)


def contribution_of(accounts: Sequence[Account], whole: Account | None = None) -> Contribution:
    """Return the shares of areas in their sum, or in the account of the whole area.

    Raises:
        AccountRefused: an area twice, accounts of several years, nothing to share, too many areas,
            parts that are more than the whole.
    """
    if not 1 <= len(accounts) <= AREAS_MAX:
        raise AccountRefused(
            code="too_many",
            field="accounts",
            expected=f"from 1 to {AREAS_MAX} areas",
            found=str(len(accounts)),
        )
    everything = accounts if whole is None else (*accounts, whole)
    contributions(everything)
    parts = Fen(sum(each.total for each in accounts))
    total = parts if whole is None else whole.total
    if whole is not None and parts > whole.total:
        raise AccountRefused(
            code="parts_above_whole",
            field="whole",
            expected=f"{yuan_of(parts)} or more, the sum of its parts",
            found=str(yuan_of(whole.total)),
        )
    services: dict[str, int] = {}
    for account in accounts:
        for service, value in account.by_service.items():
            services[service] = services.get(service, 0) + value
    deducted = sum(each.deduction for each in accounts)
    ordered = sorted(accounts, key=lambda each: (-each.total, each.area.id))
    return Contribution(
        year=accounts[0].year,
        accounts=tuple(accounts),
        total=total,
        areas=tuple(_share(each.area.id, each.total, total) for each in ordered),
        services=tuple(
            _share(service, value, parts)
            for service, value in sorted(services.items(), key=lambda each: (-each[1], each[0]))
        ),
        groups=tuple(
            _share(group.value, sum(each.subtotals[group] for each in accounts), parts)
            for group in Group
            if group is not Group.DISSERVICE
        ),
        deduction=_share("inflow_deduction", -deducted, parts) if deducted else None,
        rest=None if whole is None else _share(whole.area.id, total - parts, total),
        differing=tuple(_differing(everything)),
    )


def change_of(comparison: Comparison) -> tuple[Moved, ...]:
    """Return what each service gave to a change, the strongest first; the deduction last."""
    whole = comparison.current.total - comparison.base.total
    by_service: dict[str, tuple[int, int]] = {}
    for each in comparison.changes:
        quantity, price = by_service.get(each.service, (0, 0))
        by_service[each.service] = (quantity + each.quantity_effect, price + each.price_effect)
    base = comparison.base.total
    found = [_moved(service, effects, whole, base=base) for service, effects in by_service.items()]
    found.sort(key=lambda each: (-abs(each.change), each.service))
    deducted = comparison.base.deduction - comparison.current.deduction
    if deducted:
        found.append(_moved("inflow_deduction", (deducted, 0), whole, base=base))
    return tuple(found)


def change_document(comparison: Comparison) -> dict[str, Any]:
    """Return what each service gave to a change as plain values without numbers."""
    base, current = comparison.base, comparison.current
    return {
        "base": {"id": base.id, "hash": base.hash, "year": base.year},
        "current": {"id": current.id, "hash": current.hash, "year": current.year},
        "change_yuan": str(yuan_of(Fen(current.total - base.total))),
        "services": [
            {
                "service": each.service,
                "quantity_effect_yuan": str(yuan_of(each.quantity_effect)),
                "price_effect_yuan": str(yuan_of(each.price_effect)),
                "change_yuan": str(yuan_of(each.change)),
                "share": _text(each.share),
                "points": _text(each.points),
            }
            for each in change_of(comparison)
        ],
        "breaks": [{"code": each.code.value, "place": each.place} for each in comparison.breaks],
    }


def _moved(service: str, effects: tuple[int, int], whole: int, *, base: int) -> Moved:
    quantity, price = effects
    change = Decimal(quantity + price)
    return Moved(
        service=service,
        quantity_effect=Fen(quantity),
        price_effect=Fen(price),
        share=EXACT.divide(change, Decimal(whole)) if whole else None,
        points=EXACT.divide(change, Decimal(base)) if base > 0 else None,
    )


def _share(name: str, value: int, whole: int) -> Part:
    share = EXACT.divide(Decimal(value), Decimal(whole)) if whole > 0 else None
    return Part(name=name, value=Fen(value), share=share)


def _differing(accounts: Sequence[Account]) -> Iterator[str]:
    terms = {
        "edition": {each.edition for each in accounts},
        "profile": {each.profile.value for each in accounts},
        "price_year": {str(each.price_year) for each in accounts},
        "price_basis": {
            each.price_basis.value for each in accounts if each.price_basis is not None
        },
        "parameter_set": {each.parameter_set for each in accounts},
    }
    for name, found in terms.items():
        if len(found) > 1:
            yield f"{name}: {', '.join(sorted(found))}"


def _part(part: Part, name: str) -> dict[str, Any]:
    return {name: part.name, "value_yuan": str(yuan_of(part.value)), "share": _text(part.share)}


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{EXACT.quantize(figure, SHOWN):f}"
