"""The words of the pages of analysis, Chinese before English."""

from collections.abc import Mapping

from gateway.cli.credit import Language
from gep.accounts.stocks import Gap

WORDS: Mapping[str, tuple[str, str]] = {
    "areas": ("各区域:价值、占比", "areas: value, share"),
    "services": ("各科目:价值、占比", "services: value, share"),
    "groups": ("各类别:价值、占比", "groups: value, share"),
    "rest": ("全域中其余部分", "rest of the whole"),
    "whole": ("合计", "whole"),
    "differ": ("各账口径不同", "the accounts differ in"),
    "change": (
        "变化、其中数量、其中价格、占总变化、拉动百分点",
        "change, of quantity, of price, share of the change, points of growth",
    ),
    "opening": ("期初", "opening"),
    "closing": ("期末", "closing"),
    "from": ("自", "from"),
    "not checked": ("上一年无账,期初未核对", "no account of the year before, opening not checked"),
    "stock": ("资源存量", "stock"),
    "own and mean": (
        "当年气象、五年平均气象、相差",
        "own weather, five-year mean weather, difference",
    ),
    "mean": ("五年平均", "five-year mean"),
    "at mean": ("按五年平均气象", "at five-year mean weather"),
    "as observed": (
        "受气象影响而未给出五年均值",
        "swings with weather and has no five-year mean",
    ),
    "growth at mean": (
        "按五年平均气象的不变价增长",
        "growth at constant prices and five-year mean weather",
    ),
    "figures": (
        "个数值,各增减 50 % 时总值变化率与其变化率之比",
        "figures, each moved by 50 %: relative change of the total to that of the figure",
    ),
    "elastic": ("弹性", "elastic"),
    "refused": ("算式不接受", "not taken"),
    "old": ("原账", "old"),
    "new": ("新账", "new"),
    "old and new": ("原值、新值、相差", "old, new, difference"),
    "per_km2_yuan": ("每平方公里,元", "yuan per km2"),
    "per_head_yuan": ("人均,元", "yuan per head"),
    "gep_to_gdp": ("绿金指数(与地区生产总值之比)", "GEP to GDP (GGI)"),
    "regulating_share": ("调节服务占比", "share of regulating services"),
    "conversion_yuan": ("两山转化价值,元", "conversion value in yuan: material and cultural"),
    "realised": ("转化率", "realised: conversion value to GEP"),
    "method": ("方法", "methods"),
    "no mapping": ("无对应", "none"),
}
GAPS: Mapping[Gap, str] = {
    Gap.OPENS_ELSEWHERE: "期初与上年期末不符",
    Gap.OTHER_UNIT: "计量单位不同",
    Gap.RESOURCE_APPEARED: "上年没有该资源",
    Gap.RESOURCE_DISAPPEARED: "本年缺少该资源",
}


def said(name: str, lang: Language) -> str:
    """Return a word of the pages in a language."""
    chinese, english = WORDS[name]
    return chinese if lang is Language.ZH else english


def gap_words(gap: Gap, lang: Language) -> str:
    """Return a gap as people read it: its code, and in Chinese what it means beside it."""
    return f"{gap.value}({GAPS[gap]})" if lang is Language.ZH else gap.value
