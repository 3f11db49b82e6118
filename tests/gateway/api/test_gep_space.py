"""Units over HTTP: boundaries in versions, as GeoJSON, beside the accounts of their areas."""

import json
from typing import Any, cast

import asyncpg
import pytest

from gateway.api.gep_space_examples import GEOMETRY
from gateway.wiring import load_machine
from gep.space.outline import read_outline
from ledger.state_hash import state_hash
from tests.gateway.api.house import House
from tests.gateway.api.test_gep import plan, publish, read
from tests.gep.space.squares import outline_text

pytestmark = pytest.mark.asyncio(loop_scope="module")
BOUNDARIES = "/gep/boundaries"


async def enter(house: House, area: str, geometry: str = GEOMETRY, **changes: Any) -> None:
    body = {
        "area": area,
        "name": f"单元{area}",
        "unit_kind": "region",
        "valid_from": "2020-01-01",
        "geometry": geometry,
    }
    await house.do(BOUNDARIES, body | changes, "R-1")


async def test_a_boundary_is_read_as_it_was_on_a_day(house: House) -> None:
    await enter(house, "P1", outline_text(120.0, 29.0, 2.0, 1.0))
    await enter(house, "U1", outline_text(120.0, 29.0, 0.5, 0.5), parent="P1")
    later = outline_text(120.0, 29.0, 0.5, 0.6)
    await enter(house, "U1", later, parent="P1", valid_from="2024-01-01")

    now = await read(house, f"{BOUNDARIES}/U1")
    then = await read(house, f"{BOUNDARIES}/U1", as_of="2023-12-31")
    before = await house.get(f"{BOUNDARIES}/U1", "E01-1", as_of="2019-12-31")

    assert now["properties"]["version"] == 2
    assert json.dumps(now["geometry"]["coordinates"]) == json.dumps(
        json.loads(later)["coordinates"]
    )
    assert now["properties"]["geometry_hash"] == read_outline(later).hash
    assert [each["version"] for each in now["versions"]] == [2, 1]
    assert then["properties"]["version"] == 1
    assert float(then["properties"]["km2"]) < float(now["properties"]["km2"])
    assert (before.status_code, before.json()["code"]) == (404, "gep.boundary_unknown")


async def test_units_are_listed_by_parent_page_by_page(house: House) -> None:
    await enter(house, "P2", outline_text(120.0, 29.0, 2.0, 1.0))
    for number in (1, 2, 3):
        await enter(house, f"U2{number}", parent="P2")

    first = await read(house, BOUNDARIES, parent="P2", limit="2")
    second = await read(house, BOUNDARIES, parent="P2", limit="2", cursor=first["next"])
    bare = await read(house, BOUNDARIES, parent="P2", with_geometry="false")
    roots = await read(house, BOUNDARIES, parent="", limit="1000")

    assert first["type"] == "FeatureCollection"
    assert [each["id"] for each in first["features"]] == ["U21", "U22"]
    assert [each["id"] for each in second["features"]] == ["U23"]
    assert second["next"] is None
    assert {each["geometry"] for each in bare["features"]} == {None}
    assert "P2" in {each["id"] for each in roots["features"]}
    assert "U21" not in {each["id"] for each in roots["features"]}


async def test_any_drawing_of_one_outline_has_one_hash(house: House) -> None:
    ring = [[121.0, 29.1], [121.0, 29.4], [121.4, 29.4], [121.4, 29.1], [121.0, 29.1]]
    turned = json.dumps({"type": "MultiPolygon", "coordinates": [[ring]]})
    await enter(house, "U3")
    body = {"area": "U3", "name": "单元U3", "unit_kind": "region", "valid_from": "2021-01-01"}

    answer = await house.post(BOUNDARIES, body | {"geometry": turned}, "R-1")

    assert (answer.status_code, answer.json()["code"]) == (409, "gep.boundary_unchanged")


async def test_an_account_of_other_land_is_marked_and_not_refused(house: House) -> None:
    await enter(house, "U4")
    shown = await read(house, f"{BOUNDARIES}/U4")
    area = {"id": "U4", "name": "丁县", "km2": "1500", "geometry_hash": "00" * 32}
    account = await publish(house, plan(2024, "1000", "50", id="u4-2024", area=area))
    fits = area | {
        "km2": shown["properties"]["km2"],
        "geometry_hash": shown["properties"]["geometry_hash"],
    }
    fitting = await publish(house, plan(2025, "1000", "50", id="u4-2025", area=fits))

    found = (await read(house, f"{BOUNDARIES}/U4"))["accounts"]

    assert [(each["account"], each["doubts"]) for each in found] == [
        (account, ["geometry_unregistered", "km2_differs"]),
        (fitting, []),
    ]


async def test_the_rows_give_the_machine_its_units_again(house: House) -> None:
    await enter(house, "U5")

    async with house.pool.acquire() as connection:
        loaded = await load_machine(cast("asyncpg.Connection", connection))

    assert state_hash(loaded) == state_hash(house.machine)
