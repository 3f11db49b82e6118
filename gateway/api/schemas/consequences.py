"""The operation on tables of consequences; it needs a proposal."""

from typing import Annotated, Any, Literal

from pydantic import Field

from credit_scoring.consequences.adopting import commands
from credit_scoring.consequences.adopting.table import canonical_table, head_of
from credit_scoring.rule_sets.adopting.decisions import place_in_document
from credit_scoring.rule_sets.errors import Malformed
from gateway.api.consequence_examples import DOCUMENT
from gateway.api.problems import Problem
from gateway.api.schemas.base import Operation, Units
from gateway.api.schemas.rule_sets import Decision
from kernel.canonical import NotCanonical

Document = Annotated[
    dict[str, Any],
    Field(
        description="A whole table; whole numbers may be decimal strings.",
        examples=[DOCUMENT],
        json_schema_extra={"type": "object"},
    ),
]
Digest = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the table's canonical JSON, as it was agreed on.",
        examples=["e5" * 32],
    ),
]


class AdoptConsequences(Operation):
    """Let a table of consequences count from its own first day on; needs a proposal."""

    kind: Literal["credit_adopt_consequences"] = "credit_adopt_consequences"
    document: Document
    table_hash: Digest
    decision: Decision

    def to_command(self, units: Units) -> commands.AdoptConsequences:
        """Return the command, with the document in its canonical form."""
        del units
        return commands.AdoptConsequences(
            document=_canonical(self.document),
            table_hash=self.table_hash,
            decision=self.decision,
        )


def _canonical(document: dict[str, Any]) -> str:
    """Return a document's canonical JSON; its rows are read by the machine.

    Raises:
        Problem: 422, it has no canonical form, version or first day; 413, it is too large.
    """
    try:
        found = canonical_table(document)
        head_of(found)
    except NotCanonical as error:
        raise Problem(
            status=422,
            code="credit.consequences_unfit",
            field="document",
            expected="names of a-z 0-9 _, text, whole numbers, truth values",
            found=str(error),
        ) from error
    except Malformed as error:
        raise Problem(
            status=422,
            code="credit.consequences_unfit",
            field=place_in_document(error),
            expected=error.expected,
            found=error.data["found"],
        ) from error
    size = len(found.encode())
    if size > commands.DOCUMENT_BYTES_MAX:
        raise Problem(
            status=413,
            code="credit.consequences_too_large",
            field="document",
            expected=f"at most {commands.DOCUMENT_BYTES_MAX} bytes of canonical JSON",
            found=str(size),
        )
    return found
