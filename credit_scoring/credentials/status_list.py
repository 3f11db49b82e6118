"""Status lists: which credentials are revoked or suspended, a bit for each (W3C 1.0 of 2025).

The bit of index 0 is the leftmost of the first byte. A list has room for 131,072 credentials, the
least that the standard allows, so that nobody who fetches a list tells which credential was meant.
Revocation is for ever; suspension is not.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credit_scoring.credentials import fields
from credit_scoring.credentials.failures import CredentialRefused, Failure
from credit_scoring.credentials.grade import CONTEXT, REVOCATION, SUSPENSION
from credit_scoring.credentials.multibase import base64url_bytes, base64url_text

BITS = 131_072
BYTES_MAX = 1 << 24
LIST_TYPES = ["VerifiableCredential", "BitstringStatusListCredential"]
LIST_TYPE = "BitstringStatusList"
_GZIP = 16 + zlib.MAX_WBITS
_MEMBERS = {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject"}
_SUBJECT_MEMBERS = {"id", "type", "statusPurpose", "encodedList"}


@dataclass(frozen=True, slots=True)
class Bits:
    """The bits of a list; nothing changes them, a list with another bit is another value."""

    content: bytes

    def __len__(self) -> int:
        return 8 * len(self.content)

    def is_set(self, index: int) -> bool:
        """Tell whether a bit is set.

        Raises:
            CredentialRefused: STATUS_INDEX_OUT_OF_RANGE.
        """
        self._check(index)
        return bool(self.content[index >> 3] & (0x80 >> (index & 7)))

    def with_bit(self, index: int, *, to: bool) -> "Bits":
        """Return a list with a bit set or cleared.

        Raises:
            CredentialRefused: STATUS_INDEX_OUT_OF_RANGE.
        """
        self._check(index)
        changed = bytearray(self.content)
        mask = 0x80 >> (index & 7)
        changed[index >> 3] = changed[index >> 3] | mask if to else changed[index >> 3] & ~mask
        return Bits(bytes(changed))

    def _check(self, index: int) -> None:
        if not 0 <= index < len(self):
            raise CredentialRefused(
                Failure.STATUS_INDEX_OUT_OF_RANGE,
                field="statusListIndex",
                expected=f"0 to {len(self) - 1}",
                found=str(index),
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusList:
    """A list as a credential, without its proof; it is believed until before ``valid_until``."""

    url: str
    issuer: str
    purpose: str
    valid_from: datetime
    valid_until: datetime
    bits: Bits


def bits_of(indexes: Iterable[int]) -> Bits:
    """Return a list of the usual length in which these bits are set.

    Raises:
        CredentialRefused: STATUS_INDEX_OUT_OF_RANGE.
    """
    content = bytearray(BITS // 8)
    none = Bits(bytes(content))
    for index in indexes:
        none._check(index)  # noqa: SLF001  its own class
        content[index >> 3] |= 0x80 >> (index & 7)
    return Bits(bytes(content))


def encode(bits: Bits) -> str:
    """Return bits as the standard writes them: gzip, base64url, multibase."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return base64url_text(packer.compress(bits.content) + packer.flush())


def decode(text: Any) -> Bits:
    """Read bits; what would unpack to more than ``BYTES_MAX`` is refused before it has.

    Raises:
        CredentialRefused: FIELD_INVALID; STATUS_LIST_TOO_SHORT: below 131,072 bits.
    """
    name, expected = "encodedList", "gzip of at most 16 MiB"
    packed = base64url_bytes(text if isinstance(text, str) else "", field=name)
    unpacker = zlib.decompressobj(_GZIP)
    try:
        content = unpacker.decompress(packed, BYTES_MAX + 1)
    except zlib.error as error:
        raise fields.refused(name, expected, str(error)) from error
    if not unpacker.eof or unpacker.unused_data or len(content) > BYTES_MAX:
        raise fields.refused(name, expected, "an end too early or too late")
    if 8 * len(content) < BITS:
        raise CredentialRefused(
            Failure.STATUS_LIST_TOO_SHORT,
            field=name,
            expected=f"at least {BITS} bits",
            found=str(8 * len(content)),
        )
    return Bits(content)


def publish(status_list: StatusList) -> dict[str, Any]:
    """Return the document that is to be signed.

    Raises:
        CredentialRefused: a member is not what ``parse_list`` would take back.
    """
    document = {
        "@context": [CONTEXT],
        "id": status_list.url,
        "type": LIST_TYPES,
        "issuer": status_list.issuer,
        "validFrom": fields.instant_text(status_list.valid_from),
        "validUntil": fields.instant_text(status_list.valid_until),
        "credentialSubject": {
            "id": f"{status_list.url}#list",
            "type": LIST_TYPE,
            "statusPurpose": status_list.purpose,
            "encodedList": encode(status_list.bits),
        },
    }
    parse_list(document)
    return document


def parse_list(document: Any) -> StatusList:
    """Read a list's document, with or without its proof, which is not checked here.

    Raises:
        CredentialRefused: FIELD_MISSING, FIELD_UNKNOWN, FIELD_INVALID, CONTEXT_WRONG, TYPE_WRONG,
            STATUS_LIST_TOO_SHORT.
    """
    found = fields.members(document, required=_MEMBERS, optional={"proof"}, field="statusList")
    name = "credentialSubject"
    subject = fields.members(found[name], required=_SUBJECT_MEMBERS, field=f"statusList.{name}")
    fields.same(found["@context"], [CONTEXT], failure=Failure.CONTEXT_WRONG, field="@context")
    fields.same(found["type"], LIST_TYPES, failure=Failure.TYPE_WRONG, field="statusList.type")
    fields.same(subject["type"], LIST_TYPE, failure=Failure.TYPE_WRONG, field=f"{name}.type")
    url = fields.url(found["id"], field="statusList.id")
    if subject["id"] != f"{url}#list":
        raise fields.refused(f"statusList.{name}.id", f"{url}#list", subject["id"])
    if subject["statusPurpose"] not in (REVOCATION, SUSPENSION):
        expected = f"{REVOCATION} or {SUSPENSION}"
        raise fields.refused("statusPurpose", expected, subject["statusPurpose"])
    valid_from = fields.instant(found["validFrom"], field="statusList.validFrom")
    valid_until = fields.instant(found["validUntil"], field="statusList.validUntil")
    if not valid_from < valid_until:
        raise fields.refused("statusList.validUntil", "after validFrom", found["validUntil"])
    return StatusList(
        url=url,
        issuer=fields.text(found["issuer"], field="statusList.issuer"),
        purpose=subject["statusPurpose"],
        valid_from=valid_from,
        valid_until=valid_until,
        bits=decode(subject["encodedList"]),
    )
