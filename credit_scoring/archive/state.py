"""The state of the archives: what is resident, and what lies on shelves.

Resident are departments with their keys, periods, the objections that are open, and the intakes
whose facts do not count: open or dropped. On shelves lie subjects, facts, signed batches, and the
standing of those facts to which something happened; a fact itself only ever loses its content
(``credit_scoring/rights/erasing.py``).

Invariants
1. A fact's source is the party of a department that was authorised for its rule when it came.
2. A fact has at most one open objection, and its standing names it.
3. A revoked fact stays revoked, and has no open objection.
4. A department has at most one open intake, and reports nothing of its own beside it.
"""

from typing import ClassVar

import msgspec

from credit_scoring.archive.commands import Months, Term
from credit_scoring.archive.taking_in import DepartmentKey, Intake, SignedBatch
from credit_scoring.rule_sets.adopting.state import RuleSets
from credit_scoring.rule_sets.rule_set import Rule, RuleSet
from kernel.errors import ensure
from ledger.shelf import Key, Shelf
from ledger.state import Ledger, Row

OPEN = "open"
# 征信业管理条例 art. 25: an objection is answered within 20 days.
# Fifteen and thirty days, and twelve months for consents and corrections, are our assumptions.
TERM_DAYS = {Term.OBJECTION_DAYS: 20, Term.REVIEW_DAYS: 15, Term.ERASURE_LIST_DAYS: 30}
# 征信业管理条例 art. 16: what speaks against a person is kept for 5 years. Others' stays.
TERM_MONTHS = {
    Months.CONSENT: 12,
    Months.TOLD: 12,
    Months.ENTERPRISE_KEPT: 0,
    Months.VILLAGE_KEPT: 0,
    Months.PERSON_KEPT: 60,
}
# In the place of the rule of a fact whose content was erased.
ERASED = ""

KeyColumns = tuple[tuple[str, str], ...]
_OF_FACT: KeyColumns = (("source", "text"), ("reference", "text"))


class Subject(msgspec.Struct, frozen=True):
    """Who has an archive (信用主体); its name is its party's."""

    TABLE: ClassVar[str] = "credit_subject"
    KEYS: ClassVar[KeyColumns] = (("party", "text"),)

    party: str
    kind: str
    code: str
    division: str
    region: str
    entry: int

    @property
    def key(self) -> Key:
        """Return the party."""
        return (self.party,)

    def row(self) -> Row:
        """Return the columns of table ``credit_subject`` in their order."""
        return msgspec.structs.astuple(self)


class StoredFact(msgspec.Struct, frozen=True):
    """A fact as it was reported (信用记录), in entry ``entry`` at ``at``.

    It never changes but for its erasure, which leaves its name, its subject, entry and instant.
    """

    TABLE: ClassVar[str] = "credit_fact"
    KEYS: ClassVar[KeyColumns] = _OF_FACT

    source: str
    reference: str
    subject: str
    rule: str
    on: int
    quantity: int
    incident: str
    evidence: str
    file: str
    actor: str
    entry: int
    at: int

    @property
    def key(self) -> Key:
        """Return source and reference."""
        return (self.source, self.reference)

    @property
    def is_erased(self) -> bool:
        """Tell whether only its name is left."""
        return self.rule == ERASED

    def row(self) -> Row:
        """Return the columns of table ``credit_fact`` in their order."""
        return msgspec.structs.astuple(self)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to a fact: repaired from a day, revoked, disputed by an open objection.

    ``repaired_on`` is 0 where it was not repaired.
    """

    TABLE: ClassVar[str] = "credit_standing"
    KEYS: ClassVar[KeyColumns] = _OF_FACT

    source: str
    reference: str
    repaired_on: int = 0
    revoked: bool = False
    objection: int | None = None

    @property
    def key(self) -> Key:
        """Return source and reference of the fact."""
        return (self.source, self.reference)

    def row(self) -> Row:
        """Return the columns of table ``credit_standing`` in their order."""
        return msgspec.structs.astuple(self)


def standing_of(*row: object) -> Standing:
    """Return the standing that a row is."""
    return msgspec.convert(dict(zip(Standing.__struct_fields__, row, strict=True)), Standing)


class Event:
    """One thing that happened to a fact, as an append-only row."""

    TABLE: ClassVar[str] = "credit_event"
    __slots__ = ("_row",)

    def __init__(self, *row: str | int | None) -> None:
        self._row = row

    def row(self) -> Row:
        """Return the columns of table ``credit_event`` in their order."""
        return self._row

    def restore(self) -> None:
        """Nothing to take back: the row was never part of the resident state."""


class Department(msgspec.Struct, frozen=True):
    """A department that reports (信息提供部门), and for which rules."""

    TABLE: ClassVar[str] = "credit_department"

    party: str
    rules: list[str]
    decision: str
    entry: int

    def row(self) -> Row:
        """Return the columns of table ``credit_department`` in their order."""
        return msgspec.structs.astuple(self)


class SetPeriod(msgspec.Struct, frozen=True):
    """A period in calendar days, and the law behind it."""

    TABLE: ClassVar[str] = "credit_term"

    term: str
    days: int
    basis: str
    entry: int

    def row(self) -> Row:
        """Return the columns of table ``credit_term`` in their order."""
        return msgspec.structs.astuple(self)


class SetMonthsPeriod(msgspec.Struct, frozen=True):
    """A period in months, and the law behind it."""

    TABLE: ClassVar[str] = "credit_months"

    term: str
    months: int
    basis: str
    entry: int

    def row(self) -> Row:
        """Return the columns of table ``credit_months`` in their order."""
        return msgspec.structs.astuple(self)


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """A subject's dispute of a fact (异议); ``due`` is the last day for its answer."""

    TABLE: ClassVar[str] = "credit_objection"

    id: int
    subject: str
    source: str
    reference: str
    ground: str
    evidence: str
    opened_at: int
    due: int
    state: str = OPEN
    decided_at: int | None = None
    decided_by: str = ""
    answer: str = ""
    corrected_by: str = ""

    def row(self) -> Row:
        """Return the columns of table ``credit_objection`` in their order."""
        return msgspec.structs.astuple(self)


class Numbering:
    """The numbers of the next objection and the next intake; the rows' keys determine them."""

    __slots__ = ("intake", "objection")

    def __init__(self) -> None:
        self.objection = 1
        self.intake = 1

    def restore(self, objection: int, intake: int) -> None:
        """Take old numbers back."""
        self.objection, self.intake = objection, intake


class Archive:
    """All archives of one venue."""

    __slots__ = (
        "batches",
        "departments",
        "facts",
        "intakes",
        "keys",
        "ledger",
        "months_set",
        "next",
        "objections",
        "rule_sets",
        "standings",
        "subjects",
        "terms",
    )

    def __init__(self, ledger: Ledger, rule_sets: RuleSets) -> None:
        self.ledger = ledger
        self.rule_sets = rule_sets
        self.next = Numbering()
        self.departments: dict[str, Department] = {}
        self.terms: dict[str, SetPeriod] = {}
        self.months_set: dict[str, SetMonthsPeriod] = {}
        self.objections: dict[int, Objection] = {}
        self.keys: dict[tuple[str, str], DepartmentKey] = {}
        self.intakes: dict[int, Intake] = {}
        self.batches: Shelf[SignedBatch] = Shelf(SignedBatch)
        self.subjects: Shelf[Subject] = Shelf(Subject)
        self.facts: Shelf[StoredFact] = Shelf(StoredFact)
        self.standings: Shelf[Standing] = Shelf(Standing, make=standing_of)

    def intake_of(self, source: str) -> Intake | None:
        """Return the file that a department is having taken in, if there is one."""
        found = (each for each in self.intakes.values() if each.source == source and each.is_open)
        return next(found, None)

    def seen(self, source: str, reference: str) -> StoredFact | None:
        """Return a fact that counts: one of an intake does once that is adopted."""
        fact = self.facts.get(source, reference)
        if fact is None or not fact.file:
            return fact
        hidden = any(each.manifest == fact.file for each in self.intakes.values())
        return None if hidden else fact

    def days(self, term: Term) -> int:
        """Return a period: as it was set, else as the law has it."""
        found = self.terms.get(term.value)
        return TERM_DAYS[term] if found is None else found.days

    def months(self, term: Months) -> int:
        """Return a period in months: as it was set, else as the law has it."""
        found = self.months_set.get(term.value)
        return TERM_MONTHS[term] if found is None else found.months

    def standing(self, source: str, reference: str) -> Standing:
        """Return what happened to a fact so far."""
        found = self.standings.get(source, reference)
        return Standing(source=source, reference=reference) if found is None else found

    def adopted(self) -> list[RuleSet]:
        """Return the rule sets that were adopted, the oldest first."""
        return self.rule_sets.sets()

    def known_rules(self) -> dict[str, Rule]:
        """Return every rule as the newest adopted set that has it words it."""
        return {name: rule for each in self.adopted() for name, rule in each.rules.items()}

    def rule(self, rule: str) -> Rule | None:
        """Return a rule as the newest adopted set that has it words it."""
        found = [each.rules[rule] for each in self.adopted() if rule in each.rules]
        return found[-1] if found else None

    def check(self) -> None:
        """Prove invariants 2 and 3 for what is resident, and 4.

        Raises:
            InvariantBroken: an open objection that its fact does not know of, or two open intakes.
        """
        open_of = [each.source for each in self.intakes.values() if each.is_open]
        ensure(len(open_of) == len(set(open_of)), "a department has two open intakes")
        for objection in self.objections.values():
            ensure(objection.state == OPEN, f"objection {objection.id} is resident and not open")
            if self.standings.whole:
                standing = self.standing(objection.source, objection.reference)
                ensure(
                    standing.objection == objection.id and not standing.revoked,
                    f"objection {objection.id} is not that of its fact",
                )
