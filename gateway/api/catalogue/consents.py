"""Messages for the codes of consents and queries."""

MESSAGES: dict[str, tuple[str, str]] = {
    "credit.consenter_unfit": (
        "仅企业、村集体与自然人可以授权查询",
        "Only an enterprise, a village or a person can consent to being read",
    ),
    "credit.grantee_unfit": ("仅银行可以获得授权", "Only a bank can be given a consent"),
    "credit.scope_unfit": (
        "查询范围须至少一项且不重复",
        "The scope must name at least one part, each once",
    ),
    "credit.digest_unfit": ("摘要或版本格式不正确", "A digest or a version is malformed"),
    "credit.consent_period_unfit": (
        "授权期限不符:起止日期颠倒、已过期或超过最长期限",
        "The consent's days are out of order, past, or more than the longest period",
    ),
    "credit.consents_too_many": (
        "对该银行该用途的授权过多",
        "Too many consents to this bank for this purpose are not over",
    ),
    "credit.consent_overlaps": (
        "与已有授权期限重叠",
        "The days overlap those of another consent to this bank for this purpose",
    ),
    "credit.consent_unknown": ("没有此授权", "There is no such consent"),
    "credit.consent_over": ("该授权已终止", "The consent is over already"),
    "credit.query_ahead": (
        "不得查询未来的信用",
        "Nothing can be asked about a day or an instant to come",
    ),
    "credit.query_not_tried": (
        "查询不可试行,每次查询均须留痕",
        "A query cannot be tried: every one is logged",
    ),
    "credit.consent_other_scope": (
        "查询内容超出授权范围",
        "The consent does not cover what was asked for",
    ),
    "credit.consent_not_yet": ("授权尚未生效", "The consent has not begun"),
    "credit.consent_revoked": ("授权已被撤回", "The consent was revoked"),
    "credit.consent_expired": ("授权已到期", "The consent has expired"),
    "credit.consent_other_purpose": (
        "授权用途不符",
        "The subject consented to another purpose only",
    ),
    "credit.consent_absent": ("没有授权", "The subject has not consented"),
}
