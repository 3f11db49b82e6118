"""The bytes of entries: published vectors of the construction, and golden bytes of our format."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from ledger.entry import Chain, commit_personal, commit_postings, leaf_hash

SHARED = Path(os.environ.get("ECORIGHTS_SHARED", Path(__file__).parents[3] / "shared"))


def vectors() -> Any:
    path = SHARED / "domain" / "ledger_vectors.json"
    if not path.exists():
        pytest.skip(f"no vectors at {path}")
    return json.loads(path.read_text())["proposal_header_chain"]


def test_headers_chain_as_the_published_vector_says() -> None:
    found = vectors()
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
