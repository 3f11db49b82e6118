"""A published account as a file over HTTP: whole, checkable alone, the same bytes each time."""

from hashlib import sha256

import pytest
import pytest_asyncio

from gep.exchange.checking import checked
from gep.exchange.exporting import MEDIA_TYPES, Form
from tests.gateway.api.house import House
from tests.gateway.api.test_gep import ACCOUNTS, draft, plan, publish

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def account(house: House) -> str:
    return await publish(house, plan(2019, "40000", "50"))


@pytest.mark.parametrize("form", Form)
async def test_an_account_comes_back_from_what_is_downloaded(
    house: House, account: str, form: Form
) -> None:
    answers = [
        await house.get(f"{ACCOUNTS}/{account}/export", "E01-1", format=form.value)
        for _ in range(2)
    ]

    first, second = answers
    assert (first.status_code, first.headers["content-type"]) == (200, MEDIA_TYPES[form])
    assert first.content == second.content
    assert first.headers["etag"] == f'"{sha256(first.content).hexdigest()}"'
    assert f'filename="yunxi-2019-{account[:8]}' in first.headers["content-disposition"]
    found = checked(first.content, expected=account)
    assert (found.found, found.is_published) == ((), True)


async def test_it_says_who_did_what_in_which_entry(house: House, account: str) -> None:
    shown = (await house.get(f"{ACCOUNTS}/{account}", "E01-1")).json()
    course = (await house.get(f"{ACCOUNTS}/{account}/export", "E01-1")).json()["course"]

    acts = [(each["act"], each["by"], each["entry"]) for each in course["acts"]]
    assert acts == [
        ("drafted", "V-1", shown["entry"]),
        ("reviewed", "R-1", shown["reviewed_in"]),
        ("approved", "R-2", shown["approved_in"]),
        ("published", None, shown["published_in"]),
    ]
    assert (course["status"], course["plan"]) == ("published", shown["plan"])
    logs = {each["log"] for each in course["acts"]}
    (log,) = (await house.get("/ledger/logs", "E01-1")).json()["logs"]
    assert logs == {log["origin"]}


async def test_what_one_has_already_is_not_sent_again(house: House, account: str) -> None:
    first = await house.get(f"{ACCOUNTS}/{account}/export", "E01-1", format="csv")
    path = f"/v1{ACCOUNTS}/{account}/export"
    headers = dict(first.request.headers) | {"If-None-Match": first.headers["etag"]}

    again = await house.http.get(path, params={"format": "csv"}, headers=headers)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_one_table_is_plain_csv(house: House, account: str) -> None:
    answer = await house.get(
        f"{ACCOUNTS}/{account}/export", "E01-1", format="csv", table="lines", bom="true"
    )
    wrong = await house.get(f"{ACCOUNTS}/{account}/export", "E01-1", table="lines")
    none = await house.get(f"{ACCOUNTS}/{account}/export", "E01-1", format="csv", table="wages")
    other = await house.get(f"{ACCOUNTS}/{account}/export", "E01-1", format="pdf")

    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbfposition,id,service,")
    assert [each.status_code for each in (wrong, none, other)] == [422, 422, 422]
    assert [each.json()["field"] for each in (wrong, none, other)] == ["table", "table", "format"]


async def test_a_draft_is_exported_to_those_who_work_on_it_alone(house: House) -> None:
    account = await draft(house, plan(2018, "41000", "50"))
    path = f"{ACCOUNTS}/{account}/export"

    seen = [await house.get(path, who) for who in ("R-1", "E01-1")]

    assert [each.status_code for each in seen] == [200, 404]
    assert seen[0].json()["course"]["status"] == "draft"
    assert seen[1].json()["code"] == "gep.account_unknown"


async def test_an_account_that_is_not_there_is_not_exported(house: House) -> None:
    none = await house.get(f"{ACCOUNTS}/{'0' * 64}/export", "R-1", format="geojson")

    assert (none.status_code, none.json()["field"]) == (404, "account")
