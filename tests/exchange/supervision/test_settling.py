"""Who settled a year in full and in time, and the fact that each of them gets once."""

import hashlib
from typing import Any

import pytest

from credit_scoring.archive.refusals import Reject as ArchiveReject
from exchange.registry import closing
from exchange.registry import commands as r
from exchange.registry.state import COVERED, SHORT
from exchange.supervision import commands as s
from exchange.supervision import settling
from exchange.supervision.refusals import Reject
from kernel.canonical import canonical
from ledger.journal import undo
from ledger.refusals import Reject as LedgerReject
from ledger.state_hash import state_hash
from tests.exchange.supervision.county import NO_ARCHIVE, County, founded, origin

IN_FULL = s.Origin.SURRENDERED_IN_FULL
SETTLE = s.RecordSettlements(right="CARBON", year=2025)
CLOSE = r.CloseComplianceYear(right="CARBON", year=2025)


def rule(right: str = "CARBON") -> r.SetComplianceRule:
    return r.SetComplianceRule(right=right, mode=r.ComplianceMode.PER_YEAR, first_year=2025)


def verified(right: str = "CARBON", **lots: int | None) -> r.RecordVerifiedEmissions:
    reported, missing = r.VerifiedStatus.REPORTED, r.VerifiedStatus.NOT_REPORTED
    lines = [
        r.VerifiedLine(party=party, status=missing if each is None else reported, lots=each)
        for party, each in lots.items()
    ]
    return r.RecordVerifiedEmissions(right=right, year=2025, lines=lines)


def surrender(county: County, party: str, lots: int, right: str = "CARBON") -> None:
    """Count lots as surrendered, as the effect of a surrender does."""
    from exchange.registry.effects import SurrenderRecorded

    effect = SurrenderRecorded(party=party, right=right, year=2025, lots=lots)
    county.machine.fold([effect], index=county.index, at=county.at)


@pytest.fixture
def county() -> County:
    """E01, E07 and a firm without an archive have surrendered in full, E02 has not."""
    made = founded()
    made.approved(origin(IN_FULL, "E-COMP-31"))
    made.must(rule())
    lots: dict[str, Any] = {"E01": 100, "E02": 100, "E07": 61, "E08": 0, NO_ARCHIVE: 5}
    made.must(verified(**lots))
    for party, given in (("E01", 100), ("E02", 88), ("E07", 70), (NO_ARCHIVE, 5)):
        surrender(made, party, given)
    made.move(2026, 11, 30)
    return made


def test_who_settled_in_time_gains_twenty_points_and_who_was_short_none(county: County) -> None:
    for number, each in enumerate(("E-MGMT-01", "E-MGMT-02", "E-MGMT-03", "E-MGMT-04")):
        county.plain("E01", each, f"2026/{number}")
    county.plain("E01", "E-PERF-02", "2026/9")
    before = county.graded("E01")

    county.must(CLOSE)
    county.must(SETTLE)

    assert (before, county.graded("E01")) == ((770, "AA", True), (790, "AA", True))
    assert [county.graded(party)[0] for party in ("E02", "E07", "E08")] == [700, 720, 700]
    [closed] = county.supervision.registry.closed.values()
    assert (closed.settled, closed.recorded, closed.passed_over) == (3, 2, 1)
    [fact] = county.facts("E07")
    said = {"entry": str(closed.entry), "party": "E07", "right": "CARBON", "year": "2025"}
    assert fact.evidence == hashlib.sha256(canonical(said)).hexdigest()
    assert (fact.on, fact.reference) == (county.today, "surrender#CARBON/2025/2/1")


def test_a_year_gives_its_facts_once(county: County) -> None:
    early = county.refused(SETTLE)
    county.must(CLOSE)
    county.must(SETTLE)
    again = county.refused(SETTLE)
    surrender(county, "E02", 12)
    county.must(CLOSE)
    late = county.refused(SETTLE)

    assert county.supervision.registry.obligations["E02", "CARBON", 2025].status == COVERED
    assert early.code == Reject.YEAR_NOT_CLOSED
    assert [again.code, late.code] == [Reject.NOTHING_DUE] * 2
    assert again.found == "2 recorded, 1 without an archive"
    assert not county.facts("E02")


def test_the_department_of_the_origin_records_and_nobody_else(county: County) -> None:
    county.must(CLOSE)

    other = county.refused(SETTLE, actor="Q-1")
    verifier = county.refused(SETTLE, actor="M-1")
    county.approved(origin(IN_FULL))
    ended = county.refused(SETTLE)

    assert (other.code, other.expected) == (LedgerReject.NOT_THE_OWNER, "R")
    assert verifier.code == LedgerReject.ROLE_MISSING
    assert ended.code == Reject.ORIGIN_NOT_SET


def test_a_year_that_was_closed_before_anything_followed_from_it_gives_nothing() -> None:
    county = founded()
    county.must(rule())
    county.must(verified(E01=0))

    county.must(CLOSE)

    assert not county.supervision.registry.closed
    assert county.refused(SETTLE).code == Reject.ORIGIN_NOT_SET


def test_all_obligations_of_the_year_count(county: County) -> None:
    """E01 is open in another right, E07 short in it: neither has settled the year yet."""
    county.must(rule("ENERGY"))
    county.must(verified("ENERGY", E01=10, E07=10, E08=10))
    surrender(county, "E01", 10, "ENERGY")
    surrender(county, "E08", 10, "ENERGY")
    county.must(CLOSE)
    assert county.supervision.registry.closed["CARBON", 2025].settled == 1

    county.must(r.CloseComplianceYear(right="ENERGY", year=2025))

    settled = county.supervision.registry.settled
    assert [(each.right, each.party) for each in settled.values()] == [
        ("CARBON", NO_ARCHIVE),
        ("ENERGY", "E01"),
        ("ENERGY", "E08"),
    ]
    assert county.supervision.registry.obligations["E07", "ENERGY", 2025].status == SHORT


def test_who_was_short_in_one_right_has_settled_the_year_in_none(county: County) -> None:
    """E07 pays late for energy, which is covered when the carbon year is closed."""
    county.must(rule("ENERGY"))
    county.must(verified("ENERGY", E07=10))
    close = r.CloseComplianceYear(right="ENERGY", year=2025)
    county.must(close)
    surrender(county, "E07", 10, "ENERGY")
    county.must(close)
    registry = county.supervision.registry
    assert registry.obligations["E07", "ENERGY", 2025].status == COVERED
    assert [each.party for each in registry.short.values()] == ["E07"]

    county.must(CLOSE)

    settled = [each.party for each in registry.settled.values()]
    assert settled == ["E01", NO_ARCHIVE]
    assert sorted(key for key in registry.short if key[0] == "CARBON") == [("CARBON", 2025, "E02")]


def test_a_large_year_is_judged_in_slices_and_recorded_in_pages(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "SETTLEMENTS_PER_SLICE_MAX", 1)
    monkeypatch.setattr(settling, "FACTS_MAX", 2)

    county.must(CLOSE)
    county.must(CLOSE)
    county.must(SETTLE)
    [closed] = county.supervision.registry.closed.values()
    first = (closed.settled, closed.recorded, closed.passed_over)
    county.must(SETTLE)

    # By party: E01, E07, E99.
    assert first == (3, 2, 0)
    assert closed.changing() == (3, 2, 1)
    assert county.refused(SETTLE).code == Reject.NOTHING_DUE
    assert [len(county.facts(party)) for party in ("E01", "E02", "E07")] == [1, 0, 1]


def test_everything_can_be_undone(county: County) -> None:
    machine = county.machine
    before, mark = state_hash(machine), len(machine.ledger.journal)
    county.must(CLOSE)
    county.must(SETTLE)

    undo(machine.ledger.journal, mark=mark)

    assert state_hash(machine) == before
    machine.check()


def test_an_origin_names_rules_that_its_department_may_report() -> None:
    county = founded()
    county.approved(origin(IN_FULL, "E-COMP-31"))

    refusals = [
        county.not_approved(each)
        for each in (
            origin(IN_FULL, "E-COMP-01"),
            origin(IN_FULL, "E-COMP-99"),
            origin(IN_FULL, "E-COMP-31", "E-COMP-31"),
            origin(IN_FULL, "E-COMP-31", "E-COMP-02", "E-COMP-06"),
            origin(IN_FULL, "E-COMP-02", department="Q"),
            origin(IN_FULL, "E-COMP-02", department="M"),
            origin(s.Origin.DECISION, "P-LIVE-01"),
            origin(IN_FULL, "E-COMP-31", threshold_ppm=1),
            origin(s.Origin.CARBON_INTENSITY_REDUCED, "E-SOC-11", threshold_ppm=1_000_001),
        )
    ]

    assert [(each.code, each.field) for each in refusals] == [
        (ArchiveReject.RULE_NOT_AUTHORISED, "rules"),
        (ArchiveReject.RULE_UNKNOWN, "rules"),
        (Reject.ORIGIN_RULES_UNFIT, "rules"),
        (Reject.ORIGIN_RULES_UNFIT, "rules"),
        (Reject.ORIGIN_TAKEN, "department"),
        (ArchiveReject.NOT_A_DEPARTMENT, "department"),
        (Reject.ORIGIN_RULES_UNFIT, "rules"),
        (Reject.THRESHOLD_UNFIT, "threshold_ppm"),
        (Reject.THRESHOLD_UNFIT, "threshold_ppm"),
    ]
