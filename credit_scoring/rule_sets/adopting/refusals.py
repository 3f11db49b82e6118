"""Why a rule set is not adopted."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of rule sets, by descending precedence."""

    RULE_SETS_TOO_MANY = "credit.rule_sets_too_many"
    CHALLENGERS_TOO_MANY = "credit.challengers_too_many"
    RULE_SET_TOO_LARGE = "credit.rule_set_too_large"
    RULE_SET_UNFIT = "credit.rule_set_unfit"
    RULE_SET_HASH_UNFIT = "credit.rule_set_hash_unfit"
    RULE_SET_ADOPTED = "credit.rule_set_adopted"
    CHALLENGER_APPOINTED = "credit.challenger_appointed"
    CHALLENGER_UNKNOWN = "credit.challenger_unknown"
    RULE_SET_DAY_TAKEN = "credit.rule_set_day_taken"
    RULE_SET_DAY_PAST = "credit.rule_set_day_past"
