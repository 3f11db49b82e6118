"""How notices of a correction are raised and acknowledged.

The machine does not score. It proves what can be proved without: that the correction was made, that
the recipients are banks, that none was told of it before. What a notice says of the answers before
and after is computed by ``correcting.py`` from committed rows, and anybody who may read these can
compute it again.
"""

from credit_scoring.archive.refusals import Reject as ArchiveReject
from credit_scoring.rights.commands import (
    NOTICES_MAX,
    AcknowledgeNotice,
    Correction,
    NoticeLine,
    RaiseNotices,
)
from credit_scoring.rights.effects import NoticeAcknowledged, NoticeRaised
from credit_scoring.rights.refusals import Reject
from credit_scoring.rights.state import Rights
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import PartyKind
from ledger.shelf import RowKey


def reads_notices(state: Rights, command: RaiseNotices) -> list[RowKey]:
    """Declare the fact, what happened to it, and the notices that there may be already."""
    archive = state.archive
    name = (command.source, command.reference)
    rows = [archive.facts.named(*name), archive.standings.named(*name)]
    banks = [line.recipient for line in command.lines[: NOTICES_MAX + 1]]
    correction = command.correction.value
    return rows + [state.notices.named(bank, *name, correction) for bank in banks]


def raise_notices(state: Rights, command: RaiseNotices, context: Context) -> Refusal | None:
    """Raise the notices of one correction, all of them or none."""
    if not 0 < len(command.lines) <= NOTICES_MAX:
        return Refusal(
            code=Reject.NOTICES_COUNT_UNFIT,
            field="lines",
            expected=f"1 to {NOTICES_MAX}",
            found=str(len(command.lines)),
        )
    refusal = _correction_fault(state, command)
    if refusal is not None:
        return refusal
    for number, line in enumerate(command.lines):
        refusal = _line_fault(state, command, line, field=f"lines.{number}.recipient")
        if refusal is not None:
            return refusal
        context.emit(
            NoticeRaised(
                recipient=line.recipient,
                subject=command.subject,
                source=command.source,
                reference=command.reference,
                correction=command.correction,
                query=line.query,
                parts=line.parts,
                before=line.before,
                after=line.after,
            )
        )
    return None


def _correction_fault(state: Rights, command: RaiseNotices) -> Refusal | None:
    fact = state.archive.facts.get(command.source, command.reference)
    if fact is None or fact.subject != command.subject:
        found = f"{command.source}/{command.reference}"
        return Refusal(code=ArchiveReject.FACT_UNKNOWN, field="reference", found=found)
    if command.subject in state.ledger.privacy.erasures:
        found = command.subject
        return Refusal(code=LedgerReject.PARTY_ERASED, field="subject", found=found)
    if fact.is_erased:
        return Refusal(code=ArchiveReject.FACT_ERASED, field="reference", found=command.reference)
    standing = state.archive.standing(command.source, command.reference)
    made = {
        Correction.REVOKED: standing.revoked,
        Correction.REPAIRED: standing.repaired_on > 0,
    }[command.correction]
    if made:
        return None
    return Refusal(
        code=Reject.CORRECTION_MISSING,
        field="correction",
        expected=f"a fact that was {command.correction.value}",
        found=command.reference,
    )


def _line_fault(
    state: Rights, command: RaiseNotices, line: NoticeLine, *, field: str
) -> Refusal | None:
    party = state.ledger.parties.get(line.recipient)
    if party is None or party.kind is not PartyKind.BANK:
        return Refusal(
            code=Reject.RECIPIENT_UNFIT,
            field=field,
            expected=PartyKind.BANK.value,
            found=line.recipient,
        )
    key = (line.recipient, command.source, command.reference, command.correction.value)
    earlier = state.notices.get(*key)
    if earlier is None:
        return None
    return Refusal(
        code=Reject.NOTICE_RAISED,
        field=field,
        expected="a recipient that was not told of this correction",
        found=f"{line.recipient}, in entry {earlier.entry}",
    )


def reads_notice(state: Rights, command: AcknowledgeNotice) -> list[RowKey]:
    """Declare the one notice."""
    name = (command.source, command.reference, command.correction.value)
    return [state.notices.named(command.recipient, *name)]


def acknowledge_notice(
    state: Rights, command: AcknowledgeNotice, context: Context
) -> Refusal | None:
    """Note that a notice has arrived at its recipient, once."""
    recipient = command.recipient
    if context.actor.party != recipient:
        return Refusal(code=LedgerReject.NOT_THE_OWNER, field="recipient", found=recipient)
    key = (recipient, command.source, command.reference, command.correction.value)
    notice = state.notices.get(*key)
    if notice is None:
        found = f"{command.source}/{command.reference}"
        return Refusal(code=Reject.NOTICE_UNKNOWN, field="reference", found=found)
    if notice.acknowledged_at is not None:
        return Refusal(code=Reject.NOTICE_ACKNOWLEDGED, field="reference", found=command.reference)
    context.emit(
        NoticeAcknowledged(
            recipient=recipient,
            source=command.source,
            reference=command.reference,
            correction=command.correction,
            actor=context.actor.id,
        )
    )
    return None
