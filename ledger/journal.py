"""The undo journal: the only way back for machine state, and the write set of a batch.

Every change of state first pushes one record ``(target, *old)`` and only then changes ``target``.
``undo`` pops records, newest first, and hands each target its old values. Linked commands,
``dry_run``, poisoned commands and failed commits all return this way and no other.

Since a record names the object that changed, the journal of a batch is also its write set: the
rows to persist are the after-images of the objects it names (``ledger/projection.py``).
"""

from typing import Any, Protocol


class Journaled(Protocol):
    """A piece of machine state that can take its old values back."""

    def restore(self, *old: Any) -> None:
        """Put the values of one journal record back, exactly as they were."""


Record = tuple[Any, ...]
_NOT_HELD = object()
Journal = list[Record]


def undo(journal: Journal, *, mark: int = 0) -> None:
    """Take back every change since ``mark`` (a length of the journal), newest first."""
    while len(journal) > mark:
        target, *old = journal.pop()
        target.restore(*old)


class Created:
    """The arrival of a value in a dictionary; restoring removes it again."""

    __slots__ = ("key", "table", "value")

    def __init__(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self.table = table
        self.key = key
        self.value = value

    def restore(self) -> None:
        """Remove the key that this record announced."""
        del self.table[self.key]


class Placed:
    """A row that was put on a shelf (``ledger/shelf.py``), perhaps in the place of another."""

    __slots__ = ("is_new", "key", "table", "value", "was")

    def __init__(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        self.table = table
        self.key = key
        self.value = value
        self.was = table.get(key, _NOT_HELD)
        self.is_new = self.was is None or self.was is _NOT_HELD

    def restore(self) -> None:
        """Put back what was there: another row, the knowledge that there is none, or nothing."""
        if self.was is _NOT_HELD:
            del self.table[self.key]
        else:
            self.table[self.key] = self.was


class Removed:
    """The departure of a key from a dictionary; restoring puts the value back.

    The value returns at the end of the dictionary. A dictionary that was loaded has another order
    than one that lived, so nothing may iterate one inside ``apply`` without a total sort key.
    """

    __slots__ = ("key", "table", "value")

    def __init__(self, table: dict[Any, Any], key: Any) -> None:
        self.table = table
        self.key = key
        self.value = table[key]

    def restore(self) -> None:
        """Put the removed value back under its key."""
        self.table[self.key] = self.value


def create(journal: Journal, table: dict[Any, Any], *, key: Any, value: Any) -> None:
    """Put a new value into a dictionary of state, with its journal record."""
    journal.append((Created(table, key, value),))
    table[key] = value


def remove(journal: Journal, table: dict[Any, Any], *, key: Any) -> None:
    """Take a value out of a dictionary of state, with its journal record."""
    journal.append((Removed(table, key),))
    del table[key]
