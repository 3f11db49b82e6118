"""What can happen to coins and carbon accounts; the folds are in ``folds``.

Value itself moves by the ledger's ``moved``: an effect here says what the movement beside it was,
and which lots it took.
"""

import msgspec

from credit_scoring.rewards.commands import ActRule
from ledger.effects import Effect


class LotTaken(msgspec.Struct, frozen=True, kw_only=True):
    """So many coins left the lot that an act made."""

    act: int
    coins: int


class CoinSchemeOpened(Effect, frozen=True, kw_only=True, tag="coin_scheme_opened"):
    """A coin exists; these are its issuer's accounts."""

    instrument: str
    issuer: str
    issuer_account: int
    expired_account: int
    clawback_account: int


class CoinRulesSet(Effect, frozen=True, kw_only=True, tag="coin_rules_set"):
    """A version of a coin's rules holds from a day on."""

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


class CoinsIssued(Effect, frozen=True, kw_only=True, tag="coins_issued"):
    """The issuer may give out so many coins more."""

    instrument: str
    coins: int
    decision: str


class CoinHolderOpened(Effect, frozen=True, kw_only=True, tag="coin_holder_opened"):
    """An account holds a party's coins."""

    instrument: str
    account: int


class CoinMerchantSet(Effect, frozen=True, kw_only=True, tag="coin_merchant_set"):
    """A merchant's account takes coins, or takes them no more."""

    instrument: str
    account: int
    live: bool


class RewardSourceSet(Effect, frozen=True, kw_only=True, tag="reward_source_set"):
    """A party may report these acts and behaviours from here on."""

    source: str
    party: str
    acts: list[str]
    behaviours: list[str]
    public_key: str


class CoinsEarned(Effect, frozen=True, kw_only=True, tag="coins_earned"):
    """An act was counted: ``coins`` came in, ``cut`` fell to a cap, ``repaid`` paid a claim."""

    act: int
    account: int
    source: str
    reference: str
    behaviour: str
    quantity: int
    day: int
    expires: int
    coins: int
    cut: int
    repaid: int
    rules: str


class CoinsRedeemed(Effect, frozen=True, kw_only=True, tag="coins_redeemed"):
    """Coins paid a merchant's bill, out of these lots."""

    bill: int
    account: int
    merchant: int
    digest: str
    coins: int
    lots: list[LotTaken]
    day: int


class CoinsClawedBack(Effect, frozen=True, kw_only=True, tag="coins_clawed_back"):
    """An act was revoked: these lots went back, ``owed`` coins are a claim from here on."""

    act: int
    source: str
    reference: str
    account: int
    lots: list[LotTaken]
    owed: int
    reason: str
    actor: str


class CoinsExpired(Effect, frozen=True, kw_only=True, tag="coins_expired"):
    """These lots had expired before this entry touched their holder's account."""

    account: int
    lots: list[LotTaken]


class MerchantSettled(Effect, frozen=True, kw_only=True, tag="merchant_settled"):
    """A merchant was paid for coins; they are no more."""

    merchant: int
    coins: int
    reference: str


class CoinsGivenUp(Effect, frozen=True, kw_only=True, tag="coins_given_up"):
    """A holder gave these lots up."""

    account: int
    lots: list[LotTaken]


class CarbonAccountOpened(Effect, frozen=True, kw_only=True, tag="carbon_account_opened"):
    """An account keeps what a party saved or emitted."""

    account: int


class CarbonFactorSet(Effect, frozen=True, kw_only=True, tag="carbon_factor_set"):
    """A version of a behaviour's factor holds from a day on."""

    behaviour: str
    version: str
    effective_from: int
    unit: str
    micrograms: int | None
    day_limit: int | None
    late_days: int
    method: str
    source: str


class CarbonCredited(Effect, frozen=True, kw_only=True, tag="carbon_credited"):
    """An activity's reduction was credited; ``cut`` milligrams lie beyond the day's limit."""

    credit: int
    account: int
    source: str
    reference: str
    behaviour: str
    version: str
    activity: int
    day: int
    leaves: int
    milligrams: int
    cut: int


class CarbonRevoked(Effect, frozen=True, kw_only=True, tag="carbon_revoked"):
    """A reduction never was; what is left of it was cancelled."""

    credit: int
    source: str
    reference: str
    cancelled: int
    reason: str
    actor: str


class EmissionsReported(Effect, frozen=True, kw_only=True, tag="emissions_reported"):
    """What was emitted in a year is this, whatever was reported before."""

    account: int
    year: int
    grams: int
    method: str
    document: str
    actor: str
