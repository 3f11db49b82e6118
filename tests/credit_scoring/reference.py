"""A slow and plain reading of the scoring rules, to hold the fast ones against.

It knows only the records and rule tables shaped as a vector file has them (``index``, ``subjects``,
``rules``); it shares no line with the package that it checks, not even the arithmetic of months.
Everything is asked again of every fact, in the order of the steps of the published algorithm.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)

VETO_STATES = ("active", "absorbed", "over_frequency")
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A rule set: its tables, and the switches that stand beside them."""

    tables: Mapping[str, Any]
    grace_days: int = 0
    disputed_rests: bool = False
    all_on: bool = True

    def rule(self, name: str) -> Mapping[str, Any] | None:
        return next((row for row in self.tables["rules"] if row["id"] == name), None)


@dataclass(slots=True, kw_only=True)
class Item:
    """A fact while it is being judged; amounts in thousandths of a point."""

    fact: Fact
    rule: Mapping[str, Any] | None
    state: str
    disputed: bool
    raw: int = 0
    counted: int = 0
    absorbed_by: str | None = None

    @property
    def age(self) -> tuple[date, str]:
        return self.fact.on, self.fact.id

    def of(self, name: str) -> Any:
        return None if self.rule is None else self.rule.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the reference says; ``items`` in no promised order."""

    credit_index: int
    grade: str
    colour: str
    rated: bool
    complete: bool
    value_milli: int
    items: list[Item]
    adjustments: list[dict[str, Any]]
    reasons: list[str]

    @property
    def states(self) -> dict[str, str]:
        return {item.fact.id: item.state for item in self.items}

    @property
    def counted(self) -> dict[str, int]:
        return {item.fact.id: item.counted for item in self.items}

    @property
    def disputed(self) -> list[str]:
        return sorted(item.fact.id for item in self.items if item.disputed)


def score(
    kind: str, records: Sequence[Record], *, as_of: date, known_at: datetime, tables: Tables
) -> Answer:
    known = [record for record in records if record.recorded_at <= known_at]
    items = [
        _judged(record, kind, known, as_of=as_of, tables=tables)
        for record in known
        if isinstance(record, Fact)
    ]
    rated = _is_rated(items, as_of)
    for item in items:
        if item.state == "active":
            item.raw = _raw(item, as_of, tables)
    _supersede(items)
    _limit_frequency(items, as_of)
    _absorb(items)
    subject = tables.tables["subjects"][kind]
    _fill_caps(items, subject["categories"])
    total = subject["base"] * 1000 + sum(item.counted for item in items)
    adjustments = _adjusted(total, items, tables.tables["index"])
    value = total + sum(line["milli"] for line in adjustments)
    grade = _grade(value, tables.tables["index"])
    return Answer(
        credit_index=value // 1000,
        grade=grade["grade"],
        colour=grade["colour"],
        rated=rated,
        complete=all(item.state != "unknown_rule" for item in items),
        value_milli=value,
        items=items,
        adjustments=adjustments,
        reasons=_reasons(items),
    )


def improve(
    kind: str, records: Sequence[Record], *, as_of: date, known_at: datetime, tables: Tables
) -> list[dict[str, Any]]:
    today = score(kind, records, as_of=as_of, known_at=known_at, tables=tables)
    found = []
    for item in today.items:
        wanted = item.of("direction") == "minus" or item.of("veto")
        if item.state not in VETO_STATES or not wanted or not item.of("repairable"):
            continue
        if item.of("min_months") is None:
            continue
        day = max(as_of, add_months(item.fact.on, item.of("min_months")))
        mended = [*records, Repair(fact=item.fact.id, on=day, recorded_at=known_at)]
        plain = score(kind, records, as_of=day, known_at=known_at, tables=tables)
        better = score(kind, mended, as_of=day, known_at=known_at, tables=tables)
        gain = better.credit_index - plain.credit_index
        if gain > 0:
            floor = _grade(better.value_milli, tables.tables["index"])["min"]
            path: dict[str, Any] = {"id": item.fact.id, "rule": item.fact.rule}
            path |= {"day": day.isoformat(), "index": better.credit_index, "grade": better.grade}
            found.append(((-floor, -gain, day, item.fact.rule, item.fact.id), path))
    return [path for _, path in sorted(found, key=lambda pair: pair[0])][:2]


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _judged(fact: Fact, kind: str, known: Sequence[Record], *, as_of: date, tables: Tables) -> Item:
    rule = tables.rule(fact.rule)
    disputed = _is_disputed(fact, known, as_of)
    item = Item(fact=fact, rule=rule, state="active", disputed=disputed)
    if any(isinstance(record, Revocation) and record.fact == fact.id for record in known):
        item.state = "revoked"
    elif rule is None or rule["subject"] != kind:
        item.state, item.rule = "unknown_rule", None
    elif rule.get("default") == "off" and not tables.all_on:
        item.state = "rule_off"
    elif as_of < fact.on + timedelta(days=tables.grace_days):
        item.state = "not_yet"
    elif as_of >= _end(fact, rule, known, tables):
        item.state = "expired"
    elif disputed and tables.disputed_rests:
        item.state = "resting"
    return item


def _full_end(fact: Fact, rule: Mapping[str, Any], tables: Tables) -> date:
    start = fact.on + timedelta(days=tables.grace_days)
    return add_months(start, rule["validity_months"])


def _end(fact: Fact, rule: Mapping[str, Any], known: Iterable[Record], tables: Tables) -> date:
    end = _full_end(fact, rule, tables)
    repairs = [
        record.on for record in known if isinstance(record, Repair) and record.fact == fact.id
    ]
    if not repairs or not rule["repairable"] or rule["min_months"] is None:
        return end
    return min(end, max(min(repairs), add_months(fact.on, rule["min_months"])))


def _is_disputed(fact: Fact, known: Iterable[Record], as_of: date) -> bool:
    midnight = datetime.combine(as_of + timedelta(days=1), time(), SHANGHAI)
    turns = [
        (record.recorded_at, isinstance(record, DisputeOpened))
        for record in known
        if isinstance(record, DisputeOpened | DisputeClosed) and record.fact == fact.id
        if record.recorded_at < midnight
    ]
    return max(turns)[1] if turns else False


def _is_rated(items: Sequence[Item], as_of: date) -> bool:
    for item in items:
        if item.state == "active":
            return True
        recent = add_months(as_of, -12) < item.fact.on <= as_of
        if recent and item.state in ("not_yet", "expired"):
            return True
    return False


def _raw(item: Item, as_of: date, tables: Tables) -> int:
    assert item.rule is not None
    units = item.fact.quantity // (item.of("qty_divisor") or 1)
    points: int = item.rule["points"]
    size, sign = abs(points) * 1000 * units, -1 if points < 0 else 1
    if item.of("per_event_cap") is not None:
        size = min(size, item.rule["per_event_cap"] * 1000)
    if item.rule["decay"] == "linear":
        start = item.fact.on + timedelta(days=tables.grace_days)
        end = _full_end(item.fact, item.rule, tables)
        size = size * (end - as_of).days // (end - start).days
    return sign * size


def _supersede(items: Sequence[Item]) -> None:
    active = [item for item in items if item.state == "active" and item.of("supersede")]
    for item in active:
        rivals = [other.fact for other in active if other.of("supersede") == item.of("supersede")]
        newest = max(rivals, key=lambda fact: (fact.on, fact.recorded_at, fact.id))
        if newest.id != item.fact.id:
            item.state = "superseded"


def _limit_frequency(items: Sequence[Item], as_of: date) -> None:
    active = [item for item in items if item.state == "active" and item.of("freq")]
    for rule in {item.fact.rule for item in active}:
        same = sorted((i for i in active if i.fact.rule == rule), key=lambda i: i.age)
        limit = same[0].of("freq")
        places = limit["max"]
        for item in same:
            if item.fact.on > add_months(as_of, -limit["months"]) and places:
                places -= 1
            else:
                item.state = "over_frequency"


def _absorb(items: Sequence[Item]) -> None:
    negative = [
        i for i in items if i.state == "active" and i.raw < 0 and i.fact.incident is not None
    ]
    for item in negative:
        together = [
            other
            for other in negative
            if other.fact.incident == item.fact.incident
            if other.of("category") == item.of("category")
        ]
        heaviest = min(together, key=lambda other: (other.raw, *other.age))
        if heaviest is not item:
            item.state, item.absorbed_by = "absorbed", heaviest.fact.id


def _fill_caps(items: Sequence[Item], categories: Mapping[str, Any]) -> None:
    for name, caps in categories.items():
        for sign, room in ((1, caps["max_plus"] * 1000), (-1, caps["max_minus"] * 1000)):
            left = room
            filling = [
                i
                for i in items
                if i.state == "active" and i.of("category") == name and i.raw * sign > 0
            ]
            for item in sorted(filling, key=lambda i: (-abs(i.raw), *i.age)):
                taken = min(left, abs(item.raw))
                item.counted = sign * taken
                left -= taken


def _grade(value: int, index: Mapping[str, Any]) -> Mapping[str, Any]:
    fitting: list[Mapping[str, Any]] = [g for g in index["grades"] if value >= g["min"] * 1000]
    return max(fitting, key=lambda grade: int(grade["min"]))


def _adjusted(total: int, items: Sequence[Item], index: Mapping[str, Any]) -> list[dict[str, Any]]:
    value = min(max(total, index["min"] * 1000), index["max"] * 1000)
    lines: list[dict[str, Any]] = [{"kind": "range_clamp", "milli": value - total}]
    vetoing = [item for item in items if item.state in VETO_STATES]
    incidents: list[str] = []
    steps = 0
    for item in sorted(vetoing, key=lambda i: i.age):
        if item.of("veto") != "soft" or item.fact.incident in incidents:
            continue
        if steps == index["soft_veto_max_steps"]:
            break
        steps += 1
        incidents += [] if item.fact.incident is None else [item.fact.incident]
        floor = _grade(value, index)["min"] * 1000
        new = value if floor == 0 else min(value, floor - 1000)
        lines.append({"kind": "soft_veto", "id": item.fact.id, "milli": new - value})
        value = new
    hard = sorted(item.fact.id for item in vetoing if item.of("veto") == "hard")
    if hard:
        new = min(value, index["hard_veto_cap"] * 1000)
        lines.append({"kind": "hard_veto", "ids": hard, "milli": new - value})
    return lines


def _reasons(items: Sequence[Item]) -> list[str]:
    ranked = []
    for rule in {item.fact.rule for item in items}:
        mine = [i for i in items if i.fact.rule == rule and i.state in VETO_STATES]
        counted = sum(abs(i.counted) for i in mine)
        if mine and mine[0].of("veto") is not None:
            ranked.append((["hard", "soft"].index(mine[0].of("veto")), -counted, rule))
        elif any(i.counted < 0 for i in mine):
            ranked.append((2, -counted, rule))
    return [rule for _, _, rule in sorted(ranked)][:4]
