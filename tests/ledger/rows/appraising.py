"""Valuations of a wetland, told to a scribe: one published, computed again, cited; one given up.

The documents are files, as they were once computed: a later engine or set of parameters changes
nothing of what a ledger says.
"""

from pathlib import Path

from gep.publishing import commands as g
from gep.publishing.decisions import digest
from gep.publishing.valuations import commands as v
from tests.ledger.rows.accounting import CITER
from tests.ledger.rows.scribe import Scribe

FOLDER = Path(__file__).parent / "valuations"


def _draft(name: str, *, supersedes: str = "") -> v.DraftGepValuation:
    project, document = [
        (FOLDER / f"{name}-{kind}.json").read_text(encoding="utf-8").rstrip("\n")
        for kind in ("project", "valuation")
    ]
    return v.DraftGepValuation(
        project=project, document=document, valuation=digest(document), supersedes=supersedes
    )


def tell_valuations(scribe: Scribe) -> None:
    """Publish a valuation and what supersedes it, both cited; give a third one up."""
    first = _draft("first")
    _publish(scribe, first)
    cited = g.CiteGepAccount(
        account=first.valuation, party=CITER, purpose=g.CitedFor.LOAN, reference="LOAN/20"
    )
    scribe.must(cited, actor=f"{CITER}-1")
    second = _draft("second", supersedes=first.valuation)
    _publish(scribe, second)
    kept = g.SettleGepCitation(
        account=first.valuation,
        party=CITER,
        reference="LOAN/20",
        outcome=g.CitationOutcome.KEPT,
    )
    scribe.must(kept, actor=f"{CITER}-1")
    third = _draft("third", supersedes=second.valuation)
    scribe.must(third, actor="HZ-1")
    returned = v.ReviewGepValuation(
        valuation=third.valuation, outcome=g.ReviewOutcome.RETURNED, note="无客流数据"
    )
    scribe.must(returned, actor="HZ-2")
    scribe.must(third, actor="HZ-1")
    scribe.must(v.WithdrawGepValuation(valuation=third.valuation), actor="R-1")


def _publish(scribe: Scribe, draft: v.DraftGepValuation) -> None:
    scribe.must(draft, actor="HZ-1")
    for reviewer in ("HZ-2", "x"):
        accepted = v.ReviewGepValuation(valuation=draft.valuation, outcome=g.ReviewOutcome.ACCEPTED)
        scribe.must(accepted, actor=reviewer)
    scribe.approved(v.ApproveGepValuation(valuation=draft.valuation, decision="2026-18"))
    scribe.must(v.PublishGepValuation(valuation=draft.valuation), actor="R-1")
