"""RFC 8785, as far as credentials need it, and the strict reading before it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_scoring.credentials.canonical_json import (
    DEPTH_MAX,
    INTEGER_MAX,
    canonical_json,
    read_json,
)
from credit_scoring.credentials.failures import CredentialRefused, Failure

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | TEXTS | st.integers(-INTEGER_MAX, INTEGER_MAX),
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)


def test_names_are_sorted_by_their_utf_16_as_in_the_rfc() -> None:
    # RFC 8785, 3.2.3
    told = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }

    assert list(json.loads(canonical_json(told)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_text_and_literals_are_written_as_in_the_rfc() -> None:
    # RFC 8785, 3.2.2, without its numbers
    told = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}

    assert canonical_json(told) == (
        '{"literals":[null,true,false],"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()
    )


@given(VALUES)
def test_what_is_written_is_read_back_and_written_alike(value: Any) -> None:
    written = canonical_json(value)

    assert read_json(written) == value
    assert canonical_json(read_json(written)) == written


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ('{"a":1,"b":2,"a":1}', Failure.DOUBLED_NAME),
        ('{"a":{"b":"","b":""}}', Failure.DOUBLED_NAME),
        ("1.0", Failure.NUMBER_REFUSED),
        ("1e2", Failure.NUMBER_REFUSED),
        ("NaN", Failure.NUMBER_REFUSED),
        ("-Infinity", Failure.NUMBER_REFUSED),
        ("9007199254740992", Failure.NUMBER_REFUSED),
        ("-9007199254740992", Failure.NUMBER_REFUSED),
        ("1" * 5_000, Failure.NUMBER_REFUSED),
        ('"\\ud800"', Failure.TEXT_REFUSED),
        ('{"\\udc00":1}', Failure.TEXT_REFUSED),
        ("[" * (DEPTH_MAX + 1) + "1" + "]" * (DEPTH_MAX + 1), Failure.TOO_LARGE),
        ("[" * 100_000, Failure.NOT_JSON),
        ('{"a":1}x', Failure.NOT_JSON),
        ("\ufeff{}", Failure.NOT_JSON),
        ("", Failure.NOT_JSON),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(text: str, failure: Failure) -> None:
    with pytest.raises(CredentialRefused) as refusal:
        read_json(text.encode())

    assert refusal.value.failure == failure


def test_the_largest_integer_and_the_deepest_list_are_read() -> None:
    assert read_json(str(INTEGER_MAX).encode()) == INTEGER_MAX
    assert read_json(b"[" * DEPTH_MAX + b"]" * DEPTH_MAX)


def test_bytes_that_are_no_utf_8_are_no_json() -> None:
    with pytest.raises(CredentialRefused, match="JSON in UTF-8"):
        read_json(b'"\xff"')


def test_a_document_that_is_too_long_is_not_read() -> None:
    with pytest.raises(CredentialRefused) as refusal:
        read_json(b" " * 16_000_001)

    assert refusal.value.failure == Failure.TOO_LARGE


@pytest.mark.parametrize("value", [1.5, object(), {1: "a"}, 2**53])
def test_a_value_that_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises(CredentialRefused):
        canonical_json(value)
