"""The hash of the records never changes by accident, and tells all that was known."""

from datetime import UTC, date, datetime, timedelta, timezone

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)
from credit_scoring.scoring.records_hash import (
    document_of_record,
    hashes_through_time,
    records_hash,
)

AT = datetime(2026, 5, 12, 9, tzinfo=UTC)
FACT = Fact(id="a1", rule="E-COMP-02", on=date(2026, 5, 12), recorded_at=AT)
RECORDS: list[Record] = [
    FACT,
    Fact(
        id='案"2',
        rule="E-COMP-30",
        on=date(2026, 4, 10),
        recorded_at=AT + timedelta(microseconds=7),
        quantity=2,
        incident="I\\1",
    ),
    Repair(fact="a1", on=date(2026, 9, 1), recorded_at=AT),
    Revocation(fact="a1", recorded_at=AT),
    DisputeOpened(fact="a1", recorded_at=AT),
    DisputeClosed(fact="a1", recorded_at=AT),
]
# Golden: it stands in stored scores, which an auditor replays.
HASH = "c64e5e43408c1199275cdbda7218eced6e77599318c8bd8f37eaf45ab77908b8"


def test_the_hash_of_known_records_is_what_it_was() -> None:
    assert records_hash(RECORDS) == records_hash(reversed(RECORDS)) == HASH


def test_no_records_have_the_hash_of_an_empty_list() -> None:
    assert records_hash([]) == "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"


def test_the_hashes_through_time_are_those_of_what_was_known_at_each_instant() -> None:
    later = DisputeOpened(fact="a1", recorded_at=AT + timedelta(days=1, microseconds=3))
    records = [later, *RECORDS]
    instants = sorted({record.recorded_at for record in records})

    assert hashes_through_time(records) == [
        records_hash(record for record in records if record.recorded_at <= instant)
        for instant in instants
    ]
    assert hashes_through_time([]) == []


def test_an_instant_is_the_same_in_every_zone() -> None:
    there = AT.astimezone(timezone(timedelta(hours=8)))
    moved = Fact(id="a1", rule="E-COMP-02", on=date(2026, 5, 12), recorded_at=there)

    assert document_of_record(moved) == document_of_record(FACT)
    assert records_hash([moved]) == records_hash([FACT])


def test_type_and_quantity_are_written_out_and_an_incident_only_where_there_is_one() -> None:
    assert document_of_record(FACT) == {
        "type": "fact",
        "id": "a1",
        "rule": "E-COMP-02",
        "on": "2026-05-12",
        "qty": "1",
        "recorded_at": "2026-05-12T09:00:00.000000Z",
    }
