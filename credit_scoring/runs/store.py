"""Every query of runs: what is recorded, the rows behind it, what changed, and the snapshots."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from credit_scoring.rule_sets.adopting.state import read
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.runs.rows import NOT_RATED, RunRow, sector_place
from credit_scoring.runs.staging import ShardResult
from credit_scoring.runs.state import CreditRun, Snapshot
from kernel.errors import ensure

MOVERS_MAX = 100
SHARDS_MAX = 100_000
CELLS_MAX = 1_000
ABSENT = "absent"
_ROW = "SELECT {} FROM credit_run_row WHERE job = $1 AND scored = $2"
_ROW_COLUMNS = ", ".join(RunRow.__struct_fields__)
_PLACE = (
    f"CASE WHEN {{0}}.party IS NULL THEN '{ABSENT}' WHEN {{0}}.rated THEN {{0}}.grade "
    f"ELSE '{NOT_RATED}' END"
)
_BEFORE, _AFTER = _PLACE.format("b"), _PLACE.format("a")
_PAIRS = """
FROM credit_run_row a LEFT JOIN (
    SELECT * FROM credit_run_row WHERE job = $2 AND scored = 0
) b ON b.party = a.party
WHERE a.job = $1 AND a.scored = 0
"""
_CHANGES = f"""
INSERT INTO credit_run_change (job, against, before, after, subjects)
SELECT $1, $3, {_BEFORE}, {_AFTER}, count(*) {_PAIRS} GROUP BY 3, 4
"""
_MOVERS = f"""
INSERT INTO credit_run_mover
    (job, place, party, index_before, index_after, grade_before, grade_after)
SELECT $1, row_number() OVER (ORDER BY abs(a.credit_index - b.credit_index) DESC, a.number),
    a.party, b.credit_index, a.credit_index, {_BEFORE}, {_AFTER}
{_PAIRS} AND b.rated AND a.rated AND a.credit_index <> b.credit_index
ORDER BY 2 LIMIT {MOVERS_MAX}
"""
_PREVIOUS = """
SELECT * FROM credit_run WHERE purpose = $1 AND as_of <= $2
AND number < coalesce((SELECT number FROM credit_run WHERE job = $3), 9223372036854775807)
ORDER BY as_of DESC, number DESC LIMIT 1
"""
_IN_FORCE = """
SELECT * FROM credit_snapshot s WHERE purpose = $1 AND valid_from <= $2 AND valid_until >= $2
AND NOT EXISTS (SELECT FROM credit_snapshot r WHERE r.replaces = s.number) LIMIT 1
"""


class RunStore:
    """Reads of one venue on one connection, and what is noted beside staged rows."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def runs(self, *, before: int, limit: int) -> list[CreditRun]:
        """Return recorded runs, the newest first."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_run WHERE number < $1 ORDER BY number DESC LIMIT $2",
            before,
            limit,
        )
        return [CreditRun(**dict(row)) for row in rows]

    async def run(self, number: int) -> CreditRun | None:
        """Return one recorded run."""
        row = await self._connection.fetchrow("SELECT * FROM credit_run WHERE number = $1", number)
        return None if row is None else CreditRun(**dict(row))

    async def snapshots(self, *, before: int, limit: int) -> list[Snapshot]:
        """Return snapshots, the newest first."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_snapshot WHERE number < $1 ORDER BY number DESC LIMIT $2",
            before,
            limit,
        )
        return [Snapshot(**dict(row)) for row in rows]

    async def replaced(self, numbers: Sequence[int]) -> dict[int, int]:
        """Return the snapshots among some that were replaced, each with the one that did it."""
        rows = await self._connection.fetch(
            "SELECT replaces, number FROM credit_snapshot WHERE replaces = ANY($1::int8[])",
            list(numbers),
        )
        return {row["replaces"]: row["number"] for row in rows}

    async def in_force(self, purpose: str, day: int) -> Snapshot | None:
        """Return the snapshot that counts for a purpose on a day."""
        row = await self._connection.fetchrow(_IN_FORCE, purpose, day)
        return None if row is None else Snapshot(**dict(row))

    async def row_of(self, run: CreditRun, party: str, *, scored: int = 0) -> RunRow | None:
        """Return a subject's row under one of the run's rule sets."""
        query = f"{_ROW.format(_ROW_COLUMNS)} AND party = $3"
        row = await self._connection.fetchrow(query, UUID(run.job), scored, party)
        return None if row is None else RunRow(*row)

    async def rows(self, job: UUID, *, scored: int, first: int, rows: int) -> list[RunRow]:
        """Return the rows of a shard's numbers, in their order."""
        query = f"{_ROW.format(_ROW_COLUMNS)} AND number >= $3 AND number < $4 ORDER BY number"
        found = await self._connection.fetch(query, job, scored, first, first + rows)
        return [RunRow(*row) for row in found]

    async def erased_since(self, run: CreditRun) -> frozenset[str]:
        """Return the subjects of whose facts in a run some were erased after its position."""
        rows = await self._connection.fetch(
            "SELECT DISTINCT subject FROM credit_erasure WHERE entry > $1 AND recorded_at <= $2",
            run.position,
            run.known_at,
        )
        return frozenset(row["subject"] for row in rows)

    async def shards(self, job: UUID, *, scored: int) -> list[tuple[int, int, int, bytes]]:
        """Return number, first row, rows and root of each shard under a rule set."""
        rows = await self._connection.fetch(
            'SELECT shard, first, "rows", root FROM credit_run_shard '
            "WHERE job = $1 AND scored = $2 ORDER BY shard LIMIT $3",
            job,
            scored,
            SHARDS_MAX,
        )
        return [(row["shard"], row["first"], row["rows"], bytes(row["root"])) for row in rows]

    async def shard_roots(self, job: UUID, *, scored: int) -> list[bytes]:
        """Return the roots of a run's shards under a rule set."""
        return [root for *_, root in await self.shards(job, scored=scored)]

    async def leaves(self, job: UUID, *, scored: int, shard: int) -> bytes:
        """Return the hashes of a shard's leaves, one after the other."""
        query = "SELECT leaves FROM credit_run_shard WHERE job = $1 AND scored = $2 AND shard = $3"
        return bytes(await self._connection.fetchval(query, job, scored, shard))

    async def sector_percentile(self, run: CreditRun, row: RunRow) -> int | None:
        """Return a rated firm's mid-rank in its division, in hundredths of a percent."""
        if not row.rated or not row.division:
            return None
        counts = await self.sectors(UUID(run.job), row.division)
        return sector_place(counts.get(row.division, {}), row.credit_index)

    async def sectors(self, job: UUID, division: str | None = None) -> dict[str, dict[int, int]]:
        """Return how many rated firms of a division, or of each, have an index."""
        rows = await self._connection.fetch(
            "SELECT division, credit_index, sum(firms)::int8 AS firms FROM credit_run_sector "
            "WHERE job = $1 AND ($2::text IS NULL OR division = $2) "
            "GROUP BY 1, 2 ORDER BY 1, 2",
            job,
            division,
        )
        found: dict[str, dict[int, int]] = {}
        for row in rows:
            found.setdefault(row["division"], {})[row["credit_index"]] = row["firms"]
        return found

    async def changes(self, job: UUID) -> dict[str, dict[tuple[str, str], int]]:
        """Return how many subjects had one grade before and have another, by what it is against."""
        rows = await self._connection.fetch(
            "SELECT against, before, after, subjects FROM credit_run_change WHERE job = $1 "
            "ORDER BY 1, 2, 3 LIMIT $2",
            job,
            CELLS_MAX,
        )
        found: dict[str, dict[tuple[str, str], int]] = {}
        for row in rows:
            found.setdefault(row["against"], {})[row["before"], row["after"]] = row["subjects"]
        return found

    async def movers(self, job: UUID) -> list[dict[str, Any]]:
        """Return whose index moved the most against the run before, the largest step first."""
        rows = await self._connection.fetch(
            "SELECT * FROM credit_run_mover WHERE job = $1 ORDER BY place LIMIT $2", job, MOVERS_MAX
        )
        return [dict(row) for row in rows]

    async def note_challengers(
        self, job: UUID, versions: Sequence[str], results: Sequence[ShardResult]
    ) -> None:
        """Note champion against challengers, as the shards counted it."""
        cells: dict[tuple[str, str, str], int] = {}
        for result in results:
            for version, counted in zip(versions, result.changes, strict=True):
                for before, afters in counted.items():
                    for after, subjects in afters.items():
                        key = (challenger(version), before, after)
                        cells[key] = cells.get(key, 0) + subjects
        async with self._connection.transaction():
            await self._connection.execute("DELETE FROM credit_run_change WHERE job = $1", job)
            await self._connection.executemany(
                "INSERT INTO credit_run_change VALUES ($1, $2, $3, $4, $5)",
                [(job, *key, subjects) for key, subjects in sorted(cells.items())],
            )

    async def note_movement(self, job: UUID, *, purpose: str, as_of: int) -> None:
        """Note what moved since the run before, the newest for the purpose and no later a day."""
        row = await self._connection.fetchrow(_PREVIOUS, purpose, as_of, str(job))
        async with self._connection.transaction():
            await self._connection.execute("DELETE FROM credit_run_mover WHERE job = $1", job)
            # Of rows that are minutes old the planner knows nothing; it would compare all pairs.
            await self._connection.execute("SET LOCAL enable_nestloop = off")
            if row is None:
                return
            against, other = previous(row["number"]), UUID(row["job"])
            await self._connection.execute(
                "DELETE FROM credit_run_change WHERE job = $1 AND against = $2", job, against
            )
            await self._connection.execute(_CHANGES, job, other, against)
            await self._connection.execute(_MOVERS, job, other)


def challenger(version: str) -> str:
    """Return how a comparison with a challenger is named."""
    return f"challenger:{version}"


def previous(run: int) -> str:
    """Return how a comparison with an earlier run is named."""
    return f"run:{run}"


async def rule_set_of(connection: asyncpg.Connection, rule_set_hash: str) -> RuleSet:
    """Return the rule set of a hash, adopted or a challenger at any time."""
    document = await connection.fetchval(
        "SELECT document FROM credit_rule_set WHERE hash = $1 UNION ALL "
        "SELECT document FROM credit_challenger WHERE hash = $1 LIMIT 1",
        rule_set_hash,
    )
    ensure(document is not None, f"there is no rule set {rule_set_hash}")
    return read(document)
