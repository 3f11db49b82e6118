"""What can be asked of coins and carbon accounts, as plain data.

Days are ordinals in Beijing time. Coins are whole; an activity is in thousandths of its unit,
a factor in millionths of a gram, a reduction in milligrams, an emission in grams. A bill is the
SHA-256 of the merchant's number of it, so that no receipt stands in the ledger.
"""

from enum import StrEnum

import msgspec

from ledger.commands import Command

ACTS_MAX = 200
COINS_MOST = 1_000
MONTHS_MOST = 60
LATE_DAYS_MOST = 366
ACTS_OF_DAY_MAX = 20
QUANTITY_OF_ACT_MAX = 1_000
ACTIVITY_MAX = 10**12
MICROGRAMS_MAX = 10**15
LOTS_PER_COMMAND_MAX = 2_000


class Reward(StrEnum):
    """What an act or a slip gives."""

    COINS = "coins"
    CARBON = "carbon"


class ActRule(msgspec.Struct, frozen=True, kw_only=True):
    """What one act of a kind earns, and who says so."""

    act: str
    coins: int
    source: str


class OpenCoinScheme(Command, frozen=True, kw_only=True, tag="open_coin_scheme"):
    """Make a coin known, with its issuer's accounts (生态绿币)."""

    instrument: str
    issuer: str


class SetCoinRules(Command, frozen=True, kw_only=True, tag="set_coin_rules"):
    """Put a version of a coin's rules in force from a day on; a version never changes."""

    instrument: str
    version: str
    effective_from: int
    acts: list[ActRule]
    day_max: int
    month_max: int
    expiry_months: int
    bill_max: int
    late_days: int
    decision: str


class IssueCoins(Command, frozen=True, kw_only=True, tag="issue_coins"):
    """Let the issuer give out so many coins more, by a decision on its budget."""

    instrument: str
    coins: int
    decision: str


class OpenCoinAccount(Command, frozen=True, kw_only=True, tag="open_coin_account"):
    """Open a party's account for a coin; each party has one."""

    instrument: str
    party: str


class SetRewardSource(Command, frozen=True, kw_only=True, tag="set_reward_source"):
    """Say which acts and behaviours a party may report, and with which key it signs slips.

    ``public_key`` is an Ed25519 key as 64 hexadecimal digits, "" for none. Without acts and
    behaviours the source may report nothing any more.
    """

    source: str
    party: str
    acts: list[str]
    behaviours: list[str]
    public_key: str


class SetCoinMerchant(Command, frozen=True, kw_only=True, tag="set_coin_merchant"):
    """Let a party redeem a coin (绿色联盟), or end that."""

    instrument: str
    party: str
    live: bool


class EarnCoins(Command, frozen=True, kw_only=True, tag="earn_coins"):
    """A source reports acts of a holder; ``reference`` is the source's own and counts once."""

    source: str
    reference: str
    account: int
    act: str
    quantity: int
    day: int


class RedeemCoins(Command, frozen=True, kw_only=True, tag="redeem_coins"):
    """Pay coins on a merchant's bill; the holder asks, or approves what the merchant proposes."""

    account: int
    merchant: int
    bill: str
    coins: int


class RevokeCoins(Command, frozen=True, kw_only=True, tag="revoke_coins"):
    """An act never was: take its coins back."""

    source: str
    reference: str
    reason: str


class SettleMerchant(Command, frozen=True, kw_only=True, tag="settle_merchant"):
    """The merchant was paid for coins that it took; they are cancelled."""

    merchant: int
    coins: int
    reference: str


class GiveUpRewards(Command, frozen=True, kw_only=True, tag="give_up_rewards"):
    """A holder gives up what an account holds, for good."""

    account: int


class OpenCarbonAccount(Command, frozen=True, kw_only=True, tag="open_carbon_account"):
    """Open a party's carbon account (碳账户); each party has one."""

    party: str


class SetCarbonFactor(Command, frozen=True, kw_only=True, tag="set_carbon_factor"):
    """Put a version of a behaviour's factor in force from a day on; a version never changes.

    ``micrograms`` is ``None`` where no source names a figure: such a behaviour earns nothing.
    """

    behaviour: str
    version: str
    effective_from: int
    unit: str
    micrograms: int | None
    day_limit: int | None
    late_days: int
    method: str
    source: str


class CreditCarbon(Command, frozen=True, kw_only=True, tag="credit_carbon"):
    """A source reports an activity; its reduction is credited by the factor of its day."""

    source: str
    reference: str
    account: int
    behaviour: str
    activity: int
    day: int


class RevokeCarbon(Command, frozen=True, kw_only=True, tag="revoke_carbon"):
    """An activity never was: cancel its reduction."""

    source: str
    reference: str
    reason: str


class ReportEmissions(Command, frozen=True, kw_only=True, tag="report_emissions"):
    """Record what an enterprise or a public body emitted in a year; a later report corrects it."""

    account: int
    year: int
    grams: int
    method: str
    document: str


class PresentSlip(Command, frozen=True, kw_only=True, tag="present_slip"):
    """Hand a slip in that a source signed without a connection; it counts once.

    ``quantity`` is in thousandths, of acts as of activities. ``signature`` is Ed25519 over
    ``slips.message``, as 128 hexadecimal digits.
    """

    source: str
    slip: str
    reward: Reward
    account: int
    act: str
    quantity: int
    day: int
    signature: str
