"""Checks signed evidence with nothing of ours: hashlib, hmac, json and `cryptography`."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

POSTINGS = b"eco-ledger/commit/v1\npostings/1\n"


def check_evidence(content: bytes, *, evidence_key: str, log_key: str) -> dict[str, Any]:
    """Return the document; signature, commitments and receipts of all its entries hold."""
    signed = json.loads(content)
    document, signature = signed["document"], signed["signature"]
    # RFC 8785 of texts, booleans and nulls alone: names in order, no blanks, UTF-8.
    message = json.dumps(
        document, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    ).encode()
    assert signature["public_key"] == evidence_key
    assert signature["sha256"] == hashlib.sha256(message).hexdigest()
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(evidence_key))
    public.verify(bytes.fromhex(signature["signature"]), message)
    for entry in document["entries"]:
        leaf = hashlib.sha256(b"\x00" + entry["header"].encode()).digest()
        assert entry["leaf_hash"] == leaf.hex()
        _check_commitment(entry)
        _check_receipt(entry["receipt"], leaf, entry["index"], log_key=log_key)
        assert entry["receipt"].endswith(document["log"]["checkpoint"])
    found: dict[str, Any] = document
    return found


def _check_commitment(entry: dict[str, Any]) -> None:
    header = json.loads(entry["header"])
    assert header["index"] == entry["index"]
    assert (entry["postings"] is None) == (entry["postings_state"] == "withheld")
    if entry["postings"] is not None:
        key = bytes.fromhex(entry["postings_key"])
        found = hmac.digest(key, POSTINGS + entry["postings"].encode(), "sha256")
        assert found.hex() == header["postings"]


def _check_receipt(receipt: str, leaf: bytes, index: str, *, log_key: str) -> None:
    head, _, checkpoint = receipt.partition("\n\n")
    magic, named, *nodes = head.split("\n")
    assert (magic, named) == ("c2sp.org/tlog-proof@v1", f"index {index}")
    origin, size, root = _open(checkpoint, log_key)
    assert origin == log_key.partition("+")[0]
    here, last = int(index), size - 1
    for node in map(base64.b64decode, nodes):
        if here % 2 or here == last:
            leaf = hashlib.sha256(b"\x01" + node + leaf).digest()
            while here and not here % 2:
                here, last = here // 2, last // 2
        else:
            leaf = hashlib.sha256(b"\x01" + leaf + node).digest()
        here, last = here // 2, last // 2
    assert (leaf, last) == (root, 0)


def _open(checkpoint: str, log_key: str) -> tuple[str, int, bytes]:
    text, _, lines = checkpoint.rpartition("\n\n")
    name, _, rest = log_key.partition("+")
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(rest.partition("+")[2])[1:])
    (signature,) = [line.split(" ")[2] for line in lines.split("\n") if f" {name} " in line]
    public.verify(base64.b64decode(signature)[4:], f"{text}\n".encode())
    origin, size, root = text.split("\n")[:3]
    return origin, int(size), base64.b64decode(root)
