"""The resident state of rewards.

Invariants
1. What is left of a holder's lots is what its account holds of its coin.
2. A holder that a claim stands against holds nothing: earnings pay the claim first.
3. Every act, bill and credit here waits for one day, which has a timer, and then leaves; its row
   stays. Until then a reference of a source, and a bill of a merchant, count once.
4. What a carbon account emitted is the sum of its years, each as last reported.
"""

from collections import defaultdict
from typing import Any, ClassVar, Protocol, TypeVar

from credit_scoring.rewards.carbon import EMITTED, Credit, EmissionYear, Factor
from credit_scoring.rewards.coins import EARNED, Act, Bill, CoinRules, Holder, Merchant, Scheme
from credit_scoring.rewards.days import begin_of, month_of
from kernel.errors import ensure
from ledger.journal import Journal, create, remove
from ledger.roles import AccountKind
from ledger.state import Ledger, Row

TIMER = "reward_day"
ACT = "act"
BILL = "bill"
CREDIT = "credit"
HOLDER = AccountKind.COIN_HOLDER.value
MERCHANT = AccountKind.COIN_MERCHANT.value
CARBON = AccountKind.CARBON.value
Leaving = tuple[str, int]


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
        self.acts: dict[int, Act] = {}
        self.bills: dict[int, Bill] = {}
        self.factors: dict[tuple[str, str], Factor] = {}
        self.credits: dict[int, Credit] = {}
        self.emissions: dict[tuple[int, int], EmissionYear] = {}
        self.account_of: dict[tuple[str, str, str], int] = {}
        self.act_by_reference: dict[tuple[str, str], int] = {}
        self.bill_by_digest: dict[tuple[int, str], int] = {}
        self.credit_by_reference: dict[tuple[str, str], int] = {}
        self.acts_of: dict[int, dict[int, bool]] = {}
        self.acts_in: dict[tuple[int, int, int], dict[int, bool]] = {}
        self.credits_on: dict[tuple[int, int], dict[int, bool]] = {}
        self.waiting: dict[int, dict[Leaving, bool]] = {}

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

    def acts_of_month(self, account: int, day: int) -> list[Act]:
        """Return the acts of an account in the month of a day."""
        return [self.acts[number] for number in self.acts_in.get((account, *month_of(day)), ())]

    def credits_of_day(self, account: int, day: int) -> list[Credit]:
        """Return the credits of an account on a day."""
        return [self.credits[number] for number in self.credits_on.get((account, day), ())]

    def lots(self, account: int) -> list[Act]:
        """Return what an account has left, the oldest expiry first."""
        acts = [self.acts[number] for number in self.acts_of.get(account, ())]
        return sorted((a for a in acts if a.left), key=lambda a: (a.expires, a.id))

    def coins_of(self, account: int) -> int:
        """Return the coins that a holder's account holds."""
        held = self.ledger.accounts[account]
        return held.available(self.holders[account].instrument)

    def wait(self, day: int, leaving: Leaving) -> None:
        """Let an act, a bill or a credit wait for its day; the first one starts the day's timer."""
        journal = self.ledger.journal
        others = self.waiting.setdefault(day, {})
        if not others:
            due = begin_of(day)
            self.ledger.timers.schedule(journal, kind=TIMER, subject=str(day), due=due)
        create(journal, others, key=leaving, value=True)

    def stop_waiting(self, day: int, leaving: Leaving) -> None:
        """Take one from its day, whose timer has fired."""
        leave(self.ledger.journal, self.waiting, place=day, name=leaving)

    def adopt(self, thing: Act | Bill | Credit) -> None:
        """Add what is resident, without journal records (loading)."""
        if isinstance(thing, Act):
            self.acts[thing.id] = thing
            self.act_by_reference[thing.source, thing.reference] = thing.id
            self.acts_of.setdefault(thing.account, {})[thing.id] = True
            self.acts_in.setdefault(month_key(thing), {})[thing.id] = True
            self.waiting.setdefault(thing.expires, {})[ACT, thing.id] = True
        elif isinstance(thing, Bill):
            self.bills[thing.id] = thing
            self.bill_by_digest[thing.merchant, thing.digest] = thing.id
            self.waiting.setdefault(thing.leaves, {})[BILL, thing.id] = True
        else:
            self.credits[thing.id] = thing
            self.credit_by_reference[thing.source, thing.reference] = thing.id
            self.credits_on.setdefault((thing.account, thing.day), {})[thing.id] = True
            self.waiting.setdefault(thing.leaves, {})[CREDIT, thing.id] = True

    def check(self) -> None:
        """Prove the invariants.

        Raises:
            InvariantBroken: naming the first contradiction.
        """
        self._check_coins()
        self._check_waiting()
        emitted: dict[int, int] = defaultdict(int)
        for year in self.emissions.values():
            emitted[year.account] += year.grams
        for number, account in self.ledger.accounts.items():
            if account.kind is AccountKind.CARBON:
                held = account.available(EMITTED)
                ensure(held == emitted[number], f"account {number}: {held} g, not as reported")

    def _check_coins(self) -> None:
        left: dict[int, int] = defaultdict(int)
        for act in self.acts.values():
            ensure(act.left == 0 or act.state == EARNED, f"act {act.id}: {act.state} has coins")
            ensure(0 <= act.left <= act.coins, f"act {act.id}: {act.left} of {act.coins} left")
            left[act.account] += act.left
        for number, holder in self.holders.items():
            held = self.coins_of(number)
            ensure(held == left[number], f"account {number}: {held} held, lots {left[number]}")
            ensure(holder.claim >= 0, f"account {number}: a claim below zero")
            ensure(not (holder.claim and held), f"account {number}: a claim beside coins")

    def _check_waiting(self) -> None:
        waiting: dict[int, set[Leaving]] = defaultdict(set)
        for act in self.acts.values():
            waiting[act.expires].add((ACT, act.id))
        for bill in self.bills.values():
            waiting[bill.leaves].add((BILL, bill.id))
        for credit in self.credits.values():
            waiting[credit.leaves].add((CREDIT, credit.id))
        kept = {day: set(things) for day, things in self.waiting.items() if things}
        ensure(kept == dict(waiting), "what waits parts from its index")
        timers = {int(s) for kind, s in self.ledger.timers.pending if kind == TIMER}
        ensure(timers == set(waiting), "days of rewards part from their timers")


def leave(journal: Journal, index: dict[Any, dict[Any, bool]], *, place: Any, name: Any) -> None:
    """Take a name from its place in an index; an empty place goes too."""
    remove(journal, index[place], key=name)
    if not index[place]:
        remove(journal, index, key=place)


def month_key(act: Act) -> tuple[int, int, int]:
    """Return the holder and the month under whose cap an act falls."""
    return (act.account, *month_of(act.day))


def _on(versions: list[_AnyDated], day: int) -> _AnyDated | None:
    held = [each for each in versions if each.effective_from <= day]
    return max(held, key=lambda each: each.effective_from, default=None)
