"""The fairness report by API and command line: as the single scores say, and it names nobody."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from gateway.database_server import DatabaseServer
from tests.gateway.api.archives import fact, open_archives, report
from tests.gateway.api.house import DAY, House, furnish, secret_of, serving
from tests.gateway.api.test_documentation import listening
from tests.gateway.cli.commands import ecorights, result_of

pytestmark = pytest.mark.asyncio(loop_scope="module")
# The south is where the one person lives of whom nothing is known.
NORTH, SOUTH = "330100", "331102"
SIZES = {NORTH: 12, SOUTH: 11}
PATH = "/credit/fairness"
GRADES = ("AAA", "AA", "A", "B", "C", "D")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def county(cluster: DatabaseServer, template_database: str) -> AsyncIterator[House]:
    async with serving(cluster, template_database) as house:
        await furnish(house)
        await open_archives(house)
        await house.do(
            "/keys", {"actor": "AUD", "party": "R", "roles": ["auditor"], "digest": "9" * 64}
        )
        people = [(f"N{n}", NORTH) for n in range(12)] + [(f"S{n}", SOUTH) for n in range(11)]
        parties = [
            {"kind": "register_party", "party": name, "party_kind": "person", "name": name}
            for name, _ in people
        ]
        await house.do("/transactions", {"operations": parties})
        for name, region in people:
            subject = {"party": name, "subject_kind": "person", "region": region}
            await house.do("/credit/subjects", subject)
        rules = ["P-LIVE-01", "P-PROT-13"]
        authorise = {"kind": "credit_authorise_department", "department": "D1", "rules": rules}
        await house.propose(authorise | {"decision": "2026/3"}, maker="R-1", checker="R-2")
        for name, region in people:
            # In the south all but one did what costs 150 points.
            rule = "P-LIVE-01" if region == NORTH or name == "S0" else "P-PROT-13"
            await report(house, fact(name, subject=name, rule=rule))
        async with listening(house) as url:
            house.names["url"] = url
            yield house


async def _grades(house: House) -> dict[str, Counter[str]]:
    """Return the grades of each region by the single scores."""
    found = {NORTH: Counter[str](), SOUTH: Counter[str]()}
    for prefix, region in (("N", NORTH), ("S", SOUTH)):
        for number in range(SIZES[region]):
            path = f"/credit/subjects/{prefix}{number}/score"
            found[region][(await house.get(path, "R-1")).json()["grade"]] += 1
    return found


def _regions(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    [column] = [c for c in body["columns"] if (c["column"], c["kind"]) == ("region", "person")]
    return {group["group"]: group for group in column["groups"]}


async def test_the_shares_are_those_of_the_single_scores(county: House) -> None:
    grades = await _grades(county)
    best = next(each for each in GRADES if any(each in found for found in grades.values()))

    response = await county.get(PATH, "R-1", least="10", favourable=best)

    body = response.json()
    assert (response.status_code, body["as_of"], body["favourable"][-1]) == (200, DAY, best)
    regions = _regions(body)
    counted = {name: (group["subjects"], group["not_rated"]) for name, group in regions.items()}
    assert counted == {NORTH: (12, 0), SOUTH: (12, 1)}
    rates = {}
    for region, group in regions.items():
        shares = {each["grade"]: each["share"] for each in group["shares"]}
        expected = {grade: n / SIZES[region] for grade, n in grades[region].items()}
        assert {g: float(s) for g, s in shares.items() if float(s)} == pytest.approx(
            expected, abs=1e-4
        )
        rates[region] = sum(grades[region][grade] for grade in body["favourable"]) / SIZES[region]
        assert float(group["favourable_rate"]) == pytest.approx(rates[region], abs=1e-4)
    worse = min(rates, key=lambda region: rates[region])
    ratio = rates[worse] / max(rates.values())
    assert 0 < ratio < 1
    assert float(regions[worse]["impact_ratio"]) == pytest.approx(ratio, abs=1e-4)
    assert regions[worse]["opens_review"] is (ratio < 0.8)


async def test_small_groups_and_names_do_not_leave(county: House) -> None:
    body = (await county.get(PATH, "R-1", least="10")).json()
    large = (await county.get(PATH, "R-1", least="30")).json()

    [kinds] = [column for column in body["columns"] if column["column"] == "kind"]
    assert kinds["suppressed_groups"] > 0 or len(kinds["groups"]) == 3
    assert _regions(large) == {}
    assert not any(f'"{name}' in json.dumps(body) for name in ("N0", "S0", "P1", "F1"))


async def test_who_does_not_supervise_and_what_does_not_fit_is_refused(county: House) -> None:
    stranger = await county.get(PATH, "P1-1")
    operator = await county.get(PATH, "X-1")
    early = await county.get(PATH, "R-1", as_of="2018-01-01")
    few = await county.get(PATH, "R-1", least="1")
    unknown = await county.get(PATH, "R-1", favourable="ABC")

    assert (stranger.status_code, operator.status_code) == (403, 403)
    assert early.json()["code"] == "credit_scoring.rule_set_missing"
    assert (few.status_code, few.json()["field"]) == (422, "least")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "credit.grade_unknown")
    assert unknown.json()["expected"] == "AAA, AA, A, B, C, D"


async def test_the_command_prints_the_report_in_words_and_as_json(county: House) -> None:
    def run(*words: str) -> Any:
        more = ("--url", county.names["url"], "--least", "10")
        return ecorights("credit", "fairness", *words, *more, ECORIGHTS_KEY=secret_of("R-1"))

    told = await asyncio.to_thread(run)
    as_json = await asyncio.to_thread(run, "--json")

    assert told.returncode == 0, told.stderr
    assert "region of person, against" in told.stdout
    assert _regions(result_of(as_json)).keys() == SIZES.keys()
