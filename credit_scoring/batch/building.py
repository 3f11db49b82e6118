"""From records, or from the rows of a table, to columns.

Rows may come in any order; an event of a fact that is not among them counts for nothing and is left
out, as for one subject alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

import numpy as np

from credit_scoring.batch.columns import Columns, Events, Facts, micros_of
from credit_scoring.batch.compiled import KINDS, NONE
from credit_scoring.batch.errors import ColumnRefused
from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
    SubjectKind,
)
from credit_scoring.scoring.records_hash import records_hash


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Archives:
    """Columns, and what they leave out: each subject's name and the id of the fact in each row.

    ``records_hashes`` has the hash of what is known of each subject, where it was asked for.
    """

    columns: Columns
    subjects: Sequence[str]
    fact_ids: Sequence[str]
    records_hashes: Sequence[str]


@dataclass(slots=True)
class _Rows:
    """The columns of events, as they grow."""

    fact: list[int] = field(default_factory=list)
    recorded_at: list[int] = field(default_factory=list)
    detail: list[int] = field(default_factory=list)

    def add(self, fact: int, recorded_at: datetime, detail: int) -> None:
        self.fact.append(fact)
        self.recorded_at.append(micros_of(recorded_at))
        self.detail.append(detail)

    def sealed(self) -> Events:
        fact = np.array(self.fact, np.int64)
        order = np.argsort(fact, kind="stable")
        return Events(
            fact=fact[order],
            recorded_at=np.array(self.recorded_at, np.int64)[order],
            detail=np.array(self.detail, np.int32)[order],
        )


class ArchivesBuilder:
    """Takes one subject after another; hashes what is known of each at an instant, if asked to."""

    def __init__(self, *, hashed_at: datetime | None = None) -> None:
        self._hashed_at = hashed_at
        self._hashes: list[str] = []
        self._subjects: list[str] = []
        self._kinds: list[int] = []
        self._offsets = [0]
        self._rules: dict[str, int] = {}
        self._facts: dict[str, list[int]] = {
            name: [] for name in ("rule", "on", "recorded_at", "quantity", "incident", "id_order")
        }
        self._ids: list[str] = []
        self._repairs, self._revocations, self._disputes = _Rows(), _Rows(), _Rows()

    def add(self, subject: str, kind: SubjectKind, records: Iterable[Record]) -> None:
        """Add a subject and all its records, in any order.

        Raises:
            ColumnRefused: two facts of the subject have one id.
        """
        told = list(records)
        facts = [record for record in told if isinstance(record, Fact)]
        rows = {fact.id: row for row, fact in enumerate(facts, len(self._ids))}
        if len(rows) < len(facts):
            raise ColumnRefused(
                column="facts.id", expected=f"ids of {subject}, each once", found="one twice"
            )
        self._add_facts(facts)
        for record in told:
            if not isinstance(record, Fact) and record.fact in rows:
                self._add_event(rows[record.fact], record)
        if self._hashed_at is not None:
            known_at = self._hashed_at
            self._hashes.append(
                records_hash([record for record in told if record.recorded_at <= known_at])
            )
        self._subjects.append(subject)
        self._kinds.append(KINDS.index(kind))
        self._offsets.append(len(self._ids))

    def archives(self) -> Archives:
        """Return what was added, checked."""
        narrow = {
            name: np.array(self._facts[name], np.int32)
            for name in ("rule", "on", "incident", "id_order")
        }
        columns = Columns(
            rule_ids=tuple(self._rules),
            kind=np.array(self._kinds, np.int8),
            offsets=np.array(self._offsets, np.int64),
            facts=Facts(
                recorded_at=np.array(self._facts["recorded_at"], np.int64),
                quantity=_quantities(self._facts["quantity"]),
                **narrow,
            ),
            repairs=self._repairs.sealed(),
            revocations=self._revocations.sealed(),
            disputes=self._disputes.sealed(),
        )
        return Archives(
            columns=columns,
            subjects=self._subjects,
            fact_ids=self._ids,
            records_hashes=self._hashes,
        )

    def _add_facts(self, facts: Sequence[Fact]) -> None:
        rules, column = self._rules, self._facts
        incidents: dict[str, int] = {}
        places = [0] * len(facts)
        for place, row in enumerate(sorted(range(len(facts)), key=lambda row: facts[row].id)):
            places[row] = place
        for fact in facts:
            column["rule"].append(rules.setdefault(fact.rule, len(rules)))
            column["on"].append(fact.on.toordinal())
            column["recorded_at"].append(micros_of(fact.recorded_at))
            column["quantity"].append(fact.quantity)
            column["incident"].append(
                NONE
                if fact.incident is None
                else incidents.setdefault(fact.incident, len(incidents))
            )
            self._ids.append(fact.id)
        column["id_order"] += places

    def _add_event(
        self, row: int, event: Repair | Revocation | DisputeOpened | DisputeClosed
    ) -> None:
        match event:
            case Repair():
                self._repairs.add(row, event.recorded_at, event.on.toordinal())
            case Revocation():
                self._revocations.add(row, event.recorded_at, 0)
            case DisputeOpened():
                self._disputes.add(row, event.recorded_at, 1)
            case DisputeClosed():
                self._disputes.add(row, event.recorded_at, 0)
            case _:
                assert_never(event)


def archives_of(
    subjects: Iterable[tuple[str, SubjectKind, Iterable[Record]]],
    *,
    hashed_at: datetime | None = None,
) -> Archives:
    """Return the columns of subjects, each with its name, kind and records."""
    builder = ArchivesBuilder(hashed_at=hashed_at)
    for name, kind, records in subjects:
        builder.add(name, kind, records)
    return builder.archives()


def _quantities(values: Sequence[int]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    try:
        return np.array(values, np.int64)
    except OverflowError as error:
        raise ColumnRefused(
            column="facts.quantity", expected="64 bits", found=str(max(values))
        ) from error
