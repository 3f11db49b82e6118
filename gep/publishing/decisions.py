"""How an account goes from draft to publication: whole, by three persons, and never changed.

The engine computed the account at the door, with floats. What the machine judges is exact: that the
document is canonical, that every value and sum in it fits, that it has the hash which people named,
and that it is of its plan's area and year. A later build of the engine decides nothing again.
"""

import re
from collections.abc import Iterator
from hashlib import sha256

from gep.accounts.account import Account
from gep.accounts.stored import read_account
from gep.document import Place, read_document
from gep.errors import BasisMixed, Malformed
from gep.publishing.commands import (
    DOCUMENT_BYTES_MAX,
    TOTAL_FEN_MAX,
    ApproveGepAccount,
    DraftGepAccount,
    PublishGepAccount,
    ReviewGepAccount,
    WithdrawGepAccount,
)
from gep.publishing.course import (
    OPEN,
    approval_fault,
    note_fault,
    publication_fault,
    same_person,
    standing,
    withdrawal_fault,
)
from gep.publishing.effects import (
    GepAccountApproved,
    GepAccountDrafted,
    GepAccountPublished,
    GepAccountReviewed,
    GepAccountWithdrawn,
)
from gep.publishing.refusals import Reject
from gep.publishing.state import Accounts, StoredAccount
from gep.publishing.status import GIVEN_UP, Status
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey

NAME = re.compile(r"[0-9A-Za-z_.:-]{1,64}\Z")
NAME_FORM = "1 to 64 of 0-9 A-Z a-z _ . : -"
TEXT_LENGTH_MAX = 64


def reads_draft(state: Accounts, command: DraftGepAccount) -> Iterator[RowKey]:
    """Declare the account, its documents, and the account that it computes again."""
    yield state.accounts.named(command.account)
    yield state.documents.named(command.account, digest(command.plan))
    if command.supersedes:
        yield state.accounts.named(command.supersedes)


def draft_account(state: Accounts, command: DraftGepAccount, context: Context) -> Refusal | None:
    """Put an account before its reviewer."""
    found = _whole(command)
    if isinstance(found, Refusal):
        return found
    earlier = state.accounts.get(command.account)
    if earlier is not None and earlier.status not in GIVEN_UP:
        return Refusal(
            code=Reject.ACCOUNT_DOUBLED,
            field="account",
            expected="an account that was not drafted",
            found=f"{earlier.status}, of entry {earlier.entry}",
        )
    refusal = _superseded_fault(state, command.supersedes, found)
    if refusal is not None:
        return refusal
    context.emit(
        GepAccountDrafted(
            account=command.account,
            plan=digest(command.plan),
            id=found.id,
            area=found.area.id,
            year=found.year,
            price_year=found.price_year,
            profile=found.profile.value,
            edition=found.edition,
            parameter_set=found.parameter_set,
            parameter_set_hash=found.parameter_set_hash,
            total=found.total,
            overrides=len(found.overrides),
            supersedes=command.supersedes,
            actor=context.actor.id,
            party=context.actor.party,
            document=command.document,
            plan_document=command.plan,
        )
    )
    return None


def reads_named(
    state: Accounts, command: ReviewGepAccount | ApproveGepAccount | WithdrawGepAccount
) -> Iterator[RowKey]:
    """Declare the account."""
    yield state.accounts.named(command.account)


def review_account(state: Accounts, command: ReviewGepAccount, context: Context) -> Refusal | None:
    """Accept or return another person's draft."""
    found = of_status(state, command.account, Status.DRAFT)
    if isinstance(found, Refusal):
        return found
    if context.actor.id == found.drafted_by:
        return same_person(found.drafted_by, "drafted", field="account")
    fault = note_fault(command.outcome, command.note)
    if fault is not None:
        return fault
    context.emit(
        GepAccountReviewed(
            account=command.account,
            outcome=command.outcome,
            note=command.note,
            actor=context.actor.id,
        )
    )
    return None


def approve_account(
    state: Accounts, command: ApproveGepAccount, context: Context
) -> Refusal | None:
    """Approve a reviewed account; no two of drafter, reviewer and approver are one person."""
    found = of_status(state, command.account, Status.REVIEWED)
    if isinstance(found, Refusal):
        return found
    fault = approval_fault(found, context, reviewers=(found.reviewed_by,), field="account")
    if fault is not None:
        return fault
    checker = "" if context.approver is None else context.approver.id
    context.emit(
        GepAccountApproved(
            account=command.account,
            decision=command.decision,
            actor=context.actor.id,
            checker=checker,
        )
    )
    return None


def reads_publication(state: Accounts, command: PublishGepAccount) -> Iterator[RowKey]:
    """Declare the account, then what counts in its place and what it supersedes."""
    yield state.accounts.named(command.account)
    found = state.accounts.at_hand(command.account)
    if found is not None:
        yield state.counting.named(*found.place)
        if found.supersedes:
            yield state.accounts.named(found.supersedes)


def publish_account(
    state: Accounts, command: PublishGepAccount, context: Context
) -> Refusal | None:
    """Let an approved account count, if it supersedes what counts now."""
    found = of_status(state, command.account, Status.APPROVED)
    if isinstance(found, Refusal):
        return found
    counting = state.counting.get(*found.place)
    now = "" if counting is None else counting.account
    fault = publication_fault(supersedes=found.supersedes, counting=now, field="account")
    if fault is not None:
        return fault
    context.emit(GepAccountPublished(account=command.account, supersedes=found.supersedes))
    return None


def withdraw_account(
    state: Accounts, command: WithdrawGepAccount, context: Context
) -> Refusal | None:
    """Take back an account of one's own party, or as a regulator."""
    found = of_status(state, command.account, *OPEN)
    if isinstance(found, Refusal):
        return found
    fault = withdrawal_fault(found, context, field="account")
    if fault is not None:
        return fault
    context.emit(GepAccountWithdrawn(account=command.account, actor=context.actor.id))
    return None


def of_status(state: Accounts, account: str, *wanted: Status) -> StoredAccount | Refusal:
    """Return an account, if it stands where it is wanted."""
    return standing(
        state.accounts.get(account),
        *wanted,
        name=account,
        field="account",
        unknown=Reject.ACCOUNT_UNKNOWN,
    )


def digest(text: str) -> str:
    """Return the SHA-256 of a document."""
    return sha256(text.encode()).hexdigest()


def _whole(command: DraftGepAccount) -> Account | Refusal:
    """Return the account of a document that is whole, is of its plan, and has its hash."""
    for name, text in (("document", command.document), ("plan", command.plan)):
        size = len(text.encode())
        if size > DOCUMENT_BYTES_MAX:
            return Refusal(
                code=Reject.ACCOUNT_TOO_LARGE,
                field=name,
                expected=f"at most {DOCUMENT_BYTES_MAX} bytes",
                found=str(size),
            )
    try:
        found = read_account(command.document)
    except (Malformed, BasisMixed) as error:
        return Refusal(
            code=Reject.ACCOUNT_UNFIT,
            field=error.field,
            expected=error.expected,
            found=str(error.data.get("found", "")) or None,
        )
    own = digest(command.document)
    if own != command.account:
        return Refusal(
            code=Reject.ACCOUNT_HASH_UNFIT, field="account", expected=own, found=command.account
        )
    return _column_fault(found) or _plan_fault(command.plan, found) or found


def _column_fault(found: Account) -> Refusal | None:
    """Refuse an account whose names or total have no place in a row."""
    for field, name in (("id", found.id), ("area.id", found.area.id)):
        if NAME.match(name) is None:
            return _unfit(f"document.{field}", NAME_FORM, name)
    texts = (
        ("edition", found.edition),
        ("parameter_set", found.parameter_set),
        ("parameter_set_hash", found.parameter_set_hash),
    )
    for field, text in texts:
        if not text.isprintable() or len(text) > TEXT_LENGTH_MAX:
            return _unfit(f"document.{field}", f"at most {TEXT_LENGTH_MAX} printable", text)
    if abs(found.total) > TOTAL_FEN_MAX:
        return _unfit("document.total_yuan", f"at most {TOTAL_FEN_MAX} fen", str(found.total))
    return None


def _plan_fault(plan: str, found: Account) -> Refusal | None:
    """Refuse a plan that is another area's or year's, or none."""
    try:
        members = read_document(plan.encode()).members()
        area = members.get("area", Place({})).members()
        said = [each.text() for each in (members["id"], area["id"], members["year"])]
    except Malformed as error:
        return Refusal(
            code=Reject.PLAN_UNFIT, field="plan", expected=error.expected, found=error.field
        )
    except KeyError as error:
        return Refusal(code=Reject.PLAN_UNFIT, field="plan", expected=f"the key {error.args[0]}")
    own = [found.id, found.area.id, str(found.year)]
    if said != own:
        return Refusal(
            code=Reject.PLAN_UNFIT,
            field="plan",
            expected=f"id, area and year {' '.join(own)}",
            found=" ".join(said)[:128],
        )
    return None


def _unfit(field: str, expected: str, found: str) -> Refusal:
    return Refusal(code=Reject.ACCOUNT_UNFIT, field=field, expected=expected, found=found[:64])


def _superseded_fault(state: Accounts, account: str, found: Account) -> Refusal | None:
    """Refuse to compute again what does not count, or what is of another place."""
    if not account:
        return None
    old = state.accounts.get(account)
    if old is None or old.status != Status.PUBLISHED or old.superseded_by:
        return Refusal(
            code=Reject.SUPERSEDED_UNFIT,
            field="supersedes",
            expected="a published account that counts",
            found="none" if old is None else old.superseded_by or old.status,
        )
    place = (found.area.id, found.year, found.price_year, found.profile.value)
    if old.place != place:
        return Refusal(
            code=Reject.SUPERSEDED_UNFIT,
            field="supersedes",
            expected="an account of area, year, price year and profile "
            + " ".join(str(each) for each in place),
            found=" ".join(str(each) for each in old.place),
        )
    return None
