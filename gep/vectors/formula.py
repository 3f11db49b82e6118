"""Arithmetic formulas read from files: names, numbers, + - * / **, unary minus, brackets.

A parser of our own, by two stacks, with the precedence of Python; nothing read from a file is ever
handed to the language. Reading finds every error of form; computing may still find no result.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

CHARACTERS_MAX = 10_000
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<sign>\*\*|[-+*/()]))"
)
_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
_MINUS = "minus"
_BINDS = {"(": 0, "+": 1, "-": 1, "*": 2, "/": 2, _MINUS: 3, "**": 4}
Step: TypeAlias = "float | Name | str"


class NoFormula(ValueError):
    """A text that is no formula; the message names the character and what was expected."""


class NoResult(ArithmeticError):
    """A formula whose figures give no real, finite number."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a formula, which an input gives its value."""

    text: str


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as steps for a stack: values first, each operator after its operands."""

    steps: tuple[Step, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names that need a value."""
        return frozenset(each.text for each in self.steps if isinstance(each, Name))

    def compute(self, values: Mapping[str, float]) -> float:
        """Return the result.

        Raises:
            NoResult: a division by zero, an overflow, a root of a negative number.
        """
        stack: list[float] = []
        try:
            for step in self.steps:
                _take(step, stack, values)
        except (ZeroDivisionError, OverflowError) as error:
            raise NoResult(str(error)) from error
        (result,) = stack
        if isinstance(result, complex) or result - result != 0:
            raise NoResult(f"{result} is no real number")
        return result


def _take(step: Step, stack: list[float], values: Mapping[str, float]) -> None:
    if isinstance(step, Name):
        stack.append(values[step.text])
    elif not isinstance(step, str):
        stack.append(step)
    elif step == _MINUS:
        stack.append(-stack.pop())
    else:
        right, left = stack.pop(), stack.pop()
        stack.append(_BINARY[step](left, right))


def parse(text: str) -> Formula:
    """Read a formula.

    Raises:
        NoFormula: it is none.
    """
    if len(text) > CHARACTERS_MAX:
        raise NoFormula(f"at most {CHARACTERS_MAX} characters")
    reader = _Reader()
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise NoFormula(f"character {at + 1}: a name, a number, + - * / ** or a bracket")
        at = token.end()
        reader.take(token, at)
    return reader.formula()


class _Reader:
    """Sorts tokens into steps; operators wait for what binds tighter."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.waiting: list[str] = []
        self.wants_value = True

    def take(self, token: re.Match[str], at: int) -> None:
        sign = token["sign"]
        opens = sign == "(" or (sign == "-" and self.wants_value)
        if self.wants_value is not (sign is None or opens):
            wanted = "a name or a number" if self.wants_value else "an operator"
            raise NoFormula(f"character {at}: {wanted}")
        if sign is None:
            self.steps.append(float(token["number"]) if token["number"] else Name(token["name"]))
            self.wants_value = False
        elif opens:
            self.waiting.append("(" if sign == "(" else _MINUS)
        elif sign == ")":
            self._unload(binds=1)
            if not self.waiting:
                raise NoFormula(f"character {at}: an opening bracket before it")
            self.waiting.pop()
        else:
            # Powers are taken from the right, everything else from the left.
            self._unload(binds=_BINDS[sign] + (sign == "**"))
            self.waiting.append(sign)
            self.wants_value = True

    def formula(self) -> Formula:
        if self.wants_value:
            raise NoFormula("the end: a name or a number")
        self._unload(binds=1)
        if self.waiting:
            raise NoFormula("the end: a closing bracket")
        return Formula(tuple(self.steps))

    def _unload(self, *, binds: int) -> None:
        """Move the operators that bind at least so tightly to the steps, down to a bracket."""
        while self.waiting and _BINDS[self.waiting[-1]] >= binds:
            self.steps.append(self.waiting.pop())
