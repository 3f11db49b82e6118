"""What was in force on a day, and which entry had decided it."""

from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from gateway import wiring
from gateway.database_server import DatabaseServer
from ledger.replay import Replay
from ledger.verification.audit import Audit
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import DAY, NEXT_DAY, House, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")

TERMS = {
    "kind": "set_book_terms",
    "instrument": "CEA25",
    "band_percent": "5",
    "buyer_fee_ppm": 1_000,
    "four_eyes_quantity": "10",
    "order_quantity_max": "50",
    "decision": "2026-7",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(cluster: DatabaseServer, furnished: Furnished) -> AsyncIterator[House]:
    """A venue whose terms change on one day and which then stands on the next."""
    async with serving(cluster, furnished) as found:
        await found.propose(TERMS, maker="X-1", checker="X-2")
        rule = {"right": "CARBON", "mode": "per_year", "first_year": 2025}
        await found.do("/compliance/rules", rule, "R-1")
        await found.do("/clock", {"to": f"{NEXT_DAY}T10:00:00Z"})
        await found.do("/control-groups", {"party": "E01", "group": "G"})
        await found.do("/compliance/rules", rule | {"mode": "cumulative"}, "R-1")
        await found.do("/machine", {"machine": 2})
        yield found


async def in_force(
    house: House, day: str, actor: str = "A-1", **more: str
) -> dict[tuple[str, str | None], dict[str, Any]]:
    response = await house.get("/decisions", actor, day=day, limit="1000", **more)
    assert response.status_code == 200, response.text
    return {(row["kind"], row["subject"]): row for row in response.json()["decisions"]}


async def test_a_day_shows_what_stood_at_its_end(house: House) -> None:
    first, second = await in_force(house, DAY), await in_force(house, NEXT_DAY)

    rule = ("compliance_rule", "CARBON")
    assert first[rule]["terms"]["mode"] == "per_year"
    assert second[rule]["terms"]["mode"] == "cumulative"
    assert first[("machine", None)]["terms"]["machine"] == "1"
    assert second[("machine", None)]["terms"]["machine"] == "2"
    assert ("control_group", "E01") not in first
    assert second[("control_group", "E01")]["terms"]["group"] == "G"
    assert ("trading_day", f"main/{DAY}") in first
    assert ("trading_day", f"main/{NEXT_DAY}") not in first


async def test_before_a_venue_had_anything_nothing_was_in_force(house: House) -> None:
    assert await in_force(house, "1969-12-31") == {}


async def test_a_day_ends_at_the_midnight_of_its_zone(house: House) -> None:
    # 10:00 in UTC on the next day is still the day before in Pago Pago (UTC-11).
    there = await in_force(house, DAY, zone="Pacific/Pago_Pago")

    assert there[("machine", None)]["terms"]["machine"] == "2"


async def test_each_decision_names_the_entry_that_holds_it(house: House) -> None:
    for (kind, subject), row in (await in_force(house, NEXT_DAY)).items():
        entry = (await house.get(f"/ledger/entries/{row['entry']}", "A-1")).json()
        effects = entry["postings"]["effects"]
        days = [day for effect in effects for day in effect.get("days", ())]
        assert row["terms"] in [*effects, *days], (kind, subject)
        assert row["at"] == entry["postings"]["at"]


async def test_control_groups_are_shown_to_those_who_supervise(house: House) -> None:
    assert ("control_group", "E01") not in await in_force(house, NEXT_DAY, "E02-1")


async def test_new_terms_bind_the_next_order_and_the_next_day_s_band(house: House) -> None:
    terms = (await in_force(house, DAY))[("book_terms", "CEA25")]["terms"]
    book = (await house.get("/books/CEA25")).json()
    body = {
        "account": house.accounts["E02"],
        "instrument": "CEA25",
        "side": "buy",
        "quantity": "51",
        "price": book["previous_close"],
    }

    too_large = await house.post("/orders", body, "E02-1")
    placed = await house.do("/orders", body | {"quantity": "2"}, "E02-1")

    assert (terms["band_ppm"], terms["order_lots_max"]) == ("50000", "50")
    assert (book["previous_close"], book["band_low"], book["band_high"]) == (
        "75.00",
        "71.25",
        "78.75",
    )
    assert too_large.json()["code"] == "exchange.lots_above_max"
    assert placed["effects"][0]["fee_ppm"] == "1000"


async def test_terms_need_a_second_person(house: House) -> None:
    response = await house.post("/books/terms", {k: v for k, v in TERMS.items() if k != "kind"})

    assert (response.status_code, response.json()["code"]) == (403, "ledger.four_eyes_required")


async def test_a_venue_whose_terms_changed_verifies_and_replays(house: House) -> None:
    async with house.pool.acquire() as lent:
        connection = cast("asyncpg.Connection", lent)
        audit = await Audit(connection, wiring.new_machine).run()
        replay = Replay(
            connection,
            new_machine=wiring.new_machine,
            load=wiring.load_machine,
            certify=wiring.certify,
        )
        report = await replay.run(decide=True)

    assert (audit.findings, report.findings) == ([], [])
    assert report.state_hash == (await house.state()).hash


async def test_a_changed_decision_row_is_found(house: House) -> None:
    async with house.pool.acquire() as lent:
        connection = cast("asyncpg.Connection", lent)
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("UPDATE decision SET terms = '{}' WHERE subject = 'CEA26'")
        audit = await Audit(connection, wiring.new_machine).run()

    assert {(each.table, each.column) for each in audit.findings} == {("decision", "terms")}
