"""A cursor over a JSON document that knows its place, and refuses by place and expectation.

It is used for every document of the eco-credit: rule sets, files of vectors, files of records.
JSON is read without floats: a number with a point is a decimal. Canonical documents hold their
numbers as decimal texts; both forms are read, and give the same.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Never, TypeVar

from credit_scoring.rule_sets.errors import Malformed

WHOLE_MAX = 10**12
SHOWN_MAX = 60
# Far enough from the calendar's ends that no period of a rule reaches them.
YEAR_MIN, YEAR_MAX = 1900, 2500
_WHOLE_TEXT = re.compile(r"(0|-?[1-9][0-9]{0,12})\Z")
_DECIMAL_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
Choice = TypeVar("Choice", bound=Enum)


class _Doubled(ValueError):
    """An object names one key twice."""


def read_json(text: bytes) -> "Place":
    """Read a document; numbers with a point become decimals.

    Raises:
        Malformed: no UTF-8, no JSON, a number that JSON does not know, or a doubled key.
    """
    try:
        value = json.loads(
            text.decode("utf-8"),
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_pairs,
        )
    except UnicodeDecodeError as error:
        at = f"byte {error.start}"
        raise Malformed(code="not_utf8", field=at, expected="UTF-8", found="other") from error
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        raise Malformed(code="not_json", field=at, expected="JSON", found=error.msg) from error
    except _Doubled as error:
        raise Malformed(
            code="doubled_key", field=str(error), expected="each key once", found="it twice"
        ) from error
    except (ValueError, RecursionError) as error:
        raise Malformed(
            code="not_json", field="document", expected="JSON", found=str(error)[:SHOWN_MAX]
        ) from error
    return Place(value)


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"the number {name}")


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Doubled(key)
        found[key] = value
    return found


class Place:
    """One value of a document, and the path to it."""

    __slots__ = ("path", "value")

    def __init__(self, value: Any, path: str = "") -> None:
        self.value = value
        self.path = path

    def refuse(self, code: str, expected: str) -> Never:
        """Refuse this value.

        Raises:
            Malformed: always.
        """
        raise self.refusal(code, expected)

    def refusal(self, code: str, expected: str) -> Malformed:
        """Return the refusal of this value, for the caller to raise."""
        shown = json.dumps(self.value, ensure_ascii=False, default=str)
        found = shown if len(shown) <= SHOWN_MAX else f"{shown[:SHOWN_MAX]}..."
        return Malformed(code=code, field=self.path or "document", expected=expected, found=found)

    def keys(self, *, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Refuse an object that lacks a required key or has one that nobody reads."""
        names = self.names()
        wanted = list(required)
        for name in wanted:
            if name not in names:
                raise Malformed(
                    code="key_missing",
                    field=self._below(name),
                    expected=f"the key {name}",
                    found="none",
                )
        known = {*wanted, *optional}
        for name in names:
            if name not in known:
                raise Malformed(
                    code="unknown_key",
                    field=self._below(name),
                    expected=f"one of {', '.join(sorted(known))}",
                    found=name,
                )

    def names(self) -> Mapping[str, Any]:
        """Return the object that stands here."""
        if not isinstance(self.value, dict):
            self.refuse("wrong_type", "an object")
        found: Mapping[str, Any] = self.value
        return found

    def has(self, name: str) -> bool:
        """Say whether an object has a key with a value other than null."""
        return self.names().get(name) is not None

    def at(self, name: str) -> "Place":
        """Return the value under a key; null where there is none."""
        return Place(self.names().get(name), self._below(name))

    def items(self) -> Iterator["Place"]:
        """Yield the members of a list."""
        if not isinstance(self.value, list):
            self.refuse("wrong_type", "a list")
        for number, value in enumerate(self.value):
            yield Place(value, f"{self.path}[{number}]")

    def rows(self) -> Iterator[tuple[str, "Place"]]:
        """Yield the members of an object, each by its key."""
        for name, value in self.names().items():
            yield name, Place(value, self._below(name))

    def text(self, *, empty: bool = False) -> str:
        """Return a text, not empty unless it may be."""
        if not isinstance(self.value, str) or not (self.value or empty):
            self.refuse("wrong_type", "a text")
        found: str = self.value
        if _SURROGATE.search(found) is not None:
            self.refuse("not_utf8", "a text without lone surrogates")
        return found

    def optional_text(self) -> str | None:
        """Return a text or nothing; an empty one is nothing."""
        return None if self.value is None else (self.text(empty=True) or None)

    def truth(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            self.refuse("wrong_type", "true or false")
        found: bool = self.value
        return found

    def switch(self) -> bool:
        """Return whether a switch is on; one that is not set is."""
        if self.value is None or self.value == "on":
            return True
        if self.value == "off":
            return False
        raise self.refusal("unknown_value", "on or off")

    def whole(self, *, low: int = -WHOLE_MAX, high: int = WHOLE_MAX) -> int:
        """Return a whole number within its bounds."""
        value = self.value
        if isinstance(value, str) and _WHOLE_TEXT.match(value) is not None:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse("wrong_type", "a whole number")
        number: int = value
        if not low <= number <= high:
            self.refuse("out_of_range", f"a whole number from {low} to {high}")
        return number

    def optional_whole(self, *, low: int, high: int = WHOLE_MAX) -> int | None:
        """Return a whole number or nothing."""
        return None if self.value is None else self.whole(low=low, high=high)

    def decimal(self) -> Decimal:
        """Return a number as a decimal, exactly as it is written."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.refuse("wrong_type", "a number")
        text = value if isinstance(value, str) else f"{Decimal(value):f}"
        if _DECIMAL_TEXT.match(text) is None:
            self.refuse("out_of_range", "a decimal of at most 16 digits and 15 after the point")
        return Decimal(text)

    def day(self) -> date:
        """Return a date, YYYY-MM-DD."""
        if isinstance(self.value, str) and _DATE.match(self.value) is not None:
            try:
                found = date.fromisoformat(self.value)
            except ValueError:
                pass
            else:
                self._within_years(found.year)
                return found
        raise self.refusal("wrong_type", "a date, YYYY-MM-DD")

    def instant(self) -> datetime:
        """Return an instant: date, time and its distance from UTC."""
        if isinstance(self.value, str):
            try:
                found = datetime.fromisoformat(self.value)
            except ValueError:
                pass
            else:
                if found.tzinfo is not None:
                    self._within_years(found.year)
                    return found
        raise self.refusal("wrong_type", "an instant with its distance from UTC")

    def choice(self, kind: type[Choice]) -> Choice:
        """Return a member of an enumeration."""
        if isinstance(self.value, str):
            try:
                return kind(self.value)
            except ValueError:
                pass
        raise self.refusal("unknown_value", f"one of {', '.join(str(each.value) for each in kind)}")

    def optional_choice(self, kind: type[Choice]) -> Choice | None:
        """Return a member of an enumeration or nothing."""
        return None if self.value is None else self.choice(kind)

    def _within_years(self, year: int) -> None:
        if not YEAR_MIN <= year <= YEAR_MAX:
            self.refuse("out_of_range", f"a year from {YEAR_MIN} to {YEAR_MAX}")

    def _below(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name
