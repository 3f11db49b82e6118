import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
)
from tests.credit_scoring import histories, reference

VECTORS = Path(__file__).parent / "data" / "vectors.json"
DOCUMENT = json.loads(VECTORS.read_text(encoding="utf-8"))
ENGINE = [vector for vector in DOCUMENT["test_vectors"] if vector["kind"] == "engine"]
ROUNDS = 2_000


@pytest.mark.parametrize("vector", ENGINE, ids=[vector["id"] for vector in ENGINE])
def test_the_reference_gives_every_published_answer(vector: dict[str, Any]) -> None:
    records = [_record(row) for row in vector["records"]]
    day, instant = date.fromisoformat(vector["as_of"]), _instant(vector["known_at"])
    tables = reference.Tables(tables=DOCUMENT)

    found = _answer(vector["subject"], records, day=day, instant=instant, tables=tables)

    expected = vector["expect"]
    assert {name: found[name] for name in expected if name not in ("states", "counted")} == {
        name: value for name, value in expected.items() if name not in ("states", "counted")
    }
    assert expected.get("states", {}).items() <= found["states"].items()
    assert expected.get("counted", {}).items() <= found["counted"].items()


def test_the_histories_come_to_every_state_and_adjustment() -> None:
    seen: Counter[str] = Counter()
    for name, tables in histories.variations(DOCUMENT).items():
        draw = Random(name)  # noqa: S311  a fixed seed
        for _ in range(ROUNDS // 6):
            as_of, known_at = histories.moment(draw)
            one = histories.history(draw, as_of=as_of, known_at=known_at, tables=tables.tables)
            found = reference.score(
                one.kind, one.records, as_of=as_of, known_at=known_at, tables=tables
            )
            seen.update(_marks(found))

    assert set(seen) >= {
        *("revoked", "unknown_rule", "rule_off", "not_yet", "expired", "resting", "active"),
        *("superseded", "over_frequency", "absorbed", "cut", "cut_whole", "disputed"),
        *("range_clamp", "soft_veto", "hard_veto", "no_step_at_d", "two_steps", "four_reasons"),
        *("not_rated", "incomplete", "decayed", *["AAA", "AA", "A", "B", "C", "D"]),
    }
    assert min(seen.values()) >= 10, seen


def _marks(found: reference.Answer) -> set[str]:
    marks = {*found.states.values(), found.grade}
    marks |= {line["kind"] for line in found.adjustments if line["milli"]}
    steps = [line["milli"] for line in found.adjustments if line["kind"] == "soft_veto"]
    active = [item for item in found.items if item.state == "active"]
    tests = {
        "cut": any(0 < abs(item.counted) < abs(item.raw) for item in active),
        "cut_whole": any(item.raw and not item.counted for item in active),
        "disputed": any(item.disputed for item in found.items),
        "no_step_at_d": 0 in steps,
        "two_steps": len(steps) == 2,
        "four_reasons": len(found.reasons) == 4,
        "not_rated": not found.rated,
        "incomplete": not found.complete,
        "decayed": any(item.raw % 1000 for item in active),
    }
    return marks | {mark for mark, holds in tests.items() if holds}


def _answer(
    kind: str, records: list[Record], *, day: date, instant: datetime, tables: reference.Tables
) -> dict[str, Any]:
    found = reference.score(kind, records, as_of=day, known_at=instant, tables=tables)
    return {
        "index": found.credit_index,
        "grade": found.grade,
        "colour": found.colour,
        "milli": found.value_milli,
        "rated": found.rated,
        "complete": found.complete,
        "reasons": found.reasons,
        "states": found.states,
        "counted": found.counted,
        "disputed": found.disputed,
        "adjustments": found.adjustments,
        "improve": reference.improve(kind, records, as_of=day, known_at=instant, tables=tables),
    }


def _record(row: dict[str, Any]) -> Record:
    instant = _instant(row["recorded_at"])
    match row.get("type", "fact"):
        case "fact":
            return Fact(
                id=row["id"],
                rule=row["rule"],
                on=date.fromisoformat(row["on"]),
                recorded_at=instant,
                quantity=row.get("qty", 1),
                incident=row.get("incident"),
            )
        case "repair":
            on = date.fromisoformat(row["on"])
            return Repair(fact=row["ref"], on=on, recorded_at=instant)
        case "revoke":
            return Revocation(fact=row["ref"], recorded_at=instant)
        case "dispute_open":
            return DisputeOpened(fact=row["ref"], recorded_at=instant)
        case "dispute_close":
            return DisputeClosed(fact=row["ref"], recorded_at=instant)
    raise AssertionError(row)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
