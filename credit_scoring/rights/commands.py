"""What can be asked about the rights of a subject, as plain data. Days are ordinals.

A document is named by its SHA-256 in hex; no free text enters the ledger.
"""

from enum import StrEnum

import msgspec

from ledger.commands import Command

FACTS_NAMED_MAX = 20
FACTS_ERASED_MAX = 500
NOTICES_MAX = 100
OVERDUE_MAX = 500


class FactName(msgspec.Struct, frozen=True, kw_only=True):
    """Names a fact: its source, and the source's own reference."""

    source: str
    reference: str


class ReviewOutcome(StrEnum):
    """How a review ends. None of them is a score: that only ever follows from what these name."""

    FACTS_STAND = "facts_stand"
    FACTS_REVOKED = "facts_revoked"
    FACTS_REPAIRED = "facts_repaired"
    RULE_SET_ADOPTED = "rule_set_adopted"


class Clock(StrEnum):
    """What runs on a clock of its own, and can be overdue."""

    OBJECTION = "objection"
    REVIEW = "review"


class Correction(StrEnum):
    """What happened to a fact that answers rested on."""

    REVOKED = "revoked"
    REPAIRED = "repaired"


class RequestReview(Command, frozen=True, kw_only=True, tag="credit_request_review"):
    """Ask a person to look at an automated result about oneself (人工复核).

    The result is the score of ``as_of`` under a version of the rules; ``query`` is the bank's query
    whose answer it was, if it was one; ``evidence`` is the subject's own words.
    """

    subject: str
    as_of: int
    rule_set: str
    query: int | None = None
    evidence: str


class AnswerReview(Command, frozen=True, kw_only=True, tag="credit_answer_review"):
    """Answer a review in one's own name; ``evidence`` is the document with the reasons.

    ``facts`` are those that decided, or that were revoked or repaired; ``rule_set`` is the version
    that was adopted.
    """

    review: int
    outcome: ReviewOutcome
    facts: list[FactName]
    rule_set: str = ""
    evidence: str


class NoteOverdue(Command, frozen=True, kw_only=True, tag="credit_note_overdue"):
    """Record that objections or reviews have no answer although their day is over."""

    clock: Clock
    numbers: list[int]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a recipient was or would be shown of a score, within the scope of its query.

    An empty grade or an absent index was not in the scope, or there is none.
    """

    grade: str = ""
    credit_index: int | None = None


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """For one recipient: the newest answer that the correction changes, before and after.

    ``parts`` are the members of the answer that differ.
    """

    recipient: str
    query: int
    parts: list[str]
    before: Shown
    after: Shown


class RaiseNotices(Command, frozen=True, kw_only=True, tag="credit_raise_notices"):
    """Tell those who received answers about a subject that a correction changes them (更正通知)."""

    subject: str
    source: str
    reference: str
    correction: Correction
    lines: list[NoticeLine]


class AcknowledgeNotice(Command, frozen=True, kw_only=True, tag="credit_acknowledge_notice"):
    """Say, as its recipient, that a notice has arrived."""

    recipient: str
    source: str
    reference: str
    correction: Correction


class EraseFacts(Command, frozen=True, kw_only=True, tag="credit_erase_facts"):
    """Erase the content of facts of a subject whose period is over (到期删除), all or none."""

    subject: str
    facts: list[FactName]
