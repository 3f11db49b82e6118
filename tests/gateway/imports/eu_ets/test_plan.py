"""The steps of small files, worked out by hand where they do not depend on a draw."""

from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from gateway.imports.eu_ets.errors import EuEtsRefused, NumberBad, RangeEmpty, YearAbsent
from gateway.imports.eu_ets.plan import Plan
from gateway.imports.eu_ets.rows import InstallationId, NoVerification
from gateway.imports.eu_ets.steps import (
    AllocateCountry,
    CloseComplianceYear,
    EnterVerified,
    FundBuyers,
    IssueUnits,
    ListInstrument,
    OpenAccounts,
    Part,
    PublishCalendar,
    Side,
    Step,
    SurrenderUnits,
    TradeDay,
    UnitLine,
    VerifiedLine,
)
from kernel.money import Lots, Ticks
from tests.gateway.imports.eu_ets.naive_market import NaiveMarket
from tests.gateway.imports.eu_ets.tiny_files import COMPLIANCE, PRICES, write_files

StepKind = TypeVar("StepKind")


def steps_of(folder: Path, *, first_year: int = 2013, last_year: int = 2014) -> list[Step]:
    files = write_files(folder)
    return list(Plan(files=files, first_year=first_year, last_year=last_year).steps())


def of_kind(steps: list[Step], kind: type[StepKind]) -> list[StepKind]:
    return [step for step in steps if isinstance(step, kind)]


def units(name: str, lots: int) -> UnitLine:
    return UnitLine(installation=InstallationId(name), lots=Lots(lots))


def test_a_year_goes_from_issue_to_close(tmp_path: Path) -> None:
    kinds = [type(step) for step in steps_of(tmp_path)]

    year = [PublishCalendar, IssueUnits, AllocateCountry, FundBuyers, *[TradeDay] * 3]
    close = [EnterVerified, SurrenderUnits, CloseComplianceYear]
    assert kinds == [OpenAccounts, OpenAccounts, ListInstrument, *year, *close, *year, *close]


def test_steps_never_go_back_in_time(tmp_path: Path) -> None:
    days = [step.on for step in steps_of(tmp_path)]

    assert days == sorted(days)
    assert (days[0], days[-1]) == (date(2013, 1, 1), date(2015, 1, 1))


def test_every_installation_is_registered_with_its_number_in_the_register(tmp_path: Path) -> None:
    institutions, traders = of_kind(steps_of(tmp_path), OpenAccounts)

    assert [(one.scheme, one.value, one.country) for one in traders.parties] == [
        ("eutl", "AT-1", "AT"),
        ("eutl", "AT-2", "AT"),
        ("eutl", "SE-3", "SE"),
        ("eutl", "SE-4", "SE"),
    ]
    assert {one.part for one in traders.parties} == {Part.TRADER}
    assert {one.part for one in institutions.parties} == set(Part) - {Part.TRADER}


def test_the_first_settlement_is_the_reference(tmp_path: Path) -> None:
    (listed,) = of_kind(steps_of(tmp_path, first_year=2014), ListInstrument)

    assert listed.reference == Ticks(490)


def test_the_calendar_is_the_price_file(tmp_path: Path) -> None:
    calendars = of_kind(steps_of(tmp_path), PublishCalendar)

    assert calendars[1].trading_days == (
        date(2014, 1, 2),
        date(2014, 7, 1),
        date(2014, 12, 30),
    )


def test_each_country_gets_one_allocation_a_year(tmp_path: Path) -> None:
    compliance = (*COMPLIANCE[:4], "SE-3,SE,2013,9,9,9,A", "SE-4,SE,2013,0,,,")
    files = write_files(tmp_path, compliance=compliance)

    steps = list(Plan(files=files, first_year=2013, last_year=2013).steps())

    assert [(step.country, step.lines) for step in of_kind(steps, AllocateCountry)] == [
        ("AT", (units("AT-1", 1000), units("AT-2", 100))),
        ("SE", (units("SE-3", 9),)),
    ]


def test_the_regulator_issues_what_is_allocated_and_what_is_missing(tmp_path: Path) -> None:
    steps = steps_of(tmp_path, last_year=2013)

    (issue,) = of_kind(steps, IssueUnits)
    (close,) = of_kind(steps, CloseComplianceYear)
    totals = close.totals
    assert issue.allocation == 1_100
    assert issue.sale == totals.from_regulator == 850 - totals.between_firms
    assert 300 <= totals.between_firms <= 600
    assert totals.held_at_end == 600 - totals.between_firms


def test_what_a_firm_banks_lowers_what_is_missing_later(tmp_path: Path) -> None:
    closes = of_kind(steps_of(tmp_path), CloseComplianceYear)

    held = {line.installation: line.lots for line in closes[0].held}
    totals = closes[1].totals
    assert totals.issued_so_far == totals.surrendered_so_far + totals.held_at_end
    assert totals.between_firms >= (700 + held[InstallationId("AT-1")]) // 2


def test_buyers_are_credited_the_most_their_orders_can_cost(tmp_path: Path) -> None:
    steps = steps_of(tmp_path, last_year=2013)

    (fund,) = of_kind(steps, FundBuyers)
    cost = sum(
        order.limit * order.lots
        for day in of_kind(steps, TradeDay)
        for order in day.orders
        if order.side is Side.BUY
    )
    assert [(line.installation, line.cents) for line in fund.lines] == [("AT-2", cost)]


def test_emissions_are_entered_as_numbers_or_as_the_words_of_the_register(tmp_path: Path) -> None:
    entered, _ = of_kind(steps_of(tmp_path), EnterVerified)

    assert entered.lines[1:] == (
        VerifiedLine(installation=InstallationId("AT-2"), verified=Lots(950)),
        VerifiedLine(installation=InstallationId("SE-3"), verified=NoVerification.NOT_REPORTED),
    )


def test_what_was_surrendered_is_surrendered_and_nothing_else(tmp_path: Path) -> None:
    surrenders = of_kind(steps_of(tmp_path), SurrenderUnits)

    assert [step.lines for step in surrenders] == [
        (units("AT-1", 400), units("AT-2", 950)),
        (units("AT-1", 300), units("AT-2", 700), units("SE-3", 20)),
    ]


def test_the_plan_can_be_carried_out(tmp_path: Path) -> None:
    market = NaiveMarket().run(steps_of(tmp_path))

    assert market.surrendered == 400 + 950 + 300 + 700 + 20


def test_the_same_seed_gives_the_same_steps_and_another_seed_other_orders(tmp_path: Path) -> None:
    files = write_files(tmp_path)
    plan = Plan(files=files, first_year=2013, last_year=2014)
    other = Plan(files=files, first_year=2013, last_year=2014, seed=7)

    assert list(plan.steps()) == list(plan.steps())
    assert list(plan.steps()) != list(other.steps())
    assert NaiveMarket().run(other.steps()).surrendered == 2_370


@pytest.mark.parametrize(
    ("first_year", "last_year", "refusal", "words"),
    [
        (2012, 2013, YearAbsent, "no installation-year for 2012"),
        (2014, 2016, YearAbsent, "no installation-year for 2015, 2016"),
        (2014, 2013, RangeEmpty, "from 2014 to 2013"),
    ],
)
def test_years_without_rows_are_refused_before_the_first_step(
    tmp_path: Path, first_year: int, last_year: int, refusal: type[EuEtsRefused], words: str
) -> None:
    plan = Plan(files=write_files(tmp_path), first_year=first_year, last_year=last_year)

    with pytest.raises(refusal, match=words):
        next(plan.steps())


def test_a_year_without_settlements_is_refused_before_the_first_step(tmp_path: Path) -> None:
    plan = Plan(files=write_files(tmp_path, prices=PRICES[:3]), first_year=2013, last_year=2014)

    with pytest.raises(YearAbsent, match="no settlement for 2014"):
        next(plan.steps())


def test_a_bad_cell_of_a_late_year_stops_the_plan_before_its_first_step(tmp_path: Path) -> None:
    files = write_files(tmp_path, compliance=(*COMPLIANCE, "SE-4,SE,2014,x,,,"))
    plan = Plan(files=files, first_year=2013, last_year=2013)

    with pytest.raises(NumberBad, match="line 8, allocated"):
        next(plan.steps())
