"""One byte-exact encoding for everything that is hashed: canonical JSON (RFC 8785).

Values are text, truth values, null, lists and objects whose keys match ``[a-z0-9_]+``, so that all
sort orders agree and the fast encoder is byte-equal to the standard. Numbers are refused: every
amount is a decimal string of an integer in the smallest unit. ``StructTemplate`` is the same
encoding for msgspec structs, several times faster, which writes integers as decimal strings.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from operator import attrgetter
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
    return canonical(_strings(msgspec.to_builtins(value))).decode()


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


class StructTemplate:
    """The canonical text of one class of structs, by a format string made once.

    Fields that are declared ``int`` go straight into the format; all others through a function
    for each value. The text equals ``canonical(to_builtins_with_decimal_strings(struct))``.
    """

    __slots__ = ("_form", "_read", "_single", "_slow")

    def __init__(self, kind: type[msgspec.Struct]) -> None:
        config = kind.__struct_config__
        kinds = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        names = sorted([*kinds, config.tag_field] if config.tag_field is not None else kinds)
        parts = []
        attributes = []
        slow: list[tuple[int, Callable[[Any], str]]] = []
        for name in names:
            if name == config.tag_field:
                parts.append(f'"{name}":"{config.tag}"')
                continue
            attributes.append(kinds[name].name)
            if kinds[name].type is int:
                parts.append(f'"{name}":"%d"')
            else:
                parts.append(f'"{name}":%s')
                slow.append((len(attributes) - 1, _writer_of(kinds[name].type)))
        self._form = "{" + ",".join(parts) + "}"
        self._slow = tuple(slow)
        self._single = len(attributes) == 1
        self._read = attrgetter(*attributes) if attributes else None

    def __call__(self, struct: msgspec.Struct) -> str:
        """Return the canonical text of a struct of this class."""
        if self._read is None:
            return self._form
        if self._single:
            value = self._read(struct)
            return self._form % (self._slow[0][1](value) if self._slow else value)
        if not self._slow:
            return self._form % self._read(struct)
        values = list(self._read(struct))
        for place, write in self._slow:
            values[place] = write(values[place])
        return self._form % tuple(values)
