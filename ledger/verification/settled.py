"""What a run of entries settled for good: rows that no later entry can change.

A fact (a movement, a trade) is settled when it arises. An object that left the resident state left
its row behind as its last change made it: settled too, unless its key is used again, which only
keys of text are.
"""

from collections import defaultdict
from typing import Any

from ledger.journal import Created, Journal, Removed
from ledger.state import Row

_BITS = 16
_CHUNK = 1 << _BITS


class Numbers:
    """A set of whole numbers, most of them close together, at a byte each."""

    __slots__ = ("_chunks", "count")

    def __init__(self) -> None:
        self._chunks: dict[int, bytearray] = {}
        self.count = 0

    def add(self, number: int) -> None:
        """Put a number in."""
        chunk = self._chunks.setdefault(number >> _BITS, bytearray(_CHUNK))
        place = number % _CHUNK
        self.count += 1 - chunk[place]
        chunk[place] = 1

    def __contains__(self, number: int) -> bool:
        chunk = self._chunks.get(number >> _BITS)
        return chunk is not None and bool(chunk[number % _CHUNK])


def facts_of(journal: Journal) -> dict[str, list[Row]]:
    """Return the rows of the facts that a journal names, by table, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for record in journal:
        value = record[0]
        if len(record) == 1 and type(value) is not Created and hasattr(value, "TABLE"):
            found[value.TABLE].append(value.row())
    return found


def departed_of(journal: Journal) -> dict[str, list[Row]]:
    """Return the last rows of what left the resident state, by table, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for record in journal:
        if isinstance(record[0], Removed):
            value: Any = record[0].value
            if hasattr(value, "TABLE"):
                found[value.TABLE].append(value.row())
    return found
