"""How `credit compare` and `credit province` are shown to people, in two languages."""

from fractions import Fraction
from typing import Any

from credit_scoring.batch.compiled import KINDS, Flags
from credit_scoring.batch.scoring import BatchScores
from credit_scoring.comparing.comparison import (
    Comparison,
    Difference,
    differences,
    effects_of_rules,
)
from credit_scoring.comparing.shares import COLOURS, nearest, published, shares_of, shown
from credit_scoring.comparing.stability import stability_of
from credit_scoring.records import SubjectKind
from credit_scoring.rule_sets.rule_set import MILLI
from gateway.cli.credit_pages import ZH as WORDS_ZH
from gateway.cli.credit_pages import write

HASH_SHOWN = 12
RULES_SHOWN = 15
WIDTH = 10
ZH = WORDS_ZH | {
    "AS_OF": "评价日 {day}:{count} 个主体,"
    "规则集 {before}({before_hash})与 {after}({after_hash})比较",
    "MOVED": "{moved} 个主体等级变化,{changed} 个指数变化;群体稳定性指数(PSI){psi}({stability})",
    "SHARES": "企业,{name}:{colours};最接近 {place},最大差距 {gap} 个百分点",
    "EFFECT": "{subjects} 个主体,加 {raised} 分,减 {lowered} 分",
    "MOVE": "{name}:{before} {before_grade} 变为 {after} {after_grade}",
    "LINE": "{line}:{before} 变为 {after}",
    "PROVINCE": "生成的示例省份,种子 {seed},评价日 {day},规则集 {version};全部主体均为虚构。",
    "KIND": "{kind}:{subjects} 个主体,{facts} 条信用记录,{not_rated} 个未评级,"
    "计分用时 {milliseconds} 毫秒",
    "NEAREST": "最接近:{place};最大差距 {gap} 个百分点",
    "PUBLISHED": "已公布的企业等级分布(D 级计入红色,占已评级主体的百分比):",
    "generated": "示例省份",
    "champion": "现行规则集",
    "challenger": "草案",
    "from / to": "由 / 至",
    "not_rated": "未评级",
    "stable": "稳定",
    "watch": "关注",
    "act": "处置",
    "green": "绿",
    "blue": "蓝",
    "yellow": "黄",
    "red": "红",
}
EN = {
    "AS_OF": "as of {day}: {count} subjects,"
    " {before} ({before_hash}) beside {after} ({after_hash})",
    "MOVED": "{moved} change their grade, {changed} their index; PSI {psi} ({stability})",
    "SHARES": "enterprises, {name}: {colours};"
    " nearest {place}, largest gap {gap} percentage points",
    "EFFECT": "{subjects} subjects, +{raised} and -{lowered} points",
    "MOVE": "{name}: {before} {before_grade} to {after} {after_grade}",
    "LINE": "{line}: {before} to {after}",
    "PROVINCE": "A generated province, seed {seed}, as of {day}, rule set {version};"
    " everybody in it is invented.",
    "KIND": "{kind}: {subjects} subjects, {facts} facts, {not_rated} not rated,"
    " scored in {milliseconds} ms",
    "NEAREST": "nearest: {place}; largest gap {gap} percentage points",
    "PUBLISHED": "Published, of enterprises; D is red, and shares are of the rated:",
}


def say(key: str, lang: str, **values: object) -> str:
    """Return a sentence or a word in a language; a word that has no other form as it is."""
    words = ZH if lang == "zh" else EN
    return words.get(key, key).format(**values)


def enterprises_of(found: Comparison) -> Flags:
    """Return which subjects are enterprises: only their shares have been published."""
    mine: Flags = found.archives.columns.kind == KINDS.index(SubjectKind.ENTERPRISE)
    return mine


def shares_shown(found: Comparison, scores: BatchScores) -> dict[str, Any]:
    """Return the colours of the enterprises, and the published distribution nearest to them."""
    shares = shares_of(scores, enterprises_of(found))
    near, gap = nearest(shares, published())
    return {
        "percent": {name: str(shown(shares.percent(n))) for n, name in enumerate(COLOURS)},
        "not_rated": shares.not_rated,
        "nearest": near.place,
        "largest_gap": str(shown(gap)),
    }


def show_comparison(found: Comparison, movers: int, *, lang: str) -> None:
    """Show the matrix, the shift, what each rule does, and the first movers with their lines."""
    before, after = found.champion, found.challenger
    write(
        say(
            "AS_OF",
            lang,
            day=before.as_of,
            count=len(found.archives.subjects),
            before=before.rules.rule_set.version,
            before_hash=before.rules.rule_set.hash[:HASH_SHOWN],
            after=after.rules.rule_set.version,
            after_hash=after.rules.rule_set.hash[:HASH_SHOWN],
        )
    )
    names = [say(grade, lang) for grade in found.grades]
    write("".join(name.rjust(WIDTH) for name in (say("from / to", lang), *names)))
    for name, row in zip(names, found.matrix, strict=True):
        write(name.rjust(WIDTH) + "".join(f"{count:>{WIDTH}}" for count in row))
    stability = say(stability_of(found.psi).value, lang)
    write(
        say(
            "MOVED",
            lang,
            moved=found.moved,
            changed=len(found.changed),
            psi=found.psi,
            stability=stability,
        )
    )
    if enterprises_of(found).any():
        _show_shares(found, lang)
    for effect in effects_of_rules(found)[:RULES_SHOWN]:
        raised, lowered = _points(effect.raised_milli), _points(effect.lowered_milli)
        told = say("EFFECT", lang, subjects=effect.subjects, raised=raised, lowered=lowered)
        write(f"{effect.rule:>12}  {told}")
    for row in found.changed[:movers]:
        _show_mover(found, int(row), lang)


def show_kind(kind: SubjectKind, told: dict[str, Any], *, lang: str) -> None:
    """Show one kind of subject of the province beside the published shares nearest to it."""
    near = next(each for each in published() if each.place == told["nearest"])
    place = near.place_zh if lang == "zh" else near.place
    write(say("KIND", lang, **(told | {"kind": say(kind.value, lang)})))
    write("  " + ", ".join(f"{grade} {count}" for grade, count in told["grades"].items()))
    write(f"  {say('generated', lang):<16}{_percents(told['percent'].values(), lang)}")
    write(f"  {place:<16}{_percents(near.percents, lang)}")
    write("  " + say("NEAREST", lang, place=place, gap=told["largest_gap"]))


def show_published(*, lang: str) -> None:
    """Show all nine published distributions."""
    write(say("PUBLISHED", lang))
    for each in published():
        place = each.place_zh if lang == "zh" else each.place
        write(f"  {place:<16}{_percents(each.percents, lang)}")


def _percents(percents: Any, lang: str) -> str:
    pairs = zip(COLOURS, percents, strict=True)
    return "  ".join(f"{say(colour, lang)} {percent!s:>6} %" for colour, percent in pairs)


def _show_shares(found: Comparison, lang: str) -> None:
    for name, scores in (("champion", found.champion), ("challenger", found.challenger)):
        told = shares_shown(found, scores)
        near = next(each for each in published() if each.place == told["nearest"])
        write(
            say(
                "SHARES",
                lang,
                name=say(name, lang),
                colours=_percents(told["percent"].values(), lang),
                place=near.place_zh if lang == "zh" else near.place,
                gap=told["largest_gap"],
            )
        )


def _show_mover(found: Comparison, row: int, lang: str) -> None:
    before, after = found.champion, found.challenger
    write(
        say(
            "MOVE",
            lang,
            name=found.archives.subjects[row],
            before=before.credit_index[row],
            before_grade=before.grade_name(row),
            after=after.credit_index[row],
            after_grade=after.grade_name(row),
        )
    )
    for each in differences(found, row):
        line = f"{each.rule} {each.line}" if each.rule else say(each.line, lang)
        sides = [_told(each, is_after=is_after, lang=lang) for is_after in (False, True)]
        write("    " + say("LINE", lang, line=line, before=sides[0], after=sides[1]))


def _told(each: Difference, *, is_after: bool, lang: str) -> str:
    state = each.state_after if is_after else each.state_before
    milli = each.milli_after if is_after else each.milli_before
    return f"{_points(milli)} {say(state.value, lang) if state else ''}".rstrip()


def _points(milli: int) -> str:
    return str(shown(Fraction(milli, MILLI)))
