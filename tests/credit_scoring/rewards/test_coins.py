"""Coins are earned up to the caps, spent and expired oldest first, and taken back."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from credit_scoring.rewards import commands as w
from credit_scoring.rewards.days import add_months
from ledger import commands as c
from ledger.personal.commands import ErasePerson, ErasureBasis
from ledger.personal.fetched import PersonalEntries
from ledger.roles import AccountKind, PartyKind, Purpose, Role
from tests.credit_scoring.rewards.desk import BEGIN, COIN, RewardDesk, day, rules, source


def test_fifteen_sortings_earn_thirty_coins_and_a_bill_takes_ten(desk: RewardDesk) -> None:
    for number in range(15):
        desk.until(BEGIN + number)
        desk.must(desk.earn(f"bag-{number}", day=BEGIN + number), actor="TEAM-1")
    desk.must(desk.redeem("2026/77", 10), actor="P1-1")

    assert desk.coins(desk.holder("P1")) == 20
    assert desk.coins(desk.merchant) == 10
    assert desk.balances() == {
        "issuance": -1_000,
        "coin_issuer": 970,
        "coin_holder": 20,
        "coin_merchant": 10,
    }


def test_a_day_and_a_month_cut_what_an_act_earns_and_say_so(desk: RewardDesk) -> None:
    first = desk.must(desk.earn("a", quantity=4), actor="TEAM-1").effects[-1]
    second = desk.must(desk.earn("b", quantity=3), actor="TEAM-1").effects[-1]
    third = desk.must(desk.earn("c"), actor="TEAM-1").effects[-1]
    for number in range(1, 7):
        desk.until(BEGIN + number)
        desk.must(desk.earn(f"d{number}", quantity=5, day=BEGIN + number), actor="TEAM-1")
    desk.until(BEGIN + 7)
    month_is_full = desk.must(desk.earn("e", day=BEGIN + 7), actor="TEAM-1").effects[-1]
    desk.until(day("2026-05-01"))
    next_month = desk.must(desk.earn("f", day=day("2026-05-01")), actor="TEAM-1").effects[-1]

    cuts = [(each.coins, each.cut) for each in (first, second, third)]  # type: ignore[attr-defined]
    assert cuts == [(8, 0), (2, 4), (0, 2)]
    assert (month_is_full.coins, month_is_full.cut) == (0, 2)  # type: ignore[attr-defined]
    assert (next_month.coins, next_month.cut) == (2, 0)  # type: ignore[attr-defined]
    assert desk.coins(desk.holder("P1")) == 72


def test_coins_expire_after_24_months_to_the_day(desk: RewardDesk) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    account, end = desk.holder("P1"), day("2028-04-10")

    desk.until(end - 1, hours=23)
    before = desk.spendable(account)
    desk.until(end, hours=0)

    assert (before, desk.spendable(account)) == (2, 0)
    assert desk.balances()["coin_holder"] == 2
    desk.must(w.GiveUpRewards(account=account), actor="P1-1")
    assert desk.balances()["coin_expired"] == 2
    assert desk.coins(account) == 0


def test_who_takes_coins_from_an_account_posts_what_has_expired_of_it(desk: RewardDesk) -> None:
    desk.must(desk.earn("old", quantity=2), actor="TEAM-1")
    desk.until(BEGIN + 40)
    desk.must(desk.earn("young", quantity=3, day=BEGIN + 40), actor="TEAM-1")
    desk.until(day("2028-04-10"))
    desk.must(desk.earn("new", day=day("2028-04-10")), actor="TEAM-1")
    untouched = desk.balances().get("coin_expired", 0)
    effects = desk.must(desk.redeem("1", 5), actor="P1-1").effects

    told = [(type(e).__name__, getattr(e, "quantity", None)) for e in effects]
    assert told == [("Moved", 4), ("CoinsExpired", None), ("Moved", 5), ("CoinsRedeemed", None)]
    assert (untouched, desk.balances()["coin_expired"]) == (0, 4)
    assert desk.lefts() == {"old": 0, "young": 1, "new": 2}


def test_an_act_whose_coins_have_expired_cannot_be_revoked(desk: RewardDesk) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    revoke = w.RevokeCoins(source="BAGS", reference="a", reason="late")
    desk.until(day("2028-04-10"), hours=0)

    assert desk.code_of(revoke, actor="TEAM-1") == "rewards.reference_unknown"


def test_a_list_cannot_revoke_what_it_reports(desk: RewardDesk) -> None:
    revoke = w.RevokeCoins(source="BAGS", reference="a", reason="doubled")
    both = c.Linked(commands=(desk.earn("a"), revoke))

    refusal = desk.send(both, actor="TEAM-1").refusal

    assert refusal is not None
    assert (refusal.code, refusal.leg) == ("rewards.reference_unknown", 1)


def test_a_sum_for_each_day_of_expiry_follows_every_lot(desk: RewardDesk) -> None:
    desk.must(desk.earn("a", quantity=2), actor="TEAM-1")
    desk.must(desk.earn("b", day=BEGIN - 9), actor="TEAM-1")
    desk.must(desk.earn("c", account=desk.holder("P2")), actor="TEAM-1")
    desk.must(desk.redeem("1", 3), actor="P1-1")

    sums = {key[1]: (each.coins, each.lots) for key, each in desk.state.expiries.items()}
    assert sums == {day("2028-04-10"): (5, 2), day("2028-04-01"): (0, 0)}


def test_the_oldest_expiry_is_spent_first_whenever_it_came_in(desk: RewardDesk) -> None:
    desk.must(desk.earn("young"), actor="TEAM-1")
    desk.must(desk.earn("old", day=BEGIN - 9), actor="TEAM-1")
    desk.must(desk.redeem("1", 3), actor="P1-1")

    left = desk.lefts()
    assert left == {"young": 1, "old": 0}


def test_what_expires_today_cannot_be_spent_today(desk: RewardDesk) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    desk.until(day("2028-04-10"), hours=0)

    assert desk.code_of(desk.redeem("1", 1), actor="P1-1") == "rewards.coins_too_few"


def test_one_entry_posts_at_most_2000_expired_lots(desk: RewardDesk) -> None:
    one = [w.ActRule(act="sorted_waste", coins=1, source="none")]
    wide = rules("wide", effective_from=BEGIN + 1, day_max=1_000, month_max=1_000, acts=one)
    desk.by_two(wide)
    desk.by_two(w.IssueCoins(instrument=COIN, coins=10_000, decision="more"))
    desk.proves = False
    for number in range(2_020):
        on = BEGIN + 1 + number // 20
        desk.until(on)
        desk.must(desk.earn(f"a{number}", day=on), actor="TEAM-1")
    desk.until(day("2028-12-31"))
    desk.machine.check()
    desk.proves = True
    give_up = w.GiveUpRewards(account=desk.holder("P1"))

    first = desk.must(give_up, actor="P1-1").effects
    second = desk.must(give_up, actor="P1-1").effects

    assert [len(e.lots) for e in (first[-1], second[-1])] == [2_000, 20]  # type: ignore[attr-defined]


def _person(party: str) -> c.RegisterParty:
    return c.RegisterParty(party=party, party_kind=PartyKind.PERSON, scheme="", identifier="")


def test_a_bill_counts_once_and_takes_at_most_ten(desk: RewardDesk) -> None:
    for number in range(6):
        act = desk.earn(f"a{number}", quantity=2, day=BEGIN - number)
        desk.must(act, actor="TEAM-1")
    first = desk.must(desk.redeem("77", 6), actor="P1-1")
    again = desk.must(desk.redeem("77", 6), actor="P1-1")

    assert len(first.effects) == 2
    assert again.effects == []
    assert desk.coins(desk.merchant) == 6
    assert desk.code_of(desk.redeem("77", 5), actor="P1-1") == "rewards.bill_taken"
    assert desk.code_of(desk.redeem("78", 11), actor="P1-1") == "rewards.above_bill_max"
    desk.must(desk.redeem("78", 10), actor="P1-1")


def test_only_the_holder_pays_or_agrees_to_what_its_merchant_proposes(desk: RewardDesk) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    redeem = desk.redeem("1", 2)
    alone = desk.code_of(redeem, actor="SHOP-1")
    stranger = desk.code_of(redeem, actor="P2-1")
    desk.must(c.Propose(command=redeem), actor="SHOP-1")
    proposal = c.Approve(proposal=desk.ledger.next_proposal - 1)
    another = desk.code_of(proposal, actor="P2-1")
    refusal = c.RejectProposal(proposal=proposal.proposal)
    meddler = desk.code_of(refusal, actor="P2-1")
    second = {"party": "SHOP", "roles": [Role.APPROVER, Role.MERCHANT], "digest": "9" * 64}
    desk.must(c.RegisterActor(actor="SHOP-2", **second))  # type: ignore[arg-type]
    colleague = desk.code_of(proposal, actor="SHOP-2")
    desk.must(proposal, actor="P1-1")

    assert (alone, stranger) == ("rewards.agreement_required", "ledger.not_the_owner")
    assert another == meddler == "ledger.checker_of_other_party"
    assert colleague == "rewards.agreement_required"
    assert desk.coins(desk.merchant) == 2


def test_a_holder_turns_down_what_a_merchant_proposes(desk: RewardDesk) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    desk.must(c.Propose(command=desk.redeem("1", 2)), actor="SHOP-1")
    proposal = desk.ledger.next_proposal - 1
    desk.must(c.RejectProposal(proposal=proposal), actor="P1-1")

    gone = desk.code_of(c.Approve(proposal=proposal), actor="P1-1")
    assert gone == "ledger.proposal_unknown"
    assert desk.coins(desk.holder("P1")) == 2


def test_a_revoked_act_takes_its_coins_back(desk: RewardDesk) -> None:
    desk.must(desk.earn("good"), actor="TEAM-1")
    desk.must(desk.earn("bad", quantity=2), actor="TEAM-1")
    desk.must(w.RevokeCoins(source="BAGS", reference="bad", reason="not sorted"), actor="TEAM-1")

    assert desk.balances()["coin_clawback"] == 4
    assert desk.coins(desk.holder("P1")) == 2
    left = desk.lefts()
    assert left == {"good": 2, "bad": 0}


def test_what_is_spent_becomes_a_claim_that_later_earnings_pay_first(desk: RewardDesk) -> None:
    account = desk.holder("P1")
    desk.must(desk.earn("bad", quantity=4), actor="TEAM-1")
    desk.must(desk.redeem("1", 5), actor="P1-1")
    desk.must(w.RevokeCoins(source="BAGS", reference="bad", reason="forged"))
    claim = desk.state.holders[account].claim
    desk.until(BEGIN + 1)
    desk.must(desk.earn("b", quantity=1, day=BEGIN + 1), actor="TEAM-1")
    after_two = (desk.state.holders[account].claim, desk.coins(account))
    desk.must(desk.earn("c", quantity=3, day=BEGIN + 1), actor="TEAM-1")

    assert claim == 5
    assert after_two == (3, 0)
    assert (desk.state.holders[account].claim, desk.coins(account)) == (0, 3)
    assert desk.balances()["coin_clawback"] == 8


def test_an_act_that_paid_a_claim_is_taken_back_whole(desk: RewardDesk) -> None:
    account = desk.holder("P1")
    desk.must(desk.earn("a", quantity=2), actor="TEAM-1")
    desk.must(desk.redeem("1", 4), actor="P1-1")
    desk.must(w.RevokeCoins(source="BAGS", reference="a", reason="r"), actor="TEAM-1")
    desk.must(desk.earn("b", quantity=3), actor="TEAM-1")
    desk.must(w.RevokeCoins(source="BAGS", reference="b", reason="r"), actor="TEAM-1")

    assert (desk.state.holders[account].claim, desk.coins(account)) == (4, 0)
    assert desk.balances()["coin_clawback"] == 6
    again = w.RevokeCoins(source="BAGS", reference="b", reason="r")
    assert desk.code_of(again, actor="TEAM-1") == "rewards.reference_unknown"


def test_a_revoked_act_makes_room_under_the_caps(desk: RewardDesk) -> None:
    desk.must(desk.earn("a", quantity=5), actor="TEAM-1")
    desk.must(w.RevokeCoins(source="BAGS", reference="a", reason="r"), actor="TEAM-1")
    desk.must(desk.earn("b", quantity=5), actor="TEAM-1")

    assert desk.coins(desk.holder("P1")) == 10


@pytest.mark.parametrize(
    ("changes", "actor", "code"),
    [
        ({}, "P1-1", "ledger.role_missing"),
        ({"source": "NONE"}, "TEAM-1", "rewards.source_unknown"),
        ({}, "OTHER-1", "rewards.not_the_owner"),
        ({"account": 1}, "TEAM-1", "rewards.account_unfit"),
        ({"account": 10**9}, "TEAM-1", "rewards.account_unfit"),
        ({"act": "planting"}, "TEAM-1", "rewards.act_unknown"),
        ({"day": day("2025-12-31")}, "TEAM-1", "rewards.rules_not_set"),
        ({"day": BEGIN - 31}, "TEAM-1", "rewards.day_unfit"),
        ({"day": BEGIN + 1}, "TEAM-1", "rewards.day_unfit"),
        ({"quantity": 0}, "TEAM-1", "rewards.quantity_unfit"),
        ({"quantity": -1}, "TEAM-1", "rewards.quantity_unfit"),
        ({"quantity": 1_001}, "TEAM-1", "rewards.quantity_unfit"),
        ({"reference": "known"}, "TEAM-1", "rewards.act_twice"),
    ],
)
def test_an_act_is_refused_for_the_first_reason(
    desk: RewardDesk, changes: dict[str, object], actor: str, code: str
) -> None:
    desk.must(desk.earn("known"), actor="TEAM-1")
    before = desk.balances()

    assert desk.code_of(desk.earn(**({"reference": "new"} | changes)), actor=actor) == code  # type: ignore[arg-type]  # a case's shorthand
    assert desk.balances() == before


def test_a_source_earns_for_its_own_acts_only_and_not_after_it_ended(desk: RewardDesk) -> None:
    desk.by_two(source(acts=["clean_plate"]))
    one = desk.code_of(desk.earn("a"), actor="TEAM-1")
    desk.must(desk.earn("a", act="clean_plate"), actor="TEAM-1")
    desk.by_two(source(acts=[]))
    none = desk.code_of(desk.earn("b", act="clean_plate"), actor="TEAM-1")

    assert (one, none) == ("rewards.act_unknown", "rewards.act_unknown")
    assert desk.refused_by_two(source(party="OTHER")) == "rewards.not_the_owner"


def test_no_day_has_more_acts_than_the_machine_looks_at(desk: RewardDesk) -> None:
    for number in range(w.ACTS_OF_DAY_MAX):
        desk.must(desk.earn(f"a{number}"), actor="TEAM-1")

    assert desk.code_of(desk.earn("more"), actor="TEAM-1") == "rewards.acts_too_many"


def test_the_issuer_gives_out_no_more_than_its_budget(desk: RewardDesk) -> None:
    desk.by_two(rules("rich", effective_from=BEGIN, day_max=1_000, month_max=1_000))
    desk.must(desk.earn("a", quantity=500), actor="TEAM-1")
    account = desk.holder("P2")

    code = desk.code_of(desk.earn("b", account=account), actor="TEAM-1")

    assert code == "rewards.budget_too_small"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "2026-1"}, "rewards.version_exists"),
        ({"effective_from": BEGIN - 1}, "rewards.not_ahead"),
        ({"effective_from": day("2025-06-01")}, "rewards.not_ahead"),
        ({"instrument": "NONE"}, "rewards.scheme_unknown"),
        ({"acts": []}, "rewards.terms_unfit"),
        ({"acts": [w.ActRule(act="a", coins=0, source="")]}, "rewards.terms_unfit"),
        ({"acts": [w.ActRule(act="a", coins=1, source="")] * 2}, "rewards.terms_unfit"),
        ({"day_max": 0}, "rewards.terms_unfit"),
        ({"month_max": 1_001}, "rewards.terms_unfit"),
        ({"expiry_months": 0}, "rewards.terms_unfit"),
        ({"bill_max": 0}, "rewards.terms_unfit"),
        ({"late_days": 367}, "rewards.terms_unfit"),
    ],
)
def test_rules_are_versions_that_never_change(
    desk: RewardDesk, changes: dict[str, object], code: str
) -> None:
    made = {"version": "2026-2", "effective_from": BEGIN} | changes

    assert desk.refused_by_two(rules(**made)) == code  # type: ignore[arg-type]  # a case's shorthand
    assert desk.code_of(rules("2026-3")) == "ledger.four_eyes_required"


def test_an_act_goes_by_the_rules_of_its_day(desk: RewardDesk) -> None:
    plate = [w.ActRule(act="sorted_waste", coins=1, source="new")]
    desk.by_two(rules("2026-2", effective_from=BEGIN + 1, acts=plate, expiry_months=12))
    desk.until(BEGIN + 1)
    desk.must(desk.earn("old", day=BEGIN), actor="TEAM-1")
    desk.must(desk.earn("new", day=BEGIN + 1), actor="TEAM-1")

    found = {a.reference: (a.coins, a.rules, a.expires) for a in desk.state.acts.rows()}
    assert found == {
        "old": (2, "2026-1", add_months(BEGIN, 24)),
        "new": (1, "2026-2", add_months(BEGIN + 1, 12)),
    }


def _close(desk: RewardDesk) -> c.Command:
    return c.CloseAccount(account=desk.holder("P1"))


def _pledge(desk: RewardDesk) -> c.Command:
    return c.PlaceHold(
        account=desk.holder("P1"),
        instrument=COIN,
        quantity=1,
        purpose=Purpose.PLEDGE,
        reference="",
    )


@pytest.mark.parametrize(
    ("make", "actor"), [(_close, "x"), (_pledge, "TRADER-1")], ids=["closing", "pledge"]
)
def test_no_other_command_touches_an_account_of_coins(
    desk: RewardDesk, make: Callable[[RewardDesk], c.Command], actor: str
) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    trader: dict[str, Any] = {"party": "P1", "roles": [Role.TRADER], "digest": "9" * 64}
    desk.must(c.RegisterActor(actor="TRADER-1", **trader))

    assert desk.code_of(make(desk), actor=actor) == "ledger.account_kind_unfit"


def test_a_merchant_is_settled_for_what_it_took_and_may_end(desk: RewardDesk) -> None:
    desk.must(desk.earn("a", quantity=5), actor="TEAM-1")
    desk.must(desk.redeem("1", 8), actor="P1-1")
    settle: dict[str, Any] = {"merchant": desk.merchant, "reference": "B2-1"}
    much = desk.code_of(w.SettleMerchant(coins=9, **settle))
    desk.must(w.SettleMerchant(coins=8, **settle))
    desk.must(w.SetCoinMerchant(instrument=COIN, party="SHOP", live=False))

    assert much == "rewards.coins_too_few"
    assert desk.balances()["cancelled"] == 8
    assert desk.code_of(desk.redeem("2", 1), actor="P1-1") == "rewards.merchant_unknown"
    ended = w.SetCoinMerchant(instrument=COIN, party="P2", live=False)
    assert desk.code_of(ended) == "rewards.merchant_unknown"
    assert desk.code_of(w.SettleMerchant(merchant=1, coins=1, reference="")) == (
        "rewards.merchant_unknown"
    )


@pytest.mark.parametrize("coins", [0, -1, 10**18])
def test_a_quantity_of_coins_is_positive_and_bounded(desk: RewardDesk, coins: int) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    bounds = {"ledger.quantity_not_positive", "ledger.quantity_too_large"}

    assert desk.code_of(desk.redeem("1", coins), actor="P1-1") in bounds
    settle = w.SettleMerchant(merchant=desk.merchant, coins=coins, reference="")
    assert desk.code_of(settle) in bounds
    issue = w.IssueCoins(instrument=COIN, coins=coins, decision="")
    assert desk.refused_by_two(issue) in bounds


def test_each_party_has_one_account_of_a_coin(desk: RewardDesk) -> None:
    again = w.OpenCoinAccount(instrument=COIN, party="P1")
    assert desk.code_of(again, actor="TEAM-1") == "rewards.account_exists"
    nobody = w.OpenCoinAccount(instrument=COIN, party="NOBODY")
    assert desk.code_of(nobody) == "ledger.party_unknown"
    other = w.OpenCoinAccount(instrument="CEA", party="P1")
    assert desk.code_of(other) == "rewards.scheme_unknown"
    twice = w.OpenCoinScheme(instrument=COIN, issuer="X")
    assert desk.refused_by_two(twice) == "rewards.version_exists"


def test_a_holder_gives_up_its_coins_and_then_may_be_erased(desk: RewardDesk) -> None:
    account = desk.holder("P1")
    desk.must(desk.earn("a", quantity=3), actor="TEAM-1")
    give_up = w.GiveUpRewards(account=account)
    erase = ErasePerson(party="P1", basis=ErasureBasis.CONSENT_WITHDRAWN)
    fetched = PersonalEntries(known=True, entries=[], shared=[])
    bound = _erase(desk, erase, fetched)
    stranger = desk.code_of(give_up, actor="P2-1")
    desk.must(give_up, actor="P1-1")
    none = desk.must(give_up, actor="P1-1").effects
    gone = _erase(desk, erase, fetched)

    assert (bound, stranger, none, gone) == (
        "ledger.party_engaged",
        "ledger.not_the_owner",
        [],
        None,
    )
    assert desk.balances()["coin_expired"] == 6
    assert desk.code_of(desk.earn("b"), actor="TEAM-1") == "rewards.account_unfit"
    assert desk.code_of(desk.redeem("1", 1), actor="SHOP-1") == "rewards.account_unfit"


def _erase(desk: RewardDesk, erase: ErasePerson, fetched: PersonalEntries) -> str | None:
    desk.must(c.Propose(command=erase))
    approval = c.Approve(proposal=desk.ledger.next_proposal - 1)
    refusal = desk.send(approval, actor="x-2", fetched=fetched).refusal
    return None if refusal is None else refusal.code


def test_a_claim_keeps_a_person_from_being_erased(desk: RewardDesk) -> None:
    desk.must(desk.earn("a"), actor="TEAM-1")
    desk.must(desk.redeem("1", 2), actor="P1-1")
    desk.must(w.RevokeCoins(source="BAGS", reference="a", reason="r"), actor="TEAM-1")

    assert desk.machine.binding("P1") == "a claim of 2 coins"
    assert desk.machine.binding("P2") is None


def test_a_bill_counts_once_for_good(desk: RewardDesk) -> None:
    desk.must(desk.earn("a", quantity=2), actor="TEAM-1")
    desk.must(desk.redeem("1", 1), actor="P1-1")
    desk.until(day("2028-04-10"))
    desk.must(desk.earn("b", day=day("2028-04-10")), actor="TEAM-1")

    assert desk.must(desk.redeem("1", 1), actor="P1-1").effects == []
    assert desk.code_of(desk.redeem("1", 2), actor="P1-1") == "rewards.bill_taken"


def test_months_are_added_to_the_end_of_short_ones() -> None:
    for begin, months, end in (
        ("2024-08-31", 6, "2025-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2026-04-10", 24, "2028-04-10"),
        ("2026-12-31", 1, "2027-01-31"),
    ):
        assert date.fromordinal(add_months(day(begin), months)).isoformat() == end


def test_kinds_of_reward_accounts_are_opened_by_rewards_alone(desk: RewardDesk) -> None:
    opening = c.OpenAccount(party="P1", account_kind=AccountKind.COIN_HOLDER)

    assert desk.code_of(opening) == "ledger.account_kind_unfit"
