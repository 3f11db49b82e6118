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
    "credit.consequences_too_many": ("已采用的措施表过多", "There are too many adopted tables"),
    "credit.consequences_too_large": ("措施表过大", "The table of consequences is too large"),
    "credit.consequences_unfit": (
        "措施表有误,未作任何更改",
        "The table of consequences cannot be read; nothing was changed",
    ),
    "credit.consequences_without_rules": (
        "措施表生效之日没有生效的规则集",
        "No rule set is in force on the table's first day",
    ),
    "credit.consequences_hash_unfit": (
        "摘要与措施表不符",
        "The digest is not that of the table",
    ),
    "credit.consequences_adopted": ("该版本已采用", "A table of that version is adopted already"),
    "credit.consequences_day_taken": (
        "另一措施表在同日生效",
        "Another table begins on that day",
    ),
    "credit.consequences_day_past": (
        "生效日期须在今日之后",
        "The first day must lie after today",
    ),
    "credit.consequences_missing": (
        "该日没有生效的措施表",
        "No table of consequences is in force on that day, or has that version",
    ),
    "credit_scoring.scheme_unknown": ("规则集没有此评价办法", "The rule set has no such scheme"),
    "credit_scoring.scheme_off": (
        "该评价办法未启用,缺少官方附件",
        "The scheme is off: a piece of it is missing",
    ),
    "credit_scoring.native_input_refused": (
        "指标与评价办法不符",
        "These are not the figures that the scheme takes",
    ),
    "credit_scoring.rule_set_missing": (
        "该日没有生效的规则集",
        "No rule set is in force on that day",
    ),
}
