"""Questions about accounts over HTTP: shares, courses, doubts, what ships; nothing is stored."""

from typing import Any

import pytest
import pytest_asyncio

from gateway.api.gep_analysis_examples import PRINTED
from gateway.api.gep_examples import ACCOUNT, PLAN
from gep.accounts.account import WarningCode
from gep.registry.shipped import editions, parameter_sets, services
from tests.gateway.api.house import House
from tests.gateway.api.test_gep import draft, plan, publish, read

pytestmark = pytest.mark.asyncio(loop_scope="module")
RAIN = {
    "value": "1200",
    "unit": "mm",
    "source": "gauge",
    "low": "1000",
    "high": "1400",
    "mean_5y": {"value": "1000", "source": "gauge"},
}
BALANCE = {"rain": "rain", "runoff": "none", "evapotranspiration": "risen", "area": "forest"}


def watered(year: int, area: str, **changes: Any) -> dict[str, Any]:
    """Return a plan whose water rests on rain: (1200 - 600) mm x 10 hm2 x 10 x 6 = 360,000."""
    inputs = {
        "rain": RAIN,
        "none": {"value": "0", "unit": "mm", "source": "model"},
        "risen": {"value": "600", "unit": "mm", "source": "tower"},
        "forest": {"value": "10", "unit": "hm2", "source": "map"},
        "reservoir": {"value": "6", "unit": "yuan/m3", "basis": "CAPITAL", "source": "paper"},
    }
    water = {"call": "R1.balance", "args": BALANCE}
    lines = [{"id": "water", "service": "R1", "quantity": water, "price": "reservoir"}]
    found = plan(year, "1", "1", id=f"{area}-{year}", inputs=inputs, lines=lines)
    return found | {"area": {"id": area, "name": area, "km2": "10"}} | changes


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def account(house: House) -> str:
    return await publish(house, watered(2025, "990201"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def years(house: House) -> list[str]:
    return [
        await publish(
            house,
            plan(
                year,
                str(40_000 + 1_000 * (year - 2020)),
                "50",
                id=f"990203-{year}",
                area={"id": "990203", "name": "汐口县", "km2": "900"},
            ),
        )
        for year in range(2020, 2025)
    ]


async def test_a_bank_reads_how_far_off_an_account_may_be(house: House, account: str) -> None:
    path = f"/gep/accounts/{account}/uncertainty"
    found = await read(house, path, draws="200", seed="7")
    again = await read(house, path, "E02-1", draws="200", seed="7")
    refused = await house.get(path, "E01-1", draws="2001")

    assert found == again
    assert (found["agrees"], found["doubted"], found["draws"]) == (True, 1, 200)
    assert float(found["p10_yuan"]) < float(found["p50_yuan"]) < float(found["p90_yuan"])
    assert [each["name"] for each in found["drivers"]] == ["rain"]
    assert (refused.status_code, refused.json()["code"]) == (422, "request.out_of_range")


async def test_what_moves_an_account_is_told_in_order(house: House, account: str) -> None:
    found = await read(house, f"/gep/accounts/{account}/sensitivity")

    # Ours: (1800 - 600) / 600 - 1 = 1 for half as much rain again: 1 / 0.5 = 2.
    first, *_ = found["figures"]
    assert (first["name"], first["up"], first["elastic"]) == ("rain", "2.000000", True)
    assert found["total_yuan"] == "360000.00"


async def test_mean_weather_stands_beside_the_year(house: House, account: str) -> None:
    found = await read(house, f"/gep/accounts/{account}/weather")

    assert (found["total_yuan"], found["mean_total_yuan"]) == ("360000.00", "240000.00")
    assert found["as_observed"] == []


async def test_years_are_compared_at_mean_weather(house: House, account: str) -> None:
    dry = watered(2026, "990201")
    dry["inputs"] = dry["inputs"] | {"rain": RAIN | {"value": "1100"}}
    later = await publish(house, dry)
    found = await read(house, "/gep/weather-comparisons", base=account, current=later)
    refused = await house.get("/gep/weather-comparisons", "E01-1", base=later, current=account)

    # Ours: 500 mm after 600 mm is -16.67 %; the means are both 400 mm.
    assert (found["growth"], found["growth_at_mean_weather"]) == ("-0.166667", "0.000000")
    assert (found["base_mean_total_yuan"], found["agrees"]) == ("240000.00", True)
    assert (refused.status_code, refused.json()["code"]) == (409, "gep.years_reversed")


async def test_an_account_has_its_figures_in_one_answer(house: House, account: str) -> None:
    found = await read(house, f"/gep/accounts/{account}/indices")

    # Ours: 360,000 yuan on 10 km2, all of it regulating.
    assert (found["per_km2_yuan"], found["regulating_share"]) == ("36000.00", "1.000000")
    assert (found["conversion_yuan"], found["realised"]) == ("0.00", "0.000000")
    assert (found["per_head_yuan"], found["gep_to_gdp"]) == (None, None)


async def test_a_stored_account_is_audited_as_any_other(house: House, account: str) -> None:
    found = await read(house, f"/gep/accounts/{account}/audit")

    assert (found["errors"], found["findings"]) == (0, [])
    assert found["corrected_total_yuan"] == "360000.00"


async def test_an_account_without_an_answer_says_why(house: House, years: list[str]) -> None:
    none = await house.get(f"/gep/accounts/{years[0]}/weather", "E01-1")
    unknown = await house.get(f"/gep/accounts/{'00' * 32}/sensitivity", "E01-1")

    assert (none.status_code, none.json()["code"]) == (409, "gep.mean_missing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "gep.account_unknown")


async def test_drafts_are_examined_by_those_who_work_on_them_alone(house: House) -> None:
    hidden = await draft(house, watered(2025, "990299"))
    path = f"/gep/accounts/{hidden}/sensitivity"

    assert (await read(house, path, "R-1"))["account"] == hidden
    assert (await house.get(path, "E01-1")).status_code == 404


async def test_years_that_count_have_a_course_and_from_five_on_a_trend(
    house: House, years: list[str]
) -> None:
    found = await read(house, "/gep/trend", area="990203")
    short = await read(house, "/gep/trend", area="990203", **{"from": "2021", "to": "2024"})
    one = await read(house, "/gep/trend", area="990203", **{"from": "2024"})
    none = await read(house, "/gep/trend", area="990298")

    assert [each["account"] for each in found["years"]] == years
    # Ours: 1000 t more a year at 50 yuan.
    assert (found["slope_yuan"], found["statistic"]) == ("50000.00", 10)
    assert found["years"][1]["year_on_year"] == "0.025000"
    assert (short["p_value"], len(short["years"]), short["years_needed"]) == (None, 4, 5)
    assert [each["constant_yuan"] for each in one["years"]] == ["2200000.00"]
    assert none["years"] == []


async def test_areas_share_a_year(house: House, account: str) -> None:
    await publish(house, watered(2025, "990202", inflow_deduction={"yuan": "90000", "source": "s"}))
    found = await read(house, "/gep/contributions", year="2025", areas="990201,990202")
    whole = await read(house, "/gep/contributions", year="2025", areas="990202", whole="990201")

    # Ours: 360,000 and 270,000 of 630,000.
    assert [(each["area"], each["share"]) for each in found["areas"]] == [
        ("990201", "0.571429"),
        ("990202", "0.428571"),
    ]
    assert found["areas"][0]["account"] == account
    assert found["deduction"]["share"] == "-0.142857"
    assert (whole["rest"]["value_yuan"], whole["areas"][0]["share"]) == ("90000.00", "0.750000")


async def test_services_share_a_change(house: House, years: list[str]) -> None:
    found = await read(house, "/gep/change-contributions", base=years[0], current=years[-1])
    reversed_ = await house.get(
        "/gep/change-contributions", "E01-1", base=years[-1], current=years[0]
    )

    (service,) = found["services"]
    assert (service["service"], service["share"], service["points"]) == (
        "R8",
        "1.000000",
        "0.100000",
    )
    assert reversed_.json()["code"] == "gep.years_reversed"


async def test_accounts_at_several_prices_want_one_chosen(house: House) -> None:
    await publish(house, watered(2024, "990204"))
    await publish(house, watered(2024, "990204", id="990204-at-2020", price_year="2020"))
    unclear = await house.get("/gep/trend", "E01-1", area="990204")
    chosen = await read(house, "/gep/trend", area="990204", price_year="2020")

    assert (unclear.status_code, unclear.json()["code"]) == (422, "gep.price_year_unclear")
    assert len(chosen["years"]) == 1


async def test_a_plan_is_tried_out_and_nothing_is_kept(house: House) -> None:
    before = await house.state()
    answer = await house.http.post(
        "/v1/gep/previews", json={"plan": PLAN}, headers=house.headers("E01-1")
    )
    found = answer.json()

    assert (answer.status_code, found["account"]) == (200, ACCOUNT)
    assert found["document"]["total_yuan"] == found["total_yuan"] == "3209500.00"
    codes = {each["code"] for each in found["warnings"]}
    assert WarningCode.EDITION_UNCHECKED in codes
    assert await house.state() == before


async def test_a_printed_account_is_audited_and_a_plan_as_well(house: House) -> None:
    async def ask(account: dict[str, Any]) -> Any:
        return await house.http.post(
            "/v1/gep/audits", json={"account": account}, headers=house.headers("E01-1")
        )

    found = (await ask(PRINTED)).json()
    own = (await ask(PLAN)).json()
    large = await ask(PRINTED | {"note": "x" * 160_001})

    # Ours: 4900 x 655 = 3,209,500, printed as 329.05 x 10,000.
    (error,) = [each for each in found["findings"] if each["place"] == "timber"]
    assert (error["rule"], error["difference_yuan"]) == ("swapped_digits", "-81000.00")
    assert found["corrected_total_yuan"] == "3209500.00"
    assert (own["errors"], own["account"]) == (0, "yunxi-2025")
    assert (large.status_code, large.json()["code"]) == (413, "gep.account_too_large")


async def test_what_ships_is_read_with_its_marks(house: House) -> None:
    norms = (await read(house, "/gep/editions"))["editions"]
    sets = (await read(house, "/gep/parameter-sets"))["parameter_sets"]
    one = await read(house, "/gep/parameter-sets/zhejiang-0.1")
    tree = (await read(house, "/gep/services"))["services"]

    assert [each["id"] for each in norms] == [each.id for each in editions()]
    assert [each["version"] for each in sets] == list(parameter_sets())
    assert (one["extends"], {each["mark"] for each in one["parameters"]}) == (
        "reference-0.1",
        {"K"},
    )
    assert [each["code"] for each in tree] == list(services())


async def test_stocks_are_published_compared_and_break_where_they_do_not_follow(
    house: House,
) -> None:
    stock = {
        "resource": "林地",
        "unit": "hm2",
        "opening": "100",
        "additions": [{"cause": "造林", "quantity": "8.5"}],
        "reductions": [{"cause": "采伐", "quantity": "3"}],
        "closing": "105.5",
        "source": "森林资源调查",
    }
    later = stock | {"opening": "105", "additions": [], "reductions": [], "closing": "105"}
    base = await publish(house, watered(2025, "990205", stocks=[stock]))
    current = await publish(house, watered(2026, "990205", stocks=[later]))

    shown = await read(house, f"/gep/accounts/{base}")
    again = await read(house, f"/gep/accounts/{base}/recomputation")
    found = (await read(house, "/gep/comparisons", base=base, current=current))["document"]

    assert shown["document"]["stocks"] == [stock]
    assert again["agrees"]
    assert found["breaks"] == [{"code": "stock_opens_elsewhere", "place": "林地: opens_elsewhere"}]
    assert found["stocks"][0]["change"] == "-0.5"
