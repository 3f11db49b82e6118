"""What a bank's query is answered from, read in one statement: one snapshot, one way to the rows.

A query waits for each way to the database, and several statements need a transaction around them to
see one state. One statement sees one state by itself.
"""

from datetime import date, datetime

import asyncpg
import msgspec

from credit_scoring.archive.store import RECORDS_MAX, TooManyRecords, instant_of, records_of
from credit_scoring.consents.days import begin_of
from credit_scoring.records import Record
from credit_scoring.rule_sets.adopting.commands import ADOPTED_MAX
from credit_scoring.rule_sets.adopting.store import KnownRuleSets
from credit_scoring.rule_sets.rule_set import RuleSet
from ledger.sequencer.submission import key_hash

_ASKED = """
SELECT v.at, (SELECT kind FROM party WHERE id = $1) AS kind,
  EXISTS (SELECT FROM idempotency WHERE key_hash = $2) AS is_known,
  ARRAY(SELECT hash FROM credit_rule_set ORDER BY effective_from, version LIMIT $3) AS rule_sets,
  ARRAY(SELECT (source, reference, rule, "on", quantity, incident, at)
        FROM credit_known_fact WHERE subject = $1 AND rule <> '' LIMIT $4) AS facts,
  ARRAY(SELECT (source, reference, event, "on", at)
        FROM credit_event WHERE subject = $1 LIMIT $4) AS events,
  ARRAY(SELECT (recorded_at, at) FROM credit_erasure WHERE subject = $1 LIMIT $4) AS erased
FROM venue v LIMIT 1
"""
_OF_FACT = ("source", "reference", "rule", "on", "quantity", "incident", "at")
_OF_EVENT = ("source", "reference", "event", "on", "at")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A subject as it is known now; ``kind`` is ``None`` where no party has this name.

    ``is_known`` tells that the key, or one of its hash, was used before.
    """

    now: datetime
    kind: str | None
    is_known: bool
    rule_sets: list[RuleSet]
    facts: list[tuple[str | int, ...]]
    events: list[tuple[str | int, ...]]
    erased: list[tuple[int, int]]

    def has_lost(self, *, day: date, known_at: int) -> bool:
        """Tell whether a fact that was known at an instant was erased after a day.

        On that day it may have counted, and no score of it can tell any more.
        """
        since = begin_of(day.toordinal() + 1)
        return any(recorded <= known_at and at >= since for recorded, at in self.erased)

    def records(self) -> list[Record]:
        """Return everything that the subject's archive holds.

        Raises:
            TooManyRecords: more than ``RECORDS_MAX`` facts or events.
        """
        if max(len(self.facts), len(self.events)) > RECORDS_MAX:
            raise TooManyRecords
        return records_of(
            [dict(zip(_OF_FACT, row, strict=True)) for row in self.facts],
            [dict(zip(_OF_EVENT, row, strict=True)) for row in self.events],
        )


async def asked(
    connection: asyncpg.Connection, *, subject: str, actor: str, key: str, known: KnownRuleSets
) -> Asked:
    """Read what a query of a subject under a key is answered from."""
    row = await connection.fetchrow(
        _ASKED, subject, key_hash(actor, key), ADOPTED_MAX, RECORDS_MAX + 1
    )
    assert row is not None
    return Asked(
        now=instant_of(row["at"]),
        kind=row["kind"],
        is_known=row["is_known"],
        rule_sets=await known.of(connection, row["rule_sets"]),
        facts=row["facts"],
        events=row["events"],
        erased=row["erased"],
    )
