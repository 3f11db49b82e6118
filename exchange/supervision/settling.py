"""How the firms that settled a closed year in full and in time get their facts, page by page.

Who they are was decided when the year was closed first (``exchange/registry``); here each of them
is taken up once, so no fact of a year can come twice.
"""

import hashlib
from collections.abc import Iterator

from credit_scoring.archive.commands import FACTS_MAX
from credit_scoring.archive.decisions import department_of
from credit_scoring.archive.effects import FactRecorded
from exchange.registry.effects import SettlementRecorded
from exchange.registry.state import ClosedYear, SettledObligation
from exchange.supervision.commands import Origin, RecordSettlements
from exchange.supervision.origins import still_may
from exchange.supervision.refusals import Reject
from exchange.supervision.state import FactOrigin, Supervision, settlement_reference
from kernel.canonical import canonical
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey


def reads_settlements(state: Supervision, command: RecordSettlements) -> Iterator[RowKey]:
    """Declare the archives of the next page's firms, and the facts that they would get."""
    origin = state.origin(Origin.SURRENDERED_IN_FULL)
    if origin is None:
        return
    for settled in _page(state, command, origin):
        yield state.archive.subjects.named(settled.party)
        for place in range(1, len(origin.rules) + 1):
            yield state.archive.facts.named(origin.department, _reference(settled, place))


def record_settlements(
    state: Supervision, command: RecordSettlements, context: Context
) -> Refusal | None:
    """Record the next page's facts; firms without an archive are passed over and counted."""
    origin = state.origin(Origin.SURRENDERED_IN_FULL)
    if origin is None:
        return Refusal(code=Reject.ORIGIN_NOT_SET, found=Origin.SURRENDERED_IN_FULL.value)
    department, refusal = department_of(state.archive, context)
    if department is None:
        return refusal
    if department.party != origin.department:
        return Refusal(
            code=LedgerReject.NOT_THE_OWNER, expected=origin.department, found=department.party
        )
    closed = state.registry.closed.get((command.right, command.year))
    if closed is None:
        found = f"{command.right} {command.year}"
        return Refusal(code=Reject.YEAR_NOT_CLOSED, field="year", found=found)
    page = _page(state, command, origin)
    if not page:
        recorded = f"{closed.recorded} recorded, {closed.passed_over} without an archive"
        return Refusal(code=Reject.NOTHING_DUE, field="year", found=recorded)
    rules = still_may(department, origin.rules)
    for settled in page:
        _settle(state, settled, closed, context=context, rules=rules)
    return None


def _page(
    state: Supervision, command: RecordSettlements, origin: FactOrigin
) -> list[SettledObligation]:
    """Return the firms of the next page, in the order of their numbers."""
    size = FACTS_MAX // max(len(origin.rules), 1)
    waiting = [
        each
        for each in state.registry.settled.values()
        if each.right == command.right and each.year == command.year
    ]
    return sorted(waiting, key=lambda each: each.number)[:size]


def _reference(settled: SettledObligation, place: int) -> str:
    return settlement_reference(
        settled.right, year=settled.year, number=settled.number, place=place
    )


def _settle(
    state: Supervision,
    settled: SettledObligation,
    closed: ClosedYear,
    *,
    context: Context,
    rules: list[str],
) -> None:
    has_archive = state.archive.subjects.get(settled.party) is not None
    for place, rule in enumerate(rules if has_archive else [], 1):
        context.emit(
            FactRecorded(
                source=context.actor.party,
                reference=_reference(settled, place),
                subject=settled.party,
                rule=rule,
                on=closed.on,
                quantity=1,
                incident="",
                evidence=settlement_evidence(settled, closed),
                file="",
                actor=context.actor.id,
            )
        )
    context.emit(
        SettlementRecorded(
            right=settled.right,
            year=settled.year,
            number=settled.number,
            has_archive=has_archive,
        )
    )


def settlement_evidence(settled: SettledObligation, closed: ClosedYear) -> str:
    """Return the digest of what a close said of a firm: the evidence of its fact.

    Whoever has the close's entry can write the same line: canonical JSON of entry, party, right and
    year, all of them text.
    """
    said = {
        "entry": str(closed.entry),
        "party": settled.party,
        "right": settled.right,
        "year": str(settled.year),
    }
    return hashlib.sha256(canonical(said)).hexdigest()
