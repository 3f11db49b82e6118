"""Coins and carbon in the story of a venue: every command and every effect at least once."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.rewards import commands as w
from credit_scoring.rewards.days import day_of
from credit_scoring.rewards.slips import message
from ledger import commands as c
from ledger.roles import AccountKind, PartyKind, Role
from tests.ledger.rows.reconciling import agree, by_two
from tests.ledger.rows.scribe import DAY, Scribe

COIN = "GREEN-COIN"
SECRET = Ed25519PrivateKey.from_private_bytes(b"\11" * 32)


def reward(scribe: Scribe) -> None:
    """Earn, redeem, revoke, settle, expire, give up; save, cut, revoke, emit, correct."""
    agree(scribe)  # the operator's second person
    _enrol(scribe)
    _set_terms(scribe)
    _earn_and_spend(scribe)
    _save_and_emit(scribe)
    scribe.move(scribe.at + 2 * DAY)  # the late act's coins expire, and a bill posts it
    kept = scribe.account("C2", AccountKind.COIN_HOLDER)
    shop = scribe.account("SHOP", AccountKind.COIN_MERCHANT)
    bill = w.RedeemCoins(account=kept, merchant=shop, bill="8" * 64, coins=1)
    scribe.must(bill, actor="C2-1")
    assert scribe.ledger.accounts[kept].available(COIN) == 5
    scribe.must(w.GiveUpRewards(account=scribe.account("C1", AccountKind.COIN_HOLDER)))
    scribe.must(w.GiveUpRewards(account=scribe.account("C1", AccountKind.CARBON)), actor="C1-1")


def _enrol(scribe: Scribe) -> None:
    for number, (party, kind, role) in enumerate(
        (
            ("C1", PartyKind.PERSON, Role.SUBJECT),
            ("C2", PartyKind.PERSON, Role.SUBJECT),
            ("TEAM", PartyKind.VILLAGE, Role.INTAKE),
            ("SHOP", PartyKind.ENTERPRISE, Role.MERCHANT),
            ("VER", PartyKind.VERIFIER, Role.VERIFIER),
        )
    ):
        scribe.must(c.RegisterParty(party=party, party_kind=kind, scheme="", identifier=""))
        key: dict[str, Any] = {"party": party, "roles": [role], "digest": f"{number + 900:064x}"}
        scribe.must(c.RegisterActor(actor=f"{party}-1", **key))


def _set_terms(scribe: Scribe) -> None:
    today = day_of(scribe.at)
    by_two(scribe, w.OpenCoinScheme(instrument=COIN, issuer="X"))
    terms: dict[str, Any] = {
        "instrument": COIN,
        "day_max": 10,
        "month_max": 70,
        "expiry_months": 1,
        "bill_max": 10,
        "late_days": 30,
        "decision": "2026-4",
    }
    acts = [w.ActRule(act=act, coins=2, source="XJ22") for act in ("sorted", "plate")]
    by_two(scribe, w.SetCoinRules(version="1", effective_from=today - 60, acts=acts, **terms))
    by_two(scribe, w.SetCoinRules(version="2", effective_from=today + 9, acts=acts, **terms))
    by_two(scribe, w.IssueCoins(instrument=COIN, coins=500, decision="2026-4"))
    names: dict[str, Any] = {"source": "BAGS", "party": "TEAM", "acts": ["sorted"]}
    by_two(scribe, w.SetRewardSource(behaviours=[], public_key="", **names))
    key = SECRET.public_key().public_bytes_raw().hex()
    by_two(scribe, w.SetRewardSource(behaviours=["bus", "walk"], public_key=key, **names))
    for party in ("C1", "C2"):
        scribe.must(w.OpenCoinAccount(instrument=COIN, party=party), actor="TEAM-1")
        scribe.must(w.OpenCarbonAccount(party=party))
    scribe.must(w.OpenCarbonAccount(party="SHOP"))
    for live in (True, False, True):
        scribe.must(w.SetCoinMerchant(instrument=COIN, party="SHOP", live=live))
    for behaviour, grams, limit in (("bus", 80, None), ("walk", 8, 20_000), ("bill", None, None)):
        factor: dict[str, Any] = {"day_limit": limit, "late_days": 30, "source": "LZ24"}
        by_two(
            scribe,
            w.SetCarbonFactor(
                behaviour=behaviour,
                version="1",
                effective_from=today - 60,
                unit="ride",
                micrograms=None if grams is None else grams * 1_000_000,
                method="substitution",
                **factor,
            ),
        )


def _earn_and_spend(scribe: Scribe) -> None:
    today = day_of(scribe.at)
    first, second = (scribe.account(party, AccountKind.COIN_HOLDER) for party in ("C1", "C2"))
    shop = scribe.account("SHOP", AccountKind.COIN_MERCHANT)
    act: dict[str, Any] = {"source": "BAGS", "act": "sorted"}
    for reference, account, quantity, day in (
        ("late", second, 1, today - 29),
        ("a", first, 3, today),
        ("b", first, 4, today),
        ("c", second, 3, today),
    ):
        earn = w.EarnCoins(reference=reference, account=account, quantity=quantity, day=day, **act)
        scribe.must(earn, actor="TEAM-1")
    bill = w.RedeemCoins(account=first, merchant=shop, bill="7" * 64, coins=8)
    scribe.must(c.Propose(command=bill), actor="SHOP-1")
    scribe.must(c.Approve(proposal=scribe.ledger.next_proposal - 1), actor="C1-1")
    scribe.must(bill, actor="C1-1")  # the same again changes nothing
    scribe.must(w.RevokeCoins(source="BAGS", reference="a", reason="not sorted"))
    scribe.must(slip(first, "S-1", "sorted", today - 1, quantity=3_000))
    scribe.must(w.SettleMerchant(merchant=shop, coins=5, reference="B2-77"))


def slip(account: int, number: str, act: str, day: int, *, quantity: int) -> w.PresentSlip:
    """A slip of the team's, signed."""
    made: dict[str, Any] = {
        "source": "BAGS",
        "slip": number,
        "reward": w.Reward.COINS,
        "account": account,
        "act": act,
        "quantity": quantity,
        "day": day,
    }
    unsigned = w.PresentSlip(**made, signature="")
    return w.PresentSlip(**made, signature=SECRET.sign(message(unsigned)).hex())


def _save_and_emit(scribe: Scribe) -> None:
    today = day_of(scribe.at)
    first, second = (scribe.account(party, AccountKind.CARBON) for party in ("C1", "C2"))
    for reference, account, behaviour, activity in (
        ("bus-1", first, "bus", 40_000),
        ("walk-1", second, "walk", 3_500),
        ("bus-2", second, "bus", 1_000),
    ):
        credit = w.CreditCarbon(
            source="BAGS",
            reference=reference,
            account=account,
            behaviour=behaviour,
            activity=activity,
            day=today,
        )
        scribe.must(credit, actor="TEAM-1")
    scribe.must(w.RevokeCarbon(source="BAGS", reference="bus-2", reason="doubled"), actor="TEAM-1")
    emitter = scribe.account("SHOP", AccountKind.CARBON)
    for grams in (9_000_000, 8_500_000):
        report = w.ReportEmissions(
            account=emitter, year=2021, grams=grams, method="GB/T 32150", document="d" * 64
        )
        scribe.must(report, actor="VER-1")
