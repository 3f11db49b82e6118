"""The map over HTTP: figures, classes, pins, doubts, and units without data."""

from typing import Any

import pytest
import pytest_asyncio

from tests.gateway.api.house import House
from tests.gateway.api.test_gep import plan, publish, read
from tests.gateway.api.test_gep_space import enter
from tests.gep.space.squares import outline_text

pytestmark = pytest.mark.asyncio(loop_scope="module")
TONNES = {"M1": ("40000", "44000"), "M2": ("20000", "10000"), "M3": (None, "30000")}


def of_area(area: str, year: int, tonnes: str) -> dict[str, Any]:
    place = {"id": area, "name": area, "km2": "1000", "population": "100"}
    return plan(year, tonnes, "50", id=f"{area}-{year}", area=place)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def land(house: House) -> str:
    """Four units of a parent: one without an account, one without an earlier one."""
    await enter(house, "M", outline_text(120.0, 29.0, 2.0, 1.0))
    for number, area in enumerate((*TONNES, "M4")):
        await enter(house, area, outline_text(120.0 + number, 29.0, 0.5, 0.5), parent="M")
    for area, (before, now) in TONNES.items():
        for year, tonnes in ((2021, before), (2022, now)):
            if tonnes is not None:
                await publish(house, of_area(area, year, tonnes))
    return "M"


async def shown(house: House, land: str, **params: str) -> dict[str, dict[str, Any]]:
    found = await read(house, "/gep/map", "R-1", year="2022", parent=land, **params)
    return {each["id"]: each["properties"] for each in found["features"]}


async def test_a_map_is_painted_without_computing(house: House, land: str) -> None:
    found = await read(house, "/gep/map", year="2022", parent=land)
    by_area = {each["id"]: each["properties"] for each in found["features"]}

    assert found["type"] == "FeatureCollection"
    assert {each["geometry"]["type"] for each in found["features"]} == {"MultiPolygon"}
    assert [by_area[area]["value"] for area in ("M1", "M2", "M3")] == [
        "2200000.00",
        "500000.00",
        "1500000.00",
    ]
    assert found["classes"]["quantile"] == [
        "500000.00",
        "1500000.00",
        "1500000.00",
        "2200000.00",
        "2200000.00",
    ]
    assert [by_area[area]["class_quantile"] for area in ("M1", "M2", "M3")] == [4, 1, 2]
    assert [by_area[area]["class_equal"] for area in ("M1", "M2", "M3")] == [5, 1, 3]
    assert (by_area["M4"]["value"], by_area["M4"]["no_data"]) == (None, "no_account")
    assert (found["without_data"], found["measured_in"]) == (1, "yuan")


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"measure": "per_km2"}, ["2200.00", "500.00", "1500.00", None]),
        ({"measure": "per_head", "service": "R8"}, ["22000.00", "5000.00", "15000.00", None]),
        ({"measure": "share"}, ["0.523810", "0.119048", "0.357143", None]),
        ({"measure": "share", "group": "regulating"}, ["1.000000"] * 3 + [None]),
        (
            {"measure": "growth_constant", "base_year": "2021"},
            ["0.100000", "-0.500000", None, None],
        ),
        ({"service": "M1"}, [None] * 4),
        ({"price_year": "2030"}, [None] * 4),
    ],
)
async def test_a_map_of_every_measure(
    house: House, land: str, params: dict[str, str], expected: list[str | None]
) -> None:
    found = await shown(house, land, **params)

    assert [found[f"M{number}"]["value"] for number in range(1, 5)] == expected


async def test_a_unit_without_data_says_why(house: House, land: str) -> None:
    growth = await shown(house, land, measure="growth_constant", base_year="2021")
    service = await shown(house, land, service="M1", with_geometry="false")

    assert [growth[area]["no_data"] for area in ("M2", "M3", "M4")] == [
        None,
        "no_base_account",
        "no_account",
    ]
    assert service["M1"]["no_data"] == "not_in_account"


async def test_open_warnings_are_pins_for_those_who_see_them(house: House, land: str) -> None:
    due = await read(house, "/gep/warnings/due", "R-1", year="2022", area="M2")
    names = ("rule", "account", "base", "service")
    for each in due["due"]:
        await house.do("/gep/warnings", {name: each[name] or "" for name in names}, "R-1")

    found = await shown(house, land)
    other = await read(house, "/gep/map", "E01-1", year="2022", parent=land)

    assert {each["rule"] for each in found["M2"]["pins"]} == {"decline", "service_share"}
    assert found["M1"]["pins"] == []
    assert found["M2"]["doubts"] == ["km2_differs"]
    assert [each["properties"]["pins"] for each in other["features"]] == [[], [], [], []]
