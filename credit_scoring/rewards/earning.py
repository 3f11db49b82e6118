"""How acts are decided: who reports, what is earned, what caps cut, what a revoked act costs.

Order of checks: the source and its right to the act, the rules of the act's day, the day itself,
that it is new, the caps, the issuer's budget.
"""

from credit_scoring.rewards.coins import EARNED, REVOKED, Act, CoinRules, Holder
from credit_scoring.rewards.commands import (
    ACTS_OF_DAY_MAX,
    QUANTITY_OF_ACT_MAX,
    CreditCarbon,
    EarnCoins,
    PresentSlip,
    RevokeCoins,
    Reward,
)
from credit_scoring.rewards.days import add_months, day_of
from credit_scoring.rewards.effects import CoinsClawedBack, CoinsEarned, LotTaken
from credit_scoring.rewards.reducing import credit_report
from credit_scoring.rewards.refusals import Reject
from credit_scoring.rewards.slips import is_signed
from credit_scoring.rewards.state import Rewards, Source
from kernel.errors import ensure
from ledger.effects import Moved
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.roles import Role

_THOUSAND = 1_000


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
        report = CreditCarbon(
            source=command.source,
            reference=command.slip,
            account=command.account,
            behaviour=command.act,
            activity=command.quantity,
            day=command.day,
        )
        return credit_report(state, report, context, source=source)
    acts, rest = divmod(command.quantity, _THOUSAND)
    if rest:
        return Refusal(code=Reject.QUANTITY_UNFIT, field="quantity", expected="whole acts")
    earned = EarnCoins(
        source=command.source,
        reference=command.slip,
        account=command.account,
        act=command.act,
        quantity=acts,
        day=command.day,
    )
    return _count(state, earned, context, source=source)


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
    expires = add_months(command.day, rules.expiry_months)
    if not max(0, today - rules.late_days) <= command.day <= today or expires <= today:
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
    known = state.act_by_reference.get((command.source, command.reference))
    if known is not None:
        return Refusal(code=Reject.ACT_TWICE, field="reference", found=f"act {known}")
    acts = state.acts_of_month(command.account, command.day)
    if sum(act.day == command.day for act in acts) >= ACTS_OF_DAY_MAX:
        return Refusal(
            code=Reject.ACTS_TOO_MANY, field="day", expected=f"at most {ACTS_OF_DAY_MAX} a day"
        )
    return None


def _capped(state: Rewards, command: EarnCoins, *, rules: CoinRules) -> tuple[int, int]:
    """Return what an act earns under the caps of its day and month, and what they cut."""
    acts = state.acts_of_month(command.account, command.day)
    counted = [each for each in acts if each.state != REVOKED]
    of_day = sum(each.coins for each in counted if each.day == command.day)
    of_month = sum(each.coins for each in counted)
    wanted = rules.acts[command.act].coins * command.quantity
    room = min(rules.day_max - of_day, rules.month_max - of_month)
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
    number = state.act_by_reference.get((command.source, command.reference))
    act = None if number is None else state.acts[number]
    if act is None or act.state != EARNED:
        return Refusal(code=Reject.REFERENCE_UNKNOWN, field="reference", found=command.reference)
    holder = state.holders[act.account]
    lots = state.lots(act.account)
    own = [act] if act.left else []
    taken = take_lots([*own, *(lot for lot in lots if lot is not act)], act.coins)
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
            account=act.account,
            lots=taken,
            owed=act.coins - total,
            reason=command.reason,
            actor=context.actor.id,
        )
    )
    return None


def take_lots(lots: list[Act], coins: int) -> list[LotTaken]:
    """Return how so many coins, or as many as there are, leave lots in their order."""
    taken = []
    for lot in lots:
        if coins == 0:
            break
        some = min(lot.left, coins)
        ensure(some > 0, f"act {lot.id}: an empty lot")
        taken.append(LotTaken(act=lot.id, coins=some))
        coins -= some
    return taken
