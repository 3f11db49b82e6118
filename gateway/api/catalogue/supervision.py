"""Messages for the codes of the supervision."""

MESSAGES: dict[str, tuple[str, str]] = {
    "supervision.case_number_unfit": ("案号格式不正确", "The case number is malformed"),
    "supervision.subjects_unfit": ("当事人名单不符", "The list of subjects does not fit"),
    "supervision.fine_unfit": ("罚款金额须大于零", "A fine must be more than nothing"),
    "supervision.rule_not_by_decision": (
        "该机关的决定不产生此规则的记录",
        "No fact under this rule follows from decisions of this authority",
    ),
    "supervision.case_doubled": (
        "该机关已有此案号的决定",
        "The authority has a decision with this case number",
    ),
    "supervision.decision_unknown": ("没有此决定", "There is no such decision"),
    "supervision.decision_annulled": ("该决定已撤销", "The decision was annulled already"),
    "supervision.origin_rules_unfit": (
        "来源的规则数量或类别不符",
        "The rules of the origin are too many, doubled, or of persons",
    ),
    "supervision.origin_taken": (
        "该来源已由另一部门报送",
        "The origin has another department already",
    ),
    "supervision.threshold_unfit": ("下降幅度超出范围", "The threshold is out of range"),
    "supervision.origin_not_set": (
        "尚未规定该来源产生何种记录",
        "Nothing follows from this origin yet",
    ),
    "supervision.year_not_closed": (
        "该年度尚未首次结清,或结清时尚无规定",
        "The year was not closed since something follows from it",
    ),
    "supervision.nothing_due": ("该年度记录均已报送", "The facts of this year are all recorded"),
    "supervision.reports_count_unfit": ("报告条数不符", "Too few or too many reports"),
    "supervision.report_doubled": (
        "该主体当年报告已有结果",
        "The party's report of the year has a result",
    ),
    "supervision.report_unfit": ("报告数据不符", "What is said of the report does not fit"),
}
