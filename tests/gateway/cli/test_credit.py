"""`./ecorights credit` at a terminal: vectors, scores, rule sets, native schemes."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.credit_scoring.shipped_vectors import FILE, encoded, vector_document
from tests.gateway.cli.commands import ecorights, result_of

SUBJECT: dict[str, Any] = {
    "subject": "enterprise",
    "as_of": "2026-06-01",
    "known_at": "2026-06-02T00:00:00Z",
    "records": [
        {
            "id": "a1",
            "rule": "E-COMP-02",
            "on": "2026-05-12",
            "recorded_at": "2026-05-12T09:00:00Z",
        },
        {
            "id": "a2",
            "rule": "E-MGMT-02",
            "on": "2026-04-10",
            "recorded_at": "2026-04-10T09:00:00Z",
        },
        {"type": "dispute_open", "ref": "a1", "recorded_at": "2026-05-13T09:00:00Z"},
    ],
}


@pytest.fixture
def subject(tmp_path: Path) -> Path:
    path = tmp_path / "subject.json"
    path.write_text(json.dumps(SUBJECT), encoding="utf-8")
    return path


def test_all_vectors_pass() -> None:
    shown = ecorights("credit", "check-vectors", str(FILE), "--json")

    assert shown.returncode == 0, shown.stderr
    assert result_of(shown) == {"passed": 141, "failed": []}


def test_a_failed_vector_is_named_and_ends_with_one(tmp_path: Path) -> None:
    document = vector_document()
    document["test_vectors"][1]["expect"]["index"] = 551
    path = tmp_path / "vectors.json"
    path.write_bytes(encoded(document))

    shown = ecorights("credit", "check-vectors", str(path), "--json")
    words = ecorights("credit", "check-vectors", str(path))

    assert (shown.returncode, words.returncode) == (1, 1)
    assert result_of(shown) == {"passed": 140, "failed": ["J2"]}
    assert "J2: index: expected 551, found 550" in words.stdout
    assert "140 passed, 1 failed" in words.stdout


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (None, "credit_scoring.file_unreadable", "vectors.json"),
        (b"{", "credit_scoring.not_json", "line 1, column 2"),
        (
            b'{"test_vectors": [{"id": "A"}]}',
            "credit_scoring.unknown_value",
            "test_vectors[0].kind",
        ),
    ],
)
def test_a_malformed_file_ends_with_two_and_a_named_error(
    tmp_path: Path, text: bytes | None, code: str, field: str
) -> None:
    path = tmp_path / "vectors.json"
    if text is not None:
        path.write_bytes(text)

    shown = ecorights("credit", "check-vectors", str(path), "--json")

    assert shown.returncode == 2
    error = result_of(shown)["error"]
    assert error["code"] == code
    assert error["field"].endswith(field)
    assert error["expected"]
    assert code in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_score_is_explained_in_words_and_as_json(subject: Path) -> None:
    words = ecorights("credit", "score", str(subject))
    chinese = ecorights("credit", "score", str(subject), "--lang", "zh")
    answer = result_of(ecorights("credit", "score", str(subject), "--json"))

    assert words.returncode == 0, words.stderr
    assert "index 560  A (blue)" in words.stdout
    assert "-150.000  a1 E-COMP-02 2026-05-12 active" in words.stdout
    assert "[disputed]" in words.stdout
    assert "improve: repair of a1 (E-COMP-02) from 2026-08-12: 710 AA (+150)" in words.stdout
    assert "生态信用指数 560  A 良好 (blue)" in chinese.stdout
    assert "超标等 责令改正并处罚款" in chinese.stdout
    assert (answer["credit_index"], answer["grade"], answer["rated"]) == (560, "A", True)
    assert answer["reasons"] == ["E-COMP-02"]
    assert answer["rule_set_version"] == "0.1-draft"
    assert {each["scheme"]: each["grade"] for each in answer["native"]} == {
        "JS12": "blue",
        "NX25": "C",
    }


def test_another_day_knowledge_and_rule_set_can_be_asked_for(subject: Path) -> None:
    words = ("credit", "score", str(subject), "--json")

    later = result_of(ecorights(*words, "--as-of", "2026-11-12"))
    before = result_of(ecorights(*words, "--known-at", "2026-05-01T00:00:00Z"))
    older = result_of(ecorights(*words, "--rule-set", "0.0-draft"))

    assert (later["credit_index"], before["credit_index"]) == (710, 710)
    assert (older["rule_set_version"], older["improve"]) == ("0.0-draft", [])


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"subject": "city"}, "credit_scoring.unknown_value", "subject"),
        ({"records": None}, "credit_scoring.wrong_type", "records"),
        ({"as_of": "2018-01-01"}, "credit_scoring.rule_set_missing", "rule_set"),
        ({"known_at": "yesterday"}, "credit_scoring.wrong_type", "known_at"),
        ({"more": 1}, "credit_scoring.unknown_key", "more"),
    ],
)
def test_a_malformed_subject_is_refused(
    tmp_path: Path, change: dict[str, Any], code: str, field: str
) -> None:
    path = tmp_path / "subject.json"
    path.write_text(json.dumps(SUBJECT | change), encoding="utf-8")

    shown = ecorights("credit", "score", str(path), "--json")

    assert shown.returncode == 2
    assert result_of(shown)["error"]["code"] == code
    assert result_of(shown)["error"]["field"] == field


def test_rule_sets_are_listed_shown_and_compared(tmp_path: Path) -> None:
    listed = result_of(ecorights("credit", "rule-sets", "--json"))["rule_sets"]
    shown = ecorights("credit", "rule-sets", "0.1-draft", "--rules", "--lang", "zh")
    answer = result_of(ecorights("credit", "rule-sets", "0.1-draft", "--json"))
    draft = tmp_path / "draft.json"
    # Edited as it was printed, with what stands beside the set.
    document = dict(answer)
    rule = next(each for each in document["rules"] if each["id"] == "E-COMP-01")
    draft.write_text(json.dumps(document), encoding="utf-8")
    taken = ecorights("credit", "rule-sets", "--file", str(draft), "--json")
    rule["points"] = "-60"
    document |= {"version": "9-draft", "effective_from": "2500-01-01"}
    draft.write_text(json.dumps(document), encoding="utf-8")
    compared = ecorights("credit", "rule-sets", "--file", str(draft), "--against", "0.1-draft")

    assert [(each["version"], each["rules"]) for each in listed] == [
        ("0.0-draft", 96),
        ("0.1-draft", 96),
    ]
    assert answer["hash"] == listed[1]["hash"]
    assert "停用: P-PROT-14 破坏环境资源保护犯罪; off: sensitive data" in shown.stdout
    assert "停用: ZJ 浙江 2025; 缺: points, grades and validity" in shown.stdout
    assert "T-LIN-01" not in shown.stdout
    assert "rules.E-COMP-01.points: -50 -> -60" in compared.stdout
    assert "3 changes" in compared.stdout
    assert taken.returncode == 2
    assert result_of(taken)["error"]["code"] == "credit_scoring.draft_not_new"


def test_a_native_score_is_rated_and_a_scheme_without_its_annex_is_not() -> None:
    rated = result_of(ecorights("credit", "native", "FJ16", "--score", "83", "--json"))
    ratio = ecorights(
        *("credit", "native", "CE_K", "--indicator", "carbon=10", "--indicator", "value_added=5"),
        *("--indicator", "industry_carbon=30", "--indicator", "industry_value_added=10"),
    )
    off = ecorights("credit", "native", "N13", "--score", "83", "--json")
    listed = ecorights("credit", "native")

    assert rated == {
        "ok": True,
        "scheme": "FJ16",
        "score": "83",
        "grade": "blue",
        "credit_index": 675,
    }
    assert "CE_K 碳效值K 0.666667 2" in ratio.stdout
    assert (off.returncode, result_of(off)["error"]["code"]) == (2, "credit_scoring.scheme_off")
    assert "weights of 14 of the 21 indicators" in listed.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("CQ",),
        ("CQ", "--score", "much"),
        ("CQ", "--score", "80", "--indicator", "a=1"),
        ("CQ", "--indicator", "a=1"),
        ("CE_K", "--indicator", "carbon=1"),
        ("HY22S", "--indicator", "tax_per_mu"),
        ("XX", "--score", "1"),
    ],
)
def test_what_a_scheme_does_not_take_is_refused(words: tuple[str, ...]) -> None:
    shown = ecorights("credit", "native", *words, "--json")

    assert shown.returncode == 2
    assert result_of(shown)["error"]["code"].startswith("credit_scoring.")
