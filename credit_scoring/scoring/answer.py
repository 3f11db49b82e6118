"""What a score answers (评分解释): the index, and every thousandth of a point of it.

Identity: base + sum of counted + sum of adjustments = value, to the thousandth.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec

from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import SubIndexName, Veto


class FactState(StrEnum):
    """What became of a fact; the first that fits, in the order in which it is asked."""

    REVOKED = "revoked"
    UNKNOWN_RULE = "unknown_rule"
    RULE_OFF = "rule_off"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    RESTING = "resting"
    SUPERSEDED = "superseded"
    OVER_FREQUENCY = "over_frequency"
    ABSORBED = "absorbed"
    ACTIVE = "active"


class AdjustmentKind(StrEnum):
    """What changed the sum after the facts were counted."""

    RANGE_CLAMP = "range_clamp"
    SOFT_VETO = "soft_veto"
    HARD_VETO = "hard_veto"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One fact in a score.

    ``start`` and ``end`` bound the days on which it counts (the end does not); ``raw_milli`` is
    what it is worth on the day, ``counted_milli`` what of it counts, ``cut_milli`` what a cap took.
    A fact whose rule is not known has no category, dates or points.
    """

    fact: str
    rule: str
    category: str | None
    on: date
    start: date | None
    end: date | None
    state: FactState
    raw_milli: int
    counted_milli: int
    cut_milli: int
    absorbed_by: str | None
    veto: Veto | None
    disputed: bool


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One change of the sum: the clamp to the range, one step of a soft veto, or the red line.

    ``facts`` names the one fact of a soft step, and all facts of the red line, sorted.
    """

    kind: AdjustmentKind
    milli: int
    facts: tuple[str, ...] = ()


class Improvement(msgspec.Struct, frozen=True, kw_only=True):
    """A repair that would raise the index, from which day, and what the index would be then."""

    fact: str
    rule: str
    day: date
    credit_index: int
    grade: str
    gain: int


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """An explained index of one subject, as of a day, as known at an instant.

    With ``rated`` false only the subject and the auditor are shown index, grade and colour; with
    ``complete`` false a fact stands under a rule that the set does not know. ``lines`` are in the
    order of (on, fact); ``reasons`` are rule ids, the weightiest first.
    """

    kind: SubjectKind
    as_of: date
    known_at: datetime
    rule_set_version: str
    rule_set_hash: str
    records_hash: str
    credit_index: int
    grade: str
    colour: str
    rated: bool
    complete: bool
    base_milli: int
    value_milli: int
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...]
    reasons: tuple[str, ...]
    improve: tuple[Improvement, ...]
    disputed: tuple[str, ...]
    sub_indices: Mapping[SubIndexName, int | None]
