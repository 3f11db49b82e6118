"""Why a command about warnings is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of warnings and thresholds, by descending precedence."""

    THRESHOLD_UNFIT = "gep.threshold_unfit"
    ACCOUNT_NOT_COUNTING = "gep.account_not_counting"
    WARNING_DOUBLED = "gep.warning_doubled"
    NOT_COMPARABLE = "gep.not_comparable"
    THRESHOLD_NOT_CROSSED = "gep.threshold_not_crossed"
    WARNING_UNKNOWN = "gep.warning_unknown"
    WARNING_STATE_UNFIT = "gep.warning_state_unfit"
    WARNING_OWNER_ONLY = "gep.warning_owner_only"
    OWNER_UNFIT = "gep.owner_unfit"
    DEADLINE_UNFIT = "gep.deadline_unfit"
    CLOSER_IS_ANSWERER = "gep.closer_is_answerer"
    WORDS_UNFIT = "gep.words_unfit"
    ANSWER_ACCOUNT_UNFIT = "gep.answer_account_unfit"
