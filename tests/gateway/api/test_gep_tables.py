"""Tables over HTTP: a template is downloaded, filled, tried, and its plan drafted."""

import json
from typing import Any

import pytest

from gateway.api.credit_facts import WORKBOOK
from gateway.api.gep_tables import ZIP
from gep.accounts.making import make_account
from gep.accounts.reading import plan_of
from gep.document import Place, read_document
from gep.tables.layout import Language
from gep.tables.template import archive, pages_from
from tests.gateway.api.house import House
from tests.gep.tables.sheets import Book, example, valley

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def sent(house: House, content: bytes, *, kind: str = WORKBOOK, lang: str = "en") -> Any:
    path = "tables" if kind == WORKBOOK else "table-archives"
    headers = house.headers("V-1") | {"Content-Type": kind, "Accept-Language": lang}
    answer = await house.http.post(f"/v1/gep/{path}", content=content, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def downloaded(house: House, **params: str) -> bytes:
    answer = await house.get("/gep/templates", "V-1", **params)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return bytes(answer.content)


async def test_a_template_is_filled_tried_and_drafted(house: House) -> None:
    book = Book(await downloaded(house, edition="DB33/T 2274-2025", lang="en"), Language.EN)
    for field, value in (("id", "v"), ("area_id", "990105"), ("area_name", "V"), ("km2", 96.5)):
        book.put("area", field, value=value)
    book.put("area", "year", value=2026)
    book.put("inputs", "timber", value=0.49, unit="万m3", source="yearbook")
    book.put("inputs", "timber_price", value=655, source="yearbook")
    book.put("lines", "timber", quantity="timber", price="timber_price")

    found = await sent(house, book.content())

    assert found["valid"], found["errors"]
    assert found["account_total_yuan"] == "3209500.00"
    assert {each["code"] for each in found["warnings"]} == {"gep.line_empty", "gep.unit_scaled"} | {
        "gep.steps_unused"
    }
    body = {"plan": found["table_plan"], "account": found["account_hash"]}
    await house.do("/gep/accounts", body, "V-1")
    shown = await house.get(f"/gep/accounts/{found['account_hash']}", "V-1")
    assert shown.json()["total_yuan"] == "3209500.00"


async def test_errors_come_at_their_cells_in_the_language_of_the_caller(house: House) -> None:
    book = valley()
    book.put("inputs", "timber", value="many", unit="bushel")

    found = await sent(house, book.content(), lang="zh-CN")

    assert not found["valid"]
    assert found["table_plan"] is None
    assert found["account_hash"] is None
    assert [(each["cell"], each["code"], each["title"]) for each in found["errors"]] == [
        ("B18", "gep.number_unread", "不是数字"),
        ("C18", "gep.unit_unknown", "单位未知"),
    ]
    assert found["error_count"] == 2


async def test_an_archive_of_csv_is_read_as_a_workbook_is(house: House) -> None:
    document = example("ganzi-2010")
    content = archive(pages_from(document, Language.ZH), Language.ZH)

    found = await sent(house, content, kind=ZIP)

    assert found["account_hash"] == make_account(plan_of(document)).hash
    again = read_document(json.dumps(found["table_plan"]).encode())
    assert make_account(plan_of(Place(again.value))).hash == found["account_hash"]


async def test_what_is_no_workbook_is_an_answer_with_an_error(house: House) -> None:
    found = await sent(house, b"no workbook")

    assert [each["code"] for each in found["errors"]] == ["gep.table_unreadable"]


async def test_a_file_beyond_the_bound_is_refused(house: House) -> None:
    headers = house.headers("V-1") | {"Content-Type": WORKBOOK}
    answer = await house.http.post("/v1/gep/tables", content=b"x" * (5 << 20), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


async def test_a_template_comes_as_csv_too(house: House) -> None:
    found = await sent(house, await downloaded(house, format="csv"), kind=ZIP)

    assert {each["code"] for each in found["errors"]} == {"gep.cell_missing"}
