"""The evidence of one trade, assembled from its entries: what happened, under which rules, by whom.

Every figure is read from the bodies that the document itself discloses, so that whoever holds it
can read them again. What the receiver may not see (the other side's postings) is not told either.
Amounts are decimal strings in the instrument's units; ``entry`` names the entry that says it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.canonical import parse, utc_text
from kernel.money import format_decimal
from ledger.personal.disclosure import Disclosed

FORMAT = "ecorights-evidence/1"
RULES = {
    "venue_opened": "machine",
    "machine_activated": "machine",
    "instrument_defined": "instrument",
    "book_opened": "book_terms",
    "book_terms_set": "book_terms",
    "trading_days_declared": "trading_day",
    "control_group_set": "control_group",
}
PEOPLE = {"party_registered": "party", "actor_registered": "actor", "account_opened": "account"}
_HOURS = ("opens", "closes")
OF_ORDERS = frozenset(
    {
        "order_accepted",
        "order_rested",
        "order_amended",
        "order_decremented",
        "order_replenished",
        "order_triggered",
    }
)
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an instrument's lots and ticks are written, and its currency's."""

    instrument: str
    currency: str
    unit: str
    lot: Decimal
    tick: Decimal
    cent: Decimal

    def quantity(self, lots: str) -> str:
        """Return lots in the instrument's unit."""
        return format_decimal(int(lots), step=self.lot)

    def price(self, ticks: str) -> str:
        """Return a price in the currency for a unit."""
        return format_decimal(int(ticks), step=self.tick)

    def cash(self, minor: int) -> str:
        """Return minor units in the currency."""
        return format_decimal(minor, step=self.cent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A trade's row: which orders, whose accounts, on which day (ordinal, 0 for none)."""

    number: int
    entry: int
    day: int
    buy: int
    sell: int
    buyer: int
    seller: int
    parties: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """An entry as the receiver may see it, with its receipt (c2sp.org/tlog-proof@v1)."""

    disclosure: Disclosed
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Who made the document when, and the log it is proved by."""

    at: str
    by: str
    origin: str
    size: int
    root: str
    checkpoint: str
    keys: Sequence[str]


def assemble(
    trade: Trade, terms: Terms, cited: Sequence[Cited], *, circumstances: Circumstances
) -> Facts:
    """Return the document that is signed."""
    told = [_Told(each.disclosure) for each in cited if each.disclosure.postings is not None]
    return {
        "book": _book(trade, terms, told),
        "entries": [_entry(each) for each in cited],
        "format": FORMAT,
        "four_eyes": list(_four_eyes(told)),
        "log": {
            "checkpoint": circumstances.checkpoint,
            "keys": list(circumstances.keys),
            "origin": circumstances.origin,
            "root": circumstances.root,
            "size": str(circumstances.size),
        },
        "made": {"at": circumstances.at, "by": circumstances.by},
        "orders": {
            side: {"order": str(number), "events": list(_events(number, terms, told))}
            for side, number in (("buy", trade.buy), ("sell", trade.sell))
        },
        "people": list(_people(trade, told)),
        "rules": list(_rules(trade, terms, told)),
        "trade": _trade(trade, terms, told),
    }


class _Told:
    """One entry whose body is shown."""

    def __init__(self, disclosure: Disclosed) -> None:
        self.index = disclosure.index
        body = parse((disclosure.postings or "").encode())
        self.body: Facts = body
        self.effects: list[Facts] = body["effects"]

    def of(self, kinds: Iterable[str]) -> Iterator[Facts]:
        return (each for each in self.effects if each["effect"] in kinds)

    def source(self) -> Facts:
        names = ("actor", "at", "key", "machine")
        return {"entry": self.index, **{name: self.body[name] for name in names}}


def _entry(cited: Cited) -> Facts:
    shown = cited.disclosure
    return {
        "header": shown.header,
        "index": shown.index,
        "leaf_hash": shown.leaf_hash,
        "postings": shown.postings,
        "postings_key": shown.postings_key,
        "postings_state": str(shown.postings_state),
        "receipt": cited.receipt,
    }


def _trade(trade: Trade, terms: Terms, told: Sequence[_Told]) -> Facts:
    """Return the trade; where its entry is withheld, its number and entry alone."""
    facts: Facts = {"entry": str(trade.entry), "trade": str(trade.number)}
    for each in told:
        for fill in each.of({"filled"}):
            if fill["trade"] == str(trade.number):
                value = int(fill["ticks"]) * int(fill["lots"])
                return facts | {
                    "aggressor": "buy" if fill["buyer_is_aggressor"] else "sell",
                    "at": each.body["at"],
                    "buyer": _side(trade, trade.buyer, fee=terms.cash(int(fill["buyer_fee"]))),
                    "currency": terms.currency,
                    "instrument": terms.instrument,
                    "price": terms.price(fill["ticks"]),
                    "quantity": terms.quantity(fill["lots"]),
                    "seller": _side(trade, trade.seller, fee=terms.cash(int(fill["seller_fee"]))),
                    "unit": terms.unit,
                    "value": terms.cash(value),
                }
    return facts


def _side(trade: Trade, account: int, *, fee: str) -> Facts:
    return {"account": str(account), "fee": fee, "party": trade.parties[account]}


def _events(order: int, terms: Terms, told: Sequence[_Told]) -> Iterator[Facts]:
    """Iterate what happened to an order, in its order, up to the trade."""
    for each in told:
        for effect in each.effects:
            if effect["effect"] in OF_ORDERS and effect["order"] == str(order):
                yield each.source() | {
                    "event": effect["effect"],
                    "terms": dict(_in_units(effect, terms)),
                }
            elif effect["effect"] == "filled" and str(order) in {effect["buy"], effect["sell"]}:
                yield each.source() | {
                    "event": "filled",
                    "terms": {
                        "price": terms.price(effect["ticks"]),
                        "quantity": terms.quantity(effect["lots"]),
                        "trade": effect["trade"],
                    },
                }


def _in_units(effect: Facts, terms: Terms) -> Iterator[tuple[str, Any]]:
    for name, value in effect.items():
        if name in {"effect", "order", "held"}:
            continue
        if name == "lots" or (name == "display" and value != "0"):
            yield {"lots": "quantity"}.get(name, name), terms.quantity(value)
        elif name in {"ticks", "stop_ticks"} and value not in {None, "0"}:
            yield {"ticks": "price", "stop_ticks": "stop_price"}[name], terms.price(value)
        else:
            yield name, value


def _book(trade: Trade, terms: Terms, told: Sequence[_Told]) -> Facts:
    """Return the state of the book that decided: band, phase, day, and who stood first."""
    found: Facts = {"day": date.fromordinal(trade.day).isoformat() if trade.day else None}
    for each in told:
        if int(each.index) > trade.entry:
            break
        for effect in each.of({"book_opened", "day_opened", "book_phase_set"}):
            if effect["instrument"] != terms.instrument:
                continue
            low, high = effect.get("band_low", "0"), effect.get("band_high", "0")
            if high != "0":  # a book without a band has noughts
                found["band"] = {
                    "entry": each.index,
                    "high": terms.price(high),
                    "low": terms.price(low),
                }
            if "phase" in effect:
                phase = {"entry": each.index, "phase": effect["phase"], "reason": effect["reason"]}
                found["phase"] = phase
        for effect in each.of({"order_rested", "order_replenished"}):
            side = {str(trade.buy): "buy", str(trade.sell): "sell"}.get(effect["order"])
            if side is not None:
                found.setdefault("priority", {})[side] = {
                    "entry": each.index,
                    "priority": effect["priority"],
                }
    return found


def _rules(trade: Trade, terms: Terms, told: Sequence[_Told]) -> Iterator[Facts]:
    """Iterate the rules in force, as the entries say that set them."""
    parties = set(trade.parties.values())
    codes = {terms.instrument, terms.currency}
    for each in told:
        for effect in each.of(RULES):
            kind = RULES[effect["effect"]]
            shown = _of_day(effect, trade.day) if kind == "trading_day" else effect
            is_ours = effect.get("instrument", terms.instrument) in codes
            if shown is not None and is_ours and effect.get("party", min(parties)) in parties:
                readable = {name: _readable(name, value, terms) for name, value in shown.items()}
                yield each.source() | {"kind": kind, "terms": readable}


def _of_day(effect: Facts, day: int) -> Facts | None:
    for each in effect["days"]:
        if each["day"] == str(day):
            opens, closes = ([utc_text(int(at), digits=0) for at in each[n]] for n in _HOURS)
            found = {"closes": closes, "day": date.fromordinal(day).isoformat(), "opens": opens}
            return {"calendar": effect["calendar"], "effect": effect["effect"], **found}
    return None


def _readable(name: str, value: Any, terms: Terms) -> Any:
    """Return a rule's prices, quantities and days as they are written; other terms as they are."""
    if value is None:
        return None
    if name in {"band_low", "band_high", "reference_ticks"}:
        return terms.price(value)
    if name in {"four_eyes_lots", "order_lots_max"}:
        return terms.quantity(value)
    if name in {"valid_from", "valid_until"}:
        return date.fromordinal(int(value)).isoformat()
    return value


def _people(trade: Trade, told: Sequence[_Told]) -> Iterator[Facts]:
    """Iterate the sides' parties as they are known publicly, their accounts and their actors."""
    for each in told:
        for effect in each.of(PEOPLE):
            if effect["party"] in trade.parties.values():
                public = {name: value for name, value in effect.items() if name != "digest"}
                yield {"entry": each.index, "kind": PEOPLE[effect["effect"]], "terms": public}


def _four_eyes(told: Sequence[_Told]) -> Iterator[Facts]:
    """Iterate what one person proposed and another approved."""
    for each in told:
        for effect in each.of({"proposal_closed"}):
            names = ("proposal", "status", "maker", "checker")
            yield {"entry": each.index, **{name: effect[name] for name in names}}
