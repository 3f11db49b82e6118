"""Steps 1 to 3: which facts are known, from when to when each counts, and what it is worth.

Days are ordinals here. What does not depend on the day is worked out once for a subject, so that
the same facts can be assessed on several days.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import assert_never

from credit_scoring.dates import add_months_to_ordinal, end_of_day
from credit_scoring.records import (
    DisputeClosed,
    DisputeOpened,
    Fact,
    Record,
    Repair,
    Revocation,
    SubjectKind,
)
from credit_scoring.rule_sets.rule_set import MILLI, Rule, RuleSet
from credit_scoring.scoring.answer import FactState
from credit_scoring.scoring.errors import FactDoubled, QuantityNotWhole

_ACTIVE = FactState.ACTIVE


class ToldFact:
    """A fact that is known, and its disputes; ``fixed`` is the state of one that never counts."""

    __slots__ = ("disputes", "fact", "fixed", "id", "on")

    def __init__(self, fact: Fact, fixed: FactState | None) -> None:
        self.fact = fact
        self.id = fact.id
        self.on = fact.on.toordinal()
        self.fixed = fixed
        self.disputes: list[tuple[datetime, bool]] | None = None

    def disputed_on(self, day: int) -> bool:
        """Say whether a dispute is open at the end of a day in Asia/Shanghai.

        The last event of a fact decides; of several at one instant an opening is the last.
        """
        if self.disputes is None:
            return False
        end = end_of_day(date.fromordinal(day))
        events = [event for event in self.disputes if event[0] < end]
        return bool(events) and max(events)[1]


class KnownFact(ToldFact):
    """A fact under its rule, and what becomes of it while a score is made.

    ``start`` and ``end`` bound the days on which it counts, ``full_end`` is the end before repair.
    ``state``, ``raw``, ``counted`` and ``absorbed_by`` are of the day that was assessed last.
    """

    __slots__ = (
        "absorbed_by",
        "counted",
        "end",
        "full_end",
        "full_raw",
        "raw",
        "rule",
        "start",
        "state",
    )

    def __init__(self, fact: Fact, rule: Rule, fixed: FactState | None) -> None:
        super().__init__(fact, fixed)
        self.rule = rule
        self.state = _ACTIVE if fixed is None else fixed
        self.raw = self.counted = 0
        self.absorbed_by: str | None = None
        self.start = self.end = self.full_end = self.full_raw = 0

    def raw_on(self, day: int) -> int:
        """Return what the fact is worth on a day on which it counts, in thousandths."""
        if not self.rule.decays:
            return self.full_raw
        days_left, days = self.full_end - day, self.full_end - self.start
        # Toward zero, whatever the sign.
        worth = abs(self.full_raw) * days_left // days
        return worth if self.full_raw > 0 else -worth


class Known:
    """What is known of a subject at an instant."""

    __slots__ = ("facts", "records", "strangers")

    def __init__(
        self, records: list[Record], facts: list[KnownFact], strangers: list[ToldFact]
    ) -> None:
        self.records = records
        self.facts = facts
        self.strangers = strangers


def known_facts(
    kind: SubjectKind, records: Sequence[Record], *, known_at: datetime, rule_set: RuleSet
) -> Known:
    """Return the facts known at an instant, each with all that happened to it.

    Strangers are facts under a rule that the set does not know for this kind of subject. An event
    of a fact that is not known then has no effect.

    Raises:
        FactDoubled: two known facts have one id.
        QuantityNotWhole: a quantity below one.
    """
    known = [record for record in records if record.recorded_at <= known_at]
    revoked: set[str] = set()
    repairs: dict[str, int] = {}
    disputes: dict[str, list[tuple[datetime, bool]]] = {}
    told: dict[str, Fact] = {}
    for record in known:
        if isinstance(record, Fact):
            if record.id in told:
                raise FactDoubled(record.id)
            told[record.id] = record
        elif isinstance(record, Repair):
            on = record.on.toordinal()
            repairs[record.fact] = min(on, repairs.get(record.fact, on))
        elif isinstance(record, Revocation):
            revoked.add(record.fact)
        elif isinstance(record, DisputeOpened | DisputeClosed):
            event = (record.recorded_at, isinstance(record, DisputeOpened))
            disputes.setdefault(record.fact, []).append(event)
        else:
            assert_never(record)
    facts: list[KnownFact] = []
    strangers: list[ToldFact] = []
    for name, fact in told.items():
        state = FactState.REVOKED if name in revoked else None
        rule = rule_set.rules.get(fact.rule)
        if rule is None or rule.subject is not kind:
            each = ToldFact(fact, state or FactState.UNKNOWN_RULE)
            strangers.append(each)
        else:
            each = _known_fact(fact, rule, state, rule_set=rule_set, repair=repairs.get(name))
            facts.append(each)
        each.disputes = disputes.get(name)
    return Known(known, facts, strangers)


def _known_fact(
    fact: Fact, rule: Rule, state: FactState | None, *, rule_set: RuleSet, repair: int | None
) -> KnownFact:
    if fact.quantity < 1:
        raise QuantityNotWhole(fact.id, fact.quantity)
    made = KnownFact(fact, rule, state or (None if rule.is_on else FactState.RULE_OFF))
    made.start = made.on + rule_set.grace_days
    made.end = made.full_end = add_months_to_ordinal(made.start, rule.validity_months)
    if repair is not None and rule.repairable and rule.min_months is not None:
        earliest = add_months_to_ordinal(made.on, rule.min_months)
        made.end = min(made.full_end, max(repair, earliest))
    units = fact.quantity
    if rule.quantity_divisor is not None:
        units //= rule.quantity_divisor
    raw = rule.points * MILLI * units
    if rule.per_event_cap is not None:
        cap = rule.per_event_cap * MILLI
        raw = max(-cap, min(cap, raw))
    made.full_raw = raw
    return made
