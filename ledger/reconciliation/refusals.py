"""Why a command of the reconciliation is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of the reconciliation, by descending precedence."""

    TERMS_UNFIT = "reconciliation.terms_unfit"
    TERMS_UNKNOWN = "reconciliation.terms_unknown"
    NOT_THE_OWNER = "reconciliation.not_the_owner"
    DAY_AHEAD = "reconciliation.day_ahead"
    COUNTS_UNFIT = "reconciliation.counts_unfit"
    DAY_RECORDED = "reconciliation.day_recorded"
    NOTHING_TO_SUPERSEDE = "reconciliation.nothing_to_supersede"
    CHANGED_MEANWHILE = "reconciliation.changed_meanwhile"
    TASK_UNKNOWN = "reconciliation.task_unknown"
    TASK_STATE_UNFIT = "reconciliation.task_state_unfit"
    ASSIGNEE_UNFIT = "reconciliation.assignee_unfit"
    ASSIGNEE_ONLY = "reconciliation.assignee_only"
