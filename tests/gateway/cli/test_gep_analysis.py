"""`./ecorights gep contribution`, `stocks`, `weather`, `sensitivity` at a terminal."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli.gep_analysis_words import GAPS
from gateway.cli.gep_group import app
from gateway.settings import CHECKOUT
from gep.accounts.stocks import Gap

PAGES = CHECKOUT / "docs" / "gep"
RIVER = [str(PAGES / f"river-{year}.json") for year in (2025, 2026)]
STOCKS = str(PAGES / "river-stocks.json")
VALLEY = str(PAGES / "valley-2026.json")


def told(*arguments: str) -> tuple[int, dict[str, Any]]:
    shown = CliRunner().invoke(app, [*arguments, "--json"])
    return shown.exit_code, json.loads(shown.stdout.splitlines()[-1])


def words(*arguments: str) -> str:
    return CliRunner().invoke(app, list(arguments)).stdout


def test_years_of_stocks_that_do_not_follow_end_with_one() -> None:
    status, found = told("stocks", STOCKS, *RIVER)
    follows, _ = told("stocks", *RIVER)

    assert (status, follows) == (1, 0)
    assert [each["year"] for each in found["years"]] == [2025, 2026, 2027]
    assert found["gaps"] == [{"year": 2027, "resource": "timber", "code": "opens_elsewhere"}]
    assert [each["change"] for each in found["changes"]] == ["100", "19000", "-4"]


def test_a_year_without_the_one_before_it_is_not_checked() -> None:
    _, found = told("stocks", RIVER[0], STOCKS)

    assert (found["gaps"], found["years_unchecked"]) == ([], [2027])


def test_stocks_of_two_areas_of_one_year_or_of_none_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    document = json.loads(Path(STOCKS).read_bytes())
    other.write_text(json.dumps(document | {"area": {"id": "1", "name": "A"}}), encoding="utf-8")

    assert told("stocks", STOCKS, str(other))[1]["error"]["code"] == "gep.areas_mixed"
    assert told("stocks", STOCKS, STOCKS)[1]["error"]["code"] == "gep.year_doubled"
    assert told("stocks", VALLEY)[1]["error"]["code"] == "gep.stocks_missing"
    assert told("stocks", str(tmp_path / "none.json"))[0] == 2


def test_a_dry_year_is_told_apart_from_a_decline() -> None:
    status, found = told("weather", *reversed(RIVER))
    (growth,) = found["growth_at_mean_weather"]
    page = words("compare", *RIVER)

    assert (status, growth["growth"], growth["breaks"]) == (0, "-0.000099", [])
    assert "growth at constant prices -22.30%" in page
    assert "growth at constant prices and five-year mean weather -0.01%" in page
    assert "stock timber: 512,000 -> 520,200 +8,200 m3" in page
    assert told("weather", VALLEY)[1]["error"]["code"] == "gep.mean_missing"


def test_shares_of_areas_and_of_a_change() -> None:
    _, areas = told("contribution", RIVER[1], VALLEY)
    _, change = told("contribution", RIVER[1], "--since", RIVER[0])
    _, whole = told("contribution", RIVER[1], "--whole", VALLEY)
    status, many = told("contribution", *RIVER, "--since", VALLEY)

    assert sum(float(each["share"]) for each in areas["areas"]) == pytest.approx(1)
    assert change["services"][0]["service"] == "R1"
    assert sum(float(each["share"]) for each in change["services"]) == pytest.approx(1)
    assert whole["rest"]["area"] == "331199"
    assert (status, many["error"]["code"]) == (2, "gep.too_many")


def test_the_figure_that_moves_the_total_most_stands_first() -> None:
    _, found = told("sensitivity", VALLEY)
    page = words("sensitivity", VALLEY)

    assert [each["name"] for each in found["figures"] if each["elastic"]] == ["rain"]
    assert "rain 1390 mm: water  [elastic]" in page
    assert "not taken" in page


def test_figures_of_an_account_and_the_tree_are_shown() -> None:
    _, found = told("indices", VALLEY)
    _, tree = told("services")

    assert (found["gep_to_gdp"], found["conversion_yuan"]) == ("0.290494", "19979500.00")
    assert tree["services"][4]["units"] == ["m3"]
    assert "R9  regulating: oxygen release [t_O2]" in words("services")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stocks", *RIVER, STOCKS), ("期初", "期末", "期初与上年期末不符")),
        (("weather", *RIVER), ("五年平均气象", "不变价增长")),
        (("sensitivity", VALLEY), ("弹性", "算式不接受")),
        (("contribution", VALLEY), ("各科目", "水源涵养", "扣减区域外流入")),
        (("contribution", RIVER[1], "--since", RIVER[0]), ("拉动百分点",)),
        (("indices", VALLEY), ("两山转化价值", "绿金指数")),
        (("services",), ("负面服务", "无对应")),
        (("account", RIVER[1]), ("资源存量", "按五年平均气象")),
        (("compare", *RIVER), ("2026 按 2025 年价格", "按当年价格")),
        (("trend", *RIVER), ("百万元, 按 2025 年价格",)),
    ],
)
def test_pages_speak_chinese(arguments: tuple[str, ...], said: tuple[str, ...]) -> None:
    page = words(*arguments, "--lang", "zh")

    assert all(each in page for each in said)


def test_every_gap_has_chinese_words() -> None:
    assert GAPS.keys() == set(Gap)
