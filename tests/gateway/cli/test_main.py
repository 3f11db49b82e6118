"""The command line ends with 1 and plain words, or with 2 for a command that is not there."""

from pathlib import Path

from gateway.cli.run_tests import steps
from gateway.service import free_port
from tests.gateway.cli.commands import ecorights


def test_help_lists_the_two_commands_of_a_newcomer() -> None:
    shown = ecorights("--help")

    assert shown.returncode == 0
    assert "up " in shown.stdout
    assert "test " in shown.stdout


def test_an_unknown_command_is_a_usage_error() -> None:
    shown = ecorights("upp")

    assert shown.returncode == 2
    assert "No such command" in shown.stderr


def test_trouble_is_told_in_words_and_ends_with_one(tmp_path: Path) -> None:
    shown = ecorights("down", ECORIGHTS_HOME=str(tmp_path))

    assert shown.returncode == 1
    assert shown.stderr == "\nyunxi is not running.\n"


def test_a_refused_setting_is_told_without_a_traceback() -> None:
    shown = ecorights("up", "--port", "99999")

    assert shown.returncode == 1
    assert "ECORIGHTS_PORT" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_up_tells_a_foreign_server_that_does_not_answer(tmp_path: Path) -> None:
    shown = ecorights(
        "up",
        "--json",
        *("--port", str(free_port("127.0.0.1"))),
        ECORIGHTS_HOME=str(tmp_path),
        ECORIGHTS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
    )

    assert shown.returncode == 1
    assert '"ok": false' in shown.stdout.splitlines()[-1]
    assert "ECORIGHTS_DATABASE_URL" in shown.stderr


def test_test_runs_every_check_and_then_the_tests() -> None:
    names = [name for name, _ in steps([], heavy=False)]

    assert names == ["ruff format", "ruff check", "mypy", "lint-imports", "pytest"]
    assert [name for name, _ in steps([], heavy=True)] == [*names, "pytest heavy"]


def test_arguments_of_test_go_to_pytest_in_one_process() -> None:
    _, command = steps(["tests/kernel", "-x"], heavy=False)[-1]

    assert command[-2:] == ["tests/kernel", "-x"]
    assert "-n" not in command
