"""Which figure moves the result: the coefficient of sensitivity (敏感性系数) of each in use.

``CS = (dV/V) / (dp/p)``, with the figure half as large again and half as large, all others as they
are. Above 1, in either direction and of either sign, a figure is elastic: the total moves by a
larger share than it does. Where a formula cannot take the figure, a share above 1 for instance,
that side is left open.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gep.accounts.account import fen_of, yuan_of
from gep.accounts.making import is_counted, make_account, parameters_of, value_of
from gep.accounts.plan import Plan, PlannedLine
from gep.accounts.terms import CallTerm, Figures, Term, Used
from gep.errors import AccountRefused, InputRefused
from gep.registry.edition import Mark
from kernel.money import Fen

STEP = 0.5  # the +-50 % of Jiajiyu 2018
ELASTIC = 1.0
NEARLY = 1e-9  # one by rounding is not above one
SHOWN_DIGITS = 6
# Some seconds of one core; an account of a hundred lines needs a few thousand.
TERMS_MAX = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """One figure: its coefficients upwards and downwards, and what the total becomes.

    ``up`` and ``down`` are None where the formulas cannot take the figure, or it is zero.
    """

    name: str
    value: Decimal
    unit: str
    source: str
    mark: Mark | None
    is_overridden: bool
    lines: tuple[str, ...]
    up: float | None
    down: float | None
    total_up: Fen | None
    total_down: Fen | None

    @property
    def strength(self) -> float:
        """The greater of both coefficients, whatever their sign."""
        return max((abs(each) for each in (self.up, self.down) if each is not None), default=0.0)

    @property
    def is_elastic(self) -> bool:
        """Say whether the total moves by a larger share than the figure."""
        return self.strength > ELASTIC + NEARLY


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivities:
    """All figures in use, the strongest first."""

    account: str
    total: Fen
    figures: tuple[Sensitivity, ...]

    def document(self) -> dict[str, Any]:
        """Return the table as plain values without numbers."""
        return {
            "account": self.account,
            "total_yuan": str(yuan_of(self.total)),
            "figures": [
                {
                    "name": each.name,
                    "value": f"{each.value:f}",
                    "unit": each.unit,
                    "source": each.source,
                    "mark": None if each.mark is None else each.mark.value,
                    "overridden": each.is_overridden,
                    "lines": list(each.lines),
                    "up": _text(each.up),
                    "down": _text(each.down),
                    "total_up_yuan": _yuan(each.total_up),
                    "total_down_yuan": _yuan(each.total_down),
                    "elastic": each.is_elastic,
                }
                for each in self.figures
            ],
        }


def sensitivities_of(plan: Plan) -> Sensitivities:
    """Return how the total of an account answers to each figure in use.

    Raises:
        AccountRefused: the account itself is refused, has no total above 0, or too many figures.
    """
    account = make_account(plan)
    if account.total <= 0:
        raise AccountRefused(code="total_not_positive", field="total", expected="above 0")
    lines = {
        line.id: line for line in plan.lines if is_counted(line, plan) and line.given_yuan is None
    }
    uses = {line.id: line.used for line in account.counted() if line.id in lines}
    _refuse_many(lines, uses)
    given = sum(line.value for line in account.counted() if line.id not in lines)
    bench = _Bench(plan, lines, float(yuan_of(given - account.deduction)))
    used = {each.name: each for figures in uses.values() for each in figures}
    found = [
        bench.sensitivity(each, [line for line, has in uses.items() if _has(has, each.name)])
        for each in used.values()
    ]
    found.sort(key=lambda each: (-round(each.strength, SHOWN_DIGITS), each.name))
    return Sensitivities(account=account.hash, total=account.total, figures=tuple(found))


class _Bench:
    """An account whose lines are computed again with one figure moved."""

    def __init__(self, plan: Plan, lines: Mapping[str, PlannedLine], beside: float) -> None:
        self._inputs = plan.inputs
        self._parameters = parameters_of(plan)
        self._lines = lines
        self._bare = {name: self._value(name, {}) for name in lines}
        # Unrounded, or a small account would show sensitivities of its rounding.
        self._total = sum(self._bare.values()) + beside

    def sensitivity(self, used: Used, lines: Sequence[str]) -> Sensitivity:
        """Return what moving a figure does to the lines that use it."""
        up, down = (self._moved(used, lines, factor=1 + step) for step in (STEP, -STEP))
        return Sensitivity(
            name=used.name,
            value=used.value,
            unit=used.unit,
            source=used.source,
            mark=used.mark,
            is_overridden=used.override is not None,
            lines=tuple(lines),
            up=None if up is None else up / self._total / STEP,
            down=None if down is None else down / self._total / -STEP,
            total_up=None if up is None else _fen(self._total + up),
            total_down=None if down is None else _fen(self._total + down),
        )

    def _moved(self, used: Used, lines: Sequence[str], *, factor: float) -> float | None:
        """Return what the total changes by; None where a formula cannot take the figure."""
        if not used.value:
            return None
        drawn = {used.name: float(used.value) * factor}
        try:
            moved = sum(self._value(name, drawn) - self._bare[name] for name in lines)
        except InputRefused:
            return None
        return moved if math.isfinite(moved) else None

    def _value(self, name: str, drawn: Mapping[str, float]) -> float:
        figures = Figures(self._inputs, self._parameters, drawn)
        return float(value_of(self._lines[name], figures)[1])


def _refuse_many(lines: Mapping[str, PlannedLine], uses: Mapping[str, tuple[Used, ...]]) -> None:
    terms = sum(len(uses[name]) * _terms(line) for name, line in lines.items())
    if terms > TERMS_MAX:
        raise AccountRefused(
            code="too_many_figures",
            field="lines",
            expected=f"at most {TERMS_MAX} terms by figures of their lines",
            found=str(terms),
        )


def _terms(line: PlannedLine) -> int:
    return sum(len(_inside(each)) for each in (line.quantity, line.price) if each is not None)


def _inside(term: Term) -> list[Term]:
    """Return a term and all terms within it."""
    found = [term]
    for here in found:
        if isinstance(here, CallTerm):
            for each in here.arguments.values():
                found.extend(each if isinstance(each, tuple) else (each,))
    return found


def _has(figures: tuple[Used, ...], name: str) -> bool:
    return any(each.name == name for each in figures)


def _fen(yuan: float) -> Fen:
    return fen_of(Decimal(repr(yuan)))


def _yuan(fen: Fen | None) -> str | None:
    return None if fen is None else str(yuan_of(fen))


def _text(figure: float | None) -> str | None:
    return None if figure is None else f"{figure + 0.0:.{SHOWN_DIGITS}f}"
