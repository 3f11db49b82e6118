"""Why the rewards refuse, by descending precedence."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of coins and carbon accounts."""

    TERMS_UNFIT = "rewards.terms_unfit"
    VERSION_EXISTS = "rewards.version_exists"
    NOT_AHEAD = "rewards.not_ahead"
    SCHEME_UNKNOWN = "rewards.scheme_unknown"
    ACCOUNT_UNFIT = "rewards.account_unfit"
    ACCOUNT_EXISTS = "rewards.account_exists"
    SOURCE_UNKNOWN = "rewards.source_unknown"
    NOT_THE_OWNER = "rewards.not_the_owner"
    SIGNATURE_UNFIT = "rewards.signature_unfit"
    ACT_UNKNOWN = "rewards.act_unknown"
    RULES_NOT_SET = "rewards.rules_not_set"
    FACTOR_EMPTY = "rewards.factor_empty"
    DAY_UNFIT = "rewards.day_unfit"
    QUANTITY_UNFIT = "rewards.quantity_unfit"
    ACT_TWICE = "rewards.act_twice"
    ACTS_TOO_MANY = "rewards.acts_too_many"
    BUDGET_TOO_SMALL = "rewards.budget_too_small"
    MERCHANT_UNKNOWN = "rewards.merchant_unknown"
    AGREEMENT_REQUIRED = "rewards.agreement_required"
    BILL_TAKEN = "rewards.bill_taken"
    ABOVE_BILL_MAX = "rewards.above_bill_max"
    COINS_TOO_FEW = "rewards.coins_too_few"
    REFERENCE_UNKNOWN = "rewards.reference_unknown"
