"""Exports and reports know where an account lies: its boundary, its neighbours, what is open."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from gateway.cli.gep_group import app
from gateway.cli.served import KEY_VARIABLE
from gep.exchange.checking import checked
from gep.space.outline import read_outline
from tests.gateway.api.house import House, secret_of
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep import ACCOUNTS, plan, publish, read
from tests.gateway.api.test_gep_space import enter
from tests.gep.space.squares import outline_text

pytestmark = pytest.mark.asyncio(loop_scope="module")
WEST, EAST = outline_text(120.0, 29.0, 0.5, 0.5), outline_text(120.5, 29.0, 0.5, 0.5)
WHOLE = outline_text(120.0, 29.0, 1.0, 0.5)


def of_area(area: str, year: int, tonnes: str, **about: Any) -> dict[str, Any]:
    place = {"id": area, "name": f"单元{area}", "km2": "2700"} | about
    return plan(year, tonnes, "50", id=f"{area.lower()}-{year}", area=place)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def county(house: House) -> str:
    """A county in a prefecture, with a neighbour, and accounts of years."""
    await enter(house, "S0", WHOLE)
    await enter(house, "S1", WEST, parent="S0")
    await enter(house, "S2", EAST, parent="S0")
    await publish(house, of_area("S2", 2025, "30000"))
    for year in (2020, 2021, 2022, 2023):
        await publish(house, of_area("S1", year, str(41000 + 100 * (year - 2020))))
    return await publish(house, of_area("S1", 2025, "36000"))


async def exported(house: House, account: str, **asked: str) -> Any:
    return await house.get(f"{ACCOUNTS}/{account}/export", "E01-1", **asked)


async def reported(house: House, account: str, actor: str = "E01-1", **asked: str) -> Any:
    asked = {"lang": "en"} | asked
    return await house.get(f"{ACCOUNTS}/{account}/report", actor, **asked)


async def test_an_export_has_the_boundary_of_the_end_of_its_year(house: House, county: str) -> None:
    answer = await exported(house, county, format="geojson")
    alone = await exported(house, county, format="geojson", boundary="none")

    area = answer.json()["features"][0]
    assert area["geometry"]["coordinates"] == json.loads(WEST)["coordinates"]
    assert answer.json()["bbox"] == [120.0, 29.0, 120.5, 29.5]
    assert alone.json()["features"][0]["geometry"] is None
    assert checked(answer.content, expected=county).found == ()


async def test_another_boundary_has_another_etag(house: House) -> None:
    await enter(house, "S3", WEST)
    account = await publish(house, of_area("S3", 2024, "1000"))
    paths = [f"{ACCOUNTS}/{account}/export", f"{ACCOUNTS}/{account}/report"]

    first = [(await house.get(each, "E01-1")).headers["etag"] for each in paths]
    again = [(await house.get(each, "E01-1")).headers["etag"] for each in paths]
    await enter(house, "S3", EAST, valid_from="2024-07-01")
    later = [(await house.get(each, "E01-1")).headers["etag"] for each in paths]

    assert first == again
    assert all(one != other for one, other in zip(first, later, strict=True))


async def test_a_stated_hash_names_the_boundary_whenever_it_held(house: House) -> None:
    await enter(house, "S4", WEST)
    await enter(house, "S4", EAST, valid_from="2024-01-01")
    named = {"geometry_hash": read_outline(WEST).hash}
    account = await publish(house, of_area("S4", 2025, "1000", **named))
    other = await publish(house, of_area("S4", 2024, "1000", geometry_hash="00" * 32))

    found = await exported(house, account, format="geojson", boundary="required")
    refused = await exported(house, other, format="geojson", boundary="required")
    bare = await exported(house, other, format="geojson")

    geometry = found.json()["features"][0]["geometry"]
    assert geometry["coordinates"] == json.loads(WEST)["coordinates"]
    assert checked(found.content, expected=account).found == ()
    assert (refused.status_code, refused.json()["code"]) == (409, "gep.geometry_hash_unfit")
    assert (refused.json()["field"], refused.json()["found"]) == (
        "boundary",
        read_outline(EAST).hash,
    )
    assert (bare.status_code, bare.json()["features"][0]["geometry"]) == (200, None)


async def test_an_account_without_a_boundary_is_exported_unless_one_is_required(
    house: House,
) -> None:
    account = await publish(house, of_area("S5", 2025, "1000"))

    bare = await exported(house, account, format="geojson")
    refused = await exported(house, account, boundary="required")
    wrong = await exported(house, account, boundary="some")

    assert bare.json()["features"][0]["geometry"] is None
    assert (refused.status_code, refused.json()["code"]) == (409, "gep.boundary_missing")
    assert "2025-12-31" in refused.json()["expected"]
    assert (wrong.status_code, wrong.json()["field"]) == (422, "boundary")


async def test_an_account_shows_what_is_doubtful_of_its_area(house: House, county: str) -> None:
    await enter(house, "S6", WEST)
    account = await publish(house, of_area("S6", 2025, "1000", km2="1500", geometry_hash="00" * 32))

    shown = await read(house, f"{ACCOUNTS}/{account}")
    fitting = await read(house, f"{ACCOUNTS}/{county}")
    page = (await reported(house, account)).text

    assert shown["doubts"] == ["geometry_unregistered", "km2_differs"]
    assert fitting["doubts"] == []
    assert "more than 1 % off what the area" in page
    assert "the hash of a boundary that the area has never had" in page


async def test_the_command_says_what_is_doubtful_of_the_area(house: House) -> None:
    await enter(house, "S7", WEST)
    account = await publish(house, of_area("S7", 2025, "1000", km2="1500"))

    async with listening(house) as url:
        shown = await asyncio.to_thread(
            CliRunner().invoke,
            app,
            ["show", account, "--lang", "zh", "--url", url],
            env={KEY_VARIABLE: secret_of("E01-1")},
        )

    assert shown.exit_code == 0, shown.output
    assert "区域存疑: km2_differs (所填面积与登记边界的面积相差超过 1%)" in shown.output


async def test_a_report_shows_the_county_among_its_neighbours_with_what_is_open(
    house: House, county: str
) -> None:
    before = await reported(house, county)
    due = await read(house, "/gep/warnings/due", "R-1", year="2025", area="S1")
    fall = next(each for each in due["due"] if each["rule"] == "decline")
    names = ("rule", "account", "base", "service")
    await house.do("/gep/warnings", {name: fall[name] or "" for name in names}, "R-1")

    page = (await reported(house, county, "R-1")).text
    stranger = await reported(house, county)

    assert "单元S2" in page
    assert "This account is 单元S1, drawn bold" in page
    assert "belong to no unit" not in page
    assert "a fall of 6.64% a year at constant prices, limit 5.00%" in page
    assert "a fall of" not in stranger.text
    assert stranger.headers["etag"] == before.headers["etag"]


async def test_a_report_of_a_prefecture_shows_its_counties(house: House, county: str) -> None:
    account = await publish(house, of_area("S0", 2025, "70000", km2="5400"))

    page = (await reported(house, account)).text

    assert county
    assert "None of 2 units" not in page
    assert "2 of 2 units have a value" in page
    # 3.5 - (1.8 + 1.5) million yuan.
    assert "total less the units' own accounts is 0.2000 million" in page.replace("&#x27;", "'")


async def test_the_course_of_the_years_and_price_indices_are_asked_for(
    house: House, county: str
) -> None:
    base = (await read(house, ACCOUNTS, area="S1", year="2023"))["accounts"][0]["account"]

    plain = (await reported(house, county)).text
    course = (await reported(house, county, years="2020-2026")).text
    deflated = (await reported(house, county, base=base, material="1.03", cultural="1.1")).text

    assert "Course of the years" not in plain
    assert "Mann-Kendall" in course
    assert "deflated by a price index of 1.03" in deflated
    assert "deflated by a price index of 1.1" in deflated


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"years": "2020"}, "years"),
        ({"years": "2025-2020"}, "years"),
        ({"years": "1900-2020"}, "years"),
        ({"material": "-1"}, "material"),
    ],
)
async def test_what_cannot_be_told_is_refused(
    house: House, county: str, asked: dict[str, str], field: str
) -> None:
    answer = await reported(house, county, **asked)

    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_the_commands_give_the_same_bytes(house: House, county: str, tmp_path: Path) -> None:
    out, drawn = tmp_path / "r.html", tmp_path / "e.geojson"
    reporting = ["report", county, "--years", "2020-2026", "--deflator", "material=1.03"]
    exporting = ["export", county, "--format", "geojson", "--out", str(drawn)]
    async with listening(house) as url:
        for words in ([*reporting, "--lang", "zh", "--out", str(out)], exporting):
            shown = await asyncio.to_thread(
                CliRunner().invoke,
                app,
                [*words, "--url", url],
                env={KEY_VARIABLE: secret_of("E01-1")},
            )
            assert shown.exit_code == 0, shown.output

    report = await reported(house, county, lang="zh", years="2020-2026", material="1.03")
    export = await exported(house, county, format="geojson")

    assert out.read_bytes() == report.content
    assert drawn.read_bytes() == export.content
