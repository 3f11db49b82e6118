"""Operations on green coins, carbon accounts, their sources and slips."""

import hashlib
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from credit_scoring.rewards import commands
from credit_scoring.rewards.commands import Reward
from gateway.api.problems import Problem
from gateway.api.schemas.base import (
    Day,
    DecimalText,
    Identifier,
    InstrumentCode,
    Number,
    Operation,
    Reference,
    Units,
    normal,
    ordinal,
    whole,
)

THOUSANDTH = Decimal("0.001")
MICROGRAM = Decimal("0.000001")
ONE = Decimal(1)
Coin = Annotated[InstrumentCode, Field(examples=["GREEN-COIN"])]
ActName = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,48}$", examples=["sorted_waste"])]
Behaviour = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,48}$", examples=["bus_ride"])]
Version = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,32}$", examples=["2026-1"])]
Coins = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,17})$", examples=["2"])]
SourceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$", examples=["VILLAGE-TEAM"])]
OwnReference = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9_.:/-]{1,64}$", examples=["bag-20260410-0001"])
]
Words = Annotated[str, Field(min_length=1, max_length=200, examples=["LZ24"])]
ShortWords = Annotated[str, Field(min_length=1, max_length=48, examples=["ride"])]
Key = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$", examples=["5d" * 32])]
Signature = Annotated[str, Field(pattern=r"^[0-9a-f]{128}$", examples=["5d" * 64])]
Activity = Annotated[DecimalText, Field(examples=["1.5"])]


class ActRule(BaseModel):
    """What one act of a kind earns, and the source of that figure."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    act: ActName
    coins: Annotated[int, Field(ge=1, le=commands.COINS_MOST, examples=[2])]
    source: Words


class OpenCoinScheme(Operation):
    """Make a coin known, with its issuer's accounts; needs four eyes, so it is proposed."""

    kind: Literal["open_coin_scheme"] = "open_coin_scheme"
    instrument: Coin
    issuer: Identifier

    def to_command(self, units: Units) -> commands.OpenCoinScheme:
        """Return the command."""
        del units
        return commands.OpenCoinScheme(instrument=self.instrument, issuer=self.issuer)


class SetCoinRules(Operation):
    """Put a version of a coin's rules in force from a day on; needs four eyes."""

    kind: Literal["set_coin_rules"] = "set_coin_rules"
    instrument: Coin
    version: Version
    effective_from: Day
    acts: Annotated[list[ActRule], Field(min_length=1, max_length=commands.ACTS_MAX)]
    day_max: Annotated[int, Field(ge=1, le=commands.COINS_MOST, examples=[10])]
    month_max: Annotated[int, Field(ge=1, le=commands.COINS_MOST, examples=[70])]
    expiry_months: Annotated[int, Field(ge=1, le=commands.MONTHS_MOST, examples=[24])]
    bill_max: Annotated[int, Field(ge=1, le=commands.COINS_MOST, examples=[10])]
    late_days: Annotated[int, Field(ge=0, le=commands.LATE_DAYS_MOST, examples=[30])]
    decision: Reference

    def to_command(self, units: Units) -> commands.SetCoinRules:
        """Return the command."""
        del units
        acts = [
            commands.ActRule(
                act=each.act, coins=each.coins, source=normal(each.source, field="source")
            )
            for each in self.acts
        ]
        return commands.SetCoinRules(
            instrument=self.instrument,
            version=self.version,
            effective_from=ordinal(self.effective_from, field="effective_from"),
            acts=acts,
            day_max=self.day_max,
            month_max=self.month_max,
            expiry_months=self.expiry_months,
            bill_max=self.bill_max,
            late_days=self.late_days,
            decision=self.decision,
        )


class IssueCoins(Operation):
    """Let the issuer give out more coins, by a decision; needs four eyes."""

    kind: Literal["issue_coins"] = "issue_coins"
    instrument: Coin
    coins: Coins
    decision: Reference

    def to_command(self, units: Units) -> commands.IssueCoins:
        """Return the command."""
        del units
        return commands.IssueCoins(
            instrument=self.instrument, coins=int(self.coins), decision=self.decision
        )


class OpenCoinAccount(Operation):
    """Open a party's account for a coin; each party has one."""

    kind: Literal["open_coin_account"] = "open_coin_account"
    instrument: Coin
    party: Identifier

    def to_command(self, units: Units) -> commands.OpenCoinAccount:
        """Return the command."""
        del units
        return commands.OpenCoinAccount(instrument=self.instrument, party=self.party)


class SetRewardSource(Operation):
    """Say which acts and behaviours a party may report, and its key for slips; needs four eyes."""

    kind: Literal["set_reward_source"] = "set_reward_source"
    source: SourceName
    party: Identifier
    acts: Annotated[list[ActName], Field(max_length=commands.ACTS_MAX)]
    behaviours: Annotated[list[Behaviour], Field(max_length=commands.ACTS_MAX)]
    public_key: Key = ""

    def to_command(self, units: Units) -> commands.SetRewardSource:
        """Return the command."""
        del units
        return commands.SetRewardSource(
            source=self.source,
            party=self.party,
            acts=list(self.acts),
            behaviours=list(self.behaviours),
            public_key=self.public_key,
        )


class SetCoinMerchant(Operation):
    """Let a party take a coin on its bills, or end that."""

    kind: Literal["set_coin_merchant"] = "set_coin_merchant"
    instrument: Coin
    party: Identifier
    live: bool = True

    def to_command(self, units: Units) -> commands.SetCoinMerchant:
        """Return the command."""
        del units
        return commands.SetCoinMerchant(
            instrument=self.instrument, party=self.party, live=self.live
        )


class EarnCoins(Operation):
    """Report acts of a holder; the answer says what a cap cut."""

    kind: Literal["earn_coins"] = "earn_coins"
    source: SourceName
    reference: OwnReference
    account: Number
    act: ActName
    quantity: Annotated[int, Field(ge=1, le=commands.QUANTITY_OF_ACT_MAX)] = 1
    day: Day

    def to_command(self, units: Units) -> commands.EarnCoins:
        """Return the command."""
        del units
        return commands.EarnCoins(
            source=self.source,
            reference=self.reference,
            account=int(self.account),
            act=self.act,
            quantity=self.quantity,
            day=ordinal(self.day, field="day"),
        )


class RedeemCoins(Operation):
    """Pay coins on a merchant's bill: the holder's own, or proposed by the merchant.

    The same bill with the same coins again changes nothing. The ledger keeps the bill's number as
    a digest only.
    """

    kind: Literal["redeem_coins"] = "redeem_coins"
    account: Number
    merchant: Number
    bill: Annotated[str, Field(min_length=1, max_length=64, examples=["2026/0077"])]
    coins: Coins

    def to_command(self, units: Units) -> commands.RedeemCoins:
        """Digest the bill's number."""
        del units
        return commands.RedeemCoins(
            account=int(self.account),
            merchant=int(self.merchant),
            bill=bill_digest(self.merchant, normal(self.bill, field="bill")),
            coins=int(self.coins),
        )


def bill_digest(merchant: str, bill: str) -> str:
    """Return the SHA-256 by which the ledger knows a merchant's bill."""
    try:
        text = f"{merchant}|{bill}".encode()
    except UnicodeEncodeError as error:
        raise Problem(status=422, code="request.text_invalid", field="bill") from error
    return hashlib.sha256(text).hexdigest()


class _Revocation(Operation):
    source: SourceName
    reference: OwnReference
    reason: Reference


class RevokeCoins(_Revocation):
    """Take a revoked act's coins back: what is there, the rest as a claim on later earnings."""

    kind: Literal["revoke_coins"] = "revoke_coins"

    def to_command(self, units: Units) -> commands.RevokeCoins:
        """Return the command."""
        del units
        return commands.RevokeCoins(
            source=self.source, reference=self.reference, reason=self.reason
        )


class SettleMerchant(Operation):
    """Record that a merchant was paid for coins; they are cancelled."""

    kind: Literal["settle_merchant"] = "settle_merchant"
    merchant: Number
    coins: Coins
    reference: Reference

    def to_command(self, units: Units) -> commands.SettleMerchant:
        """Return the command."""
        del units
        return commands.SettleMerchant(
            merchant=int(self.merchant), coins=int(self.coins), reference=self.reference
        )


class GiveUpRewards(Operation):
    """Give up for good what one's own coin account holds, or a carbon account's reductions."""

    kind: Literal["give_up_rewards"] = "give_up_rewards"
    account: Number

    def to_command(self, units: Units) -> commands.GiveUpRewards:
        """Return the command."""
        del units
        return commands.GiveUpRewards(account=int(self.account))


class OpenCarbonAccount(Operation):
    """Open a party's carbon account; each party has one."""

    kind: Literal["open_carbon_account"] = "open_carbon_account"
    party: Identifier

    def to_command(self, units: Units) -> commands.OpenCarbonAccount:
        """Return the command."""
        del units
        return commands.OpenCarbonAccount(party=self.party)


class SetCarbonFactor(Operation):
    """Put a version of a behaviour's factor in force; needs four eyes.

    ``grams`` are of CO2 for one unit; without them no source names a figure, and nothing is
    credited.
    """

    kind: Literal["set_carbon_factor"] = "set_carbon_factor"
    behaviour: Behaviour
    version: Version
    effective_from: Day
    unit: ShortWords
    grams: Annotated[DecimalText, Field(examples=["80"])] | None = None
    day_limit_grams: Annotated[DecimalText, Field(examples=["296"])] | None = None
    late_days: Annotated[int, Field(ge=0, le=commands.LATE_DAYS_MOST)] = 30
    method: Words
    source: Words

    def to_command(self, units: Units) -> commands.SetCarbonFactor:
        """Read the grams as millionths, the limit as milligrams."""
        del units
        limit = self.day_limit_grams
        return commands.SetCarbonFactor(
            behaviour=self.behaviour,
            version=self.version,
            effective_from=ordinal(self.effective_from, field="effective_from"),
            unit=normal(self.unit, field="unit"),
            micrograms=(
                None if self.grams is None else whole(self.grams, step=MICROGRAM, field="grams")
            ),
            day_limit=(
                None if limit is None else whole(limit, step=THOUSANDTH, field="day_limit_grams")
            ),
            late_days=self.late_days,
            method=normal(self.method, field="method"),
            source=normal(self.source, field="source"),
        )


class CreditCarbon(Operation):
    """Report an activity: its reduction is credited by the factor of its day."""

    kind: Literal["credit_carbon"] = "credit_carbon"
    source: SourceName
    reference: OwnReference
    account: Number
    behaviour: Behaviour
    activity: Activity
    day: Day

    def to_command(self, units: Units) -> commands.CreditCarbon:
        """Read the activity as thousandths of its unit."""
        del units
        return commands.CreditCarbon(
            source=self.source,
            reference=self.reference,
            account=int(self.account),
            behaviour=self.behaviour,
            activity=whole(self.activity, step=THOUSANDTH, field="activity"),
            day=ordinal(self.day, field="day"),
        )


class RevokeCarbon(_Revocation):
    """Cancel the reduction of an activity that never was."""

    kind: Literal["revoke_carbon"] = "revoke_carbon"

    def to_command(self, units: Units) -> commands.RevokeCarbon:
        """Return the command."""
        del units
        return commands.RevokeCarbon(
            source=self.source, reference=self.reference, reason=self.reason
        )


class ReportEmissions(Operation):
    """Record what an enterprise or a public body emitted in a year; a later report corrects it."""

    kind: Literal["report_emissions"] = "report_emissions"
    account: Number
    year: Annotated[int, Field(ge=1990, le=2200, examples=[2025])]
    grams: Annotated[DecimalText, Field(examples=["320000000000"])]
    method: Words
    document: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["9a" * 32])]

    def to_command(self, units: Units) -> commands.ReportEmissions:
        """Return the command; ``document`` is the report's SHA-256."""
        del units
        return commands.ReportEmissions(
            account=int(self.account),
            year=self.year,
            grams=whole(self.grams, step=ONE, field="grams"),
            method=normal(self.method, field="method"),
            document=self.document,
        )


class PresentSlip(Operation):
    """Hand in a slip that a source signed without a connection; it counts once."""

    kind: Literal["present_slip"] = "present_slip"
    source: SourceName
    slip: OwnReference
    reward: Annotated[Reward, Field(strict=False)]
    account: Number
    act: ActName
    quantity: Annotated[DecimalText, Field(examples=["1"])]
    day: Day
    signature: Signature

    def to_command(self, units: Units) -> commands.PresentSlip:
        """Read the quantity as thousandths."""
        del units
        return commands.PresentSlip(
            source=self.source,
            slip=self.slip,
            reward=self.reward,
            account=int(self.account),
            act=self.act,
            quantity=whole(self.quantity, step=THOUSANDTH, field="quantity"),
            day=ordinal(self.day, field="day"),
            signature=self.signature,
        )


PATHS: tuple[tuple[str, type[Operation], str], ...] = (
    ("/coins/schemes", OpenCoinScheme, "Open a coin (needs a proposal)"),
    ("/coins/rules", SetCoinRules, "Set a coin's rules (needs a proposal)"),
    ("/coins/issues", IssueCoins, "Issue coins to the issuer (needs a proposal)"),
    ("/coins/accounts", OpenCoinAccount, "Open a coin account"),
    ("/coins/merchants", SetCoinMerchant, "Set a merchant"),
    ("/coins/acts", EarnCoins, "Report an act"),
    ("/coins/acts/revocations", RevokeCoins, "Revoke an act"),
    ("/coins/redemptions", RedeemCoins, "Redeem coins on a bill"),
    ("/coins/settlements", SettleMerchant, "Settle a merchant's coins"),
    ("/carbon/accounts", OpenCarbonAccount, "Open a carbon account"),
    ("/carbon/factors", SetCarbonFactor, "Set a carbon factor (needs a proposal)"),
    ("/carbon/credits", CreditCarbon, "Credit a reduction"),
    ("/carbon/credits/revocations", RevokeCarbon, "Revoke a reduction"),
    ("/carbon/emissions", ReportEmissions, "Report a year's emissions"),
    ("/rewards/sources", SetRewardSource, "Set a source of acts (needs a proposal)"),
    ("/rewards/slips", PresentSlip, "Hand in a signed slip"),
    ("/rewards/waivers", GiveUpRewards, "Give up what an account holds"),
)
