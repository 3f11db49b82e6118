"""Archives of many subjects as columns: what the kernels read.

Rows of facts stand subject after subject, in any order within one; events name a fact by its row.
Days are ordinals, instants microseconds since the epoch. No rule set is needed to make columns:
``Facts.rule`` is a place in ``Columns.rule_ids``, so that one set of columns is scored under many.

Columns are checked once, when they are made; the kernels trust them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from credit_scoring.batch.compiled import KINDS, NONE, Days, Whole
from credit_scoring.batch.errors import ColumnRefused
from credit_scoring.rule_sets.document import WHOLE_MAX

QUANTITY_MAX = WHOLE_MAX  # times the most points of a rule it stays within 64 bits
ORDINAL_MAX = date.max.toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """A row a fact; ``id_order`` sorts the facts of one subject as their ids sort as text.

    ``incident`` numbers the incidents of one subject from 0, ``NONE`` for a fact without one.
    """

    rule: Days
    on: Days
    recorded_at: Whole
    quantity: Whole
    incident: Days
    id_order: Days


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Events:
    """A row an event of the fact in row ``fact``; rows ascend by it.

    ``detail`` is the date of a repair, 1 for a dispute that opens and 0 for one that ends, and 0
    for a revocation.
    """

    fact: Whole
    recorded_at: Whole
    detail: Days


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """Subjects by the place of their kind in ``KINDS``, and their records.

    The facts of subject ``n`` are the rows from ``offsets[n]`` up to ``offsets[n + 1]``.
    """

    rule_ids: Sequence[str]
    kind: npt.NDArray[np.int8]
    offsets: Whole
    facts: Facts
    repairs: Events
    revocations: Events
    disputes: Events

    def __post_init__(self) -> None:
        _check_subjects(self)
        _check_facts(self.facts, rows=self.fact_count, rules=len(self.rule_ids))
        _check_events(self.repairs, "repairs", rows=self.fact_count)
        _check_events(self.revocations, "revocations", rows=self.fact_count)
        _check_events(self.disputes, "disputes", rows=self.fact_count)

    @property
    def subject_count(self) -> int:
        """How many subjects there are."""
        return len(self.kind)

    @property
    def fact_count(self) -> int:
        """How many facts they have together."""
        return int(self.offsets[-1])

    def part(self, first: int, end: int) -> "Columns":
        """Return the subjects from ``first`` up to ``end``; their facts are views of these."""
        low, high = int(self.offsets[first]), int(self.offsets[end])
        rows = slice(low, high)
        facts = self.facts
        part = object.__new__(Columns)  # checked already, as a whole
        for name, value in (
            ("rule_ids", self.rule_ids),
            ("kind", self.kind[first:end]),
            ("offsets", self.offsets[first : end + 1] - low),
            (
                "facts",
                Facts(
                    rule=facts.rule[rows],
                    on=facts.on[rows],
                    recorded_at=facts.recorded_at[rows],
                    quantity=facts.quantity[rows],
                    incident=facts.incident[rows],
                    id_order=facts.id_order[rows],
                ),
            ),
            ("repairs", _between(self.repairs, low, high)),
            ("revocations", _between(self.revocations, low, high)),
            ("disputes", _between(self.disputes, low, high)),
        ):
            object.__setattr__(part, name, value)
        return part


def micros_of(instant: datetime) -> int:
    """Return an instant as microseconds since the epoch, exactly."""
    return (instant - _EPOCH) // _MICROSECOND


def no_events() -> Events:
    """Return events of no fact."""
    return Events(
        fact=np.zeros(0, np.int64), recorded_at=np.zeros(0, np.int64), detail=np.zeros(0, np.int32)
    )


def _between(events: Events, low: int, high: int) -> Events:
    first, end = np.searchsorted(events.fact, (low, high))
    return Events(
        fact=events.fact[first:end] - low,
        recorded_at=events.recorded_at[first:end],
        detail=events.detail[first:end],
    )


def _check_subjects(columns: Columns) -> None:
    kind, offsets = columns.kind, columns.offsets
    if len(offsets) != len(kind) + 1 or offsets[0] != 0 or np.any(np.diff(offsets) < 0):
        raise ColumnRefused(
            column="offsets",
            expected=f"{len(kind) + 1} ascending places from 0",
            found=f"{len(offsets)} places",
        )
    _check_range("kind", kind, low=0, high=len(KINDS) - 1)


def _check_facts(facts: Facts, *, rows: int, rules: int) -> None:
    _check_range("facts.rule", facts.rule, low=0, high=rules - 1, rows=rows)
    _check_range("facts.on", facts.on, low=1, high=ORDINAL_MAX, rows=rows)
    _check_range("facts.recorded_at", facts.recorded_at, rows=rows)
    _check_range("facts.quantity", facts.quantity, low=1, high=QUANTITY_MAX, rows=rows)
    _check_range("facts.incident", facts.incident, low=NONE, rows=rows)
    _check_range("facts.id_order", facts.id_order, rows=rows)


def _check_events(events: Events, name: str, *, rows: int) -> None:
    _check_range(f"{name}.fact", events.fact, low=0, high=rows - 1)
    _check_range(f"{name}.recorded_at", events.recorded_at, rows=len(events.fact))
    _check_range(f"{name}.detail", events.detail, low=0, rows=len(events.fact))
    if np.any(np.diff(events.fact) < 0):
        raise ColumnRefused(column=f"{name}.fact", expected="ascending rows", found="others")


def _check_range(
    name: str,
    column: npt.NDArray[Any],
    *,
    low: int | None = None,
    high: int | None = None,
    rows: int | None = None,
) -> None:
    if rows is not None and len(column) != rows:
        raise ColumnRefused(column=name, expected=f"{rows} rows", found=f"{len(column)} rows")
    if not len(column):
        return
    for bound, found, broken in (
        (low, int(column.min()), low is not None and column.min() < low),
        (high, int(column.max()), high is not None and column.max() > high),
    ):
        if broken:
            edge = "at least" if bound == low else "at most"
            raise ColumnRefused(column=name, expected=f"{edge} {bound}", found=str(found))
