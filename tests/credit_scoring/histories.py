"""Random histories of subjects, drawn from a seed, that come close to every edge of the rules.

Dates fall on and beside the ends of validities, repair periods and windows; instants repeat; ids
differ as text and as numbers; incidents, levels and frequencies collide because a history draws
from few rules. Variations of the rule tables turn the switches and the rarer fields on.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import RuleSet
from tests.credit_scoring.reference import Tables, add_months

KINDS = ("enterprise", "village", "person")
FACTS_MAX = 24
LARGEST = 10**12
UNKNOWN = "X-NONE-01"
FIRST_DAY = date(2023, 1, 1)
DAYS = 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The records of one subject, in no order."""

    kind: str
    records: Sequence[Record]


def variations(tables: Mapping[str, Any]) -> dict[str, Tables]:
    """Return the rule tables with their switches and rarer fields turned this way and that."""
    rare = copy.deepcopy(dict(tables))
    for number, row in enumerate(rare["rules"]):
        row["decay"] = "linear" if number % 2 else row["decay"]
        if number % 5 == 0 and row.get("supersede") is None:
            row["freq"] = {"max": 1 + number % 3, "months": 1 + number % 7}
        if number % 7 == 0:
            row["supersede"] = f"level_{number % 3}"
        if number % 6 == 0:
            row["per_event_cap"] = 70
        if number % 8 == 0:
            row["qty_divisor"] = 3
        if number % 9 == 0 and row["direction"] == "minus":
            row["veto"] = "soft"
    unrepaired = copy.deepcopy(dict(tables))
    for row in unrepaired["rules"]:
        row["min_months"] = None
    return {
        "plain": Tables(tables=tables),
        "live": Tables(tables=tables, all_on=False),
        "resting": Tables(tables=tables, disputed_rests=True, all_on=False),
        "grace": Tables(tables=tables, grace_days=15),
        "rare": Tables(tables=rare, grace_days=3, disputed_rests=True),
        "unrepaired": Tables(tables=unrepaired),
    }


def moment(draw: Random) -> tuple[date, datetime]:
    """Draw a day to score as of, often the last of a month, and what is known by then."""
    as_of = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
    if draw.random() < 0.4:
        as_of = as_of.replace(day=1) - timedelta(days=draw.choice((0, 1)))
    known_at = datetime(as_of.year, as_of.month, as_of.day, 15, 59, 59, tzinfo=UTC)
    return as_of, known_at + timedelta(days=draw.choice((0, 0, 0, 30, 400)))


def history(draw: Random, *, as_of: date, known_at: datetime, tables: Mapping[str, Any]) -> History:
    """Draw one subject's records."""
    kind = draw.choice(KINDS)
    own = [row for row in tables["rules"] if row["subject"] == kind]
    theme = draw.sample(own, k=draw.choice((1, 2, 4, 8, len(own))))
    facts = [
        _fact(draw, number, row=_row(draw, theme, tables), as_of=as_of, known_at=known_at)
        for number in range(draw.choice((0, 1, 2, 5, 10, FACTS_MAX)))
    ]
    records: list[Record] = [*facts]
    for fact in facts:
        records += _events(draw, fact, as_of=as_of, known_at=known_at)
    if draw.random() < 0.1:
        records += [Repair(fact="nothing", on=as_of, recorded_at=known_at)]
    draw.shuffle(records)
    return History(kind=kind, records=records)


def _row(draw: Random, theme: Sequence[Any], tables: Mapping[str, Any]) -> Mapping[str, Any]:
    chance = draw.random()
    if chance < 0.02:
        return {"id": UNKNOWN, "validity_months": 12, "min_months": 0}
    row: Mapping[str, Any] = draw.choice(theme if chance < 0.97 else tables["rules"])
    return row


def _fact(
    draw: Random, number: int, *, row: Mapping[str, Any], as_of: date, known_at: datetime
) -> Fact:
    on = _day(draw, row, as_of)
    recorded = datetime(on.year, on.month, on.day, draw.choice((0, 9)), tzinfo=UTC)
    recorded += timedelta(days=draw.choice((0, 0, 0, 1, 40)))
    if draw.random() < 0.02:
        recorded = known_at + timedelta(microseconds=draw.choice((0, 1)))
    return Fact(
        id=f"{draw.choice('ab')}{number}",
        rule=row["id"],
        on=on,
        recorded_at=recorded,
        quantity=LARGEST if draw.random() < 0.01 else draw.choice((1, 1, 1, 1, 2, 3, 7, 250)),
        incident=draw.choice((None, None, None, "I", "J")),
    )


def _day(draw: Random, row: Mapping[str, Any], as_of: date) -> date:
    edges = (
        0,
        12,
        row["validity_months"],
        row["min_months"] or 0,
        (row.get("freq") or {}).get("months", 6),
    )
    chance = draw.random()
    if chance < 0.25:
        beside = timedelta(days=draw.choice((-3, -2, -1, 0, 1, 2, 3)))
        return add_months(as_of, -draw.choice(edges)) + beside
    if chance < 0.5:
        return as_of - timedelta(days=30 * draw.randrange(6))
    return as_of - timedelta(days=draw.randrange(-10, 31 * row["validity_months"] + 40))


def _events(draw: Random, fact: Fact, *, as_of: date, known_at: datetime) -> list[Record]:
    found: list[Record] = []
    if draw.random() < 0.12:
        found += [
            Repair(
                fact=fact.id,
                on=fact.on + timedelta(days=draw.choice((0, 10, 80, 100, 400))),
                recorded_at=_instant(draw, as_of=as_of, known_at=known_at),
            )
            for _ in range(draw.choice((1, 1, 2)))
        ]
    if draw.random() < 0.05:
        instant = _instant(draw, as_of=as_of, known_at=known_at)
        found.append(Revocation(fact=fact.id, recorded_at=instant))
    if draw.random() < 0.12:
        for _ in range(draw.choice((1, 2, 3, 4))):
            turn = draw.choice((DisputeOpened, DisputeClosed))
            instant = _instant(draw, as_of=as_of, known_at=known_at)
            found.append(turn(fact=fact.id, recorded_at=instant))
    return found


def _instant(draw: Random, *, as_of: date, known_at: datetime) -> datetime:
    midnight = datetime(as_of.year, as_of.month, as_of.day, 16, tzinfo=UTC)
    beside = (timedelta(microseconds=-1), timedelta(0), timedelta(days=-3), timedelta(days=3))
    return draw.choice((midnight, known_at)) + draw.choice(beside)


def rule_set_of(tables: Tables) -> RuleSet:
    """Return the rule set that the package makes of tables."""
    rules = [dict(row) for row in tables.tables["rules"]]
    for row in rules:
        if tables.all_on:
            row.pop("default", None)
    document = {
        "index": tables.tables["index"],
        "subjects": tables.tables["subjects"],
        "schemes": {},
        "version": "of the tests",
        "effective_from": "2000-01-01",
        "grace_days": tables.grace_days,
        "disputed_rests": tables.disputed_rests,
        "repair_periods": "as_rows",
        "rules": rules,
    }
    return read_rule_set(Place(document))
