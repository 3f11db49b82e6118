"""The request for a time stamp (RFC 3161, 2.4.1), as the DER bytes that are sent.

``TimeStampReq ::= SEQUENCE { version 1, messageImprint, reqPolicy?, nonce?, certReq }``. The hash
algorithm is a parameter: an authority of another country may want another one.
"""

from collections.abc import Mapping
from enum import StrEnum

QUERY_TYPE = "application/timestamp-query"
REPLY_TYPE = "application/timestamp-reply"
NONCE_BYTES = 8

_INTEGER, _OCTETS, _NULL, _OID, _BOOLEAN, _SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x01, 0x30
_SHORT_LENGTH_MAX = 127


class HashName(StrEnum):
    """What a message may be hashed with."""

    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"


# The object identifiers' contents: 2.16.840.1.101.3.4.2.{1,2,3} (NIST).
_IDENTIFIERS: Mapping[HashName, bytes] = {
    HashName.SHA256: bytes.fromhex("608648016503040201"),
    HashName.SHA384: bytes.fromhex("608648016503040202"),
    HashName.SHA512: bytes.fromhex("608648016503040203"),
}


def timestamp_request(
    imprint: bytes, *, nonce: int, algorithm: HashName = HashName.SHA256
) -> bytes:
    """Return the request to stamp a digest; the answer shall hold the authority's certificate.

    ``nonce`` is not negative: it ties the answer to this request.
    """
    identifier = _tagged(_OID, _IDENTIFIERS[algorithm])
    algorithm_identifier = _tagged(_SEQUENCE, identifier + _tagged(_NULL, b""))
    message_imprint = _tagged(_SEQUENCE, algorithm_identifier + _tagged(_OCTETS, imprint))
    certificate_wanted = _tagged(_BOOLEAN, b"\xff")
    parts = (_integer(1), message_imprint, _integer(nonce), certificate_wanted)
    return _tagged(_SEQUENCE, b"".join(parts))


def _integer(number: int) -> bytes:
    """Encode a number that is not negative; a leading one bit would make it negative in DER."""
    return _tagged(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _tagged(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length <= _SHORT_LENGTH_MAX:
        return bytes([tag, length]) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content
