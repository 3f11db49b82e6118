"""The words of a report, Chinese before English; a template's fields are named alike in both."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from gep.registry.service import Group
from gep.reporting.part_words import PART_WORDS

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
Pair: TypeAlias = tuple[str, str]

WORDS: Mapping[str, Pair] = {
    # the page
    "title": (
        "{area} {year} 年{product}核算报告",
        "{product} of {area}, {year}",
    ),
    "product_en": ("", "Gross ecosystem product"),
    "subtitle": (
        "{edition}《{title}》，参数集 {parameters}，{basis}{prices} 年价格",
        "{edition} {title}; parameter set {parameters}; {basis}prices of {prices}",
    ),
    "subtitle.reference": (
        "按已发表账目的方法重算，参数集 {parameters}，{basis}{prices} 年价格",
        "The method of a published account; parameter set {parameters}; {basis}prices of {prices}",
    ),
    "contents": ("目录", "Contents"),
    "page": ("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "account": ("核算账", "Account"),
    # where it stands
    "stage.file": ("未进入交易场所账本，由文件核算", "Computed from a file; in no venue's ledger"),
    "stage.draft": ("草稿，未经复核，不得引用", "Draft: not reviewed, not to be cited"),
    "stage.returned": ("已退回，不得引用", "Returned: not to be cited"),
    "stage.reviewed": ("已复核，未审定，不得引用", "Reviewed, not approved: not to be cited"),
    "stage.approved": ("已审定，未发布", "Approved, not published"),
    "stage.published": ("已发布", "Published"),
    "stage.withdrawn": ("已撤回，不得引用", "Withdrawn: not to be cited"),
    "superseded": ("，已被替代", "; superseded"),
    "in_entry": ("，账本第 {entry} 条", ", entry {entry} of the ledger"),
    "deed.drafted": ("编制", "Drafted"),
    "deed.reviewed": ("复核", "Reviewed"),
    "deed.approved": ("审定", "Approved"),
    "deed.published": ("发布", "Published"),
    "standing.caption": ("编制、复核、审定与发布", "Draft, review, approval, publication"),
    "step": ("步骤", "Step"),
    "by": ("经办", "By"),
    "entry": ("账本条目", "Ledger entry"),
    "note": ("说明", "Note"),
    "regulator": ("主管部门", "regulator"),
    "supersedes": ("替代的核算账", "Supersedes"),
    "superseded_by": ("被下列核算账替代", "Superseded by"),
    # sections
    "key": ("主要结果", "Key figures"),
    "services": ("生态产品与服务", "Products and services"),
    "change": ("较基年变化", "Change from the base year"),
    "map": ("空间分布", "In space"),
    "uncertainty": ("不确定性", "How far it may be off"),
    "trend": ("历年变化", "Course of the years"),
    "overrides": ("替换的参数", "Overridden parameters"),
    "warnings": ("使用提示", "What to know before relying on it"),
    "method": ("核算方法", "How it was computed"),
    "sources": ("数据来源", "Sources"),
    "check": ("如何自行核对", "How to check it alone"),
    # key figures
    "total": ("{product}", "{product}"),
    "million_yuan": ("百万元", "million yuan"),
    "in_hundred_million": (
        "合 {figure} 亿元，{basis}{prices} 年价格",
        "{figure} in units of 1e8 yuan; {basis}prices of {prices}",
    ),
    "basis.CAPITAL": ("按工程造价，", "at CAPITAL prices, "),
    "basis.ANNUALISED": ("按年化价格，", "at ANNUALISED prices, "),
    "basis.none": ("", ""),
    "basis.short.CAPITAL": ("造价", "capital"),
    "basis.short.ANNUALISED": ("年化", "annualised"),
    "per_km2": ("单位面积", "Per km²"),
    "per_km2.unit": ("百万元/km²", "million yuan/km²"),
    "per_km2.context": ("面积 {figure} km²", "on {figure} km²"),
    "per_head": ("人均", "Per head"),
    "per_head.unit": ("元/人", "yuan a head"),
    "per_head.context": ("人口 {figure} 人", "of {figure} people"),
    "to_gdp": ("绿金指数（GEP/GDP）", "GEP to GDP"),
    "to_gdp.context": ("地区生产总值 {figure} 百万元", "GDP {figure} million yuan"),
    "regulating_share": ("调节服务占比", "Regulating share"),
    "regulating_share.context": ("调节服务 {figure} 百万元", "{figure} million yuan"),
    "conversion": ("两山转化（物质与文化）", "Conversion value"),
    "conversion.context": ("占总值 {share}", "material and cultural: {share} of the total"),
    "growth": ("不变价增长", "Growth, constant prices"),
    "growth.context": (
        "较 {year} 年，现价 {figure} 百万元",
        "on {year}; {figure} million yuan at current prices",
    ),
    "unknown_index": (
        "未提供{names}，相应指标不列。",
        "Not stated, hence left out: {names}.",
    ),
    "population": ("人口", "population"),
    "gdp": ("地区生产总值", "GDP"),
    "composition": (
        "各项服务的价值，百万元，{basis}{prices} 年价格",
        "Value by service, million yuan, {basis}prices of {prices}",
    ),
    "composition.told": (
        "共 {count} 项服务，最大为{largest}，{figure} 百万元，占 {share}。",
        "{count} services; the largest is {largest}: {figure} million yuan, {share}.",
    ),
    # the table of services
    "services.caption": (
        "实物量、单价与价值，{basis}{prices} 年价格",
        "Quantities, prices and values, {basis}prices of {prices}",
    ),
    "code": ("代码", "Code"),
    "service": ("服务（核算行）", "Service (line)"),
    "quantity": ("实物量", "Quantity"),
    "unit": ("单位", "Unit"),
    "price": ("单价，元", "Price, yuan"),
    "basis": ("价格口径", "Basis"),
    "value": ("价值，百万元", "Value, million yuan"),
    "share": ("占比", "Share"),
    "source_column": ("来源", "Source"),
    "group.material": ("物质产品", "Material products"),
    "group.regulating": ("调节服务", "Regulating services"),
    "group.cultural": ("文化服务", "Cultural services"),
    "group.disservice": ("负面服务", "Disservices"),
    "subtotal": ("{group}小计", "{group}, subtotal"),
    "deduction": ("扣减：区域外流入产品", "Less: products that came from outside"),
    "rounding": (
        "以上所列数字之和与合计相差 {figure} 百万元，因四舍五入所致；合计为准。",
        "The figures shown miss their sum by {figure} million yuan, by rounding; the sum is right.",
    ),
    "total_row": ("{product}总计", "Total"),
    "given": ("直接给出", "given"),
    "flag": ("未核对", "unchecked"),
    "flag_overridden": ("替换", "overridden"),
    "services.note": (
        (
            "价值为实物量乘单价，逐行四舍五入到分后求和。“{flag}”指该行所用参数未与原文核对。"
            "来源栏编号见“数据来源”。"
        ),
        (
            "A value is quantity by price, rounded to the fen line by line, then summed."
            " “{flag}”: a parameter of the line was not read again in its document."
            " Numbers in the last column lead to Sources."
        ),
    ),
    "apart.caption": (
        "单列、不计入总值的项目，百万元",
        "Beside the total, and not in it, million yuan",
    ),
    "left_out": ("已核算、不计入", "computed, not counted"),
    "item": ("项目", "Item"),
    "totals.caption": (
        "总值的几种口径，百万元",
        "The total and its variants, million yuan",
    ),
    "disservices": ("负面服务合计，不冲减总值", "Disservices, not netted"),
    "net": ("总值减负面服务", "Total less disservices"),
    "without_overrides": ("不采用替换参数的总值", "Total without overrides"),
    "price_basis": ("价格口径", "Price basis"),
    "prices_of": ("{basis}{prices} 年价格", "{basis}prices of {prices}"),
    # change
    "waterfall": (
        "{base} 年至 {current} 年，百万元：先按 {base} 年价格计数量变化，再计价格变化",
        "{base} to {current}, million yuan: quantities at prices of {base}, then prices",
    ),
    "waterfall.told": (
        "由 {base} 到 {current}，数量影响 {quantity}，价格影响 {price} 百万元。",
        "From {base} to {current} million yuan: {quantity} by quantity, {price} by price.",
    ),
    "waterfall.cut": (
        "纵轴自 {figure} 起，总量柱已截断。",
        "The axis begins at {figure}; the bars of totals are cut.",
    ),
    "other_services": ("其余 {count} 项", "{count} others"),
    "year_total": ("{year} 年", "{year}"),
    "at_base_prices": ("{current} 年\n{base} 年价格", "{current} at\n{base} prices"),
    "change.caption": (
        "逐行变化，百万元（数量影响按 {base} 年价格）",
        "Change by line, million yuan (quantities at prices of {base})",
    ),
    "line": ("核算行", "Line"),
    "base_value": ("{year} 年", "{year}"),
    "quantity_effect": ("数量影响", "By quantity"),
    "price_effect": ("价格影响", "By price"),
    "change_column": ("变化", "Change"),
    "current_value": ("{year} 年", "{year}"),
    "deduction_change": ("区域外流入扣减的变化", "Change of the deduction"),
    "growth.sentence": (
        (
            "按 {base} 年价格，{current} 年总值为 {constant} 百万元，较 {base} 年{growth}；"
            "按当年价格为 {now} 百万元。"
        ),
        (
            "At prices of {base}, {current} comes to {constant} million yuan, {growth} on {base};"
            " at its own prices to {now}."
        ),
    ),
    "growth.none": ("无从计算增长率", "no growth can be given"),
    "growth.of": ("变化 {figure}", "a change of {figure}"),
    "deflated": (
        "{group}按价格指数 {figure} 平减。",
        "{group}: deflated by a price index of {figure}.",
    ),
    "declined": (
        "不变价年均降幅超过 {figure}，须查明原因。",
        "A fall of more than {figure} a year at constant prices: its cause must be found.",
    ),
    "breaks": ("两年不完全可比：", "The two years are not fully comparable:"),
    "no_breaks": (
        "两年的区域、规范、口径、价格口径、土地覆被与方法一致，可比。",
        "Area, edition, profile, price basis, land cover and methods agree: comparable.",
    ),
    # map
    "map.title": (
        "单位面积价值，百万元/km²",
        "Value per km², million yuan",
    ),
    "map.told": (
        "{count} 个单元中 {known} 个有数值，最高为{highest}，最低为{lowest}。",
        "{known} of {count} units have a value; the highest is {highest}, the lowest {lowest}.",
    ),
    "map.told_none": ("{count} 个单元均无数值。", "None of {count} units has a value."),
    "map.caption": ("各单元的价值，百万元", "Value by unit, million yuan"),
    "map.none": (
        "未提供任何单元的边界，故无分布图。",
        "No boundaries of units are known, so there is no map.",
    ),
    "map.note": (
        (
            "图中数字为单元的单位面积价值；斜线为无数据，菱形为有提示的单元及其条数。"
            "分级按各单元数值排序等分。等积投影。"
        ),
        (
            "Figures in the map are values per km². Hatched: no data. Diamonds: units with"
            " warnings, and how many. Classes hold equal numbers of units. Equal-area projection."
        ),
    ),
    "map.rest": (
        "{figure} 百万元未分配到单元（全域核算行与扣减）。",
        "{figure} million yuan belong to no unit (lines of the whole area, and the deduction).",
    ),
    "map.covered": ("单元合计", "All units"),
    "no_data": ("无数据", "no data"),
    "with_warnings": ("有提示", "with warnings"),
    "unit_id": ("单元", "Unit"),
    "unit_name": ("名称", "Name"),
    "area_km2": ("面积，km²", "Area, km²"),
    "class": ("级别", "Class"),
    "pins": ("单元的提示", "Warnings of units"),
    "north": ("北", "N"),
    # uncertainty
    "range.refused": (
        "总值的区间未能算出：{why}",
        "No range of the total can be given: {why}",
    ),
    "range.none": (
        "核算方案没有给任何数值以取值区间，故无从说明总值可能相差多少。",
        "No figure of the plan has a range, so how far the total may be off cannot be said.",
    ),
    "range": (
        "总值的分布，百万元，{basis}{prices} 年价格",
        "Where the total may lie, million yuan, {basis}prices of {prices}",
    ),
    "range.told": (
        "总值有八成可能在 {low} 至 {high} 百万元之间，中位数 {middle}。",
        "Four times in five the total lies from {low} to {high} million yuan; median {middle}.",
    ),
    "central": ("核算值", "account"),
    "range.sentence": (
        (
            "{doubted} 个数值有取值区间，按三角分布作 {draws} 次拉丁超立方抽样（种子 {seed}）。"
            "未给区间的数值视为无误，故区间只反映已知的疑问。"
        ),
        (
            "{doubted} figures have a range; {draws} latin hypercube draws from triangles"
            " (seed {seed}). A figure without a range is taken as certain, so the range shows"
            " known doubts alone."
        ),
    ),
    "range.caption": ("分位数，百万元", "Quantiles, million yuan"),
    "quantile": ("分位", "Quantile"),
    "to_account": ("与核算值相差", "From the account"),
    "tornado": (
        "影响最大的数值：与总值的秩相关",
        "Strongest drivers: rank correlation with the total",
    ),
    "tornado.told": (
        "影响最大的是{name}，占 {share}。",
        "The strongest driver is {name}, with {share}.",
    ),
    "drivers.caption": (
        "影响最大的数值",
        "The strongest drivers",
    ),
    "driver": ("数值", "Figure"),
    "low": ("低", "Low"),
    "middle": ("中", "Central"),
    "high": ("高", "High"),
    "correlation": ("秩相关", "Rank correlation"),
    "driver_share": ("占比", "Share"),
    # trend
    "trend.title": (
        "按 {year} 年价格的总值，百万元",
        "Total at prices of {year}, million yuan",
    ),
    "trend.told": (
        "{first} 年 {start}，{last} 年 {end} 百万元。",
        "{start} in {first}, {end} million yuan in {last}.",
    ),
    "trend.caption": ("历年总值，百万元", "Totals by year, million yuan"),
    "year": ("年份", "Year"),
    "constant": ("不变价", "Constant prices"),
    "current": ("当年价", "Current prices"),
    "year_on_year": ("较上年", "On the year before"),
    "break_column": ("不可比之处", "Breaks"),
    "growth_a_year": ("年均增长 {figure}。", "Growth a year: {figure}."),
    "slope": (
        "森氏斜率每年 {figure} 百万元，曼—肯德尔 S = {statistic}，p = {p}。",
        "Sen's slope {figure} million yuan a year; Mann-Kendall S = {statistic}, p = {p}.",
    ),
    "no_trend": ("不足五年，不作趋势检验。", "Fewer than five years: no test of a trend."),
    # overrides
    "overrides.caption": ("替换的参数及其依据", "Overridden parameters and why"),
    "parameter": ("参数", "Parameter"),
    "figure": ("数值", "Figure"),
    "author": ("作者", "Author"),
    "reason": ("理由", "Reason"),
    "overrides.sentence": (
        "不采用下列替换，总值为 {figure} 百万元（{basis}{prices} 年价格），相差 {difference}。",
        (
            "Without them the total is {figure} million yuan ({basis}prices of {prices}):"
            " {difference} of the total comes from them."
        ),
    ),
    # warnings
    "no_warnings": ("无。", "None."),
    "warnings.intro": (
        "下列各点不改变核算结果，但引用前应当知道。",
        "None of these changes the account; whoever cites it should know them.",
    ),
    # sources
    "sources.caption": ("所用的全部数值", "Every figure in use"),
    "number": ("编号", "No."),
    "name": ("名称", "Name"),
    "price_year": ("价格年", "Price year"),
    "mark": ("标记", "Mark"),
    "source": ("来源", "Source"),
    "used_in": ("用于", "Used in"),
    "marks": (
        (
            "标记：S 已与原文核对；K 已知其出处、未与原文核对；P 本系统或使用者的建议值；"
            "I 本账输入，由编制者说明来源。"
        ),
        (
            "Marks: S read in its source; K known, not checked against it; P a proposal, ours or an"
            " override's; I an input of the account, its source stated by whoever drafted it."
        ),
    ),
    "unchecked_total": (
        "参数集共有 {all} 行未核对，本账用到 {used} 行。",
        "{all} rows of the parameter set are unchecked; the account uses {used} of them.",
    ),
    # method
    "method.caption": ("各行的实物量如何得出", "How each quantity was made"),
    "method.column": ("方法", "Method"),
    "formula": ("算式", "Formula"),
    "lines": ("核算行", "Lines"),
    "rule.once": (
        (
            "实物量四舍五入到所用单位的六位小数，价值四舍五入到分；小计与总计均为所存各行之和，"
            "分文不差。"
        ),
        (
            "A quantity is rounded half up to six decimals of its unit, a value to the fen;"
            " subtotals and the total are sums of stored lines, exact to the fen."
        ),
    ),
    "rule.basis": (
        "影子工程的单价分工程造价与年化两种，相差十倍以上；一账只用一种，本账：{figure}。",
        (
            "A shadow project's price is CAPITAL or ANNUALISED, which differ tenfold and more; an"
            " account has one of them. This one: {figure}."
        ),
    ),
    "rule.deduction": (
        "区域外流入产品扣减 {figure} 百万元。",
        "Products that came from outside are deducted: {figure} million yuan.",
    ),
    "rule.no_deduction": (
        "没有扣减区域外流入产品。",
        "No products from outside are deducted.",
    ),
    "rule.disservices": (
        "负面服务单列，不冲减总值。",
        "Disservices stand beside the total and are not netted.",
    ),
    "rule.profile.GEP": (
        "口径：核算规范的全部指标。",
        "Profile: GEP, every line of the edition.",
    ),
    "rule.profile.SEEA_EA": (
        "口径：SEEA EA 交换价值，不含释氧与消费者剩余。",
        "Profile: exchange values of SEEA EA, without oxygen and consumer surplus.",
    ),
    "rule.land_cover": (
        "土地覆被：{product}，分辨率 {resolution} m。",
        "Land cover: {product}, {resolution} m.",
    ),
    "rule.no_land_cover": ("未说明土地覆被数据。", "The land cover is not stated."),
    "none": ("无", "none"),
    # check
    "check.intro": (
        "核算账由其规范化 JSON 的 SHA-256 命名：任何一个数字改动，摘要即不同。",
        (
            "An account is named by the SHA-256 of its canonical JSON: change a digit and the hash"
            " is another."
        ),
    ),
    "check.caption": ("本账的摘要", "Hashes of this account"),
    "what": ("对象", "What"),
    "hash": ("SHA-256", "SHA-256"),
    "edition_hash": ("核算规范 {name}", "Edition {name}"),
    "set_hash": ("参数集 {name}", "Parameter set {name}"),
    "geometry_hash": ("区域边界", "Boundary of the area"),
    "base_hash": ("基年核算账（{name}）", "Base account ({name})"),
    "check.file": (
        "由核算方案重新核算，末行应为上列摘要：",
        "Compute it again from its plan; the last line must be the hash above:",
    ),
    "check.venue": (
        "向交易场所取回核算账并重新核算：",
        "Fetch it from the venue and compute it again:",
    ),
    "check.api": (
        "或经接口：",
        "Or by the API:",
    ),
    "check.agrees": (
        "制作本报告时已由核算方案重新核算，摘要相同。",
        "It was computed again from its plan for this report: the same hash.",
    ),
    "check.differs": (
        "制作本报告时由核算方案重新核算，未得到相同摘要。",
        "It was computed again from its plan for this report: another hash.",
    ),
    **PART_WORDS,
}


def chosen(pair: Pair, language: Language) -> str:
    """Return the one of a pair that is in a language."""
    return pair[0] if language == "zh" else pair[1]


def word(name: str, language: Language, /, **fields: str) -> str:
    """Return a word or sentence of the report, its fields filled."""
    return chosen(WORDS[name], language).format(**fields)


def group_words(group: Group, language: Language) -> str:
    """Return what a group is called."""
    return word(f"group.{group.value}", language)
