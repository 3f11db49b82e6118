"""Formulas of files: Python's precedence, nothing else of Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gep.vectors.formula import NoFormula, NoResult, parse

VALUES = {"a": 2.0, "b": 3.0, "c": 4.0}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a + b * c", 14.0),
        ("(a + b) * c", 20.0),
        ("-a ** 2", -4.0),
        ("a ** -b * c", 0.5),
        ("a ** b ** a", 512.0),
        ("c / a / a", 1.0),
        ("c - b - a", -1.0),
        ("--a", 2.0),
        ("a*-b", -6.0),
        ("1.5e2 + .5 - 2.", 148.5),
        (" ( ( a ) ) ", 2.0),
        ("-(a - b) ** a", -1.0),
    ],
)
def test_a_formula_is_computed_as_python_would(text: str, result: float) -> None:
    assert parse(text).compute(VALUES) == result


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a +", "* a", "a b", "(a", "a)", "()", "a ** * b", "+a", "a,b", "2a", "1..2"),
        *("a.b", "a[0]", "abs(a)", "__import__('os')", "a if a else b", "a//b", "a%b", "é", "a;b"),
        "a" * 10_001,
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(NoFormula):
        parse(text)


@pytest.mark.parametrize(
    "text", ["a / (b - b)", "10 ** 400", "(-a) ** 0.5", "1e400", "1e400-1e400"]
)
def test_a_formula_without_a_real_result_says_so(text: str) -> None:
    with pytest.raises(NoResult):
        parse(text).compute(VALUES)


def expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["a", "b", "c", "1", "2.5"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("{} {} {}".format, inner, st.sampled_from("+-*/"), inner),
            st.builds("({})".format, inner),
            st.builds("-{}".format, inner),
        ),
        max_leaves=12,
    )


@given(expressions())
def test_any_formula_agrees_with_the_language(text: str) -> None:
    try:
        expected = eval(text, {"__builtins__": {}}, dict(VALUES))  # noqa: S307 - text of our own
    except ZeroDivisionError:
        with pytest.raises(NoResult):
            parse(text).compute(VALUES)
    else:
        assert parse(text).compute(VALUES) == expected
