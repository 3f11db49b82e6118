"""The registry: who may create, give, move and give up units, and when a year is covered."""

from typing import Any

import pytest

from exchange import commands as x
from exchange.registry import commands as r
from exchange.registry.compliance import eu_code, status_of
from exchange.registry.decisions import Reject
from exchange.registry.state import COVERED, EXCUSED, SHORT, Obligation
from ledger import commands as c
from ledger.refusals import Reject as LedgerReject
from ledger.roles import CANCELLED, ISSUANCE, RETIRED, SURRENDERED, AccountKind
from tests.ledger.rows.scribe import DAY, HOUR, START, Scribe, found_venue

UNITS: dict[str, Any] = {"instrument": "CEA25"}


@pytest.fixture
def venue() -> Scribe:
    """A venue whose first trading day has opened."""
    made = Scribe(None)  # type: ignore[arg-type]  # nothing is committed
    found_venue(made)
    made.move(START + DAY + 2 * HOUR)
    return made


def lots(venue: Scribe, account: int, instrument: str = "CEA25") -> int:
    holding = venue.ledger.accounts[account].holdings.get(instrument)
    return 0 if holding is None else int(holding.available + holding.held)


def refused(venue: Scribe, command: c.Command, actor: str) -> Any:
    before = [(each.TABLE, each.row()) for each in venue.machine.rows()][1:]
    outcome = venue.send(command, actor=actor)
    assert outcome.refusal is not None
    assert [(each.TABLE, each.row()) for each in venue.machine.rows()][1:] == before
    return outcome.refusal


def issue(venue: Scribe, **change: Any) -> r.Issue:
    reserve = venue.account("R", AccountKind.RESERVE)
    wish: dict[str, Any] = {"account": reserve, "lots": 10, "decision": "D"}
    return r.Issue(**(wish | UNITS | change))


def transfer(venue: Scribe, **change: Any) -> r.Transfer:
    wish: dict[str, Any] = {
        "source": venue.account("E01"),
        "target": venue.account("E02"),
        "lots": 10,
        "cause": r.TransferCause.GIFT,
        "reference": "",
    }
    return r.Transfer(**(wish | UNITS | change))


def surrender(venue: Scribe, **change: Any) -> r.Surrender:
    wish: dict[str, Any] = {
        "account": venue.account("E01"),
        "right": "CARBON",
        "year": 2025,
        "lots": 10,
    }
    return r.Surrender(**(wish | UNITS | change))


def test_units_come_from_two_people_of_the_authority(venue: Scribe) -> None:
    command = issue(venue)
    before = lots(venue, command.account)

    assert refused(venue, command, "R-1").code == LedgerReject.FOUR_EYES_REQUIRED
    assert refused(venue, c.Propose(command=command), "E01-1").code == LedgerReject.ROLE_MISSING
    venue.must(c.Propose(command=command), actor="R-1")
    proposal = venue.ledger.next_proposal - 1
    same = refused(venue, c.Approve(proposal=proposal), "R-1")
    venue.must(c.Approve(proposal=proposal), actor="R-2")
    again = refused(venue, c.Approve(proposal=proposal), "R-2")

    assert same.code == LedgerReject.CHECKER_IS_MAKER
    assert again.code == LedgerReject.PROPOSAL_UNKNOWN
    assert lots(venue, command.account) == before + 10


def test_an_allocation_gives_every_line_or_none(venue: Scribe) -> None:
    reserve = venue.account("R", AccountKind.RESERVE)
    first, second = venue.account("E01"), venue.account("E02")

    def allocate(*lines: tuple[int, int]) -> r.Allocate:
        return r.Allocate(
            year=2025,
            scope="city",
            source=reserve,
            lines=[r.AllocationLine(account=account, lots=share) for account, share in lines],
            decision="D",
            **UNITS,
        )

    def outcome(command: r.Allocate) -> Any:
        venue.must(c.Propose(command=command), actor="R-1")
        return venue.send(c.Approve(proposal=venue.ledger.next_proposal - 1), actor="R-2").refusal

    left = lots(venue, reserve)
    assert outcome(allocate((first, 5), (second, 5))) is None
    assert lots(venue, reserve) == left - 10
    assert outcome(allocate((first, 5), (first, 5))).code == Reject.LINE_TWICE
    assert outcome(allocate((first, 5), (999_999, 5))).code == LedgerReject.ACCOUNT_UNKNOWN
    assert outcome(allocate((first, 5), (SURRENDERED, 5))).code == Reject.ACCOUNT_KIND_UNFIT
    too_much = outcome(allocate((first, left), (second, 1)))
    assert (too_much.code, too_much.field) == (LedgerReject.AVAILABLE_TOO_SMALL, "lines")
    assert lots(venue, reserve) == left - 10


def test_a_large_transfer_needs_a_second_person(venue: Scribe) -> None:
    large = transfer(venue, lots=10**6)
    venue.must(transfer(venue, lots=10**6 - 1), actor="E01-1")

    assert refused(venue, large, "E01-1").code == LedgerReject.FOUR_EYES_REQUIRED
    venue.must(c.Propose(command=large), actor="E01-1")
    venue.must(c.Approve(proposal=venue.ledger.next_proposal - 1), actor="E01-2")

    assert lots(venue, venue.account("E02")) == 10**7 + 2 * 10**6 - 1


def test_what_may_not_be_transferred(venue: Scribe) -> None:
    compliance = venue.account("E01", AccountKind.COMPLIANCE)
    venue.must(transfer(venue, target=compliance), actor="E01-1")
    cases: list[tuple[dict[str, Any], str, str, str]] = [
        ({}, "E02-1", Reject.NOT_THE_OWNER, "source"),
        ({"target": venue.account("E01")}, "E01-1", Reject.SAME_ACCOUNT, "target"),
        ({"source": compliance}, "E01-1", Reject.COMPLIANCE_ONE_WAY, "source"),
        ({"target": SURRENDERED}, "E01-1", Reject.ACCOUNT_KIND_UNFIT, "target"),
        ({"lots": 0}, "E01-1", LedgerReject.QUANTITY_NOT_POSITIVE, "quantity"),
        ({"instrument": "CNY"}, "E01-1", Reject.INSTRUMENT_UNFIT, "instrument"),
        ({"instrument": "none"}, "E01-1", LedgerReject.INSTRUMENT_UNKNOWN, "instrument"),
    ]
    for change, actor, code, field in cases:
        found = refused(venue, transfer(venue, **change), actor)
        assert (found.code, found.field) == (code, field), change
    stranger = transfer(venue, source=venue.account("E02"), target=compliance)
    assert refused(venue, stranger, "E02-1").code == Reject.COMPLIANCE_ONE_WAY


def test_what_was_bought_today_is_not_transferred_today(venue: Scribe) -> None:
    venue.order("E02", is_buy=False, lots=50, ticks=7_400)
    venue.order("E01", is_buy=True, lots=50, ticks=7_400)
    everything = lots(venue, venue.account("E01"))
    target = venue.account("E01", AccountKind.COMPLIANCE)
    own: dict[str, Any] = {"target": target, "cause": r.TransferCause.OWN_ACCOUNTS}

    venue.must(transfer(venue, lots=everything - 50 - 10**7 + 10**6 - 1, **own), actor="E01-1")
    venue.must(c.Propose(command=transfer(venue, lots=9 * 10**6 + 2, **own)), actor="E01-1")
    found = venue.send(c.Approve(proposal=venue.ledger.next_proposal - 1), actor="E01-2").refusal

    assert found is not None
    assert found.code == Reject.SELLABLE_TOO_SMALL
    assert found.expected == "at most 9000001 t"


def test_a_surrender_is_irreversible_and_counts_for_its_year(venue: Scribe) -> None:
    account = venue.account("E01")
    before = lots(venue, account)
    venue.must(surrender(venue), actor="E01-1")
    venue.must(surrender(venue, lots=5), actor="E01-1")

    obligation = venue.machine.parts[2].state.obligations["E01", "CARBON", 2025]
    assert (obligation.surrendered, obligation.verified) == (15, None)
    assert lots(venue, account) == before - 15
    assert lots(venue, SURRENDERED) == 15
    reserve = venue.account("R", AccountKind.RESERVE)
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({}, "E02-1", Reject.NOT_THE_OWNER),
        ({"right": "EMISSION"}, "E01-1", Reject.INSTRUMENT_UNFIT),
        ({"lots": before}, "E01-1", LedgerReject.AVAILABLE_TOO_SMALL),
        ({"account": reserve}, "R-1", LedgerReject.ROLE_MISSING),
    ]
    for change, actor, code in cases:
        assert refused(venue, surrender(venue, **change), actor).code == code, change


def test_held_units_are_not_surrendered(venue: Scribe) -> None:
    everything = lots(venue, venue.account("E01"))
    venue.order("E01", is_buy=False, lots=30, ticks=7_500)

    found = refused(venue, surrender(venue, lots=everything), "E01-1")

    assert found.code == LedgerReject.AVAILABLE_TOO_SMALL
    venue.must(surrender(venue, lots=everything - 30), actor="E01-1")


def test_every_unit_is_accounted_for_whatever_ends_it(venue: Scribe) -> None:
    account = venue.account("E02")
    venue.must(
        x.DefineInstrument(
            instrument="CEA26",
            right="CARBON",
            substance="",
            unit="t",
            lot="1",
            zone="330000",
            vintage=2026,
            currency="CNY",
            tick="0.01",
            reference_ticks=7_400,
        )
    )
    retire = r.Retire(account=account, lots=3, beneficiary="all", claim="c", **UNITS)
    venue.must(retire, actor="E02-1")
    cancel: dict[str, Any] = {
        "account": account,
        "lots": 4,
        "cause": r.CancelCause.ERROR,
        "decision": "D",
    }
    venue.approved(r.CancelUnits(**cancel, **UNITS))
    over: dict[str, Any] = {"account": account, "lots": 5, "decision": "D"}
    venue.approved(r.CarryOver(next_instrument="CEA26", **over, **UNITS))
    venue.must(c.Propose(command=r.CarryOver(next_instrument="NOX", **over, **UNITS)), actor="R-1")
    unfit = venue.send(c.Approve(proposal=venue.ledger.next_proposal - 1), actor="R-2").refusal

    assert unfit is not None
    assert (unfit.code, unfit.field) == (Reject.INSTRUMENT_UNFIT, "next_instrument")
    assert lots(venue, RETIRED) == 3
    assert lots(venue, CANCELLED) == 9
    assert lots(venue, account, "CEA26") == 5
    for instrument in ("CEA25", "CEA26", "NOX"):
        everywhere = [lots(venue, number, instrument) for number in venue.ledger.accounts]
        assert sum(everywhere) == 0
        assert lots(venue, ISSUANCE, instrument) <= 0


def test_a_year_is_closed_by_what_the_ledger_knows(venue: Scribe) -> None:
    def verify(year: int, **verified: int | None) -> None:
        lines = [
            r.VerifiedLine(
                party=party,
                status=r.VerifiedStatus.NOT_REPORTED if n is None else r.VerifiedStatus.REPORTED,
                lots=n,
            )
            for party, n in verified.items()
        ]
        entry = r.RecordVerifiedEmissions(right="CARBON", year=year, lines=lines)
        venue.must(entry, actor="R-1")

    def statuses(year: int) -> dict[str, str]:
        venue.must(r.CloseComplianceYear(right="CARBON", year=year), actor="R-1")
        obligations = venue.machine.parts[2].state.obligations
        return {party: o.status for (party, _, its), o in obligations.items() if its == year}

    close = r.CloseComplianceYear(right="CARBON", year=2024)
    assert refused(venue, close, "R-1").code == Reject.RULE_NOT_SET
    rule: dict[str, Any] = {"right": "CARBON", "first_year": 2024}
    venue.must(r.SetComplianceRule(mode=r.ComplianceMode.CUMULATIVE, **rule), actor="R-1")
    verify(2024, E01=100, E02=100, E03=None)
    verify(2025, E01=50, E02=100)
    venue.must(surrender(venue, year=2024, lots=160), actor="E01-1")
    for year in (2024, 2025):
        wish: dict[str, Any] = {
            "account": venue.account("E02"),
            "year": year,
            "lots": 90 + 10 * (year - 2024),
        }
        venue.must(surrender(venue, **wish), actor="E02-1")

    assert statuses(2024) == {"E01": COVERED, "E02": SHORT, "E03": SHORT}
    assert statuses(2025) == {"E01": COVERED, "E02": SHORT}
    venue.must(r.SetComplianceRule(mode=r.ComplianceMode.PER_YEAR, **rule), actor="R-1")
    assert statuses(2025) == {"E01": SHORT, "E02": COVERED}


def test_verified_emissions_are_entered_whole_or_not_at_all(venue: Scribe) -> None:
    reported = r.VerifiedLine(party="E01", status=r.VerifiedStatus.REPORTED, lots=1)
    bad = {
        Reject.LINE_TWICE: [reported, reported],
        Reject.PARTY_UNKNOWN: [reported, r.VerifiedLine(party="?", status=reported.status, lots=1)],
        Reject.VERIFIED_UNFIT: [reported, r.VerifiedLine(party="E02", status=reported.status)],
        Reject.LINES_COUNT_UNFIT: [],
    }
    for code, lines in bad.items():
        command = r.RecordVerifiedEmissions(right="CARBON", year=2025, lines=lines)
        assert refused(venue, command, "R-1").code == code
        assert refused(venue, command, "E01-1").code == LedgerReject.ROLE_MISSING


def obligation(year: int, verified: int | None, surrendered: int, status: str = "") -> Obligation:
    return Obligation(
        party="P",
        right="CARBON",
        year=year,
        verified=verified,
        surrendered=surrendered,
        verified_status=status,
    )


HISTORY = [obligation(2013, 10, 15), obligation(2014, 10, 0), obligation(2015, 10, 15)]


@pytest.mark.parametrize(
    ("history", "year", "mode", "status", "code"),
    [
        (HISTORY, 2013, "cumulative", COVERED, "A"),
        (HISTORY, 2014, "cumulative", SHORT, "B"),
        (HISTORY, 2015, "cumulative", COVERED, "A"),
        (HISTORY, 2014, "per_year", SHORT, "B"),
        (HISTORY, 2015, "per_year", COVERED, "A"),
        ([], 2013, "cumulative", SHORT, "C"),
        ([obligation(2013, None, 5)], 2013, "cumulative", SHORT, "C"),
        ([obligation(2013, None, 0, "excluded")], 2013, "cumulative", EXCUSED, "C"),
        ([obligation(2012, 9, 0), obligation(2013, 1, 1)], 2013, "cumulative", COVERED, "A"),
        ([obligation(2013, 0, 0)], 2013, "cumulative", COVERED, "A"),
    ],
)
def test_a_status_follows_from_sums(
    history: list[Obligation], year: int, mode: str, status: str, code: str
) -> None:
    assert status_of(history, year=year, mode=mode, first_year=2013) == status
    assert eu_code(history, year=year, first_year=2013) == code
