"""Messages for the codes of the rights of a subject."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit.fact_erased": (
        "该记录已到期删除",
        "The fact's content was erased when its period was over",
    ),
    "credit.review_unknown": ("没有此待处理复核", "There is no such open review"),
    "credit.review_subject_only": (
        "仅结果所涉主体可申请人工复核",
        "Only the subject itself may ask for a review",
    ),
    "credit.review_open": ("已有复核尚在处理", "A review of the subject is open"),
    "credit.review_day_unfit": (
        "复核所涉日期不符",
        "The day of the result is ahead or too long ago",
    ),
    "credit.review_outcome_unfit": (
        "复核结论须指向事实、撤销、修复或已采用的规则集",
        "The outcome does not point at what it says",
    ),
    "credit.reviewer_involved": (
        "复核人不得为该记录的报送人",
        "Who recorded a fact may not review it",
    ),
    "credit.overdue_unfit": (
        "所列事项未逾期或已登记",
        "What is named is not open, not overdue, or noted already",
    ),
    "credit.notices_count_unfit": ("通知数量不符", "Too few or too many notices"),
    "credit.correction_not_made": ("该记录未作此更正", "The fact was not corrected in this way"),
    "credit.recipient_unfit": ("接收方须为银行", "A recipient is no bank"),
    "credit.notice_raised": ("已就此更正发出通知", "The recipient was told of this correction"),
    "credit.notice_unknown": ("没有此更正通知", "There is no such notice"),
    "credit.notice_acknowledged": ("该通知已确认", "The notice was acknowledged already"),
    "credit.nothing_to_tell": (
        "没有受此更正影响且未通知的查询结果",
        "No answer is changed by the correction whose recipient was not told",
    ),
    "credit.erasure_count_unfit": ("删除条数不符", "Too few or too many facts to erase"),
    "credit.erasure_not_due": ("该记录保存期限未满", "The fact's legal period is not over"),
    "credit.erasure_held": (
        "存在异议、复核或法定保存要求,暂不删除",
        "An objection, a review or a law holds the erasure up",
    ),
}
