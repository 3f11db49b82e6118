"""Random lives of two holders against a slow model of one list of coins each.

The model knows a coin as one item with its day and its end, so it shares no sum with the machine.
The desk proves every change undone and done again, and the machine's own invariants after each.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from credit_scoring.rewards import commands as w
from tests.credit_scoring.rewards.declaring import DeclaringDesk
from tests.credit_scoring.rewards.desk import ACTS, BEGIN, furnish, rules, signed

HOLDERS = ("P1", "P2")
EXPIRY = 3
DAY_MAX, MONTH_MAX, BILL_MAX = 10, 24, 10


@dataclass
class Purse:
    """One holder as the model sees it: single coins, acts by reference, and what is owed."""

    coins: list[tuple[date, int]] = field(default_factory=list)
    acts: dict[str, tuple[date, int, bool]] = field(default_factory=dict)
    claim: int = 0


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


class Lives(RuleBasedStateMachine):
    """Earn, hand slips in, redeem, revoke, settle, let time pass."""

    def __init__(self) -> None:
        super().__init__()
        three = rules(expiry_months=EXPIRY, month_max=MONTH_MAX)
        self.desk = furnish(DeclaringDesk(), terms=three)
        self.today = BEGIN
        self.purses = {party: Purse() for party in HOLDERS}
        self.order = 0
        self.bills: dict[str, tuple[str, int]] = {}
        self.taken = self.expired = self.redeemed = self.settled = self.issued = 0

    def _ends(self, day: int) -> date:
        on = date.fromordinal(day)
        month = on
        for _ in range(EXPIRY):
            month = _next_month(month)
        return min(month + timedelta(days=on.day - 1), _next_month(month) - timedelta(days=1))

    def _earned(self, party: str, reference: str, day: int, quantity: int) -> None:
        purse = self.purses[party]
        on = date.fromordinal(day)
        good = [(each, coins) for each, coins, live in purse.acts.values() if live]
        of_day = sum(coins for each, coins in good if each == on)
        of_month = sum(c for each, c in good if (each.year, each.month) == (on.year, on.month))
        coins = max(0, min(2 * quantity, DAY_MAX - of_day, MONTH_MAX - of_month))
        purse.acts[reference] = (on, coins, True)
        self.issued += coins
        for _ in range(coins):
            if purse.claim:
                purse.claim -= 1
                self.taken += 1
            else:
                purse.coins.append((self._ends(day), self.order))
        self.order += 1

    @rule(
        party=st.sampled_from(HOLDERS),
        reference=st.integers(0, 40).map(str),
        quantity=st.integers(1, 4),
        late=st.integers(-1, 32),
        act=st.sampled_from(ACTS),
        by_slip=st.booleans(),
    )
    def earn(
        self, party: str, reference: str, quantity: int, late: int, act: str, *, by_slip: bool
    ) -> None:
        day = self.today - late
        account = self.desk.holder(party)
        made: dict[str, Any] = {"account": account, "act": act, "day": day}
        if by_slip:
            slip = signed(self.desk, reference, quantity=1_000 * quantity, **made)
            outcome = self.desk.send(slip, actor="OTHER-1")
        else:
            command = self.desk.earn(reference, quantity=quantity, **made)
            outcome = self.desk.send(command, actor="TEAM-1")
        known = any(reference in purse.acts for purse in self.purses.values())
        fits = 0 <= late <= 30 and not known
        assert (outcome.refusal is None) is fits, outcome.refusal
        if fits:
            self._earned(party, reference, day, quantity)

    @rule(
        party=st.sampled_from(HOLDERS),
        bill=st.integers(0, 12).map(str),
        coins=st.integers(1, 12),
    )
    def redeem(self, party: str, bill: str, coins: int) -> None:
        command = self.desk.redeem(bill, coins, account=self.desk.holder(party))
        outcome = self.desk.send(command, actor=f"{party}-1")
        purse = self.purses[party]
        if bill in self.bills:
            same = self.bills[bill] == (party, coins)
            assert (outcome.refusal is None) is same
            assert outcome.effects == []
            return
        fits = coins <= min(BILL_MAX, len(purse.coins))
        assert (outcome.refusal is None) is fits
        if fits:
            self.bills[bill] = (party, coins)
            purse.coins.sort()
            del purse.coins[:coins]
            self.redeemed += coins

    @precondition(lambda self: any(purse.acts for purse in self.purses.values()))
    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        party, reference = data.draw(
            st.sampled_from([(p, r) for p, purse in self.purses.items() for r in purse.acts])
        )
        purse = self.purses[party]
        order = self._order_of(reference)
        command = w.RevokeCoins(source="BAGS", reference=reference, reason="by chance")
        outcome = self.desk.send(command, actor="TEAM-1")
        on, coins, live = purse.acts[reference]
        assert (outcome.refusal is None) is live
        if live:
            own = sorted(c for c in purse.coins if c[1] == order)
            purse.coins = own + sorted(c for c in purse.coins if c[1] != order)
            taken = min(coins, len(purse.coins))
            del purse.coins[:taken]
            self.taken += taken
            purse.claim += coins - taken
            purse.acts[reference] = (on, coins, False)

    def _order_of(self, reference: str) -> int:
        act = self.desk.state.acts.get("BAGS", reference)
        assert act is not None
        return act.id - 1

    @rule(coins=st.integers(1, 12))
    def settle(self, coins: int) -> None:
        command = w.SettleMerchant(merchant=self.desk.merchant, coins=coins, reference="B-1")
        outcome = self.desk.send(command)
        fits = coins <= self.redeemed - self.settled
        assert (outcome.refusal is None) is fits
        self.settled += coins if fits else 0

    @rule(days=st.sampled_from([1, 1, 2, 7, 20, 45]))
    def let_time_pass(self, days: int) -> None:
        self.today += days
        self.desk.until(self.today)
        now = date.fromordinal(self.today)
        for purse in self.purses.values():
            kept = [coin for coin in purse.coins if coin[0] > now]
            self.expired += len(purse.coins) - len(kept)
            purse.coins = kept
            purse.acts = {
                reference: (on, coins, live and self._ends(on.toordinal()) > now)
                for reference, (on, coins, live) in purse.acts.items()
            }

    @invariant()
    def every_coin_is_somewhere(self) -> None:
        for party, purse in self.purses.items():
            account = self.desk.holder(party)
            assert self.desk.spendable(account) == len(purse.coins)
            assert self.desk.state.holders[account].claim == purse.claim
            live = [lot for lot in self.desk.state.lots(account) if lot.expires > self.today]
            lots = [(lot.expires, lot.act - 1) for lot in live]
            assert lots == sorted({(end.toordinal(), n) for end, n in purse.coins})
        held = sum(len(purse.coins) for purse in self.purses.values())
        sums = self.desk.state.expiries.items()
        unposted = sum(each.coins for (_, day), each in sums if day <= self.today)
        expected = {
            "issuance": -1_000,
            "coin_issuer": 1_000 - self.issued,
            "coin_holder": held + unposted,
            "coin_merchant": self.redeemed - self.settled,
            "coin_expired": self.expired - unposted,
            "coin_clawback": self.taken,
            "cancelled": self.settled,
        }
        assert self.desk.balances() == {kind: coins for kind, coins in expected.items() if coins}
        assert sum(expected.values()) == 0


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
