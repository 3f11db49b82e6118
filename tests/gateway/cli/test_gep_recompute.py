"""An account computed again in its venue, and asked: what its plan gives under other terms."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep import named, plan
from tests.gateway.cli.test_gep_ledger import Terminal

pytestmark = pytest.mark.asyncio(loop_scope="module")
NEWER = "DB33/T 2274-2025"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def terminal(
    cluster: DatabaseServer, furnished: Furnished, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Terminal]:
    async with serving(cluster, furnished) as house, listening(house) as url:
        yield Terminal(url, tmp_path_factory.mktemp("plans"))


def priced(year: int, **changes: Any) -> dict[str, Any]:
    """Return a plan whose price is a row of its parameter set: 379.87 yuan, Jiajiyu 260.9."""
    lines = [
        {
            "id": "carbon",
            "service": "R8",
            "quantity": "carbon",
            "price": {"parameter": "carbon_dioxide.price"},
        }
    ]
    return plan(year, "1000", "1", lines=lines, **changes)


async def test_an_account_is_computed_again_by_another_set_and_drafted_in_its_place(
    terminal: Terminal,
) -> None:
    old = await terminal.publish(priced(2019))
    new = named(priced(2019, parameters="jiajiyu-2012"))

    tried = await terminal.say("V-1", "recompute", old, "--parameters", "jiajiyu-2012", "--dry-run")
    drafts = await terminal.say("V-1", "list", "--status", "draft")
    done = await terminal.say("V-1", "recompute", old, "--parameters", "jiajiyu-2012")

    # Ours: 1000 t x 379.87 and x 260.9.
    assert "parameter_set: zhejiang-0.1 -> jiajiyu-2012" in tried
    assert "        0.3799        0.2609       -0.1190  R8 carbon" in tried
    assert "dry run: it would be drafted, nothing was" in tried
    assert (new in drafts, f"drafted {new}, entry" in done) == (False, True)
    shown = json.loads((await terminal.say("V-1", "show", new, "--json")).splitlines()[-1])
    assert (shown["supersedes"], shown["account_status"]) == (old, "draft")


async def test_an_earlier_year_takes_the_terms_of_a_later_one(terminal: Terminal) -> None:
    base = await terminal.publish(priced(2016))
    current = await terminal.publish(priced(2017, edition=NEWER))

    between = await terminal.say("E01-1", "between", base, current)
    told = await terminal.say("V-1", "recompute", base, "--like", current, "--json")
    found = json.loads(told.splitlines()[-1])
    again = await terminal.say("V-1", "between", found["new"], current)

    assert "break: other_edition" in between
    assert f"recompute {base} --like {current}" in between
    assert {"name": "edition", "old": "DB33/T 2274-2020", "new": NEWER} in found["terms"]
    assert (found["old"], found["old_total_yuan"]) == (base, found["new_total_yuan"])
    assert "other_edition" not in again


async def test_members_of_the_plan_are_replaced_from_a_file(
    terminal: Terminal, tmp_path: Path
) -> None:
    old = await terminal.publish(priced(2015))
    path = tmp_path / "inflow.json"
    path.write_text('{"inflow_deduction": {"yuan": 1000, "source": "survey"}}', encoding="utf-8")
    elsewhere = tmp_path / "year.json"
    elsewhere.write_text('{"year": 2014}', encoding="utf-8")

    wants = await terminal.say("V-1", "recompute", old, "--edition", "GB/T 46869-2025", status=2)
    told = await terminal.say(
        "V-1", "recompute", old, "--edition", "GB/T 46869-2025", "--with", str(path), "--json"
    )
    same = await terminal.say("V-1", "recompute", old, status=2)
    moved = await terminal.say("V-1", "recompute", old, "--with", str(elsewhere), status=2)

    assert "gep.inflow_unstated" in wants
    assert json.loads(told.splitlines()[-1])["new_total_yuan"] == "378870.00"
    assert "gep.nothing_changed" in same
    assert "gep.place_differs" in moved


async def test_stocks_are_shown_with_their_account_and_between_years(terminal: Terminal) -> None:
    stock = {"resource": "林地", "unit": "hm2", "opening": "8", "closing": "8", "source": "清查"}
    base = await terminal.publish(priced(2010, stocks=[stock]))
    current = await terminal.publish(priced(2011, stocks=[stock]))

    assert "林地: 8 -> 8 hm2: 清查" in await terminal.say("E01-1", "show", base)
    assert "林地: 8 -> 8 hm2" in await terminal.say("E01-1", "between", base, current)


async def test_a_venue_is_asked_about_an_account_and_an_area(terminal: Terminal) -> None:
    account = await terminal.publish(priced(2013))

    doubt = await terminal.say("E01-1", "examine", account, "--draws", "200")
    moves = await terminal.say("E01-1", "examine", account, "--what", "sensitivity")
    years = await terminal.say(
        "E01-1", "course", "990101", "--from", "2013", "--to", "2013", "--price-year", "2013"
    )

    assert "drivers:" in doubt
    assert "name carbon_dioxide.price, low 260.9" in doubt
    assert "name carbon, value 1000" in moves
    assert "379870.00  2013" in years
    assert "no trend: 5 years at least" in years
    await terminal.say("E01-1", "examine", account, "--what", "taste", status=2)
    await terminal.say("E01-1", "examine", account, "--what", "weather", status=1)
