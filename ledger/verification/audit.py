"""The whole audit: follow the chain, fold every entry into a fresh machine, compare every row.

It never stops at the first finding; it sorts them, so that the first one names the first bad entry,
else the entry that last touched the bad row. A chain that was rewritten as a whole agrees with
itself: only a head that was kept outside shows it.
"""

from collections.abc import Callable
from dataclasses import replace

import asyncpg

from ledger.machine import Machine
from ledger.personal.vault import Vault
from ledger.sequencer import collector
from ledger.state_hash import state_hash
from ledger.store import LedgerStore
from ledger.verification.entries import UNREADABLE, EntryChecker
from ledger.verification.findings import Check, Finding, Report
from ledger.verification.folding import Folding, Locator
from ledger.verification.keys import KeyAudit
from ledger.verification.personal import GRACE_SECONDS, PersonalAudit
from ledger.verification.public_log import PublicLogsAudit
from ledger.verification.rows import RowAudit
from ledger.verification.walk import RawEntry, Walk

_EXTRA_PERSONAL = """
SELECT p."index" FROM entry_personal p
WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e."index" = p."index") ORDER BY 1 LIMIT 1000
"""


class Audit:
    """One run over one venue's database; without the ``vault`` personal parts stay closed."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        new_machine: Callable[[], Machine],
        *,
        vault: Vault | None = None,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        self._connection = connection
        self._new_machine = new_machine
        self.report = Report()
        self._personal = PersonalAudit(self.report, vault=vault, grace_seconds=grace_seconds)
        self._checker = EntryChecker(self.report, self._personal)
        self._folding = Folding(new_machine(), self.report)
        self._keys = KeyAudit(self.report)
        self._rows = RowAudit(connection, self.report)
        self._log = PublicLogsAudit(connection, self.report)
        self._kept_head: tuple[int, str] | None = None

    async def run(self, *, kept_head: tuple[int, str] | None = None) -> Report:
        """Check everything; ``kept_head`` is an index and leaf hash that were kept outside."""
        self._kept_head = kept_head
        with collector.aside():
            await Walk(self._connection).run(self._visit, compare=self._compare)
            await self._personal.finish(self._connection)
        self._folding.prove()
        await self._locate()
        self.report.sort()
        return self.report

    async def _visit(self, page: list[RawEntry]) -> None:
        for entry in page:
            self.report.entries += 1
            body = self._checker.check(entry)
            if self._kept_head is not None and entry.index == self._kept_head[0]:
                self._compare_kept(self._kept_head, found=self._checker.leaf)
            if body is None or not self._checker.whole:
                self._folding.broken = True
            if body is not None:
                self._keys.visit(entry.index, body)
                self._personal.note(entry.index, body)
                self._folding.fold(entry.index, body)
        await self._log.visit(page)
        journal = self._folding.machine.ledger.journal
        if not self._folding.broken:
            await self._rows.settle(journal)
        journal.clear()

    async def _compare(self) -> None:
        head, head_hash = await LedgerStore(self._connection).head()
        if self.report.entries or head >= 0:
            self._checker.finish(head=head, head_hash=head_hash)
        if self._kept_head is not None and not 0 <= self._kept_head[0] <= self._checker.index:
            self._compare_kept(self._kept_head, found="no such entry")
        for row in await self._connection.fetch(_EXTRA_PERSONAL):
            self.report.add(_stray(row["index"]))
        await self._keys.compare(self._connection, erased=self._erased_actors())
        await self._log.finish()
        if not self._folding.broken:
            self.report.state_hash = state_hash(self._folding.machine)
            await self._rows.finish(self._folding.machine)

    def _erased_actors(self) -> frozenset[str]:
        """Return the actors of erased persons, whose quarantined commands go too."""
        erased = self._personal.erased()
        actors = self._folding.machine.ledger.actors.values()
        return frozenset(each.id for each in actors if each.party in erased)

    def _compare_kept(self, kept: tuple[int, str], *, found: str) -> None:
        if found != kept[1]:
            self.report.add(
                Finding(
                    check=Check.KEPT_HEAD,
                    table="entry",
                    key=(kept[0],),
                    column="header",
                    expected=f"leaf hash {kept[1]}",
                    found=found,
                    entry=kept[0],
                )
            )

    async def _locate(self) -> None:
        """Name the entry that determines each bad row: fold again, up to where we stand."""
        wanted = {
            (each.table, each.key)
            for each in self.report.findings
            if each.check is Check.ROW and each.entry is None
        }
        if not wanted:
            return
        locator = Locator(self._new_machine(), wanted)

        async def visit(page: list[RawEntry]) -> None:
            for entry in page:
                try:
                    locator.visit(entry.index, entry.body())
                except UNREADABLE:
                    return

        await Walk(self._connection, up_to=self._checker.index).catch_up(visit)
        self.report.findings = [
            replace(each, entry=locator.found.get((each.table, each.key), each.entry))
            for each in self.report.findings
        ]


def _stray(index: int) -> Finding:
    return Finding(
        check=Check.BODY,
        table="entry_personal",
        key=(index,),
        expected="no such row",
        found="a row of no entry",
        entry=index,
    )
