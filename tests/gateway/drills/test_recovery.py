"""After a restore without the last entries: nobody writes, and two ways lead on."""

import json
import zipfile
from pathlib import Path

import pytest

from gateway.drills import recovery
from gateway.drills.all_drills import CONTROL
from gateway.drills.bench import Bench
from gateway.drills.running import run_drills
from tests.gateway.drills.conftest import County


async def recoveries(county: County) -> dict[str, recovery.Recovery]:
    run = await run_drills(
        county.server,
        county.settings,
        [CONTROL],
        entries_max=10_000,
        tell=lambda _: None,
        with_recovery=True,
    )
    return {each.name: each for each in run.recoveries}


async def test_lost_entries_come_back_or_another_log_begins_and_all_agrees(county: County) -> None:
    found = await recoveries(county)

    assert {name: each.unmet for name, each in found.items()} == {"reenter": [], "open-log": []}
    for each in found.values():
        assert each.steps[0].startswith("writer's start: The database has ")
        assert each.steps[-2:] == ["verify: nothing amiss", "replay: nothing amiss"]
    assert "2 of 2 entries entered again" in found["reenter"].steps
    assert any("are gone" in words for words in found["open-log"].steps)
    assert "fork_refused" in found["open-log"].steps[-3]


LIES = {
    "an entry is missing": "is not in it",
    "a body is another": "has another body than its header commits to",
    "a header is another": "has another body than its header commits to",
    "a body is withheld": "without its whole body",
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_export_that_is_not_what_was_signed_gives_nothing_back(
    county: County, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    original = recovery._export

    async def lying(bench: Bench, bundle: Path) -> None:
        await original(bench, bundle)
        _spoil(bundle, lie)

    monkeypatch.setattr(recovery, "_export", lying)
    found = (await recoveries(county))["reenter"]

    assert any(LIES[lie] in words for words in found.unmet), found.unmet
    # Nothing was written: the copy is as it was restored.
    assert found.steps[-2:] == ["verify: nothing amiss", "replay: nothing amiss"]


def _spoil(bundle: Path, lie: str) -> None:
    """Change the last entry of a bundle, whose manifest nobody asks when entries are re-entered."""
    with zipfile.ZipFile(bundle) as archive:
        name = "entries/0.jsonl"
        lines = archive.read(name).decode().splitlines()
    last = json.loads(lines[-1])
    if lie == "an entry is missing":
        lines.pop()
    elif lie == "a body is another":
        last["postings"] = last["postings"].replace("drill", "other")
    elif lie == "a header is another":
        last["header"] = _other_header(last["header"])
    else:
        last["postings"] = last["postings_key"] = None
    if lie != "an entry is missing":
        lines[-1] = json.dumps(last)
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr(name, "\n".join(lines) + "\n")


def _other_header(header: str) -> str:
    said = json.loads(header)
    said["postings"] = "0" * 64
    return json.dumps(said, separators=(",", ":"), sort_keys=True)
