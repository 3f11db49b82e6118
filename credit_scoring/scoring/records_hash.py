"""The hash of what a score was made of: every record known at its instant.

SHA-256 of the canonical JSON of one list. A record is an object with its ``type`` (fact, repair,
revoke, dispute_open, dispute_close) and its fields; a fact's ``qty`` is written out, its
``incident`` only where there is one; instants are UTC with six digits. The list is in the order of
(recorded_at, type, id or ref), then of the records' own text.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, assert_never

import msgspec

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)
from kernel.canonical import canonical

_is_plain = re.compile(r"[ !#-\[\]-~]*\Z").match
_encode = msgspec.json.Encoder().encode


def records_hash(records: Iterable[Record]) -> str:
    """Return the SHA-256 of records, in hex; the same for every order of them."""
    texts = sorted(map(_ordered_text, records))
    return sha256(f"[{','.join([each[3] for each in texts])}]".encode()).hexdigest()


def hashes_through_time(records: Iterable[Record]) -> list[str]:
    """Return the hash that records had after each instant at which some became known, in order.

    The list is in the order of its instants first, so what was known is a beginning of it.
    """
    texts = sorted(map(_ordered_text, records))
    digest, found = sha256(b"["), []
    for place, (at, _, _, text) in enumerate(texts):
        digest.update(f"{',' if place else ''}{text}".encode())
        if place + 1 == len(texts) or texts[place + 1][0] != at:
            whole = digest.copy()
            whole.update(b"]")
            found.append(whole.hexdigest())
    return found


def document_of_record(record: Record) -> dict[str, Any]:
    """Return a record as plain values without numbers: what the hash is of."""
    if isinstance(record, Fact):
        document = {
            "type": "fact",
            "id": record.id,
            "rule": record.rule,
            "on": record.on.isoformat(),
            "qty": str(record.quantity),
        }
        if record.incident is not None:
            document["incident"] = record.incident
    else:
        document = {"type": _type_of(record), "ref": record.fact}
        if isinstance(record, Repair):
            document["on"] = record.on.isoformat()
    return document | {"recorded_at": _instant(record.recorded_at)}


def _ordered_text(record: Record) -> tuple[str, str, str, str]:
    """Return a record's place in the order, and its canonical text.

    The text is written by hand where nothing in it is escaped: the general encoder takes several
    times as long, and every score waits for it.
    """
    at = _instant(record.recorded_at)
    if isinstance(record, Fact):
        name, rule, incident = record.id, record.rule, record.incident
        if _is_plain(f"{name}{rule}{incident or ''}"):
            more = "" if incident is None else f'"incident":"{incident}",'
            text = (
                f'{{"id":"{name}",{more}"on":{_encode(record.on).decode()},"qty":"{record.quantity}",'
                f'"recorded_at":"{at}","rule":"{rule}","type":"fact"}}'
            )
        else:
            text = canonical(document_of_record(record)).decode()
        return at, "fact", name, text
    kind, name = _type_of(record), record.fact
    if _is_plain(name):
        on = f'"on":{_encode(record.on).decode()},' if isinstance(record, Repair) else ""
        text = f'{{{on}"recorded_at":"{at}","ref":"{name}","type":"{kind}"}}'
    else:
        text = canonical(document_of_record(record)).decode()
    return at, kind, name, text


def _type_of(record: Repair | Revocation | DisputeOpened | DisputeClosed) -> str:
    if isinstance(record, Repair):
        return "repair"
    if isinstance(record, Revocation):
        return "revoke"
    if isinstance(record, DisputeOpened):
        return "dispute_open"
    if isinstance(record, DisputeClosed):
        return "dispute_close"
    assert_never(record)


def _instant(at: datetime) -> str:
    utc = at.astimezone(UTC)
    # The encoder takes a tenth of isoformat's time; it leaves out a fraction of zero.
    text = _encode(utc).decode()
    return text[1:-1] if utc.microsecond else f"{text[1:-2]}.000000Z"
