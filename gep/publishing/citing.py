"""Who relies on an account: a register of citations, and what becomes of them.

A citation waits for its review while another account counts in the place of the one it was last
seen beside. That follows from what counts, so publishing costs the same however many cite.
"""

import re
from collections.abc import Iterator

from gep.publishing.commands import CitationOutcome, CiteGepAccount, SettleGepCitation
from gep.publishing.decisions import of_status
from gep.publishing.effects import GepAccountCited, GepCitationSettled
from gep.publishing.refusals import Reject
from gep.publishing.state import Accounts, Status, StoredAccount
from kernel.errors import InvariantBroken
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey

REFERENCE = re.compile(r"[A-Za-z0-9_.:/-]{1,64}\Z")


def reads_citation(
    state: Accounts, command: CiteGepAccount | SettleGepCitation
) -> Iterator[RowKey]:
    """Declare the citation, its account, and what counts in the account's place."""
    yield state.citations.named(command.account, command.party, command.reference)
    yield state.accounts.named(command.account)
    found = state.accounts.at_hand(command.account)
    if found is not None:
        yield state.counting.named(*found.place)


def cite_account(state: Accounts, command: CiteGepAccount, context: Context) -> Refusal | None:
    """Enter that the actor's party relies on an account that counts."""
    found = _cited(state, command, context)
    if isinstance(found, Refusal):
        return found
    if found.superseded_by:
        return Refusal(
            code=Reject.STATUS_UNFIT,
            field="account",
            expected="the account that counts now",
            found=f"superseded by {found.superseded_by}",
        )
    if REFERENCE.match(command.reference) is None:
        return Refusal(
            code=Reject.REFERENCE_UNFIT,
            field="reference",
            expected="1 to 64 of A-Z a-z 0-9 _ . : / -",
            found=command.reference[:64],
        )
    earlier = state.citations.get(command.account, command.party, command.reference)
    if earlier is not None:
        return Refusal(
            code=Reject.CITATION_DOUBLED,
            field="reference",
            expected="a reference of the party's that cites it not yet",
            found=f"{command.reference}, of entry {earlier.entry}",
        )
    context.emit(
        GepAccountCited(
            account=command.account,
            party=command.party,
            reference=command.reference,
            purpose=command.purpose,
            actor=context.actor.id,
        )
    )
    return None


def settle_citation(
    state: Accounts, command: SettleGepCitation, context: Context
) -> Refusal | None:
    """Keep a citation that waits for its review, or end any that is open."""
    found = _cited(state, command, context)
    if isinstance(found, Refusal):
        return found
    citation = state.citations.get(command.account, command.party, command.reference)
    if citation is None:
        return Refusal(
            code=Reject.CITATION_UNKNOWN, field="reference", found=command.reference[:64]
        )
    if citation.ended_in is not None:
        return Refusal(
            code=Reject.CITATION_ENDED,
            field="reference",
            found=f"{command.reference}, by entry {citation.ended_in}",
        )
    counting = state.counting.get(*found.place)
    if counting is None:
        raise InvariantBroken(f"nothing counts in the place of {command.account}")
    if command.outcome is CitationOutcome.KEPT and citation.seen == counting.account:
        return Refusal(
            code=Reject.NOTHING_TO_REVIEW,
            field="reference",
            expected="a citation whose account was superseded since",
            found=command.reference,
        )
    context.emit(
        GepCitationSettled(
            account=command.account,
            party=command.party,
            reference=command.reference,
            outcome=command.outcome,
            seen=counting.account,
        )
    )
    return None


def _cited(
    state: Accounts, command: CiteGepAccount | SettleGepCitation, context: Context
) -> StoredAccount | Refusal:
    """Return a published account that the actor's own party cites."""
    if context.actor.party != command.party:
        return Refusal(
            code=LedgerReject.NOT_THE_OWNER,
            field="party",
            expected=context.actor.party,
            found=command.party,
        )
    return of_status(state, command.account, Status.PUBLISHED)
