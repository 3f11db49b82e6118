"""The words of stocks, of mean weather, and of what a venue knows of an area."""

from collections.abc import Mapping

PART_WORDS: Mapping[str, tuple[str, str]] = {
    # the area
    "area.sentence": (
        "核算对象：{name}（{id}），{kind}，{figure} km²。",
        "Accounted for: {name} ({id}), {kind}, {figure} km².",
    ),
    "area.region": ("行政区域", "an administrative region"),
    "area.project": ("特定地域单元", "the unit of a project"),
    "area.parcel": ("地块", "a parcel"),
    "area.geometry_unregistered": (
        "本账所填的边界摘要，不是该区域任何已登记边界的摘要。",
        "The account states the hash of a boundary that the area has never had in the venue.",
    ),
    "area.km2_differs": (
        "本账所填面积与登记边界的面积相差超过 1%。",
        "The account's km² are more than 1 % off what the area's boundary encloses.",
    ),
    # among neighbours
    "map.among": (
        "本账为“{name}”，图中加粗；其余为相邻单元同年、同价格年、同口径的现行账。",
        (
            "This account is {name}, drawn bold; the others are its neighbours' accounts that count"
            " of the same year, prices and profile."
        ),
    ),
    "map.below": (
        "各单元的数值取自其同年、同价格年、同口径的现行账，不由本账分解。",
        (
            "A unit's value is of its own account that counts, of the same year, prices and"
            " profile; it is not a part of this account."
        ),
    ),
    "map.apart": (
        "本账总值减各单元现行账之和为 {figure} 百万元。",
        "This account's total less the units' own accounts is {figure} million yuan.",
    ),
    "open.decline": (
        "预警（{severity}，{state}）：不变价年均下降 {measured}，限值 {limit}",
        (
            "warning ({severity}, {state}): a fall of {measured} a year at constant prices, limit"
            " {limit}"
        ),
    ),
    "open.service_share": (
        "预警（{severity}，{state}）：{service} 占总值 {measured}，限值 {limit}",
        "warning ({severity}, {state}): {service} is {measured} of the total, limit {limit}",
    ),
    "open.mandatory_missing": (
        "预警（{severity}，{state}）：缺少必算指标 {service}",
        "warning ({severity}, {state}): the mandatory line {service} is missing",
    ),
    "severity.notice": ("提示", "notice"),
    "severity.warning": ("警示", "warning"),
    "severity.severe": ("严重", "severe"),
    "state.raised": ("已提出", "raised"),
    "state.assigned": ("已指派", "assigned"),
    "state.answered": ("已答复", "answered"),
    # stocks
    "stocks": ("自然资源资产存量", "Stocks of natural resources"),
    "stocks.caption": ("存量及其增减", "Stocks, what was added and what was taken"),
    "stocks.note": (
        "期初加增加减减少等于期末，逐项相符，不计入总值。",
        "Opening, additions and reductions give the closing stock exactly. No part of the total.",
    ),
    "resource": ("资源（原因）", "Resource (cause)"),
    "opening": ("期初", "Opening"),
    "added": ("增加", "Added"),
    "taken": ("减少", "Taken"),
    "closing": ("期末", "Closing"),
    # weather
    "weather": ("五年平均气象", "At five-year mean weather"),
    "weather.sentence": (
        (
            "按截至本年的五年平均气象，总值为 {figure} 百万元（{basis}{prices} 年价格）；当年气象使"
            "总值变动 {difference} 百万元。此数单列，不改变核算账。"
        ),
        (
            "At the mean weather of the five years that end with this one the total is {figure}"
            " million yuan ({basis}prices of {prices}); the year's own weather"
            " changed it by {difference} million yuan. It stands beside the account."
        ),
    ),
    "weather.growth": (
        "按不变价与五年平均气象，较 {year} 年变化 {figure}。",
        "At constant prices and mean weather the change on {year} is {figure}.",
    ),
    "weather.as_observed": (
        "下列核算行受气象影响而未给出五年均值，仍按当年气象：{lines}。",
        "These lines swing with weather and have no mean, so they stay as observed: {lines}.",
    ),
    "weather.inputs": ("所用气象数值", "Weather in use"),
    "weather.lines": ("受气象影响的核算行，百万元", "Lines that swing with weather, million yuan"),
    "own_weather": ("当年", "Own year"),
    "mean_weather": ("五年平均", "Five-year mean"),
    "weather.difference": ("相差", "Difference"),
}
