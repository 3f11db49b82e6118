"""Accounts of a county, told to a scribe: one published, computed again, cited; others given up.

The documents are files, as they were once computed: a later engine or set of parameters changes
nothing of what a ledger says.
"""

from pathlib import Path

from gep.publishing import commands as g
from gep.publishing.decisions import digest
from ledger import commands as c
from ledger.roles import PartyKind, Role
from tests.ledger.rows.scribe import Scribe

FOLDER = Path(__file__).parent / "accounts"
VERIFIER = "HZ"
CITER = "E01"


def _draft(name: str, *, supersedes: str = "") -> g.DraftGepAccount:
    plan, document = [
        (FOLDER / f"{name}-{kind}.json").read_text(encoding="utf-8").rstrip("\n")
        for kind in ("plan", "account")
    ]
    return g.DraftGepAccount(
        plan=plan, document=document, account=digest(document), supersedes=supersedes
    )


def tell_accounts(scribe: Scribe) -> None:
    """Publish an account and what supersedes it; keep one citation and end one."""
    registration = c.RegisterParty(
        party=VERIFIER,
        party_kind=PartyKind.VERIFIER,
        scheme="uscc",
        identifier=f"id-{VERIFIER}",
        personal=c.PartyPersonal(name="恒证核查"),
    )
    scribe.must(registration)
    for number in "12":
        actor = f"{VERIFIER}-{number}"
        key = actor.encode().hex().ljust(64, "0")
        scribe.must(c.RegisterActor(actor=actor, party=VERIFIER, roles=[Role.VERIFIER], digest=key))
    first = _draft("first")
    _publish(scribe, first)
    for reference in ("LOAN/1", "LOAN/2"):
        cited = g.CiteGepAccount(
            account=first.account, party=CITER, purpose=g.CitedFor.LOAN, reference=reference
        )
        scribe.must(cited, actor=f"{CITER}-1")
    second = _draft("second", supersedes=first.account)
    assert scribe.send(first, actor="HZ-1").refusal is not None
    _publish(scribe, second)
    for reference, outcome in (
        ("LOAN/1", g.CitationOutcome.KEPT),
        ("LOAN/2", g.CitationOutcome.ENDED),
    ):
        settled = g.SettleGepCitation(
            account=first.account, party=CITER, reference=reference, outcome=outcome
        )
        scribe.must(settled, actor=f"{CITER}-1")
    _give_up(scribe, _draft("third", supersedes=second.account))


def _publish(scribe: Scribe, draft: g.DraftGepAccount) -> None:
    scribe.must(draft, actor="HZ-1")
    accepted = g.ReviewGepAccount(account=draft.account, outcome=g.ReviewOutcome.ACCEPTED)
    scribe.must(accepted, actor="HZ-2")
    scribe.approved(g.ApproveGepAccount(account=draft.account, decision="2026-17"))
    scribe.must(g.PublishGepAccount(account=draft.account), actor="R-1")


def _give_up(scribe: Scribe, draft: g.DraftGepAccount) -> None:
    """Return a draft, and withdraw it when it was drafted again."""
    scribe.must(draft, actor="HZ-1")
    returned = g.ReviewGepAccount(
        account=draft.account, outcome=g.ReviewOutcome.RETURNED, note="无监测数据"
    )
    scribe.must(returned, actor="HZ-2")
    scribe.must(draft, actor="HZ-1")
    scribe.must(g.WithdrawGepAccount(account=draft.account), actor="R-1")
