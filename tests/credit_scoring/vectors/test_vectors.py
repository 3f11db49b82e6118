"""All published and worked cases pass; a wrong one fails; a malformed file is refused by place."""

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.vectors.checking import check_vectors
from credit_scoring.vectors.reading import read_vectors
from tests.credit_scoring.shipped_vectors import (
    GONE,
    encoded,
    put,
    vector_document,
    vector_file,
)

CHECKED = check_vectors(vector_file())
Document = dict[str, Any]


def vector(document: Document, name: str) -> Document:
    return next(each for each in document["test_vectors"] if each["id"] == name)


def failed(document: Document) -> list[str]:
    return [each.id for each in check_vectors(read_vectors(encoded(document))) if each.differences]


def test_there_are_as_many_cases_as_we_say() -> None:
    assert len(CHECKED) == 141


@pytest.mark.parametrize("number", range(141), ids=[each.id for each in CHECKED])
def test_a_vector_passes(number: int) -> None:
    assert CHECKED[number].differences == ()


def test_vectors_alone_are_read_with_the_shipped_set() -> None:
    assert failed({"test_vectors": vector_document()["test_vectors"]}) == []


def test_a_file_is_checked_with_its_own_rule_set() -> None:
    document = vector_document()
    rule = next(each for each in document["rules"] if each["id"] == "E-COMP-02")
    rule["points"] = -140

    found = failed(document)

    assert {"J2", "E2", "E12"} <= set(found)
    assert {"J1", "J6", "JS9"}.isdisjoint(found)


WRONG: list[tuple[str, str, Any]] = [
    ("J2", "index", 551),
    ("J2", "grade", "B"),
    ("J2", "colour", "yellow"),
    ("J2", "reasons", []),
    ("J2", "rated", False),
    ("J2", "complete", False),
    ("J2", "milli", 550_001),
    ("J2", "states", {"a1": "expired"}),
    ("J2", "counted", {"a1": -150_001}),
    ("J2", "disputed", ["a1"]),
    ("J2", "adjustments", []),
    ("J2", "improve", []),
]


@pytest.mark.parametrize(("name", "key", "value"), WRONG, ids=[row[1] for row in WRONG])
def test_an_engine_case_with_another_expectation_fails(name: str, key: str, value: Any) -> None:
    document = vector_document()
    vector(document, name)["expect"][key] = value

    assert failed(document) == [name]


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("JS12", "expect", "blue"),
        ("JS12", "index", 851),
        ("K0.6", "expect", 2),
        ("HY1", "expect", Decimal("88.5478")),
        ("FY89", "input", Decimal("89.5")),
    ],
)
def test_a_native_case_with_another_expectation_fails(name: str, key: str, value: Any) -> None:
    document = vector_document()
    vector(document, name)[key] = value

    assert failed(document) == [name]


def test_no_cases_are_no_failures() -> None:
    assert check_vectors(read_vectors(b'{"test_vectors": []}')) == ()


EXPECT, RECORD = "test_vectors[1].expect", "test_vectors[1].records[0]"
NEXT_RECORD = "test_vectors[1].records[1]"
AT = "2019-04-01T00:00:00Z"
FACT = {"id": "a1", "rule": "E-COMP-01", "on": "2019-04-01", "recorded_at": AT}
REPAIR = {"type": "repair", "ref": "a1", "on": "2019-04-01", "recorded_at": AT}
STEP = {"kind": "soft_veto", "milli": 0}
BETTER = {"id": "a1", "rule": "E", "index": 1, "grade": "A"}


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("key_missing", "test_vectors", GONE),
        ("key_missing", "subjects", GONE),
        ("wrong_type", "test_vectors", {}),
        ("unknown_key", "rules[0].weight", 1),
        ("key_missing", "test_vectors[0].id", GONE),
        ("wrong_type", "test_vectors[0].id", 7),
        ("doubled_id", "test_vectors[1].id", "J1"),
        ("unknown_value", "test_vectors[0].kind", "other"),
        ("unknown_value", "test_vectors[0].kind", GONE),
        ("unknown_key", "test_vectors[0].grace", 1),
        ("unknown_value", "test_vectors[0].subject", "city"),
        ("wrong_type", "test_vectors[0].as_of", "9 March"),
        ("wrong_type", "test_vectors[0].known_at", "2030-01-01T00:00:00"),
        ("unknown_key", f"{EXPECT}.points", 1),
        ("key_missing", f"{EXPECT}.index", GONE),
        ("wrong_type", f"{EXPECT}.index", "550"),
        ("wrong_type", f"{EXPECT}.rated", 1),
        ("wrong_type", f"{EXPECT}.reasons", "E-COMP-02"),
        ("unknown_value", f"{RECORD}.type", "act"),
        ("unknown_key", f"{RECORD}.weight", 1),
        ("out_of_range", f"{RECORD}.qty", 0),
        ("wrong_type", f"{RECORD}.qty", None),
        ("unknown_value", "test_vectors[140].scheme", "XX"),
        ("out_of_range", "test_vectors[140].input.tax_per_mu", "much"),
        ("wrong_type", "test_vectors[77].input", []),
    ],
)
def test_a_malformed_file_is_refused_where_it_is_malformed(
    code: str, field: str, value: object
) -> None:
    document = vector_document()
    put(document, field, value)

    assert refusal_of(document) == (f"credit_scoring.{code}", field)


@pytest.mark.parametrize(
    ("path", "value", "code", "below"),
    [
        (f"{EXPECT}.states", {"a1": "gone"}, "unknown_value", ".a1"),
        (f"{EXPECT}.adjustments", [STEP], "key_missing", "[0].id"),
        (f"{EXPECT}.improve", [BETTER], "key_missing", "[0].day"),
        (NEXT_RECORD, FACT, "doubled_id", ".id"),
        (NEXT_RECORD, REPAIR | {"ref": "x"}, "unknown_fact", ".ref"),
        (NEXT_RECORD, REPAIR | {"type": "revoke"}, "unknown_key", ".on"),
        (NEXT_RECORD, REPAIR | {"on": None}, "wrong_type", ".on"),
        (NEXT_RECORD, REPAIR | {"recorded_at": "soon"}, "wrong_type", ".recorded_at"),
    ],
)
def test_a_malformed_part_is_refused_below_its_place(
    path: str, value: object, code: str, below: str
) -> None:
    document = vector_document()
    put(document, path, value)

    assert refusal_of(document) == (f"credit_scoring.{code}", f"{path}{below}")


def refusal_of(document: Document) -> tuple[str, str | None]:
    with pytest.raises(Malformed) as refusal:
        read_vectors(encoded(document))

    assert refusal.value.expected
    return refusal.value.code, refusal.value.field


@pytest.mark.parametrize("text", [b"", b"[]", b"3", b'"test_vectors"', b"{}", b"\xff"])
def test_what_is_no_file_of_vectors_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        read_vectors(text)


JUNK: list[Any] = [
    *(
        None,
        True,
        -1,
        10**40,
        Decimal("1.5"),
        Decimal("1e300"),
        "",
        "x",
        "\ud800",
        [],
        {},
        [1],
        {"a": 1},
    ),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:00", "2025-02-30", "off", "9" * 50),
]


def places_of(value: Any, path: str = "") -> Iterator[str]:
    rows = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in rows:
        place = f"{path}[{key}]" if isinstance(value, list) else f"{path}.{key}".lstrip(".")
        yield place
        if isinstance(each, dict | list):
            yield from places_of(each, place)


def test_whatever_stands_in_a_file_is_checked_or_refused_by_name() -> None:
    document = vector_document()
    del document["meta"]
    document["test_vectors"] = document["test_vectors"][::6]
    places = [each for each in places_of(document) if each.isascii() and " " not in each]
    random = Random(15)  # noqa: S311  a fixed seed
    refused = 0

    for place in random.sample(places, 300):
        changed = copy.deepcopy(document)
        put(changed, place, random.choice(JUNK))
        try:
            check_vectors(read_vectors(json.dumps(changed, default=str).encode()))
        except Malformed:
            refused += 1

    assert 200 < refused < 300
