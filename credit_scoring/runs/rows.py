"""The rows of a run, what of them is hashed, and how they come out of scored columns.

A leaf is the canonical JSON of a row with its salt, under RFC 6962's prefix for leaves. Grades are
few: who is shown a proof sees its neighbours' hashes and could try all their rows. The salt, of the
run's secret and the row's number, prevents it, and goes out with the row alone.
"""

import hmac
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from credit_scoring.batch.scoring import BatchScores
from credit_scoring.records import SubjectKind
from credit_scoring.scoring.sub_indices import percentile_of
from ledger.transparency.hashing import hash_leaf

SALT_BYTES = 16
SECRET_BYTES = 32
_PLACE_BYTES = 8
NOT_RATED = "not_rated"
_encode = msgspec.json.Encoder().encode


class RunSubject(msgspec.Struct, frozen=True):
    """A subject in a run; ``number`` is its place by registration, from 0."""

    number: int
    party: str
    subject_kind: str
    division: str


class RunRow(msgspec.Struct, frozen=True):
    """What a run says of one subject under one rule set, in the order of the table's columns.

    ``reasons`` are rule ids with a comma between them.
    """

    number: int
    party: str
    subject_kind: str
    division: str
    credit_index: int
    grade: str
    value_milli: int
    rated: bool
    complete: bool
    reasons: str

    @property
    def place(self) -> str:
        """Return the grade, or that there is none."""
        return self.grade if self.rated else NOT_RATED


class RowLeaf(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it is hashed; the members stand in the order of canonical JSON."""

    complete: bool
    credit_index: str
    division: str
    grade: str
    number: str
    party: str
    rated: bool
    reasons: str
    salt: str
    subject_kind: str
    value_milli: str


def salt_of(secret: bytes, *, scored: int, number: int) -> bytes:
    """Return the salt of the row with a number under one of the rule sets, by its place."""
    place = (scored << 56 | number).to_bytes(_PLACE_BYTES, "big")
    return hmac.digest(secret, place, "sha256")[:SALT_BYTES]


def leaf_of(row: RunRow, salt: bytes) -> RowLeaf:
    """Return what is hashed of a row."""
    return RowLeaf(
        complete=row.complete,
        credit_index=str(row.credit_index),
        division=row.division,
        grade=row.grade,
        number=str(row.number),
        party=row.party,
        rated=row.rated,
        reasons=row.reasons,
        salt=salt.hex(),
        subject_kind=row.subject_kind,
        value_milli=str(row.value_milli),
    )


def leaf_hash_of(row: RunRow, *, secret: bytes, scored: int) -> bytes:
    """Return the hash of a row's leaf."""
    salt = salt_of(secret, scored=scored, number=row.number)
    return hash_leaf(_encode(leaf_of(row, salt)))


def rows_of(subjects: Sequence[RunSubject], scores: BatchScores) -> Iterator[RunRow]:
    """Yield the row of each subject, from scores in the subjects' order."""
    grades, rule_ids = scores.rules.grades, scores.rules.rule_ids
    columns: tuple[list[Any], ...] = (
        scores.credit_index.tolist(),
        scores.grade.tolist(),
        scores.value_milli.tolist(),
        scores.rated.tolist(),
        scores.complete.tolist(),
        scores.reasons.tolist(),
    )
    for subject, index, grade, value, rated, complete, reasons in zip(
        subjects, *columns, strict=True
    ):
        yield RunRow(
            subject.number,
            subject.party,
            subject.subject_kind,
            subject.division,
            index,
            grades[grade],
            value,
            rated,
            complete,
            ",".join(rule_ids[code] for code in reasons if code >= 0),
        )


def sector_counts(rows: Sequence[RunRow]) -> dict[tuple[str, int], int]:
    """Return how many rated firms of a division (GB/T 4754) have an index, by both."""
    counts: dict[tuple[str, int], int] = {}
    for row in rows:
        if row.rated and row.subject_kind == SubjectKind.ENTERPRISE:
            key = (row.division, row.credit_index)
            counts[key] = counts.get(key, 0) + 1
    return counts


def sector_place(firms_by_index: dict[int, int], credit_index: int) -> int | None:
    """Return the mid-rank of an index in its division, in hundredths of a percent."""
    below = sum(firms for index, firms in firms_by_index.items() if index < credit_index)
    return percentile_of(
        below=below, equal=firms_by_index.get(credit_index, 0), firms=sum(firms_by_index.values())
    )
