"""One explained score in process: 20 facts with their events, reasons and improvements.

What someone waits for who asks where a firm stands: from records and a rule set to the answer with
every line, both hashes, reasons and improvements. The histories are made before the clock starts,
from a fixed seed, over all rules of the enterprise; the digest of all answers shows a faster wrong
one. Run ``python -m benchmarks.credit_score``.
"""

import gc
import json
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from time import perf_counter_ns

import msgspec

from credit_scoring.records import DisputeOpened, Fact, Record, Repair, SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from credit_scoring.scoring.score import score

FACTS = 20
REPAIRS = 2
INCIDENTS = 6
DAYS = 540
AS_OF = date(2026, 12, 15)
KNOWN_AT = datetime(2026, 12, 15, 8, tzinfo=UTC)
SCORES = 20_000
SCORES_SMALL = 200
SEED = 20261215
NS_A_MICROSECOND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFigures:
    """What one run measured; times in microseconds."""

    scores: int
    facts: int
    p50_us: float
    p99_us: float
    max_us: float
    scores_per_second: int
    digest: str


def measure_score(*, scores: int) -> ScoreFigures:
    """Measure explained scores, one after the other."""
    rule_set = shipped()[-1]
    histories = list(_histories(rule_set, scores))
    digest = sha256()
    took: list[int] = []
    gc.collect()
    gc.freeze()
    try:
        for records in histories:
            start = perf_counter_ns()
            answer = score(
                SubjectKind.ENTERPRISE,
                records,
                as_of=AS_OF,
                known_at=KNOWN_AT,
                rule_set=rule_set,
            )
            took.append(perf_counter_ns() - start)
            digest.update(msgspec.json.encode(answer))
    finally:
        gc.unfreeze()
    ordered = sorted(took)
    return ScoreFigures(
        scores=scores,
        facts=FACTS,
        p50_us=ordered[scores // 2] / NS_A_MICROSECOND,
        p99_us=ordered[scores * 99 // 100] / NS_A_MICROSECOND,
        max_us=ordered[-1] / NS_A_MICROSECOND,
        scores_per_second=scores * 1_000_000_000 // sum(took),
        digest=digest.hexdigest(),
    )


def _histories(rule_set: RuleSet, count: int) -> list[tuple[Record, ...]]:
    random = Random(SEED)  # noqa: S311  a reproducible load, not a secret
    rules = [
        each.id
        for each in rule_set.rules.values()
        if each.subject is SubjectKind.ENTERPRISE and not each.is_for_tests
    ]
    return [_history(random, rules) for _ in range(count)]


def _history(random: Random, rules: list[str]) -> tuple[Record, ...]:
    records: list[Record] = []
    for number in range(FACTS):
        on = AS_OF - timedelta(days=random.randrange(DAYS))
        incident = random.randrange(INCIDENTS * 2)
        records.append(
            Fact(
                id=f"f{number}",
                rule=random.choice(rules),
                on=on,
                recorded_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
                quantity=random.choice((1, 1, 1, 2)),
                incident=f"i{incident}" if incident < INCIDENTS else None,
            )
        )
    at = KNOWN_AT - timedelta(days=1)
    repaired, disputed = random.sample(range(FACTS), REPAIRS), random.randrange(FACTS)
    records.extend(Repair(fact=f"f{each}", on=at.date(), recorded_at=at) for each in repaired)
    records.append(DisputeOpened(fact=f"f{disputed}", recorded_at=at))
    random.shuffle(records)
    return tuple(records)


def main() -> None:
    """Measure and print the figures as JSON."""
    scores = SCORES_SMALL if "--small" in sys.argv[1:] else SCORES
    print(json.dumps(asdict(measure_score(scores=scores))))


if __name__ == "__main__":
    main()
