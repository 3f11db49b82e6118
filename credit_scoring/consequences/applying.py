"""What applies to a subject on a day: every row of its kind, with the reason where it does not.

A subject that nothing rates has no grade, and nothing follows from today's; what a half-year list
says of it stands until the next. An answer has three words: a row applies, does not apply, or is
off. None of them is a refusal of anything to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from credit_scoring.consequences.row import COUNTRY, Condition, Effect, Missing, Row
from credit_scoring.records import SubjectKind
from kernel.errors import ensure


class State(StrEnum):
    """What a row is for a subject on a day."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"
    OFF = "off"


class Reason(StrEnum):
    """Why a row that is on does not apply, the first that fits."""

    OTHER_SCHEME = "other_scheme"
    OTHER_REGION = "other_region"
    NOT_YET = "not_yet"
    ENDED = "ended"
    NOT_LISTED = "not_listed"
    NOT_RATED = "not_rated"
    OTHER_GRADE = "other_grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a subject stands: its grade and colour under a scheme, and in the half-year lists.

    ``grade`` is None where nothing rates it. ``lists`` are its grades in the lists of the scheme,
    the one in force first; ``region`` is its six digits.
    """

    kind: SubjectKind
    scheme: str
    grade: str | None
    colour: str | None
    region: str
    lists: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row for one subject on one day; ``until`` is its last day, if a date tells it."""

    row: Row
    state: State
    reasons: tuple[Reason | Missing, ...] = ()
    until: date | None = None


def consequences(rows: Sequence[Row], standing: Standing, *, on: date) -> tuple[Outcome, ...]:
    """Return what every row of the subject's kind is for it on a day, in the order of the rows."""
    found = [_outcome(row, standing, on) for row in rows if row.subject is standing.kind]
    for each in found:
        burdens = each.state is State.APPLIES and each.row.effect is Effect.PENALTY
        ensure(
            not (burdens and standing.kind is SubjectKind.PERSON),
            f"{each.row.id} burdens a person",
        )
    return tuple(found)


def _outcome(row: Row, standing: Standing, on: date) -> Outcome:
    if not row.is_on:
        return Outcome(row=row, state=State.OFF, reasons=row.missing)
    reason = _against(row, standing, on)
    if reason is not None:
        return Outcome(row=row, state=State.DOES_NOT_APPLY, reasons=(reason,))
    return Outcome(row=row, state=State.APPLIES, until=row.end)


def _against(row: Row, standing: Standing, on: date) -> Reason | None:
    if row.scheme != standing.scheme:
        return Reason.OTHER_SCHEME
    if row.region != COUNTRY and not standing.region.startswith(str(row.region)):
        return Reason.OTHER_REGION
    if row.effective_from is not None and on < row.effective_from:
        return Reason.NOT_YET
    if row.end is not None and on > row.end:
        return Reason.ENDED
    if row.by_list and not standing.lists:
        return Reason.NOT_LISTED
    if standing.grade is None and not row.by_list:
        return Reason.NOT_RATED
    if not any(_holds(each, row, standing) for each in row.conditions):
        return Reason.OTHER_GRADE
    return None


def _holds(condition: Condition, row: Row, standing: Standing) -> bool:
    """Tell whether a condition holds; several lists running are always those of the lists."""
    if row.by_list or condition.running > 1:
        newest = standing.lists[: condition.running]
        return newest == (condition.grade,) * condition.running
    return condition.grade in (standing.grade, standing.colour)
