"""Tallies: a part whose rows are not resident, in a table that the rig's own parts do not use."""

from typing import ClassVar

import msgspec

from ledger import commands
from ledger.effects import Effect
from ledger.machine import ANYONE, Context, Part, Rule
from ledger.refusals import Refusal
from ledger.shelf import Key, RowKey, Shelf
from ledger.state import Ledger, Row

OTHER = "test.tally_other"


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How often something was counted; ``kind`` is the second half of its key."""

    TABLE: ClassVar[str] = "reconciliation_terms"

    KEYS: ClassVar[tuple[tuple[str, str], ...]] = (("counterparty", "text"), ("file_kind", "text"))

    name: str
    kind: str = "t"
    total: int = 0

    @property
    def key(self) -> Key:
        return (self.name, self.kind)

    def row(self) -> Row:
        return (self.name, self.kind, [], 0, 0, 0, 0, 0, 0, [], [], self.total)


def read(name: str, kind: str, *rest: int) -> Tally:
    return Tally(name=name, kind=kind, total=rest[-1])


class Count(commands.Command, frozen=True, kw_only=True, tag="test_count"):
    """Count something; refused where ``expected`` is said and the tally is another."""

    name: str
    expected: int | None = None
    more: str = ""


class Counted(Effect, frozen=True, kw_only=True, tag="test_counted"):
    name: str
    total: int


class Tallies:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.shelf: Shelf[Tally] = Shelf(Tally, make=read)


def _count(state: Tallies, command: Count, context: Context) -> Refusal | None:
    for name in _names(command):
        found = state.shelf.get(name, "t")
        total = 0 if found is None else found.total
        if command.expected is not None and total != command.expected:
            return Refusal(code=OTHER, expected=str(command.expected), found=str(total))
        context.emit(Counted(name=name, total=total + 1))
    return None


def _names(command: Count) -> list[str]:
    return [command.name, command.more] if command.more else [command.name]


def _reads(state: Tallies, command: Count) -> list[RowKey]:
    return [state.shelf.named(name, "t") for name in _names(command)]


def _counted(state: Tallies, effect: Counted) -> None:
    state.shelf.put(state.ledger.journal, Tally(name=effect.name, total=effect.total))


def tallies_part(ledger: Ledger) -> Part:
    state = Tallies(ledger)
    return Part(
        state=state,
        rules={Count: Rule(decide=_count, roles=ANYONE, reads=_reads)},
        folds={Counted: _counted},
        shelves=(state.shelf,),
    )
