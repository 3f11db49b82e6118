"""Scores a shard of a run and stages its rows; puts the shards' roots together at the end.

Staged rows are nobody's until an entry records the run. A shard that is staged again replaces what
stood there in one transaction, with the same rows: scores depend on the entries up to the run's
position and on nothing else. What is recorded is never staged again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import msgspec

from credit_scoring.archive.store import instant_of
from credit_scoring.batch.scoring import score_batch
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.runs.commands import GradeCount, ScoredUnder
from credit_scoring.runs.rows import RunRow, leaf_hash_of, rows_of, sector_counts
from credit_scoring.runs.sources import Extent, Horizon, columns_of, subjects_of
from credit_scoring.runs.tree import joined, root_of

CHECK_ROWS = 1_000
ROW_COLUMNS = ("job", "scored", *RunRow.__struct_fields__)
_STAGED = (
    "credit_run_row",
    "credit_run_sector",
    "credit_run_shard",
    "credit_run_change",
    "credit_run_mover",
    "credit_run_secret",
)
_GONE = """
SELECT job FROM credit_run_secret s WHERE job <> ALL($1::uuid[])
AND NOT EXISTS (SELECT FROM credit_run r WHERE r.job = s.job::text) FOR UPDATE
"""
_WANTED = """
SELECT NOT EXISTS (SELECT FROM credit_run r WHERE r.job = s.job::text)
FROM credit_run_secret s WHERE job = $1 FOR SHARE
"""
_SHARD = """
INSERT INTO credit_run_shard (job, shard, scored, first, "rows", root, leaves)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (job, shard, scored) DO UPDATE SET first = excluded.first, "rows" = excluded."rows",
    root = excluded.root, leaves = excluded.leaves
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a run is about: its day, what counts as known, the rule sets, and its rows' secret."""

    as_of: date
    horizon: Horizon
    rule_sets: Sequence[RuleSet]
    secret: bytes


class ShardPart(msgspec.Struct, frozen=True, kw_only=True):
    """What a shard gave under one rule set; ``grades`` counts the rated by kind and grade."""

    root: str
    rated: int
    complete: int
    grades: dict[str, dict[str, int]]


class ShardResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a shard gave; ``changes`` counts subjects by champion's and challenger's grade."""

    rows: int
    parts: list[ShardPart]
    changes: list[dict[str, dict[str, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredShard:
    """The rows of a shard by rule set, in the order of the subjects, and their leaves' hashes."""

    rows: Sequence[Sequence[RunRow]]
    leaves: Sequence[Sequence[bytes]]

    def result(self) -> ShardResult:
        """Return what is told of the shard."""
        champion, *challengers = self.rows
        return ShardResult(
            rows=len(champion),
            parts=[
                _part(rows, leaves) for rows, leaves in zip(self.rows, self.leaves, strict=True)
            ],
            changes=[changes_between(champion, rows) for rows in challengers],
        )


async def scored_shard(
    connection: asyncpg.Connection,
    extent: Extent,
    scope: Scope,
    *,
    check: Callable[[], None] = lambda: None,
) -> ScoredShard:
    """Read a shard's subjects and facts, and score them under every rule set of the run."""
    subjects = await subjects_of(connection, extent)
    columns = await columns_of(
        connection, extent, subjects, horizon=scope.horizon, rule_sets=scope.rule_sets
    )
    known_at = instant_of(scope.horizon.known_at)
    rows, leaves = [], []
    for place, rule_set in enumerate(scope.rule_sets):
        check()
        scores = score_batch(
            columns, as_of=scope.as_of, known_at=known_at, rule_set=rule_set, with_lines=False
        )
        some = list(rows_of(subjects, scores))
        rows.append(some)
        leaves.append(hashes_of(some, secret=scope.secret, scored=place, check=check))
    return ScoredShard(rows=rows, leaves=leaves)


def hashes_of(
    rows: Sequence[RunRow], *, secret: bytes, scored: int, check: Callable[[], None] = lambda: None
) -> list[bytes]:
    """Return the hashes of rows' leaves."""
    hashes: list[bytes] = []
    for first in range(0, len(rows), CHECK_ROWS):
        check()
        hashes += [
            leaf_hash_of(row, secret=secret, scored=scored)
            for row in rows[first : first + CHECK_ROWS]
        ]
    return hashes


async def stage(
    connection: asyncpg.Connection, job: UUID, extent: Extent, *, shard: int, found: ScoredShard
) -> None:
    """Put a shard's rows in the place of those that may be there."""
    async with connection.transaction():
        if not await connection.fetchval(_WANTED, job):
            return
        # The lock of these rows lets one of two workers at the same shard wait for the other.
        for scored, leaves in enumerate(found.leaves):
            values = (extent.first, len(leaves), root_of(leaves), joined(leaves))
            await connection.execute(_SHARD, job, shard, scored, *values)
        await connection.execute(
            "DELETE FROM credit_run_row "
            "WHERE job = $1 AND scored = ANY($2::int2[]) AND number >= $3 AND number < $4",
            job,
            list(range(len(found.rows))),
            extent.first,
            extent.first + extent.rows,
        )
        await connection.execute(
            "DELETE FROM credit_run_sector WHERE job = $1 AND shard = $2", job, shard
        )
        await connection.copy_records_to_table(
            "credit_run_row",
            records=(
                (job, scored, *msgspec.structs.astuple(row))
                for scored, rows in enumerate(found.rows)
                for row in rows
            ),
            columns=ROW_COLUMNS,
        )
        await connection.copy_records_to_table(
            "credit_run_sector",
            records=[
                (job, shard, division, credit_index, firms)
                for (division, credit_index), firms in sorted(sector_counts(found.rows[0]).items())
            ],
            columns=("job", "shard", "division", "credit_index", "firms"),
        )


async def begin(
    connection: asyncpg.Connection, job: UUID, secret: bytes, *, going_on: Sequence[UUID]
) -> None:
    """Keep a new run's secret; take away what was staged, is not recorded, and does not go on."""
    async with connection.transaction():
        # The lock keeps out a worker that has not noticed yet that its job was cancelled.
        gone = await connection.fetch(_GONE, list(going_on))
        for table in _STAGED:
            query = f"DELETE FROM {table} WHERE job = ANY($1::uuid[])"  # noqa: S608  of above
            await connection.execute(query, [row["job"] for row in gone])
        await connection.execute(
            "INSERT INTO credit_run_secret (job, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            job,
            secret,
        )


async def secret_of(connection: asyncpg.Connection, job: UUID) -> bytes | None:
    """Return the secret of a run's salts, ``None`` where nothing is staged."""
    query = "SELECT secret FROM credit_run_secret WHERE job = $1"
    found = await connection.fetchval(query, job)
    return None if found is None else bytes(found)


def scored_under(
    rule_sets: Sequence[tuple[str, str]], results: Sequence[ShardResult]
) -> list[ScoredUnder]:
    """Return what all shards gave under each rule set, named by version and hash."""
    return [
        _scored_under(version, rule_set_hash, [each.parts[place] for each in results])
        for place, (version, rule_set_hash) in enumerate(rule_sets)
    ]


def _scored_under(version: str, rule_set_hash: str, parts: Sequence[ShardPart]) -> ScoredUnder:
    counts: Counter[tuple[str, str]] = Counter()
    for part in parts:
        for kind, grades in part.grades.items():
            counts.update({(kind, grade): subjects for grade, subjects in grades.items()})
    return ScoredUnder(
        version=version,
        rule_set_hash=rule_set_hash,
        root=root_of([bytes.fromhex(part.root) for part in parts]).hex(),
        rated=sum(part.rated for part in parts),
        complete=sum(part.complete for part in parts),
        grades=[
            GradeCount(subject_kind=kind, grade=grade, subjects=subjects)
            for (kind, grade), subjects in sorted(counts.items())
        ],
    )


def _part(rows: Sequence[RunRow], leaves: Sequence[bytes]) -> ShardPart:
    grades: dict[str, dict[str, int]] = {}
    for (kind, grade), subjects in sorted(
        Counter((row.subject_kind, row.grade) for row in rows if row.rated).items()
    ):
        grades.setdefault(kind, {})[grade] = subjects
    return ShardPart(
        root=root_of(leaves).hex(),
        rated=sum(row.rated for row in rows),
        complete=sum(row.complete for row in rows),
        grades=grades,
    )


def changes_between(before: Sequence[RunRow], after: Sequence[RunRow]) -> dict[str, dict[str, int]]:
    """Count the subjects by their grade in rows before, and in rows after in the same order."""
    pairs = Counter((b.place, a.place) for b, a in zip(before, after, strict=True))
    found: dict[str, dict[str, int]] = {}
    for (was, now), subjects in sorted(pairs.items()):
        found.setdefault(was, {})[now] = subjects
    return found
