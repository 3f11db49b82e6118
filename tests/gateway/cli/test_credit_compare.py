"""`credit compare` as a regulator runs it: archives in a file, a draft from a printed set."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.cli.commands import ecorights, result_of

ARCHIVES = {
    "archives": [
        {
            "id": "firm",
            "subject": "enterprise",
            "records": [
                {
                    "id": "a",
                    "rule": "E-COMP-02",
                    "on": "2026-05-10",
                    "recorded_at": "2026-05-10T09:00:00Z",
                }
            ],
        },
        {
            "id": "village",
            "subject": "village",
            "records": [
                {
                    "id": "b",
                    "rule": "V-GOV-02",
                    "on": "2026-05-10",
                    "recorded_at": "2026-05-10T09:00:00Z",
                }
            ],
        },
    ]
}


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    return result_of(ecorights("credit", "rule-sets", "0.1-draft", "--json"))


def files(folder: Path, *, archives: Any, draft: Any) -> list[str]:
    for name, document in (("records", archives), ("draft", draft)):
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return [
        *("credit", "compare", "--records", str(folder / "records")),
        *("--draft", str(folder / "draft"), "--as-of", "2026-06-01"),
    ]


def harsher(printed: dict[str, Any]) -> dict[str, Any]:
    rules = [
        row | {"points": "-200"} if row["id"] == "E-COMP-02" else row for row in printed["rules"]
    ]
    return printed | {"version": "0.2-draft", "rules": rules}


def test_a_draft_made_from_a_printed_set_is_compared(
    tmp_path: Path, printed: dict[str, Any]
) -> None:
    told = ecorights(*files(tmp_path, archives=ARCHIVES, draft=harsher(printed)), "--json")

    found = result_of(told)

    assert told.returncode == 0
    assert found["subjects"] == 2
    assert (found["moved"], found["changed"]) == (1, 1)
    assert found["movers"] == [
        {
            "id": "firm",
            "index_before": 550,
            "index_after": 500,
            "grade_before": "A",
            "grade_after": "B",
            "lines": [
                {
                    "line": "a",
                    "rule": "E-COMP-02",
                    "state_before": "active",
                    "state_after": "active",
                    "milli_before": -150_000,
                    "milli_after": -200_000,
                }
            ],
        }
    ]
    assert found["champion"]["hash"] == printed["hash"] != found["challenger"]["hash"]


def test_people_read_the_matrix_and_the_lines(tmp_path: Path, printed: dict[str, Any]) -> None:
    arguments = files(tmp_path, archives=ARCHIVES, draft=harsher(printed))

    told = ecorights(*arguments, "--kind", "enterprise").stdout
    chinese = ecorights(*arguments, "--kind", "enterprise", "--lang", "zh").stdout

    assert "1 subjects" in told
    assert "firm: 550 A to 500 B" in told
    assert "-150.00 active to -200.00 active" in told
    assert "firm:550 A 变为 500 B" in chinese
    assert "-150.00 计分 变为 -200.00 计分" in chinese


@pytest.mark.parametrize(
    ("field", "archives", "changed"),
    [
        ("archives", {"subjects": []}, {}),
        ("archives[0].records[0].qty", None, {}),
        ("grace_days", ARCHIVES, {"grace_days": "-1"}),
        ("subjects.enterprise", ARCHIVES, {"subjects": None}),
    ],
)
def test_what_is_malformed_is_named_by_its_place(
    tmp_path: Path, printed: dict[str, Any], field: str, archives: Any, changed: dict[str, Any]
) -> None:
    if archives is None:
        archives = json.loads(json.dumps(ARCHIVES))
        archives["archives"][0]["records"][0]["qty"] = 0
    if "subjects" in changed:
        subjects = json.loads(json.dumps(printed["subjects"]))
        subjects["enterprise"]["base"] = "699"
        changed = {"subjects": subjects}

    told = ecorights(*files(tmp_path, archives=archives, draft=printed | changed), "--json")

    assert told.returncode == 2
    assert result_of(told)["error"]["field"] == field
