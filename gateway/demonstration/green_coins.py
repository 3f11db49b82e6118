"""Step 17's coins and carbon: fifteen days of sorted waste, one bill paid, forty bus rides.

The village's scale signs a slip for each bag; the slips are handed in when the line works again.
The first day and the fourteen after it must have passed, and lie at most thirty days back.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_scoring.rewards.commands import PresentSlip, Reward
from credit_scoring.rewards.shipped import ShippedFactor, shipped_coin_rules, shipped_factors
from credit_scoring.rewards.slips import THOUSANDTH, message
from gateway.demonstration.cast import Cast, UnexpectedFigure
from gateway.demonstration.county import Member
from kernel.money import format_decimal

COIN = "GREEN-COIN"
FIRST_DAY = date(2026, 4, 10)
SORTINGS = 15
BILL_COINS = 10
RIDES = 40
BUDGET = "1000000"
SOURCE = "V1-TEAM"
DECISION = "2026-04"
IN_FORCE = "2026-01-01"

MERCHANTS: tuple[Member, ...] = (
    Member(
        party="K1",
        kind="enterprise",
        name="竹坞农家饭馆",
        name_en="Zhuwu Farm Kitchen",
        keys={"1": ("merchant",)},
    ),
)
OPERATOR_CHECKER = "X-2"


def key_names() -> list[str]:
    """Return the names of the keys that this part of the story needs."""
    return [OPERATOR_CHECKER, *(f"{m.party}-{number}" for m in MERCHANTS for number in m.keys)]


class GreenCoins:
    """Tells this part of the year to a service through its members' own keys.

    ``secret`` seeds the key of the village's scale, so that a second load signs the same slips.
    """

    def __init__(self, cast: Cast, *, secret: str) -> None:
        self._cast = cast
        seed = hashlib.sha256(f"scale of {SOURCE} {secret}".encode()).digest()
        self._scale = Ed25519PrivateKey.from_private_bytes(seed)

    async def load(self) -> None:
        """Load the coin, its members, and what the person did.

        Raises:
            UnexpectedFigure: the person's coins or grams are not the story's.
        """
        self._cast.tell("green coins and carbon accounts")
        await self._cast.give_key(OPERATOR_CHECKER, roles=("operator", "approver"))
        await self._cast.register(MERCHANTS)
        await self._set_terms()
        coins, merchant = await self._open_accounts()
        carbon = await self._cast.post("V1-1", "/carbon/accounts", {"party": "P1"}, key="P1-carbon")
        for number in range(SORTINGS):
            slip = self._slip(account=coins, day=FIRST_DAY + timedelta(days=number))
            await self._cast.post("V1-1", "/rewards/slips", slip, key=f"slip-{number}")
        bill = {
            "account": coins,
            "merchant": merchant,
            "bill": "2026/0077",
            "coins": str(BILL_COINS),
        }
        await self._cast.post("P1-1", "/coins/redemptions", bill, key="bill")
        last_day = FIRST_DAY + timedelta(days=SORTINGS - 1)
        rides = {
            "source": SOURCE,
            "reference": f"bus-card-{last_day.isoformat()}",
            "account": carbon["account"],
            "behaviour": "bus_ride",
            "activity": str(RIDES),
            "day": last_day.isoformat(),
        }
        await self._cast.post("V1-1", "/carbon/credits", rides, key="rides")
        await self._check(coins, carbon["account"])

    async def _set_terms(self) -> None:
        rules = {**shipped_coin_rules(), "instrument": COIN, "effective_from": IN_FORCE}
        factors = shipped_factors()
        source = {
            "source": SOURCE,
            "party": "V1",
            "acts": [act["act"] for act in rules["acts"]],
            "behaviours": [factor.behaviour for factor in factors],
            "public_key": self._scale.public_key().public_bytes_raw().hex(),
        }
        await self._propose("open_coin_scheme", {"instrument": COIN, "issuer": "X"}, key="scheme")
        await self._propose("set_coin_rules", {**rules, "decision": DECISION}, key="rules")
        budget = {"instrument": COIN, "coins": BUDGET, "decision": DECISION}
        await self._propose("issue_coins", budget, key="budget")
        for factor in factors:
            body = factor_body(factor)
            await self._propose("set_carbon_factor", body, key=f"factor-{factor.behaviour}")
        await self._propose("set_reward_source", source, key="source")

    async def _propose(self, kind: str, body: Mapping[str, Any], *, key: str) -> None:
        await self._cast.propose({"kind": kind, **body}, of="X", key=key)

    async def _open_accounts(self) -> tuple[str, str]:
        """Return the numbers of the person's and the merchant's accounts."""
        holder = {"instrument": COIN, "party": "P1"}
        opened = await self._cast.post("V1-1", "/coins/accounts", holder, key="P1-coins")
        kitchen = {"instrument": COIN, "party": "K1"}
        merchant = await self._cast.post("X-1", "/coins/merchants", kitchen, key="K1-coins")
        return str(opened["account"]), str(merchant["account"])

    def _slip(self, *, account: str, day: date) -> dict[str, str]:
        unsigned = PresentSlip(
            source=SOURCE,
            slip=f"bag-{day.isoformat()}",
            reward=Reward.COINS,
            account=int(account),
            act="sorted_waste",
            quantity=1_000,
            day=day.toordinal(),
            signature="",
        )
        return {
            "source": unsigned.source,
            "slip": unsigned.slip,
            "reward": unsigned.reward.value,
            "account": account,
            "act": unsigned.act,
            "quantity": format_decimal(unsigned.quantity, step=THOUSANDTH),
            "day": day.isoformat(),
            "signature": self._scale.sign(message(unsigned)).hex(),
        }

    async def _check(self, coins: str, carbon: str) -> None:
        balance = (await self._cast.get("P1-1", f"/coins/accounts/{coins}"))["balance"]
        saved = (await self._cast.get("P1-1", f"/carbon/accounts/{carbon}"))["reduced_grams"]
        if (balance, saved) != ("20", "3200.000"):
            raise UnexpectedFigure(f"P1 has {balance} coins and {saved} g, not 20 and 3200.000")


def factor_body(factor: ShippedFactor) -> dict[str, Any]:
    """Return a shipped factor as the API takes it; what was not found has no grams."""
    figures = {"grams": factor.grams, "day_limit_grams": factor.day_limit_grams}
    return {
        "behaviour": factor.behaviour,
        "version": "2026-1",
        "effective_from": IN_FORCE,
        "unit": factor.unit,
        "method": factor.method,
        "source": factor.source,
        **{name: value for name, value in figures.items() if value is not None},
    }
