"""What a holder's acts of one month earned, and what is left of it: the lots of its coins.

A month answers both questions that a command asks: how much of the caps is used, and which coins
may still be spent. It is one row on a shelf, which the holder's account and the act's day name.
"""

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from credit_scoring.rewards.effects import LotTaken
from kernel.errors import ensure
from ledger.shelf import Key
from ledger.state import Row


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """What an act earned, when it expires, and what is ``left`` of it."""

    act: int
    day: int
    expires: int
    coins: int
    left: int
    revoked: bool = False

    def state(self, day: int) -> str:
        """Return what has become of the act by a day, in one word."""
        if self.revoked:
            return "revoked"
        return "earned" if self.expires > day else "expired"


class CoinMonth(msgspec.Struct, frozen=True, kw_only=True):
    """The lots of a holder's acts of one month, in the order in which they came."""

    TABLE: ClassVar[str] = "coin_month"
    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("account", "bigint"), ("month", "bigint"))

    account: int
    month: int
    lots: tuple[Lot, ...] = ()

    @property
    def key(self) -> Key:
        """Return account and month."""
        return (self.account, self.month)

    def row(self) -> Row:
        """Return the columns of table ``coin_month`` in their order."""
        return (
            *self.key,
            [lot.act for lot in self.lots],
            [lot.day for lot in self.lots],
            [lot.expires for lot in self.lots],
            [lot.coins for lot in self.lots],
            [lot.left for lot in self.lots],
            [lot.act for lot in self.lots if lot.revoked],
        )

    @property
    def left(self) -> int:
        """Return the coins that are left of the month."""
        return sum(lot.left for lot in self.lots)

    def earned(self, day: int | None = None) -> int:
        """Return what counts against the cap of the month, or of one of its days."""
        return sum(
            lot.coins for lot in self.lots if not lot.revoked and (day is None or lot.day == day)
        )

    def acts_on(self, day: int) -> int:
        """Return how many acts were counted on a day, the revoked ones too."""
        return sum(lot.day == day for lot in self.lots)

    def lot(self, act: int) -> Lot:
        """Return the lot of an act of the month."""
        return next(lot for lot in self.lots if lot.act == act)

    def with_lot(self, lot: Lot) -> "CoinMonth":
        """Return the month with one more act."""
        return msgspec.structs.replace(self, lots=(*self.lots, lot))

    def without(self, taken: Mapping[int, int]) -> "CoinMonth":
        """Return the month after coins left its lots, by act."""
        lots = [
            msgspec.structs.replace(lot, left=lot.left - taken[lot.act])
            if lot.act in taken
            else lot
            for lot in self.lots
        ]
        return msgspec.structs.replace(self, lots=tuple(lots))

    def revoked(self, act: int) -> "CoinMonth":
        """Return the month after an act was revoked."""
        lots = [
            msgspec.structs.replace(lot, revoked=True) if lot.act == act else lot
            for lot in self.lots
        ]
        return msgspec.structs.replace(self, lots=tuple(lots))

    def check(self) -> None:
        """Prove that nothing is left that cannot be.

        Raises:
            InvariantBroken: naming the act.
        """
        for lot in self.lots:
            ensure(0 <= lot.left <= lot.coins, f"act {lot.act}: {lot.left} of {lot.coins} left")
            ensure(not (lot.revoked and lot.left), f"act {lot.act}: revoked, and has coins")


def month_of_row(*row: object) -> CoinMonth:
    """Return the month that a row is."""
    account, month, acts, days, expiries, coins, lefts, revoked = row
    lots = [
        Lot(act=act, day=day, expires=expires, coins=all_, left=left, revoked=act in revoked)  # type: ignore[operator]  # an array of the row
        for act, day, expires, all_, left in zip(acts, days, expiries, coins, lefts, strict=True)  # type: ignore[call-overload]  # arrays of the row
    ]
    return CoinMonth(account=account, month=month, lots=tuple(lots))  # type: ignore[arg-type]  # numbers of the row


class CoinExpiry:
    """How many coins of how many lots holders' accounts have that expire on one day.

    Of a day that has come they have expired already, and leave their account when it is touched.
    """

    TABLE: ClassVar[str] = "coin_expiry"
    __slots__ = ("coins", "day", "instrument", "lots")

    def __init__(self, *, instrument: str, day: int, coins: int = 0, lots: int = 0) -> None:
        self.instrument = instrument
        self.day = day
        self.coins = coins
        self.lots = lots

    def row(self) -> Row:
        """Return (instrument, day, coins, lots)."""
        return (self.instrument, self.day, self.coins, self.lots)

    def restore(self, coins: int, lots: int) -> None:
        """Take old sums back."""
        self.coins, self.lots = coins, lots


def take_lots(lots: list[Lot], coins: int) -> list[LotTaken]:
    """Return how so many coins, or as many as there are, leave lots in their order."""
    taken = []
    for lot in lots:
        if coins == 0:
            break
        some = min(lot.left, coins)
        ensure(some > 0, f"act {lot.act}: an empty lot")
        taken.append(LotTaken(act=lot.act, coins=some))
        coins -= some
    return taken
