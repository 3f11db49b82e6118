"""State that is too large for memory: rows of one table, of which the writer holds what waits.

A command declares the rows that its decision reads (``Rule.reads``). The sequencer *holds* them
from the command's arrival until its answer, and fetches those that are not in memory; ``apply``
then finds them here as if the whole table were resident (ADR 0023).

Invariants
1. In the writer, ``apply`` reads and changes only rows that a waiting command holds.
2. A row in memory is the newest one: whoever changed it holds it until that change is committed.
3. A row that nobody holds has no change that is not committed; it leaves memory.
4. ``count`` and ``digest`` tell of all rows of the table, wherever they are, and of nothing else.
"""

import hashlib
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

from kernel.errors import InvariantBroken, ensure
from ledger.journal import Journal, Placed
from ledger.row_lines import line
from ledger.state import Row

DIGEST_BYTES = 512
_MODULUS_MASK = (1 << (8 * DIGEST_BYTES)) - 1
INTEGER_MAX = (1 << 63) - 1

Key = tuple[str | int, ...]


class RowKey(NamedTuple):
    """Names one row: its table and the values of its primary key, in the table's order."""

    table: str
    key: Key


class Shelved(Protocol):
    """An unchanging value that a shelf keeps; a change puts another one in its place.

    ``KEYS`` are the columns of the primary key with their types, "text" or "bigint".
    """

    TABLE: ClassVar[str]
    KEYS: ClassVar[tuple[tuple[str, str], ...]]

    @property
    def key(self) -> Key:
        """Return the values of the primary key."""

    def row(self) -> Row:
        """Return the columns in the order of the table."""


T = TypeVar("T", bound=Shelved)


class Shelf(Generic[T]):
    """The rows of one table; ``whole`` where all of them are in memory (replay, audit, tests)."""

    TABLE: ClassVar[str] = "shelf"
    __slots__ = ("_holders", "_make", "_rows", "count", "digest", "keys", "table", "whole")

    def __init__(self, kind: type[T], *, make: Callable[..., T] | None = None) -> None:
        self.table = kind.TABLE
        self.keys = kind.KEYS
        self._make: Callable[..., T] = kind if make is None else make
        self._rows: dict[Key, T | None] = {}
        self._holders: dict[Key, int] = {}
        self.count = 0
        self.digest = 0
        self.whole = True

    def row(self) -> Row:
        """Return the columns of table ``shelf`` in their order."""
        return (self.table, self.count, self.digest.to_bytes(DIGEST_BYTES).hex())

    def restore(self, count: int, digest: int) -> None:
        """Take an old count and digest back."""
        self.count, self.digest = count, digest

    def __len__(self) -> int:
        """Return how many keys are in memory, those of no row included."""
        return len(self._rows)

    def named(self, *key: str | int) -> RowKey:
        """Return the name of a row, for a declaration."""
        return RowKey(self.table, key)

    def get(self, *key: str | int) -> T | None:
        """Return a row, ``None`` where there is none.

        Raises:
            InvariantBroken: the command did not declare it, so nobody knows whether there is one.
        """
        try:
            return self._rows[key]
        except KeyError:
            if self.whole:
                return None
            raise InvariantBroken(f"{self.table} {key} is read, and was not declared") from None

    def at_hand(self, *key: str | int) -> T | None:
        """Return a row that is in memory, for a declaration that goes on from it.

        ``None`` says nothing: a declaration is asked again when what it named has come.
        """
        return self._rows.get(key)

    def put(self, journal: Journal, value: T) -> None:
        """Put a row in, or another in the place of the one with its key."""
        key = value.key
        old = self.get(*key)
        journal.append((self, self.count, self.digest))
        journal.append((Placed(self._rows, key, value),))
        self._rows[key] = value
        digest = self.digest + lifted(line(self.table, value.row()))
        if old is None:
            self.count += 1
        else:
            digest -= lifted(line(self.table, old.row()))
        self.digest = digest & _MODULUS_MASK

    def hold(self, key: Key) -> bool:
        """Keep a row in memory for one more command; tell whether it is there already."""
        self._holders[key] = self._holders.get(key, 0) + 1
        if key not in self._rows and not (self.whole or can_be(key)):
            self._rows[key] = None
        return self.whole or key in self._rows

    def release(self, key: Key) -> None:
        """Let a command's hold go; what nobody holds leaves memory."""
        left = self._holders[key] - 1
        if left:
            self._holders[key] = left
            return
        del self._holders[key]
        if not self.whole:
            self._rows.pop(key, None)

    def wants(self, key: Key) -> bool:
        """Tell whether a row is held and has to be fetched."""
        return not self.whole and key in self._holders and key not in self._rows

    def fill(self, key: Key, row: Iterable[Any] | None) -> None:
        """Take in what was fetched; what is in memory already is as new or newer."""
        if self.wants(key):
            self._rows[key] = None if row is None else self._make(*row)

    def begin(self, *, count: int, digest: str) -> None:
        """Start from a committed table whose rows stay where they are."""
        self.count, self.digest, self.whole = count, int(digest, 16), False

    def adopt(self, rows: Iterable[Iterable[Any]]) -> None:
        """Take all rows of the table into memory, for good."""
        values = (self._make(*row) for row in rows)
        self._rows = {value.key: value for value in values}
        self.whole = True

    def rows(self) -> Iterable[T]:
        """Iterate the rows of a whole shelf by key."""
        ensure(self.whole, f"{self.table} is not whole")
        found = (value for value in self._rows.values() if value is not None)
        return sorted(found, key=attrgetter("key"))

    def check(self) -> None:
        """Prove invariant 4 where all rows are in memory.

        Raises:
            InvariantBroken: they are not those that count and digest tell of.
        """
        if not self.whole:
            return
        rows = list(self.rows())
        ensure(len(rows) == self.count, f"{self.table}: {len(rows)} rows, not {self.count}")
        total = sum(lifted(line(self.table, value.row())) for value in rows)
        ensure(total & _MODULUS_MASK == self.digest, f"{self.table}: its digest is of other rows")


def lifted(text: bytes) -> int:
    """Return a row's share of the digest: SHAKE-256, 4,096 bits; the digest is the sum of them.

    A sum does not depend on the order; at this width nobody can find another set of rows with the
    same sum (Wagner's generalised birthday attack needs about 2^128 steps).
    """
    return int.from_bytes(hashlib.shake_256(text).digest(DIGEST_BYTES))


def can_be(key: Key) -> bool:
    """Tell whether the database can have such a key: no NUL in text, numbers of 64 bits."""
    return all(
        "\x00" not in part if isinstance(part, str) else -INTEGER_MAX <= part <= INTEGER_MAX
        for part in key
    )
