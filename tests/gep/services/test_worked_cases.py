"""Every call gives what was worked out by hand, and every call was tried."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gep.calls import CALLS, arguments_of, call_with_numbers
from gep.vectors.formula import parse
from gep.vectors.reading import EngineCall, read_vectors
from tests.gep.services.worked_cases import WORKED, Worked

VECTORS = Path(__file__).parents[1] / "data" / "gep_vectors.json"


def names(row: Worked) -> str:
    return row.call


def takes_arrays(row: Worked) -> bool:
    return all(each.units or each.takes_arrays for each in arguments_of(row.call).values())


def spread(value: float) -> NDArray[np.float64]:
    return np.full(3, float(value))


@pytest.mark.parametrize("row", WORKED, ids=names)
def test_a_call_gives_what_the_arithmetic_gives(row: Worked) -> None:
    worked = parse(row.arithmetic).compute({})

    assert worked == pytest.approx(row.result, rel=2e-5)
    assert call_with_numbers(row.call, row.given) == pytest.approx(worked, rel=1e-12)


@pytest.mark.parametrize("row", [row for row in WORKED if takes_arrays(row)], ids=names)
def test_an_array_gives_in_each_place_what_a_figure_gives(row: Worked) -> None:
    copies: dict[str, Any] = {
        name: [spread(each) for each in value] if isinstance(value, list) else spread(value)
        for name, value in row.given.items()
    }

    found = call_with_numbers(row.call, copies)

    assert np.broadcast_to(found, 3).tolist() == pytest.approx([row.result] * 3, rel=2e-5)


def test_every_call_is_reached_by_a_published_figure_or_by_two_cases() -> None:
    published = {
        name
        for vector in read_vectors(VECTORS.read_bytes())
        if vector.engine is not None
        for name in called(vector.engine)
    }
    ours = Counter(row.call for row in WORKED)

    assert [name for name in CALLS if name not in published and ours[name] < 2] == []


def called(engine: EngineCall) -> list[str]:
    found, waiting = [], [engine]
    while waiting:
        each = waiting.pop()
        found.append(each.name)
        for term in each.arguments.values():
            terms = term if isinstance(term, list) else [term]
            waiting.extend(inner for inner in terms if isinstance(inner, EngineCall))
    return found
