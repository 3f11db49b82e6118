"""Folds the effects of stored entries into a machine, and notes where that cannot be done."""

from kernel.canonical import parse_utc
from kernel.errors import InvariantBroken
from ledger.journal import Created, Journal, Placed
from ledger.machine import Machine
from ledger.sequencer.statements import statement_of
from ledger.sequencer.submission import StoredBody
from ledger.verification.entries import UNREADABLE
from ledger.verification.findings import Check, Finding, Key, Report

CONTRADICTION = (*UNREADABLE, InvariantBroken, ArithmeticError, AttributeError, AssertionError)
Place = tuple[str, Key]


class Folding:
    """A fresh machine that takes the entries of a log one after another.

    After an entry that cannot be folded nothing is known of the state any more: ``broken``.
    """

    def __init__(self, machine: Machine, report: Report) -> None:
        self.machine = machine
        self.broken = False
        self._report = report

    def fold(self, index: int, body: StoredBody) -> None:
        """Fold an entry's effects, unless an earlier entry could not be."""
        if self.broken:
            return
        machine = self.machine
        version = str(machine.ledger.machine_version or 1)
        if body.machine != version:
            self._find(index, Check.BODY, expected=f"machine {version}", found=body.machine)
        try:
            effects = machine.decode_effects(bytes(body.effects))
            machine.fold(effects, index=index, at=parse_utc(body.at))
        except CONTRADICTION as error:
            self.broken = True
            expected = "effects that fit the state before them"
            self._find(index, Check.FOLD, expected=expected, found=repr(error))

    def prove(self) -> None:
        """Prove the invariants of the state, conservation among them."""
        if self.broken:
            return
        try:
            self.machine.check()
        except CONTRADICTION as error:
            self._report.add(
                Finding(
                    check=Check.STATE,
                    table="entry",
                    column="postings",
                    expected="a state without contradiction",
                    found=str(error),
                )
            )

    def _find(self, index: int, check: Check, *, expected: str, found: str) -> None:
        self._report.add(
            Finding(
                check=check,
                table="entry",
                key=(index,),
                column="postings",
                expected=expected,
                found=found,
                entry=index,
            )
        )


class Locator:
    """Finds the last entry that touched each of some rows, by folding a second time."""

    def __init__(self, machine: Machine, wanted: set[Place]) -> None:
        self._folding = Folding(machine, Report())
        self._wanted = wanted
        self.found: dict[Place, int] = {}

    def visit(self, index: int, body: StoredBody) -> None:
        """Fold one entry and note which wanted rows it touched."""
        self._folding.fold(index, body)
        journal = self._folding.machine.ledger.journal
        for place in _touched(journal):
            if place in self._wanted:
                self.found[place] = index
        journal.clear()


def _touched(journal: Journal) -> set[Place]:
    places = set()
    for record in journal:
        value = record[0]
        if isinstance(value, Created | Placed):
            value = value.value
        if hasattr(value, "TABLE"):
            row = value.row()
            keys = statement_of(value.TABLE).keys
            places.add((value.TABLE, tuple(row[place] for place in keys)))
    return places
