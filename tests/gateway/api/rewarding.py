"""A coin with holders, a source, a merchant and a few acts, in the market of the tests."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.rewards.commands import PresentSlip
from credit_scoring.rewards.slips import message
from gateway.api.schemas import rewards
from gateway.api.schemas.base import Units
from tests.gateway.api.house import DAY, House, digest_of

COIN = "GREEN-COIN"
SECRET = Ed25519PrivateKey.from_private_bytes(b"\15" * 32)
PUBLIC = SECRET.public_key().public_bytes_raw().hex()
PEOPLE: tuple[tuple[str, str, str], ...] = (
    ("P7", "person", "subject"),
    ("P8", "person", "subject"),
    ("TEAM", "village", "intake"),
    ("OTHER", "village", "intake"),
    ("SHOP", "enterprise", "merchant"),
)
RULES = {
    "kind": "set_coin_rules",
    "instrument": COIN,
    "version": "2026-1",
    "effective_from": "2026-01-01",
    "acts": [
        {"act": "sorted_waste", "coins": 2, "source": "XJ22"},
        {"act": "planting", "coins": 5, "source": "test"},
    ],
    "day_max": 10,
    "month_max": 70,
    "expiry_months": 24,
    "bill_max": 10,
    "late_days": 30,
    "decision": "2026-4",
}
FACTOR = {
    "kind": "set_carbon_factor",
    "version": "1",
    "effective_from": "2026-01-01",
    "unit": "ride",
    "method": "substitution",
    "source": "LZ24",
}
SOURCE = {
    "kind": "set_reward_source",
    "source": "BAGS",
    "party": "TEAM",
    "acts": ["sorted_waste"],
    "behaviours": ["bus_ride", "online_bill"],
    "public_key": PUBLIC,
}


async def reward(house: House) -> None:
    """Open the coin and the carbon accounts, and count one act, one bill and one ride."""
    await _enrol(house)
    for body in (
        {"kind": "open_coin_scheme", "instrument": COIN, "issuer": "X"},
        RULES,
        {"kind": "issue_coins", "instrument": COIN, "coins": "12", "decision": "2026-4"},
        FACTOR | {"behaviour": "bus_ride", "grams": "80"},
        FACTOR | {"behaviour": "online_bill", "unit": "time"},
        SOURCE,
    ):
        await house.propose(body, maker="X-1", checker="X-2")
    await _open(house)
    await house.do("/coins/acts", act(house, "known", quantity=5), "TEAM-1")
    bill = {"merchant": house.accounts["SHOP-coins"], "bill": "77", "coins": "3"}
    await house.do("/coins/redemptions", {"account": house.accounts["P7-coins"], **bill}, "P7-1")
    await house.do("/carbon/credits", ride(house, "known"), "TEAM-1")
    unlawful = (
        ("again", {**RULES, "effective_from": "2026-04-01"}),
        ("past", {**RULES, "version": "0", "effective_from": "2025-06-01"}),
        ("agreed", {"kind": "redeem_coins", "account": house.accounts["P7-coins"], **bill}),
    )
    for name, body in unlawful:
        proposed = await house.do("/proposals", {"operation": body}, _maker(name))
        house.names[f"rewards_{name}"] = proposed["proposal"]


def _maker(name: str) -> str:
    return "SHOP-1" if name == "agreed" else "X-1"


async def _enrol(house: House) -> None:
    for party, kind, role in PEOPLE:
        body = {"party": party, "party_kind": kind, "name": f"Member {party}"}
        await house.do("/parties", body)
        key = {"actor": f"{party}-1", "party": party, "roles": [role]}
        await house.do("/keys", {**key, "digest": digest_of(f"{party}-1")})


async def _open(house: House) -> None:
    for party in ("P7", "P8"):
        coins = await house.do("/coins/accounts", {"instrument": COIN, "party": party}, "TEAM-1")
        house.accounts[f"{party}-coins"] = coins["account"]
    carbon = await house.do("/carbon/accounts", {"party": "P7"}, "TEAM-1")
    house.accounts["P7-carbon"] = carbon["account"]
    emitter = await house.do("/carbon/accounts", {"party": "E01"})
    house.accounts["E01-carbon"] = emitter["account"]
    merchant = await house.do("/coins/merchants", {"instrument": COIN, "party": "SHOP"})
    house.accounts["SHOP-coins"] = merchant["account"]


def act(house: House, reference: str, **changes: Any) -> dict[str, Any]:
    made = {
        "source": "BAGS",
        "reference": reference,
        "account": house.accounts["P7-coins"],
        "act": "sorted_waste",
        "day": DAY,
    }
    return made | changes


def ride(house: House, reference: str, **changes: Any) -> dict[str, Any]:
    made = {
        "source": "BAGS",
        "reference": reference,
        "account": house.accounts["P7-carbon"],
        "behaviour": "bus_ride",
        "activity": "1.5",
        "day": DAY,
    }
    return made | changes


def slip(house: House, name: str, *, secret: Any = SECRET, **changes: Any) -> dict[str, Any]:
    """A slip of the team's, signed as its device does."""
    made = {
        "source": "BAGS",
        "slip": name,
        "reward": "coins",
        "account": house.accounts["P7-coins"],
        "act": "sorted_waste",
        "quantity": "1",
        "day": DAY,
    } | changes
    unsigned = rewards.PresentSlip.model_validate(made | {"signature": "0" * 128})
    command = unsigned.to_command(Units({}))
    assert isinstance(command, PresentSlip)
    return made | {"signature": secret.sign(message(command)).hex()}
