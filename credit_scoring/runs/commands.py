"""What can be asked of runs and snapshots, as plain data. Days are ordinals, digests are in hex."""

from enum import StrEnum

import msgspec

from ledger.commands import Command

SNAPSHOT_DAYS_MAX = 366
# Rule sets under which one run scores: the one in force, and every challenger.
SCORED_MAX = 4
GRADES_MAX = 64


class RunPurpose(StrEnum):
    """What a run is for; one for review is looked at, and never stands behind a snapshot."""

    REVIEW = "review"
    PRICE_LIST = "price_list"
    BANKS = "banks"


class GradeCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many rated subjects of one kind have one grade."""

    subject_kind: str
    grade: str
    subjects: int


class ScoredUnder(msgspec.Struct, frozen=True, kw_only=True):
    """What a run gave under one rule set: the root of its rows, and how many have which grade.

    ``root`` is that of the Merkle tree (RFC 6962) over the rows, in the order of the subjects'
    registration. ``complete`` counts those without a fact under a rule that the set does not know.
    """

    version: str
    rule_set_hash: str
    root: str
    rated: int
    complete: int
    grades: list[GradeCount]


class RecordCreditRun(Command, frozen=True, kw_only=True, tag="credit_record_run"):
    """Adopt the rows that were staged under a job's id (批量评分入账).

    The facts are those of the entries up to ``position`` whose stamp is not after ``known_at``.
    ``scored`` begins with the rule set that was in force on ``as_of``; challengers follow.
    """

    job: str
    purpose: RunPurpose
    as_of: int
    known_at: int
    position: int
    subjects: int
    scored: list[ScoredUnder]


class DesignateSnapshot(Command, frozen=True, kw_only=True, tag="credit_designate_snapshot"):
    """Let a run's rows count for its purpose from a day to a day (评分快照).

    ``replaces`` is the snapshot that this one corrects; it stays, and counts no more.
    """

    run: int
    valid_from: int
    valid_until: int
    decision: str
    replaces: int | None = None
