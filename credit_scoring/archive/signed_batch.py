"""A batch of facts as its department signs it: RFC 8785 behind a prefix, Ed25519 over it.

The machine makes the bytes from the command itself, so what is recorded is what was signed. They
hold the venue and the batch's number: a batch counts in one venue, and once.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_scoring.archive.commands import RecordSignedFacts, ReportedFact
from credit_scoring.archive.decisions import shown_day

FORMAT = "ecorights-facts-v1"
PREFIX = f"{FORMAT}\n".encode()
# Names are of [a-z_] and numbers whole and below 2**53, so that this is RFC 8785 byte for byte.
_encode = msgspec.json.Encoder(order="sorted").encode


def document_of(command: RecordSignedFacts, *, venue: str) -> dict[str, Any]:
    """Return what the department signs, as JSON has it: every member written, days as text."""
    return {
        "format": FORMAT,
        "venue": venue,
        "source": command.source,
        "key": command.key_id,
        "batch": command.batch,
        "facts": plain(command.facts),
    }


def plain(facts: Sequence[ReportedFact]) -> list[dict[str, Any]]:
    """Return facts as JSON has them."""
    return [
        {
            "subject": each.subject,
            "rule": each.rule,
            "on": shown_day(each.on),
            "quantity": each.quantity,
            "incident": each.incident,
            "reference": each.reference,
            "evidence": each.evidence,
        }
        for each in facts
    ]


def message(command: RecordSignedFacts, *, venue: str) -> bytes:
    """Return the bytes that are signed."""
    return message_of(document_of(command, venue=venue))


def message_of(document: dict[str, Any]) -> bytes:
    """Return the bytes that are signed of a document."""
    return PREFIX + _encode(document)


def is_signed(signed: bytes, signature: str, *, public_key: str) -> bool:
    """Tell whether the holder of a key (both in hex) signed these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True
