"""The stories of the golden logs, told with fixed keys at fixed times."""

import hashlib
from typing import Any

from exchange import commands as x
from exchange.registry import commands as r
from ledger import commands as c
from ledger.commands import LINKED_COMMANDS_MAX
from ledger.roles import AccountKind, PartyKind, Purpose, Role
from ledger.shards.part import AnnounceLogKey, OpenLog, Reason
from tests.ledger.rows.archives import found_archives, tell_a_repair, tell_archives
from tests.ledger.rows.consenting import found_bank, tell_consents
from tests.ledger.rows.reconciling import reconcile
from tests.ledger.rows.righting import tell_rights
from tests.ledger.rows.running import tell_runs
from tests.ledger.rows.scribe import DAY, FIRST_DAY, HOUR, START, Scribe, found_venue
from tests.ledger.rows.stream import (
    certify,
    erase_somebody,
    hold_and_link,
    settle_a_year,
    trigger_many_stops,
)
from tests.ledger.rows.taking_in import tell_intakes

PARTIES_OF_TWO_SLICES = 2_001
ACCOUNTS_OF_TWO_UNITS = 125
SET_ASIDE = b"what the database refused"


async def tell_machine_1(scribe: Scribe) -> None:
    """Everything that version 1 can do; the last entry hands over to version 2."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    scribe.must(c.MoveClock(to=scribe.at))
    _trade(scribe)
    hold_and_link(scribe)
    await certify(scribe)
    trigger_many_stops(scribe)
    settle_a_year(scribe)
    _carry_over(scribe)
    _close_a_year_of_many(scribe)
    scribe.must(x.HaltBook(instrument="NOX", reason="inquiry"), actor="R-1")
    scribe.must(x.ResumeBook(instrument="NOX", reason="done"), actor="R-1")
    digest = hashlib.sha256(SET_ASIDE).hexdigest()
    scribe.send(c.Quarantine(digest=digest, cause="row"), actor="E01-1")
    scribe.aside.append((digest, SET_ASIDE, "row", "E01-1"))
    scribe.fault(c.RevokeActor(actor="E02-2"), actor="E02-1")
    scribe.move(START + 2 * DAY + 2 * HOUR)
    scribe.must(c.ActivateMachine(machine=2))
    await scribe.commit()


async def tell_both_versions(scribe: Scribe) -> None:
    """The same amendment before and after version 2: it loses its place, then keeps it."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    _shorten_the_first_of_two(scribe, ticks=7_300)
    scribe.must(c.ActivateMachine(machine=2))
    _shorten_the_first_of_two(scribe, ticks=7_310)
    scribe.move(START + 2 * DAY + 2 * HOUR)
    await scribe.commit()


async def tell_terms(scribe: Scribe) -> None:
    """A book's terms change: fees for the next order, the band from the next day on."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    scribe.order("E01", is_buy=False, lots=100, ticks=7_400)
    terms = x.SetBookTerms(
        instrument="CEA25",
        band_ppm=50_000,
        resale_delay=False,
        buyer_fee_ppm=1_000,
        seller_fee_ppm=500,
        four_eyes_lots=1_000,
        order_lots_max=50_000,
        decision="2026-11",
    )
    operator = scribe.ledger.actors["x"].party
    second = {"actor": "x-2", "party": operator, "roles": [Role.OPERATOR], "digest": "2" * 64}
    scribe.must(c.RegisterActor(**second))
    scribe.must(c.Propose(command=terms))
    scribe.must(c.Approve(proposal=scribe.ledger.next_proposal - 1), actor="x-2")
    scribe.order("E02", is_buy=True, lots=45, ticks=7_400)
    scribe.move(START + 2 * DAY + 2 * HOUR)
    await scribe.commit()


async def tell_a_close(scribe: Scribe) -> None:
    """A day of version 3 ends: an entry commits to what everybody holds."""
    found_venue(scribe)
    scribe.must(c.ActivateMachine(machine=3))
    for _ in range(ACCOUNTS_OF_TWO_UNITS):
        scribe.must(c.OpenAccount(party="E04", account_kind=AccountKind.TRADING))
        account = scribe.ledger.next_account - 1
        cash = c.CashIn(account=account, currency="CNY", amount=account, reference="")
        scribe.must(cash, actor="B2-1")
    scribe.move(START + DAY + 2 * HOUR)
    scribe.order("E01", is_buy=False, lots=100, ticks=7_400)
    scribe.order("E02", is_buy=True, lots=45, ticks=7_400)
    scribe.move(START + 2 * DAY + 2 * HOUR)
    await scribe.commit()


async def tell_two_logs(scribe: Scribe) -> None:
    """A further key is announced, and a new log begins in the middle of a day."""
    found_venue(scribe)
    old = scribe.ledger.origin
    scribe.must(AnnounceLogKey(vkey=f"{old}+01020304+AQ=="))
    scribe.order("E01", is_buy=False, lots=100, ticks=7_400)
    year: dict[str, Any] = {"reason": Reason.YEAR, "old_size": scribe.index, "old_root": "0" * 64}
    scribe.must(OpenLog(origin=f"{old}/2027", **year))
    scribe.send(OpenLog(origin=old, **year))
    scribe.order("E02", is_buy=True, lots=45, ticks=7_400)
    await scribe.commit()


async def tell_privacy(scribe: Scribe) -> None:
    """A person trades, lets an auditor see its names, and is erased; another one stays."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    await erase_somebody(scribe)
    await scribe.commit()


async def tell_credit_archives(scribe: Scribe) -> None:
    """Subjects, facts, a revocation, objections and a repair."""
    found_venue(scribe)
    tell_archives(scribe)
    tell_a_repair(scribe)
    await scribe.commit()


async def tell_credit_intakes(scribe: Scribe) -> None:
    """Signed batches, files that are taken in, and consequences that are adopted."""
    found_venue(scribe)
    found_archives(scribe)
    tell_intakes(scribe)
    await scribe.commit()


async def tell_credit_runs(scribe: Scribe) -> None:
    """Runs of all subjects, and the snapshots that rest on them."""
    found_venue(scribe)
    found_archives(scribe)
    tell_runs(scribe)
    await scribe.commit()


async def tell_credit_consents(scribe: Scribe) -> None:
    """Consents of a person and a village, and what a bank asked with and without them."""
    found_venue(scribe)
    tell_consents(scribe)
    await scribe.commit()


async def tell_credit_rights(scribe: Scribe) -> None:
    """Reviews and their clock, notices of a correction, a fact whose period is over."""
    found_venue(scribe)
    found_archives(scribe)
    found_bank(scribe)
    tell_rights(scribe)
    await scribe.commit()


async def tell_reconciliation(scribe: Scribe) -> None:
    """Files of a bank and a register, and the whole life of their tasks."""
    found_venue(scribe)
    scribe.move(START + DAY + 2 * HOUR)
    await reconcile(scribe)
    await scribe.commit()


def _shorten_the_first_of_two(scribe: Scribe, *, ticks: int) -> None:
    until: dict[str, Any] = {"time_in_force": x.TimeInForce.GTD}
    for party in ("E01", "E02"):
        scribe.order(party, is_buy=True, lots=10, ticks=ticks, expires=FIRST_DAY + 9, **until)
    first = min(_orders_at(scribe, ticks))
    scribe.must(x.AmendOrder(order=first, expires=FIRST_DAY + 5), actor="E01-1")
    scribe.order("E03", is_buy=False, lots=10, ticks=ticks, time_in_force=x.TimeInForce.IOC)


def _orders_at(scribe: Scribe, ticks: int) -> list[int]:
    orders = scribe.machine.parts[1].state.orders
    return [order.id for order in orders.values() if order.ticks == ticks]


def _trade(scribe: Scribe) -> None:
    day = {"time_in_force": x.TimeInForce.DAY}
    scribe.order("E01", is_buy=False, lots=100, ticks=7_400, display=30)
    scribe.order("E02", is_buy=True, lots=45, ticks=7_400)
    scribe.order("E03", is_buy=True, lots=20, ticks=None, time_in_force=x.TimeInForce.IOC)
    scribe.order("E04", is_buy=True, lots=500, ticks=7_400, time_in_force=x.TimeInForce.FOK)
    scribe.order("E04", is_buy=True, lots=5, ticks=7_390, post_only=True, **day)
    to_limit = {"order_type": x.OrderType.MARKET_TO_LIMIT}
    scribe.order("E04", is_buy=True, lots=50, ticks=None, **to_limit)
    for mode in x.SelfTradePrevention:
        scribe.order("E02", is_buy=False, lots=8, ticks=7_402)
        own = {"self_trade_prevention": mode}
        scribe.order("E02", is_buy=True, lots=5, ticks=7_402, **own)
        scribe.must(x.MassCancel(account=scribe.account("E02")), actor="E02-1")
    stop = {"order_type": x.OrderType.STOP_LIMIT, "stop_ticks": 7_404}
    scribe.order("E03", is_buy=True, lots=3, ticks=7_410, **stop)
    scribe.order("E01", is_buy=False, lots=4, ticks=7_404)
    scribe.order("E04", is_buy=True, lots=60, ticks=7_404)
    scribe.order("E04", is_buy=True, lots=60, ticks=7_320)
    number = max(_orders_at(scribe, 7_320))
    scribe.must(x.AmendOrder(order=number, lots=50), actor="E04-1")
    scribe.must(x.AmendOrder(order=number, ticks=7_321), actor="E04-1")
    scribe.must(x.CancelOrder(order=number), actor="E04-1")


def _carry_over(scribe: Scribe) -> None:
    terms: dict[str, Any] = {
        "substance": "",
        "unit": "t",
        "lot": "1",
        "zone": "330000",
        "vintage": 2026,
        "currency": "CNY",
        "tick": "0.01",
        "reference_ticks": 7_400,
    }
    scribe.must(x.DefineInstrument(instrument="CEA26", right="CARBON", **terms))
    scribe.approved(
        r.CarryOver(
            account=scribe.account("E02"),
            instrument="CEA25",
            next_instrument="CEA26",
            lots=7,
            decision="2026-10",
        )
    )
    pledge = c.PlaceHold(
        account=scribe.account("E02"),
        instrument="CEA26",
        quantity=4,
        purpose=Purpose.PLEDGE,
        reference="loan",
        beneficiary="B2",
    )
    scribe.must(pledge, actor="E02-1")


def _close_a_year_of_many(scribe: Scribe) -> None:
    """Close a year whose obligations do not fit one slice."""
    parties = [f"M{number:04}" for number in range(PARTIES_OF_TWO_SLICES)]
    for start in range(0, len(parties), LINKED_COMMANDS_MAX):
        legs = tuple(
            c.RegisterParty(party=party, party_kind=PartyKind.ENTERPRISE, scheme="", identifier="")
            for party in parties[start : start + LINKED_COMMANDS_MAX]
        )
        scribe.must(c.Linked(commands=legs))
    for start in (0, 1_500):
        lines = [
            r.VerifiedLine(party=party, status=r.VerifiedStatus.REPORTED, lots=number % 3)
            for number, party in enumerate(parties[start : start + 1_500])
        ]
        scribe.must(r.RecordVerifiedEmissions(right="CARBON", year=2024, lines=lines), actor="R-1")
    scribe.must(r.CloseComplianceYear(right="CARBON", year=2024), actor="R-1")
