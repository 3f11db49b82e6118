"""How `./ecorights credit` shows scores, rule sets and native results, in two languages."""

import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction

from credit_scoring.native.rating import NativeResult
from credit_scoring.rule_sets.comparison import Change
from credit_scoring.rule_sets.rule_set import MILLI, Rule, RuleSet
from credit_scoring.rule_sets.shipped import source_of
from credit_scoring.scoring.answer import Line, Score

HASH_SHOWN = 16
RATIO_PLACES = 6
CHANGES_MAX = 200
ZH = {
    "enterprise": "企业",
    "village": "行政村",
    "person": "自然人",
    "as of": "评价日",
    "known at": "信息截止",
    "rule set": "规则集",
    "index": "生态信用指数",
    "NOT RATED: shown to the subject and the auditor alone": "未评级:仅本人和审计可见",
    "INCOMPLETE: a fact stands under an unknown rule": "不完整:有信用记录的规则未知",
    "base": "基准分",
    "value": "得分",
    "range_clamp": "限于范围",
    "soft_veto": "降一级",
    "hard_veto": "一票否决",
    "reasons": "主要原因",
    "improve": "改善路径",
    "repair of": "修复",
    "from": "自",
    "to": "至",
    "sub-indices": "分项指数",
    "no active fact": "无有效记录",
    "native": "地方评价办法",
    "records": "记录哈希",
    "disputed": "异议中",
    "revoked": "已撤销",
    "unknown_rule": "规则未知",
    "rule_off": "规则停用",
    "not_yet": "未生效",
    "expired": "已到期",
    "resting": "异议期间不计",
    "superseded": "已被替代",
    "over_frequency": "超次数",
    "absorbed": "同案吸收",
    "active": "计分",
    "cut": "超限额",
    "off": "停用",
    "missing": "缺",
}


def write(line: str) -> None:
    """Write one line."""
    sys.stdout.write(f"{line}\n")


def show_score(
    score: Score, rule_set: RuleSet, natives: Sequence[NativeResult], *, lang: str
) -> None:
    """Show an index and everything that it is made of."""
    grade = rule_set.scale.grade_of(score.credit_index)
    name = f" {grade.zh}" if lang == "zh" else ""
    write(
        f"{_word(score.kind.value, lang)}, {_word('as of', lang)} {score.as_of},"
        f" {_word('known at', lang)} {score.known_at.isoformat()},"
        f" {_word('rule set', lang)} {score.rule_set_version} {score.rule_set_hash[:HASH_SHOWN]}"
    )
    write(f"{_word('index', lang)} {score.credit_index}  {score.grade}{name} ({score.colour})")
    if not score.rated:
        write(_word("NOT RATED: shown to the subject and the auditor alone", lang))
    if not score.complete:
        write(_word("INCOMPLETE: a fact stands under an unknown rule", lang))
    write(f"  {_points(score.base_milli)}  {_word('base', lang)}")
    for line in score.lines:
        write(f"  {_points(line.counted_milli)}  {_fact(line, rule_set, lang)}")
    for each in score.adjustments:
        facts = f" {', '.join(each.facts)}" if each.facts else ""
        write(f"  {_points(each.milli)}  {_word(each.kind.value, lang)}{facts}")
    write(f"= {_points(score.value_milli)}  {_word('value', lang)}")
    for rule in score.reasons:
        write(f"{_word('reasons', lang)}: {rule} {_indicator(rule_set.rules[rule], lang)}")
    for better in score.improve:
        write(
            f"{_word('improve', lang)}: {_word('repair of', lang)} {better.fact} ({better.rule})"
            f" {_word('from', lang)} {better.day}: {better.credit_index} {better.grade}"
            f" (+{better.gain})"
        )
    _show_beside(score, rule_set, natives, lang=lang)


def _show_beside(
    score: Score, rule_set: RuleSet, natives: Sequence[NativeResult], *, lang: str
) -> None:
    for name, sub_index in score.sub_indices.items():
        title = rule_set.sub_indices[name].zh if lang == "zh" else name.value
        shown = _word("no active fact", lang) if sub_index is None else str(sub_index)
        write(f"{_word('sub-indices', lang)}: {title} {shown}")
    for result in natives:
        show_native(result, rule_set, lang=lang)
    write(f"{_word('records', lang)} {score.records_hash}")


def show_native(result: NativeResult, rule_set: RuleSet, *, lang: str = "en") -> None:
    """Show what a native scheme says."""
    scheme = rule_set.schemes[result.scheme]
    words = [f"{_word('native', lang)}: {scheme.id} {scheme.zh}"]
    if result.score is not None:
        words.append(
            _ratio(result.score) if isinstance(result.score, Fraction) else str(result.score)
        )
    if result.grade is not None:
        words.append(result.grade)
    if result.credit_index is not None:
        words.append(f"({_word('index', lang)} {result.credit_index})")
    write(" ".join(words))


def show_rule_sets(sets: Iterable[RuleSet]) -> None:
    """List rule sets."""
    for each in sets:
        rows = sum(not rule.is_for_tests for rule in each.rules.values())
        write(f"{each.version}  from {each.effective_from}  {each.hash}  {rows} rules")
        write(f"  {each.reason}")


def show_rule_set(rule_set: RuleSet, *, lang: str, with_rules: bool) -> None:
    """Show one rule set: its hash, its subjects, what is off and what is missing there."""
    write(f"{rule_set.version}  from {rule_set.effective_from}  ({rule_set.reason})")
    write(f"SHA-256 {rule_set.hash}")
    rests = "rest" if rule_set.disputed_rests else "count"
    write(
        f"grace {rule_set.grace_days} days, disputed facts {rests},"
        f" repair periods {rule_set.repair_periods.value}"
    )
    for kind, subject in rule_set.subjects.items():
        caps = ", ".join(
            f"{each.zh if lang == 'zh' else name} +{each.max_plus}/-{each.max_minus}"
            for name, each in subject.categories.items()
        )
        write(f"{_word(kind.value, lang)}: {_word('base', lang)} {subject.base}; {caps}")
    listed = [each for each in rule_set.rules.values() if not each.is_for_tests]
    if with_rules:
        for rule in listed:
            write(_rule(rule, lang))
    for rule in listed:
        if not rule.is_on:
            why = "" if rule.note is None else f"; {rule.note}"
            write(f"{_word('off', lang)}: {rule.id} {_indicator(rule, lang)}{why}")
    for scheme in rule_set.schemes.values():
        if not scheme.is_on:
            missing = f"{_word('missing', lang)}: {scheme.missing}"
            write(f"{_word('off', lang)}: {scheme.id} {scheme.zh}; {missing}")


def show_schemes(rule_set: RuleSet, *, lang: str) -> None:
    """List native schemes, those that are off with what is missing."""
    for scheme in rule_set.schemes.values():
        state = (
            scheme.evaluator.value
            if scheme.is_on
            else f"{_word('off', lang)}, {_word('missing', lang)}: {scheme.missing}"
        )
        write(f"{scheme.id}  {scheme.zh}  [{scheme.source}]  {state}")


def show_changes(changes: Sequence[Change]) -> None:
    """List what differs between two rule sets."""
    for each in changes[:CHANGES_MAX]:
        write(f"{each.path}: {each.before} -> {each.after}")
    if len(changes) > CHANGES_MAX:
        write(f"... and {len(changes) - CHANGES_MAX} more")
    write(f"{len(changes)} changes")


def _rule(rule: Rule, lang: str) -> str:
    source = source_of(rule.source)
    title = "" if source is None else f" {source['title']} {source['number']}".rstrip()
    veto = f", {rule.veto.value} veto" if rule.veto is not None else ""
    return (
        f"{rule.id} {rule.points:+d}{veto}, {rule.validity_months} months, {rule.severity.value}:"
        f" {_indicator(rule, lang)} [{rule.status}, {rule.source}{title}]"
    )


def _fact(line: Line, rule_set: RuleSet, lang: str) -> str:
    words = [line.fact, line.rule, str(line.on), _word(line.state.value, lang)]
    if line.absorbed_by is not None:
        words.append(f"({line.absorbed_by})")
    if line.cut_milli:
        words.append(f"({_word('cut', lang)} {_points(line.cut_milli).strip()})")
    if line.start is not None:
        words.append(f"{_word('from', lang)} {line.start} {_word('to', lang)} {line.end}")
    if line.disputed:
        words.append(f"[{_word('disputed', lang)}]")
    rule = rule_set.rules.get(line.rule)
    if rule is not None:
        words.append(_indicator(rule, lang))
    return " ".join(words)


def _indicator(rule: Rule, lang: str) -> str:
    return rule.indicator_zh if lang == "zh" else rule.indicator


def _points(milli: int) -> str:
    sign = "-" if milli < 0 else ""
    return f"{sign}{abs(milli) // MILLI}.{abs(milli) % MILLI:03d}".rjust(9)


def _ratio(ratio: Fraction) -> str:
    """Return a ratio for reading; bands were asked for the exact one."""
    scaled = (ratio * 10**RATIO_PLACES + Fraction(1, 2)).__floor__()
    sign, digits = ("-" if scaled < 0 else ""), abs(scaled)
    return f"{sign}{digits // 10**RATIO_PLACES}.{digits % 10**RATIO_PLACES:0{RATIO_PLACES}d}"


def _word(word: str, lang: str) -> str:
    return ZH.get(word, word) if lang == "zh" else word
