"""Facts read by columns give every subject the score that it has alone."""

import json
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from credit_scoring.archive.store import microseconds_of
from credit_scoring.dates import end_of_day
from credit_scoring.records import Fact, Record, SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.runs.rows import RunRow
from credit_scoring.runs.sources import Horizon, extents_of
from credit_scoring.runs.staging import Scope, scored_shard
from credit_scoring.scoring.score import score
from gateway.database_server import DatabaseServer
from gateway.demonstration.province.generating import generate
from gateway.demonstration.province.probabilities import shipped_probabilities
from tests.credit_scoring import histories
from tests.credit_scoring.runs.filing import POSITION, file_archives, records_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
VECTORS = Path(__file__).parent.parent / "data" / "vectors.json"
VARIATIONS = histories.variations(json.loads(VECTORS.read_text(encoding="utf-8")))
AS_OF = date(2026, 12, 15)
Archive = tuple[SubjectKind, Sequence[Record]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(
    cluster: DatabaseServer, template_database: str
) -> AsyncIterator[asyncpg.Connection]:
    name = f"ecorights_test_{uuid.uuid4().hex[:16]}"
    await cluster.copy_database(template=template_database, name=name)
    found = await asyncpg.connect(cluster.url(name))
    yield found
    await found.close()
    await cluster.drop_database(name)


@pytest_asyncio.fixture(loop_scope="module")
async def connection(opened: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    transaction = opened.transaction()
    await transaction.start()
    yield opened
    await transaction.rollback()


async def scored(
    connection: asyncpg.Connection,
    *,
    as_of: date,
    known_at: datetime,
    rule_set: RuleSet,
    position: int = POSITION,
    rows: int = 64,
) -> list[RunRow]:
    horizon = Horizon(position=position, known_at=microseconds_of(known_at))
    scope = Scope(as_of=as_of, horizon=horizon, rule_sets=[rule_set], secret=bytes(32))
    extents, subjects = await extents_of(connection, position=position, rows=rows)
    found: list[RunRow] = []
    for extent in extents:
        found += (await scored_shard(connection, extent, scope)).rows[0]
    assert [row.number for row in found] == list(range(subjects))
    return found


def check_alone(
    found: Sequence[RunRow],
    archives: Sequence[Archive],
    *,
    as_of: date,
    known_at: datetime,
    rule_set: RuleSet,
) -> None:
    for row, (kind, records) in zip(found, archives, strict=True):
        alone = score(kind, records, as_of=as_of, known_at=known_at, rule_set=rule_set)
        told = (row.credit_index, row.grade, row.value_milli, row.rated, row.complete)
        assert told == (
            alone.credit_index,
            alone.grade,
            alone.value_milli,
            alone.rated,
            alone.complete,
        )
        assert row.reasons == ",".join(alone.reasons)


@pytest.mark.parametrize("name", ["live", "rare", "resting"])
async def test_random_histories_from_rows_are_scored_as_alone(
    connection: asyncpg.Connection, name: str
) -> None:
    draw = Random(f"runs {name}")  # noqa: S311  a fixed seed
    tables = VARIATIONS[name]
    rule_set = histories.rule_set_of(tables)
    as_of, known_at = histories.moment(draw)
    drawn = [
        histories.history(draw, as_of=as_of, known_at=known_at, tables=tables.tables)
        for _ in range(300)
    ]
    archives: list[Archive] = [(SubjectKind(each.kind), each.records) for each in drawn]
    await file_archives(connection, archives)

    found = await scored(connection, as_of=as_of, known_at=known_at, rule_set=rule_set)

    check_alone(found, archives, as_of=as_of, known_at=known_at, rule_set=rule_set)


async def test_the_generated_province_from_rows_is_scored_as_alone(
    connection: asyncpg.Connection,
) -> None:
    rule_set = shipped()[-1]
    archives: list[Archive] = []
    for kind, population in shipped_probabilities().items():
        some = replace(population, subjects=150)
        generated = generate(kind, some, as_of=AS_OF, rule_set=rule_set)
        archives += [records_of(generated, row) for row in range(150)]
    await file_archives(connection, archives)
    known_at = end_of_day(AS_OF)

    found = await scored(connection, as_of=AS_OF, known_at=known_at, rule_set=rule_set)

    check_alone(found, archives, as_of=AS_OF, known_at=known_at, rule_set=rule_set)


async def test_what_a_later_entry_brought_is_not_known(connection: asyncpg.Connection) -> None:
    rule_set = shipped()[-1]
    population = replace(shipped_probabilities()[SubjectKind.ENTERPRISE], subjects=5)
    generated = generate(SubjectKind.ENTERPRISE, population, as_of=AS_OF, rule_set=rule_set)
    archives = [records_of(generated, row) for row in range(5)]
    await file_archives(connection, archives, entry=1)
    await file_archives(connection, archives, entry=2)
    moment: dict[str, Any] = {"as_of": AS_OF, "known_at": end_of_day(AS_OF), "rule_set": rule_set}

    before = await scored(connection, **moment, position=1)
    after = await scored(connection, **moment, position=2)

    assert [row.party[:3] for row in before] == ["001"] * 5
    assert before == after[:5]
    assert [row.party[:3] for row in after[5:]] == ["002"] * 5


INTAKE = """
INSERT INTO credit_intake (id, source, file, lines, chunks, manifest, recorded, state, opened_in)
VALUES (1, 'S', 'f', 1, '{c}', 'm', 1, 'open', 1)
"""
ADOPTED = "UPDATE credit_intake SET state = 'adopted', closed_in = 5, closed_at = $1"


async def test_facts_of_a_large_file_are_known_from_its_adoption_on(
    connection: asyncpg.Connection,
) -> None:
    rule_set = shipped()[-1]
    population = replace(shipped_probabilities()[SubjectKind.ENTERPRISE], subjects=20)
    generated = generate(SubjectKind.ENTERPRISE, population, as_of=AS_OF, rule_set=rule_set)
    archives: list[Archive] = [
        (kind, [record for record in records if isinstance(record, Fact)])
        for kind, records in (records_of(generated, row) for row in range(20))
    ]
    await file_archives(connection, archives, entry=1, file="m")
    await connection.execute(INTAKE)
    known_at = end_of_day(AS_OF)
    moment: dict[str, Any] = {"as_of": AS_OF, "known_at": known_at, "rule_set": rule_set}

    while_open = await scored(connection, **moment, position=9)
    await connection.execute(ADOPTED, microseconds_of(known_at))
    before, after = [await scored(connection, **moment, position=entry) for entry in (4, 5)]

    assert not any(row.rated for row in while_open)
    assert before == while_open
    same_day = [
        (kind, [replace(fact, recorded_at=known_at) for fact in facts]) for kind, facts in archives
    ]
    check_alone(after, same_day, as_of=AS_OF, known_at=known_at, rule_set=rule_set)
    assert sum(row.rated for row in after) > 15


@pytest.mark.parametrize(("rows", "sizes"), [(4, [4, 4, 2]), (2, [2] * 5), (16, [10])])
async def test_extents_are_whole_but_for_the_last(
    connection: asyncpg.Connection, rows: int, sizes: list[int]
) -> None:
    await file_archives(connection, [(SubjectKind.PERSON, [])] * 7, entry=1)
    await file_archives(connection, [(SubjectKind.PERSON, [])] * 3, entry=2)

    extents, subjects = await extents_of(connection, position=2, rows=rows)

    assert subjects == 10
    assert [extent.rows for extent in extents] == sizes
    assert [extent.first for extent in extents] == [rows * n for n in range(len(sizes))]
    assert extents[0].after == (-1, "")
    assert all(before.upto == after.after for before, after in pairwise(extents))


async def test_nobody_is_registered_at_first(connection: asyncpg.Connection) -> None:
    assert await extents_of(connection, position=POSITION, rows=4) == ([], 0)
