"""Replay: the whole log into a fresh machine, compared with what the rows give.

Folding takes the effects as the entries state them, whatever version of the machine decided them.
Deciding runs the commands again and compares effects, refusals and the very bytes of the postings
part; entries of a version that this code does not have, and those of a fault of ours, are folded.
"""

from collections.abc import Awaitable, Callable

import asyncpg

from kernel.canonical import parse_utc
from ledger.commands import Approve, CertifyStatement, Command
from ledger.decisions import MACHINE_VERSIONS
from ledger.encoding import postings_text
from ledger.journal import undo
from ledger.machine import Machine
from ledger.personal.commands import ErasePerson
from ledger.personal.fetched import recorded_entries
from ledger.refusals import Reject
from ledger.sequencer import collector
from ledger.sequencer.submission import StoredBody
from ledger.state_hash import state_hash
from ledger.statements import CertifiedPostings
from ledger.store import LedgerStore
from ledger.verification.entries import UNREADABLE
from ledger.verification.findings import Check, Finding, Report
from ledger.verification.folding import CONTRADICTION, Folding
from ledger.verification.rows import RowAudit, compare_states
from ledger.verification.walk import RawEntry, Walk

Load = Callable[[asyncpg.Connection], Awaitable[Machine]]
Certify = Callable[[asyncpg.Connection, CertifyStatement], Awaitable[CertifiedPostings]]
_VERSIONS = frozenset(str(version) for version in MACHINE_VERSIONS)
_SHOWN_MAX = 400


class Replay:
    """One replay of one venue's log."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        *,
        new_machine: Callable[[], Machine],
        load: Load,
        certify: Certify,
    ) -> None:
        self._connection = connection
        self._load = load
        self._certify = certify
        self._decide = False
        self.report = Report()
        self._folding = Folding(new_machine(), self.report)
        self._rows = RowAudit(connection, self.report)

    async def run(self, *, decide: bool = False) -> Report:
        """Replay all entries; with ``decide`` run their commands again."""
        self._decide = decide
        with collector.aside():
            await Walk(self._connection).run(self._visit, compare=self._compare)
        self._folding.prove()
        self.report.sort()
        return self.report

    async def _visit(self, page: list[RawEntry]) -> None:
        for entry in page:
            self.report.entries += 1
            self._follow(entry.index)
            try:
                body = entry.body()
            except UNREADABLE as error:
                self._folding.broken = True
                self._find(entry.index, Check.BODY, expected="a body", found=str(error))
                continue
            if self._decide and not self._folding.broken and _is_decidable(body):
                await self._run_again(entry, body)
            else:
                self._folding.fold(entry.index, body)
        journal = self._folding.machine.ledger.journal
        if not self._folding.broken:
            await self._rows.settle(journal)
        journal.clear()

    def _follow(self, index: int) -> None:
        """Go on to an entry; after a gap nothing is known of the state."""
        if index != self.report.head + 1:
            self._folding.broken = True
            missing = str(self.report.head + 1)
            self._find(index, Check.CHAIN, expected=f"entry {missing}", found=f"entry {index}")
        self.report.head = index

    async def _compare(self) -> None:
        if self._folding.broken:
            return
        machine = self._folding.machine
        await self._rows.finish(machine)
        self.report.state_hash = state_hash(machine)
        _, self.report.head_hash = await LedgerStore(self._connection).head()
        loaded = await self._load(self._connection)
        if state_hash(loaded) != self.report.state_hash:
            compare_states(self.report, expected=machine, found=loaded)

    async def _run_again(self, entry: RawEntry, body: StoredBody) -> None:
        """Decide a command again; where it comes out otherwise, go on with what was recorded."""
        machine = self._folding.machine
        journal = machine.ledger.journal
        mark = len(journal)
        self.report.decided += 1
        try:
            command = machine.decode_command(body.command)
            fetched = await self._fetch(command, body)
            found = _decide(machine, entry.index, body, command=command, fetched=fetched)
        except CONTRADICTION as error:
            found = repr(error).encode()
        if found != entry.postings:
            undo(journal, mark=mark)
            expected, got = _where_they_part(entry.postings, found)
            self._find(entry.index, Check.DECISION, expected=expected, found=got)
            self._folding.fold(entry.index, body)

    async def _fetch(self, command: Command, body: StoredBody) -> object:
        """Fetch from the rows again what the command was given, if it was given anything."""
        if isinstance(command, Approve | ErasePerson):
            return recorded_entries(body)
        if not isinstance(command, CertifyStatement):
            return None
        code = body.refusal["code"] if isinstance(body.refusal, dict) else None
        if code == Reject.ENTRY_NOT_COMMITTED:
            return None
        return await self._certify(self._connection, command)

    def _find(self, index: int, check: Check, *, expected: str, found: str) -> None:
        self.report.add(
            Finding(
                check=check,
                table="entry",
                key=(index,),
                column="postings",
                expected=expected,
                found=found,
                entry=index,
            )
        )


def _is_decidable(body: StoredBody) -> bool:
    refused = body.refusal["code"] if isinstance(body.refusal, dict) else None
    return body.machine in _VERSIONS and refused != Reject.MACHINE_FAULT


def _decide(
    machine: Machine, index: int, body: StoredBody, *, command: Command, fetched: object
) -> bytes:
    """Apply a command as it was applied and return the postings part that it makes."""
    at = parse_utc(body.at)
    version = machine.ledger.machine_version or 1
    outcome = machine.apply(command, actor=body.actor, index=index, at=at, fetched=fetched)
    return postings_text(
        actor=body.actor,
        at=at,
        command=bytes(body.command),
        effects=outcome.effects,
        key=body.key,
        machine=version,
        refusal=outcome.refusal,
    )


def _where_they_part(expected: bytes, found: bytes) -> tuple[str, str]:
    """Return both texts from shortly before the first byte that differs."""
    pairs = enumerate(zip(expected, found, strict=False))
    place = next((at for at, (a, b) in pairs if a != b), min(len(expected), len(found)))
    start = max(0, place - 40)
    both = (expected[start : start + _SHOWN_MAX], found[start : start + _SHOWN_MAX])
    return both[0].decode(errors="replace"), both[1].decode(errors="replace")
