"""`credit consequences`: what follows from a grade on a day, in words and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.credit_group import app

FIRM = ["--scheme", "JS12", "--region", "320100", "--on", "2026-07-20"]
ROW = {
    "id": "P-SUBSIDY",
    "subject": "person",
    "kind": "insurance",
    "effect": "incentive",
    "what": "premium subsidy",
    "zh": "保费补贴",
    "scheme": "INDEX",
    "grades": ["AAA", "AA"],
    "region": "99",
    "basis": "an order of the county of 2026",
    "effective_from": "2026-01-01",
    "end": "2026-12-31",
    "default": "on",
}


def shown(*words: str) -> Result:
    return CliRunner().invoke(app, ["consequences", *words])


def answer(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


def test_a_firm_that_was_listed_red_pays_more_for_power_until_the_next_list() -> None:
    found = answer(shown("--grade", "blue", "--listed", "red", *FIRM, "--json"))

    applying = [each for each in found["consequences"] if each["state"] == "applies"]
    assert [each["id"] for each in applying] == ["JS12-POWER-RED"]
    assert found["list"] == {"as_of": "2026-06-30", "sent_by": "2026-07-07"}
    assert {each["state"] for each in found["consequences"]} == {
        "applies",
        "does_not_apply",
        "off",
    }


def test_words_say_what_applies_and_what_is_off_and_why() -> None:
    result = shown("--grade", "red", "--listed", "red", *FIRM)
    chinese = shown("--grade", "red", "--listed", "red", *FIRM, "--lang", "zh")

    assert "power price +0.05 yuan/kWh, until the next list" in result.stdout
    assert "JS12-SEWAGE-RED penalty, prices: sewage fee at least 0.6 yuan/m3 (end)" in result.stdout
    assert "list in force: of 2026-06-30, sent by 2026-07-07" in result.stdout
    assert "电价每千瓦时加价0.05元" in chinese.stdout


def test_an_operators_rows_are_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"rows": [ROW]}), encoding="utf-8")
    words = ["--kind", "person", "--region", "990101", "--on", "2026-07-20", "--file", str(path)]

    rated = answer(shown("--grade", "AA", *words, "--json"))["consequences"]
    unrated = answer(shown("--grade", "not-rated", *words, "--json"))["consequences"]

    assert [(each["state"], each["until"]) for each in rated] == [("applies", "2026-12-31")]
    assert [(each["state"], each["reasons"]) for each in unrated] == [
        ("does_not_apply", ["not_rated"])
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"effect": "penalty"}, "consequence_person_benefits_only"),
        ({"subject": "enterprise", "effect": "penalty"}, "consequence_reward_only"),
        ({"end": None}, "consequence_incomplete"),
        ({"grades": ["BBB"]}, "consequence_grade_unknown"),
    ],
)
def test_rows_that_no_table_may_have_are_refused(
    tmp_path: Path, changes: dict[str, Any], code: str
) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"rows": [ROW | changes]}), encoding="utf-8")

    result = shown("--grade", "AA", "--region", "990101", "--file", str(path), "--json")

    assert result.exit_code == 2
    assert answer(result)["error"]["code"] == f"credit_scoring.{code}"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--grade", "BBB", "--region", "320100"], "consequence_grade_unknown"),
        (["--grade", "AAA", "--region", "3201"], "consequence_region_unfit"),
        (["--grade", "AAA", "--region", "320100", "--scheme", "ZJ"], "consequence_scheme_unknown"),
        (["--grade", "AAA", "--region", "320100", "--on", "soon"], "wrong_type"),
        (["--grade", "AAA", "--region", "320100", "--on", "2031-01-02"], "working_days_unknown"),
    ],
)
def test_a_question_that_is_none_is_refused(words: list[str], code: str) -> None:
    result = shown(*words)

    assert result.exit_code == 2
    assert f"credit_scoring.{code}" in result.stderr
