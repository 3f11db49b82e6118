"""Why a command of the supervision is refused."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of the supervision, by descending precedence."""

    CASE_NUMBER_UNFIT = "supervision.case_number_unfit"
    SUBJECTS_UNFIT = "supervision.subjects_unfit"
    FINE_UNFIT = "supervision.fine_unfit"
    RULE_NOT_BY_DECISION = "supervision.rule_not_by_decision"
    CASE_DOUBLED = "supervision.case_doubled"
    DECISION_UNKNOWN = "supervision.decision_unknown"
    DECISION_ANNULLED = "supervision.decision_annulled"
    ORIGIN_RULES_UNFIT = "supervision.origin_rules_unfit"
    ORIGIN_TAKEN = "supervision.origin_taken"
    THRESHOLD_UNFIT = "supervision.threshold_unfit"
    ORIGIN_NOT_SET = "supervision.origin_not_set"
    YEAR_NOT_CLOSED = "supervision.year_not_closed"
    NOTHING_DUE = "supervision.nothing_due"
    REPORTS_COUNT_UNFIT = "supervision.reports_count_unfit"
    REPORT_DOUBLED = "supervision.report_doubled"
    REPORT_UNFIT = "supervision.report_unfit"
