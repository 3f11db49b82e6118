"""Messages for the codes of runs and snapshots."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit.run_recorded": ("该批量评分已入账", "The run is recorded already"),
    "credit.run_unfit": ("批量评分结果不符合要求", "The run is not as expected"),
    "credit.run_rule_set_unfit": (
        "规则集与评价日施行的不符",
        "The rule set is not the one of the day",
    ),
    "credit.run_unknown": ("没有此次批量评分", "There is no such run"),
    "credit.run_for_review": (
        "该次批量评分仅供查看，不能作为快照",
        "The run is for review, and no snapshot can rest on it",
    ),
    "credit.run_ahead": ("评价日或知悉时间尚未到来", "A run is about what has passed"),
    "credit.run_empty": ("没有可评分的主体", "There is nobody to score"),
    "credit.snapshot_unknown": ("没有此评分快照", "There is no such snapshot"),
    "credit.snapshot_replaced": ("该快照已被更正", "The snapshot was replaced already"),
    "credit.snapshot_unfit": ("快照的有效期不符合要求", "The days of the snapshot do not fit"),
    "credit.snapshot_overlaps": (
        "与同一用途的另一快照有效期重叠",
        "Another snapshot for the purpose counts on one of these days",
    ),
}
