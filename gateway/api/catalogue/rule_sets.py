"""Messages for the codes of rule sets: why none is adopted, and what is wrong in a document."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit.rule_sets_too_many": ("规则集数量已达上限", "No more rule sets can be adopted"),
    "credit.challengers_too_many": (
        "挑战规则集数量已达上限",
        "No more challengers can be appointed",
    ),
    "credit.rule_set_too_large": ("规则集文件过大", "The rule set is too large"),
    "credit.rule_set_unfit": ("规则集不可采用", "The rule set cannot be adopted"),
    "credit.rule_set_hash_unfit": (
        "摘要与规则集不符",
        "The hash is not that of the rule set",
    ),
    "credit.rule_set_adopted": ("该版本已采用", "The version was adopted already"),
    "credit.challenger_appointed": ("该版本已是挑战规则集", "The version is a challenger already"),
    "credit.challenger_unknown": ("没有此挑战规则集", "There is no such challenger"),
    "credit.rule_set_day_taken": (
        "另一规则集同日施行",
        "Another rule set begins on that day",
    ),
    "credit.rule_set_day_past": (
        "施行日须晚于批准日",
        "A rule set begins after the day of its approval",
    ),
    "credit_scoring.rule_set_missing": (
        "没有已采用的规则集",
        "No adopted rule set has that version or is in force",
    ),
    "credit_scoring.caps_do_not_add_up": (
        "基准分与加分上限之和不等于指数上限",
        "Base and plus caps do not make the highest index",
    ),
    "credit_scoring.doubled_edge": ("等级界限重复", "A band has two edges"),
    "credit_scoring.doubled_id": ("标识重复", "A name is used twice"),
    "credit_scoring.grades_incomplete": ("等级不完整", "The grades do not reach the floor"),
    "credit_scoring.grades_out_of_order": ("等级次序不正确", "The grades are out of order"),
    "credit_scoring.key_missing": ("规则集缺少字段", "A rule set lacks a key"),
    "credit_scoring.knots_out_of_order": ("换算点次序不正确", "The knots are out of order"),
    "credit_scoring.out_of_range": ("规则集数值超出范围", "A value of a rule set is out of range"),
    "credit_scoring.scheme_incomplete": ("评价办法不完整", "A scheme that is on lacks a part"),
    "credit_scoring.sign_differs": ("分值正负与方向不符", "Points do not fit their direction"),
    "credit_scoring.test_row_on": ("测试规则不得启用", "A row for tests is on"),
    "credit_scoring.too_many": ("条数过多", "There are too many rows"),
    "credit_scoring.unknown_key": ("规则集有未知字段", "A rule set has a key that nobody reads"),
    "credit_scoring.unknown_source": ("法律依据未登记", "A legal source is not listed"),
    "credit_scoring.unknown_value": ("规则集有未知取值", "A value of a rule set is not known"),
    "credit_scoring.wrong_type": ("规则集类型不正确", "A value of a rule set has the wrong type"),
}
