"""Why a run is not recorded, or does not become a snapshot."""

from enum import StrEnum


class Reject(StrEnum):
    """Refusals of runs and snapshots, by descending precedence."""

    RUN_RECORDED = "credit.run_recorded"
    RUN_UNFIT = "credit.run_unfit"
    RUN_RULE_SET_UNFIT = "credit.run_rule_set_unfit"
    RUN_UNKNOWN = "credit.run_unknown"
    RUN_FOR_REVIEW = "credit.run_for_review"
    SNAPSHOT_UNKNOWN = "credit.snapshot_unknown"
    SNAPSHOT_REPLACED = "credit.snapshot_replaced"
    SNAPSHOT_UNFIT = "credit.snapshot_unfit"
    SNAPSHOT_OVERLAPS = "credit.snapshot_overlaps"
