"""Vectors against the engine and against their own formula: each passes, or says where it fails."""

from collections.abc import Iterator
from dataclasses import dataclass

from gep.calls import call_with_numbers
from gep.vectors.formula import NoResult
from gep.vectors.reading import EngineCall, Input, Term, Vector
from kernel.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A vector, whether the engine was asked, and what was not as expected."""

    id: str
    by_engine: bool
    failures: tuple[str, ...]


def check_vector(vector: Vector) -> Checked:
    """Compute a vector by its formula and, where it names one, by the engine's call."""
    failures = list(_differences(vector, "formula"))
    if vector.engine is not None:
        failures.extend(_differences(vector, "engine"))
    return Checked(id=vector.id, by_engine=vector.engine is not None, failures=tuple(failures))


def _differences(vector: Vector, way: str) -> Iterator[str]:
    try:
        if way == "formula" or vector.engine is None:
            found = vector.formula.compute(vector.inputs)
        else:
            found = _run(vector.engine, vector.inputs)
    except (NoResult, DomainError, ArithmeticError) as error:
        yield f"{way}: no result: {error}"
        return
    for check in vector.checks:
        if not check.holds(found):
            yield f"{way}: expected {check.value:g} within {check.within:g}, found {found!r}"


def _run(engine: EngineCall, inputs: dict[str, float]) -> float:
    given: dict[str, float | list[float]] = {
        name: [_value(each, inputs) for each in term]
        if isinstance(term, list)
        else _value(term, inputs)
        for name, term in engine.arguments.items()
    }
    return float(call_with_numbers(engine.name, given)) * engine.times


def _value(term: Term, inputs: dict[str, float]) -> float:
    if isinstance(term, Input):
        return inputs[term.name] * term.times
    return _run(term, inputs) if isinstance(term, EngineCall) else term
