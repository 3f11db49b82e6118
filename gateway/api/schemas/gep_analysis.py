"""Questions about accounts that store nothing: an audit of a printed one, a plan tried out."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from gateway.api.gep_analysis_examples import PRINTED
from gateway.api.schemas.gep import Plan

Audited = Annotated[
    dict[str, Any],
    Field(
        description="An account as it is printed, or a plan; what is not whole is a decimal"
        " string.",
        examples=[PRINTED],
        json_schema_extra={"type": "object"},
    ),
]


class AuditRequest(BaseModel):
    """An account to be audited."""

    model_config = ConfigDict(extra="forbid", strict=True)

    account: Audited


class PreviewRequest(BaseModel):
    """A plan of which the account is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    plan: Plan
