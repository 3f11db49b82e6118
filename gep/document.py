"""Documents read strictly: where a value stands, what it must be, and a refusal that says both.

JSON numbers are read as decimals, never as floats, and a decimal may be written as text as well, as
canonical documents do. NaN, infinities, doubled keys and keys that nobody reads are refused.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Never, TypeVar

from gep.errors import Malformed

FILE_BYTES_MAX = 64 * 1024 * 1024
ITEMS_MAX = 100_000
EXPONENT_MAX = 60
DIGITS_MAX = 40
SHOWN_MAX = 60
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\Z")
Read = TypeVar("Read")
Member = TypeVar("Member", bound=Enum)


def read_document(text: bytes) -> "Place":
    """Read JSON.

    Raises:
        Malformed: no UTF-8, no JSON, too large, a number that JSON does not know, a doubled key.
    """
    if len(text) > FILE_BYTES_MAX:
        raise _refused("too_large", "document", f"at most {FILE_BYTES_MAX} bytes", found=len(text))
    try:
        value = json.loads(
            text.decode("utf-8"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise _refused("not_utf8", f"byte {error.start}", "UTF-8", found="other bytes") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise _refused("not_json", place, "JSON", found=error.msg) from error
    except RecursionError as error:
        raise _refused("not_json", "document", "less nesting", found="too much") from error
    return Place(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise _refused("doubled_key", doubled, "each key once", found="it twice")
    return found


def is_number(text: str) -> bool:
    """Say whether a text is a number as canonical documents write it."""
    return _NUMBER.match(text) is not None


class Place:
    """A value of a document, and the path to it."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: str = "document") -> None:
        self.value = value
        self.path = path

    def refuse(self, code: str, expected: str) -> Never:
        """Refuse what stands here.

        Raises:
            Malformed: always.
        """
        shown = json.dumps(self.value, ensure_ascii=False, default=str)
        raise _refused(code, self.path, expected, found=shown[:SHOWN_MAX])

    def fields(self, required: str, optional: str = "") -> "dict[str, Place]":
        """Return an object's fields by name; both lists are words, and no other key may stand here.

        A field that is null is left out, as one that is not there.
        """
        found = self.members()
        known = {*required.split(), *optional.split()}
        for name in found:
            if name not in known:
                code, expected = "unknown_key", f"one of {', '.join(sorted(known))}"
                raise _refused(code, f"{self.path}.{name}", expected, found=name)
        present = {name: place for name, place in found.items() if place.value is not None}
        for name in required.split():
            if name not in present:
                raise _refused(
                    "key_missing", f"{self.path}.{name}", f"the key {name}", found="none"
                )
        return present

    def members(self) -> "dict[str, Place]":
        """Return an object's members, whatever their names."""
        if not isinstance(self.value, dict):
            self.refuse("wrong_type", "an object")
        return {name: Place(each, f"{self.path}.{name}") for name, each in self.value.items()}

    def items(self, *, most: int = ITEMS_MAX) -> "Iterator[Place]":
        """Yield a list's items."""
        if not isinstance(self.value, list):
            self.refuse("wrong_type", "a list")
        if len(self.value) > most:
            raise _refused("too_many", self.path, f"at most {most} items", found=len(self.value))
        for index, each in enumerate(self.value):
            yield Place(each, f"{self.path}[{index}]")

    def unique(self, read: "Callable[[Place], Read]", key: Callable[[Read], Any]) -> list[Read]:
        """Return a list's items, read; no two may have one key."""
        seen: set[Any] = set()
        found = []
        for place in self.items():
            item = read(place)
            if key(item) in seen:
                place.refuse("doubled_id", "an item that no other one equals")
            seen.add(key(item))
            found.append(item)
        return found

    def text(self) -> str:
        """Return a text that is not empty."""
        value = self.value
        if not isinstance(value, str) or not value.strip():
            self.refuse("wrong_type", "a text")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            self.refuse("not_utf8", "a text without lone surrogates")
        return value

    def number(self) -> Decimal:
        """Return a number exactly as it is written."""
        value = self.value
        if isinstance(value, str) and _NUMBER.match(value) is not None:
            value = Decimal(value)
        if not isinstance(value, Decimal):
            self.refuse("wrong_type", "a number")
        digits = value.as_tuple().digits
        if len(digits) > DIGITS_MAX or (value and abs(value.adjusted()) > EXPONENT_MAX):
            self.refuse("out_of_range", f"at most {DIGITS_MAX} digits, 1e-60 to 1e60")
        return value

    def between(self, low: float, high: float) -> Decimal:
        """Return a number within its bounds."""
        value = self.number()
        if not low <= value <= high:
            self.refuse("out_of_range", f"a number from {low:g} to {high:g}")
        return value

    def whole(self, low: int, high: int) -> int:
        """Return a whole number within its bounds."""
        value = self.between(low, high)
        if value != int(value):
            self.refuse("wrong_type", "a whole number")
        return int(value)

    def truth(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self.refuse("wrong_type", "true or false")
        return self.value

    def day(self) -> date:
        """Return a date, YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.refuse("wrong_type", "a date, YYYY-MM-DD")

    def choice(self, members: type[Member]) -> Member:
        """Return a member of an enumeration, by its value."""
        named = {str(each.value): each for each in members}
        if not isinstance(self.value, str) or self.value not in named:
            self.refuse("unknown_value", f"one of {', '.join(named)}")
        return named[self.value]


def _refused(code: str, place: str, expected: str, *, found: object) -> Malformed:
    shown = _without_surrogates(str(found)[:SHOWN_MAX])
    return Malformed(code=code, field=_without_surrogates(place), expected=expected, found=shown)


def _without_surrogates(text: str) -> str:
    """Return a text that can be written: an escape makes lone surrogates, which cannot."""
    return text.encode("utf-8", "backslashreplace").decode()


def _refuse_constant(name: str) -> Never:
    raise _refused("not_json", "document", "finite numbers", found=name)
