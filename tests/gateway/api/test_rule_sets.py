"""Rule sets over HTTP: proposed, approved, read whole, compared; challengers for supervisors."""

import json
from collections.abc import Mapping
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from credit_scoring.rule_sets.adopting.state import RuleSets
from credit_scoring.rule_sets.document import Place
from credit_scoring.rule_sets.reading import read_rule_set
from credit_scoring.rule_sets.rule_set import RuleSet
from credit_scoring.rule_sets.shipped import shipped
from gateway.api.rule_set_examples import DOCUMENT
from gateway.wiring import load_machine
from ledger.state_hash import state_hash
from tests.gateway.api.house import DAY, House

pytestmark = pytest.mark.asyncio(loop_scope="module")
OLDER, NEWER = shipped()
EXAMPLE = read_rule_set(Place(DOCUMENT))
SETS = "/credit/rule-sets"


def agreed(rule_set: RuleSet, *, kind: str = "credit_adopt_rule_set") -> dict[str, Any]:
    return {
        "kind": kind,
        "document": json.loads(rule_set.canonical),
        "rule_set_hash": rule_set.hash,
        "decision": "2026/1",
    }


async def decide(house: House, operation: Mapping[str, Any]) -> None:
    await house.propose(operation, maker="R-1", checker="R-2")


async def listed(house: House, **params: str) -> dict[str, Any]:
    answer = await house.get(SETS, "B-1", **params)
    found: dict[str, Any] = answer.json()
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def nothing_adopted(house: House) -> dict[str, Any]:
    """Return what a venue says before it has adopted a set; then it adopts the shipped ones."""
    before = await listed(house)
    for each in (OLDER, NEWER):
        await decide(house, agreed(each))
    return before


async def test_a_venue_that_adopted_nothing_says_so(nothing_adopted: dict[str, Any]) -> None:
    assert (nothing_adopted["in_force"], nothing_adopted["rule_sets"]) == (None, [])


async def test_two_people_adopt_what_one_may_not(house: House) -> None:
    alone = await house.post(SETS, agreed(EXAMPLE), "R-1")

    assert (alone.status_code, alone.json()["code"]) == (403, "ledger.four_eyes_required")


async def test_the_set_in_force_is_that_of_the_day(house: House) -> None:
    today, later, earlier = [
        await listed(house, **params) for params in ({}, {"on": "2026-04-01"}, {"on": "2018-12-31"})
    ]

    assert DAY < "2026-04-01"
    assert (today["in_force"], later["in_force"]) == (OLDER.version, NEWER.version)
    assert earlier["in_force"] is None
    assert [each["version"] for each in today["rule_sets"]] == [OLDER.version, NEWER.version]


async def test_a_set_is_read_whole_and_gives_its_hash_again(house: House) -> None:
    answer = await house.get(f"{SETS}/{NEWER.version}", "E01-1", against=OLDER.version)

    shown = answer.json()
    assert shown["rule_set_hash"] == NEWER.hash
    assert read_rule_set(Place(shown["document"])).hash == NEWER.hash
    assert {"JS19"} <= {each["source"] for each in shown["sources"]}
    paths = [each["path"] for each in shown["changes"]]
    assert {"version", "effective_from", "repair_periods"} <= set(paths)


async def test_without_a_question_nothing_is_compared(house: House) -> None:
    shown = (await house.get(f"{SETS}/{OLDER.version}", "E01-1")).json()

    assert "changes" not in shown


async def test_a_decision_is_tried_before_it_is_taken(house: House) -> None:
    proposed = await house.do("/proposals", {"operation": agreed(EXAMPLE)}, "R-1")
    approval = {"proposal": proposed["proposal"]}
    before = await listed(house)

    tried = await house.post("/proposals/approvals", approval, "R-2", dry_run="true")

    adopted = tried.json()["effects"][-1]
    assert (adopted["version"], adopted["rule_set_hash"]) == (EXAMPLE.version, EXAMPLE.hash)
    assert (await listed(house))["rule_sets"] == before["rule_sets"]


async def test_a_refused_adoption_names_the_field_in_its_entry(house: House) -> None:
    past = agreed(EXAMPLE) | {"document": DOCUMENT | {"effective_from": "2026-03-01"}}
    hashed = read_rule_set(Place(past["document"])).hash
    operation = past | {"rule_set_hash": hashed}
    proposed = await house.do("/proposals", {"operation": operation}, "R-1")

    answer = await house.post("/proposals/approvals", {"proposal": proposed["proposal"]}, "R-2")

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "credit.rule_set_day_past")
    assert (problem["field"], problem["found"]) == ("document.effective_from", "2026-03-01")
    assert problem["expected"] == f"a day after {DAY}"


async def test_a_bank_sees_no_challenger(house: House) -> None:
    await decide(house, agreed(EXAMPLE, kind="credit_appoint_challenger"))
    path = f"/credit/challengers/{EXAMPLE.version}"

    seen = await house.get(path, "R-1", against=OLDER.version)
    refused = [await house.get(each, "B-1") for each in ("/credit/challengers", path)]
    beside = await house.get(f"{SETS}/{EXAMPLE.version}", "B-1")

    assert seen.json()["document"]["version"] == EXAMPLE.version
    assert seen.json()["changes"]
    assert [each.status_code for each in refused] == [403, 403]
    assert beside.status_code == 404
    drop = {"kind": "credit_drop_challenger", "version": EXAMPLE.version, "decision": "2026/2"}
    await decide(house, drop)
    assert (await house.get("/credit/challengers", "R-1")).json()["challengers"] == []


async def test_a_writer_that_starts_again_has_the_same_rule_sets(house: House) -> None:
    await listed(house)
    async with house.pool.acquire() as connection:
        loaded = await load_machine(cast("asyncpg.Connection", connection))

    state = next(part.state for part in loaded.parts if isinstance(part.state, RuleSets))
    assert state.sets() == [OLDER, NEWER]
    assert state_hash(loaded) == state_hash(house.machine)


async def test_an_adopted_set_cannot_be_changed_in_the_database(house: House) -> None:
    async with house.pool.acquire() as connection:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("UPDATE credit_rule_set SET decision = 'another'")
