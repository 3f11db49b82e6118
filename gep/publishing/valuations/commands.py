"""What can be asked of a venue's valuations, as plain data. A valuation is named by its hash."""

from gep.publishing.commands import ReviewOutcome
from kernel.money import Fen
from ledger.commands import Command

# Deciding a valuation of this size takes about 35 ms; no command may hold the writer for 50.
DOCUMENT_BYTES_MAX = 100_000
# Above this either value needs two independent reviewers. domain/loans.md 2.4, quantity checks.
SECOND_REVIEW_ABOVE = Fen(1_000_000_000)


class DraftGepValuation(Command, frozen=True, kw_only=True, tag="gep_draft_valuation"):
    """Put a valuation before its reviewers (价值评估初稿).

    ``project`` is what it is computed from, ``document`` the canonical valuation with the hash
    ``valuation``; ``supersedes`` names the published valuation that it computes again.
    """

    project: str
    document: str
    valuation: str
    supersedes: str = ""


class ReviewGepValuation(Command, frozen=True, kw_only=True, tag="gep_review_valuation"):
    """Say what was found of a valuation (评估复核); one that is returned says why.

    A second review of a reviewed one comes from another party's person.
    """

    valuation: str
    outcome: ReviewOutcome
    note: str = ""


class ApproveGepValuation(Command, frozen=True, kw_only=True, tag="gep_approve_valuation"):
    """Approve a reviewed valuation (审定); ``decision`` is the number of the document that does."""

    valuation: str
    decision: str


class PublishGepValuation(Command, frozen=True, kw_only=True, tag="gep_publish_valuation"):
    """Publish an approved valuation (发布), which then counts in place of what it supersedes."""

    valuation: str


class WithdrawGepValuation(Command, frozen=True, kw_only=True, tag="gep_withdraw_valuation"):
    """Take back a valuation that was not published (撤回)."""

    valuation: str
