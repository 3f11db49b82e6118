"""The state of rewards: terms, accounts, sums in memory; acts and what is left of them on shelves.

Invariants
1. What is left of a holder's lots is what its account holds of its coin. A lot whose day has come
   has expired: nobody can spend it, and the next command that touches the account posts it.
2. A holder that a claim stands against has nothing to spend: earnings pay the claim first.
3. A reference of a source, and a bill of a merchant, count once: they are the keys of their rows.
4. A holder names the months of which it has coins, and no others.
5. The sums by day of expiry are those of all lots.
6. What a carbon account emitted is the sum of its years, each as last reported.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar, Protocol, TypeVar

from credit_scoring.rewards.carbon import (
    EMITTED,
    CarbonDay,
    Credit,
    EmissionYear,
    Factor,
    carbon_day_of,
)
from credit_scoring.rewards.coins import Act, Bill, CoinRules, Holder, Merchant, Scheme
from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.effects import LotTaken
from credit_scoring.rewards.lots import CoinExpiry, CoinMonth, Lot, month_of_row
from kernel.errors import ensure
from ledger.journal import create
from ledger.roles import AccountKind
from ledger.shelf import Shelf
from ledger.state import Ledger, Row

HOLDER = AccountKind.COIN_HOLDER.value
MERCHANT = AccountKind.COIN_MERCHANT.value
CARBON = AccountKind.CARBON.value


class Source:
    """A party that may report acts, and the key with which it signs slips (积分来源)."""

    TABLE: ClassVar[str] = "reward_source"
    __slots__ = ("acts", "behaviours", "id", "party", "public_key")

    def __init__(
        self,
        *,
        id: str,  # noqa: A002
        party: str,
        acts: list[str],
        behaviours: list[str],
        public_key: str,
    ) -> None:
        self.id = id
        self.party = party
        self.acts = acts
        self.behaviours = behaviours
        self.public_key = public_key

    def row(self) -> Row:
        """Return (id, party, acts, behaviours, public_key)."""
        return (self.id, self.party, self.acts, self.behaviours, self.public_key)

    def restore(self, *old: object) -> None:
        """Take old terms back."""
        self.acts, self.behaviours, self.public_key = old  # type: ignore[assignment]  # as noted


class Numbering:
    """The numbers of the next act, bill and credit; their rows' keys determine all three."""

    __slots__ = ("act", "bill", "credit")

    def __init__(self) -> None:
        self.act = 1
        self.bill = 1
        self.credit = 1

    def restore(self, act: int, bill: int, credit: int) -> None:
        """Take old numbers back."""
        self.act, self.bill, self.credit = act, bill, credit


class _Dated(Protocol):
    effective_from: int


_AnyDated = TypeVar("_AnyDated", bound=_Dated)


class Rewards:
    """All resident nouns of coins and carbon; indexes hold numbers, not objects."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.next = Numbering()
        self.schemes: dict[str, Scheme] = {}
        self.rules: dict[tuple[str, str], CoinRules] = {}
        self.holders: dict[int, Holder] = {}
        self.merchants: dict[int, Merchant] = {}
        self.sources: dict[str, Source] = {}
        self.factors: dict[tuple[str, str], Factor] = {}
        self.emissions: dict[tuple[int, int], EmissionYear] = {}
        self.expiries: dict[tuple[str, int], CoinExpiry] = {}
        self.account_of: dict[tuple[str, str, str], int] = {}
        self.acts: Shelf[Act] = Shelf(Act)
        self.months: Shelf[CoinMonth] = Shelf(CoinMonth, make=month_of_row)
        self.bills: Shelf[Bill] = Shelf(Bill)
        self.credits: Shelf[Credit] = Shelf(Credit)
        self.carbon_days: Shelf[CarbonDay] = Shelf(CarbonDay, make=carbon_day_of)

    def note_numbers(self) -> None:
        """Push the numbers as they are, before one of them changes."""
        numbers = self.next
        self.ledger.journal.append((numbers, numbers.act, numbers.bill, numbers.credit))

    def rules_on(self, instrument: str, day: int) -> CoinRules | None:
        """Return the rules of a coin that hold on a day."""
        return _on([r for (code, _), r in self.rules.items() if code == instrument], day)

    def factor_on(self, behaviour: str, day: int) -> Factor | None:
        """Return the factor of a behaviour that holds on a day."""
        return _on([f for (name, _), f in self.factors.items() if name == behaviour], day)

    def month(self, account: int, month: int) -> CoinMonth:
        """Return a holder's month, an empty one where no act of it was counted."""
        found = self.months.get(account, month)
        return CoinMonth(account=account, month=month) if found is None else found

    def carbon_day(self, account: int, day: int) -> CarbonDay:
        """Return what an account saved on a day."""
        found = self.carbon_days.get(account, day)
        return CarbonDay(account=account, day=day) if found is None else found

    def lots(self, account: int) -> list[Lot]:
        """Return what an account has left, expired or not, the oldest expiry first."""
        months = self.holders[account].months
        found = [lot for month in months for lot in self.month(account, month).lots if lot.left]
        return sorted(found, key=lambda lot: (lot.expires, lot.act))

    def coins_of(self, account: int) -> int:
        """Return the coins that a holder's account holds."""
        held = self.ledger.accounts[account]
        return held.available(self.holders[account].instrument)

    def spendable(self, account: int, day: int) -> int:
        """Return the coins of an account that have not expired on a day."""
        return sum(lot.left for lot in self.lots(account) if lot.expires > day)

    def put_month(self, month: CoinMonth) -> None:
        """Put a month in its place; its holder and the sums by day of expiry follow."""
        journal = self.ledger.journal
        holder = self.holders[month.account]
        before = {lot.act: lot.left for lot in self.month(month.account, month.month).lots}
        for lot in month.lots:
            was = before.get(lot.act, 0)
            if lot.left != was:
                self._sum_up(holder.instrument, lot, was=was)
        self.months.put(journal, month)
        if bool(month.left) != (month.month in holder.months):
            others = set(holder.months) ^ {month.month}
            holder.note(journal)
            holder.months = tuple(sorted(others))

    def take(self, account: int, taken: Iterable[LotTaken]) -> None:
        """Take coins out of an account's lots."""
        wanted = {each.act: each.coins for each in taken}
        for number in self.holders[account].months:
            month = self.month(account, number)
            here = {lot.act: wanted.pop(lot.act) for lot in month.lots if lot.act in wanted}
            if here:
                self.put_month(month.without(here))
        ensure(not wanted, f"account {account}: lots of {sorted(wanted)} are not there")

    def _sum_up(self, instrument: str, lot: Lot, *, was: int) -> None:
        """Let the sum of a lot's day follow what is left of it."""
        journal = self.ledger.journal
        key = (instrument, lot.expires)
        found = self.expiries.get(key)
        if found is None:
            found = CoinExpiry(instrument=instrument, day=lot.expires)
            create(journal, self.expiries, key=key, value=found)
        journal.append((found, found.coins, found.lots))
        found.coins += lot.left - was
        found.lots += bool(lot.left) - bool(was)

    def check(self) -> None:
        """Prove the invariants.

        Raises:
            InvariantBroken: naming the first contradiction.
        """
        self._check_coins()
        emitted: dict[int, int] = defaultdict(int)
        for year in self.emissions.values():
            emitted[year.account] += year.grams
        for number, account in self.ledger.accounts.items():
            if account.kind is AccountKind.CARBON:
                held = account.available(EMITTED)
                ensure(held == emitted[number], f"account {number}: {held} g, not as reported")

    def _check_coins(self) -> None:
        held: dict[str, int] = defaultdict(int)
        for number, holder in self.holders.items():
            held[holder.instrument] += self.coins_of(number)
            ensure(holder.claim >= 0, f"account {number}: a claim below zero")
        summed: dict[str, int] = defaultdict(int)
        for each in self.expiries.values():
            summed[each.instrument] += each.coins
        for code in held.keys() | summed.keys():
            ensure(held[code] == summed[code], f"{code}: {held[code]} held, {summed[code]} expire")
        if self.months.whole:
            self._check_lots()

    def _check_lots(self) -> None:
        """Prove what only whole shelves show."""
        today = day_of(self.ledger.at)
        sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        months: dict[int, list[int]] = defaultdict(list)
        for month in self.months.rows():
            month.check()
            code = self.holders[month.account].instrument
            for lot in month.lots:
                if lot.left:
                    sums[code, lot.expires][0] += lot.left
                    sums[code, lot.expires][1] += 1
            if month.left:
                months[month.account].append(month.month)
        kept = {key: [e.coins, e.lots] for key, e in self.expiries.items() if e.coins or e.lots}
        ensure(kept == dict(sums), "sums by day of expiry are of other lots")
        for number, holder in self.holders.items():
            ensure(list(holder.months) == months[number], f"account {number}: its months differ")
            left = sum(lot.left for lot in self.lots(number))
            held = self.coins_of(number)
            ensure(held == left, f"account {number}: {held} held, lots {left}")
            free = self.spendable(number, today)
            ensure(not (holder.claim and free), f"account {number}: a claim beside coins")


def _on(versions: list[_AnyDated], day: int) -> _AnyDated | None:
    held = [each for each in versions if each.effective_from <= day]
    return max(held, key=lambda each: each.effective_from, default=None)
