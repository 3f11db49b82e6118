"""What a dry run tells beside the effects: holds, fees, and the rules that the command passed.

The rules stand in the order in which the machine checks them, so those before the one that refuses
were passed.
"""

from collections import defaultdict
from typing import Any

from exchange.commands import PlaceOrder
from exchange.effects import Filled, OrderAccepted
from exchange.refusals import Reject as Market
from gateway.api.reads import quantity
from gateway.api.schemas.base import Units
from ledger.commands import Command
from ledger.effects import HoldPlaced
from ledger.refusals import Reject as Ledger
from ledger.sequencer.submission import Answer

RULES_OF_ALL: tuple[str, ...] = (
    Ledger.ACTOR_UNKNOWN,
    Ledger.ACTOR_REVOKED,
    Ledger.ROLE_MISSING,
    Ledger.FOUR_EYES_REQUIRED,
)
RULES_OF_ORDERS: tuple[str, ...] = (
    *RULES_OF_ALL,
    Market.ACCOUNT_UNKNOWN,
    Market.NOT_THE_OWNER,
    Market.ACCOUNT_CLOSED,
    Market.ACCOUNT_KIND_UNFIT,
    Market.BOOK_UNKNOWN,
    Market.BOOK_HALTED,
    Market.BOOK_NOT_OPEN,
    Market.INSTRUMENT_EXPIRED,
    Market.LOTS_NOT_POSITIVE,
    Market.LOTS_ABOVE_MAX,
    Market.PRICE_MISSING,
    Market.PRICE_NOT_TAKEN,
    Market.PRICE_NOT_POSITIVE,
    Market.PRICE_OUTSIDE_BAND,
    Market.STOP_PRICE_UNFIT,
    Market.STOP_ALREADY_REACHED,
    Market.STOP_NEEDS_BAND,
    Market.TIME_IN_FORCE_UNFIT,
    Market.EXPIRY_UNFIT,
    Market.DISPLAY_UNFIT,
    Market.POST_ONLY_UNFIT,
    Market.NO_OPPOSITE_PRICE,
    Market.WOULD_TRADE,
    Market.NOT_FILLABLE,
    Market.SELLABLE_TOO_SMALL,
    Market.VALUE_TOO_LARGE,
    Market.CASH_TOO_SMALL,
)


def rules_passed(command: Command, answer: Answer) -> list[str]:
    """Return the rules that a command passed: all of its kind's, or those before the refusal."""
    rules = RULES_OF_ORDERS if isinstance(command, PlaceOrder) else RULES_OF_ALL
    refusal = answer.refusal
    if refusal is not None and refusal.code in rules:
        rules = rules[: rules.index(refusal.code)]
    return [str(rule) for rule in rules]


def preview(command: Command, answer: Answer, units: Units) -> dict[str, Any]:
    """Return what an applied dry run would set apart and charge, by account."""
    orders = {each.order: each for each in answer.effects if isinstance(each, OrderAccepted)}
    holds = [_order_hold(each, units) for each in orders.values() if each.held]
    holds += [
        _amount(units, account=each.account, instrument=each.instrument, steps=each.quantity)
        for each in answer.effects
        if isinstance(each, HoldPlaced)
    ]
    fees: dict[tuple[int, str], int] = defaultdict(int)
    for each in answer.effects:
        if isinstance(each, Filled):
            for number, fee in ((each.buy, each.buyer_fee), (each.sell, each.seller_fee)):
                if number in orders and fee:
                    order = orders[number]
                    fees[order.account, _currency(order, units)] += fee
    return {
        "holds": holds,
        "fees": [
            _amount(units, account=account, instrument=currency, steps=fee)
            for (account, currency), fee in fees.items()
        ],
        "rules_passed": rules_passed(command, answer),
    }


def _order_hold(order: OrderAccepted, units: Units) -> dict[str, str]:
    held_in = _currency(order, units) if order.is_buy else order.instrument
    return _amount(units, account=order.account, instrument=held_in, steps=order.held)


def _currency(order: OrderAccepted, units: Units) -> str:
    currency = units.of(order.instrument).currency
    assert currency is not None
    return currency


def _amount(units: Units, *, account: int, instrument: str, steps: int) -> dict[str, str]:
    return {
        "account": str(account),
        "instrument": instrument,
        "quantity": quantity(units, instrument, steps),
    }
