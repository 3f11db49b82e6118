"""Steps 4 to 6: which of the facts that are active on a day count, and what they sum up to.

Supersession first, then frequency, then incidents; each looks only at what the one before it left.
"""

from collections.abc import Iterable
from datetime import datetime

from credit_scoring.dates import add_months_to_ordinal
from credit_scoring.rule_sets.rule_set import Veto
from credit_scoring.scoring.answer import FactState
from credit_scoring.scoring.facts import KnownFact

_ACTIVE, _SUPERSEDED = FactState.ACTIVE, FactState.SUPERSEDED
_SOFT, _HARD = Veto.SOFT, Veto.HARD
_OVER_FREQUENCY, _ABSORBED = FactState.OVER_FREQUENCY, FactState.ABSORBED


class Assessment:
    """What the active facts of one day amount to.

    ``counting`` are those that count, ``standing`` those whose vetoes hold: these, the absorbed and
    the over-frequent. ``plus`` and ``minus`` are sums of raw points by category, in thousandths and
    positive. ``soft`` are the facts that each take a step down, in their order. ``entangled`` are
    the standing facts without which another would count, or step, that does not now.
    """

    __slots__ = ("counting", "entangled", "hard", "minus", "plus", "soft", "standing")

    def __init__(self, active: list[KnownFact]) -> None:
        self.entangled: set[str] = set()
        self.counting = self.standing = active
        self.plus: dict[str, int] = {}
        self.minus: dict[str, int] = {}
        self.hard: list[KnownFact] = []
        self.soft: list[KnownFact] = []

    def sum_up(self) -> None:
        """Sum what counts and find the vetoes that stand."""
        plus, minus = self.plus, self.minus
        for each in self.counting:
            raw = each.raw
            if raw > 0:
                category = each.rule.category
                plus[category] = plus.get(category, 0) + raw
            elif raw < 0:
                category = each.rule.category
                minus[category] = minus.get(category, 0) - raw
        for each in self.standing:
            veto = each.rule.veto
            if veto is _HARD:
                self.hard.append(each)
            elif veto is _SOFT:
                self.soft.append(each)
        if len(self.soft) > 1:
            self._step_once_an_incident()

    def _step_once_an_incident(self) -> None:
        """Keep of the soft vetoes of one incident the first alone."""
        first: dict[str, KnownFact] = {}
        steps = []
        for each in sorted(self.soft, key=_place):
            incident = each.fact.incident
            if incident is None or first.setdefault(incident, each) is each:
                steps.append(each)
            else:
                self.entangled.update((first[incident].id, each.id))
        self.soft = steps


def assess(facts: Iterable[KnownFact], day: int, without: KnownFact | None = None) -> Assessment:
    """Assess the facts that are active on a day, as if one of them were not there.

    It sets the state, the raw points and the absorber of each active fact.
    """
    active = []
    superseding: list[KnownFact] = []
    frequent: dict[str, list[KnownFact]] = {}
    incidental = False
    for each in facts:
        if each is without or not each.start <= day < each.end:
            continue
        active.append(each)
        each.state = _ACTIVE
        rule = each.rule
        each.raw = each.raw_on(day) if rule.decays else each.full_raw
        if rule.supersede is not None:
            superseding.append(each)
        if rule.frequency is not None:
            frequent.setdefault(rule.id, []).append(each)
        if each.fact.incident is not None:
            incidental = True
    found = Assessment(active)
    if len(superseding) > 1 and _supersede(superseding, found.entangled):
        found.counting = found.standing = [each for each in active if each.state is _ACTIVE]
    limited = False
    for group in frequent.values():
        limited |= _limit(group, day, found.entangled)
    if limited:
        found.counting = [each for each in found.standing if each.state is _ACTIVE]
    if incidental and _absorb(found.counting, found.entangled):
        found.counting = [each for each in found.counting if each.state is _ACTIVE]
    found.sum_up()
    return found


def _supersede(superseding: list[KnownFact], entangled: set[str]) -> bool:
    """Let the newest of each key alone stand; say whether any other was there."""
    newest: dict[str, KnownFact] = {}
    found = False
    for each in superseding:
        key = each.rule.supersede or ""
        other = newest.setdefault(key, each)
        if other is not each:
            older, newer = (other, each) if _age(each) > _age(other) else (each, other)
            older.state = _SUPERSEDED
            newest[key] = newer
            entangled.add(newer.id)
            found = True
    return found


def _age(each: KnownFact) -> tuple[int, datetime, str]:
    return each.on, each.fact.recorded_at, each.id


def _limit(group: list[KnownFact], day: int, entangled: set[str]) -> bool:
    """Let the earliest facts of one rule within its window count; say whether any does not."""
    frequency = group[0].rule.frequency
    group = [each for each in group if each.state is _ACTIVE]
    if frequency is None or not group:
        return False
    after = add_months_to_ordinal(day, -frequency.months)
    left = frequency.max
    found = False
    for each in sorted(group, key=_place):
        if after < each.on <= day and left > 0:
            left -= 1
        else:
            each.state = _OVER_FREQUENCY
            found = True
    if found:
        entangled.update(each.id for each in group)
    return found


def _place(each: KnownFact) -> tuple[int, str]:
    return each.on, each.id


def _absorb(counting: list[KnownFact], entangled: set[str]) -> bool:
    """Let the heaviest minus of an incident and category count; say whether any other was there."""
    heaviest: dict[tuple[str, str], KnownFact] = {}
    absorbed: list[KnownFact] = []
    for each in counting:
        incident = each.fact.incident
        if incident is None or each.raw >= 0:
            continue
        key = incident, each.rule.category
        other = heaviest.setdefault(key, each)
        if other is not each:
            lighter, heavier = (other, each) if _weight(each) < _weight(other) else (each, other)
            heaviest[key] = heavier
            absorbed.append(lighter)
    for each in absorbed:
        absorber = heaviest[each.fact.incident or "", each.rule.category]
        each.state = _ABSORBED
        each.absorbed_by = absorber.id
        entangled.add(absorber.id)
    return bool(absorbed)


def _weight(each: KnownFact) -> tuple[int, int, str]:
    return each.raw, each.on, each.id
