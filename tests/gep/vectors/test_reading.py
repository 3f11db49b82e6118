"""A file of vectors is refused at the place where it is wrong, before anything runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from gep.errors import Malformed
from gep.vectors.reading import read_vectors

FILE = Path(__file__).parents[1] / "data" / "gep_vectors.json"
PLACE = "document.vectors[0]"


def first(**changes: Any) -> bytes:
    document = json.loads(FILE.read_bytes())
    return json.dumps({"vectors": [document["vectors"][0] | changes]}).encode()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"formula": "__import__('os').system('true')"}, "not_a_formula", "formula"),
        ({"formula": "Q*X"}, "input_unknown", "formula"),
        ({"formula": 3}, "wrong_type", "formula"),
        ({"id": ""}, "wrong_type", "id"),
        ({"inputs": {"Q": {"value": "much"}}}, "wrong_type", "inputs.Q"),
        ({"inputs": {"Q": {"unit": "m3"}}}, "key_missing", "inputs.Q"),
        ({"inputs": {"Q": {"value": True}}}, "wrong_type", "inputs.Q"),
        ({"expected": {"value": None, "unit": "t"}}, "key_missing", "expected"),
        ({"expected": 3.5}, "wrong_type", "expected"),
        ({"tolerance_rel": -0.1}, "out_of_range", "tolerance_rel"),
        ({"tolerance_rel": 5}, "out_of_range", "tolerance_rel"),
        ({"second_check": {"value": 1}}, "key_missing", "second_check"),
        ({"engine": "M.value"}, "wrong_type", "engine"),
        ({"engine": {"call": "os.system", "args": {}}}, "call_unknown", "engine.call"),
        ({"engine": {"call": "M.value", "args": {"quantity": "Q"}}}, "key_missing", "args.price"),
        (
            {"engine": {"call": "M.value", "args": {"quantity": "Q", "price": "P", "tax": 1}}},
            "unknown_key",
            "args.tax",
        ),
        (
            {"engine": {"call": "M.value", "args": {"quantity": "X", "price": "P"}}},
            "input_unknown",
            "args.quantity",
        ),
        (
            {
                "engine": {
                    "call": "M.value",
                    "args": {"quantity": {"input": "Q", "time": 2}, "price": 1},
                }
            },
            "unknown_key",
            "args.quantity.time",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Malformed) as refused:
        read_vectors(first(**changes))

    assert refused.value.code == f"gep.{code}"
    assert refused.value.field is not None
    assert PLACE in refused.value.field
    assert field in refused.value.field
    assert refused.value.expected


def test_two_vectors_of_one_id_are_refused() -> None:
    document = json.loads(first())
    document["vectors"] *= 2

    with pytest.raises(Malformed, match="an item that no other one equals"):
        read_vectors(json.dumps(document).encode())


def test_calls_are_nested_only_so_deep() -> None:
    call: dict[str, Any] = {"call": "R8.carbon", "args": {"quantity": "Q"}}
    for _ in range(9):
        call = {"call": "R8.carbon", "args": {"quantity": call}}

    with pytest.raises(Malformed, match="nested"):
        read_vectors(first(engine=call))
