"""The nouns of green coins: scheme, rules, holder, merchant, act, bill.

An act is the lot of the coins that it earned: what is left of them, and when they expire.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from credit_scoring.rewards.commands import ActRule
from ledger.journal import Journal
from ledger.state import Row

EARNED = "earned"
REVOKED = "revoked"
EXPIRED = "expired"


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
    """An account that holds coins; ``claim`` is what revoked acts still ask of it."""

    TABLE: ClassVar[str] = "coin_holder"
    __slots__ = ("account", "claim", "instrument")

    def __init__(self, *, account: int, instrument: str, claim: int = 0) -> None:
        self.account = account
        self.instrument = instrument
        self.claim = claim

    def row(self) -> Row:
        """Return (account, instrument, claim)."""
        return (self.account, self.instrument, self.claim)

    def restore(self, claim: int) -> None:
        """Take an old claim back."""
        self.claim = claim


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


class Act:
    """One counted act of a holder, the lot of coins that it earned; ``live`` until it leaves."""

    TABLE: ClassVar[str] = "coin_act"
    __slots__ = (
        "account",
        "behaviour",
        "coins",
        "cut",
        "day",
        "entry",
        "expires",
        "id",
        "left",
        "live",
        "quantity",
        "reference",
        "repaid",
        "rules",
        "source",
        "state",
    )

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002
        entry: int,
        account: int,
        source: str,
        reference: str,
        behaviour: str,
        quantity: int,
        day: int,
        expires: int,
        coins: int,
        cut: int,
        repaid: int,
        rules: str,
        left: int,
        state: str = EARNED,
        live: bool = True,
    ) -> None:
        self.id = id
        self.entry = entry
        self.account = account
        self.source = source
        self.reference = reference
        self.behaviour = behaviour
        self.quantity = quantity
        self.day = day
        self.expires = expires
        self.coins = coins
        self.cut = cut
        self.repaid = repaid
        self.rules = rules
        self.left = left
        self.state = state
        self.live = live

    def row(self) -> Row:
        """Return the columns of table ``coin_act`` in their order."""
        return (
            self.id,
            self.entry,
            self.account,
            self.source,
            self.reference,
            self.behaviour,
            self.quantity,
            self.day,
            self.expires,
            self.coins,
            self.cut,
            self.repaid,
            self.rules,
            self.left,
            self.state,
            self.live,
        )

    def note(self, journal: Journal) -> None:
        """Push the lot as it is, before a change."""
        journal.append((self, self.left, self.state, self.live))

    def restore(self, left: int, state: str, live: bool) -> None:  # noqa: FBT001
        """Take an old lot back."""
        self.left = left
        self.state = state
        self.live = live


class Bill:
    """A bill on which coins were paid; its number counts once for the merchant."""

    TABLE: ClassVar[str] = "coin_bill"
    __slots__ = ("account", "coins", "day", "digest", "entry", "id", "leaves", "live", "merchant")

    def __init__(  # noqa: PLR0913  one column, one argument
        self,
        *,
        id: int,  # noqa: A002
        entry: int,
        account: int,
        merchant: int,
        digest: str,
        coins: int,
        day: int,
        leaves: int,
        live: bool = True,
    ) -> None:
        self.id = id
        self.entry = entry
        self.account = account
        self.merchant = merchant
        self.digest = digest
        self.coins = coins
        self.day = day
        self.leaves = leaves
        self.live = live

    def row(self) -> Row:
        """Return the columns of table ``coin_bill`` in their order."""
        return (
            self.id,
            self.entry,
            self.account,
            self.merchant,
            self.digest,
            self.coins,
            self.day,
            self.leaves,
            self.live,
        )

    def restore(self, live: bool) -> None:  # noqa: FBT001
        """Take an old liveness back."""
        self.live = live
