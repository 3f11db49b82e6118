"""Why a table of consequences is not adopted."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of consequences, by descending precedence."""

    TABLES_TOO_MANY = "credit.consequences_too_many"
    TABLE_TOO_LARGE = "credit.consequences_too_large"
    TABLE_UNFIT = "credit.consequences_unfit"
    RULES_MISSING = "credit.consequences_without_rules"
    TABLE_HASH_UNFIT = "credit.consequences_hash_unfit"
    TABLE_ADOPTED = "credit.consequences_adopted"
    TABLE_DAY_TAKEN = "credit.consequences_day_taken"
    TABLE_DAY_PAST = "credit.consequences_day_past"
