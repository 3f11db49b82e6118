"""The bytes of entries: published vectors of the construction, and golden bytes of our format."""

import hmac
import json

from ledger.entry import Chain, commit_personal, commit_postings, leaf_hash
from tests.ledger.transparency.vectors import vectors


def test_headers_chain_as_the_published_vector_says() -> None:
    found = vectors("proposal_header_chain")
    chain = Chain(origin="ledger.example/eco-test")
    for index, entry in enumerate(found["entries"]):
        stated = json.loads(entry["canonical_header"])
        sealed = chain.seal(
            index=index,
            at=_microseconds(stated["time"]),
            postings=entry["postings"].encode(),
            personal=entry["personal"].encode(),
            keys=bytes.fromhex(entry["postings_key_hex"] + entry["personal_key_hex"]),
        )

        assert sealed.header.decode() == entry["canonical_header"]
        assert chain.previous == entry["leaf_hash"] == leaf_hash(sealed.header)


def _microseconds(text: str) -> int:
    from kernel.canonical import parse_utc

    return parse_utc(text)


def test_the_two_commitments_of_one_text_differ() -> None:
    key = bytes(range(32))

    assert commit_postings(key, b"{}") != commit_personal(key, b"{}")


def test_the_published_commitment_is_made_as_ours_are() -> None:
    vector = vectors("proposal_commitment")
    key = bytes.fromhex(vector["salt_hex"])
    private = bytes.fromhex(vector["private_jcs_utf8_hex"])
    made = hmac.digest(
        key, f"eco-ledger/commit/v1\n{vector['schema']}\n".encode() + private, "sha256"
    )

    assert made.hex() == vector["commitment_hex"]
    # Ours differ from it in nothing but the name of the schema.
    ours = hmac.digest(key, b"eco-ledger/commit/v1\npersonal/1\n" + private, "sha256")
    assert commit_personal(key, private) == ours.hex()
