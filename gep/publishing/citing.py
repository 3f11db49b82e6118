"""Who relies on an account or a valuation: a register of citations, and what becomes of them.

A citation waits for its review while another account counts in the place of the one it was last
seen beside. That follows from what counts, so publishing costs the same however many cite.
"""

import re
from collections.abc import Iterator
from typing import TypeVar

from gep.publishing.commands import CitationOutcome, CiteGepAccount, SettleGepCitation
from gep.publishing.course import standing
from gep.publishing.effects import GepAccountCited, GepCitationSettled
from gep.publishing.refusals import Reject
from gep.publishing.state import Accounts, StoredAccount
from gep.publishing.status import Status
from gep.publishing.valuations.rows import StoredValuation
from kernel.errors import InvariantBroken
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.shelf import RowKey

Cited = TypeVar("Cited", StoredAccount, StoredValuation)
REFERENCE = re.compile(r"[A-Za-z0-9_.:/-]{1,64}\Z")


def reads_citation(
    state: Accounts, command: CiteGepAccount | SettleGepCitation
) -> Iterator[RowKey]:
    """Declare the citation, what it cites, and what counts in that one's place."""
    yield state.citations.named(command.account, command.party, command.reference)
    yield state.accounts.named(command.account)
    yield state.valuations.named(command.account)
    account = state.accounts.at_hand(command.account)
    if account is not None:
        yield state.counting.named(*account.place)
    valuation = state.valuations.at_hand(command.account)
    if valuation is not None:
        yield state.valued.named(valuation.id)


def cite_account(state: Accounts, command: CiteGepAccount, context: Context) -> Refusal | None:
    """Enter that the actor's party relies on an account that counts."""
    found = _cited(state, command, context)
    if isinstance(found, Refusal):
        return found
    if found.superseded_by:
        return Refusal(
            code=Reject.STATUS_UNFIT,
            field="account",
            expected=f"the {_kind(found)} that counts now",
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
    counting = _counting(state, found)
    if command.outcome is CitationOutcome.KEPT and citation.seen == counting:
        return Refusal(
            code=Reject.NOTHING_TO_REVIEW,
            field="reference",
            expected=f"a citation whose {_kind(found)} was superseded since",
            found=command.reference,
        )
    context.emit(
        GepCitationSettled(
            account=command.account,
            party=command.party,
            reference=command.reference,
            outcome=command.outcome,
            seen=counting,
        )
    )
    return None


def _cited(
    state: Accounts, command: CiteGepAccount | SettleGepCitation, context: Context
) -> StoredAccount | StoredValuation | Refusal:
    """Return a published account or valuation that the actor's own party cites."""
    if context.actor.party != command.party:
        return Refusal(
            code=LedgerReject.NOT_THE_OWNER,
            field="party",
            expected=context.actor.party,
            found=command.party,
        )
    account = state.accounts.get(command.account)
    if account is not None:
        return _published(account, command.account)
    return _published(state.valuations.get(command.account), command.account)


def _published(found: Cited | None, name: str) -> Cited | Refusal:
    unknown = Reject.ACCOUNT_UNKNOWN
    return standing(found, Status.PUBLISHED, name=name, field="account", unknown=unknown)


def _counting(state: Accounts, found: StoredAccount | StoredValuation) -> str:
    """Return the hash of what counts in the place of what was published there."""
    if isinstance(found, StoredAccount):
        account = state.counting.get(*found.place)
        name = "" if account is None else account.account
    else:
        valuation = state.valued.get(found.id)
        name = "" if valuation is None else valuation.valuation
    if not name:
        raise InvariantBroken(f"nothing counts in the place of a {_kind(found)} that is published")
    return name


def _kind(found: StoredAccount | StoredValuation) -> str:
    return "account" if isinstance(found, StoredAccount) else "valuation"
