"""Messages for the codes of warnings and their thresholds."""

MESSAGES: dict[str, tuple[str, str]] = {
    "gep.threshold_unfit": ("阈值不符合要求", "The threshold does not fit"),
    "gep.account_not_counting": ("该核算账不是现行账", "The account does not count now"),
    "gep.warning_doubled": ("该预警已发出", "The warning was raised already"),
    "gep.not_comparable": ("两年核算账不可比", "The two accounts do not compare"),
    "gep.threshold_not_crossed": ("未超过阈值", "The account does not cross the threshold"),
    "gep.warning_unknown": ("没有此预警", "There is no such warning"),
    "gep.warning_state_unfit": ("预警状态不符", "The warning stands elsewhere in its course"),
    "gep.warning_owner_only": ("仅责任人可以答复", "Only its owner answers a warning"),
    "gep.owner_unfit": ("责任人不符", "The owner is no live key of the party"),
    "gep.deadline_unfit": ("期限不符", "The deadline is past or too far ahead"),
    "gep.closer_is_answerer": (
        "答复人不得销号",
        "Whoever answered a warning does not close it",
    ),
    "gep.words_unfit": ("说明过长或缺失", "The reason is too long, or missing"),
    "gep.answer_account_unfit": (
        "所引核算账不属于同一区域和年份",
        "The account is no other one of the warning's area and year",
    ),
}
