"""Documents are read without floats, and refused by line or path."""

from decimal import Decimal

import pytest

from credit_scoring.rule_sets.document import read_json
from credit_scoring.rule_sets.errors import Malformed


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (b"", "not_json", "line 1, column 1"),
        (b'{"a": }', "not_json", "line 1, column 7"),
        (b'{"a": NaN}', "not_json", "document"),
        (b'{"a": 1, "a": 2}', "doubled_key", "a"),
        (b'{"a": "\xff"}', "not_utf8", "byte 7"),
        (b"[" * 100_000, "not_json", "document"),
        (b'{"a": ' + b"9" * 5_000 + b"}", "not_json", "document"),
    ],
)
def test_what_is_no_json_is_refused(text: bytes, code: str, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read_json(text)

    assert (refusal.value.code, refusal.value.field) == (f"credit_scoring.{code}", field)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"0.1", "0.1"),
        (b"0.30000000000000004", None),
        (b"12", "12"),
        (b'"0.60"', "0.60"),
        (b"1e3", "1000"),
        (b"1e400", None),
        (b"true", None),
        (b'"1,5"', None),
    ],
)
def test_a_number_is_a_decimal_as_it_is_written(text: bytes, found: str | None) -> None:
    place = read_json(text)

    if found is None:
        with pytest.raises(Malformed):
            place.decimal()
    else:
        assert place.decimal() == Decimal(found)


@pytest.mark.parametrize("text", [b'"2026-01-01T00:00:00"', b'"2026-01-01"', b'"soon"', b"3"])
def test_an_instant_says_its_distance_from_utc(text: bytes) -> None:
    with pytest.raises(Malformed, match="distance from UTC"):
        read_json(text).instant()


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        read_json(b'"\\ud800"').text()

    assert refusal.value.code == "credit_scoring.not_utf8"


def test_a_refusal_shows_what_was_found_and_not_all_of_it() -> None:
    with pytest.raises(Malformed) as refusal:
        read_json(b'{"a": ["' + b"x" * 500 + b'"]}').at("a").text()

    assert refusal.value.field == "a"
    assert len(refusal.value.data["found"]) < 80
