"""Identifiers: what they are made of, and whether one is what it claims to be."""

import secrets
import time
from uuid import UUID

from kernel.errors import DomainError, Kind

CREDIT_CODE_LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = slice(8, 16)
_ORGANISATION_CHECK = 16
_MODULUS = 31
_RANDOM_BITS = 74


class CreditCodeInvalid(DomainError):
    """A unified social credit code that GB 32100 does not allow; ``expected`` says why."""

    code = "kernel.credit_code_invalid"
    kind = Kind.MALFORMED


def uuid7(*, at: int, random_bits: int) -> UUID:
    """Return the UUIDv7 (RFC 9562) of an instant in microseconds and 74 random bits."""
    milliseconds = at // 1000
    high, low = divmod(random_bits, 1 << 62)
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76 | (high & 0xFFF) << 64 | 0b10 << 62 | low
    return UUID(int=value)


def new_uuid7() -> UUID:
    """Return a new UUIDv7 of this moment; for the edge, never for the machine."""
    return uuid7(at=time.time_ns() // 1000, random_bits=secrets.randbits(_RANDOM_BITS))


def check_credit_code(code: str) -> None:
    """Check a unified social credit code (统一社会信用代码, GB 32100-2015).

    Raises:
        CreditCodeInvalid: its length, an unknown character, the organisation code's check
            character (GB 11714) or the last one.
    """
    if len(code) != CREDIT_CODE_LENGTH:
        raise CreditCodeInvalid(code, expected="18 characters")
    if any(character not in _ALPHABET for character in code[:-1] + code[-1]):
        raise CreditCodeInvalid(code, expected="digits and capital letters but I, O, S, V, Z")
    if code[_ORGANISATION_CHECK] != organisation_check(code[_ORGANISATION]):
        raise CreditCodeInvalid(code, expected="another organisation check character at place 17")
    if code[-1] != credit_code_check(code[:-1]):
        raise CreditCodeInvalid(code, expected="another check character at place 18")


def organisation_check(body: str) -> str:
    """Return the check character of an organisation code's first eight (GB 11714-1997)."""
    values = (int(c) if c.isdigit() else ord(c) - ord("A") + 10 for c in body)
    total = sum(v * w for v, w in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def credit_code_check(body: str) -> str:
    """Return the check character of a credit code's first seventeen (GB 32100-2015)."""
    total = sum(_ALPHABET.index(c) * pow(3, place, _MODULUS) for place, c in enumerate(body))
    return _ALPHABET[(_MODULUS - total % _MODULUS) % _MODULUS]
