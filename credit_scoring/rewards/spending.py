"""How coins leave a holder or a merchant: redemption, settlement, and giving up.

A holder pays with its own coins only: it asks itself, or it approves what a merchant proposes.
"""

from collections.abc import Iterator

from credit_scoring.rewards.carbon import REDUCED
from credit_scoring.rewards.coins import Holder, Merchant
from credit_scoring.rewards.commands import (
    LOTS_PER_COMMAND_MAX,
    GiveUpRewards,
    RedeemCoins,
    SettleMerchant,
)
from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.effects import CoinsGivenUp, CoinsRedeemed, MerchantSettled
from credit_scoring.rewards.expiring import expire, reads_months
from credit_scoring.rewards.lots import take_lots
from credit_scoring.rewards.refusals import Reject
from credit_scoring.rewards.state import Rewards
from ledger.decisions import check_quantity
from ledger.effects import Moved
from ledger.machine import Context
from ledger.refusals import Refusal
from ledger.refusals import Reject as LedgerReject
from ledger.roles import CANCELLED, AccountKind, Role
from ledger.shelf import RowKey
from ledger.state import Actor


def reads_bill(state: Rewards, command: RedeemCoins) -> Iterator[RowKey]:
    """Declare the bill and all lots of the account."""
    yield state.bills.named(command.merchant, command.bill)
    yield from reads_months(state, command.account)


def redeem(state: Rewards, command: RedeemCoins, context: Context) -> Refusal | None:
    """Pay a bill with coins, the oldest first; the same bill again changes nothing."""
    holder = state.holders.get(command.account)
    merchant = state.merchants.get(command.merchant)
    if holder is None or not state.ledger.accounts[command.account].open:
        return Refusal(code=Reject.ACCOUNT_UNFIT, field="account", found=str(command.account))
    if merchant is None or not merchant.live or merchant.instrument != holder.instrument:
        return Refusal(code=Reject.MERCHANT_UNKNOWN, field="merchant", found=str(command.merchant))
    refusal = _check_authority(state, command, context)
    if refusal is not None:
        return refusal
    bill = state.bills.get(command.merchant, command.bill)
    if bill is not None:
        if (bill.account, bill.coins) == (command.account, command.coins):
            return None
        return Refusal(code=Reject.BILL_TAKEN, field="bill", found=f"bill {bill.id}")
    refusal = _check_coins(state, command, context, holder=holder)
    if refusal is not None:
        return refusal
    _emit_redeemed(state, command, context, holder=holder, merchant=merchant)
    return None


def is_holder(state: Rewards, command: RedeemCoins, checker: Actor) -> bool:
    """Tell whether an actor is of the party whose coins a merchant wants."""
    account = state.ledger.accounts.get(command.account)
    return account is not None and account.party == checker.party


def _check_authority(state: Rewards, command: RedeemCoins, context: Context) -> Refusal | None:
    accounts = state.ledger.accounts
    owner = accounts[command.account].party
    if context.actor.party == owner:
        return None
    if context.actor.party != accounts[command.merchant].party:
        return Refusal(code=LedgerReject.NOT_THE_OWNER, field="account")
    if context.approver is None or context.approver.party != owner:
        return Refusal(
            code=Reject.AGREEMENT_REQUIRED, field="account", expected="the holder's approval"
        )
    return None


def _check_coins(
    state: Rewards, command: RedeemCoins, context: Context, *, holder: Holder
) -> Refusal | None:
    refusal = check_quantity(command.coins, field="coins")
    if refusal is not None:
        return refusal
    rules = state.rules_on(holder.instrument, day_of(context.at))
    if rules is None:
        return Refusal(code=Reject.RULES_NOT_SET)
    if command.coins > rules.bill_max:
        return Refusal(
            code=Reject.ABOVE_BILL_MAX,
            field="coins",
            expected=f"at most {rules.bill_max}",
            found=str(command.coins),
            rule=rules.version,
        )
    held = state.spendable(command.account, day_of(context.at))
    if held < command.coins:
        return Refusal(
            code=Reject.COINS_TOO_FEW,
            field="coins",
            expected=f"at most {held}",
            found=str(command.coins),
        )
    return None


def _emit_redeemed(
    state: Rewards,
    command: RedeemCoins,
    context: Context,
    *,
    holder: Holder,
    merchant: Merchant,
) -> None:
    today = day_of(context.at)
    expire(state, context, holder=holder)
    unexpired = [lot for lot in state.lots(holder.account) if lot.expires > today]
    lots = take_lots(unexpired, command.coins)
    context.emit(
        Moved(
            source=holder.account,
            target=merchant.account,
            instrument=holder.instrument,
            quantity=command.coins,
            cause="coin_redeemed",
        )
    )
    context.emit(
        CoinsRedeemed(
            bill=state.next.bill,
            account=holder.account,
            merchant=merchant.account,
            digest=command.bill,
            coins=command.coins,
            lots=lots,
            day=today,
        )
    )


def settle(state: Rewards, command: SettleMerchant, context: Context) -> Refusal | None:
    """Cancel coins for which a merchant was paid."""
    merchant = state.merchants.get(command.merchant)
    if merchant is None:
        return Refusal(code=Reject.MERCHANT_UNKNOWN, field="merchant", found=str(command.merchant))
    refusal = check_quantity(command.coins, field="coins")
    if refusal is not None:
        return refusal
    held = state.ledger.accounts[merchant.account].available(merchant.instrument)
    if held < command.coins:
        return Refusal(
            code=Reject.COINS_TOO_FEW,
            field="coins",
            expected=f"at most {held}",
            found=str(command.coins),
        )
    context.emit(
        Moved(
            source=merchant.account,
            target=CANCELLED,
            instrument=merchant.instrument,
            quantity=command.coins,
            cause="coin_settled",
        )
    )
    context.emit(
        MerchantSettled(merchant=merchant.account, coins=command.coins, reference=command.reference)
    )
    return None


def give_up(state: Rewards, command: GiveUpRewards, context: Context) -> Refusal | None:
    """Empty one's own coin account, or the reductions of one's own carbon account."""
    account = state.ledger.accounts.get(command.account)
    kinds = {AccountKind.COIN_HOLDER, AccountKind.CARBON}
    if account is None or not account.open or account.kind not in kinds:
        return Refusal(code=Reject.ACCOUNT_UNFIT, field="account", found=str(command.account))
    if account.party != context.actor.party and Role.OPERATOR not in context.actor.roles:
        return Refusal(code=LedgerReject.NOT_THE_OWNER, field="account")
    if account.kind is AccountKind.CARBON:
        reduced = account.available(REDUCED)
        if reduced:
            _emit_given(context, account.number, CANCELLED, instrument=REDUCED, quantity=reduced)
        return None
    holder = state.holders[account.number]
    room = LOTS_PER_COMMAND_MAX - expire(state, context, holder=holder)
    lots = state.lots(account.number)[:room]
    taken = take_lots(lots, sum(lot.left for lot in lots))
    if taken:
        _emit_given(
            context,
            account.number,
            state.schemes[holder.instrument].expired,
            instrument=holder.instrument,
            quantity=sum(each.coins for each in taken),
        )
        context.emit(CoinsGivenUp(account=account.number, lots=taken))
    return None


def _emit_given(
    context: Context, source: int, target: int, *, instrument: str, quantity: int
) -> None:
    context.emit(
        Moved(
            source=source,
            target=target,
            instrument=instrument,
            quantity=quantity,
            cause="reward_given_up",
        )
    )
