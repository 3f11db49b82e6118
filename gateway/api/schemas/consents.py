"""Operations on consents to being read."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.consents import commands
from gateway.api.schemas.base import Day, Identifier, Number, Operation, Units, ordinal

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["5d" * 32])]
Purpose = Annotated[commands.QueryPurpose, Field(strict=False)]
Part = Annotated[commands.ScopeItem, Field(strict=False)]
Scope = Annotated[
    list[Part],
    Field(
        min_length=1,
        max_length=len(commands.ScopeItem),
        default_factory=lambda: list(commands.SCOPE_BY_DEFAULT),
    ),
]


class GrantConsent(Operation):
    """Let a bank read one's credit for a purpose, on days of Asia/Shanghai, both ends included.

    Without a scope it is the grade and the reasons; the day they are of goes with every answer.
    """

    kind: Literal["credit_grant_consent"] = "credit_grant_consent"
    subject: Identifier
    grantee: Identifier
    purpose: Purpose
    scope: Scope
    day_from: Day
    day_to: Day
    evidence: Digest

    def to_command(self, units: Units) -> commands.GrantConsent:
        """Return the command."""
        del units
        return commands.GrantConsent(
            subject=self.subject,
            grantee=self.grantee,
            purpose=self.purpose,
            scope=list(self.scope),
            day_from=ordinal(self.day_from, field="day_from"),
            day_to=ordinal(self.day_to, field="day_to"),
            evidence=self.evidence,
        )


class RevokeConsent(Operation):
    """End a consent of one's own now; whom it was given to and what for must fit it."""

    kind: Literal["credit_revoke_consent"] = "credit_revoke_consent"
    subject: Identifier
    grantee: Identifier
    purpose: Purpose
    consent: Number

    def to_command(self, units: Units) -> commands.RevokeConsent:
        """Return the command."""
        del units
        return commands.RevokeConsent(
            subject=self.subject,
            grantee=self.grantee,
            purpose=self.purpose,
            consent=int(self.consent),
        )


class CreditQuery(BaseModel):
    """A bank's query of a subject's credit under its consent; by default the grade and the reasons.

    ``as_of`` is the venue's own day where it is left out.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    subject: Identifier
    purpose: Purpose
    scope: Scope
    as_of: Day | None = None
