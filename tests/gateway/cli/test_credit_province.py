"""`credit province` and `credit compare` on the generated province, as a visitor runs them."""

import json
from pathlib import Path

import pytest

from tests.gateway.cli.commands import ecorights, result_of


def test_the_province_is_shown_beside_the_published_shares() -> None:
    shown = ecorights("credit", "province", "--json")

    found = result_of(shown)
    kinds = found["kinds"]

    assert shown.returncode == 0
    assert {kind: told["subjects"] for kind, told in kinds.items()} == {
        "enterprise": 4_585,
        "village": 900,
        "person": 200_000,
    }
    for told in kinds.values():
        assert sum(told["grades"].values()) + told["not_rated"] == told["subjects"]
        assert told["gaps"][told["nearest"]] == told["largest_gap"]
        assert len(told["gaps"]) == 9
    assert float(kinds["enterprise"]["largest_gap"]) < 2
    assert list(kinds["enterprise"]["grades"]) == ["AAA", "AA", "A", "B", "C", "D"]


def test_a_draft_is_compared_on_the_province_where_no_archives_are_given(tmp_path: Path) -> None:
    printed = result_of(ecorights("credit", "rule-sets", "0.1-draft", "--json"))
    for row in printed["rules"]:
        row["points"] = "-200" if row["id"] == "E-COMP-02" else row["points"]
    draft = tmp_path / "draft.json"
    draft.write_text(json.dumps(printed | {"version": "harsher"}), encoding="utf-8")

    compare = ("credit", "compare", "--draft", str(draft), "--as-of", "2026-12-15")
    found = result_of(ecorights(*compare, "--json"))

    assert found["subjects"] == 4_585
    assert found["known_at"] == "2026-12-15T16:00:00+00:00"
    assert found["enterprise_shares"]["champion"]["percent"]["green"] == "13.90"
    assert found["moved"] > 100
    assert found["rules"][0]["rule"] == "E-COMP-02"
    assert len(found["movers"]) == 5
    assert found["enterprise_shares"]["champion"]["nearest"] == "Guangdong 2017"


def test_the_province_is_shown_in_two_languages() -> None:
    english, chinese = (
        ecorights("credit", "province", "--lang", lang).stdout for lang in ("en", "zh")
    )

    assert "nearest: Guangdong 2017; largest gap 1.40 percentage points" in english
    assert "最接近:广东2017年;最大差距 1.40 个百分点" in chinese
    assert english.count("\n") == chinese.count("\n") == 26


@pytest.mark.parametrize("day", ["1066-10-14", "9999-12-31"])
@pytest.mark.parametrize("command", [("province",), ("compare", "--draft", "none")])
def test_a_day_that_no_score_is_of_is_refused(command: tuple[str, ...], day: str) -> None:
    told = ecorights("credit", *command, "--as-of", day, "--json")

    assert told.returncode == 2
    assert result_of(told)["error"]["field"] == "--as-of"
