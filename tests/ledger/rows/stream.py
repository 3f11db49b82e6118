"""Commands by chance, and a story in which every table gets rows."""

import hashlib
import random
from typing import Any

from exchange import commands as x
from exchange.registry import commands as r
from ledger import commands as c
from ledger.personal import commands as p
from ledger.personal.eraser import Eraser
from ledger.personal.fetched import fetch_entries
from ledger.refusals import Reject
from ledger.roles import AccountKind, PartyKind, Purpose, Role
from ledger.shards.part import AnnounceLogKey, OpenLog, Reason
from tests.ledger.rows.accounting import tell_accounts
from tests.ledger.rows.appraising import tell_valuations
from tests.ledger.rows.archives import tell_archives
from tests.ledger.rows.consenting import tell_consents
from tests.ledger.rows.crediting import give_credentials
from tests.ledger.rows.mapping import tell_units, tell_warnings
from tests.ledger.rows.reconciling import reconcile
from tests.ledger.rows.rewarding import reward
from tests.ledger.rows.righting import tell_rights
from tests.ledger.rows.running import tell_runs
from tests.ledger.rows.scribe import DAY, HOUR, START, TRADERS, Scribe
from tests.ledger.rows.supervising import supervise
from tests.ledger.rows.taking_in import tell_intakes

TIMES = (x.TimeInForce.GTC, x.TimeInForce.DAY, x.TimeInForce.IOC, x.TimeInForce.FOK)


def trade_at_random(scribe: Scribe, *, seed: int, commands: int) -> None:
    """Send orders, changes, cancels and holds, and move the clock, all by chance."""
    chance = random.Random(seed)  # noqa: S311  a stream that can be repeated
    for _ in range(commands):
        party = chance.choice(TRADERS)
        command = _any_command(scribe, chance, scribe.account(party))
        scribe.send(command, actor=f"{party}-1")
        if chance.random() < 0.02:
            scribe.move(scribe.at + chance.choice((HOUR // 4, HOUR, 5 * HOUR)))


def _any_command(scribe: Scribe, chance: random.Random, account: int) -> c.Command:
    dice = chance.random()
    if dice < 0.7:
        return _any_order(chance, account)
    if dice < 0.9:
        return _any_change(scribe, chance)
    if dice < 0.95:
        return c.PlaceHold(
            account=account,
            instrument=chance.choice(("CNY", "CEA25")),
            quantity=chance.randint(1, 1_000),
            purpose=chance.choice((Purpose.DEPOSIT, Purpose.LEASE)),
            reference="by chance",
            until=chance.choice((None, scribe.at + chance.randint(1, 10 * HOUR))),
        )
    hold = chance.randint(1, scribe.ledger.next_hold)
    return c.ReleaseHold(hold=hold, quantity=chance.randint(1, 500))


def _any_order(chance: random.Random, account: int) -> x.PlaceOrder:
    kind = chance.choices(list(x.OrderType), weights=[6, 1, 1, 1, 1])[0]
    lots = chance.randint(1, 500)
    ticks = chance.randint(7_200, 7_600)
    has_limit = kind in {x.OrderType.LIMIT, x.OrderType.STOP_LIMIT}
    has_stop = kind in {x.OrderType.STOP, x.OrderType.STOP_LIMIT}
    in_force = chance.choices(TIMES, weights=[6, 3, 1, 1])[0]
    if kind in {x.OrderType.MARKET, x.OrderType.STOP}:
        in_force = x.TimeInForce.IOC
    return x.PlaceOrder(
        account=account,
        instrument=chance.choice(("CEA25", "CEA25", "NOX")),
        is_buy=chance.random() < 0.5,
        order_type=kind,
        time_in_force=in_force,
        lots=lots,
        ticks=ticks if has_limit else None,
        stop_ticks=chance.randint(7_200, 7_600) if has_stop else None,
        display=chance.randint(1, lots) if has_limit and chance.random() < 0.2 else 0,
        self_trade_prevention=chance.choice((None, *x.SelfTradePrevention)),
    )


def _any_change(scribe: Scribe, chance: random.Random) -> c.Command:
    orders = _market(scribe).orders
    number = chance.choice(sorted(orders)) if orders else 1
    dice = chance.random()
    if dice < 0.5:
        return x.CancelOrder(order=number)
    if dice < 0.98:
        return x.AmendOrder(
            order=number,
            lots=chance.choice((None, chance.randint(1, 600))),
            ticks=chance.choice((None, chance.randint(7_200, 7_600))),
        )
    return x.MassCancel(account=chance.randint(100, 103), instrument="CEA25")


def _market(scribe: Scribe) -> Any:
    return scribe.machine.parts[1].state


async def tell_story(scribe: Scribe) -> None:
    """Fill every table and use every kind of command at least once."""
    scribe.move(START + DAY + 2 * HOUR)
    trade_at_random(scribe, seed=1, commands=150)
    await scribe.commit()
    hold_and_link(scribe)
    await certify(scribe)
    await erase_somebody(scribe)
    trigger_many_stops(scribe)
    await scribe.commit()
    settle_a_year(scribe)
    _supervise(scribe)
    await scribe.commit()
    scribe.must(c.ActivateMachine(machine=3))
    _begin_a_new_log(scribe)
    scribe.move(START + 3 * DAY + 2 * HOUR)
    trade_at_random(scribe, seed=2, commands=100)
    reward(scribe)
    give_credentials(scribe)
    tell_archives(scribe)
    tell_intakes(scribe)
    tell_runs(scribe)
    tell_consents(scribe)
    supervise(scribe)
    tell_accounts(scribe)
    tell_units(scribe)
    tell_warnings(scribe)
    tell_valuations(scribe)
    await scribe.commit()
    tell_rights(scribe)
    await reconcile(scribe)  # the last: what it closed can still be opened again
    _leave_something_open(scribe)
    await scribe.commit()
    assert await Eraser(scribe.connection, scribe.vault).step() == 1


def _begin_a_new_log(scribe: Scribe) -> None:
    old = scribe.ledger.origin
    scribe.must(AnnounceLogKey(vkey=f"{old}+01020304+AQ=="))
    root = "ab" * 32
    year = OpenLog(origin=f"{old}/2", reason=Reason.YEAR, old_size=scribe.index - 5, old_root=root)
    scribe.must(year)
    lost = OpenLog(origin=f"{old}/3", reason=Reason.ENTRIES_LOST, old_size=7, old_root=root)
    scribe.must(lost)


def hold_and_link(scribe: Scribe) -> None:
    account, other = scribe.account("E01"), scribe.account("E02")
    hold: dict[str, Any] = {"account": account, "instrument": "CNY", "reference": "r"}
    deposit = c.PlaceHold(quantity=500, purpose=Purpose.DEPOSIT, **hold)
    scribe.must(c.Linked(commands=(deposit, deposit)), actor="E01-1")
    number = scribe.ledger.next_hold - 1
    scribe.must(c.ConsumeHold(hold=number, quantity=500, target=other), actor="E01-1")
    scribe.must(c.ReleaseHold(hold=number - 1, quantity=200), actor="E01-1")
    freeze = c.PlaceHold(quantity=7, purpose=Purpose.FREEZE, until=scribe.at + 30 * DAY, **hold)
    scribe.must(freeze, actor="R-1")
    scribe.must(c.CashOut(account=account, currency="CNY", amount=5, reference=""), actor="B2-1")
    scribe.must(c.Propose(command=deposit), actor="E01-1")
    scribe.must(c.RejectProposal(proposal=scribe.ledger.next_proposal - 1), actor="E01-2")
    named = c.RegisterParty(
        party="E09",
        party_kind=PartyKind.ENTERPRISE,
        scheme="",
        identifier="",
        personal=c.PartyPersonal(name="Company E09"),
    )
    scribe.must(c.Linked(commands=(named,)))
    scribe.must(c.OpenAccount(party="E09", account_kind=AccountKind.TRADING))
    scribe.must(c.CloseAccount(account=scribe.account("E09")))
    scribe.must(c.RevokeActor(actor="E04-2"))


async def erase_somebody(scribe: Scribe) -> None:
    """Register two persons in one list, disclose, retain, and erase the first of them."""
    legs = tuple(
        c.RegisterParty(
            party=party,
            party_kind=PartyKind.PERSON,
            scheme="",
            identifier="",
            personal=c.PartyPersonal(name=name),
        )
        for party, name in (("P01", "林溪"), ("P02", "周野"))
    )
    scribe.must(c.Linked(commands=legs))
    shared = scribe.index
    key: dict[str, Any] = {"party": "P01", "roles": [Role.SUBJECT], "digest": "7" * 64}
    scribe.must(c.RegisterActor(actor="P01-1", **key))
    second: dict[str, Any] = {"party": "X", "roles": [Role.OPERATOR], "digest": "8" * 64}
    scribe.must(c.RegisterActor(actor="x-9", **second))
    scribe.must(c.OpenAccount(party="P01", account_kind=AccountKind.TRADING))
    _disclose(scribe, shared)
    await _erase(scribe, shared)
    late = c.Linked(commands=(legs[0],))
    assert scribe.send(late).refusal is not None


def _disclose(scribe: Scribe, shared: int) -> None:
    grant: dict[str, Any] = {"recipient": "R", "until": scribe.at + HOUR}
    audit = p.DisclosePersonal(party="P01", purpose=p.DisclosurePurpose.AUDIT, **grant)
    scribe.must(audit, actor="P01-1")
    granted = scribe.index
    scribe.must(p.UseDisclosure(disclosure=granted), actor="R-1")
    scribe.must(p.UseDisclosure(disclosure=granted, target=shared), actor="R-2")
    scribe.must(p.WithdrawDisclosure(disclosure=granted), actor="P01-1")
    some = p.DisclosePersonal(
        party="P02", purpose=p.DisclosurePurpose.DISPUTE, entries=[shared], **grant
    )
    scribe.must(some)
    scribe.move(scribe.at + HOUR)
    grant["until"] = scribe.at + DAY
    for party in ("P01", "P02"):
        scribe.must(p.DisclosePersonal(party=party, purpose=p.DisclosurePurpose.AUDIT, **grant))


async def _erase(scribe: Scribe, shared: int) -> None:
    erase = p.ErasePerson(party="P01", basis=p.ErasureBasis.CONSENT_WITHDRAWN)
    scribe.must(p.RetainRecords(party="P01", until=scribe.at + HOUR, source="ECL-2018-31"))
    scribe.must(p.RetainRecords(party="P02", until=scribe.at + DAY, source="ECL-2018-31"))
    scribe.must(c.Propose(command=erase), actor="P01-1")
    approve = c.Approve(proposal=scribe.ledger.next_proposal - 1)
    await scribe.commit()
    fetched = await fetch_entries(scribe.connection, "P01")
    assert fetched.entries == [shared]
    refused = scribe.send(approve, actor="x-9", fetched=fetched)
    assert refused.refusal is not None
    assert refused.refusal.code == Reject.RETENTION_RUNS
    scribe.must(p.RetainRecords(party="P01", until=scribe.at, source="ECL-2018-31"))
    assert scribe.send(approve, actor="x-9").refusal is not None
    scribe.must(approve, actor="x-9", fetched=fetched)


async def certify(scribe: Scribe) -> None:
    from gateway import wiring

    await scribe.commit()
    command = c.CertifyStatement(
        account=scribe.account("E01"), entry_from=10, entry_to=scribe.index
    )
    fetched = await wiring.certify(scribe.connection, command)
    scribe.must(command, actor="E01-1", fetched=fetched)
    scribe.send(command, actor="E01-1")


def trigger_many_stops(scribe: Scribe) -> None:
    """Let one trade elect more stops than one command may: a phase does the rest."""
    scribe.must(x.MassCancel(account=scribe.account("E03")), actor="E03-1")
    scribe.must(x.SetControlGroup(party="E03", group="g"), actor="R-1")
    scribe.must(x.SetControlGroup(party="E03", group="h"), actor="R-1")
    nox: dict[str, Any] = {"instrument": "NOX", "self_trade_prevention": None}
    for party in TRADERS:
        scribe.must(x.MassCancel(account=scribe.account(party), instrument="NOX"), actor="R-1")
    for _ in range(120):
        scribe.order(
            "E03",
            is_buy=True,
            lots=2,
            ticks=8_100,
            order_type=x.OrderType.STOP_LIMIT,
            stop_ticks=8_000,
            **nox,
        )
    scribe.order("E01", is_buy=False, lots=10, ticks=8_000, **nox)
    scribe.order("E02", is_buy=True, lots=10, ticks=8_000, **nox)
    assert scribe.ledger.next_phase > 1


def settle_a_year(scribe: Scribe) -> None:
    account = scribe.account("E01")
    compliance = scribe.account("E01", AccountKind.COMPLIANCE)
    units: dict[str, Any] = {"instrument": "CEA25"}
    transfer = r.Transfer(
        source=account,
        target=compliance,
        lots=900,
        cause=r.TransferCause.OWN_ACCOUNTS,
        reference="",
        **units,
    )
    scribe.must(transfer, actor="E01-1")
    surrender = r.Surrender(account=compliance, right="CARBON", year=2025, lots=400, **units)
    scribe.must(surrender, actor="E01-1")
    retire = r.Retire(account=account, lots=3, beneficiary="all", claim="c", **units)
    scribe.must(retire, actor="E01-1")
    scribe.approved(
        r.CancelUnits(
            account=account, lots=2, cause=r.CancelCause.ERROR, decision="2026-9", **units
        )
    )
    rule = r.SetComplianceRule(right="CARBON", mode=r.ComplianceMode.PER_YEAR, first_year=2025)
    scribe.must(rule, actor="R-1")
    lines = [
        r.VerifiedLine(party="E01", status=r.VerifiedStatus.REPORTED, lots=400),
        r.VerifiedLine(party="E02", status=r.VerifiedStatus.NOT_REPORTED),
    ]
    scribe.must(r.RecordVerifiedEmissions(right="CARBON", year=2025, lines=lines), actor="R-1")
    scribe.must(r.CloseComplianceYear(right="CARBON", year=2025), actor="R-1")


def _supervise(scribe: Scribe) -> None:
    scribe.must(x.HaltBook(instrument="NOX", reason="inquiry"), actor="R-1")
    scribe.must(x.ResumeBook(instrument="NOX", reason="done"), actor="R-1")
    scribe.must(c.ActivateMachine(machine=2))
    content = b"what the database refused"
    digest = hashlib.sha256(content).hexdigest()
    scribe.send(c.Quarantine(digest=digest, cause="row"), actor="E01-1")
    scribe.aside.append((digest, content, "row", "E01-1"))
    scribe.fault(c.OpenAccount(party="E01", account_kind=AccountKind.TRADING), actor="x")
    scribe.send(c.RevokeActor(actor="nobody"), actor="nobody")


def _leave_something_open(scribe: Scribe) -> None:
    scribe.must(c.Propose(command=c.RevokeActor(actor="E04-1")), actor="E01-1")
    scribe.order("E01", is_buy=True, lots=10, ticks=7_300, display=3)
    pledge = c.PlaceHold(
        account=scribe.account("E02"),
        instrument="CEA25",
        quantity=40,
        purpose=Purpose.PLEDGE,
        reference="loan 1",
        beneficiary="B2",
    )
    scribe.must(pledge, actor="E02-1")
    until = {"time_in_force": x.TimeInForce.GTD, "expires": scribe.at + 3 * DAY}
    scribe.order("E03", is_buy=True, lots=5, ticks=7_290, **until)
    stop = {"order_type": x.OrderType.STOP_LIMIT, "stop_ticks": 7_590}
    scribe.order("E02", is_buy=True, lots=10, ticks=7_595, **stop)
