"""What can happen to rule sets, and how each thing that happened changes their state.

A fold reads no document: whatever a later reader thinks of one, an entry of any age gives the
same state.
"""

from collections.abc import Mapping
from typing import Any

from credit_scoring.rule_sets.adopting.state import AdoptedRuleSet, Challenger, RuleSets
from ledger.effects import Effect
from ledger.journal import create, remove


class RuleSetAdopted(Effect, frozen=True, kw_only=True, tag="credit_rule_set_adopted"):
    """A rule set counts from its first day on, an ordinal."""

    version: str
    rule_set_hash: str
    effective_from: int
    decision: str
    document: str


class ChallengerAppointed(Effect, frozen=True, kw_only=True, tag="credit_challenger_appointed"):
    """A rule set is evaluated beside the one in force."""

    version: str
    rule_set_hash: str
    decision: str
    document: str


class ChallengerDropped(Effect, frozen=True, kw_only=True, tag="credit_challenger_dropped"):
    """A challenger is one no more."""

    version: str
    decision: str


def rule_set_adopted(state: RuleSets, effect: RuleSetAdopted) -> None:
    """Add the set to those that count."""
    made = AdoptedRuleSet(
        effect.version,
        effect.rule_set_hash,
        effect.decision,
        state.ledger.entry,
        effect.effective_from,
        effect.document,
    )
    create(state.ledger.journal, state.adopted, key=effect.version, value=made)


def challenger_appointed(state: RuleSets, effect: ChallengerAppointed) -> None:
    """Put the set beside those that count."""
    made = Challenger(
        state.ledger.entry, effect.version, effect.rule_set_hash, effect.decision, effect.document
    )
    create(state.ledger.journal, state.challengers, key=effect.version, value=made)


def challenger_dropped(state: RuleSets, effect: ChallengerDropped) -> None:
    """Let the challenger leave; its row says when."""
    journal = state.ledger.journal
    found = state.challengers[effect.version]
    left = Challenger(
        found.entry,
        found.version,
        found.hash,
        found.decision,
        found.document,
        state.ledger.entry,
    )
    remove(journal, state.challengers, key=effect.version)
    create(journal, state.challengers, key=effect.version, value=left)
    remove(journal, state.challengers, key=effect.version)


FOLDS: Mapping[type[Effect], Any] = {
    RuleSetAdopted: rule_set_adopted,
    ChallengerAppointed: challenger_appointed,
    ChallengerDropped: challenger_dropped,
}
