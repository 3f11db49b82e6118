"""A regulator at the command line: decisions in four eyes, a closed year, a file of reports."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from exchange.supervision.commands import REPORTS_MAX
from gateway.cli.report_lines import HEADER, pages_of
from gateway.cli.served import KEY_VARIABLE
from gateway.cli.supervise import app
from gateway.database_server import DatabaseServer
from gateway.errors import CannotRun
from tests.gateway.api.furnished import Furnished
from tests.gateway.api.house import House, secret_of, serving
from tests.gateway.api.test_documentation import listening

CASE = "示环罚〔2026〕15号"
RULES = ["E-COMP-02", "E-COMP-31", "E-MGMT-11"]
EVIDENCE = "e5" * 32


def csv(*lines: str) -> bytes:
    return "\n".join((",".join(HEADER), *lines, "")).encode()


def test_a_file_of_reports_is_cut_into_pages() -> None:
    line = f"E01,2026-03-10,no,{EVIDENCE},75,100,,"

    first, second = pages_of(csv(*[line] * (REPORTS_MAX + 1)))

    assert (len(first), len(second)) == (REPORTS_MAX, 1)
    assert second == [
        {
            "party": "E01",
            "filed_on": "2026-03-10",
            "is_correct": False,
            "evidence": EVIDENCE,
            "quantity": "75",
            "value_added": "100",
        }
    ]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"party\nE01\n", "line 1, header"),
        (csv("E01,2026-03-10"), "line 2, fields"),
        (csv(f"E01,2026-03-10,maybe,{EVIDENCE},,,,"), "line 2, is_correct"),
        (b"\xff", "line 1, file"),
    ],
)
def test_a_file_that_is_none_is_refused_by_its_place(content: bytes, place: str) -> None:
    with pytest.raises(CannotRun, match=place):
        pages_of(content)


@pytest_asyncio.fixture
async def served(cluster: DatabaseServer, archives: Furnished) -> AsyncIterator[House]:
    async with serving(cluster, archives) as house:
        authorise = {"kind": "credit_authorise_department", "department": "R", "rules": RULES}
        await house.propose(authorise | {"decision": "2026/4"}, maker="R-1", checker="R-2")
        async with listening(house) as url:
            house.names["url"] = url
            yield house


async def run(house: House, *words: str, actor: str) -> Result:
    more = ("--url", house.names["url"])
    runner = CliRunner(env={KEY_VARIABLE: secret_of(actor)})
    return await asyncio.to_thread(lambda: runner.invoke(app, [*words, *more]))


async def propose(house: House, *words: str) -> Result:
    """Let the regulator's first person propose and the second approve."""
    proposed = json.loads((await run(house, *words, "--json", actor="R-1")).stdout)
    return await run(house, "approve", str(proposed["proposal"]), actor="R-2")


async def test_a_regulator_decides_settles_and_checks(served: House, tmp_path: Path) -> None:
    document, reports = tmp_path / "decision.pdf", tmp_path / "reports.csv"
    document.write_bytes(b"a decision")
    reports.write_bytes(csv(f"F1,,,{EVIDENCE},,,,"))
    for origin, rule in zip(
        ("decision", "surrendered_in_full", "carbon_report_missing"), RULES, strict=True
    ):
        of_rule = ("--department", "R", "--basis", "2026/3", "--rule", rule)
        assert (await propose(served, "origin", origin, *of_rule)).exit_code == 0
    case = ("--authority", "R", "--case", CASE, "--document", str(document))
    words = ("--rule", "E-COMP-02", "--subject", "F1", "--served", "2026-03-16")
    more = ("--fine", "120000.00", "--reason", "超标排放")

    decided = await propose(served, "decide", *case, *words, *more)
    shown = await run(served, "decision", "1", actor="F1-1")
    annulled = await propose(served, "annul", *case, "--ground", "review")
    listed = await run(served, "decisions", "--subject", "F1", actor="A-1")
    missing = await run(served, "settle", "CARBON", "2025", actor="R-1")
    of_year = ("--report", "carbon", "--year", "2025", "--due", "2026-03-12")
    once = await run(served, "reports", str(reports), *of_year, actor="V-1")
    again = json.loads(
        (await run(served, "reports", str(reports), *of_year, "--json", actor="V-1")).stdout
    )

    assert ", decision 1\n" in decided.stdout, decided.stderr
    line = f"1  2026-03-16  R {CASE}  F1  E-COMP-02  fine 120000.00"
    assert f"{line}\n" in shown.stdout
    assert "  超标排放\n" in shown.stdout
    assert annulled.exit_code == 0, annulled.stderr
    assert f"{line}  annulled (review)\n1 decisions\n" in listed.stdout
    assert missing.exit_code == 1
    assert "supervision.year_not_closed" in missing.stderr
    assert "1 results in 1 entries, 1 facts\n" in once.stdout, once.stderr
    assert (again["lines"], again["facts"], len(again["entries"])) == (1, 1, 1)
    await _settle(served)


async def _settle(house: House) -> None:
    """Close a year in which nobody had anything to settle but one firm that did."""
    year = {"right": "CARBON", "year": 2025}
    rule = {"right": "CARBON", "mode": "per_year", "first_year": 2025}
    await house.do("/compliance/rules", rule, "R-1")
    given = {"account": house.accounts["E01"], "instrument": "CEA25", "quantity": "5"}
    await house.do("/rights/surrenders", given | year, "E01-1")
    lines = [{"party": "E01", "status": "reported", "lots": "5"}]
    await house.do("/compliance/verified-emissions", year | {"lines": lines}, "V-1")
    await house.do("/compliance/closures", year, "R-1")

    settled = await run(house, "settle", "CARBON", "2025", actor="R-1")

    words = "1 settled in time, 0 recorded, 1 without an archive\n"
    assert words in settled.stdout, settled.stderr
