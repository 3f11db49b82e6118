"""Checks a recorded run: its rows against its entry, and on request the facts against its rows.

From the rows the leaves are hashed again, from the leaves the shards' roots, from these the root,
which the entry holds: what differs first is named. Somebody who changes a row, its leaf, and every
root up to the staged ones is found at the entry; which row it was, scoring again tells. It cannot
tell it of a subject of whose facts some were erased since: these are counted, and not held against
the run.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import asyncpg

from credit_scoring.runs.commands import ScoredUnder
from credit_scoring.runs.rows import RunRow, leaf_hash_of, sector_counts
from credit_scoring.runs.sources import Horizon, extents_of
from credit_scoring.runs.staging import Scope, scored_shard, secret_of
from credit_scoring.runs.state import CreditRun
from credit_scoring.runs.store import RunStore, rule_set_of
from credit_scoring.runs.tree import cut, root_of

FINDINGS_MAX = 1_000


@dataclass(slots=True, kw_only=True)
class RunReport:
    """What a check found, and of how many rows; no finding is agreement."""

    rows: int = 0
    rescored: int = 0
    erased: int = 0
    findings: list[str] = field(default_factory=list)

    def find(self, what: str) -> None:
        """Note a finding, while there are not too many."""
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append(what)


@dataclass(slots=True, kw_only=True)
class _Counts:
    """What the rows of a run add up to under one rule set."""

    rated: int = 0
    complete: int = 0
    grades: Counter[tuple[str, str]] = field(default_factory=Counter)
    sectors: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, rows: list[RunRow]) -> None:
        self.rated += sum(row.rated for row in rows)
        self.complete += sum(row.complete for row in rows)
        self.grades.update((row.subject_kind, row.grade) for row in rows if row.rated)
        self.sectors.update(sector_counts(rows))

    def differ(self, under: ScoredUnder) -> bool:
        told = {(each.subject_kind, each.grade): each.subjects for each in under.grades}
        return (self.rated, self.complete, dict(self.grades)) != (
            under.rated,
            under.complete,
            told,
        )


async def check_run(
    connection: asyncpg.Connection, run: CreditRun, *, rescore: bool = False
) -> RunReport:
    """Recompute a run's roots, counts and sectors from its rows; with ``rescore`` the rows too."""
    report = RunReport()
    job = UUID(run.job)
    secret = await secret_of(connection, job)
    if secret is None:
        report.find("the secret of the run's salts is gone")
        return report
    store = RunStore(connection)
    for place, under in enumerate(run.under()):
        counts = await _check_rows(store, run, under, scored=place, secret=secret, report=report)
        if place == 0 and await _sectors(store, job) != dict(counts.sectors):
            report.find("the counts of sectors are not those of the rows")
    if rescore:
        await _rescore(connection, run, secret=secret, report=report)
    return report


async def _check_rows(
    store: RunStore,
    run: CreditRun,
    under: ScoredUnder,
    *,
    scored: int,
    secret: bytes,
    report: RunReport,
) -> _Counts:
    job, name, counts = UUID(run.job), under.version, _Counts()
    shards = await store.shards(job, scored=scored)
    expected = 0
    for shard, first, rows, root in shards:
        if first != expected:
            report.find(f"{name}: shard {shard} begins at row {first}, not at {expected}")
        expected = first + rows
        leaves = cut(await store.leaves(job, scored=scored, shard=shard))
        if root_of(leaves) != root:
            report.find(f"{name}: shard {shard}: its leaves have another root")
        found = await store.rows(job, scored=scored, first=first, rows=rows)
        report.rows += len(found)
        counts.add(found)
        for number, what in _changed(found, leaves, first=first, secret=secret, scored=scored):
            report.find(f"{name}: shard {shard}, row {number}: {what}")
    if expected != run.subjects:
        report.find(f"{name}: shards of {expected} rows, the entry has {run.subjects} subjects")
    if root_of([root for *_, root in shards]).hex() != under.root:
        report.find(f"{name}: the shards' root is not the one of entry {run.entry}")
    if counts.differ(under):
        report.find(f"{name}: the counts of the rows are not those of entry {run.entry}")
    return counts


def _changed(
    rows: Sequence[RunRow],
    leaves: Sequence[bytes],
    *,
    first: int,
    secret: bytes,
    scored: int,
) -> Iterator[tuple[int, str]]:
    """Yield the numbers of the rows that are not what was hashed, and what is wrong."""
    by_number = {row.number: row for row in rows}
    for number, leaf in enumerate(leaves, first):
        row = by_number.get(number)
        if row is None:
            yield number, "is gone"
        elif leaf_hash_of(row, secret=secret, scored=scored) != leaf:
            yield number, f"{row.party} was changed: {row.credit_index} {row.place}"


async def _sectors(store: RunStore, job: UUID) -> dict[tuple[str, int], int]:
    return {
        (division, index): firms
        for division, counts in (await store.sectors(job)).items()
        for index, firms in counts.items()
    }


async def _rescore(
    connection: asyncpg.Connection, run: CreditRun, *, secret: bytes, report: RunReport
) -> None:
    """Score from the facts again, as of the run's entry, and name every row that differs."""
    store, job, under = RunStore(connection), UUID(run.job), run.under()
    scope = Scope(
        as_of=date.fromordinal(run.as_of),
        horizon=Horizon(position=run.position, known_at=run.known_at),
        rule_sets=[await rule_set_of(connection, each.rule_set_hash) for each in under],
        secret=secret,
    )
    planned = [rows for _, _, rows, _ in await store.shards(job, scored=0)]
    extents, subjects = await extents_of(
        connection, position=run.position, rows=max(planned, default=1)
    )
    if subjects != run.subjects:
        report.find(f"{subjects} subjects were registered, the entry has {run.subjects}")
    erased = await store.erased_since(run)
    report.erased = len(erased)
    roots: list[list[bytes]] = [[] for _ in under]
    for extent in extents:
        shard = await scored_shard(connection, extent, scope)
        report.rescored += extent.rows
        for place, leaves in enumerate(shard.leaves):
            roots[place].append(root_of(leaves))
            rows = [row for row in shard.rows[place] if row.party not in erased]
            await _compare(store, job, rows, place=place, report=report)
    if erased:
        return
    for place, each in enumerate(under):
        if root_of(roots[place]).hex() != each.root:
            report.find(f"{each.version}: the facts give another root than entry {run.entry}")


async def _compare(
    store: RunStore,
    job: UUID,
    rows: Sequence[RunRow],
    *,
    place: int,
    report: RunReport,
) -> None:
    if not rows:
        return
    first = rows[0].number
    stored = await store.rows(job, scored=place, first=first, rows=rows[-1].number + 1 - first)
    by_number = {row.number: row for row in stored}
    for row in rows:
        found = by_number.get(row.number)
        if found != row:
            said = "none" if found is None else f"{found.credit_index} {found.place}"
            report.find(
                f"row {row.number} of {row.party}: the facts give {row.credit_index} {row.place}, "
                f"the run has {said}"
            )
