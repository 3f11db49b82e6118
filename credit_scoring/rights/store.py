"""Every query of rights: reviews, what is overdue, notices, what falls due to be erased."""

from datetime import date
from typing import Any

import asyncpg

from credit_scoring.archive.commands import Months, Term
from credit_scoring.archive.decisions import DAY_FIRST
from credit_scoring.archive.state import TERM_DAYS, TERM_MONTHS
from credit_scoring.archive.store import instant_of
from credit_scoring.consents.commands import ScopeItem
from credit_scoring.records import SubjectKind
from credit_scoring.rights.correcting import Answered
from credit_scoring.rights.erasing import KEPT, erasable_rules, last_due
from credit_scoring.rights.stated_grades import StatedGrade
from credit_scoring.rule_sets.rule_set import RuleSet

ROWS_MAX = 1_000
# Far enough from the calendar's end that no period reaches it.
DAY_LAST = date(9900, 1, 1).toordinal()
# Live credentials of one subject that are looked through, the newest first.
CREDENTIALS_MAX = 100
# Answers of one subject that one correction is tried on; each takes three scores.
ANSWERS_MAX = 2_000

_REVIEWS = """
SELECT * FROM credit_review
WHERE id < $1 AND ($2::text IS NULL OR subject = $2)
  AND CASE $3::text WHEN 'answered' THEN state = 'answered'
      WHEN 'requested' THEN state = 'requested' AND due >= $4
      WHEN 'overdue' THEN state = 'requested' AND due < $4 ELSE true END
ORDER BY id DESC LIMIT $5
"""
_OVERDUE = """
WITH running AS (
  SELECT 'objection' AS clock, id AS number, subject, source, due FROM credit_objection
  WHERE state = 'open'
  UNION ALL
  SELECT 'review', id, subject, NULL, due FROM credit_review WHERE state = 'requested')
SELECT r.*, o.at AS noted_at FROM running r
LEFT JOIN credit_overdue o ON o.clock = r.clock AND o.number = r.number
WHERE r.due < $1 AND ($2::text IS NULL OR r.subject = $2) AND ($3::text IS NULL OR r.source = $3)
  AND (r.clock, r.number) > ($4, $5)
ORDER BY r.clock, r.number LIMIT $6
"""
_NOTICES = """
SELECT * FROM credit_notice
WHERE (entry, recipient) < ($1, $2) AND ($3::text IS NULL OR recipient = $3)
  AND ($4::text IS NULL OR subject = $4)
  AND ($5::boolean IS NULL OR (acknowledged_at IS NOT NULL) = $5)
ORDER BY entry DESC, recipient DESC LIMIT $6
"""
_CORRECTIONS = """
SELECT e.entry, e.number, e.at, e.subject, e.source, e.reference, e.event,
       (SELECT count(*) FROM credit_notice n WHERE n.source = e.source
        AND n.reference = e.reference AND n.correction = e.event) AS notices
FROM credit_event e JOIN credit_fact f ON f.source = e.source AND f.reference = e.reference
WHERE e.event IN ('revoked', 'repaired') AND f.rule <> '' AND e.at >= $1
  AND (e.entry, e.number) < ($2, $3)
ORDER BY e.entry DESC, e.number DESC LIMIT $4
"""
_ANSWERS = """
SELECT * FROM credit_query
WHERE subject = $1 AND consent IS NOT NULL AND at >= $2 AND at < $3
ORDER BY id DESC LIMIT $4
"""
_DUE = """
SELECT f.source, f.reference, f.subject, f.rule, f."on", s.objection,
       (SELECT min(r.id) FROM credit_review r
        WHERE r.subject = f.subject AND r.state = 'requested') AS review,
       (SELECT t.source FROM retention t WHERE t.party = f.subject AND t.until > $1) AS law
FROM credit_fact f JOIN credit_subject c ON c.party = f.subject
LEFT JOIN credit_standing s ON s.source = f.source AND s.reference = f.reference
WHERE c.kind = $2 AND f.rule = ANY($3::text[]) AND f."on" <= $4
  AND ($5::text IS NULL OR f.subject = $5)
  AND (f."on", f.source, f.reference) > ($6, $7, $8)
ORDER BY f."on", f.source, f.reference LIMIT $9
"""


class RightsStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def days(self, term: Term) -> int:
        """Return a period in days: as it was set, else as the law has it."""
        query = "SELECT days FROM credit_term WHERE term = $1"
        found: int | None = await self._connection.fetchval(query, term.value)
        return TERM_DAYS[term] if found is None else found

    async def months(self, term: Months) -> int:
        """Return a period in months: as it was set, else as the law has it."""
        query = "SELECT months FROM credit_months WHERE term = $1"
        found: int | None = await self._connection.fetchval(query, term.value)
        return TERM_MONTHS[term] if found is None else found

    async def reviews(
        self, *, subject: str | None, state: str | None, today: int, before: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return reviews under a number, the newest first."""
        return await self._rows(_REVIEWS, before, subject, state, today, limit)

    async def overdue(
        self,
        day: int,
        *,
        subject: str | None = None,
        source: str | None = None,
        after: tuple[str, int] = ("", 0),
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return what is open now and was due before a day, objections first."""
        return await self._rows(_OVERDUE, day, subject, source, *after, limit)

    async def notices(
        self,
        *,
        recipient: str | None,
        subject: str | None,
        acknowledged: bool | None,
        before: tuple[int, str],
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return notices, the newest first."""
        return await self._rows(_NOTICES, *before, recipient, subject, acknowledged, limit)

    async def told(self, *, source: str, reference: str, correction: str) -> set[str]:
        """Return who was told of a correction."""
        query = (
            "SELECT recipient FROM credit_notice "
            "WHERE source = $1 AND reference = $2 AND correction = $3"
        )
        rows = await self._connection.fetch(query, source, reference, correction)
        return {row["recipient"] for row in rows}

    async def corrections(
        self, *, since: int, before: tuple[int, int], limit: int
    ) -> list[dict[str, Any]]:
        """Return revocations and repairs since an instant, the newest first."""
        return await self._rows(_CORRECTIONS, since, *before, limit)

    async def correction_of(
        self, *, source: str, reference: str, correction: str
    ) -> tuple[int, int] | None:
        """Return entry and instant of a fact's correction, ``None`` where there is none."""
        query = (
            "SELECT entry, at FROM credit_event "
            "WHERE source = $1 AND reference = $2 AND event = $3 AND subject = "
            "(SELECT subject FROM credit_fact WHERE source = $1 AND reference = $2)"
        )
        row = await self._connection.fetchrow(query, source, reference, correction)
        return None if row is None else (row["entry"], row["at"])

    async def fact(self, *, source: str, reference: str) -> dict[str, Any] | None:
        """Return one fact."""
        query = "SELECT * FROM credit_fact WHERE source = $1 AND reference = $2"
        row = await self._connection.fetchrow(query, source, reference)
        return None if row is None else dict(row)

    async def answers(self, subject: str, *, since: int, until: int) -> list[Answered]:
        """Return the answered queries of a subject in a period, the newest first."""
        rows = await self._connection.fetch(_ANSWERS, subject, since, until, ANSWERS_MAX + 1)
        return [
            Answered(
                query=row["id"],
                entry=row["entry"],
                bank=row["bank"],
                as_of=date.fromordinal(row["as_of"]),
                known_at=instant_of(row["known_at"]),
                rule_set=row["rule_set"],
                scope=tuple(map(ScopeItem, row["scope"])),
            )
            for row in rows
        ]

    async def stated(self, hashes: list[str], *, now: int) -> list[StatedGrade]:
        """Return the live credentials that were made of records with one of these hashes."""
        query = (
            "SELECT * FROM credential WHERE records_hash = ANY($1::text[]) "
            "AND revoked_at IS NULL AND valid_until > $2 ORDER BY entry DESC LIMIT $3"
        )
        return [
            StatedGrade(
                credential=row["id"],
                grade=row["grade"],
                as_of=date.fromordinal(row["as_of"]),
                rule_set=row["rule_set_version"],
            )
            for row in await self._connection.fetch(query, hashes, now, CREDENTIALS_MAX)
        ]

    async def due(
        self,
        kind: SubjectKind,
        *,
        sets: list[RuleSet],
        day: int,
        now: int,
        subject: str | None,
        after: tuple[int, str, str],
        limit: int,
    ) -> list[dict[str, Any]]:
        """Return facts of a kind of subject that may be erased by a day, the oldest first."""
        months = await self.months(KEPT[kind])
        if not months:
            return []
        rules = erasable_rules(sets, kind)
        last = last_due(min(max(day, DAY_FIRST), DAY_LAST), months=months)
        return await self._rows(_DUE, now, kind.value, rules, last, subject, *after, limit)

    async def erasures(
        self, *, subject: str | None, before: tuple[int, int], limit: int
    ) -> list[dict[str, Any]]:
        """Return what was erased, the newest first."""
        query = (
            "SELECT * FROM credit_erasure WHERE (entry, number) < ($1, $2) "
            "AND ($3::text IS NULL OR subject = $3) ORDER BY entry DESC, number DESC LIMIT $4"
        )
        return await self._rows(query, *before, subject, limit)

    async def erased(self, subject: str, *, known_at: int, since: int) -> int:
        """Return how many facts that were known at an instant were erased since another."""
        query = (
            "SELECT count(*) FROM credit_erasure "
            "WHERE subject = $1 AND recorded_at <= $2 AND at >= $3"
        )
        return int(await self._connection.fetchval(query, subject, known_at, since))

    async def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self._connection.fetch(query, *values)]
