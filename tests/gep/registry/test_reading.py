"""Documents of the registry are read strictly, and hashed by what they say."""

from decimal import Decimal
from typing import Any

import pytest

from gep.document import Place, read_document
from gep.errors import Malformed
from gep.registry.parameter_set import ParameterSet
from gep.registry.reading import read_editions, read_parameter_set
from gep.registry.shipped import services

ROW: dict[str, Any] = {
    "key": "soil.density",
    "value": "1.30",
    "unit": "t/m3",
    "mark": "S",
    "source": "a survey",
}
HEAD: dict[str, Any] = {
    "version": "v",
    "standard": "-",
    "region": "CN",
    "base_year": Decimal(2020),
    "title": "t",
}
EDITION: dict[str, Any] = {
    "id": "A-1",
    "standard": "A",
    "edition": "1",
    "title": "a norm",
    "region": "CN",
    "product_zh": "生态产品总值",
    "status": "in_force",
    "inflow": "zero",
    "mark": "S",
}


def read(*rows: dict[str, Any], **head: Any) -> ParameterSet:
    return read_parameter_set(Place(HEAD | {"rows": list(rows)} | head), lambda _: None)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"value": "many"}, "wrong_type", "value"),
        ({"value": "1e99"}, "out_of_range", "value"),
        ({"value": True}, "wrong_type", "value"),
        ({"unit": "t/ha"}, "unit_unknown", "unit"),
        ({"mark": "X"}, "unknown_value", "mark"),
        ({"source": " "}, "wrong_type", "source"),
        ({"source": None}, "key_missing", "source"),
        ({"colour": "red"}, "unknown_key", "colour"),
        ({"basis": "CAPITAL"}, "unit_unknown", "unit"),
        ({"low": "1"}, "range_incomplete", "value"),
        ({"low": "2", "high": "3"}, "out_of_range", "value"),
        ({"low": "1.3", "high": "1.3"}, "out_of_range", "value"),
        ({"price_year": Decimal("2010.5")}, "wrong_type", "price_year"),
        ({"valid_from": "soon"}, "wrong_type", "valid_from"),
        ({"dims": {"cover": 3}}, "wrong_type", "dims.cover"),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_place(
    changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Malformed) as refused:
        read(ROW | changes)

    assert (refused.value.code, refused.value.field) == (
        f"gep.{code}",
        f"document.rows[0].{field}",
    )


def test_a_row_twice_and_an_unknown_parent_are_refused() -> None:
    with pytest.raises(Malformed, match="no other one equals"):
        read(ROW, ROW)
    with pytest.raises(Malformed, match="the version of another set"):
        read(ROW, extends="nothing")


def test_the_hash_follows_what_is_said_and_not_how_it_is_ordered() -> None:
    other = ROW | {"key": "soil.depth", "unit": "m"}

    assert read(ROW, other).hash == read(other, ROW).hash
    assert read(ROW).hash != read(ROW | {"value": "1.31"}).hash
    assert read(ROW).hash != read(ROW | {"mark": "K"}).hash


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"in_force_from": "2025-01-02", "in_force_to": "2025-01-02"}, "gep.out_of_range"),
        ({"replaced_by": "A-2"}, "gep.unknown_value"),
        ({"indicators": [{"service": "R99", "mandatory": True}]}, "gep.service_unknown"),
        ({"indicators": [{"service": "R1", "mandatory": "yes"}]}, "gep.wrong_type"),
        (
            {"indicators": [{"service": "R1", "mandatory": True, "methods": ["R2.nutrients"]}]},
            "gep.method_unknown",
        ),
        ({"status": "dead"}, "gep.unknown_value"),
    ],
)
def test_an_edition_that_is_wrong_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_editions(Place([EDITION | changes]), services())

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b'{"a": 1, "a": 2}', "gep.doubled_key"),
        (b'{"a": Infinity}', "gep.not_json"),
        (b"[" * 100_000, "gep.not_json"),
        (b"\xfe", "gep.not_utf8"),
    ],
)
def test_json_is_read_strictly(text: bytes, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_document(text)

    assert refused.value.code == code


def test_a_number_is_read_as_it_is_written() -> None:
    place = read_document(b'{"a": 0.1, "b": "0.10", "c": 1e3}').members()

    assert [str(place[name].number()) for name in "abc"] == ["0.1", "0.10", "1E+3"]
