"""What the comparison of a file with our books gives, whatever kind of file it is.

The same file and the same books give the same comparison, in the same order. Where there are more
differences than a record may hold, those with the least at stake are left out and counted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.reconciliation.books import Carried
from ledger.reconciliation.commands import DIFFERENCES_MAX
from ledger.reconciliation.difference import Difference, DifferenceKind, Side

LAST = 10**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A file against our books: what matched, what differs, and which tasks are settled by it."""

    lines: int
    matched: int
    differences: list[Difference]
    left_out: int
    resolved: list[int]


@dataclass(slots=True)
class Findings:
    """Collects what a comparison finds."""

    matched: int = 0
    differences: list[Difference] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)
    _subjects: Counter[str] = field(default_factory=Counter)

    def differ(
        self,
        kind: DifferenceKind,
        thing: str,
        *,
        instrument: str,
        there: Side | None,
        here: Side | None,
        at_stake: int,
    ) -> None:
        """Note a difference about a thing; further ones about the same thing are numbered."""
        self._subjects[thing] += 1
        number = self._subjects[thing]
        self.differences.append(
            Difference(
                kind=kind,
                subject=thing if number == 1 else f"{thing}|{number}",
                instrument=instrument,
                there=there,
                here=here,
                at_stake=at_stake,
            )
        )

    def comparison(self, *, lines: int, gone: Iterable[Carried]) -> Comparison:
        """Return the whole; ``gone`` are tasks to close where their subject differs no more.

        With differences left out, a subject that is not shown may still differ, so none is closed.
        """
        kept = self.differences
        if len(kept) > DIFFERENCES_MAX:
            kept = sorted(kept, key=lambda each: -each.at_stake)[:DIFFERENCES_MAX]
        else:
            subjects = {each.subject for each in kept}
            self.settled.update(
                each.task for each in gone if each.is_open and each.subject not in subjects
            )
        return Comparison(
            lines=lines,
            matched=self.matched,
            differences=sorted(kept, key=_place),
            left_out=len(self.differences) - len(kept),
            resolved=sorted(self.settled),
        )


def _place(difference: Difference) -> tuple[int, int, int, str]:
    """Return the order of differences: by line of the file, then by entry of ours."""
    line, entry, number = LAST, LAST, 0
    if difference.there is not None and difference.there.line is not None:
        line = difference.there.line
    if difference.here is not None and difference.here.entry is not None:
        entry, number = difference.here.entry, difference.here.number or 0
    return line, entry, number, difference.subject
