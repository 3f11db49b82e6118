"""How a valuation goes from draft to publication: whole, by its people, and never changed.

The engine computed the valuation at the door. What the machine judges is exact: that sums, present
values, rate of return and warnings follow from the yearly fen, that the document has the hash which
people named and is of its project, and that it fits the accounts it rests on: both published and
counting, made alike, and worth in sum what its services are worth in the first year.
"""

from collections.abc import Iterator
from datetime import date

from gep.days import beijing_day
from gep.document import read_document
from gep.errors import AccountRefused, Malformed
from gep.publishing.commands import TOTAL_FEN_MAX
from gep.publishing.course import (
    OPEN,
    approval_fault,
    note_fault,
    publication_fault,
    same_person,
    standing,
    withdrawal_fault,
)
from gep.publishing.decisions import NAME, NAME_FORM, digest
from gep.publishing.refusals import Reject
from gep.publishing.state import Accounts, StoredAccount
from gep.publishing.status import GIVEN_UP, Status
from gep.publishing.valuations.commands import (
    DOCUMENT_BYTES_MAX,
    SECOND_REVIEW_ABOVE,
    ApproveGepValuation,
    DraftGepValuation,
    PublishGepValuation,
    ReviewGepValuation,
    WithdrawGepValuation,
)
from gep.publishing.valuations.effects import (
    GepValuationApproved,
    GepValuationDrafted,
    GepValuationPublished,
    GepValuationReviewed,
    GepValuationWithdrawn,
)
from gep.publishing.valuations.rows import StoredValuation
from gep.valuations.project import Identity
from gep.valuations.stored import read_valuation
from gep.valuations.valuation import Valuation
from kernel.errors import ensure
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.shelf import RowKey


def reads_draft(state: Accounts, command: DraftGepValuation) -> Iterator[RowKey]:
    """Declare the valuation, its documents, what it supersedes, the accounts it rests on."""
    yield state.valuations.named(command.valuation)
    yield state.valuation_documents.named(command.valuation, digest(command.project))
    if command.supersedes:
        yield state.valuations.named(command.supersedes)
    found = _whole(command)
    if not isinstance(found, Refusal):
        for account in _rests_on(_identity(found)):
            yield state.accounts.named(account)


def draft_valuation(
    state: Accounts, command: DraftGepValuation, context: Context
) -> Refusal | None:
    """Put a valuation before its reviewers."""
    found = _whole(command)
    if isinstance(found, Refusal):
        return found
    earlier = state.valuations.get(command.valuation)
    if earlier is not None and earlier.status not in GIVEN_UP:
        return Refusal(
            code=Reject.VALUATION_DOUBLED,
            field="valuation",
            expected="a valuation that was not drafted",
            found=f"{earlier.status}, of entry {earlier.entry}",
        )
    identity = _identity(found)
    fault = (
        _date_fault(identity, context)
        or _basis_fault(state, found, identity)
        or _superseded_fault(state, command.supersedes, found)
    )
    if fault is not None:
        return fault
    context.emit(
        GepValuationDrafted(
            valuation=command.valuation,
            project=digest(command.project),
            id=found.id,
            name=identity.name,
            area=identity.site.id,
            valued_on=identity.valued_on.isoformat(),
            years=found.years,
            right_years=found.right_years,
            gain=found.vep_gain,
            market=found.vep_market,
            market_p10=None if found.uncertainty is None else found.uncertainty.market.p10,
            account_with=identity.account_with or "",
            account_without=identity.account_without or "",
            supersedes=command.supersedes,
            actor=context.actor.id,
            party=context.actor.party,
            document=command.document,
            project_document=command.project,
        )
    )
    return None


def reads_named(
    state: Accounts, command: ReviewGepValuation | ApproveGepValuation | WithdrawGepValuation
) -> Iterator[RowKey]:
    """Declare the valuation."""
    yield state.valuations.named(command.valuation)


def review_valuation(
    state: Accounts, command: ReviewGepValuation, context: Context
) -> Refusal | None:
    """Accept or return another person's valuation; the second review is another party's."""
    found = _standing(state, command.valuation, Status.DRAFT, Status.REVIEWED)
    if isinstance(found, Refusal):
        return found
    actor = context.actor
    is_second = found.status == Status.REVIEWED.value
    if actor.id == found.drafted_by:
        return same_person(found.drafted_by, "drafted", field="valuation")
    if is_second and (found.second_reviewed_by or actor.party == found.reviewed_for):
        return Refusal(
            code=Reject.SECOND_REVIEW_UNFIT,
            field="valuation",
            expected="one more review, by another party's person",
            found=found.second_reviewed_by or f"a person of {actor.party}, as the first",
        )
    fault = note_fault(command.outcome, command.note)
    if fault is not None:
        return fault
    context.emit(
        GepValuationReviewed(
            valuation=command.valuation,
            outcome=command.outcome,
            note=command.note,
            actor=actor.id,
            party=actor.party,
            second=is_second,
        )
    )
    return None


def approve_valuation(
    state: Accounts, command: ApproveGepValuation, context: Context
) -> Refusal | None:
    """Approve a reviewed valuation, of which a large one was reviewed twice."""
    found = _standing(state, command.valuation, Status.REVIEWED)
    if isinstance(found, Refusal):
        return found
    is_large = max(abs(found.gain), abs(found.market)) > SECOND_REVIEW_ABOVE
    if is_large and not found.second_reviewed_by:
        return Refusal(
            code=Reject.SECOND_REVIEW_AWAITED,
            field="valuation",
            expected=f"two reviewers of a value above {SECOND_REVIEW_ABOVE} fen",
            found=found.reviewed_by,
        )
    reviewers = (found.reviewed_by, found.second_reviewed_by)
    fault = approval_fault(found, context, reviewers=reviewers, field="valuation")
    if fault is not None:
        return fault
    context.emit(
        GepValuationApproved(
            valuation=command.valuation,
            decision=command.decision,
            actor=context.actor.id,
            checker="" if context.approver is None else context.approver.id,
        )
    )
    return None


def reads_publication(state: Accounts, command: PublishGepValuation) -> Iterator[RowKey]:
    """Declare the valuation, what counts of its project, and what it supersedes and rests on."""
    yield state.valuations.named(command.valuation)
    found = state.valuations.at_hand(command.valuation)
    if found is not None:
        yield state.valued.named(found.id)
        if found.supersedes:
            yield state.valuations.named(found.supersedes)
        for account in (found.account_with, found.account_without):
            if account:
                yield state.accounts.named(account)


def publish_valuation(
    state: Accounts, command: PublishGepValuation, context: Context
) -> Refusal | None:
    """Let an approved valuation count, if it supersedes what counts and its accounts still do."""
    found = _standing(state, command.valuation, Status.APPROVED)
    if isinstance(found, Refusal):
        return found
    counting = state.valued.get(found.id)
    now = "" if counting is None else counting.valuation
    fault = publication_fault(supersedes=found.supersedes, counting=now, field="valuation")
    if fault is not None:
        return fault
    for name, account in (("with", found.account_with), ("without", found.account_without)):
        rests_on = _counts(state, account, name=name) if account else None
        if isinstance(rests_on, Refusal):
            return rests_on
    context.emit(GepValuationPublished(valuation=command.valuation, supersedes=found.supersedes))
    return None


def withdraw_valuation(
    state: Accounts, command: WithdrawGepValuation, context: Context
) -> Refusal | None:
    """Take back a valuation of one's own party, or as a regulator."""
    found = _standing(state, command.valuation, *OPEN)
    if isinstance(found, Refusal):
        return found
    fault = withdrawal_fault(found, context, field="valuation")
    if fault is not None:
        return fault
    context.emit(GepValuationWithdrawn(valuation=command.valuation, actor=context.actor.id))
    return None


def _standing(state: Accounts, valuation: str, *wanted: Status) -> StoredValuation | Refusal:
    return standing(
        state.valuations.get(valuation),
        *wanted,
        name=valuation,
        field="valuation",
        unknown=Reject.VALUATION_UNKNOWN,
    )


def _whole(command: DraftGepValuation) -> Valuation | Refusal:
    """Return the valuation of a document that is whole, is of its project, and has its hash."""
    for name, text in (("document", command.document), ("project", command.project)):
        size = len(text.encode())
        if size > DOCUMENT_BYTES_MAX:
            return Refusal(
                code=Reject.VALUATION_TOO_LARGE,
                field=name,
                expected=f"at most {DOCUMENT_BYTES_MAX} bytes",
                found=str(size),
            )
    try:
        found = read_valuation(command.document)
    except (Malformed, AccountRefused) as error:
        return Refusal(
            code=Reject.VALUATION_UNFIT,
            field=error.field,
            expected=error.expected,
            found=str(error.data.get("found", "")) or None,
        )
    own = digest(command.document)
    if own != command.valuation:
        return Refusal(
            code=Reject.VALUATION_HASH_UNFIT,
            field="valuation",
            expected=own,
            found=command.valuation,
        )
    return _column_fault(found) or _project_fault(command.project, found) or found


def _column_fault(found: Valuation) -> Refusal | None:
    """Refuse a valuation whose names or values have no place in a row."""
    for field, name in (("id", found.id), ("area.id", _identity(found).site.id)):
        if NAME.match(name) is None:
            return _unfit(f"document.{field}", NAME_FORM, name)
    drawn = found.uncertainty
    p10 = 0 if drawn is None else drawn.market.p10
    for field, value in (
        ("vep_gain_yuan", found.vep_gain),
        ("vep_market_yuan", found.vep_market),
        ("uncertainty.vep_market", p10),
    ):
        if abs(value) > TOTAL_FEN_MAX:
            return _unfit(f"document.{field}", f"at most {TOTAL_FEN_MAX} fen", str(value))
    return None


def _project_fault(project: str, found: Valuation) -> Refusal | None:
    """Refuse a project that is another one, of another day or term, or none."""
    try:
        members = read_document(project.encode()).members()
        said = (
            members["id"].text(),
            members["valued_on"].day(),
            int(members["years"].number()),
            members["rate"].number(),
        )
    except Malformed as error:
        return Refusal(
            code=Reject.PROJECT_UNFIT, field="project", expected=error.expected, found=error.field
        )
    except KeyError as error:
        expected = f"the key {error.args[0]}"
        return Refusal(code=Reject.PROJECT_UNFIT, field="project", expected=expected)
    own = (found.id, _identity(found).valued_on, found.years, found.rate)
    if said != own:
        return Refusal(
            code=Reject.PROJECT_UNFIT,
            field="project",
            expected=f"id, valued_on, years and rate {_words(own)}"[:256],
            found=_words(said)[:128],
        )
    return None


def _date_fault(identity: Identity, context: Context) -> Refusal | None:
    today = date.fromordinal(beijing_day(context.at))
    if identity.valued_on <= today:
        return None
    return _unfit("document.valued_on", f"{today} or before", identity.valued_on.isoformat())


def _basis_fault(state: Accounts, found: Valuation, identity: Identity) -> Refusal | None:
    """Refuse a valuation that does not fit the accounts it rests on."""
    if not _rests_on(identity):
        return None
    basis = identity.basis
    own = (basis.edition, basis.parameter_set, basis.parameter_set_hash, basis.price_year)
    rows = []
    sums = {
        "with": sum(each.with_project[0] for each in found.flows),
        "without": sum(each.without_project[0] for each in found.flows),
    }
    for name, account in zip(sums, _rests_on(identity), strict=True):
        row = _counts(state, account, name=name)
        if isinstance(row, Refusal):
            return row
        made = (row.edition, row.parameter_set, row.parameter_set_hash, row.price_year)
        if made != own:
            return _basis_unfit(name, _words(own), _words(made))
        if row.total != sums[name]:
            expected = f"an account whose total is year 1 of the services, {sums[name]} fen"
            return _basis_unfit(name, expected, f"{row.total} fen")
        rows.append(row)
    here, there = rows
    if here.area != identity.site.id:
        return _basis_unfit("with", f"an account of {identity.site.id}", here.area)
    if (here.year, here.profile) != (there.year, there.profile):
        expected = f"the year and profile of the other, {here.year} {here.profile}"
        return _basis_unfit("without", expected, f"{there.year} {there.profile}")
    if here.account == there.account:
        return _basis_unfit("without", "another account than with the project", here.account)
    return None


def _counts(state: Accounts, account: str, *, name: str) -> StoredAccount | Refusal:
    """Return an account that is published and was not superseded."""
    row = state.accounts.get(account)
    if row is not None and row.status == Status.PUBLISHED.value and not row.superseded_by:
        return row
    found = "none" if row is None else row.superseded_by or row.status
    return _basis_unfit(name, "a published account that counts", found)


def _superseded_fault(state: Accounts, valuation: str, found: Valuation) -> Refusal | None:
    """Refuse to compute again what does not count, or what is another project's."""
    if not valuation:
        return None
    old = state.valuations.get(valuation)
    if old is None or old.status != Status.PUBLISHED.value or old.superseded_by:
        return Refusal(
            code=Reject.SUPERSEDED_UNFIT,
            field="supersedes",
            expected="a published valuation that counts",
            found="none" if old is None else old.superseded_by or old.status,
        )
    if old.id != found.id:
        return Refusal(
            code=Reject.SUPERSEDED_UNFIT,
            field="supersedes",
            expected=f"a valuation of {found.id}",
            found=old.id,
        )
    return None


def _identity(found: Valuation) -> Identity:
    ensure(found.identity is not None, "a valuation that was read has its names")
    return found.identity  # type: ignore[return-value]  # just ensured


def _rests_on(identity: Identity) -> tuple[str, ...]:
    both = (identity.account_with, identity.account_without)
    return tuple(each for each in both if each is not None)


def _basis_unfit(name: str, expected: str, found: str) -> Refusal:
    field = f"document.accounts.{name}"
    return Refusal(
        code=Reject.VALUATION_BASIS_UNFIT, field=field, expected=expected[:256], found=found[:128]
    )


def _unfit(field: str, expected: str, found: str) -> Refusal:
    return Refusal(code=Reject.VALUATION_UNFIT, field=field, expected=expected, found=found[:64])


def _words(values: tuple[object, ...]) -> str:
    return " ".join(str(each) for each in values)
