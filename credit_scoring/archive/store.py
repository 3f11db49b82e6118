"""Every query of the archives: subjects, facts with what happened to them, objections, records."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from credit_scoring.archive.effects import DISPUTE_CLOSED, DISPUTE_OPENED, REPAIRED, REVOKED
from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)
from credit_scoring.rule_sets.adopting.store import RuleSetStore
from credit_scoring.rule_sets.rule_set import RuleSet

ROWS_MAX = 1_000
# What one score is computed from; a subject with more has no answer, rather than a wrong one.
RECORDS_MAX = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FACTS = """
SELECT f.*, coalesce(s.repaired_on, 0) AS repaired_on, coalesce(s.revoked, false) AS revoked,
       s.objection
FROM credit_known_fact f
LEFT JOIN credit_standing s ON s.source = f.source AND s.reference = f.reference
WHERE f.subject = $1 AND f.rule <> '' AND (f.entry, f.source, f.reference) > ($2, $3, $4)
ORDER BY f.entry, f.source, f.reference LIMIT $5
"""
_OBJECTIONS = """
SELECT * FROM credit_objection
WHERE id > $1 AND ($2::text IS NULL OR subject = $2) AND ($3::text IS NULL OR source = $3)
  AND ($4::text IS NULL OR state = $4)
ORDER BY id LIMIT $5
"""


class TooManyRecords(Exception):
    """A subject has more records than one score is computed from."""


class ArchiveStore:
    """Reads of one venue on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def subject(self, party: str) -> dict[str, Any] | None:
        """Return one subject."""
        row = await self._connection.fetchrow(
            "SELECT * FROM credit_subject WHERE party = $1", party
        )
        return None if row is None else dict(row)

    async def subjects(
        self,
        *,
        party: str | None = None,
        kind: str | None = None,
        after: str = "",
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return subjects by party; only one party's, or only those of a kind."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_subject WHERE party > $1"
            " AND ($2::text IS NULL OR party = $2) AND ($3::text IS NULL OR kind = $3)"
            " ORDER BY party LIMIT $4",
            after,
            party,
            kind,
            limit,
        )
        return [dict(row) for row in rows]

    async def facts(
        self, subject: str, *, after: tuple[int, str, str] = (-1, "", ""), limit: int = ROWS_MAX
    ) -> list[dict[str, Any]]:
        """Return a subject's facts in the order of their entries, each with its standing."""
        rows = await self._connection.fetch(_FACTS, subject, *after, limit)
        return [dict(row) for row in rows]

    async def objections(
        self,
        *,
        subject: str | None = None,
        source: str | None = None,
        state: str | None = None,
        after: int = 0,
        limit: int = ROWS_MAX,
    ) -> list[dict[str, Any]]:
        """Return objections by number."""
        rows = await self._connection.fetch(_OBJECTIONS, after, subject, source, state, limit)
        return [dict(row) for row in rows]

    async def departments(self, *, after: str = "", limit: int = ROWS_MAX) -> list[dict[str, Any]]:
        """Return the departments by party."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_department WHERE party > $1 ORDER BY party LIMIT $2",
            after,
            limit,
        )
        return [dict(row) for row in rows]

    async def rule_sets(self) -> list[RuleSet]:
        """Return the rule sets that were adopted, the oldest first."""
        return await RuleSetStore(self._connection).rule_sets()

    async def now(self) -> datetime:
        """Return the venue's own time: the stamp of its newest entry."""
        return instant_of(await self._connection.fetchval("SELECT at FROM venue LIMIT 1"))

    async def records(self, subject: str) -> list[Record]:
        """Return everything that a subject's archive holds; of what was erased nothing is left.

        Raises:
            TooManyRecords: more than ``RECORDS_MAX`` facts or events.
        """
        facts = await self._connection.fetch(
            "SELECT * FROM credit_known_fact WHERE subject = $1 AND rule <> '' LIMIT $2",
            subject,
            RECORDS_MAX + 1,
        )
        events = await self._connection.fetch(
            "SELECT * FROM credit_event WHERE subject = $1 LIMIT $2", subject, RECORDS_MAX + 1
        )
        if max(len(facts), len(events)) > RECORDS_MAX:
            raise TooManyRecords(subject)
        return records_of(facts, events)


def records_of(facts: Iterable[Any], events: Iterable[Any]) -> list[Record]:
    """Return the records that rows of facts and of events are; events of erased facts are none."""
    rows = list(facts)
    known = {name_of(row) for row in rows}
    left = (row for row in events if name_of(row) in known)
    return [*map(_fact, rows), *map(_event, left)]


def instant_of(at: int) -> datetime:
    """Return the instant of microseconds since the epoch."""
    return _EPOCH + timedelta(microseconds=at)


def microseconds_of(instant: datetime) -> int:
    """Return an instant as microseconds since the epoch."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def name_of(row: Any) -> str:
    """Return how a score names a fact: its source and reference, which has no other way to cut."""
    return f"{row['source']}/{row['reference']}"


def _fact(row: Any) -> Fact:
    return Fact(
        id=name_of(row),
        rule=row["rule"],
        on=date.fromordinal(row["on"]),
        recorded_at=instant_of(row["at"]),
        quantity=row["quantity"],
        incident=row["incident"] or None,
    )


def _event(row: Any) -> Record:
    fact, at = name_of(row), instant_of(row["at"])
    match row["event"]:
        case event if event == REPAIRED:
            return Repair(fact=fact, on=date.fromordinal(row["on"]), recorded_at=at)
        case event if event == REVOKED:
            return Revocation(fact=fact, recorded_at=at)
        case event if event == DISPUTE_OPENED:
            return DisputeOpened(fact=fact, recorded_at=at)
        case event if event == DISPUTE_CLOSED:
            return DisputeClosed(fact=fact, recorded_at=at)
        case other:
            raise ValueError(f"an event of the archive that nobody knows: {other}")
