"""Every refusal of the ledger's own commands, and what the applied ones change."""

from typing import Any

import pytest

from ledger import commands as c
from ledger.effects import HoldPlaced, HoldReleased, ProposalClosed, TimerFired
from ledger.journal import undo
from ledger.refusals import Reject
from ledger.roles import CASH_IN_TRANSIT, AccountKind, PartyKind, Purpose, Role
from ledger.statements import CertifiedPostings

HOLD: dict[str, Any] = {"instrument": "CNY", "reference": "r", "purpose": Purpose.DEPOSIT}
CASES: list[tuple[str, c.Command, str]] = [
    ("nobody", c.RevokeActor(actor="E01-1"), Reject.ACTOR_UNKNOWN),
    ("E01-1", c.FireTimer(timer="hold", subject="1"), Reject.SYSTEM_ONLY),
    ("E01-1", c.OpenAccount(party="E01", account_kind=AccountKind.TRADING), Reject.ROLE_MISSING),
    ("x-1", c.OpenAccount(party="E9", account_kind=AccountKind.TRADING), Reject.PARTY_UNKNOWN),
    ("x-1", c.OpenAccount(party="E01", account_kind=AccountKind.FEES), Reject.ACCOUNT_KIND_UNFIT),
    (
        "x-1",
        c.RegisterParty(party="E01", party_kind=PartyKind.BANK, scheme="", identifier=""),
        Reject.PARTY_EXISTS,
    ),
    (
        "x-1",
        c.RegisterActor(actor="E01-1", party="E01", roles=[Role.TRADER], digest="0" * 64),
        Reject.ACTOR_EXISTS,
    ),
    (
        "x-1",
        c.RegisterActor(actor="n", party="E9", roles=[Role.TRADER], digest="0" * 64),
        Reject.PARTY_UNKNOWN,
    ),
    ("E01-1", c.RevokeActor(actor="E02-1"), Reject.NOT_THE_OWNER),
    ("E01-1", c.RevokeActor(actor="E99"), Reject.ACTOR_UNKNOWN),
    ("B2-1", c.CashIn(account=9, currency="CNY", amount=1, reference=""), "account_kind_unfit"),
    ("B2-1", c.CashIn(account=999, currency="CNY", amount=1, reference=""), "account_unknown"),
    ("B2-1", c.CashIn(account=100, currency="XXX", amount=1, reference=""), "instrument_unknown"),
    ("B2-1", c.CashIn(account=100, currency="CNY", amount=0, reference=""), "not_positive"),
    ("B2-1", c.CashIn(account=100, currency="CNY", amount=10**18, reference=""), "too_large"),
    ("B2-1", c.CashOut(account=100, currency="CNY", amount=10_001, reference=""), "too_small"),
    ("x-1", c.CloseAccount(account=100), Reject.ACCOUNT_NOT_EMPTY),
    ("E02-1", c.PlaceHold(account=100, quantity=1, **HOLD), Reject.NOT_THE_OWNER),
    ("E01-1", c.PlaceHold(account=100, quantity=10_001, **HOLD), Reject.AVAILABLE_TOO_SMALL),
    (
        "E01-1",
        c.PlaceHold(account=100, quantity=1, **(HOLD | {"purpose": Purpose.ORDER})),
        Reject.PURPOSE_UNFIT,
    ),
    (
        "E01-1",
        c.PlaceHold(account=100, quantity=1, **(HOLD | {"purpose": Purpose.FREEZE})),
        Reject.ROLE_MISSING,
    ),
    ("E01-1", c.PlaceHold(account=100, quantity=1, until=1, **HOLD), Reject.TIME_NOT_AHEAD),
    (
        "E01-1",
        c.PlaceHold(account=100, quantity=1, beneficiary="E9", **HOLD),
        Reject.PARTY_UNKNOWN,
    ),
    ("E01-1", c.ReleaseHold(hold=1, quantity=1), Reject.HOLD_UNKNOWN),
    ("E01-1", c.Approve(proposal=1), Reject.PROPOSAL_UNKNOWN),
    ("E01-1", c.RejectProposal(proposal=1), Reject.PROPOSAL_UNKNOWN),
    ("E01-1", c.Propose(command=c.Approve(proposal=1)), Reject.NOT_LINKABLE),
    ("E01-1", c.Propose(command=c.CloseAccount(account=100)), Reject.ROLE_MISSING),
    ("E01-1", c.Linked(commands=()), Reject.LINKED_COUNT_UNFIT),
    ("E01-1", c.Linked(commands=(c.Linked(commands=()),)), Reject.NOT_LINKABLE),
    ("x-1", c.ActivateMachine(machine=1), Reject.MACHINE_UNKNOWN),
    ("x-1", c.ActivateMachine(machine=99), Reject.MACHINE_UNKNOWN),
    ("E02-1", c.CertifyStatement(account=100, entry_from=0, entry_to=1), Reject.NOT_THE_OWNER),
    ("E01-1", c.CertifyStatement(account=100, entry_from=0, entry_to=1), "entry_not_committed"),
    ("x-1", c.MoveClock(to=5), Reject.TIME_NOT_AHEAD),
    (
        "system",
        c.OpenVenue(
            venue="a", origin="o", clock="system", start=0, operator="Y", actor="y", digest=""
        ),
        Reject.VENUE_ALREADY_OPEN,
    ),
    ("system", c.Quarantine(digest="00", cause="23514"), Reject.QUARANTINED),
]


@pytest.mark.parametrize(("actor", "command", "code"), CASES)
def test_a_refusal_has_its_code_and_changes_nothing(
    funded: Any, actor: str, command: c.Command, code: str
) -> None:
    before = [row for row in funded.rows() if row[0] != "venue"]

    outcome = funded.send(command, actor=actor)

    assert outcome.refusal is not None
    assert outcome.refusal.code.endswith(code)
    assert outcome.effects == []
    assert [row for row in funded.rows() if row[0] != "venue"] == before


def test_cash_in_credits_the_account_and_debits_cash_in_transit(funded: Any) -> None:
    assert funded.ledger.accounts[100].available("CNY") == 10_000
    assert funded.ledger.accounts[CASH_IN_TRANSIT].available("CNY") == -10_000


def test_a_hold_takes_from_available_and_gives_back_when_released(funded: Any) -> None:
    outcome = funded.send(c.PlaceHold(account=100, quantity=4_000, **HOLD), actor="E01-1")
    placed = outcome.effects[0]
    assert isinstance(placed, HoldPlaced)
    assert funded.ledger.accounts[100].available("CNY") == 6_000

    funded.send(c.ReleaseHold(hold=placed.hold, quantity=1_000), actor="E01-1")

    assert funded.ledger.accounts[100].available("CNY") == 7_000
    assert funded.ledger.holds[placed.hold].quantity == 3_000


def test_a_consumed_deposit_reaches_its_target(funded: Any) -> None:
    funded.send(c.PlaceHold(account=100, quantity=4_000, **HOLD), actor="E01-1")

    funded.send(c.ConsumeHold(hold=1, quantity=4_000, target=101), actor="E01-1")

    assert funded.ledger.accounts[101].available("CNY") == 4_000
    assert funded.ledger.holds == {}


def test_a_pledge_is_released_by_its_beneficiary_alone(funded: Any) -> None:
    pledge = HOLD | {"purpose": Purpose.PLEDGE, "beneficiary": "B2"}
    funded.send(c.PlaceHold(account=100, quantity=10, **pledge), actor="E01-1")

    by_pledgor = funded.send(c.ReleaseHold(hold=1, quantity=10), actor="E01-1")
    consumed = funded.send(c.ConsumeHold(hold=1, quantity=10, target=101), actor="B2-1")
    by_pledgee = funded.send(c.ReleaseHold(hold=1, quantity=10), actor="B2-1")

    assert by_pledgor.refusal.code == Reject.NOT_THE_OWNER
    assert consumed.refusal.code == Reject.PURPOSE_UNFIT
    assert by_pledgee.refusal is None


def test_a_hold_with_an_end_is_released_by_its_timer(funded: Any) -> None:
    funded.send(c.PlaceHold(account=100, quantity=10, until=9_000, **HOLD), actor="E01-1")
    timer = funded.ledger.timers.earliest()
    assert (timer.kind, timer.subject, timer.due) == ("hold", "1", 9_000)

    outcome = funded.send(c.FireTimer(timer="hold", subject="1"), actor="system")

    assert [type(e) for e in outcome.effects] == [TimerFired, HoldReleased]
    assert funded.ledger.accounts[100].available("CNY") == 10_000
    assert funded.ledger.timers.earliest() is None


def test_a_linked_list_is_applied_whole_or_not_at_all(funded: Any) -> None:
    good = c.PlaceHold(account=100, quantity=6_000, **HOLD)
    before = [row for row in funded.rows() if row[0] != "venue"]

    outcome = funded.send(c.Linked(commands=(good, good)), actor="E01-1")

    assert outcome.refusal.code == Reject.AVAILABLE_TOO_SMALL
    assert outcome.refusal.leg == 1
    assert [row for row in funded.rows() if row[0] != "venue"] == before


def test_an_approved_proposal_is_applied_as_its_makers(funded: Any) -> None:
    wanted = c.PlaceHold(account=100, quantity=10, **HOLD)
    funded.send(c.Propose(command=wanted), actor="E01-1")

    own = funded.send(c.Approve(proposal=1), actor="E01-1")
    foreign = funded.send(c.Approve(proposal=1), actor="E02-1")
    outcome = funded.send(c.Approve(proposal=1), actor="E01-2")

    assert own.refusal.code == Reject.CHECKER_IS_MAKER
    assert foreign.refusal.code == Reject.CHECKER_OF_OTHER_PARTY
    assert [type(e) for e in outcome.effects] == [ProposalClosed, HoldPlaced]
    assert outcome.effects[0].maker == "E01-1"


def test_a_revoked_key_is_refused_from_the_next_entry_on(funded: Any) -> None:
    funded.send(c.RevokeActor(actor="E01-1"), actor="E01-2")

    outcome = funded.send(c.PlaceHold(account=100, quantity=10, **HOLD), actor="E01-1")

    assert outcome.refusal.code == Reject.ACTOR_REVOKED


def test_a_certified_statement_commits_to_the_fetched_digest(funded: Any) -> None:
    fetched = CertifiedPostings(count=1, digest="ab" * 32)
    command = c.CertifyStatement(account=100, entry_from=-1, entry_to=3)

    outcome = funded.send(command, actor="E01-1", fetched=fetched)

    assert outcome.effects[0].digest == "ab" * 32


def test_undo_after_every_command_gives_the_rows_before_it(funded: Any) -> None:
    stream = [
        ("E01-1", c.PlaceHold(account=100, quantity=10, until=9_000, **HOLD)),
        ("E01-1", c.ReleaseHold(hold=1, quantity=4)),
        ("E01-1", c.ConsumeHold(hold=1, quantity=6, target=101)),
        ("x-1", c.RegisterParty(party="N", party_kind=PartyKind.BANK, scheme="s", identifier="1")),
        ("x-1", c.OpenAccount(party="N", account_kind=AccountKind.TRADING)),
        ("x-1", c.CloseAccount(account=102)),
        ("E01-1", c.Propose(command=c.PlaceHold(account=100, quantity=1, **HOLD))),
        ("E01-2", c.Approve(proposal=1)),
        ("x-1", c.ActivateMachine(machine=2)),
        ("E01-1", c.RevokeActor(actor="E01-1")),
    ]
    for actor, command in stream:
        before = funded.rows()
        mark = len(funded.ledger.journal)
        applied = funded.send(command, actor=actor)
        assert applied.refusal is None
        after = funded.rows()

        undo(funded.ledger.journal, mark=mark)
        assert funded.rows() == before

        funded.index -= 1
        funded.send(command, actor=actor)
        assert funded.rows() == after
