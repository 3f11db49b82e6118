"""The plan for 2013-2019 on the real files, carried out by the naive market."""

import os
from collections import Counter
from pathlib import Path

import pytest

from gateway.imports.eu_ets.compliance import Cause, codes_by_rule, compare
from gateway.imports.eu_ets.data import EuEtsFiles
from gateway.imports.eu_ets.plan import Plan
from gateway.imports.eu_ets.rows import NoVerification
from gateway.imports.eu_ets.steps import CloseComplianceYear, OpenAccounts, Side, TradeDay
from tests.gateway.imports.eu_ets.naive_market import NaiveMarket

ROOT = Path(__file__).resolve().parents[4]
FIRST_YEAR, LAST_YEAR = 2013, 2019


@pytest.fixture(scope="module")
def files() -> EuEtsFiles:
    shared = Path(os.environ.get("ECORIGHTS_SHARED", ROOT.parent / "shared"))
    folder = shared / "data" / "eu_ets"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; set ECORIGHTS_SHARED to the shared folder")
    return EuEtsFiles(folder)


def test_the_files_hold_what_their_description_says(files: EuEtsFiles) -> None:
    rows = list(files.compliance())
    in_range = [row for row in rows if FIRST_YEAR <= row.year <= LAST_YEAR]

    assert len(list(files.installations())) == 2_649
    assert len(rows) == 26_849
    assert len(in_range) == 14_150
    assert len({row.installation for row in in_range}) == 2_130
    assert sum(isinstance(row.verified, NoVerification) for row in in_range) == 816


def test_the_rule_agrees_with_the_published_codes(files: EuEtsFiles) -> None:
    rows = list(files.compliance())
    computed = codes_by_rule(rows, first_year=FIRST_YEAR)

    comparison = compare(computed, rows, first_year=FIRST_YEAR, last_year=LAST_YEAR)

    assert (comparison.compared, comparison.agreed) == (13_526, 13_328)
    assert comparison.agreement >= 0.98
    assert comparison.by_cause == {
        Cause.BEFORE_FIRST_YEAR: 2,
        Cause.CLOSED: 58,
        Cause.VERIFIED_LATE: 37,
        Cause.CORRECTED: 77,
        Cause.CARRIED_DEFICIT: 24,
    }


def test_seven_real_years_can_be_carried_out(files: EuEtsFiles) -> None:
    plan = Plan(files=files, first_year=FIRST_YEAR, last_year=LAST_YEAR)

    market = NaiveMarket().run(plan.steps())

    assert (market.orders, market.steps) == (49_882, 1_918)
    assert market.fills > market.orders // 2
    assert market.surrendered == 1_263_694_211
    assert market.issued == 1_268_672_981
    assert market.widest_miss_permille <= 20


def test_every_long_and_short_firm_year_has_an_order(files: EuEtsFiles) -> None:
    plan = Plan(files=files, first_year=FIRST_YEAR, last_year=LAST_YEAR)
    senders: dict[Side, set[tuple[str, int]]] = {side: set() for side in Side}
    expected: Counter[Side] = Counter()
    accounts = 0
    for step in plan.steps():
        if isinstance(step, OpenAccounts):
            accounts += len(step.parties)
        elif isinstance(step, TradeDay):
            assert step.orders
            for order in step.orders:
                if order.installation is not None:
                    senders[order.side].add((order.installation, step.on.year))
        elif isinstance(step, CloseComplianceYear):
            expected[Side.BUY] += step.totals.short_firms
            expected[Side.SELL] += step.totals.long_firms

    assert accounts == 2_649 + 4
    assert {side: len(firms) for side, firms in senders.items()} == expected
    assert sum(expected.values()) == 13_032
