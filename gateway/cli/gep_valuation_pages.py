"""What people read of valuations and of a venue's accounts, in words of both languages."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import typer

from gateway.cli.credit import Language

Shown = Mapping[str, Any]
DRIVERS = 5
WORDS: Mapping[str, tuple[str, str]] = {
    "years at": ("年,折现率", "years at"),
    "end": ("年末计,元", "end of the year, yuan"),
    "start": ("年初计,元", "start of the year, yuan"),
    "right": ("权利", "right"),
    "component": ("可市场化净收益", "marketable net income"),
    "driver": ("受其影响(秩相关)", "moved by (rank correlation)"),
    "valued on": ("评估基准日", "valued on"),
    "rows unchecked": ("行未核对", "rows unchecked"),
    "rests on": ("依据核算账", "rests on"),
    "with": ("有项目", "with the project"),
    "without": ("无项目", "without it"),
    "gain": ("VEP 增益:有项目减无项目", "VEP gain: with less without the project"),
    "market": (
        "VEP 市场价值:有付费方的收益减成本",
        "VEP market: what has a payer, less its cost",
    ),
    "net of year 1": ("第一年可市场化净收益", "marketable net of year 1"),
    "paid by": ("付费方", "paid by"),
    "contract": ("合同", "contract"),
    "invested": ("投资", "invested"),
    "irr": ("内部收益率", "internal rate of return"),
    "none": ("无", "none"),
    "from": ("介于", "from"),
    "to": ("至", "to"),
    "drawn": ("(P10 至 P90)", "(P10 to P90)"),
    "exceeded": ("九成抽样超过", "exceeded in nine draws of ten"),
    "warning": ("提示", "warning"),
    "drafted": ("编制", "drafted by"),
    "reviewed": ("复核", "reviewed by"),
    "second_reviewed": ("第二复核", "reviewed again by"),
    "approved": ("审定", "approved by"),
    "superseded": ("已被替代", "superseded"),
    "basis superseded": ("所依据核算账已有新版", "an account it rests on was superseded"),
    "again": ("按方案重新计算", "computed again from its plan"),
    "valued again": ("按项目资料重新评估", "valued again from its project"),
    "the same": ("一致", "the same"),
    "another": ("不一致", "another one"),
    "yuan": ("元", "yuan"),
    "prices of": ("价格年份", "at prices of"),
    "by": ("由", "by"),
    "total": ("总值", "total"),
    "draft": ("初稿", "draft"),
    "returned": ("退回", "returned"),
    "published": ("已发布", "published"),
    "withdrawn": ("已撤回", "withdrawn"),
    "status reviewed": ("已复核", "reviewed"),
    "status approved": ("已审定", "approved"),
    "no change of sign": ("现金流不变号", "the flows do not change their sign"),
    "no root": ("区间内无解", "no rate from -99% to 1000%"),
    "several": ("可能不唯一", "there may be others"),
}
_REASONS = {
    "no_change_of_sign": "no change of sign",
    "no_root_in_bracket": "no root",
    "several_changes_of_sign": "several",
}
_CAUTIONS = {
    "service_dominates": "单项服务占比过高",
    "double_use": "同一服务既计入增益又有付费方",
    "contract_ends": "合同先于评估年限到期",
    "gain_negative": "增益为负",
    "market_negative": "市场价值为负",
    "without_accounts": "未依据核算账",
    "without_range": "未给出不确定区间",
}


def word(name: str, lang: Language) -> str:
    """Return a word of these pages in a language."""
    chinese, english = WORDS[name]
    return chinese if lang is Language.ZH else english


def status_words(shown: Shown, status: str, lang: Language) -> str:
    """Return where a document stands, and whether another one took its place."""
    name = f"status {status}" if status in {"reviewed", "approved"} else status
    newer = "" if shown["superseded_by"] is None else f", {word('superseded', lang)}"
    return f"{word(name, lang)}{newer}"


def show_document(document: Shown, *, lang: Language) -> None:
    """Print a valuation's document: both values, income by component, rate of return, warnings."""
    due = word("start" if document["due"] else "end", lang)
    rate = Decimal(document["rate"])
    years = word("years at", lang)
    _say(f"{document['id']}: {document['years']} {years} {rate:.2%}, {due}")
    if document["valued_on"] is not None:
        _names(document, lang)
    drawn = document["uncertainty"]
    for name in ("gain", "market"):
        value, words = document[f"vep_{name}_yuan"], word(name, lang)
        _say(f"{value:>18}  {words}")
        if drawn is not None:
            low, high = (drawn[f"vep_{name}"][f"{each}_yuan"] for each in ("p10", "p90"))
            between = f"{word('from', lang)} {low} {word('to', lang)} {high}"
            _say(f"{'':>18}  {between} {word('drawn', lang)}")
    for each in document["components"]:
        _say(f"{each['net_yuan'][0]:>18}  {_component('net of year 1', each, lang)}")
    if Decimal(document["investment_yuan"]):
        _say(f"{document['investment_yuan']:>18}  {word('invested', lang)}")
    irr, reason = document["irr"], document["irr_reason"]
    found = word("none", lang) if irr is None else f"{Decimal(irr):.2%}"
    why = "" if reason is None else f" ({word(_REASONS[reason], lang)})"
    _say(f"{found:>18}  {word('irr', lang)}{why}")
    if drawn is not None:
        for each in drawn["drivers"][:DRIVERS]:
            ends = f"{each['low']} {word('to', lang)} {each['high']} {each['unit']}"
            moved = f"{each['with_gain']} VEP gain, {each['with_market']} VEP market"
            _say(f"  {word('driver', lang)}: {each['name']} {ends}: {moved}")
    show_warnings(document["warnings"], lang=lang)


def show_warnings(warnings: Sequence[Shown], *, lang: Language) -> None:
    """Print warnings: the code, in Chinese with what it means, the place and the figure."""
    for each in warnings:
        code = each["code"]
        if lang is Language.ZH:
            code = f"{code}({_CAUTIONS[code]})"
        figure = "" if each["figure"] is None else f" {each['figure']}"
        _say(f"{word('warning', lang)}: {code} {each['place']}{figure}")


def show_valuation(found: Shown, *, lang: Language) -> None:
    """Print a valuation of a venue: where it stands, who did what, and its document."""
    _say(valuation_line(found, lang=lang))
    for line in course_lines(found, ("drafted", "reviewed", "second_reviewed", "approved"), lang):
        _say(line)
    if found["accounts_superseded"]:
        _say(f"  {word('basis superseded', lang)}")
    show_document(found["document"], lang=lang)
    _say(f"{word('valued again', lang)}: {again_words(found, lang)}")


def show_income(found: Shown, *, lang: Language) -> None:
    """Print the marketable income of each component by year, with what nine of ten draws exceed."""
    _say(f"{found['id']} {found['valuation']}")
    right = found["right"]
    _say(
        f"{word('right', lang)} {right['title']} {right['holder']},"
        f" {_left(found['right_years'], lang)}; {word('valued on', lang)} {found['valued_on']}"
    )
    basis = found["basis"]
    unchecked = f"{basis['parameter_set_unchecked']} {word('rows unchecked', lang)}"
    _say(f"{basis['edition']}, {basis['parameter_set']} ({unchecked})")
    if found["superseded_by"] is not None:
        _say(f"{word('superseded', lang)}: {found['superseded_by']}")
    if found["accounts_superseded"]:
        _say(word("basis superseded", lang))
    for each in found["components"]:
        _say(f"{_component('component', each, lang)}, {_left(each['years_left'], lang)}")
        drawn = each["net_p10_yuan"]
        for year, net in enumerate(each["net_yuan"]):
            low = "" if drawn is None else f"  {drawn[year]:>16}  {word('exceeded', lang)}"
            _say(f"{year + 1:>5} {net:>18}{low}")
    show_warnings(found["warnings"], lang=lang)


def valuation_line(each: Shown, *, lang: Language) -> str:
    """Return a valuation in one line: hash, project, day, both values, where it stands."""
    values = f"{each['vep_gain_yuan']} / {each['vep_market_yuan']} {word('yuan', lang)}"
    status = status_words(each, each["valuation_status"], lang)
    return f"{each['valuation']}  {each['id']}  {each['valued_on']}  {values}  {status}"


def account_line(each: Shown, *, lang: Language) -> str:
    """Return an account in one line: hash, area, year, total, where it stands."""
    place = f"{each['area']} {each['year']} {word('prices of', lang)} {each['price_year']}"
    total = f"{each['total_yuan']} {word('yuan', lang)}"
    status = status_words(each, each["account_status"], lang)
    return f"{each['account']}  {each['id']}  {place}  {total}  {status}"


def course_lines(found: Shown, steps: Sequence[str], lang: Language) -> Iterator[str]:
    """Yield who took which step."""
    for did in steps:
        if found[f"{did}_by"] is not None:
            yield f"  {word(did, lang)} {found[f'{did}_by']}"


def again_words(found: Shown, lang: Language) -> str:
    """Return what came of computing a document again."""
    return str(
        word("the same", lang) if found["agrees"] else found["error"] or word("another", lang)
    )


def _names(document: Shown, lang: Language) -> None:
    area, right, basis = document["area"], document["right"], document["basis"]
    _say(f"  {document['name']}, {area['id']} {area['name']} {area['km2']} km2")
    _say(
        f"  {word('valued on', lang)} {document['valued_on']}, {basis['edition']},"
        f" {basis['parameter_set']}"
        f" ({basis['parameter_set_unchecked']} {word('rows unchecked', lang)}),"
        f" {word('prices of', lang)} {basis['price_year']}"
    )
    _say(
        f"  {word('right', lang)} {right['title']} {right['holder']}, {_left(right['years'], lang)}"
    )
    if document["accounts"] is not None:
        for name in ("with", "without"):
            account = document["accounts"][name]
            _say(f"  {word('rests on', lang)} {account} {word(name, lang)}")


def _left(years: int | str, lang: Language) -> str:
    return f"剩余 {years} 年" if lang is Language.ZH else f"{years} years left"


def _component(name: str, each: Shown, lang: Language) -> str:
    payer = "" if each["payer"] is None else f", {word('paid by', lang)} {each['payer']}"
    contract = "" if each["contract"] is None else f", {word('contract', lang)} {each['contract']}"
    return f"{word(name, lang)}, {each['component']}{payer}{contract}"


def _say(words: str) -> None:
    typer.echo(words)
