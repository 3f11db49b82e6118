"""Slips that a source signed offline count once, whoever hands them in."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.rewards import commands as w
from credit_scoring.rewards.carbon import REDUCED
from credit_scoring.rewards.slips import is_signed, message
from ledger.roles import AccountKind
from tests.credit_scoring.rewards.desk import (
    BEGIN,
    PUBLIC,
    RewardDesk,
    day,
    signed,
    source,
)
from tests.credit_scoring.rewards.test_carbon import factor


def test_a_signed_slip_counts_once_whoever_hands_it_in(desk: RewardDesk) -> None:
    slip = signed(desk, "S-1", quantity=3_000)
    desk.must(slip, actor="OTHER-1")

    assert desk.coins(desk.holder("P1")) == 6
    assert desk.code_of(slip) == "rewards.act_twice"
    assert desk.code_of(desk.earn("S-1"), actor="TEAM-1") == "rewards.act_twice"


def test_the_bytes_that_are_signed_are_plain() -> None:
    slip = w.PresentSlip(
        source="BAGS",
        slip="S-1",
        reward=w.Reward.COINS,
        account=107,
        act="sorted_waste",
        quantity=1_500,
        day=day("2026-04-10"),
        signature="",
    )

    assert message(slip) == (
        b"ecorights-slip-v1\n"
        b'{"account":"107","act":"sorted_waste","day":"2026-04-10","quantity":"1.500",'
        b'"reward":"coins","slip":"S-1","source":"BAGS"}'
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"slip": "S-2"},
        {"quantity": 2_000},
        {"act": "clean_plate"},
        {"day": BEGIN - 1},
        {"reward": w.Reward.CARBON},
        {"signature": "00" * 64},
        {"signature": "zz"},
        {"signature": ""},
    ],
)
def test_a_slip_that_was_changed_is_refused(desk: RewardDesk, changes: dict[str, Any]) -> None:
    forged = msgspec.structs.replace(signed(desk, "S-1"), **changes)

    assert desk.code_of(forged) == "rewards.signature_unfit"
    assert desk.balances() == {"issuance": -1_000, "coin_issuer": 1_000}


def test_another_key_and_another_account_are_refused(desk: RewardDesk) -> None:
    own = Ed25519PrivateKey.from_private_bytes(b"\6" * 32)
    other = msgspec.structs.replace(signed(desk, "S-1"), account=desk.holder("P2"))

    assert desk.code_of(signed(desk, "S-1", secret=own)) == "rewards.signature_unfit"
    assert desk.code_of(other) == "rewards.signature_unfit"
    unknown = msgspec.structs.replace(signed(desk, "S-1"), source="NONE")
    assert desk.code_of(unknown) == "rewards.source_unknown"


def test_a_key_that_was_changed_signs_nothing_any_more(desk: RewardDesk) -> None:
    slip = signed(desk, "S-1")
    desk.by_two(source(public_key=""))
    without = desk.code_of(slip)
    new = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    desk.by_two(source(public_key=new.public_key().public_bytes_raw().hex()))

    assert (without, desk.code_of(slip)) == (
        "rewards.signature_unfit",
        "rewards.signature_unfit",
    )
    desk.must(signed(desk, "S-1", secret=new))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"day": BEGIN - 31}, "rewards.day_unfit"),
        ({"day": BEGIN + 1}, "rewards.day_unfit"),
        ({"quantity": 1_500}, "rewards.quantity_unfit"),
        ({"act": "planting"}, "rewards.act_unknown"),
        ({"account": 1}, "rewards.account_unfit"),
        ({"reward": w.Reward.CARBON, "act": "bus_ride"}, "rewards.account_unfit"),
    ],
)
def test_a_genuine_slip_obeys_the_rules_of_acts(
    desk: RewardDesk, changes: dict[str, Any], code: str
) -> None:
    assert desk.code_of(signed(desk, "S-1", **changes)) == code


def test_a_slip_may_be_of_carbon(desk: RewardDesk) -> None:
    desk.by_two(factor("bus_ride", 80_000_000))
    account = desk.account("P1", AccountKind.CARBON)
    ride = {"reward": w.Reward.CARBON, "act": "bus_ride", "account": account}
    desk.must(signed(desk, "S-1", quantity=2_500, **ride), actor="OTHER-1")

    assert desk.ledger.accounts[account].available(REDUCED) == 200_000


@pytest.mark.parametrize("key", ["0" * 63, "G" * 64, "A" * 64])
def test_a_key_is_64_hexadecimal_digits(desk: RewardDesk, key: str) -> None:
    assert desk.refused_by_two(source(public_key=key)) == "rewards.terms_unfit"


def test_a_source_names_each_act_once(desk: RewardDesk) -> None:
    assert desk.refused_by_two(source(acts=["a", "a"])) == "rewards.terms_unfit"
    many = [f"a{number}" for number in range(w.ACTS_MAX + 1)]
    assert desk.refused_by_two(source(behaviours=many)) == "rewards.terms_unfit"


def test_a_key_that_is_none_signs_nothing(desk: RewardDesk) -> None:
    slip = signed(desk, "S-1")

    assert is_signed(slip, public_key=PUBLIC)
    assert not is_signed(slip, public_key="ab")
