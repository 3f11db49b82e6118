"""Two accounts compared (可比性): what breaks the comparison, and the change by cause.

With Q the stored quantities and p the prices, ``dV = sum p_base dQ + sum Q_t dp``: the later year's
quantities at the base year's prices stand between. Material and cultural lines are deflated with
the price index of their group, regulating ones are valued at the base year's price of their line.

1. Quantity effect + price effect = change, to the fen, for every line and in sum.
2. A break is named, never mended: the earlier year is computed again under the later one's terms.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gep.accounts.account import EXACT, Account, LineItem, fen_of, yuan_of
from gep.accounts.stocks import StockChange, changes_of, gaps_between
from gep.errors import AccountRefused
from gep.registry.service import Group
from gep.units import Yuan
from kernel.money import Fen


class Break(StrEnum):
    """Why two accounts are not comparable as they stand."""

    OTHER_AREA = "other_area"
    OTHER_EDITION = "other_edition"
    OTHER_PROFILE = "other_profile"
    OTHER_PRICE_BASIS = "other_price_basis"
    OTHER_LAND_COVER = "other_land_cover"
    LAND_COVER_UNKNOWN = "land_cover_unknown"
    OTHER_METHOD = "other_method"
    OTHER_COEFFICIENT = "other_coefficient"
    LINE_APPEARED = "line_appeared"
    LINE_DISAPPEARED = "line_disappeared"
    STOCK_OPENS_ELSEWHERE = "stock_opens_elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A break of the comparison and its place."""

    code: Break
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one line: by quantity, at the base year's prices, and by price."""

    line: str
    service: str
    group: Group
    base: Fen
    constant: Fen
    current: Fen

    @property
    def quantity_effect(self) -> Fen:
        """The change at the base year's prices."""
        return Fen(self.constant - self.base)

    @property
    def price_effect(self) -> Fen:
        """The change of prices on the later year's quantities."""
        return Fen(self.current - self.constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two accounts: the later one in current and in constant prices, line by line."""

    base: Account
    current: Account
    breaks: tuple[Broken, ...]
    changes: tuple[Change, ...]

    @property
    def stocks(self) -> tuple[StockChange, ...]:
        """What became of the natural resources that one of the accounts has."""
        return changes_of(self.base.stocks, self.current.stocks)

    @property
    def constant_total(self) -> Fen:
        """The later year at the base year's prices; the deduction stays as it is stated."""
        return Fen(sum(each.constant for each in self.changes) - self.current.deduction)

    @property
    def quantity_effect(self) -> Fen:
        """The change of all quantities at base prices, with that of the inflow deduction."""
        return Fen(self.constant_total - self.base.total)

    @property
    def price_effect(self) -> Fen:
        """The change of all prices on the later year's quantities."""
        return Fen(self.current.total - self.constant_total)

    @property
    def growth(self) -> Decimal | None:
        """Growth at constant prices; None where the base year has nothing."""
        if self.base.total <= 0:
            return None
        return Decimal(self.quantity_effect) / Decimal(self.base.total)

    def document(self) -> dict[str, Any]:
        """Return the comparison as plain values without numbers."""
        return {
            "base": {"id": self.base.id, "hash": self.base.hash},
            "current": {"id": self.current.id, "hash": self.current.hash},
            "base_total_yuan": str(yuan_of(self.base.total)),
            "constant_total_yuan": str(yuan_of(self.constant_total)),
            "current_total_yuan": str(yuan_of(self.current.total)),
            "quantity_effect_yuan": str(yuan_of(self.quantity_effect)),
            "price_effect_yuan": str(yuan_of(self.price_effect)),
            "growth": None if self.growth is None else f"{self.growth:.6f}",
            "unchecked": sorted({*self.base.unchecked, *self.current.unchecked}),
            "breaks": [{"code": each.code.value, "place": each.place} for each in self.breaks],
            "stocks": [each.document() for each in self.stocks],
            "lines": [
                {
                    "line": each.line,
                    "service": each.service,
                    "base_yuan": str(yuan_of(each.base)),
                    "constant_yuan": str(yuan_of(each.constant)),
                    "current_yuan": str(yuan_of(each.current)),
                    "quantity_effect_yuan": str(yuan_of(each.quantity_effect)),
                    "price_effect_yuan": str(yuan_of(each.price_effect)),
                }
                for each in self.changes
            ],
        }

    def has_declined(self, threshold: Decimal) -> bool:
        """Say whether the total fell by more than a share a year at constant prices."""
        if self.growth is None:
            return False
        years = max(1, self.current.year - self.base.year)
        kept = EXACT.power(EXACT.subtract(Decimal(1), threshold), years)
        return EXACT.add(self.growth, Decimal(1)) < kept


def compare(
    base: Account, current: Account, *, deflators: Mapping[Group, Decimal] | None = None
) -> Comparison:
    """Compare a later account with a base one; a deflator is the later index by the base's.

    Without one, material and cultural lines take the base year's price of their line, as
    regulating ones do. A line that only one year has is all quantity.

    Raises:
        AccountRefused: the later account is of an earlier year, or a deflator is not above 0.
    """
    if current.year < base.year:
        raise AccountRefused(
            code="years_reversed",
            field="current",
            expected=f"{base.year} or later",
            found=str(current.year),
        )
    index = {} if deflators is None else dict(deflators)
    for group, value in index.items():
        if not value.is_finite() or value <= 0:
            raise AccountRefused(
                code="deflator_refused", field=group.value, expected="above 0", found=str(value)
            )
    before = {line.id: line for line in base.counted()}
    after = {line.id: line for line in current.counted()}
    return Comparison(
        base=base,
        current=current,
        breaks=(
            *_breaks(base, current),
            *_line_breaks(before, after),
            *_stock_breaks(base, current),
        ),
        changes=tuple(
            _change(before.get(name), after.get(name), index)
            for name in dict.fromkeys((*before, *after))
        ),
    )


def _change(
    before: LineItem | None, after: LineItem | None, index: Mapping[Group, Decimal]
) -> Change:
    line = before if after is None else after
    assert line is not None, "a line of neither year"
    return Change(
        line=line.id,
        service=line.service,
        group=line.group,
        base=Fen(0) if before is None else before.value,
        constant=Fen(0) if after is None else _constant(before, after, index),
        current=Fen(0) if after is None else after.value,
    )


def _constant(before: LineItem | None, after: LineItem, index: Mapping[Group, Decimal]) -> Fen:
    deflator = index.get(after.group)
    if deflator is not None and after.group is not Group.REGULATING:
        return Fen(int(fen_of(Decimal(after.value) / deflator / 100)))
    comparable = before is not None and before.unit == after.unit
    if before is None or not comparable or before.price is None or after.quantity is None:
        return after.value
    return fen_of(EXACT.multiply(after.quantity, before.price))


def _breaks(base: Account, current: Account) -> Iterator[Broken]:
    pairs = (
        (Break.OTHER_AREA, base.area.id, current.area.id),
        (Break.OTHER_EDITION, base.edition, current.edition),
        (Break.OTHER_PROFILE, base.profile, current.profile),
        (Break.OTHER_PRICE_BASIS, base.price_basis, current.price_basis),
    )
    for code, one, other in pairs:
        if one != other:
            yield Broken(code=code, place=f"{one} / {other}")
    if base.land_cover is None or current.land_cover is None:
        yield Broken(code=Break.LAND_COVER_UNKNOWN, place="land_cover")
    elif base.land_cover != current.land_cover:
        place = f"{base.land_cover.product} / {current.land_cover.product}"
        yield Broken(code=Break.OTHER_LAND_COVER, place=place)


def _line_breaks(before: Mapping[str, LineItem], after: Mapping[str, LineItem]) -> Iterator[Broken]:
    for name, line in after.items():
        if name not in before:
            yield Broken(code=Break.LINE_APPEARED, place=name)
        elif (before[name].method, before[name].unit) != (line.method, line.unit):
            yield Broken(code=Break.OTHER_METHOD, place=name)
        else:
            yield from _coefficient_breaks(before[name], line)
    for name in before:
        if name not in after:
            yield Broken(code=Break.LINE_DISAPPEARED, place=name)


def _coefficient_breaks(before: LineItem, after: LineItem) -> Iterator[Broken]:
    """Yield coefficients that changed: what they do to a quantity is no change of nature.

    A coefficient is a row of a parameter set that is no price; inputs are what was measured.
    """
    rows = {each.name: each for each in before.used if each.mark is not None}
    for each in after.used:
        row = rows.get(each.name)
        if row is None or each.unit.startswith(Yuan.symbol):
            continue
        if (row.value, row.unit) != (each.value, each.unit):
            yield Broken(
                code=Break.OTHER_COEFFICIENT,
                place=f"{after.id}: {each.name} {row.value:f} / {each.value:f}",
            )


def _stock_breaks(base: Account, current: Account) -> Iterator[Broken]:
    """Yield what does not follow, where both years have stocks and one follows the other."""
    if current.year == base.year + 1 and base.stocks and current.stocks:
        for gap, resource in gaps_between(base.stocks, current.stocks):
            yield Broken(code=Break.STOCK_OPENS_ELSEWHERE, place=f"{resource}: {gap.value}")
