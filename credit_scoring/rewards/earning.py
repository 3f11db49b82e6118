"""How acts are decided: who reports, what is earned, what caps cut, what a revoked act costs.

Order of checks: the source and its right to the act, the rules of the act's day, the day itself,
that it is new, the caps, the issuer's budget.
"""

from collections.abc import Iterator

from credit_scoring.rewards.coins import Act, CoinRules, Holder
from credit_scoring.rewards.commands import (
    ACTS_OF_DAY_MAX,
    QUANTITY_OF_ACT_MAX,
    CreditCarbon,
    EarnCoins,
    PresentSlip,
    RevokeCoins,
    Reward,
)
from credit_scoring.rewards.days import add_months, day_of, is_day, month_of
from credit_scoring.rewards.effects import CoinsClawedBack, CoinsEarned
from credit_scoring.rewards.expiring import expire, reads_months
from credit_scoring.rewards.lots import take_lots
from credit_scoring.rewards.reducing import credit_report, reads_credit
from credit_scoring.rewards.refusals import Reject
from credit_scoring.rewards.slips import is_signed
from credit_scoring.rewards.state import Rewards, Source
from ledger.effects import Moved
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.roles import Role
from ledger.shelf import RowKey

_THOUSAND = 1_000


def reads_act(state: Rewards, command: EarnCoins) -> Iterator[RowKey]:
    """Declare an act, and the month under whose cap it falls."""
    yield state.acts.named(command.source, command.reference)
    if is_day(command.day):
        yield state.months.named(command.account, month_of(command.day))


def reads_slip(state: Rewards, command: PresentSlip) -> Iterator[RowKey]:
    """Declare what the act or the activity of a slip reads."""
    if command.reward is Reward.CARBON:
        return reads_credit(state, _activity_of(command))
    return reads_act(state, _act_of(command, quantity=0))


def reads_revoked(state: Rewards, command: RevokeCoins) -> Iterator[RowKey]:
    """Declare an act and, as soon as it is known whose it is, all lots of its holder."""
    yield state.acts.named(command.source, command.reference)
    act = state.acts.at_hand(command.source, command.reference)
    if act is not None:
        yield state.months.named(act.account, month_of(act.day))
        yield from reads_months(state, act.account)


def earn(state: Rewards, command: EarnCoins, context: Context) -> Refusal | None:
    """Count acts that a source reports itself."""
    source, refusal = own_source(state, command.source, context)
    if source is None:
        return refusal
    return _count(state, command, context, source=source)


def present_slip(state: Rewards, command: PresentSlip, context: Context) -> Refusal | None:
    """Count what a source signed, whoever hands it in."""
    source = state.sources.get(command.source)
    if source is None:
        return Refusal(code=Reject.SOURCE_UNKNOWN, field="source", found=command.source)
    if not source.public_key or not is_signed(command, public_key=source.public_key):
        return Refusal(code=Reject.SIGNATURE_UNFIT, field="signature")
    if command.reward is Reward.CARBON:
        return credit_report(state, _activity_of(command), context, source=source)
    acts, rest = divmod(command.quantity, _THOUSAND)
    if rest:
        return Refusal(code=Reject.QUANTITY_UNFIT, field="quantity", expected="whole acts")
    return _count(state, _act_of(command, quantity=acts), context, source=source)


def _activity_of(slip: PresentSlip) -> CreditCarbon:
    return CreditCarbon(
        source=slip.source,
        reference=slip.slip,
        account=slip.account,
        behaviour=slip.act,
        activity=slip.quantity,
        day=slip.day,
    )


def _act_of(slip: PresentSlip, *, quantity: int) -> EarnCoins:
    return EarnCoins(
        source=slip.source,
        reference=slip.slip,
        account=slip.account,
        act=slip.act,
        quantity=quantity,
        day=slip.day,
    )


def own_source(state: Rewards, name: str, context: Context) -> tuple[Source | None, Refusal | None]:
    """Return a source that is the caller's own party's, or why not."""
    source = state.sources.get(name)
    if source is None:
        return None, Refusal(code=Reject.SOURCE_UNKNOWN, field="source", found=name)
    if source.party != context.actor.party:
        return None, Refusal(code=Reject.NOT_THE_OWNER, field="source", found=name)
    return source, None


def _count(
    state: Rewards, command: EarnCoins, context: Context, *, source: Source
) -> Refusal | None:
    holder = state.holders.get(command.account)
    if holder is None or not state.ledger.accounts[command.account].open:
        return Refusal(code=Reject.ACCOUNT_UNFIT, field="account", found=str(command.account))
    rules = state.rules_on(holder.instrument, command.day)
    if command.act not in source.acts:
        return Refusal(code=Reject.ACT_UNKNOWN, field="act", found=command.act)
    if rules is None:
        return Refusal(code=Reject.RULES_NOT_SET, field="day")
    if command.act not in rules.acts:
        return Refusal(code=Reject.ACT_UNKNOWN, field="act", found=command.act, rule=rules.version)
    refusal = _check_act(state, command, context, rules=rules)
    if refusal is not None:
        return refusal
    coins, cut = _capped(state, command, rules=rules)
    scheme = state.schemes[holder.instrument]
    budget = state.ledger.accounts[scheme.issuer].available(holder.instrument)
    if budget < coins:
        return Refusal(
            code=Reject.BUDGET_TOO_SMALL,
            field="account",
            expected=f"at most {budget} coins",
            found=str(coins),
        )
    _emit_earned(state, command, context, rules=rules, holder=holder, coins=coins, cut=cut)
    return None


def _check_act(
    state: Rewards, command: EarnCoins, context: Context, *, rules: CoinRules
) -> Refusal | None:
    today = day_of(context.at)
    in_time = max(1, today - rules.late_days) <= command.day <= today
    if not in_time or add_months(command.day, rules.expiry_months) <= today:
        return Refusal(
            code=Reject.DAY_UNFIT,
            field="day",
            expected=f"at most {rules.late_days} days ago",
            rule=rules.version,
        )
    if not 0 < command.quantity <= QUANTITY_OF_ACT_MAX:
        return Refusal(
            code=Reject.QUANTITY_UNFIT,
            field="quantity",
            expected=f"1 to {QUANTITY_OF_ACT_MAX}",
            found=str(command.quantity),
        )
    known = state.acts.get(command.source, command.reference)
    if known is not None:
        return Refusal(code=Reject.ACT_TWICE, field="reference", found=f"act {known.id}")
    month = state.month(command.account, month_of(command.day))
    if month.acts_on(command.day) >= ACTS_OF_DAY_MAX:
        return Refusal(
            code=Reject.ACTS_TOO_MANY, field="day", expected=f"at most {ACTS_OF_DAY_MAX} a day"
        )
    return None


def _capped(state: Rewards, command: EarnCoins, *, rules: CoinRules) -> tuple[int, int]:
    """Return what an act earns under the caps of its day and month, and what they cut."""
    month = state.month(command.account, month_of(command.day))
    wanted = rules.acts[command.act].coins * command.quantity
    room = min(rules.day_max - month.earned(command.day), rules.month_max - month.earned())
    coins = min(wanted, max(0, room))
    return coins, wanted - coins


def _emit_earned(
    state: Rewards,
    command: EarnCoins,
    context: Context,
    *,
    rules: CoinRules,
    holder: Holder,
    coins: int,
    cut: int,
) -> None:
    scheme = state.schemes[holder.instrument]
    repaid = min(holder.claim, coins)
    for source, target, quantity, cause in (
        (scheme.issuer, holder.account, coins, "coin_earned"),
        (holder.account, scheme.clawback, repaid, "coin_claim_paid"),
    ):
        if quantity:
            context.emit(
                Moved(
                    source=source,
                    target=target,
                    instrument=holder.instrument,
                    quantity=quantity,
                    cause=cause,
                )
            )
    context.emit(
        CoinsEarned(
            act=state.next.act,
            account=holder.account,
            source=command.source,
            reference=command.reference,
            behaviour=command.act,
            quantity=command.quantity,
            day=command.day,
            expires=add_months(command.day, rules.expiry_months),
            coins=coins,
            cut=cut,
            repaid=repaid,
            rules=rules.version,
        )
    )


def revoke(state: Rewards, command: RevokeCoins, context: Context) -> Refusal | None:
    """Take a revoked act's coins back: what is there now, the rest as a claim."""
    source = state.sources.get(command.source)
    if source is None:
        return Refusal(code=Reject.SOURCE_UNKNOWN, field="source", found=command.source)
    if Role.OPERATOR not in context.actor.roles and source.party != context.actor.party:
        return Refusal(code=Reject.NOT_THE_OWNER, field="source", found=command.source)
    act = state.acts.get(command.source, command.reference)
    if act is None or not _is_revocable(state, act, context):
        return Refusal(code=Reject.REFERENCE_UNKNOWN, field="reference", found=command.reference)
    holder = state.holders[act.account]
    expire(state, context, holder=holder)
    lots = [lot for lot in state.lots(act.account) if lot.expires > day_of(context.at)]
    lots.sort(key=lambda lot: lot.act != act.id)
    taken = take_lots(lots, act.coins)
    total = sum(each.coins for each in taken)
    if total:
        context.emit(
            Moved(
                source=act.account,
                target=state.schemes[holder.instrument].clawback,
                instrument=holder.instrument,
                quantity=total,
                cause="coin_clawed_back",
            )
        )
    context.emit(
        CoinsClawedBack(
            act=act.id,
            source=act.source,
            reference=act.reference,
            account=act.account,
            lots=taken,
            owed=act.coins - total,
            reason=command.reason,
            actor=context.actor.id,
        )
    )
    return None


def _is_revocable(state: Rewards, act: Act, context: Context) -> bool:
    """Tell whether an act may be taken back: its coins live, and it stood before this entry.

    What a list reports it cannot revoke as well: whose lots those are was not known in time.
    """
    lot = state.month(act.account, month_of(act.day)).lot(act.id)
    is_live = act.expires > day_of(context.at) and not lot.revoked
    return is_live and act.entry != state.ledger.entry
