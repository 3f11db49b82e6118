"""A run of everybody end to end: facts in the database, rows in the database, one entry.

Subjects and facts are those of ``credit_batch``, loaded as they come in a year: the first fact of
everybody, then the second, so that a subject's facts lie far apart. What is measured begins when
workers take the first shard and ends when the entry is committed; the plan is measured apart. Every
run has the same horizon, so the root is the same for any number of workers.

Run ``python -m benchmarks.credit_run [subjects] [workers ...]``; short where none is said. The
facts of a million subjects take 8 GiB below the folder for temporary files.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import numpy as np

from benchmarks.credit_batch import AS_OF, FACTS, shard_of
from benchmarks.venue import (
    OPERATOR,
    VENUE,
    machine_of,
    party_with,
    plan_of,
    running,
    send_all,
)
from credit_scoring.archive.effects import DISPUTE_OPENED, REPAIRED, REVOKED
from credit_scoring.archive.store import microseconds_of
from credit_scoring.batch.columns import Columns, Events
from credit_scoring.batch.compiled import KINDS, NONE
from credit_scoring.dates import end_of_day
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.adopting.commands import AdoptRuleSet
from credit_scoring.rule_sets.shipped import shipped
from gateway import schema
from gateway.caller import Caller
from gateway.database_server import DatabaseServer
from gateway.embedded.cluster import start
from gateway.embedded.runtime_folder import socket_of
from gateway.memory import peak_mib
from gateway.settings import Settings, database_of
from gateway.work.kinds import Kinds
from gateway.work.stepping import Workplace, do_turn
from gateway.work.store import JobStore, Wish
from ledger.commands import Approve, Propose
from ledger.roles import PartyKind, Role
from ledger.sequencer.submission import Submission
from ledger.sequencer.writer import Plan, Writer

SUBJECTS_SMALL = 20_000
WORKERS = (1, 2, 4)
SECONDS_MAX = 3_600.0
LOADED_AT_ONCE = 50_000
REGULATOR = Caller(actor="r-1", party="R", roles=frozenset({Role.REGULATOR}))
KINDS_HERE = Kinds({"credit_run": "gateway.work.credit_run:CreditRunJob"})
# Entries of the venue's founding, which stand for those that brought the rows.
SUBJECTS_IN, FACTS_IN, EVENTS_IN = 1, 2, 3
EVIDENCE = "e5" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFigures:
    """What one run measured; memory is the workers' peaks together, in MiB, without the server."""

    subjects: int
    facts_a_subject: int
    workers: int
    plan_seconds: float
    seconds: float
    subjects_per_second: int
    memory_mib: int
    rated: int
    root: str


async def measure_runs(
    server: DatabaseServer, home: Path, *, subjects: int, workers: Sequence[int]
) -> AsyncIterator[RunFigures]:
    """Load a venue and run all of it, by each number of workers."""
    async with loaded_venue(server, home, subjects=subjects) as dsn:
        connection = await asyncpg.connect(dsn)
        place = workplace(dsn, home, name="planner")
        planned: list[tuple[int, UUID, float]] = []
        for count in workers:
            job = await _asked(JobStore(connection), key=f"run-{len(planned)}")
            began = perf_counter()
            await do_turn(place, job, wake=lambda _: None, seconds=0.0)
            planned.append((count, job, perf_counter() - began))
        for count, job, plan_seconds in planned:
            seconds, memory = await _run(dsn, home, job, workers=count)
            found = await JobStore(connection).find(job)
            if found is None or found.value is None:
                raise RuntimeError(f"the run failed: {found}")
            yield RunFigures(
                subjects=int(found.value["subjects"]),
                facts_a_subject=FACTS,
                workers=count,
                plan_seconds=round(plan_seconds, 3),
                seconds=round(seconds, 3),
                subjects_per_second=int(subjects / seconds),
                memory_mib=memory,
                rated=int(found.value["rated"]),
                root=found.value["root"],
            )
        await connection.close()


@asynccontextmanager
async def loaded_venue(server: DatabaseServer, home: Path, *, subjects: int) -> AsyncIterator[str]:
    """Serve a venue with a regulator, the rule sets, and the facts of some subjects."""
    name = database_of(VENUE)
    await server.ensure_database(name)
    dsn = server.url(name)
    try:
        await schema.upgrade(dsn)
        async with running(_plan(dsn, home)) as writer:
            await _found(writer)
            await _load(dsn, subjects=subjects)
            yield dsn
    finally:
        await server.drop_database(name)


def _plan(dsn: str, home: Path) -> Plan:
    """Return a writer's plan whose clock stands a day after the day that is scored."""
    plan = plan_of(dsn, home)
    assert plan.opening is not None
    now = microseconds_of(end_of_day(AS_OF) + timedelta(days=1))
    opening = msgspec.structs.replace(plan.opening, clock="scenario", start=now)
    return replace(plan, socket=socket_of(home, VENUE), opening=opening)


async def _found(writer: Writer) -> None:
    """Register the regulator, and let its two people adopt the rule sets, the newest first."""
    regulator = party_with("R", ["r-1", "r-2"], PartyKind.AUTHORITY, Role.REGULATOR)
    found = [
        Submission(actor=OPERATOR, key=f"found-{number}", command=command)
        for number, command in enumerate(regulator)
    ]
    await send_all(writer, found)
    for rule_set in reversed(shipped()):
        proposal = machine_of(writer).ledger.next_proposal
        adopt = AdoptRuleSet(
            document=rule_set.canonical.decode(), rule_set_hash=rule_set.hash, decision="D"
        )
        decided = [("r-1", Propose(command=adopt)), ("r-2", Approve(proposal=proposal))]
        await send_all(
            writer,
            [
                Submission(actor=actor, key=f"{actor}-{proposal}", command=command)
                for actor, command in decided
            ],
        )


async def _load(dsn: str, *, subjects: int) -> None:
    """Put subjects, facts and events into their tables; no entry of the venue brought them."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("ALTER TABLE credit_fact DROP CONSTRAINT pk_credit_fact")
            await connection.execute("DROP INDEX ix_credit_fact_subject")
            drawn = [
                (first, shard_of(first // LOADED_AT_ONCE, min(LOADED_AT_ONCE, subjects - first)))
                for first in range(0, subjects, LOADED_AT_ONCE)
            ]
            for first, columns in drawn:
                await _load_subjects(connection, columns, first=first)
                await _load_events(connection, columns, first=first)
            for number in range(FACTS):
                for first, columns in drawn:
                    await _load_facts(connection, columns, first=first, number=number)
            del drawn
            await connection.execute(
                "ALTER TABLE credit_fact ADD CONSTRAINT pk_credit_fact "
                "PRIMARY KEY (source, reference)"
            )
            await connection.execute(
                "CREATE INDEX ix_credit_fact_subject ON credit_fact (subject, entry)"
            )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _party(number: int) -> str:
    return f"S{number:08}"


async def _load_subjects(connection: asyncpg.Connection, columns: Columns, *, first: int) -> None:
    kinds = [KINDS[code] for code in columns.kind.tolist()]
    await connection.copy_records_to_table(
        "credit_subject",
        records=(
            (
                _party(number),
                kind.value,
                "",
                f"C{13 + number % 30}" if kind is SubjectKind.ENTERPRISE else "",
                "331102",
                SUBJECTS_IN,
            )
            for number, kind in enumerate(kinds, first)
        ),
    )


async def _load_facts(
    connection: asyncpg.Connection, columns: Columns, *, first: int, number: int
) -> None:
    facts, rows = columns.facts, np.arange(columns.subject_count) * FACTS + number
    told = zip(
        facts.rule[rows].tolist(),
        facts.on[rows].tolist(),
        facts.quantity[rows].tolist(),
        facts.incident[rows].tolist(),
        facts.recorded_at[rows].tolist(),
        strict=True,
    )
    await connection.copy_records_to_table(
        "credit_fact",
        records=(
            (
                "D",
                _reference(subject, number),
                _party(subject),
                columns.rule_ids[rule],
                on,
                quantity,
                "" if incident == NONE else f"I-{incident}",
                EVIDENCE,
                "",
                "D-1",
                FACTS_IN,
                at,
            )
            for subject, (rule, on, quantity, incident, at) in enumerate(told, first)
        ),
    )


async def _load_events(connection: asyncpg.Connection, columns: Columns, *, first: int) -> None:
    for place, (name, events) in enumerate(
        (
            (REPAIRED, columns.repairs),
            (REVOKED, columns.revocations),
            (DISPUTE_OPENED, columns.disputes),
        )
    ):
        await connection.copy_records_to_table(
            "credit_event",
            records=_event_rows(events, name, first=first, number=place),
        )


def _event_rows(events: Events, name: str, *, first: int, number: int) -> list[tuple[Any, ...]]:
    told = zip(
        events.fact.tolist(), events.recorded_at.tolist(), events.detail.tolist(), strict=True
    )
    return [
        (
            EVENTS_IN,
            (first * FACTS + fact) * 3 + number,
            at,
            _party(first + fact // FACTS),
            "D",
            _reference(first + fact // FACTS, fact % FACTS),
            name,
            detail if name == REPAIRED else 0,
            None,
            EVIDENCE,
            "D-1",
        )
        for fact, at, detail in told
    ]


def _reference(subject: int, number: int) -> str:
    return f"2026/{subject:08}-{number:02}"


async def _asked(store: JobStore, *, key: str) -> UUID:
    kind = KINDS_HERE.of("credit_run")
    wish = Wish(kind=kind, owner=REGULATOR.actor, key=key, parameters={"as_of": AS_OF.isoformat()})
    return (await store.create(wish)).id


def workplace(dsn: str, home: Path, *, name: str) -> Workplace:
    """Return where a worker of the benchmark works."""
    settings = Settings(home=home, venue=VENUE, worker_lease=60)
    return Workplace(settings=settings, dsn=dsn, worker=name, kinds=KINDS_HERE)


async def _run(dsn: str, home: Path, job: UUID, *, workers: int) -> tuple[float, int]:
    """Let workers do a planned job; return seconds and their peaks of memory in MiB."""
    context = get_context("spawn")
    barrier, answers = context.Barrier(workers + 1), context.Queue()
    processes = [
        context.Process(
            target=_work,
            args=(dsn, str(home), job.hex),
            kwargs={"name": f"w{number}", "barrier": barrier, "answers": answers},
            daemon=True,
        )
        for number in range(workers)
    ]
    for process in processes:
        process.start()
    await asyncio.to_thread(barrier.wait, SECONDS_MAX)
    began = perf_counter()
    memory = [await asyncio.to_thread(answers.get, timeout=SECONDS_MAX) for _ in processes]
    seconds = perf_counter() - began
    for process in processes:
        await asyncio.to_thread(process.join)
    return seconds, sum(memory)


def _work(
    dsn: str, home: str, job: str, *, name: str, barrier: Barrier, answers: "Queue[int]"
) -> None:
    place = workplace(dsn, Path(home), name=name)
    place.kinds.of("credit_run")
    barrier.wait()
    asyncio.run(_work_until_done(place, UUID(job)))
    answers.put((peak_mib([os.getpid()]) or {}).get(os.getpid(), 0))


async def _work_until_done(place: Workplace, job: UUID) -> None:
    connection = await asyncpg.connect(place.dsn)
    try:
        while True:
            await do_turn(place, job, wake=lambda _: None, seconds=SECONDS_MAX)
            found = await JobStore(connection).find(job)
            if found is None or not found.is_open:
                return
            await asyncio.sleep(0.01)
    finally:
        await connection.close()


async def print_runs(server: DatabaseServer, home: Path, arguments: Sequence[str]) -> None:
    """Print a line for each number of workers."""
    subjects = int(arguments[0]) if arguments else SUBJECTS_SMALL
    workers = list(map(int, arguments[1:] or map(str, WORKERS)))
    async for figures in measure_runs(server, home, subjects=subjects, workers=workers):
        print(json.dumps(asdict(figures)), flush=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="eco-runs-") as folder:
        cluster = start(Path(folder))
        try:
            asyncio.run(print_runs(cluster, Path(folder), sys.argv[1:]))
        finally:
            cluster.stop()
