"""What can be asked of a venue's accounts, as plain data. An account is named by its hash.

The plan and the account made of it are in the command that drafts them, so that the ledger alone
says what was agreed on. All that follows names the hash.
"""

from enum import StrEnum

from ledger.commands import Command

# Deciding an account of this size takes about 17 ms; no command may hold the writer for 50.
DOCUMENT_BYTES_MAX = 160_000
NOTE_LENGTH_MAX = 500
TOTAL_FEN_MAX = 10**18 - 1


class ReviewOutcome(StrEnum):
    """What a reviewer finds (复核结论)."""

    ACCEPTED = "accepted"
    RETURNED = "returned"


class CitedFor(StrEnum):
    """What an account is cited for (引用用途)."""

    LOAN = "loan"
    QUOTA = "quota"
    COMPENSATION = "compensation"
    TRADE = "trade"
    REPORT = "report"


class CitationOutcome(StrEnum):
    """What a party does with its citation: keeps it beside a newer account, or ends it."""

    KEPT = "kept"
    ENDED = "ended"


class DraftGepAccount(Command, frozen=True, kw_only=True, tag="gep_draft_account"):
    """Put an account before its reviewer (核算初稿).

    ``plan`` is what it is computed from, ``document`` the canonical account with the hash
    ``account``; ``supersedes`` names the published account that it computes again.
    """

    plan: str
    document: str
    account: str
    supersedes: str = ""


class ReviewGepAccount(Command, frozen=True, kw_only=True, tag="gep_review_account"):
    """Say what was found of a draft (复核); one that is returned says why."""

    account: str
    outcome: ReviewOutcome
    note: str = ""


class ApproveGepAccount(Command, frozen=True, kw_only=True, tag="gep_approve_account"):
    """Approve a reviewed account (审定); ``decision`` is the number of the document that does."""

    account: str
    decision: str


class PublishGepAccount(Command, frozen=True, kw_only=True, tag="gep_publish_account"):
    """Publish an approved account (发布), which then counts in place of what it supersedes."""

    account: str


class WithdrawGepAccount(Command, frozen=True, kw_only=True, tag="gep_withdraw_account"):
    """Take back an account that was not published (撤回)."""

    account: str


class CiteGepAccount(Command, frozen=True, kw_only=True, tag="gep_cite_account"):
    """Say that one's own party relies on an account (引用), under a reference of its own."""

    account: str
    party: str
    purpose: CitedFor
    reference: str


class SettleGepCitation(Command, frozen=True, kw_only=True, tag="gep_settle_citation"):
    """Keep a citation although a newer account counts, or end it (引用复核)."""

    account: str
    party: str
    reference: str
    outcome: CitationOutcome
