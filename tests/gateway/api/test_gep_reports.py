"""Reports over HTTP: whoever may see the account may have its report, as a page or a file."""

import asyncio
import io
import json
from pathlib import Path

import pytest
import pytest_asyncio
from pypdf import PdfReader
from typer.testing import CliRunner

from gateway.cli.gep_group import app
from gateway.cli.served import KEY_VARIABLE
from gep.reporting.html import POLICY
from tests.gateway.api.house import House, secret_of
from tests.gateway.api.test_documentation import listening
from tests.gateway.api.test_gep import draft, plan, publish

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def base(house: House) -> str:
    return await publish(house, plan(2023, "40000", "50"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def current(house: House) -> str:
    return await publish(house, plan(2025, "43264", "60"))


def path(account: str) -> str:
    return f"/gep/accounts/{account}/report"


async def test_the_page_has_the_venue_s_course_and_a_policy_that_forbids_all_else(
    house: House, base: str, current: str
) -> None:
    answer = await house.get(path(current), "E01-1", base=base, lang="en")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == f"{POLICY}; frame-ancestors 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for said in ("Published, entry ", "R-2", "2026/17", "the same hash", "+8.16%", "2.5958"):
        assert said in answer.text


async def test_the_file_is_the_same_report(house: House, current: str) -> None:
    answer = await house.get(path(current), "E01-1", format="pdf")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert all(current in each for each in pages)
    assert "2.5958" in pages[0]


async def test_what_one_has_is_not_sent_again(house: House, current: str) -> None:
    first = await house.get(path(current), "E01-1")
    headers = house.headers("E01-1") | {"If-None-Match": f'"other", W/{first.headers["etag"]}'}

    again = await house.http.get(f"/v1{path(current)}", headers=headers)
    other = await house.get(path(current), "E01-1", lang="en")

    assert (again.status_code, again.content) == (304, b"")
    assert other.headers["etag"] != first.headers["etag"]


async def test_a_draft_is_reported_to_those_who_work_on_it_alone(house: House) -> None:
    account = await draft(house, plan(2024, "41000", "50"))

    own = await house.get(path(account), "V-1", lang="en")
    stranger = await house.get(path(account), "E01-1")
    nobody = await house.get(path(account))

    assert "Draft: not reviewed, not to be cited" in own.text
    assert (stranger.status_code, stranger.json()["code"]) == (404, "gep.account_unknown")
    assert nobody.status_code == 401


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({"base": "0" * 64}, 404, "gep.account_unknown"),
        ({"base": "0"}, 422, "request.invalid"),
        ({"format": "doc"}, 422, "request.invalid"),
        ({"lang": "fr"}, 422, "request.invalid"),
        ({"more": "1"}, 400, "request.parameter_unknown"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name(
    house: House, current: str, asked: dict[str, str], status: int, code: str
) -> None:
    answer = await house.get(path(current), "E01-1", **asked)

    assert answer.status_code == status
    assert answer.json()["code"] == code or status == 422


async def test_a_base_of_a_later_year_is_refused(house: House, base: str, current: str) -> None:
    answer = await house.get(path(base), "E01-1", base=current)

    assert (answer.status_code, answer.json()["code"]) == (409, "gep.years_reversed")


async def test_the_command_reports_an_account_of_a_venue(
    house: House, base: str, current: str, tmp_path: Path
) -> None:
    out = tmp_path / "r.html"
    async with listening(house) as url:
        words = ["report", current, "--base", base, "--lang", "zh", "--out", str(out), "--json"]
        shown = await asyncio.to_thread(
            CliRunner().invoke,
            app,
            [*words, "--url", url],
            env={KEY_VARIABLE: secret_of("E01-1")},
        )
    answer = await house.get(path(current), "E01-1", base=base)

    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.output.splitlines()[-1])["account"] == current
    assert out.read_bytes() == answer.content
