"""Makes a batch's entries out of what was applied: keys, commitments, headers, the chain.

The committer does it, beside the connection: the hashes of a batch cost about a tenth of the time
that applying it costs the writer, whose process is the one that limits a venue.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from ledger.entry import NO_PERSONAL, Chain
from ledger.personal.parts import PlainRow, plain_rows

KEYS_SIZE = 64  # the two random keys of an entry

Row = tuple[Any, ...]
Applied = tuple[int, bytes, bytes]
Portion = tuple[int, str, bytes]


class Sealed(NamedTuple):
    """The rows of ``entry``, those of ``entry_personal`` in clear, the last header's leaf hash."""

    entries: list[Row]
    personal: list[PlainRow]
    head_hash: str


class Place(NamedTuple):
    """The public log that an entry belongs to: its name, and its first entry."""

    origin: str
    first: int


def seal(  # noqa: PLR0917  what a batch is made of
    place: Place,
    previous: str,
    first: int,
    applied: list[Applied],
    keys: bytes,
    turns: Iterable[tuple[int, str]] = (),
    portions: Iterable[Portion] = (),
) -> Sealed:
    """Seal the entries from index ``first`` on, the first of which follows ``previous``.

    ``applied`` are (stamp, postings, personal part), ``keys`` 64 random bytes for each of them,
    ``portions`` (index, subject, portion) of all personal parts. ``turns`` are (index, origin) of
    those with which a new log begins: it counts from 0.
    """
    of_entry: dict[int, list[tuple[str, bytes]]] = {}
    for index, subject, portion in portions:
        of_entry.setdefault(index, []).append((subject, portion))
    chain = Chain(origin=place.origin, previous=previous)
    begun = dict(turns)
    base = place.first
    entries: list[Row] = []
    personal_rows: list[PlainRow] = []
    for number, (at, postings, personal) in enumerate(applied):
        index = first + number
        if index in begun:
            chain, base = Chain(origin=begun[index], previous=chain.previous), index
        own = keys[number * KEYS_SIZE : (number + 1) * KEYS_SIZE]
        sealed = chain.seal(
            index=index - base, at=at, postings=postings, personal=personal, keys=own
        )
        empty: bytes | None = sealed.personal_key
        if personal != NO_PERSONAL:
            personal_rows += plain_rows(index, sealed.personal_key, of_entry[index])
            empty = None
        entries.append((index, sealed.header, postings, sealed.postings_key, empty))
    return Sealed(entries, personal_rows, chain.previous)
