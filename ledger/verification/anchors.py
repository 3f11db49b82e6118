"""The stored anchors against the tree of the headers: what each is of must be what was published.

How far an anchor is, no entry says: that is checked outside (``ecorights anchor verify``).
"""

import asyncpg

from ledger.anchoring.anchor import hash_note
from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.note import NoteRefused, parse_note

PAGE = 1_000
_PAGE = (
    "SELECT kind, origin, size, root, note, note_hash FROM anchor WHERE (size, kind) > ($1, $2) "
    "AND origin = $3 ORDER BY size, kind LIMIT $4"
)
Difference = tuple[tuple[int, str], str, str, str]
"""The row's size and kind, the column, what is expected there, and what was found."""


async def read_anchors(connection: asyncpg.Connection, origin: str) -> list[asyncpg.Record]:
    """Return what all anchors of one log are of, read page by page."""
    found: list[asyncpg.Record] = []
    after = (-1, "")
    while rows := await connection.fetch(_PAGE, *after, origin, PAGE):
        found += rows
        after = (rows[-1]["size"], rows[-1]["kind"])
    return found


async def strays(connection: asyncpg.Connection, origins: list[str]) -> list[asyncpg.Record]:
    """Return anchors of logs that the venue does not have."""
    query = "SELECT kind, origin, size FROM anchor WHERE origin <> ALL($1::text[]) LIMIT $2"
    return await connection.fetch(query, origins, PAGE)


def differences(row: asyncpg.Record, *, origin: str, root: bytes | None) -> list[Difference]:
    """Return what an anchor says otherwise than the log; ``root`` is that of the headers."""
    key = (row["size"], row["kind"])
    try:
        said = Checkpoint.parse(parse_note(row["note"]).text)
        note = f"{said.origin} {said.size} {said.root.hex()}"
    except NoteRefused as error:
        note = str(error)
    shown = "no such tree" if root is None else root.hex()
    compared = (
        ("root", shown, row["root"].hex()),
        ("note", f"{origin} {row['size']} {shown}", note),
        ("note_hash", hash_note(row["note"]).hex(), row["note_hash"].hex()),
    )
    return [(key, column, want, have) for column, want, have in compared if want != have]
