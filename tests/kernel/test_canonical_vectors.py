"""RFC 8785's published vectors: our narrower form gives the same bytes, or refuses the value.

Ours takes strings, truth values, null, lists and objects whose keys are ``[a-z0-9_]+``: amounts are
decimal strings, so that no number is ever printed.
"""

import json
import re
import struct
from typing import Any

import pytest

from kernel.canonical import NotCanonical, canonical, parse
from tests.ledger.transparency.vectors import vectors

KEY = re.compile(r"[a-z0-9_]+\Z")


def is_ours(value: Any) -> bool:
    """Whether a value lies in the narrower form, judged apart from the code under test."""
    if isinstance(value, dict):
        return all(KEY.match(key) and is_ours(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(is_ours, value))
    return isinstance(value, str | bool) or value is None


def strings_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(text for each in value.values() for text in strings_of(each))]
    if isinstance(value, list):
        return [text for each in value for text in strings_of(each)]
    return [value] if isinstance(value, str) else []


def test_a_published_value_is_the_same_bytes_or_refused() -> None:
    for case in vectors("jcs_rfc8785")["cases"]:
        value = json.loads(case["input"])
        if is_ours(value):
            assert canonical(value) == bytes.fromhex(case["output_hex"])
            assert parse(canonical(value)) == value
        else:
            with pytest.raises(NotCanonical):
                canonical(value)


def test_every_published_string_is_written_as_published() -> None:
    strings = [
        (text, case)
        for case in vectors("jcs_rfc8785")["cases"]
        for text in strings_of(json.loads(case["input"]))
    ]
    assert len(strings) > 20
    for text, case in strings:
        written = canonical([text])[1:-1].decode()
        assert written in bytes.fromhex(case["output_hex"]).decode()


def test_no_published_number_is_ever_printed() -> None:
    for hexadecimal, text in vectors("jcs_rfc8785")["numbers_ieee754_hex"]:
        [number] = struct.unpack(">d", bytes.fromhex(hexadecimal))
        assert float(text) == number
        for value in (number, int(number) if number.is_integer() else number):
            with pytest.raises(NotCanonical):
                canonical({"n": value})
        assert canonical({"n": text}) == f'{{"n":"{text}"}}'.encode()


REFUSED = [float("nan"), float("inf"), float("-inf"), "\ud800", 9007199254740992, -9007199254740992]


@pytest.mark.parametrize("value", REFUSED, ids=repr)
def test_what_must_be_refused_is(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical({"n": value})


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011  whatever of its kind
        parse(b'{"a":"1","a":"1"}')
