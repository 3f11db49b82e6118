"""Bytes as text, and Ed25519 keys as text: multibase, Multikey and did:key.

W3C Controlled Identifiers 1.0, 2.4 and 2.2.2; the did:key method 0.9. base58btc has the prefix
``z``, base64url without padding ``u``; an Ed25519 public key has the multicodec 0xed01, its secret
0x8026.
"""

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_scoring.credentials.failures import CredentialRefused, Failure

DID_KEY = "did:key:"
ED25519_PUBLIC = b"\xed\x01"
KEY_BYTES = 32
BASE58_CHARACTERS_MAX = 256
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58_text(data: bytes) -> str:
    """Return ``z`` and base58btc."""
    value, text = int.from_bytes(data, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        text = _BASE58[digit] + text
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + _BASE58[0] * zeros + text


def base58_bytes(text: str, *, field: str, failure: Failure) -> bytes:
    """Read ``z`` and base58btc.

    Raises:
        CredentialRefused: as ``failure``: another prefix, another character, or too long.
    """
    digits = text[1:]
    known = text[:1] == "z" and len(text) <= BASE58_CHARACTERS_MAX
    if not known or any(character not in _BASE58 for character in digits):
        raise CredentialRefused(
            failure, field=field, expected="multibase base58btc, z...", found=text
        )
    value = 0
    for character in digits:
        value = value * 58 + _BASE58.index(character)
    zeros = len(digits) - len(digits.lstrip(_BASE58[0]))
    return b"\0" * zeros + value.to_bytes((value.bit_length() + 7) // 8, "big")


def base64url_text(data: bytes) -> str:
    """Return ``u`` and base64url without padding."""
    return "u" + base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def base64url_bytes(text: str, *, field: str) -> bytes:
    """Read ``u`` and base64url without padding; there is one text for each value.

    Raises:
        CredentialRefused: FIELD_INVALID.
    """
    digits = text[1:]
    try:
        data = base64.b64decode(digits + "=" * (-len(digits) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not digits or base64url_text(data) != text:
        raise CredentialRefused(
            Failure.FIELD_INVALID,
            field=field,
            expected="multibase base64url without padding, u...",
            found=text,
        )
    return data


def multikey(key: Ed25519PublicKey) -> str:
    """Return a public key as a Multikey: ``z6Mk...``."""
    return base58_text(ED25519_PUBLIC + key.public_bytes_raw())


def public_key(text: str, *, field: str) -> Ed25519PublicKey:
    """Read a Multikey.

    Raises:
        CredentialRefused: KEY_TYPE_WRONG: it is not base58btc, or no Ed25519 public key.
    """
    data = base58_bytes(text, field=field, failure=Failure.KEY_TYPE_WRONG)
    if data[:2] != ED25519_PUBLIC or len(data) != len(ED25519_PUBLIC) + KEY_BYTES:
        raise CredentialRefused(
            Failure.KEY_TYPE_WRONG, field=field, expected="an Ed25519 public key", found=text
        )
    return Ed25519PublicKey.from_public_bytes(data[2:])


def did_key(key: Ed25519PublicKey) -> str:
    """Return the did:key of a public key."""
    return DID_KEY + multikey(key)


def did_key_method(did: str) -> str:
    """Return the verification method of a did:key: itself with its key as the fragment."""
    return f"{did}#{did.removeprefix(DID_KEY)}"
