"""The nouns of green coins: scheme, rules, holder, merchant, act, bill.

Acts and bills lie on shelves and never change; what is left of an act's coins stands in its
holder's month (``lots.py``).
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import msgspec

from credit_scoring.rewards.commands import ActRule
from credit_scoring.rewards.days import shared
from ledger.journal import Journal
from ledger.shelf import Key
from ledger.state import Row


class Scheme:
    """A coin, and the accounts of its issuer."""

    TABLE: ClassVar[str] = "coin_scheme"
    __slots__ = ("clawback", "expired", "instrument", "issuer", "party")

    def __init__(
        self, *, instrument: str, party: str, issuer: int, expired: int, clawback: int
    ) -> None:
        self.instrument = instrument
        self.party = party
        self.issuer = issuer
        self.expired = expired
        self.clawback = clawback

    def row(self) -> Row:
        """Return (instrument, party, issuer, expired, clawback)."""
        return (self.instrument, self.party, self.issuer, self.expired, self.clawback)


class CoinRules:
    """One version of a coin's rules; ``acts`` says what an act of each kind earns."""

    TABLE: ClassVar[str] = "coin_rules"
    __slots__ = (
        "acts",
        "bill_max",
        "day_max",
        "decision",
        "effective_from",
        "expiry_months",
        "instrument",
        "late_days",
        "month_max",
        "version",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        instrument: str,
        version: str,
        effective_from: int,
        acts: dict[str, ActRule],
        day_max: int,
        month_max: int,
        expiry_months: int,
        bill_max: int,
        late_days: int,
        decision: str,
    ) -> None:
        self.instrument = instrument
        self.version = version
        self.effective_from = effective_from
        self.acts = acts
        self.day_max = day_max
        self.month_max = month_max
        self.expiry_months = expiry_months
        self.bill_max = bill_max
        self.late_days = late_days
        self.decision = decision

    def row(self) -> Row:
        """Return the columns of table ``coin_rules`` in their order."""
        acts = [self.acts[name] for name in sorted(self.acts)]
        return (
            self.instrument,
            self.version,
            self.effective_from,
            [each.act for each in acts],
            [each.coins for each in acts],
            [each.source for each in acts],
            self.day_max,
            self.month_max,
            self.expiry_months,
            self.bill_max,
            self.late_days,
            self.decision,
        )


def rules_of(row: Mapping[str, Any]) -> CoinRules:
    """Return the rules that a row is."""
    values = dict(row)
    columns = (values.pop("acts"), values.pop("act_coins"), values.pop("act_sources"))
    acts = {
        act: ActRule(act=act, coins=coins, source=source)
        for act, coins, source in zip(*columns, strict=True)
    }
    return CoinRules(**values, acts=acts)


class Holder:
    """An account that holds coins; ``claim`` is what revoked acts still ask of it.

    ``months`` are those of which it has coins, in order: with them a command names its lots.
    """

    TABLE: ClassVar[str] = "coin_holder"
    __slots__ = ("account", "claim", "instrument", "months")

    def __init__(
        self, *, account: int, instrument: str, claim: int = 0, months: Iterable[int] = ()
    ) -> None:
        self.account = account
        self.instrument = instrument
        self.claim = claim
        self.months = tuple(map(shared, months))

    def row(self) -> Row:
        """Return (account, instrument, claim, months)."""
        return (self.account, self.instrument, self.claim, list(self.months))

    def note(self, journal: Journal) -> None:
        """Push the holder as it is, before a change."""
        journal.append((self, self.claim, self.months))

    def restore(self, claim: int, months: tuple[int, ...]) -> None:
        """Take an old claim and old months back."""
        self.claim, self.months = claim, months


class Merchant:
    """An account that takes coins of the holders (绿色联盟商户)."""

    TABLE: ClassVar[str] = "coin_merchant"
    __slots__ = ("account", "instrument", "live")

    def __init__(self, *, account: int, instrument: str, live: bool) -> None:
        self.account = account
        self.instrument = instrument
        self.live = live

    def row(self) -> Row:
        """Return (account, instrument, live)."""
        return (self.account, self.instrument, self.live)

    def restore(self, live: bool) -> None:  # noqa: FBT001  a journal record's shape
        """Take an old liveness back."""
        self.live = live


class Act(msgspec.Struct, frozen=True):
    """One counted act of a holder, as its source reported it; it never changes."""

    TABLE: ClassVar[str] = "coin_act"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("source", "text"), ("reference", "text"))

    id: int
    entry: int
    account: int
    source: str
    reference: str
    behaviour: str
    quantity: int
    day: int
    expires: int
    coins: int
    cut: int
    repaid: int
    rules: str

    @property
    def key(self) -> Key:
        """Return source and reference."""
        return (self.source, self.reference)

    def row(self) -> Row:
        """Return the columns of table ``coin_act`` in their order."""
        return msgspec.structs.astuple(self)


class Bill(msgspec.Struct, frozen=True):
    """A bill on which coins were paid; its number counts once for the merchant, for good."""

    TABLE: ClassVar[str] = "coin_bill"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("merchant", "bigint"), ("digest", "text"))

    id: int
    entry: int
    account: int
    merchant: int
    digest: str
    coins: int
    day: int

    @property
    def key(self) -> Key:
        """Return merchant and digest."""
        return (self.merchant, self.digest)

    def row(self) -> Row:
        """Return the columns of table ``coin_bill`` in their order."""
        return msgspec.structs.astuple(self)
