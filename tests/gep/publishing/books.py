"""A county's accountants: a verifier M, a regulator R, a bank B, and the accounts they make."""

import json
from typing import Any

from gep.accounts.account import Account
from gep.accounts.making import make_account
from gep.accounts.reading import read_plan
from gep.accounts.stored import plan_text
from gep.document import read_document
from gep.publishing import commands as g
from gep.publishing.decisions import digest
from gep.publishing.state import Accounts, StoredAccount
from kernel.canonical import canonical
from ledger import commands as c
from ledger.refusals import Refusal
from ledger.roles import PartyKind, Role
from tests.credit_scoring.archive.office import Office, opened

PLAN: dict[str, Any] = {
    "id": "yunxi-2025",
    "area": {"id": "990101", "name": "云溪县", "km2": "1500"},
    "year": 2025,
    "price_year": 2023,
    "edition": "DB33/T 2274-2020",
    "parameters": "zhejiang-0.1",
    "inputs": {
        "timber": {"value": "4900", "unit": "m3", "source": "yearbook 2025"},
        "visits": {"value": "195000", "unit": "visit", "source": "survey 2025"},
        "spent": {"value": "86", "unit": "yuan/visit", "source": "survey 2025"},
        "emitted": {"value": "290", "unit": "t", "source": "inventory 2025"},
    },
    "lines": [
        {"id": "timber", "service": "M1", "given_yuan": "3209500", "source": "yearbook 2025"},
        {"id": "visits", "service": "C1", "quantity": "visits", "price": "spent"},
    ],
}
NUMBER_OF_KEYS = 2


def plan_of(**changes: Any) -> str:
    """Return a plan's canonical text."""
    text = json.dumps(PLAN | changes, ensure_ascii=False).encode()
    return plan_text(read_document(text))


def made(plan: str) -> Account:
    return make_account(read_plan(plan.encode()))


def draft(plan: str = "", *, supersedes: str = "", **changes: Any) -> g.DraftGepAccount:
    """Return the command that drafts the account of a plan."""
    plan = plan or plan_of()
    document = canonical(made(plan).document()).decode()
    whole: dict[str, Any] = {"plan": plan, "document": document, "account": digest(document)}
    return g.DraftGepAccount(**(whole | {"supersedes": supersedes} | changes))


class Books(Office):
    """Sends the accountants' commands, and checks the machine after each."""

    @property
    def state(self) -> Accounts:
        found = [part.state for part in self.machine.parts if isinstance(part.state, Accounts)]
        return found[0]

    def account(self, name: str) -> StoredAccount:
        found = self.state.accounts.get(name)
        assert found is not None
        return found

    def drafted(self, command: g.DraftGepAccount | None = None, *, actor: str = "M-1") -> str:
        command = command or draft()
        self.must(command, actor=actor)
        return command.account

    def reviewed(self, name: str, *, actor: str = "M-2") -> None:
        accepted = g.ReviewGepAccount(account=name, outcome=g.ReviewOutcome.ACCEPTED)
        self.must(accepted, actor=actor)

    def approval(self, name: str, *, maker: str = "R-1") -> c.Approve:
        """Propose an approval, and return what the second person sends."""
        command = g.ApproveGepAccount(account=name, decision="2026/17")
        self.must(c.Propose(command=command), actor=maker)
        return c.Approve(proposal=self.machine.ledger.next_proposal - 1)

    def published(self, command: g.DraftGepAccount | None = None) -> str:
        """Bring an account through its whole course."""
        name = self.drafted(command)
        self.reviewed(name)
        self.must(self.approval(name), actor="R-2")
        self.must(g.PublishGepAccount(account=name), actor="R-1")
        return name

    def cited(self, name: str, reference: str = "LOAN/1") -> None:
        cite = g.CiteGepAccount(
            account=name, party="B", purpose=g.CitedFor.LOAN, reference=reference
        )
        self.must(cite, actor="B-1")

    def not_drafted(self, **changes: Any) -> Refusal:
        return self.refused(draft(**changes), actor="M-1")


def opened_books() -> Books:
    """Return a venue with the accountants and a bank."""
    books = Books(opened().machine)
    books.index = 10_000
    for party, kind, role in (
        ("M", PartyKind.VERIFIER, Role.VERIFIER),
        ("B", PartyKind.BANK, Role.BANK_OFFICER),
    ):
        register = c.RegisterParty(party=party, party_kind=kind, scheme="", identifier="")
        books.must(register, actor="X-1")
        for number in range(1, NUMBER_OF_KEYS + 1):
            actor = f"{party}-{number}"
            key = c.RegisterActor(
                actor=actor, party=party, roles=[role], digest=actor.encode().hex().ljust(64, "0")
            )
            books.must(key, actor="X-1")
    return books
