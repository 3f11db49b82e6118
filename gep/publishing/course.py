"""The course that every document takes: draft, review, approval by two, publication; the faults.

1. Whoever drafted a document neither reviews nor approves it, and who reviewed does not approve.
2. A document counts only by superseding what counts in its place.
"""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from gep.publishing.commands import NOTE_LENGTH_MAX, ReviewOutcome
from gep.publishing.refusals import Reject
from gep.publishing.status import Status
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import Role

OPEN = frozenset({Status.DRAFT, Status.REVIEWED, Status.APPROVED})


class OnCourse(Protocol):
    """A document that is on its course."""

    @property
    def status(self) -> str:
        """Where it stands."""

    @property
    def drafted_by(self) -> str:
        """Who drafted it."""

    @property
    def drafted_for(self) -> str:
        """The drafter's party."""


Document = TypeVar("Document", bound=OnCourse)


def standing(
    found: Document | None, *wanted: Status, name: str, field: str, unknown: Reject
) -> Document | Refusal:
    """Return a document, if it stands where it is wanted."""
    if found is None:
        return Refusal(code=unknown, field=field, found=name[:64])
    if found.status not in {each.value for each in wanted}:
        return Refusal(
            code=Reject.STATUS_UNFIT,
            field=field,
            expected=" or ".join(sorted(each.value for each in wanted)),
            found=found.status,
        )
    return found


def note_fault(outcome: ReviewOutcome, note: str) -> Refusal | None:
    """Refuse a note that is too long, and a return without a reason."""
    needs_note = outcome is ReviewOutcome.RETURNED
    if int(needs_note) <= len(note) <= NOTE_LENGTH_MAX:
        return None
    return Refusal(
        code=Reject.NOTE_UNFIT,
        field="note",
        expected=f"{'a reason of ' if needs_note else ''}at most {NOTE_LENGTH_MAX} characters",
        found=str(len(note)),
    )


def approval_fault(
    found: OnCourse, context: Context, *, reviewers: Iterable[str], field: str
) -> Refusal | None:
    """Refuse an approval by who drafted, and by a checker who reviewed."""
    checker = "" if context.approver is None else context.approver.id
    if found.drafted_by in {context.actor.id, checker}:
        return same_person(found.drafted_by, "drafted", field=field)
    if checker in reviewers:
        return same_person(checker, "reviewed", field=field)
    return None


def publication_fault(*, supersedes: str, counting: str, field: str) -> Refusal | None:
    """Refuse to publish what does not supersede what counts now."""
    if supersedes == counting:
        return None
    article = "an" if field[0] in "aeiou" else "a"
    return Refusal(
        code=Reject.NOT_THE_SUPERSEDED,
        field=field,
        expected=f"{article} {field} that supersedes {counting or 'none'}",
        found=supersedes or "it supersedes none",
    )


def withdrawal_fault(found: OnCourse, context: Context, *, field: str) -> Refusal | None:
    """Refuse to take back another party's document, but for a regulator."""
    actor = context.actor
    if actor.party == found.drafted_for or Role.REGULATOR in actor.roles:
        return None
    return Refusal(
        code=LedgerReject.NOT_THE_OWNER, field=field, expected=found.drafted_for, found=actor.party
    )


def same_person(person: str, did: str, *, field: str) -> Refusal:
    """Refuse a second step of one person's."""
    expected = f"another person than {person}, who {did} it"
    return Refusal(code=Reject.SAME_PERSON, field=field, expected=expected, found=person)
