"""Messages for the codes of the repayment card."""

MESSAGES: dict[str, tuple[str, str]] = {
    "card.feature_unknown": ("评分卡没有该变量", "The card has no such feature"),
    "card.feature_absent": (
        "缺少变量;未知的值请写 null",
        "A feature is not there; one that is not known is null",
    ),
    "card.loan_doubled": ("同一笔贷款出现两次", "The loan stands twice"),
    "card.value_unreadable": ("该值无法评分", "The value cannot be scored"),
}
