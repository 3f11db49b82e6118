"""The register of an issuer as a file: JSON that is read as strictly as it is written."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from credit_scoring.credentials.fields import instant_text
from credit_scoring.credentials.register import LISTS_MAX, Issued, Register
from credit_scoring.credentials.status_list import BITS
from credit_scoring.rule_sets.document import Place, read_json

FORMAT = "ecorights-credential-register/1"
_REQUIRED = ("id", "subject", "list", "index", "issued_at", "valid_until", "suspendable")


def write_register(register: Register) -> bytes:
    """Return the file of a register."""
    head = {"format": FORMAT, "base": register.base, "issuer": register.issuer}
    rows = [_row(each) for each in register.issued]
    return json.dumps(head | {"issued": rows}, indent=1).encode("utf-8") + b"\n"


def read_register(content: bytes) -> Register:
    """Read the file of a register.

    Raises:
        Malformed: the place and what was expected; two credentials in one place of a list.
    """
    found = read_json(content)
    found.keys(required=("format", "base", "issuer", "issued"))
    if found.at("format").text() != FORMAT:
        found.at("format").refuse("unknown_value", FORMAT)
    issued, taken = [], set()
    for row in found.at("issued").items():
        each = _issued(row)
        if (each.list, each.index) in taken or each.id in taken:
            row.refuse("doubled_place", "an id and a place that no other has")
        taken |= {(each.list, each.index), each.id}
        issued.append(each)
    return Register(
        base=found.at("base").text(), issuer=found.at("issuer").text(), issued=tuple(issued)
    )


def _row(issued: Issued) -> dict[str, Any]:
    return {
        "id": str(issued.id),
        "subject": issued.subject,
        "list": issued.list,
        "index": issued.index,
        "issued_at": instant_text(issued.issued_at),
        "valid_until": instant_text(issued.valid_until),
        "suspendable": issued.suspendable,
        "revoked_at": _optional(issued.revoked_at),
        "suspended_at": _optional(issued.suspended_at),
    }


def _optional(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _issued(row: Place) -> Issued:
    row.keys(required=_REQUIRED, optional=("revoked_at", "suspended_at"))
    return Issued(
        id=identifier(row.at("id")),
        subject=row.at("subject").text(),
        list=row.at("list").whole(low=1, high=LISTS_MAX),
        index=row.at("index").whole(low=0, high=BITS - 1),
        issued_at=row.at("issued_at").instant(),
        valid_until=row.at("valid_until").instant(),
        suspendable=row.at("suspendable").truth(),
        revoked_at=row.at("revoked_at").instant() if row.has("revoked_at") else None,
        suspended_at=row.at("suspended_at").instant() if row.has("suspended_at") else None,
    )


def identifier(place: Place) -> UUID:
    """Return the id of a credential, with or without ``urn:uuid:``.

    Raises:
        Malformed: it is none.
    """
    text = place.text().removeprefix("urn:uuid:")
    try:
        found = UUID(text)
    except ValueError:
        found = UUID(int=0)
    if str(found) != text:
        place.refuse("wrong_type", "a UUID in lower case")
    return found
