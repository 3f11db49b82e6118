"""What can happen in the registry beside movements, and how it changes the state."""

from collections.abc import Mapping
from typing import Any

from exchange.registry.commands import ComplianceMode, VerifiedStatus
from exchange.registry.state import ComplianceRule, Obligation, Registry
from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create


class VerifiedRecorded(Effect, frozen=True, kw_only=True, tag="verified_recorded"):
    """A party's year was verified."""

    party: str
    right: str
    year: int
    status: VerifiedStatus
    lots: int | None


class SurrenderRecorded(Effect, frozen=True, kw_only=True, tag="surrender_recorded"):
    """Surrendered lots count against a party's year."""

    party: str
    right: str
    year: int
    lots: int


class ComplianceStatusSet(Effect, frozen=True, kw_only=True, tag="compliance_status_set"):
    """An obligation has this status (履约状态)."""

    party: str
    right: str
    year: int
    status: str


class ComplianceRuleSet(Effect, frozen=True, kw_only=True, tag="compliance_rule_set"):
    """Obligations of a right settle in this way."""

    right: str
    mode: ComplianceMode
    first_year: int


def _obligation(registry: Registry, *, party: str, right: str, year: int) -> Obligation:
    key = (party, right, year)
    journal = registry.ledger.journal
    found = registry.obligations.get(key)
    if found is None:
        found = Obligation(party=party, right=right, year=year)
        create(journal, registry.obligations, key=key, value=found)
    journal.append((found, found.verified_status, found.verified, found.surrendered, found.status))
    return found


def verified_recorded(registry: Registry, effect: VerifiedRecorded) -> None:
    """Note what verification found."""
    found = _obligation(registry, party=effect.party, right=effect.right, year=effect.year)
    found.verified_status = effect.status.value
    found.verified = effect.lots


def surrender_recorded(registry: Registry, effect: SurrenderRecorded) -> None:
    """Count surrendered lots."""
    found = _obligation(registry, party=effect.party, right=effect.right, year=effect.year)
    found.surrendered += effect.lots


def compliance_status_set(registry: Registry, effect: ComplianceStatusSet) -> None:
    """Set an obligation's status."""
    found = _obligation(registry, party=effect.party, right=effect.right, year=effect.year)
    found.status = effect.status


def compliance_rule_set(registry: Registry, effect: ComplianceRuleSet) -> None:
    """Set a right's rule."""
    journal = registry.ledger.journal
    found = registry.rules.get(effect.right)
    if found is None:
        rule = ComplianceRule(
            right=effect.right, mode=effect.mode.value, first_year=effect.first_year
        )
        create(journal, registry.rules, key=effect.right, value=rule)
    else:
        journal.append((found, found.mode, found.first_year))
        found.mode = effect.mode.value
        found.first_year = effect.first_year
    record_decision(registry.ledger, kind="compliance_rule", subject=effect.right, terms=effect)


FOLDS: Mapping[type[Effect], Any] = {
    VerifiedRecorded: verified_recorded,
    SurrenderRecorded: surrender_recorded,
    ComplianceStatusSet: compliance_status_set,
    ComplianceRuleSet: compliance_rule_set,
}
