"""Requests for long work."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

JOB_PATTERN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
JOB = "019ddc4e-7b30-7c11-9d5e-0f6f2b9a4c11"


class JobRequest(BaseModel):
    """Work that takes longer than a request may: its kind, and what the kind takes."""

    model_config = ConfigDict(strict=True, extra="forbid")

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", examples=["audit_bundle"])]
    parameters: Annotated[dict[str, Any], Field(max_length=50, examples=[{"scope": "everything"}])]


class JobCancellation(BaseModel):
    """A job that shall go no further."""

    model_config = ConfigDict(strict=True, extra="forbid")

    job: Annotated[str, Field(pattern=JOB_PATTERN, examples=[JOB])]
