"""Units and warnings at the command line, from a file of boundaries to a warning that is closed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep import plan
from tests.gateway.cli.test_gep_ledger import Terminal
from tests.gep.space.squares import square
from tests.gep.space.test_loading import collection, feature

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def terminal(
    cluster: DatabaseServer, furnished: Furnished, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        yield Terminal(url, tmp_path_factory.mktemp("files"))


def units(*, height: float) -> bytes:
    return collection(
        feature("C1", square(120.0, 29.0, 0.4, height), name="甲县", parent="C"),
        feature("C2", square(120.39, 29.0, 0.4, 0.3), name="乙县", parent="C"),
        feature("C", square(120.0, 29.0, 0.8, 0.4), name="某市", valid_from="2019-01-01"),
    )


def account(year: int, tonnes: str) -> dict[str, Any]:
    area = {"id": "C1", "name": "甲县", "km2": "1300"}
    return plan(year, tonnes, "50", id=f"c1-{year}", area=area)


async def test_a_file_is_tried_loaded_changed_and_loaded_again(terminal: Terminal) -> None:
    path = terminal.folder / "units.geojson"
    path.write_bytes(units(height=0.3))
    command = ("boundaries", "load", str(path), "--from", "2020-01-01")

    tried = await terminal.say("R-1", *command, "--dry-run")
    loaded = await terminal.say("R-1", *command)
    again = await terminal.say("R-1", *command)
    path.write_bytes(units(height=0.31))
    changed = await terminal.say("R-1", *command)
    listed = await terminal.say("E01-1", "boundaries", "list", "--parent", "C")
    whole = await terminal.say("E01-1", "boundaries", "show", "C1")

    assert "3 new, 0 changed, 0 same: a dry run, nothing sent" in tried
    assert "overlap: C1 and C2 have" in tried
    assert "3 new, 0 changed, 0 same\n" in loaded
    assert [line[:8].strip() for line in loaded.splitlines()[:3]] == ["new"] * 3
    assert "entry" not in again
    assert "0 new, 1 changed, 2 same" in changed
    assert [line.split()[0] for line in listed.splitlines()] == ["C1", "C2"]
    assert "version 2 since 2020-01-01, by R-1" in whole
    assert "version 1 since 2020-01-01" in whole


async def test_what_is_shown_can_be_loaded_again(terminal: Terminal) -> None:
    path, out = terminal.folder / "one.geojson", terminal.folder / "shown.geojson"
    path.write_bytes(collection(feature("D1", square(118.0, 29.0, 0.4, 0.3), name="丁县")))
    await terminal.say("X-1", "boundaries", "load", str(path), "--from", "2020-01-01")

    await terminal.say("E01-1", "boundaries", "show", "D1", "--out", str(out))
    again = await terminal.say("X-1", "boundaries", "load", str(out))

    assert "0 new, 0 changed, 1 same" in again


async def test_a_bad_file_sends_nothing(terminal: Terminal) -> None:
    path = terminal.folder / "bad.geojson"
    bow = ((0.0, 0.0), (2.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0))
    good = feature("G1", square(110.0, 29.0, 0.4, 0.3))
    path.write_bytes(collection(good, feature("G2", bow)))

    said = await terminal.say(
        "R-1", "boundaries", "load", str(path), "--from", "2020-01-01", status=2
    )
    await terminal.say("R-1", "boundaries", "show", "G1", status=1)
    path.write_bytes(collection(good))
    await terminal.say("E01-1", "boundaries", "load", str(path), "--from", "2020-01-01", status=1)

    assert "document.features[1].geometry" in said
    assert "a ring meets itself near" in said


async def test_a_file_with_a_stranger_or_an_earlier_day_sends_nothing(
    terminal: Terminal,
) -> None:
    path = terminal.folder / "strangers.geojson"
    good = feature("S1", square(100.0, 29.0, 0.4, 0.3))
    stray = feature("S2", square(101.0, 29.0, 0.4, 0.3), parent="nowhere")
    path.write_bytes(collection(good, stray))
    command = ("boundaries", "load", str(path), "--from")

    stranger = await terminal.say("R-1", *command, "2020-01-01", status=2)
    await terminal.say("R-1", "boundaries", "show", "S1", status=1)
    path.write_bytes(collection(good))
    await terminal.say("R-1", *command, "2020-01-01")
    path.write_bytes(
        collection(
            feature("S0", square(99.0, 29.0, 0.4, 0.3)),
            feature("S1", square(100.0, 29.0, 0.4, 0.2)),
        )
    )
    early = await terminal.say("R-1", *command, "2019-12-31", status=2)
    await terminal.say("R-1", "boundaries", "show", "S0", status=1)

    assert "S2.parent: expected a unit of the file or of the venue, found nowhere" in stranger
    assert "S1.valid_from: expected 2020-01-01 or later, found 2019-12-31" in early


async def test_warnings_are_raised_once_and_go_their_way(terminal: Terminal) -> None:
    await terminal.publish(account(2020, "40000"))
    await terminal.publish(account(2021, "30000"))
    year = ("warnings", "raise", "--year", "2021", "--area", "C1")

    tried = await terminal.say("R-1", *year, "--dry-run")
    raised = await terminal.say("R-1", *year)
    again = await terminal.say("R-1", *year)
    name = next(line for line in raised.splitlines() if "fell" in line).split()[0]
    owner = ("--party", "E01", "--owner", "E01-1", "--deadline", "2026-03-20")
    assigned = await terminal.say("R-1", "warnings", "assign", name, *owner)
    overdue = await terminal.say("E01-1", "warnings", "list", "--overdue-on", "2026-03-21")
    await terminal.say("E01-1", "warnings", "answer", name, "--reason", "干旱年份")
    await terminal.say("R-2", "warnings", "close", name, "--rejected", "缺少数据")
    await terminal.say("E01-1", "warnings", "answer", name, "--reason", "附监测数据")
    closed = await terminal.say("R-2", "warnings", "close", name)
    shown = await terminal.say("R-1", "warnings", "show", name)

    assert "2 crossed, 0 raised" in tried
    assert "fell 0.250000 a year, limit 0.050000: 2000000.00 to 1500000.00 yuan" in tried
    assert "2 crossed, 2 raised" in raised
    assert "2 crossed, 0 raised" in again
    assert "assigned to E01-1 until 2026-03-20, entry" in assigned
    assert name in overdue
    assert closed.startswith("closed, entry")
    assert [line.split()[3] for line in shown.splitlines() if " entry " in line] == [
        "raised",
        "assigned",
        "answered",
        "returned",
        "answered",
        "closed",
    ]
    assert "缺少数据" in shown


async def test_a_threshold_is_changed_with_a_reason(terminal: Terminal) -> None:
    await terminal.say("X-1", "warnings", "threshold", "decline", "0.08", "--reason", "年际波动")
    said = await terminal.say("E01-1", "warnings", "thresholds")

    assert "decline  0.080000  proposed 0.050000; by X-1: 年际波动" in said
    assert "service_share  0.600000  as proposed" in said
