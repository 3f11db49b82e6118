"""`./ecorights audit`: bundles from the terminal, and what keeps one from being written."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.embedded.cluster import start
from gateway.service import free_port
from tests.gateway.auditing.independent import check_evidence
from tests.gateway.cli.commands import ecorights, result_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with a venue that traded once, published its log and was stopped."""
    found = tmp_path_factory.mktemp("home")
    port = str(free_port("127.0.0.1"))
    shown = ecorights("up", "--check", "--json", "--port", port, ECORIGHTS_HOME=str(found))
    assert result_of(shown)["ok"], shown.stderr
    yield found
    start(found).stop()


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ecorights(*arguments, ECORIGHTS_HOME=str(home))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--scope", "trade:999999"), "audit.scope_empty"),
        (("--scope", "account:999999"), "audit.scope_empty"),
        (("--scope", "case:none"), "audit.scope_empty"),
        (("--scope", "all"), "audit.scope_unfit"),
        (("--since", "999999"), "log.proof_refused"),
        (("--venue", "nowhere"), "no such venue"),
    ],
)
def test_what_cannot_be_exported_is_said_in_words_and_leaves_no_file(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    shown = command(home, "audit", "export", str(tmp_path / "b.zip"), *arguments)

    assert shown.returncode == 1
    assert words in shown.stderr
    assert "Traceback" not in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_is_written_and_checked_with_the_logs_key(home: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "b.zip"
    key = command(home, "log", "keys").stdout.split()[1]

    written = result_of(
        command(home, "audit", "export", str(bundle), "--scope", "trade:1", "--json")
    )
    checked = result_of(command(home, "audit", "check", str(bundle), "--key", key))

    assert checked["ok"], checked
    assert (checked["scope"], checked["entries"]) == ("trade:1", written["entries"])
    assert written["bytes"] == bundle.stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_a_folder_that_is_not_there_is_said_in_words(home: Path, tmp_path: Path) -> None:
    shown = command(home, "audit", "export", str(tmp_path / "none" / "b.zip"))
    assert (shown.returncode, "Cannot write" in shown.stderr) == (1, True)
    assert "Traceback" not in shown.stderr


def test_the_keys_of_no_venue_are_said_in_words(home: Path) -> None:
    shown = command(home, "log", "keys", "--venue", "nowhere")
    assert (shown.returncode, "no such venue" in shown.stderr) == (1, True)
    assert "Traceback" not in shown.stderr


def test_the_evidence_of_a_trade_is_written_and_holds(home: Path, tmp_path: Path) -> None:
    log_key = command(home, "log", "keys").stdout.split()[1]
    algorithm, evidence_key = command(home, "audit", "evidence-key").stdout.split()

    told = command(home, "audit", "evidence", "1", str(tmp_path / "t.json"))
    printed = command(home, "audit", "evidence", "1", str(tmp_path / "t.pdf"), "--language", "zh")

    content = (tmp_path / "t.json").read_bytes()
    document = check_evidence(content, evidence_key=evidence_key, log_key=log_key)
    assert (algorithm, document["trade"]["trade"]) == ("Ed25519", "1")
    assert (document["trade"]["price"], document["trade"]["quantity"]) == ("74.00", "8000")
    assert json.loads(content)["signature"]["sha256"] in told.stdout
    assert printed.returncode == 0, printed.stderr
    assert (tmp_path / "t.pdf").read_bytes().startswith(b"%PDF-1.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("evidence", "999999", "t.json"), "audit.scope_empty"),
        (("evidence", "1", "t.txt"), "FILE.json or FILE.pdf"),
        (("evidence", "1", "none/t.json"), "Cannot write"),
        (("evidence", "1", "t.json", "--venue", "nowhere"), "no such venue"),
        (("evidence-key", "--venue", "nowhere"), "no such venue"),
    ],
)
def test_evidence_that_cannot_be_written_is_said_in_words(
    home: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    placed = [
        str(tmp_path / each) if each.endswith((".json", ".txt")) else each for each in arguments
    ]
    shown = command(home, "audit", *placed)

    assert (shown.returncode, words in shown.stderr) == (1, True), shown.stderr
    assert "Traceback" not in shown.stderr
    assert list(tmp_path.iterdir()) == []
    assert not (home / "nowhere.keys").exists()
