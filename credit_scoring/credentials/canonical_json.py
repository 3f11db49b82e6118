"""The JSON Canonicalization Scheme (RFC 8785) for credentials, and the strict reading before it.

The kernel's canonical bytes do not fit: ``@context`` and ``validFrom`` are not of its alphabet. Of
numbers only integers are known that every reader of JSON holds exactly; our credentials have none.
What two readers could read differently is refused: names that stand twice, fractions and exponents,
integers beyond 2**53 - 1, lone surrogates, anything too deep or too long.
"""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from credit_scoring.credentials.failures import CredentialRefused, Failure

BYTES_MAX = 16_000_000
DEPTH_MAX = 32
INTEGER_MAX = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """Return the bytes that are hashed: RFC 8785.

    Raises:
        CredentialRefused: a number other than an integer of at most 2**53 - 1, a lone surrogate,
            a value that JSON does not have, or more than ``DEPTH_MAX`` levels.
    """
    text = "".join(_pieces(value, depth=0))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _surrogate(text) from error


def read_json(data: bytes) -> Any:
    """Read JSON that every reader reads alike.

    Raises:
        CredentialRefused: too long or too deep, not JSON in UTF-8, a name that stands twice, a
            fraction or exponent, an integer too large, or a lone surrogate.
    """
    if len(data) > BYTES_MAX:
        raise CredentialRefused(
            Failure.TOO_LARGE, field="document", expected=f"{BYTES_MAX} bytes", found=f"{len(data)}"
        )
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_once,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_integer,
        )
    except (ValueError, RecursionError) as error:
        raise CredentialRefused(
            Failure.NOT_JSON, field="document", expected="JSON in UTF-8", found=str(error)
        ) from error
    canonical_json(value)
    return value


def _pieces(value: Any, *, depth: int) -> Iterator[str]:
    if depth > DEPTH_MAX:
        raise CredentialRefused(
            Failure.TOO_LARGE, field="document", expected=f"{DEPTH_MAX} levels", found="more"
        )
    if value is None or isinstance(value, bool | str):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int):
        yield str(_within(value))
    elif isinstance(value, list | tuple):
        yield "["
        for place, each in enumerate(value):
            yield "," if place else ""
            yield from _pieces(each, depth=depth + 1)
        yield "]"
    elif isinstance(value, dict):
        yield "{"
        for place, name in enumerate(sorted(value, key=_utf16)):
            yield "," if place else ""
            yield f"{json.dumps(name, ensure_ascii=False)}:"
            yield from _pieces(value[name], depth=depth + 1)
        yield "}"
    else:
        _refuse_number(str(value))


def _utf16(name: Any) -> bytes:
    if not isinstance(name, str):
        raise CredentialRefused(
            Failure.NOT_JSON, field="document", expected="names of text", found=repr(name)
        )
    try:
        return name.encode("utf-16-be")
    except UnicodeEncodeError as error:
        raise _surrogate(name) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise CredentialRefused(
            Failure.DOUBLED_NAME, field=doubled, expected="each name once", found="it stands twice"
        )
    return found


def _integer(text: str) -> int:
    return _within(int(text) if len(text) <= len(str(-INTEGER_MAX)) else INTEGER_MAX + 1)


def _within(value: int) -> int:
    if abs(value) > INTEGER_MAX:
        _refuse_number("one beyond 2**53 - 1")
    return value


def _refuse_number(text: str) -> NoReturn:
    raise CredentialRefused(
        Failure.NUMBER_REFUSED, field="document", expected="whole numbers below 2**53", found=text
    )


def _surrogate(text: str) -> CredentialRefused:
    return CredentialRefused(
        Failure.TEXT_REFUSED,
        field="document",
        expected="text without lone surrogates",
        found=ascii(text),
    )
