"""Writes entries into a copy as its writer does, with the writer's own parts, in this process.

The lease, the loading, the machine, the fence and the committer are the real ones; only the queue
in front of them is left out. What is written is a command that the machine refuses, so that no
balance depends on a drill.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gateway.wiring import TABLE_MODULES, load_machine
from ledger.commands import Command, RevokeActor
from ledger.encoding import command_text, postings_text
from ledger.entry import NO_PERSONAL, leaf_hash
from ledger.machine import Machine
from ledger.projection import APPENDED, write_set
from ledger.sequencer.committer import Committer, Order, Result, Setting, connect
from ledger.sequencer.fence import Lease, acquire, refuse_unsafe, release
from ledger.sequencer.sealing import KEYS_SIZE, Place
from ledger.sequencer.statements import statements_of
from ledger.sequencer.submission import key_hash
from ledger.store import LedgerStore

ACTOR = "drill"
NOTHING = RevokeActor(actor="nobody")
LEASE_SECONDS = 0.05  # a drill need not wait for a takeover


@dataclass(slots=True)
class Pen:
    """A writer that has the lease, and the state that it loaded when it took it."""

    url: str
    lease: Lease
    machine: Machine
    head: int
    head_hash: str
    vault: Path

    async def write(self, command: Command = NOTHING, *, actor: str = ACTOR) -> Result:
        """Commit one entry as the next batch and say what became of it."""
        ledger = self.machine.ledger
        number = self.head + 1
        at, key = ledger.at, f"drill-{secrets.token_hex(8)}"
        version = ledger.machine_version or 1
        place = Place(ledger.origin, ledger.log_first)
        outcome = self.machine.apply(command, actor=actor, index=number, at=at)
        postings = postings_text(
            actor=actor,
            at=at,
            command=command_text(command),
            effects=outcome.effects,
            key=key,
            machine=version,
            refusal=outcome.refusal,
        )
        order = Order(
            number=1,
            old_head=self.head,
            head=number,
            place=place,
            turns=[] if ledger.origin == place.origin else [(number, ledger.origin)],
            applied=[(at, postings, NO_PERSONAL)],
            entry_keys=os.urandom(KEYS_SIZE),
            keys=[(key_hash(actor, key), number)],
            rows=[(t.table, t.created, t.changed) for t in write_set(ledger.journal)],
            first_origin=ledger.first_origin,
        )
        ledger.journal.clear()
        connection = await connect(self._setting)
        committer = Committer(connection, self._setting)
        try:
            result = await committer.commit(order)
            if not result.state:
                stored = await LedgerStore(connection).entry(number)
                self.head = number
                self.head_hash = "" if stored is None else leaf_hash(stored.header)
        finally:
            committer.end()
        return result

    @property
    def _setting(self) -> Setting:
        return Setting(
            dsn=self.url,
            venue=self.lease.venue,
            epoch=self.lease.epoch,
            head_hash=self.head_hash,
            ttl=LEASE_SECONDS,
            appended=sorted(APPENDED),
            statements=statements_of(TABLE_MODULES),
            vault=str(self.vault),
        )


async def start(url: str, *, venue: str, vault: Path, ahead: float = 0.0) -> Pen:
    """Start as a writer does: look at the database, take the lease, load what is committed.

    ``ahead`` is by how many seconds this machine's clock is shifted.

    Raises:
        Unsafe: the database contradicts itself, or would lose what it acknowledges.
    """
    connection = await asyncpg.connect(url)
    try:
        await refuse_unsafe(connection, ahead=ahead)
        lease = await acquire(connection, venue=venue, holder=ACTOR, ttl=LEASE_SECONDS)
        machine = await load_machine(connection)
        return Pen(url, lease, machine, lease.head, lease.head_hash, vault)
    finally:
        await connection.close()


async def stop(pen: Pen) -> None:
    """Give the lease back."""
    connection = await asyncpg.connect(pen.url)
    try:
        await release(connection, venue=pen.lease.venue, epoch=pen.lease.epoch)
    finally:
        await connection.close()
