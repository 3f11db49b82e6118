"""A venue with two banks, a firm, a village and two persons, on 2026-04-01 in Shanghai."""

from datetime import date
from typing import Any

from credit_scoring.consents import commands as k
from credit_scoring.consents.days import begin_of
from credit_scoring.consents.effects import ConsentGranted, CreditQueried
from ledger import commands as c
from ledger.machine import SYSTEM, Outcome
from ledger.roles import PartyKind, Role
from tests.credit_scoring.archive.office import Office

HASH = "e6" * 32
HOUR = 3_600_000_000
LOAN = k.QueryPurpose.ECO_CREDIT_LOAN
GUARANTEE = k.QueryPurpose.GUARANTEE
PARTIES = (
    ("B1", PartyKind.BANK, Role.BANK_OFFICER),
    ("B2", PartyKind.BANK, Role.BANK_APPROVER),
    ("E1", PartyKind.ENTERPRISE, Role.SUBJECT),
    ("V1", PartyKind.VILLAGE, Role.SUBJECT),
    ("P1", PartyKind.PERSON, Role.SUBJECT),
    ("P2", PartyKind.PERSON, Role.SUBJECT),
    ("A", PartyKind.AUTHORITY, Role.SUBJECT),
)


def day(month: int, number: int, *, year: int = 2026) -> int:
    return date(year, month, number).toordinal()


class Branch(Office):
    """An office whose counter is a bank's: consents come in, queries go out.

    ``log`` keeps each entry's index, stamp and outcome.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[int, int, Outcome]] = []

    def send(self, command: c.Command, *, actor: str = "D-1") -> Outcome:
        outcome = super().send(command, actor=actor)
        self.log.append((self.index, self.at, outcome))
        return outcome

    def go_to(self, month: int, number: int, *, hours: int = 10, year: int = 2026) -> None:
        self.at = begin_of(day(month, number, year=year)) + hours * HOUR

    def grant(self, **changes: Any) -> int:
        command = consent(**changes)
        [effect] = self.must(command, actor=f"{command.subject}-1").effects
        assert isinstance(effect, ConsentGranted)
        return effect.consent

    def revoke(self, number: int, **changes: Any) -> None:
        command = revocation(number, **changes)
        self.must(command, actor=f"{command.subject}-1")

    def query(self, **changes: Any) -> k.LogQuery:
        """Return the first bank's query about P1, now, for a loan."""
        values: dict[str, Any] = {
            "subject": "P1",
            "bank": "B1",
            "purpose": LOAN,
            "scope": list(k.SCOPE_BY_DEFAULT),
            "as_of": day(4, 1),
            "known_at": self.at,
            "rule_set": "ZJ-2026",
            "rule_set_hash": HASH,
            "answer_hash": HASH,
        }
        return k.LogQuery(**values | changes)

    def ask(self, **changes: Any) -> CreditQueried:
        command = self.query(**changes)
        [effect] = self.must(command, actor=f"{command.bank}-1").effects
        assert isinstance(effect, CreditQueried)
        assert (effect.consent is None) is (effect.refusal is not None)
        return effect


def consent(**changes: Any) -> k.GrantConsent:
    """Return P1's consent to B1 for a loan, from 04-01 to 06-30."""
    values: dict[str, Any] = {
        "subject": "P1",
        "grantee": "B1",
        "purpose": LOAN,
        "scope": list(k.SCOPE_BY_DEFAULT),
        "day_from": day(4, 1),
        "day_to": day(6, 30),
        "evidence": HASH,
    }
    return k.GrantConsent(**values | changes)


def revocation(number: int, **changes: Any) -> k.RevokeConsent:
    values: dict[str, Any] = {"subject": "P1", "grantee": "B1", "purpose": LOAN}
    return k.RevokeConsent(consent=number, **values | changes)


def opened() -> Branch:
    """Return the venue with its parties and a key of each."""
    branch = Branch()
    branch.go_to(4, 1)
    opening = c.OpenVenue(
        venue="t",
        origin="ledger.example/t",
        clock="system",
        start=branch.at,
        operator="X",
        actor="X-1",
        digest="0" * 64,
    )
    branch.must(opening, actor=SYSTEM)
    for party, kind, role in PARTIES:
        registration = c.RegisterParty(party=party, party_kind=kind, scheme="", identifier="")
        branch.must(registration, actor="X-1")
        digest = party.encode().hex().ljust(64, "0")
        key = c.RegisterActor(actor=f"{party}-1", party=party, roles=[role], digest=digest)
        branch.must(key, actor="X-1")
    return branch
