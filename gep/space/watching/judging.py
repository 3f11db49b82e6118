"""What crosses a threshold in an account that counts (GEP 预警), exactly and from stored lines.

The rules (domain sheet of GEP, 2): a fall by more than a share a year at constant prices; one
service with more than a share of the total; a mandatory line of the edition that is missing.

A fall is measured between two accounts of one area whose comparison has no break. Where years lie
between them it is the fall a year that, year after year, gives the whole: 5.91 % in two years are
3.00 % a year. No root is taken: ``after`` and ``before x (1 - fall)^years`` are whole numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from gep.accounts.account import Account, WarningCode
from gep.accounts.comparing import Break, Comparison, compare

PPM = 1_000_000
YEARS_MAX = 10
ID_DIGITS = 32
# Unknown land cover is not known to be another one; every other break stops a comparison.
BEARABLE = frozenset({Break.LAND_COVER_UNKNOWN})


class WarningRule(StrEnum):
    """What a warning is for."""

    DECLINE = "decline"
    SERVICE_SHARE = "service_share"
    MANDATORY_MISSING = "mandatory_missing"


class Severity(StrEnum):
    """How bad it is."""

    NOTICE = "notice"
    WARNING = "warning"
    SEVERE = "severe"


# In millionths. Part of the machine: a venue changes them by an entry, not by code.
PROPOSED: Mapping[WarningRule, int] = {
    WarningRule.DECLINE: 50_000,  # our proposal: parameter warning.decline
    WarningRule.SERVICE_SHARE: 600_000,  # our proposal: parameter warning.service_share
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A threshold that an account crosses; ``measured`` and ``limit`` in millionths.

    A decline has the total before and after it, at the earlier year's prices; a share the total
    and the service's value; a missing line neither. All of them in fen.
    """

    rule: WarningRule
    account: str
    base: str
    service: str
    before: int
    after: int
    measured: int
    limit: int
    severity: Severity

    @property
    def id(self) -> str:
        """The warning's name: of its rule, account and service, whoever raises it."""
        return warning_id(self.rule, account=self.account, service=self.service)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """Why two accounts say nothing about a decline."""

    breaks: tuple[str, ...]


def warning_id(rule: WarningRule, *, account: str, service: str) -> str:
    """Return a warning's name."""
    return sha256(f"gep warning {rule} {account} {service}".encode()).hexdigest()[:ID_DIGITS]


def decline_of(base: Account, current: Account, *, limit: int) -> Crossing | Unjudged | None:
    """Return the fall of the total at the base's prices if it exceeds a limit a year."""
    years = current.year - base.year
    if not 0 < years <= YEARS_MAX:
        return Unjudged(breaks=("years_apart",))
    found = compare(base, current)
    breaks = _breaks(found)
    if breaks:
        return Unjudged(breaks=breaks)
    before, after = base.total, found.constant_total
    if before <= 0:
        return Unjudged(breaks=("nothing_before",))
    if not _has_fallen(before, after, years=years, by=limit):
        return None
    measured = fall_a_year(before, after, years=years)
    return Crossing(
        rule=WarningRule.DECLINE,
        account=current.hash,
        base=base.hash,
        service="",
        before=before,
        after=after,
        measured=measured,
        limit=limit,
        severity=Severity.SEVERE if measured > 2 * limit else Severity.WARNING,
    )


def breaks_of(base: Account | None, current: Account | None) -> tuple[str, ...]:
    """Return why two accounts do not compare, each reason once."""
    return () if base is None or current is None else _breaks(compare(base, current))


def fall_a_year(before: int, after: int, *, years: int) -> int:
    """Return by how many whole millionths a year a figure above zero fell; 0 if it did not."""
    low, high = 0, PPM
    while low < high:
        middle = (low + high + 1) // 2
        if after * PPM**years <= before * (PPM - middle) ** years:
            low = middle
        else:
            high = middle - 1
    return low


def share_of(account: Account, service: str, *, limit: int) -> Crossing | None:
    """Return a service's share in the total if it exceeds a limit."""
    value, total = account.by_service.get(service, 0), account.total
    if total <= 0 or value * PPM <= limit * total:
        return None
    measured = value * PPM // total
    return Crossing(
        rule=WarningRule.SERVICE_SHARE,
        account=account.hash,
        base="",
        service=service,
        before=total,
        after=value,
        measured=measured,
        limit=limit,
        severity=Severity.WARNING if 2 * measured > PPM + limit else Severity.NOTICE,
    )


def missing_of(account: Account, service: str) -> Crossing | None:
    """Return a mandatory line that the account itself says is missing."""
    names = {w.place for w in account.warnings if w.code is WarningCode.MANDATORY_MISSING}
    if service not in names:
        return None
    return Crossing(
        rule=WarningRule.MANDATORY_MISSING,
        account=account.hash,
        base="",
        service=service,
        before=0,
        after=0,
        measured=0,
        limit=0,
        severity=Severity.WARNING,
    )


def crossings(
    account: Account, base: Account | None, *, limits: Mapping[WarningRule, int]
) -> Iterator[Crossing]:
    """Yield everything that an account crosses, in a fixed order."""
    if base is not None:
        fall = decline_of(base, account, limit=limits[WarningRule.DECLINE])
        if isinstance(fall, Crossing):
            yield fall
    for service in sorted(account.by_service):
        share = share_of(account, service, limit=limits[WarningRule.SERVICE_SHARE])
        if share is not None:
            yield share
    for service in sorted(w.place for w in account.warnings):
        missing = missing_of(account, service)
        if missing is not None:
            yield missing


def _breaks(found: Comparison) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b.code.value for b in found.breaks if b.code not in BEARABLE))


def _has_fallen(before: int, after: int, *, years: int, by: int) -> bool:
    bound: int = before * (PPM - by) ** years
    whole: int = after * PPM**years
    return whole < bound
