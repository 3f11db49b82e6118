"""What an erasure needs that is not resident: the entries with personal parts of a person.

A replay of the decision takes them from the entry itself, since their rows are gone by then.
"""

from typing import Any

import asyncpg
import msgspec

from ledger.commands import LINKED_COMMANDS_MAX, Approve, Command
from ledger.personal.commands import ErasePerson
from ledger.personal.effects import SharedPart
from ledger.refusals import Reject
from ledger.sequencer.submission import StoredBody
from ledger.state import Ledger

ENTRIES_PER_PERSON_MAX = 1_000
SHARED_MAX = ENTRIES_PER_PERSON_MAX * LINKED_COMMANDS_MAX
_KIND = '"kind":"erase_person"'
_ENTRIES = 'SELECT "index" FROM entry_personal WHERE subject = $1 ORDER BY "index" LIMIT $2'


_SHARED = (
    'SELECT "index", subject FROM entry_personal WHERE "index" = ANY($1::bigint[]) '
    'AND subject <> $2 ORDER BY "index", subject LIMIT $3'
)


class PersonalEntries(msgspec.Struct, frozen=True, kw_only=True):
    """The entries with personal parts of a party; ``known`` when the party was committed then.

    ``shared`` are other subjects' portions in the same entries.
    """

    known: bool
    entries: list[int]
    shared: list[SharedPart] = []


def asked_to_erase(command: Command, ledger: Ledger) -> str | None:
    """Return whom a command erases: by itself, or as the proposal that it approves."""
    if isinstance(command, ErasePerson):
        return command.party
    if not isinstance(command, Approve):
        return None
    proposal = ledger.proposals.get(command.proposal)
    if proposal is None or _KIND not in proposal.command:
        return None
    return str(msgspec.json.decode(proposal.command)["party"])


async def fetch_entries(connection: asyncpg.Connection, party: str) -> PersonalEntries:
    """Return the committed entries with personal parts of a party, one more than may be erased.

    A party's personal parts come with its registration, so one that is committed has them all.
    """
    known = await connection.fetchval("SELECT true FROM party WHERE id = $1", party)
    rows = await connection.fetch(_ENTRIES, party, ENTRIES_PER_PERSON_MAX + 1)
    entries = [row["index"] for row in rows]
    others = await connection.fetch(_SHARED, entries, party, SHARED_MAX)
    shared = [SharedPart(entry=row["index"], subject=row["subject"]) for row in others]
    return PersonalEntries(known=bool(known), entries=entries, shared=shared)


def recorded_entries(body: StoredBody) -> PersonalEntries | None:
    """Return what a stored command was given, as far as its outcome depends on it."""
    refused = body.refusal["code"] if isinstance(body.refusal, dict) else None
    if refused == Reject.RANGE_TOO_LONG:
        return PersonalEntries(known=True, entries=[0] * (ENTRIES_PER_PERSON_MAX + 1))
    for effect in _effects(body):
        if effect["effect"] == "person_erased":
            entries = [int(each) for each in effect["entries"]]
            shared = msgspec.convert(effect["shared"], list[SharedPart], strict=False)
            return PersonalEntries(known=True, entries=entries, shared=shared)
    return None


def _effects(body: StoredBody) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = msgspec.json.decode(body.effects)
    return found
