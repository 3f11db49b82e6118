"""Personal parts: what is there keeps its commitment, what is gone was erased by an entry.

A part that is missing or cannot be opened is doubtful until the end of the walk, when all erasures
are known. What should be gone and is not gets a moment of real time, for the eraser works after the
commit. Without the vault the parts stay closed, and only their rows are looked at.
"""

import asyncio
import time

import asyncpg
import msgspec

from ledger.entry import commit_personal
from ledger.personal.parts import PartUnreadable, opened, whole
from ledger.personal.vault import Vault
from ledger.sequencer.submission import StoredBody
from ledger.verification.findings import Check, Finding, Report
from ledger.verification.walk import RawEntry

GRACE_SECONDS = 3.0
LOOK_SECONDS = 0.2
LEFT_MAX = 1_000
_ERASED = b'"effect":"person_erased"'
_COLUMNS = "subject, key or body, in entry_personal"
_NEWER = (
    'SELECT postings FROM entry WHERE "index" IN '
    "(SELECT entry FROM erasure WHERE entry > $1) LIMIT 1000"
)
_LEFT = (
    'SELECT "index", subject FROM entry_personal WHERE subject = ANY($1::text[]) '
    "ORDER BY 1, 2 LIMIT $2"
)
_ASIDE = (
    "SELECT q.digest, a.party FROM quarantine q JOIN actor a ON a.id = q.actor "
    "WHERE a.party = ANY($1::text[]) ORDER BY 1 LIMIT $2"
)


class PersonalAudit:
    """What the entries say of personal parts, and the comparison with rows and vault."""

    def __init__(
        self, report: Report, *, vault: Vault | None, grace_seconds: float = GRACE_SECONDS
    ) -> None:
        self._report = report
        self._vault = vault
        self._grace_seconds = grace_seconds
        self._origin = ""
        self._doubtful: dict[int, Finding] = {}
        self._unopened: dict[int, tuple[str, Finding]] = {}
        self._entries: set[int] = set()
        self._present: dict[int, set[str]] = {}
        self._shared: list[tuple[int, str]] = []
        self._erasures: dict[str, int] = {}

    def check(self, entry: RawEntry, *, origin: str, commitment: str) -> bool:
        """Compare an entry's personal part with its commitment; tell whether nothing is amiss."""
        self._origin = origin
        self._present[entry.index] = {row.subject for row in entry.parts}
        if not entry.parts:
            self._doubt(entry.index, expected=commitment, found="neither an empty part nor a row")
            return False
        if self._vault is None:
            return True  # and who is present is kept, for the whole cannot be proved
        keys = self._vault.keys(origin, [row.subject for row in entry.parts])
        plain = []
        for row in entry.parts:
            try:
                plain += opened([row], origin=origin, keys=keys)
            except PartUnreadable as error:
                expected = error.expected or ""
                finding = _finding(entry.index, _COLUMNS, expected=expected, found=error.found)
                if row.subject in keys:
                    self._report.add(finding)
                else:
                    self._unopened[entry.index] = (row.subject, finding)
        if len(plain) < len(entry.parts):
            return False
        part = whole(plain)
        found = commit_personal(part.key, part.body)
        if found != commitment:
            self._doubt(entry.index, expected=commitment, found=found)
            return False
        del self._present[entry.index]
        return True

    def note(self, index: int, body: StoredBody) -> None:
        """Note whom an entry erased, and which personal parts went with that."""
        effects = bytes(body.effects)
        if _ERASED not in effects:
            return
        for effect in msgspec.json.decode(effects):
            if effect["effect"] == "person_erased":
                self._erasures.setdefault(effect["party"], index)
                self._entries.update(int(each) for each in effect["entries"])
                self._shared += [(int(e["entry"]), e["subject"]) for e in effect["shared"]]

    def erased(self) -> frozenset[str]:
        """Return the parties that the entries so far erased."""
        return frozenset(self._erasures)

    async def finish(self, connection: asyncpg.Connection) -> None:
        """Report what no erasure explains, and what an erasure left; run it outside a snapshot."""
        if self._doubtful or self._unopened:
            # The vault has no snapshots: a person may have been erased since the walk's was taken.
            for row in await connection.fetch(_NEWER, self._report.head):
                self.note(
                    self._report.head + 1, msgspec.json.decode(row["postings"], type=StoredBody)
                )
        for index, finding in self._doubtful.items():
            if index not in self._entries:
                self._report.add(finding)
        for subject, finding in self._unopened.values():
            if subject not in self._erasures:
                self._report.add(finding)
        for index, subject in self._shared:
            there = self._present.get(index)
            if there is not None and subject not in there and subject not in self._erasures:
                self._report.add(
                    _finding(index, _COLUMNS, expected=f"{subject}'s portion", found="no such row")
                )
        await self._find_left(connection)

    async def _find_left(self, connection: asyncpg.Connection) -> None:
        if not self._erasures:
            return
        until = time.monotonic() + self._grace_seconds
        while (left := await self._left(connection)) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)
        for finding in left:
            self._report.add(finding)

    async def _left(self, connection: asyncpg.Connection) -> list[Finding]:
        subjects = sorted(self._erasures)
        left = [
            self._owed("entry_personal", (row["index"], row["subject"]), row["subject"])
            for row in await connection.fetch(_LEFT, subjects, LEFT_MAX)
        ]
        left += [
            self._owed("quarantine", (row["digest"],), row["party"])
            for row in await connection.fetch(_ASIDE, subjects, LEFT_MAX)
        ]
        if self._vault is not None:
            keys = sorted(self._vault.keys(self._origin, subjects))
            left += [self._owed("subject_key", (each,), each) for each in keys]
        return left

    def _owed(self, table: str, key: tuple[object, ...], subject: str) -> Finding:
        entry = self._erasures[subject]
        return Finding(
            check=Check.ERASURE,
            table=table,
            key=key,
            column="",
            expected=f"nothing, after the erasure of entry {entry}",
            found="a row",
            entry=entry,
        )

    def _doubt(self, index: int, *, expected: str, found: str) -> None:
        self._doubtful[index] = _finding(index, _COLUMNS, expected=expected, found=found)


def _finding(index: int, column: str, *, expected: str, found: str) -> Finding:
    return Finding(
        check=Check.COMMITMENT,
        table="entry",
        key=(index,),
        column=column,
        expected=expected,
        found=found,
        entry=index,
    )
