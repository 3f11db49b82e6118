"""What can happen to tables of consequences, and how it changes their state."""

from collections.abc import Mapping
from typing import Any

from credit_scoring.consequences.adopting.state import AdoptedTable, Consequences
from ledger.effects import Effect
from ledger.journal import create


class ConsequencesAdopted(Effect, frozen=True, kw_only=True, tag="credit_consequences_adopted"):
    """A table counts from its first day on, an ordinal, by the grades of a rule set."""

    version: str
    table_hash: str
    effective_from: int
    rule_set: str
    decision: str
    document: str


def consequences_adopted(state: Consequences, effect: ConsequencesAdopted) -> None:
    """Add the table to those that count; a fold reads no document."""
    made = AdoptedTable(
        effect.version,
        effect.table_hash,
        effect.decision,
        state.ledger.entry,
        effect.effective_from,
        effect.rule_set,
        effect.document,
    )
    create(state.ledger.journal, state.adopted, key=effect.version, value=made)


FOLDS: Mapping[type[Effect], Any] = {ConsequencesAdopted: consequences_adopted}
