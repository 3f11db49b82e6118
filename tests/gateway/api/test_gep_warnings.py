"""Warnings over HTTP: due, raised, owned, answered, ended; read again when accounts change."""

from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from gateway.wiring import load_machine
from ledger.state_hash import state_hash
from tests.gateway.api.house import House
from tests.gateway.api.test_gep import plan, publish, read
from tests.gateway.api.test_gep_space import enter

pytestmark = pytest.mark.asyncio(loop_scope="module")
WARNINGS = "/gep/warnings"
AREA = {"id": "W1", "name": "甲县", "km2": "1500"}
ANSWERED = {"reason": "干旱年份"}


def of_year(year: int, tonnes: str, **changes: Any) -> dict[str, Any]:
    return plan(year, tonnes, "50", **({"id": f"w1-{year}", "area": AREA} | changes))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def accounts(house: House) -> tuple[str, str]:
    """A county whose one service fell by a tenth within a year, and its boundary."""
    base = await publish(house, of_year(2020, "40000"))
    later = await publish(house, of_year(2021, "36000"))
    await enter(house, "W1")
    return base, later


async def due(house: House, year: int = 2021, **params: str) -> dict[str, dict[str, Any]]:
    found = await read(house, f"{WARNINGS}/due", "R-1", year=str(year), area="W1", **params)
    return {each["rule"]: each for each in found["due"]}


async def raise_one(house: House, found: dict[str, Any]) -> str:
    names = ("rule", "account", "base", "service")
    await house.do(WARNINGS, {name: found[name] or "" for name in names}, "R-1")
    name: str = found["warning"]
    return name


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fall(house: House, accounts: tuple[str, str]) -> str:
    assert accounts
    return await raise_one(house, (await due(house))["decline"])


async def test_what_is_due_has_its_figures(house: House, accounts: tuple[str, str]) -> None:
    base, later = accounts
    found = await due(house)
    earlier = await read(house, f"{WARNINGS}/due", "V-1", year="2020", area="W1")

    decline = found["decline"]
    assert (decline["base"], decline["account"]) == (base, later)
    assert (decline["before_yuan"], decline["after_yuan"]) == ("2000000.00", "1800000.00")
    assert (decline["measured"], decline["limit"]) == ("0.100000", "0.050000")
    assert (found["service_share"]["service"], found["service_share"]["measured"]) == (
        "R8",
        "1.000000",
    )
    assert [each["reasons"] for each in earlier["not_judged"]] == [["no_earlier_account"]]


async def test_others_do_not_read_what_is_due(house: House) -> None:
    answer = await house.get(f"{WARNINGS}/due", "E01-1", year="2021")

    assert (answer.status_code, answer.json()["code"]) == (403, "request.forbidden")


async def test_a_warning_has_a_place_an_owner_a_deadline_and_a_history(
    house: House, fall: str
) -> None:
    owned = {"warning": fall, "party": "E01", "owner": "E01-1", "deadline": "2026-03-31"}
    await house.do(f"{WARNINGS}/assignments", owned, "R-1")
    [open_] = (await read(house, WARNINGS, "E01-1", area="W1"))["warnings"]
    others = (await read(house, WARNINGS, "E02-1", area="W1"))["warnings"]
    early = (await read(house, WARNINGS, "R-1", area="W1", overdue_on="2026-03-31"))["warnings"]
    late = (await read(house, WARNINGS, "R-1", owner="E01", overdue_on="2026-04-01"))["warnings"]
    await house.do(f"{WARNINGS}/answers", ANSWERED | {"warning": fall}, "E01-1")
    returned = {"warning": fall, "outcome": "rejected", "reason": "缺少监测数据"}
    await house.do(f"{WARNINGS}/closures", returned, "R-2")
    await house.do(f"{WARNINGS}/answers", ANSWERED | {"warning": fall}, "E01-1")
    await house.do(f"{WARNINGS}/closures", {"warning": fall, "outcome": "accepted"}, "R-2")
    shown = await read(house, f"{WARNINGS}/{fall}", "R-1")

    assert open_["place"] == {"longitude": "121.2000000", "latitude": "29.2500000"}
    assert (open_["warning_state"], open_["deadline"]) == ("assigned", "2026-03-31")
    assert (open_["standing"], open_["days_overdue"]) == ("counts", None)
    assert (others, early) == ([], [])
    assert [each["warning"] for each in late] == [fall]
    assert (shown["warning_state"], shown["closed_by"]) == ("closed", "R-2")
    assert [each["event"] for each in shown["history"]] == [
        "raised",
        "assigned",
        "answered",
        "returned",
        "answered",
        "closed",
    ]
    entries = [int(each["entry"]) for each in shown["history"]]
    assert entries == sorted(entries)
    assert shown["history"][3]["words"] == "缺少监测数据"


async def test_a_warning_twice_is_refused_and_listed_as_raised(house: House, fall: str) -> None:
    found = (await due(house))["decline"]
    names = ("rule", "account", "base", "service")

    answer = await house.post(WARNINGS, {name: found[name] or "" for name in names}, "R-1")

    assert (answer.status_code, answer.json()["code"]) == (409, "gep.warning_doubled")
    assert found["warning"] == fall
    assert found["raised"] is not None


async def test_a_warning_of_a_superseded_account_says_whether_it_still_holds(
    house: House,
) -> None:
    area = AREA | {"id": "W2"}
    await publish(house, of_year(2020, "40000", area=area, id="w2-2020"))
    first = await publish(house, of_year(2021, "30000", area=area, id="w2-2021"))
    found = await read(house, f"{WARNINGS}/due", "R-1", year="2021", area="W2")
    [fall, share] = [await raise_one(house, each) for each in found["due"]]
    again = of_year(2021, "39000", area=area, id="w2-2021-b")
    second = await publish(house, again, supersedes=first)

    shown = await read(house, f"{WARNINGS}/{fall}", "R-1")
    other = await read(house, f"{WARNINGS}/{share}", "R-1")
    after = await read(house, f"{WARNINGS}/due", "R-1", year="2021", area="W2")

    assert (shown["standing"], shown["newer_account"]) == ("no_longer_crossed", second)
    assert (other["standing"], shown["place"]) == ("still_crossed", None)
    assert [each["rule"] for each in after["due"]] == ["service_share"]


async def test_a_venue_has_its_own_threshold_with_author_and_reason(house: House) -> None:
    area = AREA | {"id": "W3"}
    await publish(house, of_year(2020, "40000", area=area, id="w3-2020"))
    await publish(house, of_year(2021, "36000", area=area, id="w3-2021"))
    body = {"rule": "decline", "limit": "0.12", "reason": "三年均值"}
    await house.do("/gep/thresholds", body, "X-1")
    [decline, share] = (await read(house, "/gep/thresholds"))["thresholds"]

    found = await read(house, f"{WARNINGS}/due", "R-1", year="2021", area="W3")
    await house.do("/gep/thresholds", body | {"limit": "0.05"}, "X-1")

    assert (decline["limit"], decline["proposed"]) == ("0.120000", "0.050000")
    assert (decline["author"], decline["reason"]) == ("X-1", "三年均值")
    assert (share["limit"], share["author"]) == ("0.600000", None)
    assert [each["rule"] for each in found["due"]] == ["service_share"]


async def test_what_does_not_compare_says_why(house: House) -> None:
    area = AREA | {"id": "W4"}
    await publish(house, of_year(2020, "40000", area=area, id="w4-2020"))
    other = {"product": "another map", "resolution_m": "10"}
    await publish(house, of_year(2021, "20000", area=area, id="w4-2021", land_cover=other))

    found = await read(house, f"{WARNINGS}/due", "R-1", year="2021", area="W4")

    assert [each["reasons"] for each in found["not_judged"]] == [["other_land_cover"]]
    assert [each["rule"] for each in found["due"]] == ["service_share"]


@pytest.mark.usefixtures("fall")
@pytest.mark.parametrize("table", ["gep_boundary", "gep_geometry", "gep_warning_event"])
async def test_what_was_entered_cannot_be_changed_in_the_database(house: House, table: str) -> None:
    async with house.pool.acquire() as connection:
        assert await connection.fetchval(f"SELECT count(*) FROM {table}")
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute(f"DELETE FROM {table}")


@pytest.mark.usefixtures("fall")
async def test_a_writer_that_starts_again_has_the_same_warnings(house: House) -> None:
    await read(house, WARNINGS, "R-1")
    async with house.pool.acquire() as connection:
        loaded = await load_machine(cast("asyncpg.Connection", connection))

    assert state_hash(loaded) == state_hash(house.machine)
