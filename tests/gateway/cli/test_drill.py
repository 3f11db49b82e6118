"""`./ecorights drill` as an operator runs it: beside a serving venue, cut off, misspelt."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli.drill import as_object, choose
from gateway.database_server import DatabaseServer
from gateway.drills.all_drills import CONTROL, DRILLS
from gateway.drills.running import DrillRun
from gateway.embedded.cluster import start
from gateway.errors import CannotRun
from gateway.service import free_port
from gateway.settings import CHECKOUT
from tests.gateway.cli.commands import COMMAND, ecorights, environment, result_of
from tests.gateway.cli.test_up import serving

FEW = ("--only", "header", "--only", "rollback", "--only", "split-view")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose venue is served while the tests run."""
    folder = tmp_path_factory.mktemp("home")
    with serving(folder, free_port("127.0.0.1")):
        yield folder


def databases(home: Path) -> list[str]:
    """Return the drills' databases that are there."""
    server: DatabaseServer = start(home)
    try:
        query = "SELECT count(*) FROM pg_database WHERE datname ~ '^ecorights_drill_'"
        return ["left"] * int(asyncio.run(server._ask(query)))
    finally:
        server.stop()


def test_a_drill_beside_a_serving_venue_says_who_found_what(home: Path) -> None:
    shown = ecorights("drill", "--json", *FEW, ECORIGHTS_HOME=str(home))

    result = result_of(shown)
    assert (shown.returncode, result["ok"]) == (0, True), shown.stderr
    assert [each["name"] for each in result["drills"]] == [
        "control",
        "header",
        "rollback",
        "split-view",
    ]
    header = result["drills"][1]
    assert header["plain"][0] == {
        "by": "ecorights_writer",
        "refused_by": "grant",
        "words": "permission denied for table entry",
    }
    assert [each["by"] for each in header["found"]] == ["verify", "reader", "keeper", "receipt"]
    assert header["found"][0]["when"] == "at the next verify"
    assert result["seconds"] > 0
    assert databases(home) == []
    verified = result_of(ecorights("verify", "--json", ECORIGHTS_HOME=str(home)))
    assert verified["ok"]


def test_people_are_shown_a_table(home: Path) -> None:
    shown = ecorights("drill", "--only", "tile", ECORIGHTS_HOME=str(home))

    assert shown.returncode == 0, shown.stderr
    assert "a tile only grows" not in shown.stdout
    assert "not by:" in shown.stdout
    assert "each was found as expected" in shown.stdout
    assert "1 drill(s) on a copy of" in shown.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_drill_that_is_stopped_drops_its_copies(home: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*COMMAND, "drill", "--json"],
        cwd=CHECKOUT,
        env=environment(ECORIGHTS_HOME=str(home)),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        while "control" not in line:
            assert line
            line = process.stderr.readline()
        process.send_signal(number)
        rest = process.stderr.read()

    assert "the copies are dropped" in rest
    assert process.returncode == 130
    assert databases(home) == []
    assert not (home / "drill").exists()


def test_a_drill_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(CannotRun, match="No drill is called nothing"):
        choose(["nothing"])

    assert choose([]) == list(DRILLS)
    assert choose(["control", "tile"]) == [CONTROL, DRILLS[5]]


def test_a_run_in_which_nothing_was_tried_is_not_ok() -> None:
    run = DrillRun(venue="yunxi", entries=0, guards=[])

    assert json.loads(json.dumps(as_object(run, seconds=0.1)))["ok"] is False
