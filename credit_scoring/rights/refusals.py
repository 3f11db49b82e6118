"""Why a command about the rights of a subject is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of the rights, by descending precedence."""

    REVIEW_UNKNOWN = "credit.review_unknown"
    REVIEW_NOT_OWN = "credit.review_subject_only"
    REVIEW_OPEN = "credit.review_open"
    REVIEW_DAY_UNFIT = "credit.review_day_unfit"
    REVIEW_OUTCOME_UNFIT = "credit.review_outcome_unfit"
    REVIEWER_INVOLVED = "credit.reviewer_involved"
    OVERDUE_UNFIT = "credit.overdue_unfit"
    NOTICES_COUNT_UNFIT = "credit.notices_count_unfit"
    CORRECTION_MISSING = "credit.correction_not_made"
    RECIPIENT_UNFIT = "credit.recipient_unfit"
    NOTICE_RAISED = "credit.notice_raised"
    NOTICE_UNKNOWN = "credit.notice_unknown"
    NOTICE_ACKNOWLEDGED = "credit.notice_acknowledged"
    ERASURE_COUNT_UNFIT = "credit.erasure_count_unfit"
    ERASURE_NOT_DUE = "credit.erasure_not_due"
    ERASURE_HELD = "credit.erasure_held"
