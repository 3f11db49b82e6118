"""Messages for the codes of valuations of projects."""

MESSAGES: dict[str, tuple[str, str]] = {
    "gep.valuation_too_large": ("价值评估过大", "The valuation or its project is too large"),
    "gep.valuation_unfit": (
        "价值评估不完整或不自洽",
        "The valuation does not follow from its own years",
    ),
    "gep.valuation_hash_unfit": ("摘要与价值评估不符", "The hash is not that of the valuation"),
    "gep.project_unfit": ("项目资料与价值评估不符", "The project is not that of the valuation"),
    "gep.valuation_basis_unfit": (
        "价值评估与所依据的核算账不符",
        "The valuation does not fit the accounts that it rests on",
    ),
    "gep.valuation_doubled": ("该价值评估已提交", "The valuation was drafted already"),
    "gep.valuation_unknown": ("没有此价值评估", "There is no such valuation"),
    "gep.second_review_unfit": (
        "第二次复核须由另一单位人员承担",
        "A second review takes another party's person, once",
    ),
    "gep.second_review_awaited": (
        "大额评估须两名独立复核人",
        "A large valuation takes two independent reviewers",
    ),
    "gep.units_differ": (
        "有无项目两种情景的单位不一致",
        "With and without the project are in different units",
    ),
    "gep.beyond_the_contract": ("收益超过合同期限", "Income after the contract has ended"),
    "gep.flow_doubled": ("服务流量重复", "A flow of services stands twice"),
    "gep.too_many_doubted": ("有区间的数值过多", "Too many figures have a range"),
}
