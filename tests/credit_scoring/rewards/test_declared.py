"""What a command of rewards declares is all that it reads, in lists and after the wait too."""

from collections.abc import Callable

import pytest

from credit_scoring.rewards import commands as w
from ledger import commands as c
from ledger.roles import Role
from tests.credit_scoring.rewards.declaring import DeclaringDesk
from tests.credit_scoring.rewards.desk import BEGIN, COIN, RewardDesk, furnish
from tests.credit_scoring.rewards.test_carbon import factor, ride

DOES_ALL = [Role.INTAKE, Role.SUBJECT, Role.OPERATOR]


@pytest.fixture(scope="module")
def desk() -> DeclaringDesk:
    desk = DeclaringDesk()
    furnish(desk)
    digest = "f" * 64
    desk.must(c.RegisterActor(actor="both", party="TEAM", roles=DOES_ALL, digest=digest))
    desk.by_two(factor("bus_ride", 80_000_000))
    return desk


def test_an_account_is_opened_filled_and_emptied_in_one_list(desk: DeclaringDesk) -> None:
    account = desk.ledger.next_account
    legs = [
        w.OpenCoinAccount(instrument=COIN, party="TEAM"),
        desk.earn("l-1", account=account, quantity=2),
        desk.earn("l-2", account=account, day=BEGIN - 15),
        desk.redeem("l", 5, account=account),
        w.GiveUpRewards(account=account),
    ]

    effects = desk.must(c.Linked(commands=tuple(legs)), actor="both").effects

    assert desk.coins(account) == 0
    assert sum(type(effect).__name__ == "CoinsGivenUp" for effect in effects) == 1


REVOKED: list[Callable[[RewardDesk], tuple[c.Command, c.Command]]] = [
    lambda desk: (
        desk.earn("r-1"),
        w.RevokeCoins(source="BAGS", reference="r-1", reason="doubled"),
    ),
    lambda desk: (
        ride(desk, "r-2", 1_000),
        w.RevokeCarbon(source="BAGS", reference="r-2", reason="doubled"),
    ),
]


@pytest.mark.parametrize("made", REVOKED)
def test_what_a_list_reports_it_cannot_revoke_and_the_next_command_can(
    desk: DeclaringDesk, made: Callable[[RewardDesk], tuple[c.Command, c.Command]]
) -> None:
    report, revoke = made(desk)

    refusal = desk.send(c.Linked(commands=(report, revoke)), actor="both").refusal

    assert refusal is not None
    assert (refusal.code, refusal.leg) == ("rewards.reference_unknown", 1)
    desk.must(report, actor="TEAM-1")
    desk.must(revoke, actor="TEAM-1")


@pytest.mark.parametrize("day", [0, -1, 10**9])
def test_a_day_that_no_calendar_has_is_refused(desk: DeclaringDesk, day: int) -> None:
    refused = {"rewards.rules_not_set", "rewards.day_unfit"}

    assert desk.code_of(desk.earn("none", day=day), actor="TEAM-1") in refused
    assert desk.code_of(ride(desk, "none", 1, day=day), actor="TEAM-1") in refused
