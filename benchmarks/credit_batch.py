"""Scores of many subjects in columns: a core alone, a million of them, and 1, 2 and 4 processes.

Every subject has 20 facts under the live rules of its kind, with incidents, repairs, disputes and
revocations; three subjects in four are persons. The shards are drawn before the clock starts, each
in the process that scores it, as a worker reads its own shard. What is measured is columns in,
columns out: index, grade, value, reasons, rated, complete, with every step of every subject's
facts. The digest of all of it is the same for any number of processes.

Run ``python -m benchmarks.credit_batch [subjects] [processes ...]``; short where none is said.
"""

import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from time import perf_counter_ns, process_time_ns

import numpy as np

from credit_scoring.batch.building import archives_of
from credit_scoring.batch.columns import Columns, Events, Facts
from credit_scoring.batch.compiled import (
    KINDS,
    NO_VETO,
    NONE,
    CompiledRules,
    Flags,
    Whole,
    compiled,
)
from credit_scoring.batch.scoring import BatchScores, score_batch
from credit_scoring.batch.tables import EventTable, FactTable, columns_of_tables
from credit_scoring.dates import end_of_day
from credit_scoring.records import Fact, SubjectKind
from credit_scoring.rule_sets.shipped import shipped
from gateway.demonstration.province.drawing import Draws

FACTS = 20
DAYS = 540
DAY = 86_400 * 1_000_000
AS_OF = date(2026, 12, 15)
SHARDS = 8
SUBJECTS_SMALL = 40_000
PROCESSES = (1, 2, 4)
SECONDS_MAX = 300.0  # a process that failed gives no answer
RECORDED = 1_000  # subjects that are made from records, one by one
TABLED = 20_000  # subjects that come as shuffled tables
SEED = 20_261_215
NANOSECONDS = 1_000_000_000
# Per thousand facts: our assumption, about as in the generated province.
DEDUCTING, VETOING, INCIDENTS, REPAIRED, DISPUTED, REVOKED = 250, 10, 50, 40, 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFigures:
    """What one run measured; memory is the processes' peaks together, in MiB.

    ``per_core_second`` is of the time that the processors worked on it, whatever else they did.
    """

    subjects: int
    facts_a_subject: int
    processes: int
    seconds: float
    subjects_per_second: int
    per_core_second: int
    memory_mib: int
    rated: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    """What one process did: when it began and ended, and a digest for each of its shards."""

    began_ns: int
    ended_ns: int
    worked_ns: int
    memory_kib: int
    rated: int
    digests: dict[int, str]


def measure_batch(*, subjects: int, processes: int) -> BatchFigures:
    """Measure eight shards on some processes, from the first start to the last end."""
    context = get_context("spawn")
    barrier, answers = context.Barrier(processes), context.Queue()
    workers = [
        context.Process(
            target=_work,
            args=(list(range(SHARDS))[place::processes], subjects // SHARDS),
            kwargs={"barrier": barrier, "answers": answers},
            daemon=True,
        )
        for place in range(processes)
    ]
    for worker in workers:
        worker.start()
    scored: list[_Scored] = [answers.get(timeout=SECONDS_MAX) for _ in workers]
    for worker in workers:
        worker.join()
    scored_count = subjects // SHARDS * SHARDS
    elapsed = max(each.ended_ns for each in scored) - min(each.began_ns for each in scored)
    digests = {shard: digest for each in scored for shard, digest in each.digests.items()}
    return BatchFigures(
        subjects=scored_count,
        facts_a_subject=FACTS,
        processes=processes,
        seconds=round(elapsed / NANOSECONDS, 3),
        subjects_per_second=scored_count * NANOSECONDS // elapsed,
        per_core_second=scored_count * NANOSECONDS // sum(each.worked_ns for each in scored),
        memory_mib=sum(each.memory_kib for each in scored) // 1_024,
        rated=sum(each.rated for each in scored),
        digest=sha256("".join(digests[shard] for shard in range(SHARDS)).encode()).hexdigest(),
    )


def measure_building(*, subjects: int) -> int:
    """Return how many subjects a second one core brings from records into columns."""
    names = [name for name, rule in shipped()[-1].rules.items() if rule.subject.value == "person"]
    noon = datetime.combine(AS_OF, datetime.min.time(), tzinfo=end_of_day(AS_OF).tzinfo)
    records = [
        Fact(
            id=f"f{number:04}",
            rule=names[number % len(names)],
            on=AS_OF - timedelta(days=number),
            recorded_at=noon - timedelta(days=number),
        )
        for number in range(FACTS)
    ]
    start = perf_counter_ns()
    built = archives_of((str(number), SubjectKind.PERSON, records) for number in range(subjects))
    elapsed = perf_counter_ns() - start
    return built.columns.subject_count * NANOSECONDS // elapsed


def measure_tables(*, subjects: int) -> int:
    """Return how many subjects a second one core brings from shuffled tables into columns."""
    drawn = shard_of(0, subjects)
    rows = np.arange(drawn.fact_count)
    # A prime step visits every row once, far from its neighbours.
    shuffled = rows * 1_000_003 % drawn.fact_count
    owner = np.repeat(np.arange(subjects), FACTS)
    facts = FactTable(
        id=np.char.add(b"01935f2a-0000-7000-8000-", np.char.zfill(shuffled.astype("S12"), 12)),
        subject=owner[shuffled],
        rule=drawn.facts.rule.astype(np.int64)[shuffled],
        on=drawn.facts.on.astype(np.int64)[shuffled],
        recorded_at=drawn.facts.recorded_at[shuffled],
        quantity=drawn.facts.quantity[shuffled],
        incident=drawn.facts.incident.astype(np.int64)[shuffled],
    )
    events = EventTable(fact=rows[:1_000], recorded_at=rows[:1_000], detail=rows[:1_000])
    kinds = [KINDS[code] for code in drawn.kind.tolist()]
    start = perf_counter_ns()
    built = columns_of_tables(
        kinds,
        rule_ids=drawn.rule_ids,
        facts=facts,
        repairs=events,
        revocations=events,
        disputes=events,
    )
    elapsed = perf_counter_ns() - start
    return built.subject_count * NANOSECONDS // elapsed


def shard_of(shard: int, subjects: int) -> Columns:
    """Draw the columns of one shard."""
    rules = compiled(shipped()[-1])
    draws = Draws(SEED + shard, stream=len(KINDS))
    everybody = np.arange(subjects)
    # Of twenty subjects fifteen are persons, four enterprises, one a village.
    kind = np.searchsorted([4, 5], draws.below(20, everybody), side="right").astype(np.int8)
    rows = np.arange(subjects * FACTS)
    rule = _rules_drawn(draws, np.repeat(kind, FACTS), rows, rules=rules)
    on = AS_OF.toordinal() - draws.below(DAYS, rows)
    recorded = (on - date(1970, 1, 1).toordinal()) * DAY + draws.below(14, rows) * DAY
    return Columns(
        rule_ids=rules.rule_ids,
        kind=kind,
        offsets=np.arange(0, subjects * FACTS + 1, FACTS),
        facts=Facts(
            rule=rule.astype(np.int32),
            on=on.astype(np.int32),
            recorded_at=recorded,
            quantity=1 + draws.below(100, rows),
            incident=np.where(_some(draws, rows, INCIDENTS), draws.below(2, rows), NONE).astype(
                np.int32
            ),
            id_order=np.tile(np.arange(FACTS, dtype=np.int32), subjects),
        ),
        repairs=_events(rows[_some(draws, rows, REPAIRED)], recorded, detail=on + 90),
        revocations=_events(rows[_some(draws, rows, REVOKED)], recorded, detail=0 * on),
        disputes=_events(rows[_some(draws, rows, DISPUTED)], recorded, detail=0 * on + 1),
    )


def _rules_drawn(draws: Draws, kind: Whole, rows: Whole, *, rules: CompiledRules) -> Whole:
    """Draw a live rule for each fact: some deduct, few of them are vetoes, most add."""
    adds, deducts, vetoes = (0, 1, 2)
    choice = np.full(len(rows), adds)
    choice[_some(draws, rows, DEDUCTING)] = deducts
    choice[_some(draws, rows, VETOING)] = vetoes
    place = draws.below(1_000_000, rows)
    rule = np.zeros(len(rows), np.int64)
    live = rules.is_on[:-1]
    for code, _ in enumerate(KINDS):
        own = live & (rules.kind[:-1] == code)
        harmless, veto = rules.veto[:-1] == NO_VETO, rules.veto[:-1] != NO_VETO
        for wanted, mine in (
            (adds, own & (rules.points[:-1] >= 0) & harmless),
            (deducts, own & (rules.points[:-1] < 0) & harmless),
            (vetoes, own & veto),
        ):
            chosen = np.flatnonzero((kind == code) & (choice == wanted))
            codes = np.flatnonzero(mine)
            rule[chosen] = codes[place[chosen] % len(codes)]
    return rule


def _some(draws: Draws, rows: Whole, chance: int) -> Flags:
    found: Flags = draws.below(1_000, rows) < chance
    return found


def _events(fact: Whole, recorded_at: Whole, *, detail: Whole) -> Events:
    return Events(
        fact=fact, recorded_at=recorded_at[fact] + 90 * DAY, detail=detail[fact].astype(np.int32)
    )


def _work(
    shards: Sequence[int], subjects: int, *, barrier: Barrier, answers: "Queue[_Scored]"
) -> None:
    rule_set = shipped()[-1]
    drawn = {shard: shard_of(shard, subjects) for shard in shards}
    known_at = end_of_day(AS_OF)
    score_batch(shard_of(0, 100), as_of=AS_OF, known_at=known_at, rule_set=rule_set)
    barrier.wait()
    began, worked = perf_counter_ns(), process_time_ns()
    scores = {
        shard: score_batch(
            columns, as_of=AS_OF, known_at=known_at, rule_set=rule_set, with_lines=False
        )
        for shard, columns in drawn.items()
    }
    ended, worked = perf_counter_ns(), process_time_ns() - worked
    answers.put(
        _Scored(
            began_ns=began,
            ended_ns=ended,
            worked_ns=worked,
            memory_kib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            rated=sum(int(each.rated.sum()) for each in scores.values()),
            digests={shard: _digest(each) for shard, each in scores.items()},
        )
    )


def _digest(scores: BatchScores) -> str:
    digest = sha256()
    for column in (scores.credit_index, scores.grade, scores.value_milli, scores.reasons):
        digest.update(np.ascontiguousarray(column).data)
    for flags in (scores.rated, scores.complete):
        digest.update(flags.tobytes())
    return digest.hexdigest()


def main(arguments: Sequence[str]) -> None:
    """Print a line for each number of processes."""
    subjects = int(arguments[0]) if arguments else SUBJECTS_SMALL
    records, tables = measure_building(subjects=RECORDED), measure_tables(subjects=TABLED)
    print(json.dumps({"from_records_per_second": records, "from_tables_per_second": tables}))
    for processes in map(int, arguments[1:] or map(str, PROCESSES)):
        print(json.dumps(asdict(measure_batch(subjects=subjects, processes=processes))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
