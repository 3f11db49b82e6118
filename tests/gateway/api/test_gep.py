"""Accounts over HTTP: their course, read down to the source, compared, cited."""

import json
from typing import Any, cast

import asyncpg
import pytest
import pytest_asyncio

from gateway.api.gep_examples import ACCOUNT, PLAN
from gateway.wiring import load_machine
from gep.accounts.making import make_account
from gep.accounts.reading import read_plan
from ledger.state_hash import state_hash
from tests.gateway.api.house import House

pytestmark = pytest.mark.asyncio(loop_scope="module")
ACCOUNTS = "/gep/accounts"
LAND = {"product": "county survey", "resolution_m": "30"}


def plan(year: int, tonnes: str, price: str, **changes: Any) -> dict[str, Any]:
    """Return the plan of a year: carbon at a price that is the account's own input."""
    inputs = {
        "carbon": {"value": tonnes, "unit": "t_CO2", "source": f"inventory {year}"},
        "price": {"value": price, "unit": "yuan/t_CO2", "source": f"exchange {year}"},
    }
    of_year = {
        "id": f"yunxi-{year}",
        "year": year,
        "land_cover": LAND,
        "inputs": inputs,
        "lines": [{"id": "carbon", "service": "R8", "quantity": "carbon", "price": "price"}],
    }
    return PLAN | of_year | changes


def named(document: dict[str, Any]) -> str:
    return make_account(read_plan(json.dumps(document).encode())).hash


async def draft(house: House, document: dict[str, Any], *, supersedes: str = "") -> str:
    account = named(document)
    body = {"plan": document, "account": account, "supersedes": supersedes}
    await house.do(ACCOUNTS, body, "V-1")
    return account


async def publish(house: House, document: dict[str, Any], *, supersedes: str = "") -> str:
    """Let V-1 draft, R-1 review and propose, R-2 approve, R-1 publish."""
    account = await draft(house, document, supersedes=supersedes)
    body = {"account": account}
    await house.do(f"{ACCOUNTS}/reviews", body | {"outcome": "accepted"}, "R-1")
    approval = body | {"kind": "gep_approve_account", "decision": "2026/17"}
    await house.propose(approval, maker="R-1", checker="R-2")
    await house.do(f"{ACCOUNTS}/publications", body, "R-1")
    return account


async def read(house: House, path: str, actor: str = "E01-1", **params: str) -> dict[str, Any]:
    answer = await house.get(path, actor, **params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def base(house: House) -> str:
    return await publish(house, plan(2023, "40000", "50"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def current(house: House) -> str:
    return await publish(house, plan(2025, "43264", "60"))


async def test_the_example_is_the_account_of_its_plan() -> None:
    assert named(PLAN) == ACCOUNT


async def test_a_published_account_opens_down_to_area_coefficient_and_source(
    house: House, base: str
) -> None:
    shown = await read(house, f"{ACCOUNTS}/{base}")
    [line] = (await read(house, f"{ACCOUNTS}/{base}/lines", service="R8"))["lines"]
    none = (await read(house, f"{ACCOUNTS}/{base}/lines", service="M1"))["lines"]

    assert (shown["account_status"], shown["total_yuan"]) == ("published", "2000000.00")
    people = [shown[name] for name in ("drafted_by", "reviewed_by", "approved_by")]
    assert people == ["V-1", "R-1", "R-2"]
    assert shown["document"]["area"]["name"] == "云汐县"
    assert shown["document"]["lines"] == [line]
    assert (line["quantity"], line["unit"], line["price_yuan"]) == ("40000.000000", "t_CO2", "50")
    assert {each["source"] for each in line["used"]} == {"inventory 2023", "exchange 2023"}
    assert named(shown["plan_document"]) == base
    assert none == []


async def test_an_account_is_computed_again_and_is_the_same(house: House, base: str) -> None:
    found = await read(house, f"{ACCOUNTS}/{base}/recomputation")

    assert (found["agrees"], found["recomputed"], found["error"]) == (True, base, None)


async def test_two_years_are_compared_in_constant_and_current_prices(
    house: House, base: str, current: str
) -> None:
    found = (await read(house, "/gep/comparisons", base=base, current=current))["document"]

    assert (found["growth"], found["breaks"]) == ("0.081600", [])
    assert found["constant_total_yuan"] == "2163200.00"
    assert found["current_total_yuan"] == "2595840.00"
    assert (found["quantity_effect_yuan"], found["price_effect_yuan"]) == ("163200.00", "432640.00")


async def test_a_comparison_that_goes_back_in_time_is_refused(
    house: House, base: str, current: str
) -> None:
    answer = await house.get("/gep/comparisons", "E01-1", base=current, current=base)
    none = await house.get("/gep/comparisons", "E01-1", base=base, current="00" * 32)
    zero = await house.get("/gep/comparisons", "E01-1", base=base, current=current, material="0")

    assert (answer.status_code, answer.json()["code"]) == (409, "gep.years_reversed")
    assert (none.status_code, none.json()["field"]) == (404, "current")
    assert zero.json()["code"] == "gep.deflator_refused"


async def test_a_draft_is_shown_to_those_who_work_on_it_alone(house: House) -> None:
    account = await draft(house, plan(2024, "41000", "50"))

    seen = [await house.get(f"{ACCOUNTS}/{account}", who) for who in ("A-1", "V-1", "E01-1")]
    listed = [
        [each["account"] for each in (await read(house, ACCOUNTS, who, year="2024"))["accounts"]]
        for who in ("R-1", "E01-1")
    ]

    assert [each.status_code for each in seen] == [200, 200, 404]
    assert listed == [[account], []]
    drafts = await read(house, ACCOUNTS, "R-1", status="draft", area="990101")
    assert [each["account"] for each in drafts["accounts"]] == [account]


async def test_the_list_goes_page_by_page(house: House, base: str, current: str) -> None:
    found: list[str] = []
    position: dict[str, str] = {}
    while True:
        page = await read(house, ACCOUNTS, limit="1", area="990101", **position)
        found += [each["account"] for each in page["accounts"]]
        if page["next"] is None:
            break
        position = {"cursor": page["next"]}

    assert found.index(base) < found.index(current)
    assert len(set(found)) == len(found)


async def test_an_approval_is_tried_before_it_is_given(house: House) -> None:
    account = await draft(house, plan(2022, "39000", "50"))
    await house.do(f"{ACCOUNTS}/reviews", {"account": account, "outcome": "accepted"}, "R-2")
    approval = {"kind": "gep_approve_account", "account": account, "decision": "2026/18"}
    proposed = await house.do("/proposals", {"operation": approval}, "R-1")

    tried = await house.post(
        "/proposals/approvals", {"proposal": proposed["proposal"]}, "R-2", dry_run="true"
    )

    problem = tried.json()
    assert (tried.status_code, problem["code"]) == (409, "gep.same_person")
    assert problem["expected"] == "another person than R-2, who reviewed it"


async def test_a_newer_account_marks_every_open_citation_of_the_old_one(house: House) -> None:
    old = await publish(house, plan(2021, "38000", "50"))
    for reference in ("LOAN/1", "LOAN/2", "LOAN/3"):
        body = {"account": old, "party": "E01", "purpose": "loan", "reference": reference}
        await house.do("/gep/citations", body, "E01-1")
    settlement = {"account": old, "party": "E01", "outcome": "ended", "reference": "LOAN/3"}
    await house.do("/gep/citations/settlements", settlement, "E01-1")
    before = await read(house, "/gep/citations", account=old, due="true")

    new = await publish(house, plan(2021, "37000", "50"), supersedes=old)

    due = (await read(house, "/gep/citations", account=old, due="true"))["citations"]
    assert before["citations"] == []
    assert [each["reference"] for each in due] == ["LOAN/1", "LOAN/2"]
    published = (await read(house, f"{ACCOUNTS}/{new}"))["published_in"]
    assert {(each["counting"], each["due_since"]) for each in due} == {(new, published)}
    kept = settlement | {"outcome": "kept", "reference": "LOAN/1"}
    await house.do("/gep/citations/settlements", kept, "E01-2")
    left = (await read(house, "/gep/citations", "R-1", due="true", party="E01"))["citations"]
    assert [each["reference"] for each in left] == ["LOAN/2"]
    assert (await read(house, "/gep/citations", "E02-1", account=old))["citations"] == []
    assert (await read(house, f"{ACCOUNTS}/{old}"))["superseded_by"] == new


async def test_a_draft_that_is_sent_twice_is_drafted_once(house: House) -> None:
    document = plan(2020, "37000", "50")
    body = {"plan": document, "account": named(document)}
    key = house.new_key()

    answers = [await house.post(ACCOUNTS, body, "V-1", key=key) for _ in range(2)]

    assert [each.json()["outcome"] for each in answers] == ["applied", "applied"]
    assert answers[0].json()["receipt"]["entry"] == answers[1].json()["receipt"]["entry"]


async def test_numbers_and_texts_mean_the_same_account(house: House) -> None:
    document = plan(2019, "36000", "50")
    numbers = json.loads(json.dumps(document).replace('"36000"', "36000"))

    await house.do(ACCOUNTS, {"plan": numbers, "account": named(document)}, "V-1")

    shown = await read(house, f"{ACCOUNTS}/{named(document)}", "V-1")
    assert shown["plan_document"]["inputs"]["carbon"]["value"] == "36000"


async def test_income_a_year_is_answered_by_component(house: House) -> None:
    flow = {"income": {"first": "6000000"}, "cost": {"first": "2500000"}}
    compensated = {"income": {"first": "1500000"}, "cost": {"first": "0"}}
    project = {
        "id": "egret-wetland",
        "years": 2,
        "right_years": 18,
        "rate": "0.042",
        "incomes": [
            {"component": "tickets", "service": "C1", **flow},
            {"component": "compensation", "service": "R1", "contract": "2026/3", **compensated},
        ],
    }
    headers = house.headers("E01-1")

    answer = await house.http.post(
        "/v1/gep/marketable-income", json={"project": project}, headers=headers
    )

    found = {each["component"]: each["net_yuan"] for each in answer.json()["components"]}
    assert found == {"tickets": ["3500000.00"] * 2, "compensation": ["1500000.00"] * 2}


async def test_a_writer_that_starts_again_has_the_same_accounts(house: House, base: str) -> None:
    await read(house, f"{ACCOUNTS}/{base}")
    async with house.pool.acquire() as connection:
        loaded = await load_machine(cast("asyncpg.Connection", connection))

    assert state_hash(loaded) == state_hash(house.machine)


@pytest.mark.usefixtures("base")
async def test_a_document_cannot_be_changed_in_the_database(house: House) -> None:
    async with house.pool.acquire() as connection:
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("UPDATE gep_document SET document = '{}'")
