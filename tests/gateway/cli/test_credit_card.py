"""`./ecorights credit card`: every output carries the statement, every refusal code and field."""

import csv
import importlib.util
import json
import shlex
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from credit_scoring.cards.loans_file import read_loans
from credit_scoring.cards.sealing import file_of
from credit_scoring.cards.shipped import shipped_card
from gateway.cli.credit_group import app
from gateway.errors import CannotRun
from gateway.settings import CHECKOUT
from tests.gateway.cli.commands import ecorights

STATEMENT = shipped_card().form.statement
VALUES = (
    "credit_index=812",
    "index_change_12m=",
    "months_since_arrears=-1",
    "arrears_12m=0",
    "instalment_to_income=0.120",
    "loan_to_income=0.25",
    "balance_months=12.5",
    "income_variation=0.08",
    "years_in_business=22",
    "lenders_6m=0",
    "purpose=energy_saving",
    "collateral=none",
)
Files = tuple[Path, Path]
LOANS, OUTCOMES = "the loans", "their outcomes"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["card", *map(str, arguments)])


def answer(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return found


@pytest.fixture
def files(tmp_path: Path) -> Files:
    loans, outcomes = tmp_path / "loans.csv", tmp_path / "outcomes.csv"
    made = run("sample", "--loans", loans, "--outcomes", outcomes, "--count", 300)
    assert made.exit_code == 0
    return loans, outcomes


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("show", "--json"),
        ("score", *VALUES),
        ("score", *VALUES, "--json"),
        ("score-file", LOANS),
        ("score-file", LOANS, "--dry-run"),
        ("score-file", LOANS, "--dry-run", "--json"),
        ("export", "--format", "sql"),
        ("export", "--format", "json"),
        ("monitor", LOANS, "--outcomes", OUTCOMES),
        ("monitor", LOANS, "--outcomes", OUTCOMES, "--json"),
        ("monitor", LOANS, "--dry-run"),
        ("sample", "--loans", LOANS, "--outcomes", OUTCOMES),
    ],
)
def test_every_output_carries_the_statement(arguments: tuple[str, ...], files: Files) -> None:
    places = {LOANS: files[0], OUTCOMES: files[1]}

    shown = run(*(places.get(each, each) for each in arguments))

    assert shown.exit_code == 0
    assert STATEMENT in shown.stdout


def test_the_command_is_reached_from_the_root() -> None:
    shown = ecorights("credit", "card", "score", *VALUES, "--json")

    assert shown.returncode == 0
    assert json.loads(shown.stdout)["hash"] == shipped_card().form.hash


def test_a_score_is_told_with_its_lines_and_reasons() -> None:
    found = answer(run("score", *VALUES, "--json"))

    assert int(found["score"]) == sum(int(line["points"]) for line in found["lines"])
    assert found["reasons"] == ["index_change_12m", "collateral"]
    assert found["lines"][1]["value"] is None


def test_a_file_is_scored_line_by_line(files: Files, tmp_path: Path) -> None:
    loans, out = files[0], tmp_path / "scores.csv"

    found = answer(run("score-file", loans, "--out", out, "--json"))

    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert found["loans"] == len(rows) == 300
    assert {row["statement"] for row in rows} == {STATEMENT}
    read = read_loans(shipped_card(), loans.read_bytes())
    values = [f"{name}={texts[7]}" for name, texts in read.texts.items()]
    single = answer(run("score", *values, "--json"))
    reasons = [rows[7][f"reason_{number}"] for number in (1, 2, 3, 4)]
    assert rows[7]["score"] == single["score"]
    assert [reason for reason in reasons if reason] == single["reasons"]


def test_the_exported_view_scores_as_the_command_does() -> None:
    script = run("export", "--view", "v", "--source", "l", "--key", "loan").stdout
    connection = sqlite3.connect(":memory:")
    names = ", ".join(f'"{table.name}" NUMERIC' for table in shipped_card().tables)
    connection.execute(f"CREATE TABLE l (loan TEXT, {names})")
    connection.executescript(script)

    connection.execute(
        f"INSERT INTO l VALUES ('a', {', '.join('?' * len(VALUES))})",
        [value.partition("=")[2] or None for value in VALUES],
    )

    scored = connection.execute("SELECT score FROM v").fetchall()
    connection.close()
    assert str(scored[0][0]) == answer(run("score", *VALUES, "--json"))["score"]


def test_an_exported_card_is_the_card(tmp_path: Path) -> None:
    out = tmp_path / "card.json"

    run("export", "--format", "json", "--out", out)

    assert out.read_bytes() == file_of(shipped_card().form)
    assert answer(run("show", "--card", out, "--json"))["hash"] == shipped_card().form.hash


def test_a_dry_run_writes_nothing(files: Files, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"

    found = answer(run("score-file", files[0], "--out", out, "--dry-run", "--json"))

    assert (found["dry_run"], found["loans"]) == (True, 300)
    assert not out.exists()


def test_monitoring_tells_the_outcomes(files: Files) -> None:
    loans, outcomes = files

    report = answer(run("monitor", loans, "--outcomes", outcomes, "--json"))

    bads = outcomes.read_text().count("bad")
    assert report["outcomes"] == {"good": 300 - bads, "bad": bads, "unknown": 0}
    assert report["discrimination"]["auc"] > "0.6"


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        (("credit_index=812",), "card.feature_absent", "index_change_12m"),
        ((*VALUES, "sex=f"), "card.feature_unknown", "sex"),
        ((*VALUES, "purpose=x"), "card.row_refused", "purpose"),
        (("credit_index",), "card.unreadable", "values"),
        (("credit_index=8e2", *VALUES[1:]), "card.value_unreadable", "credit_index"),
    ],
)
def test_a_refused_row_is_told_with_code_field_and_what_was_expected(
    values: tuple[str, ...], code: str, field: str
) -> None:
    shown = run("score", *values, "--json")

    assert shown.exit_code == 2
    problem = answer(shown)["error"]
    assert (problem["code"], problem["field"]) == (code, field)
    assert problem["expected"] in shown.stderr


def test_a_changed_card_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(file_of(shipped_card().form).replace(b'"26"', b'"62"', 1))

    shown = run("show", "--card", path)

    assert shown.exit_code == 2
    assert "[card.hash_differs], hash: expected " in shown.stderr


def test_every_bad_line_of_outcomes_is_told_and_nothing_is_used(files: Files) -> None:
    loans, outcomes = files
    lines = ["generated-1,good", "generated-1,bad", "999,good", "generated-2,perhaps"]
    outcomes.write_text("\n".join(["loan,outcome", *lines, ""]))

    shown = run("monitor", loans, "--outcomes", outcomes, "--json")

    assert shown.exit_code == 2
    problem = answer(shown)["error"]
    assert [(each["line"], each["field"]) for each in problem["lines"]] == [
        (3, "loan"),
        (4, "loan"),
        (5, "outcome"),
    ]
    assert "line 5, outcome: expected good or bad, found 'perhaps'" in shown.stderr


def test_json_and_csv_do_not_share_the_terminal(files: Files) -> None:
    assert run("score-file", files[0], "--json").exit_code == 2


@pytest.mark.parametrize("path", ["nowhere.csv", "."])
def test_a_file_that_cannot_be_read_is_told_in_words(path: str, tmp_path: Path) -> None:
    shown = run("score-file", tmp_path / path)

    assert isinstance(shown.exception, CannotRun)


def test_a_file_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    shown = run("export", "--out", tmp_path / "none" / "view.sql")

    assert isinstance(shown.exception, CannotRun)


@pytest.mark.skipif(
    importlib.util.find_spec("optbinning") is not None, reason="optbinning is installed"
)
def test_without_optbinning_a_fit_says_what_to_install(tmp_path: Path) -> None:
    shown = run("fit", "--out", tmp_path / "card.json")

    assert isinstance(shown.exception, CannotRun)
    assert "pip install 'optbinning" in str(shown.exception)
    assert not (tmp_path / "card.json").exists()


def test_a_fit_of_ones_own_loans_needs_their_outcomes(files: Files, tmp_path: Path) -> None:
    shown = run("fit", "--loans", files[0], "--out", tmp_path / "card.json", "--json")

    assert shown.exit_code == 2
    assert answer(shown)["error"]["field"] == "--outcomes"


def test_a_fit_makes_the_shipped_card_again(tmp_path: Path) -> None:
    pytest.importorskip("optbinning", reason="optbinning is not installed (extra: fit)")

    found = answer(run("fit", "--out", tmp_path / "card.json", "--json"))

    assert found["same_as_shipped"] is True


def test_loans_of_ones_own_make_a_card_of_ones_own(tmp_path: Path) -> None:
    pytest.importorskip("optbinning", reason="optbinning is not installed (extra: fit)")
    loans, outcomes, out = (tmp_path / name for name in ("l.csv", "o.csv", "card.json"))
    run("sample", "--loans", loans, "--outcomes", outcomes, "--count", 12_000)
    said = ("--name", "own", "--version", "2026.1", "--meaning", "90 days late")
    words = ("--statement", "Fitted on loans of a test.", "--statement-zh", "由测试贷款拟合。" * 3)

    made = run(
        "fit", "--loans", loans, "--outcomes", outcomes, "--out", out, *said, *words, "--json"
    )

    assert answer(made)["statement"] == "Fitted on loans of a test."
    assert answer(run("score", "--card", out, *VALUES, "--json"))["card"] == "own"


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (CHECKOUT / "docs" / "repayment-scorecard.md").read_text(encoding="utf-8")
    commands = page.split("```sh\n")[1].split("```")[0].splitlines()
    monkeypatch.chdir(tmp_path)

    shown = [run(*shlex.split(line, comments=True)[3:]) for line in commands]

    assert len(shown) == 8
    assert [each.exit_code for each in shown] == [0] * 8
    assert all(STATEMENT in each.stdout for each in shown)
