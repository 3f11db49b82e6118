"""A map's figures (分级设色图): one for each unit from the account that counts, and its classes.

Everything is decimal and written out, so that whoever paints the map computes nothing. A unit
without a figure says why. Breaks are upper bounds; a value belongs to the first class that it does
not exceed, so that equal values are of one class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gep.accounts.account import EXACT, Account, sum_of_lines, yuan_of
from gep.accounts.comparing import Change, compare
from gep.registry.service import Group
from gep.space.watching.judging import BEARABLE
from kernel.money import Fen

YUAN_STEP, SHARE_STEP = Decimal("0.01"), Decimal("0.000001")
CLASSES_MAX = 9


class Measure(StrEnum):
    """What is shown of an account."""

    VALUE = "value"
    PER_KM2 = "per_km2"
    PER_HEAD = "per_head"
    SHARE = "share"
    GROWTH_CONSTANT = "growth_constant"


UNIT_OF: Mapping[Measure, str] = {
    Measure.VALUE: "yuan",
    Measure.PER_KM2: "yuan/km2",
    Measure.PER_HEAD: "yuan/head",
    Measure.SHARE: "1",
    Measure.GROWTH_CONSTANT: "1",
}


class NoData(StrEnum):
    """Why a unit has no figure; it is hatched, not painted."""

    NO_ACCOUNT = "no_account"
    NOT_IN_ACCOUNT = "not_in_account"
    POPULATION_MISSING = "population_missing"
    TOTAL_NOT_ABOVE_ZERO = "total_not_above_zero"
    NO_BASE_ACCOUNT = "no_base_account"
    NOTHING_BEFORE = "nothing_before"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Of what: a service, a group, or the total where both are None."""

    service: str | None = None
    group: Group | None = None

    def of(self, account: Account) -> Fen | None:
        """Return the subject's value; None where the account has no such line."""
        if self.service is None and self.group is None:
            return account.total
        lines = [
            each
            for each in account.counted()
            if each.service == self.service or each.group is self.group
        ]
        return sum_of_lines(lines) if lines else None

    def has(self, change: Change) -> bool:
        """Say whether a line's change is of the subject."""
        return change.service == self.service or change.group is self.group


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """Upper bounds of classes over values: as many units in each, and as wide as each other."""

    quantile: tuple[Decimal, ...]
    equal: tuple[Decimal, ...]


def figure_of(
    account: Account | None, base: Account | None, *, subject: Subject, measure: Measure
) -> Decimal | NoData:
    """Return one unit's figure; a share of the total is of the account's own total."""
    if account is None:
        return NoData.NO_ACCOUNT
    value = subject.of(account)
    if value is None:
        return NoData.NOT_IN_ACCOUNT
    match measure:
        case Measure.VALUE:
            return yuan_of(value)
        case Measure.PER_KM2:
            return _divided(yuan_of(value), account.area.km2, YUAN_STEP)
        case Measure.PER_HEAD:
            heads = account.area.population
            if heads is None:
                return NoData.POPULATION_MISSING
            return _divided(yuan_of(value), Decimal(heads), YUAN_STEP)
        case Measure.SHARE:
            if account.total <= 0:
                return NoData.TOTAL_NOT_ABOVE_ZERO
            return _divided(Decimal(value), Decimal(account.total), SHARE_STEP)
        case Measure.GROWTH_CONSTANT:
            return NoData.NO_BASE_ACCOUNT if base is None else _growth(base, account, subject)


def contributions_of(totals: Mapping[str, Decimal]) -> dict[str, Decimal | NoData]:
    """Return each unit's share in the sum of all that are shown, from their values in yuan."""
    whole = sum(totals.values(), Decimal(0))
    if whole <= 0:
        return dict.fromkeys(totals, NoData.TOTAL_NOT_ABOVE_ZERO)
    return {area: _divided(value, whole, SHARE_STEP) for area, value in totals.items()}


def classes_of(values: Sequence[Decimal], *, count: int) -> Classes:
    """Return the upper bounds of so many classes, to the values' decimals; none without values."""
    ordered = sorted(values)
    if not ordered:
        return Classes(quantile=(), equal=())
    low, high = ordered[0], ordered[-1]
    places = range(1, count + 1)
    equal = tuple(
        high
        if place == count
        else EXACT.quantize(low + EXACT.divide((high - low) * place, Decimal(count)), low)
        for place in places
    )
    # The nearest rank: the least value that so many of the units do not exceed.
    ranks = (-(-place * len(ordered) // count) for place in places)
    return Classes(quantile=tuple(ordered[rank - 1] for rank in ranks), equal=equal)


def class_of(value: Decimal, bounds: Sequence[Decimal]) -> int:
    """Return the number of the first class, from 1, that a value does not exceed."""
    return next((number for number, bound in enumerate(bounds, 1) if value <= bound), len(bounds))


def _growth(base: Account, account: Account, subject: Subject) -> Decimal | NoData:
    found = compare(base, account)
    if any(each.code not in BEARABLE for each in found.breaks):
        return NoData.NOT_COMPARABLE
    if subject.service is None and subject.group is None:
        before, after = base.total, found.constant_total
    else:
        changes = [each for each in found.changes if subject.has(each)]
        before = Fen(sum(each.base for each in changes))
        after = Fen(sum(each.constant for each in changes))
    if before <= 0:
        return NoData.NOTHING_BEFORE
    return _divided(Decimal(after - before), Decimal(before), SHARE_STEP)


def _divided(value: Decimal, by: Decimal, step: Decimal) -> Decimal:
    return EXACT.quantize(EXACT.divide(value, by), step)
