"""From probabilities and a seed to the archives of one kind of subject, in columns.

A fact is recorded up to two weeks after its day, so that the last days are not all known yet.
Facts are numbered within their subject, line after line of the file: ``f0001`` is the first.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from credit_scoring.batch.building import Archives
from credit_scoring.batch.columns import Columns, Events, Facts, no_events
from credit_scoring.batch.compiled import KINDS, NONE, Flags, Whole, compiled
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import RuleSet
from gateway.demonstration.province.drawing import Draws
from gateway.demonstration.province.probabilities import THOUSAND, Chances, Population

SEED = 20_261_215
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
DAY = 86_400 * 1_000_000
OFFICE_HOUR = 2 * 3_600 * 1_000_000  # ten in the morning of Asia/Shanghai
RECORDED_WITHIN_DAYS = 15
DISPUTED_WITHIN_DAYS = 30
DISPUTE_DAYS = 20
PREFIXES = {SubjectKind.ENTERPRISE: "E", SubjectKind.VILLAGE: "V", SubjectKind.PERSON: "P"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """The facts of one line, a row each."""

    subject: Whole
    rule: Whole
    on: Whole
    recorded_at: Whole
    quantity: Whole


def generate(
    kind: SubjectKind, population: Population, *, as_of: date, rule_set: RuleSet, seed: int = SEED
) -> Archives:
    """Return the archives of all subjects of a kind as of a day.

    The rule set only says which rules deduct: repairs, disputes and revocations are of these.
    """
    draws = Draws(seed, stream=KINDS.index(kind))
    subjects = np.arange(population.subjects)
    group = np.searchsorted(
        np.cumsum(population.group_shares), draws.below(THOUSAND, subjects), side="right"
    )
    names = sorted({rule for line in population.lines for rule in line.rules})
    parts = [
        _draw(line, draws, group, as_of=as_of, codes={name: names.index(name) for name in names})
        for line in population.lines
        for _ in range(line.draws)
    ]
    drawn = _joined(parts)
    counts = np.bincount(drawn.subject, minlength=population.subjects)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    number = np.arange(len(drawn.subject)) - np.repeat(offsets[:-1], counts)
    rules = compiled(rule_set)
    points = rules.points[[rules.codes.get(name, NONE) for name in names]]
    repairs, disputes, revocations = _events(
        population, draws, drawn, np.flatnonzero(points[drawn.rule] < 0), as_of=as_of
    )
    columns = Columns(
        rule_ids=tuple(names),
        kind=np.full(population.subjects, KINDS.index(kind), np.int8),
        offsets=offsets,
        facts=Facts(
            rule=drawn.rule.astype(np.int32),
            on=drawn.on.astype(np.int32),
            recorded_at=drawn.recorded_at,
            quantity=drawn.quantity,
            incident=np.full(len(drawn.rule), NONE, np.int32),
            id_order=number.astype(np.int32),
        ),
        repairs=repairs,
        revocations=revocations,
        disputes=disputes,
    )
    return Archives(
        columns=columns,
        subjects=[f"{PREFIXES[kind]}{row:06}" for row in range(1, population.subjects + 1)],
        fact_ids=[f"f{row:04}" for row in (number + 1).tolist()],
        records_hashes=(),
    )


def _draw(
    line: Chances, draws: Draws, group: Whole, *, as_of: date, codes: dict[str, int]
) -> _Drawn:
    """Draw at most one fact of a line for every subject."""
    chance = draws.below(THOUSAND, np.arange(len(group)))
    upto = np.cumsum(np.array(line.chances, np.int64), axis=1)[group]
    place = (chance[:, None] >= upto).sum(1)
    subject = np.flatnonzero(place < len(line.rules))
    on = as_of.toordinal() - draws.below(line.days, subject)
    recorded = on + draws.below(RECORDED_WITHIN_DAYS, subject)
    return _Drawn(
        subject=subject,
        rule=np.array([codes[rule] for rule in line.rules], np.int64)[place[subject]],
        on=on,
        recorded_at=(recorded - EPOCH_ORDINAL) * DAY + OFFICE_HOUR,
        quantity=1 + draws.below(line.quantity_max, subject),
    )


def _joined(parts: list[_Drawn]) -> _Drawn:
    """Return the facts of all lines, subject after subject, in the order of their drawing."""
    order = np.argsort(np.concatenate([part.subject for part in parts]), kind="stable")
    return _Drawn(
        subject=np.concatenate([part.subject for part in parts])[order],
        rule=np.concatenate([part.rule for part in parts])[order],
        on=np.concatenate([part.on for part in parts])[order],
        recorded_at=np.concatenate([part.recorded_at for part in parts])[order],
        quantity=np.concatenate([part.quantity for part in parts])[order],
    )


def _events(
    population: Population, draws: Draws, drawn: _Drawn, rows: Whole, *, as_of: date
) -> tuple[Events, Events, Events]:
    """Draw repairs, disputes and revocations for the facts that deduct.

    A dispute ends after its days, or the fact is revoked then, or it is still open.
    """
    told = population.events

    def happens(chance: int) -> Flags:
        found: Flags = draws.below(THOUSAND, rows) < chance
        return found

    repaired = happens(told.repaired)
    repair_on = drawn.on[rows] + 1 + draws.below(told.repair_days, rows)
    repaired &= repair_on <= as_of.toordinal()
    disputed, revoked, closed = happens(told.disputed), happens(told.revoked), happens(told.closed)
    opened_at = drawn.recorded_at[rows] + draws.below(DISPUTED_WITHIN_DAYS, rows) * DAY
    closed_at = opened_at + DISPUTE_DAYS * DAY
    ended = disputed & closed & ~revoked
    fact = np.concatenate([rows[disputed], rows[ended]])
    order = np.argsort(fact, kind="stable")
    return (
        _sealed(
            rows[repaired],
            (repair_on[repaired] - EPOCH_ORDINAL) * DAY + OFFICE_HOUR,
            repair_on[repaired],
        ),
        _sealed(
            fact[order],
            np.concatenate([opened_at[disputed], closed_at[ended]])[order],
            np.repeat([1, 0], [disputed.sum(), ended.sum()])[order],
        ),
        _sealed(rows[disputed & revoked], closed_at[disputed & revoked], None),
    )


def _sealed(fact: Whole, recorded_at: Whole, detail: Whole | None) -> Events:
    if not len(fact):
        return no_events()
    detail = np.zeros(len(fact), np.int64) if detail is None else detail
    return Events(fact=fact, recorded_at=recorded_at, detail=detail.astype(np.int32))
