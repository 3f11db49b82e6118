"""How a compliance year is closed: the status of every obligation, and who had settled in time.

The first close of a right's year is its deadline. It says who was short by then; and whoever had
surrendered in full, owes nothing of the year in another right, and was short at no other right's
first close had settled the year in time. A later close computes the statuses again and changes
nothing of that.
"""

from credit_scoring.archive.decisions import day_at
from exchange.registry.commands import CloseComplianceYear
from exchange.registry.compliance import status_of
from exchange.registry.decisions import Reject
from exchange.registry.effects import (
    ComplianceStatusSet,
    ObligationSettled,
    ObligationShort,
    YearClosed,
)
from exchange.registry.state import COVERED, EXCUSED, SHORT, Registry
from ledger.effects import PhaseAdvanced, PhaseEnded, PhaseStarted
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.state import Phase

COMPLIANCE = "compliance"
STATUSES_PER_SLICE_MAX = 2_000
# Where each status may have a settlement beside it.
SETTLEMENTS_PER_SLICE_MAX = STATUSES_PER_SLICE_MAX // 2
_SETTLED = frozenset({COVERED, EXCUSED})


def close_year(
    registry: Registry, command: CloseComplianceYear, context: Context
) -> Refusal | None:
    """Compute the status of every obligation of a right and year, in slices."""
    right, year = command.right, command.year
    if right not in registry.rules:
        return Refusal(code=Reject.RULE_NOT_SET, field="right", found=right)
    judges = registry.surrender_counts() and (right, year) not in registry.closed
    parties = _parties(registry, right, year=year, after="")
    phase = registry.ledger.next_phase
    is_long = len(parties) > _slice_size(judges=judges)
    if judges:
        context.emit(
            YearClosed(right=right, year=year, on=day_at(context.at), phase=phase if is_long else 0)
        )
    cursor = _status_slice(registry, context, parties, right=right, year=year, judges=judges)
    if cursor is not None:
        subject = f"{right}|{year}"
        context.emit(PhaseStarted(phase=phase, phase_kind=COMPLIANCE, subject=subject))
        context.emit(PhaseAdvanced(phase=phase, cursor=cursor))
    return None


def carry_on_close(registry: Registry, phase: Phase, context: Context) -> None:
    """Phase: compute the next slice of statuses."""
    right, text = phase.subject.split("|")
    year = int(text)
    closed = registry.closed.get((right, year))
    judges = closed is not None and closed.phase == phase.id
    parties = _parties(registry, right, year=year, after=phase.cursor)
    cursor = _status_slice(registry, context, parties, right=right, year=year, judges=judges)
    if cursor is None:
        context.emit(PhaseEnded(phase=phase.id))
    else:
        context.emit(PhaseAdvanced(phase=phase.id, cursor=cursor))


def _parties(registry: Registry, right: str, *, year: int, after: str) -> list[str]:
    """Return who has an obligation of a right and year and follows ``after``, in order."""
    return sorted(
        party
        for party, its_right, its_year in registry.obligations
        if its_right == right and its_year == year and party > after
    )


def _slice_size(*, judges: bool) -> int:
    return SETTLEMENTS_PER_SLICE_MAX if judges else STATUSES_PER_SLICE_MAX


def _status_slice(
    registry: Registry,
    context: Context,
    parties: list[str],
    *,
    right: str,
    year: int,
    judges: bool,
) -> str | None:
    """Set statuses of the first of these parties; return the last one, None when done."""
    rule = registry.rules[right]
    size = _slice_size(judges=judges)
    for party in parties[:size]:
        history = [
            found
            for each in range(rule.first_year, year + 1)
            if (found := registry.obligations.get((party, right, each))) is not None
        ]
        status = status_of(history, year=year, mode=rule.mode, first_year=rule.first_year)
        context.emit(ComplianceStatusSet(party=party, right=right, year=year, status=status))
        if judges:
            _judge(registry, context, status, party=party, right=right, year=year)
    return None if len(parties) <= size else parties[size - 1]


def _judge(
    registry: Registry, context: Context, status: str, *, party: str, right: str, year: int
) -> None:
    """Note a party that is short, or one that has settled all of its year."""
    if status == SHORT:
        context.emit(ObligationShort(right=right, year=year, party=party))
    elif status == COVERED and _owes_nothing_else(registry, party, right, year=year):
        number = registry.closed[right, year].settled + 1
        settled = ObligationSettled(right=right, year=year, number=number, party=party)
        context.emit(settled)


def _owes_nothing_else(registry: Registry, party: str, right: str, *, year: int) -> bool:
    """Tell whether something was verified here, and no other right's year is open or was short.

    Where another right's is still open, its own first close will tell.
    """
    if not registry.obligations[party, right, year].verified:
        return False
    others = [other for other in registry.rules if other != right]
    owed = (registry.obligations.get((party, other, year)) for other in others)
    return all(each is None or each.status in _SETTLED for each in owed) and not any(
        (other, year, party) in registry.short for other in others
    )
