"""What can happen in the registry beside movements, and how it changes the state."""

from collections.abc import Mapping
from typing import Any

import msgspec

from exchange.registry.commands import ComplianceMode, VerifiedStatus
from exchange.registry.state import (
    ClosedYear,
    ComplianceRule,
    Obligation,
    Registry,
    SettledObligation,
    ShortObligation,
)
from ledger.deciding import record_decision
from ledger.effects import Effect
from ledger.journal import create, remove


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


class YearClosed(Effect, frozen=True, kw_only=True, tag="year_closed"):
    """A right's year was closed for the first time on a day; a phase carries it on, or 0."""

    right: str
    year: int
    on: int
    phase: int


class ObligationSettled(Effect, frozen=True, kw_only=True, tag="obligation_settled"):
    """A party had surrendered in full when the year was closed first."""

    right: str
    year: int
    number: int
    party: str


class ObligationShort(Effect, frozen=True, kw_only=True, tag="obligation_short"):
    """A party was short when the year was closed first."""

    right: str
    year: int
    party: str


class SettlementRecorded(Effect, frozen=True, kw_only=True, tag="settlement_recorded"):
    """What follows from a settled obligation was recorded, or its party has no archive."""

    right: str
    year: int
    number: int
    has_archive: bool


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


def year_closed(registry: Registry, effect: YearClosed) -> None:
    """Remember the first close."""
    closed = ClosedYear(
        right=effect.right,
        year=effect.year,
        entry=registry.ledger.entry,
        on=effect.on,
        phase=effect.phase,
    )
    key = (effect.right, effect.year)
    create(registry.ledger.journal, registry.closed, key=key, value=closed)


def obligation_settled(registry: Registry, effect: ObligationSettled) -> None:
    """Let the party wait for what follows."""
    ledger = registry.ledger
    closed = _change(registry, effect.right, effect.year)
    closed.settled = effect.number
    settled = SettledObligation(
        effect.right, effect.year, effect.number, effect.party, ledger.entry
    )
    key = (effect.right, effect.year, effect.number)
    create(ledger.journal, registry.settled, key=key, value=settled)


def obligation_short(registry: Registry, effect: ObligationShort) -> None:
    """Remember who was short."""
    ledger = registry.ledger
    key = (effect.right, effect.year, effect.party)
    create(ledger.journal, registry.short, key=key, value=ShortObligation(*key, ledger.entry))


def settlement_recorded(registry: Registry, effect: SettlementRecorded) -> None:
    """Let the party leave; its row says in which entry."""
    ledger = registry.ledger
    closed = _change(registry, effect.right, effect.year)
    if effect.has_archive:
        closed.recorded += 1
    else:
        closed.passed_over += 1
    key = (effect.right, effect.year, effect.number)
    left = msgspec.structs.replace(registry.settled[key], recorded_in=ledger.entry)
    remove(ledger.journal, registry.settled, key=key)
    create(ledger.journal, registry.settled, key=key, value=left)
    remove(ledger.journal, registry.settled, key=key)


def _change(registry: Registry, right: str, year: int) -> ClosedYear:
    """Return a closed year whose counts are about to change."""
    closed = registry.closed[right, year]
    registry.ledger.journal.append((closed, *closed.changing()))
    return closed


FOLDS: Mapping[type[Effect], Any] = {
    VerifiedRecorded: verified_recorded,
    SurrenderRecorded: surrender_recorded,
    ComplianceStatusSet: compliance_status_set,
    ComplianceRuleSet: compliance_rule_set,
    YearClosed: year_closed,
    ObligationSettled: obligation_settled,
    ObligationShort: obligation_short,
    SettlementRecorded: settlement_recorded,
}
