"""Which keys may be in the log: a Bloom filter that grows, so that a new key asks no database.

A key that the filter does not know is new. One that it knows is looked up, and one in some hundreds
of those is new after all. Two bytes a key hold that share; a filter that is full is followed by one
of twice its size, so ten million keys take some thirty megabytes.
"""

from collections.abc import Iterable

BITS_PER_KEY = 16
PROBES = 4
FIRST_CAPACITY = 1 << 20
_HALF = 32
_BITS = tuple(1 << place for place in range(8))


class KnownKeys:
    """The hashes of committed keys; ``complete`` tells that all of them are here."""

    __slots__ = ("_filters", "complete")

    def __init__(
        self, hashes: Iterable[int] = (), *, complete: bool, capacity: int = FIRST_CAPACITY
    ) -> None:
        self._filters = [_Filter(capacity)]
        self.complete = complete
        for number in hashes:
            self.add(number)

    def __contains__(self, number: int) -> bool:
        """Tell whether a key may have been added; a ``False`` is sure."""
        return any(number in each for each in self._filters)

    def add(self, number: int) -> None:
        """Remember a committed key by its 64-bit hash."""
        last = self._filters[-1]
        if last.left == 0:
            last = _Filter(2 * last.capacity)
            self._filters.append(last)
        last.add(number)


class _Filter:
    """One filter: ``PROBES`` bits for each key, whose places are the hash's two halves' sums."""

    __slots__ = ("_data", "_mask", "capacity", "left")

    def __init__(self, capacity: int) -> None:
        bits = 1 << (capacity * BITS_PER_KEY - 1).bit_length()
        self._data = bytearray(bits // 8)
        self._mask = bits - 1
        self.capacity = self.left = capacity

    def __contains__(self, number: int) -> bool:
        data, mask = self._data, self._mask
        step = number >> _HALF | 1
        for _ in range(PROBES):
            place = number & mask
            if not data[place >> 3] & _BITS[place & 7]:
                return False
            number += step
        return True

    def add(self, number: int) -> None:
        data, mask = self._data, self._mask
        step = number >> _HALF | 1
        for _ in range(PROBES):
            place = number & mask
            data[place >> 3] |= _BITS[place & 7]
            number += step
        self.left -= 1
