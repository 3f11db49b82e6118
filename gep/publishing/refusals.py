"""Why a command about accounts or valuations is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of accounts, valuations and citations, by descending precedence."""

    ACCOUNT_TOO_LARGE = "gep.account_too_large"
    ACCOUNT_UNFIT = "gep.account_unfit"
    ACCOUNT_HASH_UNFIT = "gep.account_hash_unfit"
    PLAN_UNFIT = "gep.plan_unfit"
    VALUATION_TOO_LARGE = "gep.valuation_too_large"
    VALUATION_UNFIT = "gep.valuation_unfit"
    VALUATION_HASH_UNFIT = "gep.valuation_hash_unfit"
    PROJECT_UNFIT = "gep.project_unfit"
    VALUATION_BASIS_UNFIT = "gep.valuation_basis_unfit"
    ACCOUNT_DOUBLED = "gep.account_doubled"
    ACCOUNT_UNKNOWN = "gep.account_unknown"
    VALUATION_DOUBLED = "gep.valuation_doubled"
    VALUATION_UNKNOWN = "gep.valuation_unknown"
    SUPERSEDED_UNFIT = "gep.superseded_unfit"
    STATUS_UNFIT = "gep.status_unfit"
    SAME_PERSON = "gep.same_person"
    SECOND_REVIEW_UNFIT = "gep.second_review_unfit"
    SECOND_REVIEW_AWAITED = "gep.second_review_awaited"
    NOTE_UNFIT = "gep.note_unfit"
    NOT_THE_SUPERSEDED = "gep.not_the_superseded"
    CITATION_DOUBLED = "gep.citation_doubled"
    CITATION_UNKNOWN = "gep.citation_unknown"
    CITATION_ENDED = "gep.citation_ended"
    NOTHING_TO_REVIEW = "gep.nothing_to_review"
    REFERENCE_UNFIT = "gep.reference_unfit"
