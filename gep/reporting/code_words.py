"""What codes say to people, as sentences: warnings, breaks of a comparison, marks of figures."""

from collections.abc import Mapping

from gep.accounts.account import WarningCode
from gep.accounts.comparing import Break
from gep.registry.edition import Mark
from gep.reporting.words import Pair

WARNINGS: Mapping[WarningCode, Pair] = {
    WarningCode.UNCHECKED_PARAMETERS: (
        "下列参数已知其出处，但未与原文核对：{place}。",
        "These parameters are known but were not read again in their documents: {place}.",
    ),
    WarningCode.EDITION_UNCHECKED: (
        "核算规范 {place} 的内容未与原文核对。",
        "The content of {place} was not read again in its document.",
    ),
    WarningCode.EDITION_NOT_IN_FORCE: (
        "核算规范 {place} 已被替代或尚未施行。",
        "{place} has been replaced, or is a draft.",
    ),
    WarningCode.INDICATORS_UNKNOWN: (
        "未取得 {place} 的指标清单，因此无从判断有无缺项。",
        "The list of lines of {place} was not obtained, so nothing can be said to be missing.",
    ),
    WarningCode.MANDATORY_MISSING: (
        "缺少规范要求必算的指标 {place}。",
        "A line that the edition makes mandatory is missing: {place}.",
    ),
    WarningCode.SERVICE_DOMINATES: (
        "单项服务 {place} 占总值 {share}，总值随其数量与单价大幅变动。",
        "One service, {place}, is {share} of the total, which moves with it.",
    ),
    WarningCode.CLIPPED: (
        "{place}：部分地块降水少于径流与蒸散，按零计，未计入 {figure}，属数据问题。",
        (
            "{place}: some rows evaporate more than they get; {figure} was counted as 0, an error"
            " of the data."
        ),
    ),
    WarningCode.EMISSION_UNKNOWN: (
        "{place}：净化量按能力计，未与排放量比较，可能偏高。",
        "{place}: purified at capacity, not compared with what was emitted; it may be too much.",
    ),
    WarningCode.PRICE_YEAR_DIFFERS: (
        "{place} 为 {figure} 年价格，未折算到核算年。",
        "{place} is a price of {figure}, not brought to the account's price year.",
    ),
    WarningCode.OXYGEN_AND_CARBON_DIFFER: (
        "释氧与固碳之比为 {figure}，不出自同一生产量（{place}）。",
        "Oxygen to CO2 is {figure}: the two cannot come of one production ({place}).",
    ),
    WarningCode.GIVEN_LINES: (
        "{place} 只有价值，没有实物量与单价。",
        "{place} has a value alone, no quantity and price.",
    ),
    WarningCode.OVERRIDDEN: (
        "参数 {place} 被替换，依据见“替换的参数”。",
        "{place} is overridden; why is told under Overridden parameters.",
    ),
}
BREAKS: Mapping[Break, Pair] = {
    Break.OTHER_AREA: ("区域不同（{place}）", "another area ({place})"),
    Break.OTHER_EDITION: ("规范版本不同（{place}）", "another edition ({place})"),
    Break.OTHER_PROFILE: ("核算口径不同（{place}）", "another profile ({place})"),
    Break.OTHER_PRICE_BASIS: ("价格口径不同（{place}）", "another price basis ({place})"),
    Break.OTHER_LAND_COVER: ("土地覆被数据不同（{place}）", "another land cover ({place})"),
    Break.LAND_COVER_UNKNOWN: ("未说明土地覆被数据", "the land cover is not stated"),
    Break.OTHER_METHOD: ("{place} 的方法或单位不同", "{place}: another method or unit"),
    Break.OTHER_COEFFICIENT: ("系数取值不同（{place}）", "another coefficient ({place})"),
    Break.STOCK_OPENS_ELSEWHERE: (
        "{place} 的期初存量与上期期末存量不符",
        "{place} opens elsewhere than it closed",
    ),
    Break.LINE_APPEARED: ("新增核算行 {place}", "{place} is new"),
    Break.LINE_DISAPPEARED: ("核算行 {place} 不再有", "{place} is gone"),
}
MARKS: Mapping[Mark | None, str] = {
    Mark.SOURCE: "S",
    Mark.UNCHECKED: "K",
    Mark.PROPOSAL: "P",
    None: "I",
}
