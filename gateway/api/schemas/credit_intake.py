"""Operations on keys of departments, on the batches they sign, and on files being taken in."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.archive import commands
from credit_scoring.archive.signed_batch import FORMAT
from gateway.api.schemas.base import Identifier, Number, Operation, Units
from gateway.api.schemas.credit_archive import Document, Incident, ReportedFact

KeyId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,32}$", examples=["2026-a"])]
PublicKey = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="Ed25519, in hex.", examples=["7c" * 32])
]
Signature = Annotated[
    str, Field(pattern=r"^[0-9a-f]{128}$", description="Ed25519, in hex.", examples=["9a" * 64])
]


class RegisterDepartmentKey(Operation):
    """Let a department sign its batches with a key; needs a proposal."""

    kind: Literal["credit_register_department_key"] = "credit_register_department_key"
    department: Identifier
    key_id: KeyId
    public_key: PublicKey
    decision: Document

    def to_command(self, units: Units) -> commands.RegisterDepartmentKey:
        """Return the command."""
        del units
        return commands.RegisterDepartmentKey(
            department=self.department,
            key_id=self.key_id,
            public_key=self.public_key,
            decision=self.decision,
        )


class RetireDepartmentKey(Operation):
    """End a department's key; needs a proposal."""

    kind: Literal["credit_retire_department_key"] = "credit_retire_department_key"
    department: Identifier
    key_id: KeyId
    decision: Document

    def to_command(self, units: Units) -> commands.RetireDepartmentKey:
        """Return the command."""
        del units
        return commands.RetireDepartmentKey(
            department=self.department, key_id=self.key_id, decision=self.decision
        )


class SignedFact(ReportedFact):
    """One fact of a signed batch: every member is written, for every one is signed."""

    quantity: Annotated[int, Field(ge=1, le=commands.QUANTITY_MAX, examples=[1])]
    incident: Incident


class SignedDocument(BaseModel):
    """What a department signs: this, as RFC 8785 writes it, behind its format and a line feed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: Annotated[Literal["ecorights-facts-v1"], Field(examples=[FORMAT])]
    venue: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$", examples=["yunxi"])]
    source: Identifier
    key: KeyId
    batch: Annotated[int, Field(ge=1, le=commands.BATCH_MAX, examples=[17])]
    facts: Annotated[list[SignedFact], Field(min_length=1, max_length=commands.FACTS_MAX)]


class RecordSignedFacts(Operation):
    """Record a batch of facts with its department's signature, all of them or none."""

    kind: Literal["credit_record_signed_facts"] = "credit_record_signed_facts"
    document: SignedDocument
    signature: Signature

    def to_command(self, units: Units) -> commands.RecordSignedFacts:
        """Return the command."""
        del units
        given = self.document
        facts = [each.to_fact(field=f"document.facts.{n}") for n, each in enumerate(given.facts)]
        return commands.RecordSignedFacts(
            source=given.source,
            key_id=given.key,
            batch=given.batch,
            facts=facts,
            signature=self.signature,
        )


class DropIntake(Operation):
    """End the intake of a file whose facts shall never count."""

    kind: Literal["credit_drop_intake"] = "credit_drop_intake"
    intake: Number

    def to_command(self, units: Units) -> commands.DropIntake:
        """Return the command."""
        del units
        return commands.DropIntake(intake=int(self.intake))


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    (
        "/credit/department-keys",
        RegisterDepartmentKey,
        "Register a department's key (needs a proposal)",
    ),
    (
        "/credit/department-keys/retirements",
        RetireDepartmentKey,
        "Retire a department's key (needs a proposal)",
    ),
    ("/credit/signed-facts", RecordSignedFacts, "Record facts that their department signed"),
    ("/credit/intakes/drops", DropIntake, "End the intake of a file"),
)
