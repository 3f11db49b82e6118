"""From the columns of a table, in any order of rows, to the columns that the kernels read.

What a database or a file gives by the million never becomes an object for each row: texts are
coded by ``coded``, ids are compared as UTF-8 bytes, whose order is that of the texts. Events name
the row of their fact in the table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from credit_scoring.batch.columns import Columns, Events, Facts
from credit_scoring.batch.compiled import KINDS, NONE, Whole
from credit_scoring.batch.errors import ColumnRefused
from credit_scoring.records import SubjectKind

WORD = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactTable:
    """A row a fact; ``subject`` and ``rule`` are places in the lists of both.

    Days are ordinals, instants microseconds since the epoch; equal codes of ``incident`` in one
    subject are one incident, ``NONE`` is none. ``id`` is UTF-8.
    """

    id: npt.NDArray[np.bytes_]
    subject: Whole
    rule: Whole
    on: Whole
    recorded_at: Whole
    quantity: Whole
    incident: Whole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EventTable:
    """A row an event of the fact in a row of the table of facts; ``detail`` as in ``Events``."""

    fact: Whole
    recorded_at: Whole
    detail: Whole


def coded(texts: Iterable[str | None]) -> tuple[Whole, tuple[str, ...]]:
    """Return a code for each text and the texts by code; ``NONE`` where there is no text."""
    codes: dict[str, int] = {}
    found = [NONE if text is None else codes.setdefault(text, len(codes)) for text in texts]
    return np.array(found, np.int64), tuple(codes)


def columns_of_tables(
    kinds: Sequence[SubjectKind],
    *,
    rule_ids: Sequence[str],
    facts: FactTable,
    repairs: EventTable,
    revocations: EventTable,
    disputes: EventTable,
) -> Columns:
    """Return the columns of subjects, in the order of ``kinds``.

    Raises:
        ColumnRefused: the column and what was expected there; two facts of a subject with one id.
    """
    rows = len(facts.id)
    _check_places("facts.subject", facts.subject, below=len(kinds), rows=rows)
    # Subject after subject, and within one in the order of ids: a row's place is its id's order.
    order = np.lexsort((*_words_of(facts.id)[::-1], facts.subject))
    subject, ids = facts.subject[order], facts.id[order]
    if np.any((subject[1:] == subject[:-1]) & (ids[1:] == ids[:-1])):
        raise ColumnRefused(
            column="facts.id", expected="ids of a subject, each once", found="one twice"
        )
    counts = np.bincount(subject, minlength=len(kinds))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    place = np.empty(rows, np.int64)
    place[order] = np.arange(rows)
    return Columns(
        rule_ids=rule_ids,
        kind=np.array([KINDS.index(kind) for kind in kinds], np.int8),
        offsets=offsets,
        facts=Facts(
            rule=_narrow("facts.rule", facts.rule)[order],
            on=_narrow("facts.on", facts.on)[order],
            recorded_at=facts.recorded_at[order],
            quantity=facts.quantity[order],
            incident=_narrow("facts.incident", facts.incident)[order],
            id_order=(np.arange(rows) - np.repeat(offsets[:-1], counts)).astype(np.int32),
        ),
        repairs=_placed("repairs", repairs, place),
        revocations=_placed("revocations", revocations, place),
        disputes=_placed("disputes", disputes, place),
    )


def _words_of(ids: npt.NDArray[np.bytes_]) -> list[npt.NDArray[np.uint64]]:
    """Return ids as words of eight bytes, the first the most significant; equal ones left out.

    Words sort as the texts do, and several times faster.
    """
    width = -(-ids.dtype.itemsize // WORD) * WORD
    words = ids.astype(f"S{width}").view(">u8").reshape(len(ids), width // WORD)
    columns = (words[:, place].astype(np.uint64) for place in range(width // WORD))
    return [word for word in columns if len(word) and word.min() != word.max()]


def _placed(name: str, events: EventTable, place: Whole) -> Events:
    _check_places(f"{name}.fact", events.fact, below=len(place), rows=len(events.fact))
    fact = place[events.fact]
    order = np.argsort(fact, kind="stable")
    return Events(
        fact=fact[order],
        recorded_at=events.recorded_at[order],
        detail=_narrow(f"{name}.detail", events.detail)[order],
    )


def _check_places(name: str, places: Whole, *, below: int, rows: int) -> None:
    if len(places) != rows:
        raise ColumnRefused(column=name, expected=f"{rows} rows", found=f"{len(places)} rows")
    if rows and not (places.min() >= 0 and places.max() < below):
        found = f"{places.min()} to {places.max()}"
        raise ColumnRefused(column=name, expected=f"places from 0 to {below - 1}", found=found)


def _narrow(name: str, values: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    narrow = values.astype(np.int32)
    if not np.array_equal(narrow, values):
        raise ColumnRefused(column=name, expected="whole numbers of 32 bits", found="larger ones")
    return narrow
