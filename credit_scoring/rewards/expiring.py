"""Coins whose day has come: nobody can spend them, and whoever touches the account posts it.

Lots lie on shelves, which no timer may read. So a lot expires by its date alone, at the beginning
of its day, and the posting follows with the next command that takes coins from the account.
"""

from collections.abc import Iterator

from credit_scoring.rewards.coins import Holder
from credit_scoring.rewards.commands import LOTS_PER_COMMAND_MAX, GiveUpRewards
from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.effects import CoinsExpired
from credit_scoring.rewards.lots import take_lots
from credit_scoring.rewards.state import Rewards
from ledger.effects import Moved
from ledger.machine import Context
from ledger.shelf import RowKey


def reads_months(state: Rewards, account: int) -> Iterator[RowKey]:
    """Declare all months of which a holder has coins."""
    holder = state.holders.get(account)
    if holder is not None:
        yield from (state.months.named(account, month) for month in holder.months)


def reads_given_up(state: Rewards, command: GiveUpRewards) -> Iterator[RowKey]:
    """Declare all lots of the account."""
    return reads_months(state, command.account)


def expire(state: Rewards, context: Context, *, holder: Holder) -> int:
    """Post what has expired of an account, the oldest first; return how many lots that were."""
    today = day_of(context.at)
    lots = [lot for lot in state.lots(holder.account) if lot.expires <= today]
    taken = take_lots(lots[:LOTS_PER_COMMAND_MAX], sum(lot.left for lot in lots))
    if not taken:
        return 0
    context.emit(
        Moved(
            source=holder.account,
            target=state.schemes[holder.instrument].expired,
            instrument=holder.instrument,
            quantity=sum(each.coins for each in taken),
            cause="coin_expired",
        )
    )
    context.emit(CoinsExpired(account=holder.account, lots=taken))
    return len(taken)
