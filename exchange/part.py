"""The market's part of the machine: its commands, folds, timers, phases and resident rows."""

from collections.abc import Iterable
from typing import Any

from exchange import commands
from exchange.folds import FOLDS
from exchange.state import Market
from exchange.trading import instruments, matching, orders, sessions
from ledger.machine import Part, Rule
from ledger.roles import Role

_SETS_UP = frozenset({Role.OPERATOR})
_SUPERVISES = frozenset({Role.OPERATOR, Role.REGULATOR})
_TRADES = frozenset({Role.TRADER})


def market_part(market: Market) -> Part:
    """Return what the market registers with the machine."""
    return Part(
        state=market,
        rules={
            commands.DefineInstrument: Rule(decide=instruments.define_instrument, roles=_SETS_UP),
            commands.SetBookTerms: Rule(
                decide=instruments.set_book_terms, roles=_SETS_UP, four_eyes=instruments.always
            ),
            commands.DeclareTradingDays: Rule(
                decide=instruments.declare_trading_days, roles=_SETS_UP
            ),
            commands.SetControlGroup: Rule(decide=instruments.set_control_group, roles=_SUPERVISES),
            commands.PlaceOrder: Rule(decide=orders.place_order, roles=_TRADES),
            commands.AmendOrder: Rule(decide=orders.amend_order, roles=_TRADES),
            commands.CancelOrder: Rule(decide=orders.cancel_order, roles=_TRADES),
            commands.MassCancel: Rule(decide=orders.mass_cancel, roles=_TRADES | _SUPERVISES),
            commands.HaltBook: Rule(decide=sessions.halt_book, roles=_SUPERVISES),
            commands.ResumeBook: Rule(decide=sessions.resume_book, roles=_SUPERVISES),
        },
        folds=FOLDS,
        phases={
            matching.ELECTION: matching.carry_on_election,
            orders.MASS_CANCEL: orders.carry_on_mass_cancel,
            sessions.OPENING: sessions.carry_on_opening,
            sessions.LAPSE: sessions.carry_on_lapse,
        },
        timers={sessions.SESSION: sessions.fire_session},
        rows=_rows,
        check=Market.check,
        binds=_binds,
    )


def _binds(market: Market, party: str) -> str | None:
    """Return the first open order of a party, in words."""
    accounts = market.ledger.accounts
    orders = sorted(o.id for o in market.orders.values() if accounts[o.account].party == party)
    return f"order {orders[0]}" if orders else None


def _rows(market: Market) -> Iterable[Any]:
    if market.next_order > 1:  # the counters have a row from the first order on
        yield market
    yield from (market.books[code] for code in sorted(market.books))
    for name in sorted(market.calendars):
        calendar = market.calendars[name]
        yield from (calendar.days[day] for day in calendar.ordinals)
    yield from (market.groups[party] for party in sorted(market.groups))
    yield from (market.orders[number] for number in sorted(market.orders))
