"""Messages for the codes of coins and carbon accounts."""

MESSAGES: dict[str, tuple[str, str]] = {
    "rewards.terms_unfit": ("规则数值不合规", "The terms are out of bounds"),
    "rewards.version_exists": (
        "该版本或名称已存在,版本一经生效不得更改",
        "The version or name exists already, and a version never changes",
    ),
    "rewards.not_ahead": (
        "新版本须在既有版本之后生效,且不得早于今日",
        "A new version takes effect after every earlier one, and not in the past",
    ),
    "rewards.scheme_unknown": ("没有此绿币", "There is no such coin"),
    "rewards.account_unfit": ("账户不适用", "The account is closed or of another kind"),
    "rewards.account_exists": ("该主体已有此类账户", "The party has such an account already"),
    "rewards.source_unknown": ("没有此积分来源", "There is no such source of acts"),
    "rewards.not_the_owner": ("非本主体的积分来源", "The source belongs to another party"),
    "rewards.signature_unfit": (
        "凭条签名无效",
        "The slip is not signed as it stands by the source's key",
    ),
    "rewards.act_unknown": (
        "该行为未列入规则,或来源无权申报",
        "The rules do not know the act, or the source may not report it",
    ),
    "rewards.rules_not_set": ("该日尚无规则或因子", "No rules or factor hold on that day"),
    "rewards.factor_empty": (
        "该行为尚无有来源的减排因子",
        "No source names a figure for this behaviour",
    ),
    "rewards.day_unfit": ("行为日期在未来或已过申报期", "The day lies ahead or is too long ago"),
    "rewards.quantity_unfit": ("次数或活动量不合规", "The quantity is out of bounds"),
    "rewards.act_twice": ("该凭据已计入", "This reference was counted already"),
    "rewards.acts_too_many": ("当日申报次数过多", "The day has too many acts"),
    "rewards.budget_too_small": ("绿币发行额度不足", "The issuer's budget of coins is too small"),
    "rewards.merchant_unknown": ("没有此商户", "There is no such live merchant of this coin"),
    "rewards.agreement_required": ("须经持有人同意", "The holder must agree"),
    "rewards.bill_taken": ("该账单已用于另一笔核销", "The bill was paid otherwise already"),
    "rewards.above_bill_max": ("超过单笔账单上限", "A bill takes fewer coins"),
    "rewards.coins_too_few": ("绿币不足", "There are too few coins"),
    "rewards.reference_unknown": (
        "没有可撤销的记录",
        "No act of this reference can still be revoked",
    ),
}
