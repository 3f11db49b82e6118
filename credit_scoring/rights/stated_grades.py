"""Which credentials state a grade that their subject, by what is known now, did not have.

A credential names no archive, for whoever holds it shall learn of none. It carries the hash of the
records that it was made of; a subject's own credentials are those whose hash is one that its
records once had. Who holds one is told by its status list, when it is revoked.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from credit_scoring.records import Record, SubjectKind
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_of_version
from credit_scoring.scoring.score import score


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedGrade:
    """A live credential: the grade that it states, of which day and by which rules."""

    credential: str
    grade: str
    as_of: date
    rule_set: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A credential, and the grade of its day as it is known now."""

    stated: StatedGrade
    grade_now: str


def outdated(
    stated: Iterable[StatedGrade],
    records: Sequence[Record],
    *,
    kind: SubjectKind,
    sets: Sequence[RuleSet],
    now: datetime,
) -> list[Outdated]:
    """Return those whose grade is another one by what is known now, on the same day and rules."""
    found = []
    for each in stated:
        try:
            rule_set = rule_set_of_version(sets, each.rule_set)
        except RuleSetMissing:
            continue
        known = score(kind, list(records), as_of=each.as_of, known_at=now, rule_set=rule_set)
        if known.grade != each.grade:
            found.append(Outdated(stated=each, grade_now=known.grade))
    return found
