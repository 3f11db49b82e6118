"""Request bodies: read within a bound, and parsed more strictly than JSON itself asks for.

What two readers could understand in two ways is refused: doubled keys, numbers that are not exact,
text with lone surrogates or control characters. No field needs any of them, nor more nesting than
every reader behind the door can follow.
"""

import json
from typing import Any

from fastapi import Request

from gateway.api.problems import Problem

BODY_MAX = 1 << 20
DIGITS_MAX = 18
NESTING_MAX = 100
_MEDIA_TYPE = "application/json"
_CONTROL_END = 0x20
_DELETE = 0x7F
_SURROGATES = range(0xD800, 0xE000)


def check_media_type(request: Request, *, expected: str = _MEDIA_TYPE) -> None:
    """Refuse a body that does not say that it is what is expected, by default JSON.

    Raises:
        Problem: 415.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != expected:
        raise Problem(
            status=415,
            code="request.media_type_unsupported",
            field="content-type",
            expected=expected,
        )


async def read_body(request: Request, *, most: int = BODY_MAX) -> bytes:
    """Return the whole body, whatever length it claims to have.

    Raises:
        Problem: 413, it is longer than ``most`` bytes.
    """
    parts = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Problem(status=413, code="request.too_large", expected=f"at most {most} bytes")
        parts.append(part)
    return b"".join(parts)


def parse_body(raw: bytes) -> Any:
    """Return the value that a body says.

    Raises:
        Problem: 400, it is no JSON in UTF-8, or has something that two readers may read in two
            ways; ``field`` says where, if that has a name.
    """
    try:
        value = json.loads(
            raw.decode(),
            object_pairs_hook=_unique,
            parse_constant=_inexact,
            parse_float=_inexact,
            parse_int=_exact,
        )
    except (ValueError, RecursionError) as error:
        expected = str(error) if isinstance(error, json.JSONDecodeError) else "JSON in UTF-8"
        raise Problem(status=400, code="request.json_invalid", expected=expected) from error
    if raw.count(b"{") + raw.count(b"[") > NESTING_MAX:
        _check_nesting(value)
    if b"\\" in raw:
        _check_texts(value)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Problem(status=400, code="request.key_doubled", field=_shown(key))
            seen.add(key)
    return found


def _inexact(text: str) -> Any:
    raise Problem(
        status=400,
        code="request.number_unfit",
        expected="whole numbers; amounts and prices are decimal strings",
        found=text[:32],
    )


def _exact(text: str) -> int:
    if len(text) > DIGITS_MAX:
        raise Problem(
            status=400,
            code="request.number_unfit",
            expected=f"at most {DIGITS_MAX} digits",
            found=text[:32],
        )
    return int(text)


def _check_nesting(value: Any) -> None:
    level = [value]
    for _ in range(NESTING_MAX):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        if not below:
            return
        level = below
    if any(isinstance(item, dict | list) for item in level):
        expected = f"at most {NESTING_MAX} levels of objects and lists"
        raise Problem(status=400, code="request.json_invalid", expected=expected)


def _check_texts(value: Any) -> None:
    """Refuse text that an escape made: control characters and lone surrogates."""
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        place, item = waiting.pop()
        if isinstance(item, str):
            _check_text(item, place=place)
        elif isinstance(item, dict):
            for key, inner in item.items():
                _check_text(key, place=place)
                waiting.append((f"{place}.{key}", inner))
        elif isinstance(item, list):
            waiting.extend((f"{place}.{number}", inner) for number, inner in enumerate(item))


def _check_text(text: str, *, place: str) -> None:
    for letter in text:
        point = ord(letter)
        if point < _CONTROL_END or point == _DELETE or point in _SURROGATES:
            raise Problem(
                status=400,
                code="request.text_invalid",
                field=place[1:] or None,
                expected="text without control characters and lone surrogates",
                found=f"U+{point:04X}",
            )


def _shown(key: str) -> str:
    return key.encode("ascii", "backslashreplace").decode()[:64]
