"""The rows beside the entries: idempotency keys, and the bytes of quarantined commands.

Each entry with a key determines one row of ``idempotency``; keys are unique over the whole log,
which no index proves, since the table is cut into ranges of entries. Nine bytes are kept for each
entry, so that rows may come in any order.
"""

import hashlib
from array import array
from itertools import pairwise

import asyncpg
import msgspec

from ledger.commands import Quarantine
from ledger.sequencer.submission import StoredBody, key_hash
from ledger.verification.findings import Check, Finding, Report

ROWS_PER_FETCH = 10_000
ENTRIES_PER_RANGE = 4_000_000
BUCKETS = 16
MISSING_MAX = 1_000_000  # beyond it an index is no index of this log, and costs no memory
_NONE, _EXPECTED, _SEEN = 0, 1, 2
_INSIDE = 'SELECT key_hash, "index" FROM idempotency WHERE "index" >= $1 AND "index" < $2'
_OUTSIDE = 'SELECT key_hash, "index" FROM idempotency WHERE "index" < 0 OR "index" >= $1'
_QUARANTINE = b'"kind":"quarantine"'
_decode_quarantine = msgspec.json.Decoder(Quarantine).decode


class KeyAudit:
    """What the entries say of keys and quarantined commands, and the comparison with the rows."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._hashes = array("q")
        self._marks = bytearray()
        self._quarantined: dict[str, list[tuple[str, str, int]]] = {}

    def visit(self, index: int, body: StoredBody) -> None:
        """Note the key of the next entry and the command it set aside, if it did."""
        missing = index - len(self._marks)
        if not 0 <= missing <= MISSING_MAX:
            return
        self._hashes.extend([0] * missing)
        self._marks.extend(bytes(missing))
        self._hashes.append(key_hash(body.actor, body.key) if body.key else 0)
        self._marks.append(_EXPECTED if body.key else _NONE)
        command = bytes(body.command)
        if _QUARANTINE in command:
            try:
                aside = _decode_quarantine(command)
            except msgspec.MsgspecError:
                return
            aside_by = (aside.cause, body.actor, index)
            self._quarantined.setdefault(aside.digest, []).append(aside_by)

    async def compare(
        self, connection: asyncpg.Connection, *, erased: frozenset[str] = frozenset()
    ) -> None:
        """Compare all rows; run it inside a snapshot. ``erased`` are the actors of the erased."""
        await self._compare_idempotency(connection)
        await self._compare_quarantine(connection, erased)
        self._prove_unique()

    async def _compare_idempotency(self, connection: asyncpg.Connection) -> None:
        end = len(self._marks)
        for start in range(0, end, ENTRIES_PER_RANGE):
            stop = min(end, start + ENTRIES_PER_RANGE)
            async for row in connection.cursor(_INSIDE, start, stop, prefetch=ROWS_PER_FETCH):
                self._compare_key(row["index"], found=row["key_hash"])
        async for row in connection.cursor(_OUTSIDE, end, prefetch=ROWS_PER_FETCH):
            self._find(row["index"], expected="no such row", found=str(row["key_hash"]))
        place = self._marks.find(_EXPECTED)
        while place >= 0:
            self._find(place, expected=str(self._hashes[place]), found="no such row")
            place = self._marks.find(_EXPECTED, place + 1)

    def _compare_key(self, index: int, *, found: int) -> None:
        mark = self._marks[index]
        if mark != _EXPECTED:
            words = "no such row" if mark == _NONE else "no second row"
            self._find(index, expected=words, found=str(found))
            return
        self._marks[index] = _SEEN
        if self._hashes[index] != found:
            self._find(index, expected=str(self._hashes[index]), found=str(found))

    def _find(self, index: int, *, expected: str, found: str) -> None:
        self._report.add(
            Finding(
                check=Check.KEY,
                table="idempotency",
                key=(index,),
                column="key_hash",
                expected=expected,
                found=found,
                entry=index,
            )
        )

    def _prove_unique(self) -> None:
        """Find keys that two entries used; by their first bits, so that one part is sorted."""
        shift = 64 - BUCKETS.bit_length() + 1
        for bucket in range(BUCKETS):
            part = [
                (number, index)
                for index, number in enumerate(self._hashes)
                if (number >> shift) % BUCKETS == bucket and self._marks[index]
            ]
            part.sort()
            for (one, first), (other, second) in pairwise(part):
                if one == other:
                    self._find(second, expected=f"another key than entry {first}", found=str(one))

    async def _compare_quarantine(
        self, connection: asyncpg.Connection, erased: frozenset[str]
    ) -> None:
        expected = dict(self._quarantined)
        query = "SELECT digest, command, cause, actor FROM quarantine ORDER BY digest"
        async for row in connection.cursor(query, prefetch=ROWS_PER_FETCH):
            digest = row["digest"]
            told = expected.pop(digest, None)
            if told is None:
                self._aside(digest, "", expected="no such row", found="a row", entry=None)
                continue
            cause, actor, entry = told[0]
            if actor != row["actor"]:
                self._aside(digest, "actor", expected=actor, found=row["actor"], entry=entry)
            if cause != row["cause"]:
                self._aside(digest, "cause", expected=cause, found=row["cause"], entry=entry)
            found = hashlib.sha256(row["command"]).hexdigest()
            if found != digest:
                self._aside(digest, "command", expected=digest, found=found, entry=entry)
        for digest, told in expected.items():
            if not any(actor in erased for _, actor, _ in told):
                entry = told[0][2]
                self._aside(digest, "", expected="a row", found="no such row", entry=entry)

    def _aside(
        self, digest: str, column: str, *, expected: str, found: str, entry: int | None
    ) -> None:
        self._report.add(
            Finding(
                check=Check.ROW,
                table="quarantine",
                key=(digest,),
                column=column,
                expected=expected,
                found=found,
                entry=entry,
            )
        )
