"""Records as a file holds them: facts and their events, each refused by its place.

A record's ``type`` is fact where none is said; ``ref`` names a fact of the same list; ``qty`` is 1
where none is said. Dates are of Asia/Shanghai, instants say their distance from UTC.
"""

from enum import StrEnum

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.reading import QUANTITY_MAX

RECORDS_MAX = 10_000


class RecordType(StrEnum):
    """What a record of a file is."""

    FACT = "fact"
    REPAIR = "repair"
    REVOKE = "revoke"
    DISPUTE_OPEN = "dispute_open"
    DISPUTE_CLOSE = "dispute_close"


def records_of(place: Place) -> tuple[Record, ...]:
    """Read the records of one subject.

    Raises:
        Malformed: the place and what was expected there.
    """
    rows = list(place.items())
    if len(rows) > RECORDS_MAX:
        place.refuse("too_many", f"at most {RECORDS_MAX} records")
    records = tuple(map(_record_of, rows))
    facts: set[str] = set()
    for row, record in zip(rows, records, strict=True):
        if isinstance(record, Fact):
            if record.id in facts:
                row.at("id").refuse("doubled_id", "an id that no other fact has")
            facts.add(record.id)
    for row, record in zip(rows, records, strict=True):
        if not isinstance(record, Fact) and record.fact not in facts:
            row.at("ref").refuse("unknown_fact", "the id of a fact among the records")
    return records


def _record_of(row: Place) -> Record:
    named = "type" in row.names()
    kind = row.at("type").choice(RecordType) if named else RecordType.FACT
    if kind is RecordType.FACT:
        return _fact_of(row)
    is_repair = kind is RecordType.REPAIR
    row.keys(required=("type", "ref", "recorded_at", *(("on",) if is_repair else ())))
    fact, recorded_at = row.at("ref").text(), row.at("recorded_at").instant()
    if kind is RecordType.REPAIR:
        return Repair(fact=fact, on=row.at("on").day(), recorded_at=recorded_at)
    if kind is RecordType.REVOKE:
        return Revocation(fact=fact, recorded_at=recorded_at)
    if kind is RecordType.DISPUTE_OPEN:
        return DisputeOpened(fact=fact, recorded_at=recorded_at)
    return DisputeClosed(fact=fact, recorded_at=recorded_at)


def _fact_of(row: Place) -> Fact:
    row.keys(required=("id", "rule", "on", "recorded_at"), optional=("type", "qty", "incident"))
    named = "qty" in row.names()
    return Fact(
        id=row.at("id").text(),
        rule=row.at("rule").text(),
        on=row.at("on").day(),
        recorded_at=row.at("recorded_at").instant(),
        quantity=row.at("qty").whole(low=1, high=QUANTITY_MAX) if named else 1,
        incident=row.at("incident").optional_text(),
    )
