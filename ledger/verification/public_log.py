"""Tiles, checkpoints and anchors of the public log against the headers, derived a third time."""

import asyncpg

from ledger.transparency.checkpoint import Checkpoint
from ledger.transparency.edge import FULL, Edge
from ledger.transparency.frontier import Frontier
from ledger.transparency.growing import TreeBroken, root_at
from ledger.transparency.hashing import HASH_SIZE, hash_leaf
from ledger.transparency.note import NoteRefused, parse_note
from ledger.transparency.store import LogStore, PublicLog, logs_of
from ledger.transparency.tiles import Key, tiles_of
from ledger.verification.anchors import differences, read_anchors, strays
from ledger.verification.findings import Check, Finding, Report, shown
from ledger.verification.walk import RawEntry

_STRAY = """
SELECT 'tile' AS name, shard, count(*) AS rows FROM tile WHERE shard <> ALL($1::bigint[])
GROUP BY shard UNION ALL
SELECT 'checkpoint', shard, count(*) FROM checkpoint WHERE shard <> ALL($1::bigint[])
GROUP BY shard LIMIT 1000
"""


class PublicLogsAudit:
    """Follows the walk through all logs of the venue."""

    def __init__(self, connection: asyncpg.Connection, report: Report) -> None:
        self._connection = connection
        self._report = report
        self._audits: dict[int, PublicLogAudit] = {}

    async def visit(self, page: list[RawEntry]) -> None:
        """Hand each entry of a page to the log that it belongs to."""
        for log in await logs_of(self._connection):
            end = log.end
            some = [
                entry
                for entry in page
                if log.first <= entry.index and (end is None or entry.index < end)
            ]
            if some:
                await self._audit_of(log).visit(some)

    async def finish(self) -> None:
        """Compare what the walk's snapshot has, log by log."""
        logs = await logs_of(self._connection)
        for log in logs:
            await self._audit_of(log).finish()
        known = [log.number for log in logs]
        for row in await self._connection.fetch(_STRAY, known):
            self._report.add(
                Finding(
                    check=Check.PUBLIC_LOG,
                    table=row["name"],
                    column="shard",
                    expected="a log of the venue",
                    found=f"{row['rows']} rows of log {row['shard']}",
                )
            )

        origins = [log.origin for log in logs]
        for row in await strays(self._connection, origins):
            self._report.add(
                Finding(
                    check=Check.PUBLIC_LOG,
                    table="anchor",
                    key=(row["size"], row["kind"]),
                    column="origin",
                    expected=", ".join(origins),
                    found=row["origin"],
                )
            )

    def _audit_of(self, log: PublicLog) -> "PublicLogAudit":
        found = self._audits.get(log.number)
        if found is None:
            store = LogStore(self._connection, log)
            found = self._audits[log.number] = PublicLogAudit(store, self._report)
        return found


class PublicLogAudit:
    """Follows the walk through one log; memory is the tree's edge and the published sizes."""

    def __init__(self, store: LogStore, report: Report) -> None:
        self._connection = store.connection
        self._store = store
        self._report = report
        self._edge = Edge()
        self._frontier = Frontier()
        self._roots: dict[int, bytes] = {}
        self._sizes: set[int] | None = None

    async def visit(self, page: list[RawEntry]) -> None:
        """Let the tree grow by a page's headers and compare the tiles that they filled."""
        if self._sizes is None:
            rows = await self._connection.fetch(
                "SELECT size FROM checkpoint WHERE shard = $1", self._store.log.number
            )
            self._sizes = {row["size"] for row in rows}
        leaves = [hash_leaf(entry.header) for entry in page]
        for leaf in leaves:
            self._frontier.append(leaf)
            if self._frontier.size in self._sizes:
                self._roots[self._frontier.size] = self._frontier.root()
        self._edge.extend(leaves)
        await self._compare_tiles(self._edge.take_changed())

    async def finish(self) -> None:
        """Compare what the walk's snapshot has: which tiles, how wide, and every checkpoint."""
        await self._compare_tiles(self._edge.take_changed())
        # A forged tile may claim any size; no more than the entries there are is gone through.
        size = max(await self._store.integrated(), *(self._sizes or ()), 0)
        size = min(size, self._edge.size)
        expected = {(level, number): width for level, number, width in tiles_of(size)}
        rows = await self._connection.fetch(
            "SELECT level, number, length(hashes) / 32 AS width FROM tile WHERE shard = $1",
            self._store.log.number,
        )
        found = {(row["level"], row["number"]): row["width"] for row in rows}
        for key in sorted(expected.keys() | found.keys()):
            want, have = expected.get(key, 0), found.get(key, 0)
            if want != have:
                self._add("tile", key, "hashes", f"{want} hashes", f"{have} hashes", entry=None)
        await self._compare_checkpoints()
        await self._compare_anchors()

    async def _compare_tiles(self, tiles: dict[Key, bytes]) -> None:
        """Compare stored tiles as far as they go; the publisher may be behind."""
        stored = await self._store.tiles(tiles)
        for key, data in tiles.items():
            have = stored.get(key, b"")
            if have == data[: len(have)] or (len(data) < FULL and data == have[: len(data)]):
                continue
            place = next(at for at in range(len(have)) if have[at : at + 1] != data[at : at + 1])
            number = place // HASH_SIZE
            self._add(
                "tile",
                key,
                "hashes",
                _hash(data, number),
                _hash(have, number),
                entry=_first_leaf(key, number),
            )

    async def _compare_checkpoints(self) -> None:
        query = "SELECT size, root, note FROM checkpoint WHERE shard = $1"
        async for row in self._connection.cursor(query, self._store.log.number):
            size = row["size"]
            if size > self._edge.size:
                wrong = f"at most {self._edge.size} entries"
                self._add("checkpoint", (size,), "size", wrong, f"{size}", entry=None)
                continue
            root = await self._root(size)
            if row["root"] != root:
                found = shown(row["root"])
                self._add("checkpoint", (size,), "root", shown(root), found, entry=size - 1)
            try:
                said = Checkpoint.parse(parse_note(row["note"]).text)
                words = f"{said.size} {said.root.hex()}"
            except NoteRefused as error:
                words = str(error)
            expected = f"{size} {shown(root)}"
            if words != expected:
                self._add("checkpoint", (size,), "note", expected, words, entry=size - 1)

    async def _compare_anchors(self) -> None:
        origin = self._store.origin
        for row in await read_anchors(self._connection, origin):
            fits = row["size"] <= self._edge.size
            root = await self._root(row["size"]) if fits else None
            for key, column, expected, found in differences(row, origin=origin, root=root):
                self._add("anchor", key, column, expected, found, entry=None)

    async def _root(self, size: int) -> bytes | None:
        found = self._roots.get(size)
        if found is None and size == self._frontier.size:
            return self._frontier.root()
        if found is None:
            try:
                return await root_at(self._store, size)
            except TreeBroken:
                return None
        return found

    def _add(  # noqa: PLR0917  a finding's parts in their order
        self,
        table: str,
        key: tuple[int | str, ...],
        column: str,
        expected: str,
        found: str,
        *,
        entry: int | None,
    ) -> None:
        self._report.add(
            Finding(
                check=Check.PUBLIC_LOG,
                table=table,
                key=key if table == "anchor" else (*key, self._store.log.number),
                column=column,
                expected=expected,
                found=found,
                entry=None if entry is None else entry + self._store.log.first,
            )
        )


def _hash(data: bytes, number: int) -> str:
    return data[number * HASH_SIZE : (number + 1) * HASH_SIZE].hex() or "nothing"


def _first_leaf(key: Key, number: int) -> int:
    level, tile = key
    return (tile * 256 + number) << (8 * level)
