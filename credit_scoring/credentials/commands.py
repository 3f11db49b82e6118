"""What can be asked about credentials, as plain data."""

from enum import StrEnum

from credit_scoring.records import SubjectKind
from ledger.commands import Command


class RevocationReason(StrEnum):
    """Why a credential is taken back."""

    GRADE_CHANGED = "grade_changed"
    ISSUED_IN_ERROR = "issued_in_error"
    ASKED_BY_SUBJECT = "asked_by_subject"
    SUBJECT_ERASED = "subject_erased"


class DefineCredentialIssuer(Command, frozen=True, kw_only=True, tag="define_credential_issuer"):
    """Say who issues here, a did:key or a URL, and below which URL the status lists stand.

    It holds for every credential from here on; those that were issued name what held before.
    """

    issuer: str
    base: str


class IssueCredential(Command, frozen=True, kw_only=True, tag="issue_credential"):
    """Issue the credential of a grade; ``credential`` is a new UUID in lower case.

    ``as_of`` is a day's ordinal, ``valid_until`` an instant of a whole second, ``score_entry`` the
    entry that holds the score, if it stands in the ledger. No event list, no index, no name.
    """

    credential: str
    subject: str
    subject_kind: SubjectKind
    grade: str
    colour: str
    as_of: int
    rule_set_version: str
    rule_set_hash: str
    records_hash: str
    valid_until: int
    score_entry: int | None = None
    suspendable: bool = False


class RevokeCredential(Command, frozen=True, kw_only=True, tag="revoke_credential"):
    """Take a credential back for ever."""

    credential: str
    reason: RevocationReason


class SuspendCredential(Command, frozen=True, kw_only=True, tag="suspend_credential"):
    """Set a credential aside until it is resumed."""

    credential: str


class ResumeCredential(Command, frozen=True, kw_only=True, tag="resume_credential"):
    """End a suspension."""

    credential: str
