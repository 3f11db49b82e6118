"""What follows from reports of carbon and energy: which result, which level, which facts."""

from typing import Any

import pytest

from credit_scoring.archive import commands as a
from credit_scoring.archive.refusals import Reject as ArchiveReject
from exchange.supervision import commands as s
from exchange.supervision.refusals import Reject
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.credit_scoring.archive.office import EVIDENCE, day
from tests.exchange.supervision.county import NO_ARCHIVE, County, founded, origin

DUE = day(2026, 3, 31)
FOLLOWS = {
    s.Origin.CARBON_REPORT_ON_TIME: "E-MGMT-04",
    s.Origin.CARBON_REPORT_LATE: "E-MGMT-11",
    s.Origin.CARBON_REPORT_MISSING: "E-MGMT-11",
    s.Origin.CARBON_REPORT_INCORRECT: "E-MGMT-12",
    s.Origin.ENERGY_REPORT_LATE: "E-MGMT-12",
    s.Origin.CARBON_LEVEL_1: "E-PERF-01",
    s.Origin.CARBON_LEVEL_5: "E-PERF-05",
}
RATIO: dict[str, Any] = {"value_added": 100, "industry_quantity": 10, "industry_value_added": 10}


@pytest.fixture
def county() -> County:
    made = founded()
    for name, rule in FOLLOWS.items():
        made.approved(origin(name, rule))
    made.move(2026, 4, 10)
    return made


def line(party: str = "E01", **more: Any) -> s.ReportLine:
    values: dict[str, Any] = {"party": party, "filed_on": DUE, "evidence": EVIDENCE}
    return s.ReportLine(**values | more)


def results(*lines: s.ReportLine, **more: Any) -> s.RecordReportResults:
    values: dict[str, Any] = {"report": s.ReportKind.CARBON, "year": 2025, "due_on": DUE}
    return s.RecordReportResults(lines=list(lines), **values | more)


@pytest.mark.parametrize(
    ("more", "outcome", "rules"),
    [
        ({}, "on_time", ["E-MGMT-04"]),
        ({"filed_on": DUE + 1}, "late", ["E-MGMT-11"]),
        ({"filed_on": None}, "missing", ["E-MGMT-11"]),
        ({"is_correct": False}, "incorrect", ["E-MGMT-12"]),
        ({"is_correct": False, "filed_on": DUE + 1}, "incorrect", ["E-MGMT-12"]),
        ({"quantity": 60} | RATIO, "on_time", ["E-MGMT-04", "E-PERF-01"]),
        ({"quantity": 61} | RATIO, "on_time", ["E-MGMT-04"]),
        ({"quantity": 201, "filed_on": DUE + 1} | RATIO, "late", ["E-MGMT-11", "E-PERF-05"]),
        ({"quantity": 60, "is_correct": False} | RATIO, "incorrect", ["E-MGMT-12"]),
    ],
)
def test_a_result_gives_the_facts_that_the_origins_name(
    county: County, more: dict[str, Any], outcome: str, rules: list[str]
) -> None:
    county.must(results(line(**more)), actor="M-1")

    found = county.supervision.results.get("carbon", 2025, "E01")
    assert found is not None
    assert (found.outcome, found.facts) == (outcome, len(rules))
    facts = county.facts("E01")
    assert [each.rule for each in facts] == rules
    filed = more.get("filed_on", DUE)
    assert {each.on for each in facts} == {county.today if filed is None else filed}
    assert {each.evidence for each in facts} == {EVIDENCE}
    stored = county.supervision.archive.facts.get("R", facts[0].reference)
    assert stored is not None
    assert stored.entry == found.entry


@pytest.mark.parametrize(
    ("quantity", "level"),
    [(60, "1"), (61, "2"), (80, "2"), (81, "3"), (120, "3"), (121, "4"), (200, "4"), (201, "5")],
)
def test_a_level_is_that_of_the_rule_sets_bands(county: County, quantity: int, level: str) -> None:
    county.must(results(line(quantity=quantity, **RATIO)))

    found = county.supervision.results.get("carbon", 2025, "E01")
    assert found is not None
    assert found.level == level


def test_another_kind_of_report_has_its_own_rules_and_no_level(county: County) -> None:
    late = line(filed_on=DUE + 1, quantity=60, **RATIO)

    county.must(results(late, report=s.ReportKind.ENERGY))

    found = county.supervision.results.get("energy", 2025, "E01")
    assert found is not None
    assert found.level == ""
    assert [each.rule for each in county.facts("E01")] == ["E-MGMT-12"]


@pytest.mark.parametrize(("now", "is_reduced"), [(97, True), (98, False), (100, False), (0, True)])
def test_a_reduction_on_last_year_counts_from_its_threshold(
    county: County, now: int, *, is_reduced: bool
) -> None:
    reduced = s.Origin.ENERGY_INTENSITY_REDUCED
    county.approved(origin(reduced, "E-SOC-11", threshold_ppm=30_000))
    of_energy: dict[str, Any] = {"report": s.ReportKind.ENERGY}
    county.must(results(line(quantity=1_000, value_added=10, industry_quantity=None), **of_energy))
    next_year: dict[str, Any] = {"year": 2026, "due_on": county.today}

    county.must(results(line(quantity=now, value_added=1), **of_energy | next_year))

    assert [each.rule for each in county.facts("E01")] == ["E-SOC-11"] * is_reduced


def test_a_firm_without_an_archive_has_a_result_and_no_fact(county: County) -> None:
    county.must(results(line(NO_ARCHIVE, filed_on=None), line("E02", filed_on=None)))

    found = county.supervision.results.get("carbon", 2025, NO_ARCHIVE)
    assert found is not None
    assert (found.outcome, found.facts) == ("missing", 0)
    assert not county.facts(NO_ARCHIVE)
    assert len(county.facts("E02")) == 1


def test_rules_that_a_department_lost_give_no_fact(county: County) -> None:
    few = a.AuthoriseDepartment(department="R", rules=["E-PERF-01"], decision="2026-4")
    county.approved(few)

    county.must(results(line(quantity=60, **RATIO)))

    assert [each.rule for each in county.facts("E01")] == ["E-PERF-01"]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"party": "nobody"}, LedgerReject.PARTY_UNKNOWN, "party"),
        ({"party": "E01"}, Reject.REPORT_DOUBLED, "party"),
        ({"filed_on": day(2026, 4, 11)}, ArchiveReject.DAY_AHEAD, "filed_on"),
        ({"evidence": "E5" * 32}, ArchiveReject.REFERENCE_UNFIT, "evidence"),
        ({"quantity": -1, "value_added": 1}, Reject.REPORT_UNFIT, "quantity"),
        ({"quantity": 1, "value_added": 0}, Reject.REPORT_UNFIT, "value_added"),
        ({"quantity": 1}, Reject.REPORT_UNFIT, "quantity"),
        ({"value_added": 1}, Reject.REPORT_UNFIT, "quantity"),
        ({"industry_quantity": 1, "industry_value_added": 1}, Reject.REPORT_UNFIT, "quantity"),
        ({"filed_on": None, "quantity": 1, "value_added": 1}, Reject.REPORT_UNFIT, "quantity"),
    ],
)
def test_a_line_that_cannot_be_refuses_all(
    county: County, more: dict[str, Any], code: str, field: str
) -> None:
    bad = line(**({"party": "E02"} | more))
    before = state_hash(county.machine)
    index, at = county.machine.ledger.entry, county.machine.ledger.at

    refusal = county.refused(results(line(), bad))

    assert (refusal.code, refusal.field) == (code, f"lines.1.{field}")
    county.machine.begin(index=index, at=at)
    assert state_hash(county.machine) == before


def test_a_report_is_not_missing_before_the_day_after_it_is_due(county: County) -> None:
    missing = line(filed_on=None)

    early = county.refused(results(missing, due_on=county.today))
    county.must(results(missing, due_on=county.today - 1))

    assert (early.code, early.field) == (Reject.REPORT_UNFIT, "lines.0.filed_on")


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([], Reject.REPORTS_COUNT_UNFIT),
        ([line()] * (s.REPORTS_MAX + 1), Reject.REPORTS_COUNT_UNFIT),
    ],
)
def test_an_entry_takes_so_many_results(
    county: County, lines: list[s.ReportLine], code: str
) -> None:
    assert county.refused(results(*lines)).code == code
    assert county.refused(results(line(), due_on=-1)).field == "due_on"
    assert county.refused(results(line()), actor="E01-1").code == LedgerReject.ROLE_MISSING


def test_everything_can_be_undone(county: County) -> None:
    machine = county.machine
    before, mark = state_hash(machine), len(machine.ledger.journal)
    county.must(results(line(quantity=60, **RATIO), line("E02", filed_on=None)))

    undo(machine.ledger.journal, mark=mark)

    assert state_hash(machine) == before
    machine.check()
