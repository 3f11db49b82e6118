"""Operations on credentials: who issues, issue, revoke, suspend, resume."""

from typing import Annotated, Literal

from pydantic import Field

from credit_scoring.credentials import commands
from credit_scoring.records import SubjectKind
from gateway.api.schemas.base import (
    Day,
    Instant,
    Number,
    Operation,
    Units,
    instant,
    ordinal,
)

SUBJECT = r"^urn:ecorights:subject:[0-9a-z]([0-9a-z-]{0,62}[0-9a-z])?$"
UUID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_URL = Field(
    pattern=r"^https?://[A-Za-z0-9.:\[\]-]{1,200}(/[A-Za-z0-9._~/-]{0,400})?$",
    examples=["https://credit.example/v1/credential-status"],
)
Address = Annotated[str, _URL]
Issuer = Annotated[
    str,
    Field(
        pattern=r"^(did:key:z[1-9A-HJ-NP-Za-km-z]{1,100}"
        r"|https?://[A-Za-z0-9.:\[\]-]{1,200}(/[A-Za-z0-9._~/-]{0,400})?)$",
        examples=["https://credit.example/v1/credential-issuer"],
    ),
]
CredentialId = Annotated[
    str, Field(pattern=UUID, examples=["0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a02"])
]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["1f" * 32])]
Kind = Annotated[SubjectKind, Field(strict=False, examples=["village"])]
Reason = Annotated[commands.RevocationReason, Field(strict=False)]


class DefineCredentialIssuer(Operation):
    """Say who issues, and where status lists stand; holds for what is issued from here on."""

    kind: Literal["define_credential_issuer"] = "define_credential_issuer"
    issuer: Issuer
    base: Address

    def to_command(self, units: Units) -> commands.DefineCredentialIssuer:
        """Return the command."""
        del units
        return commands.DefineCredentialIssuer(issuer=self.issuer, base=self.base)


class IssueCredential(Operation):
    """Issue the credential of a grade; it takes a place in a status list."""

    kind: Literal["issue_credential"] = "issue_credential"
    credential: CredentialId
    subject: Annotated[
        str, Field(pattern=SUBJECT, examples=["urn:ecorights:subject:0197f2c1-8b7a"])
    ]
    subject_kind: Kind
    grade: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$", examples=["AAA"])]
    colour: Annotated[str, Field(pattern=r"^[a-z]{3,10}$", examples=["green"])]
    as_of: Day
    rule_set_version: Annotated[
        str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$", examples=["0.1-draft"])
    ]
    rule_set_hash: Hash
    records_hash: Hash
    valid_until: Instant
    score_entry: Number | None = None
    suspendable: bool = False

    def to_command(self, units: Units) -> commands.IssueCredential:
        """Return the command."""
        del units
        return commands.IssueCredential(
            credential=self.credential,
            subject=self.subject,
            subject_kind=self.subject_kind,
            grade=self.grade,
            colour=self.colour,
            as_of=ordinal(self.as_of, field="as_of"),
            rule_set_version=self.rule_set_version,
            rule_set_hash=self.rule_set_hash,
            records_hash=self.records_hash,
            valid_until=instant(self.valid_until, field="valid_until"),
            score_entry=None if self.score_entry is None else int(self.score_entry),
            suspendable=self.suspendable,
        )


class RevokeCredential(Operation):
    """Take a credential back for ever."""

    kind: Literal["revoke_credential"] = "revoke_credential"
    credential: CredentialId
    reason: Reason

    def to_command(self, units: Units) -> commands.RevokeCredential:
        """Return the command."""
        del units
        return commands.RevokeCredential(credential=self.credential, reason=self.reason)


class SuspendCredential(Operation):
    """Set a credential aside that was issued as suspendable."""

    kind: Literal["suspend_credential"] = "suspend_credential"
    credential: CredentialId

    def to_command(self, units: Units) -> commands.SuspendCredential:
        """Return the command."""
        del units
        return commands.SuspendCredential(credential=self.credential)


class ResumeCredential(Operation):
    """End a suspension."""

    kind: Literal["resume_credential"] = "resume_credential"
    credential: CredentialId

    def to_command(self, units: Units) -> commands.ResumeCredential:
        """Return the command."""
        del units
        return commands.ResumeCredential(credential=self.credential)


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/credentials/issuers", DefineCredentialIssuer, "Define who issues credentials"),
    ("/credentials", IssueCredential, "Issue the credential of a grade"),
    ("/credentials/revocations", RevokeCredential, "Revoke a credential"),
    ("/credentials/suspensions", SuspendCredential, "Suspend a credential"),
    ("/credentials/resumptions", ResumeCredential, "End a credential's suspension"),
)
