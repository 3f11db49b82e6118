"""What a shard of a run reads: its subjects, and their facts as columns, as of one entry.

Facts come as a binary COPY in which each row is as long as every other, so that the stream is an
array as it stands and no fact ever becomes an object. Rows of the archives are never changed but
for their erasure, so ``entry <= position`` gives the same to every shard, whenever it reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import numpy as np
import numpy.typing as npt

from credit_scoring.archive.effects import DISPUTE_CLOSED, DISPUTE_OPENED, REPAIRED, REVOKED
from credit_scoring.batch.columns import Columns, Events, Facts
from credit_scoring.batch.compiled import KINDS, Whole
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.runs.rows import RunSubject
from kernel.errors import ensure

UNKNOWN = ""  # the id under which rules stand that no set of the run knows
_HEADER_BYTES = 19  # signature 11, flags 4, length of the extension 4
_TRAILER_BYTES = 2
_EVENTS = (REPAIRED, REVOKED, DISPUTE_OPENED, DISPUTE_CLOSED)
_SUBJECTS = """
SELECT party, kind, division FROM credit_subject
WHERE (entry, party) > ($1::bigint, $2::text) AND (entry, party) <= ($3::bigint, $4::text)
ORDER BY entry, party
"""
# Whoever guesses how many subjects an extent has may read all facts for each; ``OFFSET 0`` lets
# every subject's be looked up. The order of text is that of its bytes (C), as ids are scored.
_KNOWN = """
WITH mine AS MATERIALIZED (
    SELECT party, row_number() OVER (ORDER BY entry, party) - 1 AS place FROM credit_subject
    WHERE (entry, party) > ($1::bigint, $2::text) AND (entry, party) <= ($3::bigint, $4::text)
), told AS (
    SELECT mine.place, 0 AS what, f.source || '/' || f.reference AS name,
        coalesce(rules.code - 1, $9::int8) AS rule, f."on", f.at, f.quantity, f.incident
    FROM mine CROSS JOIN LATERAL (
        SELECT * FROM credit_known_fact
        WHERE subject = mine.party AND rule <> '' AND entry <= $5::bigint AND at <= $6::bigint
        OFFSET 0
    ) f
    LEFT JOIN unnest($8::text[]) WITH ORDINALITY rules(rule, code) ON rules.rule = f.rule
    UNION ALL
    SELECT mine.place, array_position($7::text[], e.event), e.source || '/' || e.reference, 0,
        e."on", e.at, 1, ''
    FROM mine CROSS JOIN LATERAL (
        SELECT * FROM credit_event
        WHERE subject = mine.party AND entry <= $5::bigint AND at <= $6::bigint OFFSET 0
    ) e
), placed AS (
    SELECT told.*, count(*) FILTER (WHERE what = 0) OVER named - 1 AS id_order,
        max(name) FILTER (WHERE what = 0) OVER named AS fact
    FROM told
    WINDOW named AS (PARTITION BY place ORDER BY name, what ROWS UNBOUNDED PRECEDING)
)
SELECT placed.place::int8, placed.what::int8, placed.id_order::int8,
    placed.rule::int8, placed."on"::int8, placed.at::int8, placed.quantity::int8,
    CASE WHEN placed.incident = '' THEN -1
        ELSE dense_rank() OVER (PARTITION BY placed.place ORDER BY placed.incident) END::int8
FROM placed
WHERE placed.fact = placed.name
"""
_COLUMNS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Subjects after one place of registration up to another; a place is entry and party."""

    after: tuple[int, str]
    upto: tuple[int, str]
    first: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What counts as known: entries up to ``position`` with stamps up to ``known_at``."""

    position: int
    known_at: int


async def extents_of(
    connection: asyncpg.Connection, *, position: int, rows: int
) -> tuple[list[Extent], int]:
    """Cut the subjects that were registered up to an entry, and count them.

    ``rows`` is the size of every extent but the last.
    """
    found = await connection.fetch(
        "SELECT number, entry, party FROM ("
        "SELECT entry, party, row_number() OVER (ORDER BY entry, party) AS number, "
        "count(*) OVER () AS subjects FROM credit_subject WHERE entry <= $1"
        ") numbered WHERE number % $2 = 0 OR number = subjects ORDER BY number",
        position,
        rows,
    )
    extents = []
    after, first = (-1, ""), 0
    for row in found:
        upto = (row["entry"], row["party"])
        extents.append(Extent(after=after, upto=upto, first=first, rows=row["number"] - first))
        after, first = upto, row["number"]
    return extents, first


async def subjects_of(connection: asyncpg.Connection, extent: Extent) -> list[RunSubject]:
    """Return the subjects of an extent, in the order of their registration."""
    found = await connection.fetch(_SUBJECTS, *extent.after, *extent.upto)
    ensure(len(found) == extent.rows, f"{len(found)} subjects where {extent.rows} were planned")
    return [
        RunSubject(extent.first + place, row["party"], row["kind"], row["division"])
        for place, row in enumerate(found)
    ]


async def columns_of(
    connection: asyncpg.Connection,
    extent: Extent,
    subjects: Sequence[RunSubject],
    *,
    horizon: Horizon,
    rule_sets: Sequence[RuleSet],
) -> Columns:
    """Return what is known of an extent's subjects as columns, to score under these sets."""
    rules = sorted({rule for rule_set in rule_sets for rule in rule_set.rules})
    bounds = (*extent.after, *extent.upto, horizon.position, horizon.known_at)
    told = await _copied(
        connection, _KNOWN, *bounds, list(_EVENTS), rules, len(rules), columns=_COLUMNS
    )
    is_fact = told[1] == 0
    place, _, id_order, rule, on, at, quantity, incident = (column[is_fact] for column in told)
    order = np.lexsort((id_order, place))
    counts = np.bincount(place, minlength=len(subjects))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return Columns(
        rule_ids=(*rules, UNKNOWN),
        kind=np.array([_PLACES[each.subject_kind] for each in subjects], np.int8),
        offsets=offsets,
        facts=Facts(
            rule=rule[order].astype(np.int32),
            on=on[order].astype(np.int32),
            recorded_at=at[order],
            quantity=quantity[order],
            incident=incident[order].astype(np.int32),
            id_order=id_order[order].astype(np.int32),
        ),
        **_events([column[~is_fact] for column in told], offsets),
    )


_PLACES = {kind.value: KINDS.index(SubjectKind(kind)) for kind in KINDS}


def _events(happened: Sequence[Whole], offsets: Whole) -> dict[str, Events]:
    """Return the columns of repairs, revocations and disputes."""
    place, event, id_order, _, on, at, _, _ = happened
    fact = offsets[place] + id_order
    repaired, revoked, opened, closed = (event == code for code in range(1, len(_EVENTS) + 1))
    return {
        "repairs": _chosen(repaired, fact=fact, at=at, detail=on),
        "revocations": _chosen(revoked, fact=fact, at=at, detail=np.zeros_like(on)),
        "disputes": _chosen(opened | closed, fact=fact, at=at, detail=opened.astype(np.int64)),
    }


def _chosen(chosen: npt.NDArray[np.bool_], *, fact: Whole, at: Whole, detail: Whole) -> Events:
    rows = np.flatnonzero(chosen)
    rows = rows[np.argsort(fact[rows], kind="stable")]
    return Events(fact=fact[rows], recorded_at=at[rows], detail=detail[rows].astype(np.int32))


async def _copied(
    connection: asyncpg.Connection, query: str, *values: Any, columns: int
) -> list[Whole]:
    """Return the columns of a query whose columns are all of 64 bits and never null."""
    taken = bytearray()

    async def take(some: bytes) -> None:
        taken.extend(some)

    await connection.copy_from_query(query, *values, output=take, format="binary")
    row = np.dtype(
        [("count", ">i2"), *((f"{part}{n}", form) for n in range(columns) for part, form in _CELL)]
    )
    body = memoryview(taken)[_HEADER_BYTES : len(taken) - _TRAILER_BYTES]
    ensure(len(body) % row.itemsize == 0, f"a COPY of {len(body)} bytes, rows of {row.itemsize}")
    table = np.frombuffer(body, row)
    for n in range(columns):
        ensure(bool(np.all(table[f"size{n}"] == 8)), "a column of COPY that has another width")  # noqa: PLR2004  bytes of a bigint
    return [table[f"value{n}"].astype(np.int64) for n in range(columns)]


_CELL = (("size", ">i4"), ("value", ">i8"))
