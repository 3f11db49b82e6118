"""What leaves on a day: coins that expire, and acts, bills and credits that nothing changes now."""

from credit_scoring.rewards.days import begin_of
from credit_scoring.rewards.effects import CarbonCreditLeft, CoinBillLeft, CoinLotLeft
from credit_scoring.rewards.state import ACT, BILL, TIMER, Rewards
from ledger.effects import Moved, TimerScheduled
from ledger.machine import Context

LEAVING_PER_TIMER_MAX = 1_000


def fire(state: Rewards, subject: str, context: Context) -> None:
    """Timer: a day has come; the rest of a large day follows in entries of their own."""
    day = int(subject)
    things = sorted(state.waiting.get(day, ()))
    for kind, number in things[:LEAVING_PER_TIMER_MAX]:
        if kind == ACT:
            _expire(state, number, context)
        elif kind == BILL:
            context.emit(CoinBillLeft(bill=number))
        else:
            context.emit(CarbonCreditLeft(credit=number))
    if len(things) > LEAVING_PER_TIMER_MAX:
        context.emit(TimerScheduled(kind=TIMER, subject=subject, due=begin_of(day)))


def _expire(state: Rewards, number: int, context: Context) -> None:
    act = state.acts[number]
    expired = act.left
    if expired:
        holder = state.holders[act.account]
        context.emit(
            Moved(
                source=act.account,
                target=state.schemes[holder.instrument].expired,
                instrument=holder.instrument,
                quantity=expired,
                cause="coin_expired",
            )
        )
    context.emit(CoinLotLeft(act=number, expired=expired))
