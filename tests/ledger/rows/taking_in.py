"""Signed batches, files taken in and consequences adopted, told to a scribe after its archives."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.archive import commands as a
from credit_scoring.archive.signed_batch import message
from credit_scoring.archive.taking_in import chunk_digest
from credit_scoring.consequences.adopting.commands import AdoptConsequences
from credit_scoring.consequences.adopting.table import canonical_table, hash_of
from tests.ledger.rows.archives import SOURCE, reported
from tests.ledger.rows.scribe import Scribe

SIGNER = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
ROW = {
    "id": "E-HONOUR",
    "subject": "enterprise",
    "kind": "honours",
    "effect": "incentive",
    "what": "may be put forward for honours",
    "scheme": "INDEX",
    "grades": ["AAA", {"grade": "AA", "running": 2}],
    "region": "33",
    "basis": "an order of the province of 2026",
    "effective_from": "2026-01-01",
    "end": "next_half_year_list",
}


def tell_intakes(scribe: Scribe) -> None:
    """Two batches by two keys, one intake adopted and one dropped, two tables of consequences."""
    actor = f"{SOURCE}-1"
    _sign_batches(scribe)
    for number in (1, 2):
        facts = [reported(scribe, f"I{number}/{place}") for place in range(3)]
        digest = chunk_digest(facts)
        opening = a.OpenIntake(source=SOURCE, file=digest, lines=3, chunks=[digest])
        scribe.must(opening, actor=actor)
        chunk = a.RecordIntakeFacts(intake=number, chunk=0, facts=facts)
        scribe.must(chunk, actor=actor)
        assert scribe.send(chunk, actor=actor).refusal is not None
        end = a.AdoptIntake(intake=number) if number == 1 else a.DropIntake(intake=number)
        scribe.must(end, actor=actor)
    for version, first in (("2019-a", "2019-01-01"), ("2030-a", "2030-01-01")):
        document = canonical_table({"version": version, "effective_from": first, "rows": [ROW]})
        scribe.approved(
            AdoptConsequences(document=document, table_hash=hash_of(document), decision="2026-4")
        )


def _sign_batches(scribe: Scribe) -> None:
    """Change a department's key between two batches; a batch that is sent again is refused."""
    second = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
    for batch, key in ((1, SIGNER), (2, second)):
        key_id = f"2026-{batch}"
        scribe.approved(
            a.RegisterDepartmentKey(
                department=SOURCE,
                key_id=key_id,
                public_key=key.public_key().public_bytes_raw().hex(),
                decision="2026-3",
            )
        )
        unsigned = a.RecordSignedFacts(
            source=SOURCE,
            key_id=key_id,
            batch=batch,
            facts=[reported(scribe, f"S{batch}/{place}") for place in range(2)],
            signature="",
        )
        signature = key.sign(message(unsigned, venue=scribe.ledger.name)).hex()
        command = a.RecordSignedFacts(
            source=SOURCE, key_id=key_id, batch=batch, facts=unsigned.facts, signature=signature
        )
        scribe.must(command, actor=f"{SOURCE}-1")
        assert scribe.send(command, actor=f"{SOURCE}-1").refusal is not None
    scribe.approved(a.RetireDepartmentKey(department=SOURCE, key_id="2026-1", decision="2026-3"))
