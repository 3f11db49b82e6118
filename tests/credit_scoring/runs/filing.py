"""Puts archives into the rows of a venue's database, as the machine would have put them there."""

from collections.abc import Iterable, Sequence
from datetime import date

import asyncpg

from credit_scoring.archive.effects import DISPUTE_CLOSED, DISPUTE_OPENED, REPAIRED, REVOKED
from credit_scoring.archive.store import instant_of
from credit_scoring.batch.building import Archives
from credit_scoring.batch.columns import micros_of
from credit_scoring.batch.compiled import KINDS
from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
    SubjectKind,
)

EVIDENCE = "e5" * 32
SOURCE = "S"
POSITION = 1_000
_NAMES = {
    Repair: REPAIRED,
    Revocation: REVOKED,
    DisputeOpened: DISPUTE_OPENED,
    DisputeClosed: DISPUTE_CLOSED,
}


async def file_archives(
    connection: asyncpg.Connection,
    archives: Sequence[tuple[SubjectKind, Sequence[Record]]],
    *,
    entry: int = 1,
    file: str = "",
) -> None:
    """File each archive under a party of its own; all rows are of one entry."""
    subjects, facts, events = [], [], []
    for number, (kind, records) in enumerate(archives):
        party = f"{entry:03}-{number:05}"
        division = f"C{13 + number % 3}" if kind is SubjectKind.ENTERPRISE else ""
        subjects.append((party, kind.value, "", division, "331102", entry))
        known = {each.id for each in records if isinstance(each, Fact)}
        for record in records:
            if isinstance(record, Fact):
                facts.append((SOURCE, f"{party}.{record.id}", party, *_fact(record), entry))
            elif record.fact in known:
                events.append((party, SOURCE, f"{party}.{record.fact}", *_event(record), entry))
    await connection.copy_records_to_table("credit_subject", records=subjects)
    await connection.copy_records_to_table(
        "credit_fact",
        records=[(*row[:-2], EVIDENCE, file, "S-1", row[-1], row[-2]) for row in facts],
    )
    await connection.copy_records_to_table(
        "credit_event",
        records=[
            (entry, number, at, party, source, reference, event, on, None, EVIDENCE, "S-1")
            for number, (party, source, reference, event, at, on, _) in enumerate(events)
        ],
    )


def _fact(fact: Fact) -> tuple[str, int, int, str, int]:
    return (
        fact.rule,
        fact.on.toordinal(),
        fact.quantity,
        fact.incident or "",
        micros_of(fact.recorded_at),
    )


def _event(
    record: Repair | Revocation | DisputeOpened | DisputeClosed,
) -> tuple[str, int, int]:
    on = record.on.toordinal() if isinstance(record, Repair) else 0
    return _NAMES[type(record)], micros_of(record.recorded_at), on


def records_of(archives: Archives, row: int) -> tuple[SubjectKind, list[Record]]:
    """Return one subject of generated columns as its kind and records."""
    columns = archives.columns
    first, end = int(columns.offsets[row]), int(columns.offsets[row + 1])
    facts = columns.facts
    records: list[Record] = [
        Fact(
            id=archives.fact_ids[fact],
            rule=columns.rule_ids[int(facts.rule[fact])],
            on=date.fromordinal(int(facts.on[fact])),
            recorded_at=instant_of(int(facts.recorded_at[fact])),
            quantity=int(facts.quantity[fact]),
        )
        for fact in range(first, end)
    ]
    for fact in range(first, end):
        records += _events(archives, fact)
    return KINDS[int(columns.kind[row])], records


def _events(archives: Archives, fact: int) -> Iterable[Record]:
    columns, name = archives.columns, archives.fact_ids[fact]
    for place in (columns.repairs.fact == fact).nonzero()[0]:
        yield Repair(
            fact=name,
            on=date.fromordinal(int(columns.repairs.detail[place])),
            recorded_at=instant_of(int(columns.repairs.recorded_at[place])),
        )
    for place in (columns.revocations.fact == fact).nonzero()[0]:
        at = instant_of(int(columns.revocations.recorded_at[place]))
        yield Revocation(fact=name, recorded_at=at)
    for place in (columns.disputes.fact == fact).nonzero()[0]:
        at = instant_of(int(columns.disputes.recorded_at[place]))
        is_open = int(columns.disputes.detail[place]) == 1
        yield (DisputeOpened if is_open else DisputeClosed)(fact=name, recorded_at=at)
