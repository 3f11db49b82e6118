"""Messages for the codes of consequences."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit_scoring.consequence_scheme_unknown": (
        "没有此评价办法,或该办法未启用",
        "There is no such scheme that can be rated",
    ),
    "credit_scoring.consequence_grade_unknown": (
        "该评价办法没有此等级",
        "The scheme has no such grade",
    ),
    "credit_scoring.consequence_region_unfit": ("地区代码不合规", "The region's code does not fit"),
    "credit_scoring.working_days_unknown": (
        "该年度的工作日尚未公布",
        "The working days of that year are not published yet",
    ),
    "credit_scoring.rule_set_missing": (
        "该日没有生效的规则集",
        "No rule set is in force on that day",
    ),
}
