"""Any plan that JSON can hold, for properties: odd names, every call, lists of any length."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gep.calls import CALLS, arguments_of
from gep.measures import UNITS
from gep.registry.shipped import services

DEPTH = 3
_ODD = (
    "12",
    "1e5",
    "=A1",
    "+x",
    '"q"',
    " edge ",
    "input:a",
    "输入:乙",
    "soil.density",
    "a\nb",
    "%",
)
_LETTERS = st.characters(exclude_categories=["Cs"])
NAMES = st.one_of(
    st.sampled_from(_ODD),
    st.builds(lambda first, rest: f"{first}x{rest}", _LETTERS, st.text(_LETTERS, max_size=8)),
)
NUMBERS = st.one_of(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**9
    ),
    st.sampled_from(["12.60", "1E+3", "1390", "0.031", "1e-7", "9530000000000000000"]),
).map(str)
UNIT = st.sampled_from([*UNITS, "1", "yuan/t", "t/hm2", "t_CO2/t", "kg/equivalent"])
DIMS = st.dictionaries(st.one_of(st.just("cover"), NAMES), NAMES, min_size=1, max_size=2)
INPUT = st.fixed_dictionaries({"value": NUMBERS, "unit": UNIT, "source": NAMES})
FOUR_YEARS = ("2022", "2023", "2024", "2025")
CAUSES = st.lists(
    st.fixed_dictionaries({"cause": NAMES, "quantity": st.sampled_from(["7", "0.30", "1E+3"])}),
    max_size=3,
    unique_by=lambda each: each["cause"],
)


@st.composite
def inputs_with_means(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(INPUT)
    if found["unit"].startswith("yuan") or draw(st.booleans()):
        return found
    if draw(st.booleans()):
        return found | {"mean_5y": {"value": draw(NUMBERS), "source": draw(NAMES)}}
    years = {each: draw(NUMBERS) for each in FOUR_YEARS} | {"2026": found["value"]}
    return found | {"mean_5y": {"years": years, "source": draw(NAMES)}}


@st.composite
def stocks(draw: st.DrawFn) -> dict[str, Any]:
    additions, reductions = draw(CAUSES), draw(CAUSES)
    closing = Decimal(100_000)
    for sign, causes in ((1, additions), (-1, reductions)):
        closing += sign * sum(Decimal(each["quantity"]) for each in causes)
    return {
        "resource": draw(NAMES),
        "unit": draw(st.sampled_from(["hm2", "m3", "t"])),
        "opening": "100000",
        "additions": additions,
        "reductions": reductions,
        "closing": f"{closing:f}",
        "source": draw(NAMES),
    }


def parameters() -> st.SearchStrategy[dict[str, Any]]:
    keys = st.one_of(st.sampled_from(["soil.density", "air.rate"]), NAMES)
    with_dims = st.fixed_dictionaries({"parameter": keys, "dims": DIMS})
    return st.one_of(st.fixed_dictionaries({"parameter": keys}), with_dims)


def terms(inputs: list[str], depth: int = DEPTH) -> st.SearchStrategy[Any]:
    plain = NUMBERS.map(Decimal)
    simple: list[st.SearchStrategy[Any]] = [plain, parameters()]
    if inputs:
        simple.append(st.sampled_from(inputs))
    if depth:
        simple.append(
            st.sampled_from(sorted(CALLS)).flatmap(lambda name: calls(name, inputs, depth))
        )
    return st.one_of(*simple)


def calls(name: str, inputs: list[str], depth: int) -> st.SearchStrategy[Any]:
    inner = terms(inputs, depth - 1)
    argument = st.one_of(inner, st.lists(inner, max_size=3))
    known = arguments_of(name)
    needed = {each: argument for each, found in known.items() if not found.is_optional}
    optional = {each: argument for each, found in known.items() if found.is_optional}
    given = st.fixed_dictionaries(needed, optional=optional)
    return st.fixed_dictionaries({"call": st.just(name), "args": given})


def quantities(service: str, inputs: list[str]) -> st.SearchStrategy[Any]:
    methods = services()[service].methods
    simple = terms(inputs, 0)
    if not methods:
        return simple
    return st.one_of(
        simple, st.sampled_from(methods).flatmap(lambda name: calls(name, inputs, DEPTH))
    )


@st.composite
def lines(draw: st.DrawFn, inputs: list[str]) -> dict[str, Any]:
    service = draw(st.sampled_from(sorted(services())))
    line: dict[str, Any] = {"id": draw(NAMES), "service": service}
    if draw(st.booleans()):
        line |= {"given_yuan": str(draw(st.integers(0, 10**12))), "source": draw(NAMES)}
    else:
        line |= {"quantity": draw(quantities(service, inputs)), "price": draw(terms(inputs))}
    for name in ("name", "place"):
        if draw(st.booleans()):
            line[name] = draw(NAMES)
    return line


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    inputs = draw(st.dictionaries(NAMES, inputs_with_means(), max_size=4))
    found = draw(
        st.lists(lines(sorted(inputs)), min_size=1, max_size=4, unique_by=lambda each: each["id"])
    )
    plan: dict[str, Any] = {
        "id": draw(NAMES),
        "area": {"id": "331199", "name": draw(NAMES), "km2": "96.5"},
        "year": "2026",
        "edition": "DB33/T 2274-2025",
        "parameters": "zhejiang-0.1",
        "lines": found,
    }
    if inputs:
        plan["inputs"] = inputs
    told = draw(st.lists(stocks(), max_size=3, unique_by=lambda each: each["resource"]))
    if told:
        plan["stocks"] = told
    if draw(st.booleans()):
        plan["area"]["kind"] = draw(st.sampled_from(["region", "project", "parcel"]))
    if draw(st.booleans()):
        plan |= {"include_non_use": draw(st.booleans()), "note": draw(NAMES)}
    return plan
