"""The words of GEP pages, Chinese before English; names in JSON are the same in both."""

from collections.abc import Mapping

from gateway.cli.credit import Language
from gep.accounts.account import WarningCode
from gep.accounts.comparing import Break
from gep.audit.finding import Rule
from gep.space.standing import AreaDoubt

WORDS: Mapping[str, tuple[str, str]] = {
    "million yuan": ("百万元", "million yuan"),
    "edition": ("核算规范", "edition"),
    "parameters": ("参数集", "parameters"),
    "rows unchecked": ("行未核对", "rows unchecked"),
    "CAPITAL": ("按工程造价", "CAPITAL prices"),
    "ANNUALISED": ("按年化价格", "ANNUALISED prices"),
    "given": ("直接给出", "given"),
    "stated": ("直接填报", "stated"),
    "not counted": ("不计入", "not counted"),
    "material": ("物质产品", "material"),
    "regulating": ("调节服务", "regulating"),
    "cultural": ("文化服务", "cultural"),
    "inflow deduction": ("扣减区域外流入", "inflow deduction"),
    "total": ("总值", "total"),
    "rounding": ("以上数字的舍入差", "of rounding in the figures above"),
    "disservices": ("负面服务,不冲减", "disservices, not netted"),
    "net": ("扣除负面服务后", "total less disservices"),
    "without overrides": ("不采用替换参数的总值", "total without overrides"),
    "per km2": ("每平方公里", "per km2"),
    "per head": ("元/人", "yuan per head"),
    "to GDP": ("与地区生产总值之比", "GEP to GDP"),
    "warning": ("提示", "warning"),
    "area in doubt": ("区域存疑", "area in doubt"),
    "hash": ("哈希", "hash"),
    "error": ("错误", "error"),
    "remark": ("说明", "remark"),
    "errors": ("处错误", "errors"),
    "remarks": ("处说明", "remarks"),
    "printed": ("原文", "printed"),
    "recomputed": ("重算", "recomputed"),
    "yuan": ("元", "yuan"),
    "corrected total": ("更正后总值", "corrected total"),
    "doubted": ("个有区间的数值", "doubted figures"),
    "draws": ("次抽样", "draws"),
    "seed": ("种子", "seed"),
    "to": ("至", "to"),
    "rank correlation": ("秩相关", "rank correlation"),
    "change": ("变化、其中数量、其中价格", "change, of quantity, of price"),
    "at prices of": ("按基年价格,年份", "at prices of"),
    "at its own": ("按当年价格", "at its own"),
    "growth": ("不变价增长", "growth at constant prices"),
    "growth a year": ("年均增长", "growth a year"),
    "no trend": ("不足五年,不作趋势检验", "no trend: five years at least"),
    "slope": ("森氏斜率,每年", "Sen's slope a year"),
    "break": ("不可比", "break"),
    "decline": ("不变价降幅超过", "decline at constant prices of more than"),
}
WARNINGS: Mapping[WarningCode, str] = {
    WarningCode.UNCHECKED_PARAMETERS: "参数未与原文核对",
    WarningCode.EDITION_UNCHECKED: "规范内容未核对",
    WarningCode.EDITION_NOT_IN_FORCE: "规范已被替代或尚未施行",
    WarningCode.INDICATORS_UNKNOWN: "未取得规范的指标清单",
    WarningCode.MANDATORY_MISSING: "缺少必算指标",
    WarningCode.SERVICE_DOMINATES: "单项服务占比过高",
    WarningCode.CLIPPED: "水量平衡为负,按零计",
    WarningCode.PRICE_YEAR_DIFFERS: "单价年份与核算年份不同",
    WarningCode.OXYGEN_AND_CARBON_DIFFER: "释氧与固碳不出自同一生产量",
    WarningCode.EMISSION_UNKNOWN: "净化量按能力计,未与排放量比较",
    WarningCode.GIVEN_LINES: "只有价值而无实物量",
    WarningCode.OVERRIDDEN: "参数被替换",
}
RULES: Mapping[Rule, str] = {
    Rule.MISSING_ADDEND: "合计漏加一项",
    Rule.ADDEND_TWICE: "合计重复加一项",
    Rule.SWAPPED_DIGITS: "两位数字颠倒",
    Rule.POWER_OF_TEN: "相差十的幂",
    Rule.CARBON_FOR_DIOXIDE: "碳与二氧化碳混用",
    Rule.DOUBLED_LINE: "同一行重复",
    Rule.PARAMETER_DIFFERS: "参数与所列参数集不符",
    Rule.PRICE_IN_NO_TABLE: "单价不在价目中",
    Rule.UNIT_VALUE_NOT_A_CLASS_PRICE: "单位面积价值不是任何等级单价",
    Rule.QUANTITY_DIFFERS: "实物量与计算不符",
    Rule.VALUE_DIFFERS: "价值与计算不符",
    Rule.SUM_DIFFERS: "合计与各项不符",
    Rule.SHARE_DIFFERS: "占比与计算不符",
    Rule.INDEX_DIFFERS: "指标与计算不符",
    Rule.UNIT_DIFFERS: "单价与数量单位不符",
    Rule.ABOVE_EMISSION: "净化量大于排放量",
    Rule.PURIFICATION_EQUALS_EMISSION: "净化量取排放量",
}
BREAKS: Mapping[Break, str] = {
    Break.OTHER_AREA: "区域不同",
    Break.OTHER_EDITION: "规范版本不同",
    Break.OTHER_PROFILE: "核算口径不同",
    Break.OTHER_PRICE_BASIS: "价格口径不同",
    Break.OTHER_LAND_COVER: "土地覆被数据不同",
    Break.LAND_COVER_UNKNOWN: "未说明土地覆被数据",
    Break.OTHER_METHOD: "方法或单位不同",
    Break.OTHER_COEFFICIENT: "参数取值不同",
    Break.LINE_APPEARED: "新增核算行",
    Break.LINE_DISAPPEARED: "减少核算行",
    Break.STOCK_OPENS_ELSEWHERE: "资源存量期初与上年期末不符",
}
AREA_DOUBTS: Mapping[AreaDoubt, tuple[str, str]] = {
    AreaDoubt.GEOMETRY_UNREGISTERED: (
        "所填边界摘要不是该区域任何已登记边界的摘要",
        "its geometry_hash is of no boundary that the area has had",
    ),
    AreaDoubt.KM2_DIFFERS: (
        "所填面积与登记边界的面积相差超过 1%",
        "its km2 are more than 1 % off what its boundary encloses",
    ),
}


def doubt_words(code: str, lang: Language) -> str:
    """Return a doubt of an area: its code, and what it means."""
    chinese, english = AREA_DOUBTS[AreaDoubt(code)]
    return f"{code} ({chinese if lang is Language.ZH else english})"


def word(name: str, lang: Language) -> str:
    """Return a word of the pages in a language."""
    chinese, english = WORDS[name]
    return chinese if lang is Language.ZH else english


def code_words(code: WarningCode | Rule | Break, lang: Language) -> str:
    """Return a code as people read it: the code itself, and in Chinese what it means beside it."""
    if lang is not Language.ZH:
        return code.value
    match code:
        case WarningCode():
            meaning = WARNINGS[code]
        case Rule():
            meaning = RULES[code]
        case Break():
            meaning = BREAKS[code]
    return f"{code.value}({meaning})"
