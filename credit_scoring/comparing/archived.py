"""The grades of all archives on a day, counted by group: page after page, and nobody by name.

Nothing is kept of a page but its counts. A score reads only what was recorded up to ``known_at``,
so pages need no common snapshot: what is reported meanwhile is not in any of them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import asyncpg

from credit_scoring.archive.store import records_of
from credit_scoring.batch.building import archives_of
from credit_scoring.batch.scoring import score_batch
from credit_scoring.comparing.fairness import Counted, Tally
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet

SUBJECTS_PER_PAGE = 500
_SUBJECTS = """
SELECT party, kind, division, region FROM credit_subject WHERE party > $1 ORDER BY party LIMIT $2
"""
_FACTS = "SELECT * FROM credit_known_fact WHERE subject = ANY($1::text[]) AND rule <> ''"
_EVENTS = "SELECT * FROM credit_event WHERE subject = ANY($1::text[])"


async def has_more_subjects(connection: asyncpg.Connection, than: int) -> bool:
    """Tell whether there are more archives than so many."""
    query = "SELECT EXISTS (SELECT FROM credit_subject OFFSET $1)"
    return bool(await connection.fetchval(query, than))


async def tally_of_archives(
    connection: asyncpg.Connection, *, as_of: date, known_at: datetime, rule_set: RuleSet
) -> Tally:
    """Score every archive and count the grades by group."""
    tally, after = Tally(), ""
    while True:
        subjects = await connection.fetch(_SUBJECTS, after, SUBJECTS_PER_PAGE)
        if not subjects:
            return tally
        after = subjects[-1]["party"]
        names = [row["party"] for row in subjects]
        facts = await connection.fetch(_FACTS, names)
        events = await connection.fetch(_EVENTS, names)
        counted = await asyncio.to_thread(
            _score, subjects, facts, events, as_of=as_of, known_at=known_at, rule_set=rule_set
        )
        for each in counted:
            tally.add(each)


def _score(
    subjects: Sequence[Any],
    facts: Sequence[Any],
    events: Sequence[Any],
    *,
    as_of: date,
    known_at: datetime,
    rule_set: RuleSet,
) -> list[Counted]:
    """Score a page of subjects."""
    facts_of, events_of = defaultdict(list), defaultdict(list)
    for row in facts:
        facts_of[row["subject"]].append(row)
    for row in events:
        events_of[row["subject"]].append(row)
    archives = archives_of(
        (
            row["party"],
            SubjectKind(row["kind"]),
            records_of(facts_of[row["party"]], events_of[row["party"]]),
        )
        for row in subjects
    )
    scores = score_batch(
        archives.columns, as_of=as_of, known_at=known_at, rule_set=rule_set, with_lines=False
    )
    return [
        Counted(
            kind=SubjectKind(row["kind"]),
            region=row["region"],
            sector=row["division"][:1],
            grade=scores.grade_name(place) if scores.rated[place] else None,
        )
        for place, row in enumerate(subjects)
    ]
