"""Which answers a correction changes: what a bank was shown before, and what it would be now.

An answer is computed three times from the same records. As it went out: the day, rule set and
instant of the query. As it would be: what is known now. And without the correction: what is known
now but for it. Only where the last two differ has *this* correction changed the answer; what other
records changed since is for their own. A revoked fact never held, so the answer's own day counts; a
repair holds from its day on, so no day before it does.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from credit_scoring.consents.answer import answer_of
from credit_scoring.consents.commands import ScopeItem
from credit_scoring.records import Fact, Record, Repair, Revocation, SubjectKind
from credit_scoring.rights.commands import Correction, NoticeLine, Shown
from credit_scoring.rule_sets.errors import RuleSetMissing
from credit_scoring.rule_sets.rule_set import RuleSet, rule_set_of_version
from credit_scoring.scoring.score import score

# Members of an answer that say when and from what it was made, and not what it says.
_CIRCUMSTANCES = frozenset({"subject", "as_of", "known_at", "records_hash", "disputed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answered query: to whom, about which day, under which rules, of which parts.

    ``entry`` is that of its log line: of two things at one instant it tells the earlier.
    """

    query: int
    entry: int
    bank: str
    as_of: date
    known_at: datetime
    rule_set: str
    scope: tuple[ScopeItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A subject's records, and the correction of one of its facts among them, by ``entry``."""

    subject: str
    kind: SubjectKind
    records: tuple[Record, ...]
    fact: str
    correction: Correction
    entry: int

    def event(self) -> Repair | Revocation:
        """Return the record of the correction.

        Raises:
            StopIteration: it is not among the records.
        """
        kind = Revocation if self.correction is Correction.REVOKED else Repair
        return next(r for r in self.records if isinstance(r, kind) and r.fact == self.fact)

    def learned_at(self) -> datetime:
        """Return when the fact itself became known."""
        return next(
            r.recorded_at for r in self.records if isinstance(r, Fact) and r.id == self.fact
        )


def lines_of(
    corrected: Corrected,
    answers: Iterable[Answered],
    *,
    sets: Sequence[RuleSet],
    now: datetime,
    told: Collection[str] = (),
) -> list[NoticeLine]:
    """Return a line for each bank whose newest changed answer a correction changes.

    ``answers`` come the newest first; banks that were ``told`` get none.
    """
    event, learned_at = corrected.event(), corrected.learned_at()
    found: dict[str, NoticeLine] = {}
    for each in answers:
        was_before = (each.known_at, each.entry) < (event.recorded_at, corrected.entry)
        rests_on_it = learned_at <= each.known_at and was_before
        if each.bank in found or each.bank in told or not rests_on_it:
            continue
        line = _line(corrected, event, each, sets=sets, now=now)
        if line is not None:
            found[each.bank] = line
    return [found[bank] for bank in sorted(found)]


def _line(
    corrected: Corrected,
    event: Repair | Revocation,
    answered: Answered,
    *,
    sets: Sequence[RuleSet],
    now: datetime,
) -> NoticeLine | None:
    try:
        rule_set = rule_set_of_version(sets, answered.rule_set)
    except RuleSetMissing:
        # A query of before any set was adopted was answered by none.
        return None
    day = max(answered.as_of, event.on) if isinstance(event, Repair) else answered.as_of
    others = tuple(record for record in corrected.records if record is not event)

    def shown(records: tuple[Record, ...], *, as_of: date, known_at: datetime) -> dict[str, Any]:
        found = score(
            corrected.kind, list(records), as_of=as_of, known_at=known_at, rule_set=rule_set
        )
        return answer_of(found, subject=corrected.subject, scope=answered.scope)

    after = shown(corrected.records, as_of=day, known_at=now)
    without = shown(others, as_of=day, known_at=now)
    said = sorted(after.keys() - _CIRCUMSTANCES)
    parts = [name for name in said if after[name] != without[name]]
    if not parts:
        return None
    before = shown(others, as_of=answered.as_of, known_at=answered.known_at)
    return NoticeLine(
        recipient=answered.bank,
        query=answered.query,
        parts=parts,
        before=_shown(before),
        after=_shown(after),
    )


def _shown(answer: Mapping[str, Any]) -> Shown:
    index = answer["credit_index"]
    return Shown(grade=answer["grade"] or "", credit_index=None if index is None else int(index))
