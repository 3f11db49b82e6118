"""Personal parts that were stored before there was a vault: in clear, and of no named subject.

They are encrypted once, before a writer of this version starts. What backups and old pages of the
database hold of them is theirs, as ``docs/privacy.md`` says.
"""

from collections.abc import Callable

import asyncpg
import msgspec

from kernel.canonical import canonical, parse
from ledger.commands import Command, Linked
from ledger.personal.parts import encrypted, plain_rows
from ledger.personal.vault import Vault
from ledger.sequencer.statements import append
from ledger.sequencer.submission import StoredBody
from ledger.store import FIRST_ORIGIN

ROWS_PER_PAGE = 500
_PAGE = (
    'SELECT p."index", p.key, p.body, e.postings FROM entry_personal p '
    'JOIN entry e ON e."index" = p."index" WHERE p.subject = \'\' ORDER BY 1 LIMIT $1'
)
_DELETE = "DELETE FROM entry_personal WHERE subject = '' AND \"index\" = ANY($1::bigint[])"


async def encrypt_earlier(
    connection: asyncpg.Connection, decode: Callable[[msgspec.Raw], Command], *, vault: Vault
) -> int:
    """Encrypt all rows without a subject, page by page; return how many there were."""
    origin = await connection.fetchval(FIRST_ORIGIN)
    count = 0
    while rows := await connection.fetch(_PAGE, ROWS_PER_PAGE):
        plain = []
        for row in rows:
            command = decode(msgspec.json.decode(row["postings"], type=StoredBody).command)
            plain += plain_rows(row["index"], row["key"], stored_portions(command, row["body"]))
        keys = vault.ensure(origin, [row.subject for row in plain])
        async with connection.transaction():
            await connection.execute(_DELETE, [row["index"] for row in rows])
            made = encrypted(plain, origin=origin, keys=keys)
            await append(connection, "entry_personal", made)
        count += len(rows)
    return count


def stored_portions(command: Command, body: bytes) -> list[tuple[str, bytes]]:
    """Return what a stored part says, apart for each subject of its stored command."""
    if not isinstance(command, Linked):
        return [(_subject(command), body)]
    said = parse(body)["commands"]
    named = list(zip([_subject(leg) for leg in command.commands], said, strict=True))
    subjects = dict.fromkeys(subject for subject, leg in named if leg)
    return [
        (each, canonical({"commands": [leg if subject == each else {} for subject, leg in named]}))
        for each in subjects
    ]


def _subject(command: Command) -> str:
    return str(getattr(command, command.SUBJECT)) if command.SUBJECT else ""
