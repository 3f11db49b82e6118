"""After a restore: what is refused to a database that lost its last entries, and the two ways on.

A copy of the venue goes back to an earlier state while the signer's memory stays. First no writer
starts on it. Then the lost entries are entered again from an export that holds them, and the log
goes on; and on another copy the log ends, and a new one begins whose first entry names the loss.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from gateway.auditing.bundle import write_bundle
from gateway.auditing.scope import Scope
from gateway.drills import pen
from gateway.drills.bench import BASE, EARLIER, WORK, Bench, Kept
from gateway.drills.definition import Sighting
from gateway.drills.lines import publish, publish_log, replay, verify
from gateway.drills.workspace import Workspace
from gateway.errors import CannotRun
from gateway.transparency.loss import Loss, loss_of, refuse_loss
from gateway.transparency.reentering import reenter
from ledger.personal.disclosure import Sight
from ledger.personal.vault import Vault
from ledger.shards.part import OpenLog, Reason
from ledger.transparency.policy import Policy
from ledger.transparency.signing import add_secret, close_log
from ledger.transparency.store import logs_of

_OPERATOR = "SELECT id FROM actor WHERE 'operator' = ANY(roles) AND live ORDER BY id LIMIT 1"


@dataclass(slots=True, kw_only=True)
class Recovery:
    """One way back: what was done and seen, in words, and what was not as it must be."""

    name: str
    what: str
    steps: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def expect(self, *, good: bool, words: str) -> None:
        """Note a step, and that it failed where it did."""
        self.steps.append(words)
        if not good:
            self.unmet.append(words)

    def expect_nothing(self, found: Sighting | None, *, who: str) -> None:
        """Note that a line of defence has nothing to say."""
        words = f"{who}: nothing amiss" if found is None else f"{who}: {found.words}"
        self.expect(good=found is None, words=words)


async def recover(workspace: Workspace, kept: Kept) -> list[Recovery]:
    """Show both ways on, each on a copy of its own."""
    ways: list[tuple[Recovery, Callable[[Bench, Recovery, Loss], Awaitable[None]]]] = [
        (Recovery(name="reenter", what="lost entries entered again from an export"), _reenter),
        (Recovery(name="open-log", what="no export: the log ends, and another begins"), _open_log),
    ]
    for recovery, way in ways:
        begin = time.monotonic()
        url = await workspace.make(WORK, template=EARLIER)
        bench = Bench(workspace=workspace, kept=kept, entry="", url=url)
        bench.put_back("signer", of=BASE)
        loss = await _lose(bench, recovery)
        if loss is not None:
            await way(bench, recovery, loss)
            recovery.expect_nothing(await verify(bench), who="verify")
            recovery.expect_nothing(await replay(bench), who="replay")
        recovery.seconds = round(time.monotonic() - begin, 1)
    return [recovery for recovery, _ in ways]


async def _lose(bench: Bench, recovery: Recovery) -> Loss | None:
    """Let a writer start on the restored copy, which it must not; return what is missing."""
    try:
        await refuse_loss(bench.url, bench.signer)
    except CannotRun as refused:
        recovery.expect(good=True, words=f"writer's start: {str(refused).splitlines()[0]}")
    else:
        recovery.expect(good=False, words="writer's start: nothing keeps it from writing")
    connection = await asyncpg.connect(bench.url)
    try:
        return await loss_of(connection, bench.signer)
    finally:
        await connection.close()


async def _reenter(bench: Bench, recovery: Recovery, loss: Loss) -> None:
    bundle = bench.workspace.folder / "export.zip"
    await _export(bench, bundle)
    connection = await asyncpg.connect(bench.url)
    try:
        found = await loss_of(connection, bench.signer)
        assert found is not None
        vault = Vault(bench.vault)
        count = await reenter(connection, found, bundle=bundle, venue=bench.kept.venue, vault=vault)
    except CannotRun as refused:
        recovery.expect(good=False, words=str(refused))
        return
    finally:
        await connection.close()
    missing = loss.signed.size - loss.committed
    recovery.expect(good=count == missing, words=f"{count} of {missing} entries entered again")
    recovery.expect_nothing(await publish(bench), who="publisher and signer")
    writer = await pen.start(bench.url, venue=bench.kept.venue, vault=bench.vault)
    result = await writer.write()
    await pen.stop(writer)
    recovery.expect(good=not result.state, words=f"the next entry: {result.state or 'committed'}")
    recovery.expect_nothing(await publish(bench), who="publisher and signer, with the next entry")


async def _export(bench: Bench, bundle: Path) -> None:
    """Write a bundle of everything, as an operator keeps one, from the copy before the loss."""
    connection = await asyncpg.connect(bench.workspace.url(BASE))
    try:
        with bundle.open("wb") as target:
            await write_bundle(
                connection,
                target,
                scope=Scope(kind="everything"),
                sees=lambda _: Sight(postings=True, personal=True),
                policy=Policy(logs=tuple(bench.kept.public)),
                vault=Vault(bench.vault),
            )
    finally:
        await connection.close()


async def _open_log(bench: Bench, recovery: Recovery, loss: Loss) -> None:
    old, size = loss.store.origin, loss.signed.size
    command = OpenLog(
        origin=f"{old}/again",
        reason=Reason.ENTRIES_LOST,
        old_size=size,
        old_root=loss.signed.root.hex(),
    )
    connection = await asyncpg.connect(bench.url)
    try:
        operator = str(await connection.fetchval(_OPERATOR))
        writer = await pen.start(bench.url, venue=bench.kept.venue, vault=bench.vault)
        result = await writer.write(command, actor=operator)
        await pen.stop(writer)
        recovery.expect(good=not result.state, words=f"{command.origin} begins {result.state}")
        before, after = await logs_of(connection)
    finally:
        await connection.close()
    lost = f"it says that entries {after.first} to {before.first + size - 1} are gone"
    recovery.expect(good=before.is_cut, words=lost)
    close_log(bench.signer, old, size=size)
    add_secret(bench.signer, after.origin)
    found = await publish_log(bench.url, signer=bench.signer, log=after)
    recovery.expect_nothing(found, who="publisher and signer of the new log")
    refused = await publish_log(bench.url, signer=bench.signer, log=before, anew=True)
    words = "signed it" if refused is None else refused.words
    recovery.expect(good=refused is not None, words=f"signer of the old name: {words}")
