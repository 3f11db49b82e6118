"""Tables of consequences: ours follows its sources, an operator's obeys the same rules."""

import json
from importlib import resources
from typing import Any

import pytest

from credit_scoring.consequences.reading import grades_of, read_rows, shipped_rows
from credit_scoring.consequences.row import Condition, Effect, Missing, Row
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.errors import Malformed
from credit_scoring.rule_sets.shipped import shipped, table

GRADES = grades_of(shipped()[-1])
ROW: dict[str, Any] = {
    "id": "OP-1",
    "subject": "enterprise",
    "kind": "inspection",
    "effect": "incentive",
    "what": "fewer inspections",
    "zh": "减少检查频次",
    "scheme": "INDEX",
    "grades": ["AAA", "AA"],
    "region": "3311",
    "basis": "an order of the city of 2026, art. 3",
    "effective_from": "2026-01-01",
    "end": "2026-12-31",
}
PERSON = {"subject": "person", "kind": "insurance", "what": "premium subsidy"}


def read(*changes: dict[str, Any], shipped: bool = False) -> tuple[Row, ...]:
    rows = [{name: v for name, v in (ROW | each).items() if v is not ...} for each in changes]
    return read_rows(Place({"rows": rows}), grades=GRADES, shipped=shipped)


def test_a_row_that_lacks_nothing_is_on() -> None:
    (row,) = read({})

    assert row.is_on
    assert row.conditions == (Condition(grade="AAA", running=1), Condition(grade="AA", running=1))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"scheme": ..., "grades": ...}, (Missing.SCHEME, Missing.GRADES)),
        ({"grades": None}, (Missing.GRADES,)),
        ({"grades": []}, (Missing.GRADES,)),
        ({"region": ...}, (Missing.REGION,)),
        ({"effective_from": ...}, (Missing.EFFECTIVE_FROM,)),
        ({"end": ...}, (Missing.END,)),
        ({"default": "off"}, (Missing.SWITCHED_OFF,)),
        ({"default": "off", "end": ...}, (Missing.END, Missing.SWITCHED_OFF)),
        ({"kind": "insurance"}, (Missing.OFF_BY_DEFAULT,)),
        ({"kind": "social_relief"}, (Missing.OFF_BY_DEFAULT,)),
        (
            {"kind": "insurance", "effect": "penalty"},
            (Missing.REWARD_ONLY, Missing.OFF_BY_DEFAULT),
        ),
    ],
)
def test_a_row_that_is_off_says_what_is_missing(
    changes: dict[str, Any], missing: tuple[Missing, ...]
) -> None:
    (row,) = read(changes)

    assert (row.is_on, row.missing) == (False, missing)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"subject": "person", "effect": "penalty"}, "person_benefits_only", "rows[0].effect"),
        (
            {"subject": "person", "effect": "penalty", "default": "off"},
            "person_benefits_only",
            "rows[0].effect",
        ),
        (
            {"kind": "insurance", "effect": "penalty", "default": "on"},
            "reward_only",
            "rows[0].default",
        ),
        (
            {"kind": "social_relief", "effect": "penalty", "default": "on"},
            "reward_only",
            "rows[0].default",
        ),
        ({"default": "on", "end": None}, "incomplete", "rows[0].default"),
        ({"default": "on", "grades": []}, "incomplete", "rows[0].default"),
        ({"end": "2025-12-31"}, "ends_before_it_begins", "rows[0].end"),
        ({"grades": ["green", "E"]}, "grade_unknown", "rows[0].grades[1]"),
        ({"scheme": "JS12"}, "grade_unknown", "rows[0].grades[0]"),
        ({"basis": "  "}, "basis_missing", "rows[0].basis"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_by_its_name(
    changes: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        read(changes)

    assert (refusal.value.code, refusal.value.field) == (
        f"credit_scoring.consequence_{code}",
        field,
    )
    assert refusal.value.expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"basis": ...}, "key_missing"),
        ({"basis": ""}, "wrong_type"),
        ({"more": 1}, "unknown_key"),
        ({"subject": "bank"}, "unknown_value"),
        ({"kind": "votes"}, "unknown_value"),
        ({"effect": "deny"}, "unknown_value"),
        ({"default": "maybe"}, "unknown_value"),
        ({"scheme": "ZJ"}, "unknown_value"),
        ({"scheme": None}, "wrong_type"),
        ({"region": "3"}, "wrong_type"),
        ({"region": "浙江"}, "wrong_type"),
        ({"end": "soon"}, "wrong_type"),
        ({"effective_from": "2026-02-30"}, "wrong_type"),
        ({"grades": [{"grade": "AAA"}]}, "key_missing"),
        ({"grades": [{"grade": "AAA", "running": 0}]}, "out_of_range"),
        ({"id": "op 1"}, "wrong_type"),
    ],
)
def test_a_row_of_another_form_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Malformed) as refusal:
        read(changes)

    assert refusal.value.code == f"credit_scoring.{code}"


def test_two_rows_of_one_id_are_refused() -> None:
    with pytest.raises(Malformed) as refusal:
        read({}, {})

    assert (refusal.value.code, refusal.value.field) == (
        "credit_scoring.consequence_id_doubled",
        "rows[1].id",
    )


def test_an_operator_switches_a_reward_on_and_a_shipped_table_cannot() -> None:
    (row,) = read(PERSON | {"default": "on"})

    with pytest.raises(Malformed) as refusal:
        read(PERSON | {"default": "on"}, shipped=True)

    assert row.is_on
    assert refusal.value.code == "credit_scoring.consequence_off_by_default"


def test_what_ships_gives_or_takes_nobodys_insurance_or_relief_and_nothing_of_persons() -> None:
    rows = shipped_rows(GRADES)

    assert {row.id for row in rows if row.is_on} == {"JS12-POWER-RED", "JS12-POWER-BLACK"}
    assert not [row for row in rows if row.subject is SubjectKind.PERSON]


def test_what_ships_is_what_the_sources_give_row_by_row() -> None:
    told = [
        (row["subject"], row["scheme"], row["kind"], row["what"], row["province"])
        for row in table("consequences").at("rows").value
    ]
    ours = json.loads(shipped_text())["rows"]

    assert told == [
        (row["subject"], row["scheme"], row["effect"], row["what"], row["province"]) for row in ours
    ]


def test_no_shipped_row_invents_what_its_source_does_not_print() -> None:
    told = {row["what"]: row for row in table("consequences").at("rows").value}
    rows = shipped_rows(GRADES)

    for row in rows:
        source = told[row.what]
        assert (source["grade"] is None) == (not row.conditions)
        assert (source["end"] is None) == (row.end is None and not row.by_list)
        assert source.get("default") != "off" or Missing.SWITCHED_OFF in row.missing


def test_the_higher_sewage_fee_is_for_black_and_for_red_twice_running() -> None:
    row = next(row for row in shipped_rows(GRADES) if row.id == "JS12-SEWAGE-BLACK")

    assert row.conditions == (
        Condition(grade="black", running=1),
        Condition(grade="red", running=2),
    )
    assert (row.effect, row.missing) == (Effect.PENALTY, (Missing.END,))


def shipped_text() -> bytes:
    folder = resources.files("credit_scoring.consequences")
    return folder.joinpath("data", "consequences.json").read_bytes()
