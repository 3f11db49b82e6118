"""The runs of one venue and the snapshots that rest on them. All resident.

The rows of a run are no state: the entry that records a run commits to their root, and a row counts
for what that root proves.

Invariants
1. A job is recorded once; runs and snapshots are numbered from 1 without a gap.
2. A snapshot's run was made for the snapshot's purpose, which is not review.
3. Of one purpose no two snapshots that were not replaced have a day in common.
4. A snapshot is replaced at most once, by one of its own purpose.
"""

from bisect import bisect_left
from itertools import pairwise
from typing import ClassVar

import msgspec

from credit_scoring.rule_sets.adopting.state import RuleSets
from credit_scoring.runs.commands import RunPurpose, ScoredUnder
from kernel.errors import ensure
from ledger.state import Ledger, Row


class CreditRun(msgspec.Struct, frozen=True):
    """One recorded run; ``scored`` is JSON, as in its entry."""

    TABLE: ClassVar[str] = "credit_run"

    number: int
    entry: int
    at: int
    job: str
    purpose: str
    as_of: int
    known_at: int
    position: int
    subjects: int
    scored: str

    def row(self) -> Row:
        """Return the columns of table ``credit_run`` in their order."""
        return msgspec.structs.astuple(self)

    def under(self) -> list[ScoredUnder]:
        """Return what it gave under each rule set, the one that was in force first."""
        return msgspec.json.decode(self.scored, type=list[ScoredUnder], strict=False)


class Snapshot(msgspec.Struct, frozen=True):
    """A run whose rows count for its purpose from one ordinal to another, both included."""

    TABLE: ClassVar[str] = "credit_snapshot"

    number: int
    entry: int
    run: int
    purpose: str
    valid_from: int
    valid_until: int
    replaces: int | None
    decision: str

    def row(self) -> Row:
        """Return the columns of table ``credit_snapshot`` in their order."""
        return msgspec.structs.astuple(self)

    def shares_a_day(self, *, first: int, last: int) -> bool:
        """Tell whether it counts on one of these days."""
        return self.valid_from <= last and first <= self.valid_until


class Runs:
    """All runs and snapshots of one venue, by number."""

    __slots__ = ("jobs", "ledger", "replaced", "rule_sets", "runs", "snapshots")

    def __init__(self, ledger: Ledger, rule_sets: RuleSets) -> None:
        self.ledger = ledger
        self.rule_sets = rule_sets
        self.runs: dict[int, CreditRun] = {}
        self.jobs: dict[str, int] = {}
        self.snapshots: dict[int, Snapshot] = {}
        self.replaced: dict[int, int] = {}

    def of_entry(self, entry: int) -> CreditRun | None:
        """Return the run that an entry recorded, if it did; entries ascend with the numbers."""
        place = bisect_left(range(1, len(self.runs) + 1), entry, key=lambda n: self.runs[n].entry)
        found = self.runs.get(place + 1)
        return found if found is not None and found.entry == entry else None

    def overlapping(
        self, purpose: str, *, first: int, last: int, but: int | None
    ) -> Snapshot | None:
        """Return the first snapshot of a purpose that counts on one of these days, but for one."""
        for number in sorted(self.snapshots):
            each = self.snapshots[number]
            counts = each.purpose == purpose and number not in self.replaced and number != but
            if counts and each.shares_a_day(first=first, last=last):
                return each
        return None

    def adopt(self, run: CreditRun) -> None:
        """Take over a committed run."""
        self.runs[run.number] = run
        self.jobs[run.job] = run.number

    def adopt_snapshot(self, snapshot: Snapshot) -> None:
        """Take over a committed snapshot."""
        self.snapshots[snapshot.number] = snapshot
        if snapshot.replaces is not None:
            self.replaced[snapshot.replaces] = snapshot.number

    def check(self) -> None:
        """Prove the invariants.

        Raises:
            InvariantBroken: one of them is false.
        """
        for name, table in (("runs", self.runs), ("snapshots", self.snapshots)):
            ensure(sorted(table) == list(range(1, len(table) + 1)), f"{name} are numbered wrong")
        ensure(
            self.jobs == {each.job: number for number, each in self.runs.items()},
            "a job is recorded twice",
        )
        live: dict[str, list[Snapshot]] = {}
        for number, each in self.snapshots.items():
            ensure(
                each.purpose == self.runs[each.run].purpose != RunPurpose.REVIEW,
                f"snapshot {number} is not for its run's purpose",
            )
            if each.replaces is not None:
                ensure(self.replaced[each.replaces] == number, f"{each.replaces} is replaced twice")
                ensure(
                    self.snapshots[each.replaces].purpose == each.purpose,
                    f"snapshot {number} replaces one of another purpose",
                )
            if number not in self.replaced:
                live.setdefault(each.purpose, []).append(each)
        for some in live.values():
            some.sort(key=lambda each: each.valid_from)
            for before, after in pairwise(some):
                ensure(
                    before.valid_until < after.valid_from,
                    f"snapshots {before.number} and {after.number} have a day in common",
                )
