"""What an archive (信用档案) holds: facts, and what happened to them later. Append-only.

Every record has two times: the date that it speaks of, and the instant at which it became known.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SubjectKind(StrEnum):
    """The three kinds of subject (信用主体)."""

    ENTERPRISE = "enterprise"
    VILLAGE = "village"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One act or state of a subject under one rule (信用记录).

    ``on`` is the date of its document or, for persons, the end of the behaviour; ``quantity`` is a
    whole number of the rule's units, at least 1; facts of one ``incident`` tell of one event.
    """

    id: str
    rule: str
    on: date
    recorded_at: datetime
    quantity: int = 1
    incident: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A fact's credit is repaired (信用修复): it may end early, by the periods of its rule."""

    fact: str
    on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A fact never held (撤销)."""

    fact: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeOpened:
    """The subject disputes a fact (异议)."""

    fact: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeClosed:
    """The dispute of a fact has ended, whatever its outcome."""

    fact: str
    recorded_at: datetime


Record = Fact | Repair | Revocation | DisputeOpened | DisputeClosed
