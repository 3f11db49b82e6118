"""A person and a village consent to a bank, and the bank asks, told to a scribe."""

from typing import Any

from credit_scoring.archive.decisions import day_at
from credit_scoring.consents import commands as k
from credit_scoring.consents.effects import ConsentGranted, CreditQueried
from ledger import commands as c
from ledger.roles import PartyKind, Role
from tests.ledger.rows.scribe import DAY, Scribe

PERSON, VILLAGE, BANK, OTHER_BANK = "P61", "V61", "B61", "B62"
HASH = "e6" * 32
LOAN = k.QueryPurpose.ECO_CREDIT_LOAN


def found_bank(scribe: Scribe) -> None:
    """Register a person, a village, two banks, and a key of each."""
    kinds = (
        (PERSON, PartyKind.PERSON, Role.SUBJECT),
        (VILLAGE, PartyKind.VILLAGE, Role.SUBJECT),
        (BANK, PartyKind.BANK, Role.BANK_OFFICER),
        (OTHER_BANK, PartyKind.BANK, Role.BANK_APPROVER),
    )
    for party, kind, role in kinds:
        scribe.must(c.RegisterParty(party=party, party_kind=kind, scheme="", identifier=""))
        digest = party.encode().hex().ljust(64, "6")
        scribe.must(c.RegisterActor(actor=f"{party}-1", party=party, roles=[role], digest=digest))


def consent(scribe: Scribe, *, subject: str = PERSON, **changes: Any) -> k.GrantConsent:
    """Return a consent for thirty days from today on, to the bank, for a loan."""
    today = day_at(scribe.at)
    values: dict[str, Any] = {
        "subject": subject,
        "grantee": BANK,
        "purpose": LOAN,
        "scope": list(k.SCOPE_BY_DEFAULT),
        "day_from": today,
        "day_to": today + 29,
        "evidence": HASH,
    }
    return k.GrantConsent(**values | changes)


def query(scribe: Scribe, *, subject: str = PERSON, **changes: Any) -> k.LogQuery:
    """Return the bank's query about today, for a loan."""
    values: dict[str, Any] = {
        "subject": subject,
        "bank": BANK,
        "purpose": LOAN,
        "scope": list(k.SCOPE_BY_DEFAULT),
        "as_of": day_at(scribe.at),
        "known_at": scribe.at,
        "rule_set": "ZJ-2026",
        "rule_set_hash": HASH,
        "answer_hash": HASH,
    }
    return k.LogQuery(**values | changes)


def grant(scribe: Scribe, **changes: Any) -> int:
    """Let the subject's own key grant a consent; return its number."""
    command = consent(scribe, **changes)
    [effect] = scribe.must(command, actor=f"{command.subject}-1").effects
    assert isinstance(effect, ConsentGranted)
    return effect.consent


def revoke(scribe: Scribe, number: int, *, subject: str = PERSON, **changes: Any) -> None:
    """Let the subject's own key end a consent."""
    on: dict[str, Any] = {"subject": subject, "grantee": BANK, "purpose": LOAN}
    command = k.RevokeConsent(consent=number, **on | changes)
    scribe.must(command, actor=f"{subject}-1")


def ask(scribe: Scribe, **changes: Any) -> CreditQueried:
    """Let the bank ask; return what was logged."""
    command = query(scribe, **changes)
    [effect] = scribe.must(command, actor=f"{command.bank}-1").effects
    assert isinstance(effect, CreditQueried)
    return effect


def tell_consents(scribe: Scribe) -> None:
    """Grant, ask with and without consent, revoke, grant again, and let one expire."""
    found_bank(scribe)
    assert ask(scribe).refusal is not None
    first = grant(scribe)
    assert ask(scribe).consent == first
    assert scribe.send(consent(scribe), actor=f"{PERSON}-1").refusal is not None
    ahead = grant(scribe, day_from=day_at(scribe.at) + 40, day_to=day_at(scribe.at) + 50)
    revoke(scribe, first)
    revoke(scribe, ahead)
    second = grant(scribe, scope=list(k.ScopeItem), day_to=day_at(scribe.at) + 1)
    assert ask(scribe, scope=[k.ScopeItem.INDEX]).consent == second
    both = (
        consent(scribe, subject=VILLAGE),
        consent(scribe, subject=VILLAGE, purpose=k.QueryPurpose.GUARANTEE),
    )
    scribe.must(c.Linked(commands=both), actor=f"{VILLAGE}-1")
    scribe.move(scribe.at + 3 * DAY)
    assert ask(scribe).refusal is not None
    assert ask(scribe, subject=VILLAGE).consent == second + 1
