"""Reading the members of a document, each refusal by field; nothing is passed over."""

import re
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from typing import Any

from credit_scoring.credentials.failures import CredentialRefused, Failure

TEXT_MAX = 2_000
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~/-]*)?\Z")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")


def members(
    value: Any,
    *,
    required: AbstractSet[str],
    optional: AbstractSet[str] = frozenset(),
    field: str,
) -> dict[str, Any]:
    """Return an object that has these members and no others.

    Raises:
        CredentialRefused: FIELD_INVALID, FIELD_MISSING, FIELD_UNKNOWN.
    """
    if not isinstance(value, dict):
        raise refused(field, "an object", value)
    missing = sorted(required - value.keys())
    if missing:
        raise CredentialRefused(
            Failure.FIELD_MISSING, field=f"{field}.{missing[0]}", expected="it", found="nothing"
        )
    unknown = sorted(value.keys() - required - optional)
    if unknown:
        raise CredentialRefused(
            Failure.FIELD_UNKNOWN,
            field=f"{field}.{unknown[0]}",
            expected=f"one of {', '.join(sorted(required | optional))}",
            found=unknown[0],
        )
    return value


def some(value: Any, *, most: int, field: str) -> list[Any]:
    """Return a list of 1 to ``most``."""
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise refused(field, f"a list of 1 to {most}", value)
    return value


def text(value: Any, *, field: str) -> str:
    """Return text of at least one character."""
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT_MAX:
        raise refused(field, f"1 to {TEXT_MAX} characters", value)
    return value


def url(value: Any, *, field: str) -> str:
    """Return an http(s) URL without query and fragment."""
    if not isinstance(value, str) or len(value) > TEXT_MAX or _URL.match(value) is None:
        raise refused(field, "a URL without query and fragment", value)
    return value


def matching(value: Any, pattern: re.Pattern[str], *, expected: str, field: str) -> str:
    """Return text of a form."""
    if not isinstance(value, str) or pattern.match(value) is None:
        raise refused(field, expected, value)
    return value


def sha256(value: Any, *, field: str) -> str:
    """Return the hexadecimal digits of a SHA-256."""
    return matching(value, _HASH, expected="64 hexadecimal digits", field=field)


def number(value: Any, *, field: str) -> int:
    """Return a whole number that is written as text."""
    return int(matching(value, _NUMBER, expected="a decimal number as text", field=field))


def instant(value: Any, *, field: str) -> datetime:
    """Return an instant written to the second in UTC."""
    expected = "YYYY-MM-DDTHH:MM:SSZ"
    found = matching(value, _INSTANT, expected=expected, field=field)
    try:
        return datetime.strptime(found, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise refused(field, expected, value) from None


def instant_text(at: datetime) -> str:
    """Write an instant to the second in UTC; what is finer is cut off."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(value: Any, *, field: str) -> date:
    """Return a date."""
    found = matching(value, _DAY, expected="YYYY-MM-DD", field=field)
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise refused(field, "YYYY-MM-DD", value) from None


def same(found: Any, expected: Any, *, failure: Failure, field: str) -> None:
    """Refuse what is not exactly this.

    Raises:
        CredentialRefused: as ``failure``.
    """
    if found != expected:
        raise CredentialRefused(failure, field=field, expected=str(expected), found=str(found))


def refused(field: str, expected: str, value: Any) -> CredentialRefused:
    """Return the refusal of a member's value."""
    return CredentialRefused(
        Failure.FIELD_INVALID, field=field, expected=expected, found=repr(value)
    )
