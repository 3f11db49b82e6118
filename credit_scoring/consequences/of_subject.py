"""What follows from a subject's own archive on a day: its grades of each scheme, and its lists.

Of each scheme that a row names the grade is worked out from the records; half-year lists from what
was known at the end of the day as of which a list is fixed. What does not rate the subject gives
no grade, and nothing follows from that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from credit_scoring.consequences.applying import Outcome, Standing, consequences
from credit_scoring.consequences.lists import WorkingDay, half_year_end_before, list_in_force
from credit_scoring.consequences.reading import RUNNING_MAX
from credit_scoring.consequences.row import INDEX, Row
from credit_scoring.dates import end_of_day
from credit_scoring.native.archive import archive_schemes, rate_archive
from credit_scoring.records import Record, SubjectKind
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_in_force
from credit_scoring.scoring.score import score

NO_GRADE = (None, None)
TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A subject and its records."""

    kind: SubjectKind
    region: str
    records: Sequence[Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A day, what was known at an instant, and the rule sets that a venue has adopted."""

    on: date
    known_at: datetime
    sets: Sequence[RuleSet]
    is_working_day: WorkingDay


def consequences_of(
    rows: Sequence[Row], subject: Archived, question: Question
) -> tuple[Outcome, ...]:
    """Return what every row of the subject's kind is for it on a day, in the order of the rows.

    Raises:
        RuleSetMissing: no rule set is in force on the day.
        WorkingDaysUnknown: a row goes by lists, and the year's holidays are not published.
    """
    rule_set_in_force(question.sets, question.on)
    standings: dict[str, Standing] = {}
    found: list[Outcome] = []
    for row in rows:
        if row.subject is not subject.kind:
            continue
        scheme = row.scheme if row.is_on and row.scheme is not None else INDEX
        if scheme not in standings:
            standings[scheme] = _standing(rows, subject, question, scheme=scheme)
        found += consequences([row], standings[scheme], on=question.on)
    return tuple(found)


def _standing(
    rows: Sequence[Row], subject: Archived, question: Question, *, scheme: str
) -> Standing:
    grade, colour = _grade(subject, question, scheme, on=question.on, known_at=question.known_at)
    by_lists = any(
        row.is_on
        and row.subject is subject.kind
        and row.scheme == scheme
        and (row.by_list or any(each.running > 1 for each in row.conditions))
        for row in rows
    )
    return Standing(
        kind=subject.kind,
        scheme=scheme,
        grade=grade,
        colour=colour,
        region=subject.region,
        lists=_lists(subject, question, scheme) if by_lists else (),
    )


def _lists(subject: Archived, question: Question, scheme: str) -> tuple[str, ...]:
    """Return the grades in the half-year lists, the one in force first, while there are any."""
    found: list[str] = []
    as_of = list_in_force(question.on, is_working_day=question.is_working_day).as_of
    while len(found) < RUNNING_MAX:
        known_at = min(end_of_day(as_of) - TICK, question.known_at)
        grade, _ = _grade(subject, question, scheme, on=as_of, known_at=known_at)
        if grade is None:
            break
        found.append(grade)
        as_of = half_year_end_before(as_of)
    return tuple(found)


def _grade(
    subject: Archived, question: Question, scheme: str, *, on: date, known_at: datetime
) -> tuple[str | None, str | None]:
    """Return grade and colour of a scheme, neither where it rates nothing."""
    try:
        rule_set = rule_set_in_force(question.sets, on)
    except RuleSetMissing:
        return NO_GRADE
    found = score(subject.kind, subject.records, as_of=on, known_at=known_at, rule_set=rule_set)
    if not found.rated:
        return NO_GRADE
    if scheme == INDEX:
        return found.grade, found.colour
    if scheme not in archive_schemes(rule_set) or subject.kind is not SubjectKind.ENTERPRISE:
        return NO_GRADE
    return rate_archive(rule_set, scheme, score=found, records=subject.records).grade, None
