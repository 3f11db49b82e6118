"""What everybody held at one instant, taken in one pass over the resident state."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kernel.errors import ensure
from ledger.roles import CANCELLED, EXPIRED, LAST_CONTRA_ACCOUNT, RETIRED, SURRENDERED
from ledger.state import Ledger

ENDS = frozenset({SURRENDERED, RETIRED, CANCELLED, EXPIRED})
"""The accounts where units end (清缴, 注销); what lies there is nobody's holding any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """An instrument's holders by account with their quantities, what was issued, what ended.

    ``holders`` are in the order of their accounts and hold more than nothing.
    """

    holders: tuple[tuple[int, int], ...]
    issued: int
    ended: int

    @property
    def total(self) -> int:
        """What all holders hold together."""
        return sum(quantity for _, quantity in self.holders)


Capture = Mapping[str, Supply]
"""The supply of each instrument by its code."""


def capture_of(balances: Iterable[tuple[int, str, int]]) -> Capture:
    """Return the supplies that balances (account, instrument, quantity), by account, make.

    Raises:
        InvariantBroken: what is held is not what was issued less what ended.
    """
    holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
    issued: dict[str, int] = defaultdict(int)
    ended: dict[str, int] = defaultdict(int)
    for account, instrument, quantity in balances:
        if account <= LAST_CONTRA_ACCOUNT:
            issued[instrument] -= quantity
        elif account in ENDS:
            ended[instrument] += quantity
        elif quantity:
            holders[instrument].append((account, quantity))
    found = {
        code: Supply(holders=tuple(holders[code]), issued=issued[code], ended=ended[code])
        for code in sorted(issued.keys() | ended.keys() | holders.keys())
    }
    for code, supply in found.items():
        ensure(
            supply.total == supply.issued - supply.ended,
            f"{code}: {supply.total} held, {supply.issued} issued, {supply.ended} ended",
        )
    return found


def balances_of(ledger: Ledger) -> Iterable[tuple[int, str, int]]:
    """Iterate what every account holds now, by account."""
    accounts = ledger.accounts
    for number in sorted(accounts):
        for code, holding in accounts[number].holdings.items():
            yield number, code, holding.available + holding.held
