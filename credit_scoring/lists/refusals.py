"""Why a command about lists is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of the lists, by descending precedence."""

    LIST_UNKNOWN = "credit.list_unknown"
    LIST_EXISTS = "credit.list_exists"
    LIST_UNFIT = "credit.list_unfit"
    LISTING_OF_OTHER_KIND = "credit.listing_of_other_kind"
    LISTING_FACT_UNFIT = "credit.listing_fact_unfit"
    LISTING_PERIOD_UNFIT = "credit.listing_period_unfit"
    LISTED = "credit.listed"
    NOT_LISTED = "credit.not_listed"
