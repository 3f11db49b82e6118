"""`credit credential`: a village's grade is issued, checked by the bank's own program, revoked."""

import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gateway.cli.credit_group import app
from gateway.settings import CHECKOUT

PROGRAM = CHECKOUT / "verifier" / "check_credential.py"
BASE = "https://credit.example/status"
PSEUDONYM = "0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a01"
ISSUED, UNTIL = "2026-06-15T09:00:00+08:00", "2026-12-31T16:00:00+00:00"
BEFORE, AFTER = "2026-09-29T10:00:00+08:00", "2026-09-30T10:00:00+08:00"
Credit = Callable[..., Result]
V1 = {  # Zhuwu, scenario.md 4
    "subject": "village",
    "records": [
        {
            "type": "fact",
            "id": f"v1-{place}",
            "rule": rule,
            "on": "2026-04-10",
            "recorded_at": "2026-04-10T08:00:00+08:00",
            "qty": quantity,
        }
        for place, (rule, quantity) in enumerate(
            [
                ("V-PROT-01", 1),
                ("V-PROT-02", 1),
                ("V-PROT-03", 1),
                ("V-LIVE-01", 1),
                ("V-LIVE-04", 1),
                ("V-CULT-01", 1),
                ("V-GOV-01", 1),
                ("V-OPER-01", 3),
            ]
        )
    ],
}


@pytest.fixture
def credit(tmp_path: Path) -> Credit:
    """Runs a command of the group in a home of its own."""
    home = tmp_path / "home"

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, words, env={"ECORIGHTS_HOME": str(home)})

    return run


@pytest.fixture
def score(tmp_path: Path, credit: Credit) -> Path:
    """Zhuwu's score as `credit score` prints it."""
    archive, path = tmp_path / "archive.json", tmp_path / "score.json"
    archive.write_text(json.dumps(V1), encoding="utf-8")
    words = ["--as-of", "2026-06-15", "--known-at", "2026-06-15T00:00:00+08:00", "--json"]
    shown = credit("score", str(archive), *words)
    document = answer(shown)
    path.write_text(shown.stdout, encoding="utf-8")
    assert (document["credit_index"], document["grade"]) == (800, "AAA")
    return path


def answer(shown: Result) -> dict[str, Any]:
    """The JSON that a command prints last."""
    found: dict[str, Any] = json.loads(shown.stdout.splitlines()[-1])
    return found


def issued(credit: Credit, score: Path, out: Path, *more: str) -> dict[str, Any]:
    words = ["--subject", PSEUDONYM, "--until", UNTIL, "--at", ISSUED, "--out", str(out), "--json"]
    shown = credit("credential", "issue", str(score), *words, *more)
    assert shown.exit_code == 0, shown.stderr
    return answer(shown)


def defined(credit: Credit, *more: str) -> dict[str, Any]:
    shown = credit("credential", "issuer", "--base", BASE, *more, "--json")
    assert shown.exit_code == 0, shown.stderr
    return answer(shown)


def bank(*words: str) -> tuple[int, dict[str, Any]]:
    """The verdict of the bank's own program, which imports nothing of ours."""
    command = [sys.executable, "-I", str(PROGRAM), *words, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_zhuwu_is_issued_checked_offline_and_revoked(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    issuer = defined(credit)["issuer"]
    out, lists = tmp_path / "zhuwu.json", tmp_path / "lists"
    name = issued(credit, score, out, "--entry", "1234")["id"]
    by_bank = [str(out), "--issuer", issuer, "--status", str(lists / "revocation-1")]

    credit("credential", "publish", str(lists), "--at", BEFORE)
    before = bank(*by_bank, "--at", "2026-09-29T03:00:00Z")
    credit("credential", "revoke", name, "--at", AFTER)
    credit("credential", "publish", str(lists), "--at", AFTER)
    after = bank(*by_bank, "--at", "2026-09-30T03:00:00Z")

    assert before[0] == 0
    assert before[1]["credential"]["credentialSubject"]["grade"] == "AAA"
    assert before[1]["credential"]["credentialSubject"]["entry"] == "1234"
    assert (after[0], after[1]["failure"]) == (1, "revoked")


def test_our_own_verify_agrees_with_the_banks_program(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    out, lists = tmp_path / "zhuwu.json", tmp_path / "lists"
    name = issued(credit, score, out)["id"]
    words = ["credential", "verify", str(out), "--at", AFTER]
    with_list = [*words, "--status", str(lists / "revocation-1"), "--json"]

    credit("credential", "publish", str(lists), "--at", AFTER)
    found = [credit(*words), credit(*with_list), credit(*words[:-1], UNTIL)]
    credit("credential", "revoke", name, "--at", AFTER)
    credit("credential", "publish", str(lists), "--at", AFTER)
    found.append(credit(*with_list))

    assert [each.exit_code for each in found] == [3, 0, 1, 1]
    assert "AAA, green" in found[0].stdout
    assert answer(found[1])["looked_up"] == ["revocation"]
    assert "credential_expired" in found[2].stderr
    assert answer(found[3])["error"]["code"] == "credit_scoring.credential_revoked"


def test_an_issuer_that_is_a_url_publishes_its_document(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    url = "https://credit.example/v1/credential-issuer"
    document = defined(credit, "--url", url)["controller"]
    out, path = tmp_path / "zhuwu.json", tmp_path / "controller.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    issued(credit, score, out)

    status, found = bank(
        str(out), "--issuer", url, "--controller", str(path), "--at", "2026-09-29T03:00:00Z"
    )
    ours = credit("credential", "verify", str(out), "--controller", str(path), "--at", BEFORE)
    unknown = credit("credential", "verify", str(out), "--issuer", url, "--at", BEFORE)

    assert (status, found["ok"], ours.exit_code, unknown.exit_code) == (3, True, 3, 2)


def test_a_suspended_credential_is_good_again_after_it_is_resumed(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    lists = tmp_path / "lists"
    name = issued(credit, score, tmp_path / "c.json", "--suspendable")["id"]
    words = ["credential", "verify", str(tmp_path / "c.json"), "--at", AFTER]
    words += ["--status", str(lists / "revocation-1"), "--status", str(lists / "suspension-1")]

    codes = []
    for step in ("suspend", "resume"):
        credit("credential", step, name)
        credit("credential", "publish", str(lists), "--at", AFTER)
        codes.append(credit(*words).exit_code)

    assert codes == [1, 0]


def test_every_credential_has_a_place_of_its_own(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    told = [issued(credit, score, tmp_path / f"{place}.json") for place in range(3)]

    shown = answer(credit("credential", "status", "--json"))["credentials"]

    assert len({each["status"] for each in told}) == 3
    assert [f"urn:uuid:{each['id']}" for each in shown] == [each["id"] for each in told]
    assert {each["status"] for each in shown} == {"good"}


def test_the_register_and_the_keys_are_for_their_owner_alone(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    issued(credit, score, tmp_path / "c.json")

    home = tmp_path / "home"
    modes = {
        stat.S_IMODE((home / f"yunxi.{end}").stat().st_mode) for end in ("credentials.json", "keys")
    }
    key = re.search("^credentials (.+)$", (home / "yunxi.keys").read_text(), flags=re.MULTILINE)

    assert modes == {0o600}
    assert key is not None
    assert key[1] not in (home / "yunxi.credentials.json").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--subject", "91990101E00000010Q"], "credential_field_invalid"),
        (["--until", "2028-01-01T00:00:00+08:00"], "credential_field_invalid"),
        (["--until", "2026-12-31"], "wrong_type"),
        (["--at", "2026-06-14T09:00:00+08:00"], "credential_field_invalid"),
    ],
)
def test_what_a_verifier_would_not_take_is_not_issued(
    tmp_path: Path, credit: Credit, score: Path, words: list[str], code: str
) -> None:
    defined(credit)
    out = tmp_path / "c.json"
    usual = ["--subject", PSEUDONYM, "--until", UNTIL, "--at", ISSUED, "--out", str(out)]

    refused = credit("credential", "issue", str(score), *usual, *words)

    assert (refused.exit_code, out.exists()) == (2, False)
    assert f"credit_scoring.{code}" in refused.stderr
    assert answer(credit("credential", "status", "--json"))["credentials"] == []


def test_a_subject_that_nothing_rates_gets_no_credential(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    score.write_text(json.dumps(json.loads(score.read_text()) | {"rated": False}))
    usual = ["--subject", PSEUDONYM, "--until", UNTIL, "--out", str(tmp_path / "c.json")]

    refused = credit("credential", "issue", str(score), *usual, "--json")

    assert refused.exit_code == 2
    assert answer(refused)["error"]["code"] == "credit_scoring.grade_not_issuable"


def test_before_an_issuer_is_defined_nothing_is_issued(credit: Credit) -> None:
    refused = credit("credential", "status")

    assert refused.exit_code == 2
    assert "credential_issuer_undefined" in refused.stderr


def test_an_issuer_whose_credentials_are_out_keeps_its_name(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    issued(credit, score, tmp_path / "c.json")

    refused = credit("credential", "issuer", "--base", "https://other.example")
    again = credit("credential", "issuer", "--base", BASE)

    assert (refused.exit_code, again.exit_code) == (2, 0)
    assert "credential_issuer_defined" in refused.stderr


def test_an_unknown_id_is_named(credit: Credit) -> None:
    defined(credit)

    other = credit("credential", "revoke", "0197f2c1-8b7a-7c11-9d63-5f0c2f6b9a02")
    none = credit("credential", "revoke", "zhuwu")

    assert (other.exit_code, none.exit_code) == (2, 2)
    assert "credential_unknown" in other.stderr
    assert "wrong_type" in none.stderr


def test_another_key_signs_nothing_in_the_name_of_the_first(
    tmp_path: Path, credit: Credit, score: Path
) -> None:
    defined(credit)
    (tmp_path / "home" / "yunxi.keys").unlink()
    usual = ["--subject", PSEUDONYM, "--until", UNTIL, "--out", str(tmp_path / "c.json")]

    refused = credit("credential", "issue", str(score), *usual)

    assert refused.exit_code == 2
    assert "credential_key_changed" in refused.stderr
    assert answer(credit("credential", "status", "--json"))["credentials"] == []


def test_lists_of_files_do_not_stand_where_the_service_publishes_its_own(credit: Credit) -> None:
    refused = credit("credential", "issuer", "--base", "https://x.example/v1/credential-status/")

    assert refused.exit_code == 2
    assert "credential_base_of_service" in refused.stderr


def test_the_name_of_the_key_is_shown_before_anything_is_defined(credit: Credit) -> None:
    early = answer(credit("credential", "issuer", "--json"))

    assert early["issuer"] == defined(credit)["issuer"]
    assert early["base"] == "not defined"
