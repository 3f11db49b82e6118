"""Signed batches and intakes: whose, by which key, which bytes, once; hidden until all is there."""

from collections.abc import Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.archive import commands as a
from credit_scoring.archive.refusals import Reject
from credit_scoring.archive.signed_batch import PREFIX, document_of, message
from credit_scoring.archive.taking_in import chunk_digest
from credit_scoring.credentials.canonical_json import canonical_json
from ledger.commands import Approve, Propose
from ledger.journal import undo
from ledger.state_hash import state_hash
from tests.credit_scoring.archive.office import EVIDENCE, Office, fact, working

SIGNER = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
FILE = "f1" * 32


def public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def registering(key_id: str, key: Ed25519PrivateKey, **more: Any) -> a.RegisterDepartmentKey:
    values: dict[str, Any] = {
        "department": "D",
        "key_id": key_id,
        "public_key": public(key),
        "decision": "1",
    }
    return a.RegisterDepartmentKey(**values | more)


def signed(
    batch: int = 1,
    *,
    key: Ed25519PrivateKey = SIGNER,
    venue: str = "t",
    references: Sequence[str] = ("S/1", "S/2"),
    **more: Any,
) -> a.RecordSignedFacts:
    values: dict[str, Any] = {
        "source": "D",
        "key_id": "2026-a",
        "batch": batch,
        "signature": "00" * 64,
    }
    values["facts"] = [fact(reference) for reference in references]
    unsigned = a.RecordSignedFacts(**values | more)
    signature = key.sign(message(unsigned, venue=venue)).hex()
    return a.RecordSignedFacts(**values | more | {"signature": signature})


@pytest.fixture
def office() -> Office:
    found = working()
    found.approved(registering("2026-a", SIGNER))
    return found


def test_the_signed_bytes_are_rfc_8785_of_the_document() -> None:
    command = signed(references=('quote"back\\slash', "中/\u007f\u2028"))

    assert message(command, venue="t") == PREFIX + canonical_json(document_of(command, venue="t"))


def test_a_signed_batch_records_its_facts_and_what_proves_them(office: Office) -> None:
    outcome = office.must(signed(7))

    accepted, *facts = outcome.effects
    assert (accepted.batch, accepted.facts) == (7, 2)  # type: ignore[attr-defined]
    assert {each.file for each in facts} == {accepted.digest}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (signed(key_id="2026-b"), Reject.KEY_UNKNOWN, "key_id"),
        (signed(key=OTHER), Reject.SIGNATURE_UNFIT, "signature"),
        (signed(venue="another"), Reject.SIGNATURE_UNFIT, "signature"),
        (signed(0), Reject.BATCH_UNFIT, "batch"),
        (signed(references=()), Reject.FACTS_COUNT_UNFIT, "facts"),
        (signed(references=("S/1", "S/1")), Reject.SOURCE_DOUBLED, "facts.1.reference"),
    ],
)
def test_a_batch_that_is_not_what_was_signed_changes_nothing(
    office: Office, command: a.RecordSignedFacts, code: Reject, field: str
) -> None:
    refusal = office.refused(command)

    assert (refusal.code, refusal.field) == (code, field)
    assert refusal.expected
    shelves = office.machine.shelves
    assert {shelves[name].count for name in ("credit_fact", "credit_signed_batch")} == {0}


def test_one_changed_letter_of_a_fact_breaks_the_signature(office: Office) -> None:
    good = signed()
    forged = a.RecordSignedFacts(
        source="D",
        key_id="2026-a",
        batch=1,
        facts=[fact("S/1", quantity=2), fact("S/2")],
        signature=good.signature,
    )

    assert office.refused(forged).code == Reject.SIGNATURE_UNFIT
    office.must(good)


def test_a_number_is_used_once_and_a_retired_key_never_again(office: Office) -> None:
    office.must(signed(1))
    again = office.refused(signed(1, references=("S/9",)))
    office.approved(registering("2026-b", OTHER))
    office.approved(a.RetireDepartmentKey(department="D", key_id="2026-a", decision="2"))
    retired = office.refused(signed(2, references=("S/9",)))
    office.must(signed(2, key=OTHER, key_id="2026-b", references=("S/9",)))

    assert (again.code, again.field) == (Reject.BATCH_DOUBLED, "batch")
    assert (retired.code, retired.expected) == (Reject.KEY_RETIRED, "2026-b")


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (registering("2026-a", OTHER), Reject.KEY_DOUBLED, "key_id"),
        (registering("2026-b", SIGNER, department="Q"), Reject.KEY_DOUBLED, "public_key"),
        (registering("a b", OTHER), Reject.KEY_UNFIT, "key_id"),
        (registering("2026-b", OTHER, public_key="7"), Reject.KEY_UNFIT, "public_key"),
        (registering("2026-b", OTHER, department="E"), Reject.NOT_A_DEPARTMENT, "department"),
        (
            a.RetireDepartmentKey(department="D", key_id="2025", decision="1"),
            Reject.KEY_UNKNOWN,
            "key_id",
        ),
    ],
)
def test_keys_are_two_peoples_and_their_departments_own(
    office: Office, command: Any, code: Reject, field: str
) -> None:
    office.must(Propose(command=command), actor="R-1")
    approve = Approve(proposal=office.machine.ledger.next_proposal - 1)
    refusal = office.refused(approve, actor="R-2")

    assert (refusal.code, refusal.field) == (code, field)


def chunks_of(count: int) -> list[list[a.ReportedFact]]:
    facts = [fact(f"I/{number}") for number in range(count)]
    size = a.CHUNK_FACTS_MAX
    return [facts[first : first + size] for first in range(0, count, size)]


def opening(cut: Sequence[Sequence[a.ReportedFact]], **more: Any) -> a.OpenIntake:
    values: dict[str, Any] = {"source": "D", "file": FILE, "lines": sum(map(len, cut))}
    values["chunks"] = [chunk_digest(each) for each in cut]
    return a.OpenIntake(**values | more)


def test_an_intake_counts_when_it_is_adopted_and_nothing_comes_between(office: Office) -> None:
    chunks = chunks_of(a.CHUNK_FACTS_MAX + 1)
    archive = next(p.state for p in office.machine.parts if hasattr(p.state, "intakes"))
    office.must(opening(chunks))
    beside = office.refused(a.RecordFacts(source="D", facts=[fact("X/1")]))
    second = office.refused(opening(chunks))
    early = office.refused(a.AdoptIntake(intake=1))
    for number, facts in enumerate(chunks):
        office.must(a.RecordIntakeFacts(intake=1, chunk=number, facts=facts))
    hidden = office.refused(a.RevokeFact(source="D", reference="I/0", evidence=EVIDENCE))
    unseen = archive.seen("D", "I/0")
    adopted = office.must(a.AdoptIntake(intake=1))

    assert (beside.code, beside.found) == (Reject.INTAKE_OPEN, "1")
    assert second.code == Reject.INTAKE_OPEN
    assert (early.code, early.expected, early.found) == (Reject.INTAKE_INCOMPLETE, "2 chunks", "0")
    assert (hidden.code, unseen) == (Reject.FACT_UNKNOWN, None)
    assert archive.seen("D", "I/0").file == adopted.effects[0].manifest  # type: ignore[attr-defined]
    office.must(a.RecordFacts(source="D", facts=[fact("X/1")]))


def test_a_chunk_is_the_next_one_and_what_the_manifest_says(office: Office) -> None:
    first, second = chunks_of(a.CHUNK_FACTS_MAX + 1)
    office.must(opening([first, second]))

    ahead = office.refused(a.RecordIntakeFacts(intake=1, chunk=1, facts=second))
    other = office.refused(a.RecordIntakeFacts(intake=1, chunk=0, facts=first[:-1]))
    unknown = office.refused(a.RecordIntakeFacts(intake=2, chunk=0, facts=first))
    foreign = office.refused(a.RecordIntakeFacts(intake=1, chunk=0, facts=first), actor="Q-1")
    office.must(a.RecordIntakeFacts(intake=1, chunk=0, facts=first))
    again = office.refused(a.RecordIntakeFacts(intake=1, chunk=0, facts=first))

    assert (ahead.code, ahead.field, ahead.expected) == (Reject.CHUNK_UNFIT, "chunk", "0")
    assert (other.code, other.field) == (Reject.CHUNK_UNFIT, "facts")
    assert {unknown.code, foreign.code} == {Reject.INTAKE_UNKNOWN}
    assert (again.code, again.expected) == (Reject.CHUNK_UNFIT, "1")


def test_a_dropped_intake_never_counts_and_its_references_stay_used(office: Office) -> None:
    [only] = chunks_of(2)
    office.must(opening([only]))
    office.must(a.RecordIntakeFacts(intake=1, chunk=0, facts=only))
    stranger = office.refused(a.DropIntake(intake=1), actor="Q-1")
    office.must(a.DropIntake(intake=1), actor="X-1")

    hidden = office.refused(a.RevokeFact(source="D", reference="I/0", evidence=EVIDENCE))
    doubled = office.refused(a.RecordFacts(source="D", facts=[only[0]]))

    assert stranger.code == Reject.INTAKE_UNKNOWN
    assert hidden.code == Reject.FACT_UNKNOWN
    assert doubled.code == Reject.SOURCE_DOUBLED


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": 0}, "lines"),
        ({"lines": a.INTAKE_LINES_MAX + 1}, "lines"),
        ({"chunks": ["e5" * 32] * 2}, "chunks"),
        ({"chunks": ["e5"]}, "chunks.0"),
        ({"file": "5"}, "file"),
    ],
)
def test_a_manifest_has_a_digest_for_every_chunk(
    office: Office, more: dict[str, Any], field: str
) -> None:
    refusal = office.refused(opening(chunks_of(3), **more))

    assert (refusal.code, refusal.field) == (Reject.INTAKE_UNFIT, field)


def test_everything_that_comes_in_can_be_taken_back(office: Office) -> None:
    office.machine.ledger.journal.clear()
    before = state_hash(office.machine)
    [only] = chunks_of(2)
    for command in (
        signed(3),
        opening([only]),
        a.RecordIntakeFacts(intake=1, chunk=0, facts=only),
        a.AdoptIntake(intake=1),
    ):
        office.must(command)

    undo(office.machine.ledger.journal)

    assert state_hash(office.machine) == before
