"""One byte-exact encoding for everything that is hashed: canonical JSON (RFC 8785).

Values are text, truth values, null, lists and objects whose keys match ``[a-z0-9_]+``, so that all
sort orders agree and the fast encoder is byte-equal to the standard. Numbers are refused: every
amount is a decimal string of an integer in the smallest unit. ``struct_writer`` makes the same
encoding for msgspec structs, several times faster, which writes integers as decimal strings.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any

import msgspec

MICROSECONDS = 1_000_000
_KEY = re.compile(r"[a-z0-9_]+\Z")
_PLAIN = re.compile(r"[ !#-\[\]-~]*\Z")
_encode = msgspec.json.Encoder(order="sorted").encode


class NotCanonical(ValueError):
    """A value or text that canonical JSON, as we use it, does not allow."""


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a value.

    Raises:
        NotCanonical: a number, a key outside ``[a-z0-9_]+``, a lone surrogate or another type.
    """
    _check(value)
    try:
        return _encode(value)
    except UnicodeEncodeError as error:
        raise NotCanonical("text with a lone surrogate") from error


def _check(value: Any) -> None:
    stack = [value]
    while stack:
        item = stack.pop()
        if item is None or isinstance(item, str | bool):
            continue
        if isinstance(item, list | tuple):
            stack.extend(item)
        elif isinstance(item, dict):
            for key in item:
                if not isinstance(key, str) or _KEY.match(key) is None:
                    raise NotCanonical(f"key {key!r}: expected [a-z0-9_]+")
            stack.extend(item.values())
        else:
            raise NotCanonical(f"{type(item).__name__}: expected text, truth value, null, list")


def parse(text: bytes) -> Any:
    """Read canonical bytes back.

    Raises:
        NotCanonical: the bytes are not exactly what ``canonical`` writes; doubled keys included.
    """
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise NotCanonical(str(error)) from error
    if canonical(value) != text:
        raise NotCanonical("not the canonical form")
    return value


def ensure_nfc(text: str) -> str:
    """Return text that is in Unicode normal form C.

    Raises:
        NotCanonical: it is not; the edge normalises, the ledger refuses.
    """
    if not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("text is not in Unicode normal form C")
    return text


@lru_cache(maxsize=64)
def _second_text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%dT%H:%M:%S")


def utc_text(microseconds: int, *, digits: int) -> str:
    """Return an instant as ``YYYY-MM-DDTHH:MM:SS[.ffffff]Z``; ``digits`` is 0 or 6."""
    seconds, rest = divmod(microseconds, MICROSECONDS)
    text = _second_text(seconds)
    return f"{text}.{rest:06d}Z" if digits else f"{text}Z"


def parse_utc(text: str) -> int:
    """Read what ``utc_text`` writes, as microseconds since the epoch.

    Raises:
        NotCanonical: another form.
    """
    try:
        form = "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ"
        moment = datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError as error:
        raise NotCanonical(f"{text!r}: expected YYYY-MM-DDTHH:MM:SS[.ffffff]Z") from error
    seconds = int(moment.timestamp())
    result = seconds * MICROSECONDS + moment.microsecond
    if utc_text(result, digits=6 if "." in text else 0) != text:
        raise NotCanonical(f"{text!r}: expected YYYY-MM-DDTHH:MM:SS[.ffffff]Z")
    return result


def to_builtins_with_decimal_strings(struct: msgspec.Struct) -> dict[str, Any]:
    """Return a struct as plain values, its tag included, integers as decimal strings."""
    plain: dict[str, Any] = _strings(msgspec.to_builtins(struct))
    return plain


def _strings(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return {key: _strings(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strings(item) for item in value]
    raise NotCanonical(f"{type(value).__name__}: expected text, integer, truth value or null")


@lru_cache(maxsize=16_384)
def _text(value: str) -> str:
    if _PLAIN.match(value) is not None:
        return f'"{value}"'
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError as error:
        raise NotCanonical("text with a lone surrogate") from error


def _any_text(value: Any) -> str:
    """Return the text of a field that is not a plain integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f'"{value}"'
    if isinstance(value, Enum):
        return _text(str(value.value))
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join([_any_text(item) for item in value]) + "]"
    if isinstance(value, msgspec.Struct) and not value.__struct_config__.omit_defaults:
        return _known_writer(type(value))(value)
    return canonical(_strings(msgspec.to_builtins(value))).decode()


@lru_cache(maxsize=256)
def _known_writer(kind: type[msgspec.Struct]) -> Callable[[Any], str]:
    return struct_writer(kind)


def _optional_integer_text(value: int | None) -> str:
    return "null" if value is None else f'"{value}"'


def _writer_of(kind: Any) -> Callable[[Any], str]:
    """Return the function that writes a field of a declared type.

    It must be right for every value: a ``str`` field may hold a member of an enumeration.
    """
    if kind == int | None:
        return _optional_integer_text
    if kind is bool:
        return {True: "true", False: "false"}.__getitem__
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        # Equal to its value, so that the value itself finds its text too.
        return {member: _text(member.value) for member in kind}.__getitem__
    if kind is str:
        return _text
    return _any_text


def struct_writer(kind: type[msgspec.Struct]) -> Callable[[msgspec.Struct], str]:
    """Return the function that writes structs of one class as canonical text.

    Its text equals ``canonical(to_builtins_with_decimal_strings(struct))``. It is made once from
    the fields' declared types, as the source of one format expression, for a ledger writes several
    structs for each order: that halved the time of filling a format from a list of values.
    """
    config = kind.__struct_config__
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    names = sorted([*fields, config.tag_field] if config.tag_field is not None else fields)
    parts = []
    writers: dict[str, Any] = {}
    for name in names:
        if name == config.tag_field:
            parts.append(f'"{name}":"{config.tag}"')
            continue
        attribute = fields[name].name
        if fields[name].type is int:
            parts.append(f'"{name}":"{{struct.{attribute}}}"')
        else:
            writers[f"write_{attribute}"] = _writer_of(fields[name].type)
            parts.append(f'"{name}":{{write_{attribute}(struct.{attribute})}}')
    source = "lambda struct: f'{{" + ",".join(parts) + "}}'"
    made: Callable[[msgspec.Struct], str] = eval(source, writers)  # noqa: S307  names of our own classes
    return made
