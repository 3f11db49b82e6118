"""Operations on rule sets: adopt one, appoint and drop a challenger; each needs a proposal."""

from typing import Annotated, Any, Literal

from pydantic import Field

from credit_scoring.rule_sets.adopting import commands
from credit_scoring.rule_sets.adopting.decisions import place_in_document
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import refuse_unadoptable
from gateway.api.problems import Problem
from gateway.api.rule_set_examples import DOCUMENT
from gateway.api.schemas.base import Operation, Units

Document = Annotated[
    dict[str, Any],
    Field(
        description="A whole rule set; numbers may be decimal strings.",
        examples=[DOCUMENT],
        json_schema_extra={"type": "object"},
    ),
]
Digest = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of the set's canonical JSON, as the draft was agreed on.",
        examples=["e5" * 32],
    ),
]
Decision = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["2026/17"])]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,32}$", examples=["0.2-draft"])]


class AdoptRuleSet(Operation):
    """Let a rule set count from its own first day on; needs a proposal."""

    kind: Literal["credit_adopt_rule_set"] = "credit_adopt_rule_set"
    document: Document
    rule_set_hash: Digest
    decision: Decision

    def to_command(self, units: Units) -> commands.AdoptRuleSet:
        """Return the command, with the document in its canonical form."""
        del units
        return commands.AdoptRuleSet(
            document=_canonical(self.document),
            rule_set_hash=self.rule_set_hash,
            decision=self.decision,
        )


class AppointChallenger(Operation):
    """Name a rule set to be evaluated beside the one in force; needs a proposal."""

    kind: Literal["credit_appoint_challenger"] = "credit_appoint_challenger"
    document: Document
    rule_set_hash: Digest
    decision: Decision

    def to_command(self, units: Units) -> commands.AppointChallenger:
        """Return the command, with the document in its canonical form."""
        del units
        return commands.AppointChallenger(
            document=_canonical(self.document),
            rule_set_hash=self.rule_set_hash,
            decision=self.decision,
        )


class DropChallenger(Operation):
    """End the appointment of a challenger; needs a proposal."""

    kind: Literal["credit_drop_challenger"] = "credit_drop_challenger"
    version: Version
    decision: Decision

    def to_command(self, units: Units) -> commands.DropChallenger:
        """Return the command."""
        del units
        return commands.DropChallenger(version=self.version, decision=self.decision)


def _canonical(document: dict[str, Any]) -> str:
    """Return a document's canonical JSON.

    Raises:
        Problem: 422, no set can be read from it, with the place; 413, it is too large.
    """
    try:
        found = _read(document)
    except Malformed as error:
        raise Problem(
            status=422,
            code=error.code,
            field=place_in_document(error),
            expected=error.expected,
            found=error.data["found"],
        ) from error
    size = len(found.canonical)
    if size > commands.DOCUMENT_BYTES_MAX:
        raise Problem(
            status=413,
            code="credit.rule_set_too_large",
            field="document",
            expected=f"at most {commands.DOCUMENT_BYTES_MAX} bytes of canonical JSON",
            found=str(size),
        )
    return found.canonical.decode()


def _read(document: dict[str, Any]) -> RuleSet:
    found = read_rule_set(Place(document))
    refuse_unadoptable(found)
    return found
