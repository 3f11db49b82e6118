"""The process that anchors: each configured kind in turns of its own, until stopped.

It is in nobody's way: it reads what is published and writes its own table. Whatever goes wrong
outside, a node, an authority, a file, a database that is away, is alarmed and tried again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import structlog

from gateway.anchoring.authority import ask_authority
from gateway.anchoring.configuration import (
    intervals,
    read_artifact,
    read_key_file,
    shown_address,
)
from gateway.errors import CannotRun
from gateway.settings import Settings
from kernel.clock import SystemClock
from ledger.anchoring.anchor import AnchorTrouble, Kind
from ledger.anchoring.chaining import MICROSECONDS, ChainAnchoring
from ledger.anchoring.running import IDLE_SECONDS, PAUSE_SECONDS, Turns, Worker
from ledger.anchoring.stamping import Stamp, Stamping
from ledger.transparency.store import current_log, logs_of

# Witnesses get this long to add their lines to a checkpoint before it is anchored.
SETTLE_SECONDS = 10.0
TROUBLE_SECONDS = 30.0

log = structlog.get_logger()


async def anchor_until_stopped(
    settings: Settings, dsn: str, kinds: list[Kind], *, pause: float = PAUSE_SECONDS
) -> None:
    """Anchor in these kinds until cancelled; one that hangs does not hold up another."""
    async with asyncio.TaskGroup() as group:
        for kind in kinds:
            group.create_task(_anchor(settings, dsn, kind, pause=pause))


async def _anchor(settings: Settings, dsn: str, kind: Kind, *, pause: float) -> None:
    while True:
        try:
            await _anchor_connected(settings, dsn, kind, pause=pause)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("anchoring_waits", kind=kind, reason=repr(error))
        except (CannotRun, AnchorTrouble) as error:
            log.error("alarm", what=f"anchor.cannot_run: {error}", kind=kind)  # noqa: TRY400  the cause is in the words
            await asyncio.sleep(TROUBLE_SECONDS)
        await asyncio.sleep(pause)


async def _anchor_connected(settings: Settings, dsn: str, kind: Kind, *, pause: float) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        store = await current_log(connection)
        if store is None:
            return
        origin = store.origin
        async with worker_of(settings, connection, kind=kind, origin=origin) as worker:
            idle = min(IDLE_SECONDS, intervals(settings)[kind])
            turns = Turns(kind=kind, worker=worker, pause_seconds=pause, idle_seconds=idle)
            while True:
                pause_now = await turns.turn()
                if (await logs_of(connection))[-1].origin != origin:
                    return  # another log goes on, and is anchored from its own beginning
                await asyncio.sleep(pause_now)
    finally:
        connection.terminate()


def worker_of(
    settings: Settings, connection: asyncpg.Connection, *, kind: Kind, origin: str
) -> AbstractAsyncContextManager[Worker]:
    """Return what anchors a log in one kind, as it is configured.

    Raises:
        CannotRun: a file cannot be read.
        AnchorTrouble: a file, an address or a key is not what it should be.
    """
    shared: dict[str, Any] = {
        "connection": connection,
        "origin": origin,
        "clock": SystemClock(),
        "settle_seconds": 0.0 if settings.log_policy is None else SETTLE_SECONDS,
    }
    opening = _on_chain if kind is Kind.CHAIN else _at_authority
    return opening(settings, shared)


@asynccontextmanager
async def _on_chain(settings: Settings, shared: dict[str, Any]) -> AsyncIterator[Worker]:
    # Only here, and only when it is configured: web3 is optional, and takes a second to import.
    from ledger.anchoring import evm

    assert settings.anchor_rpc is not None
    assert settings.anchor_key_file is not None
    compiled = read_artifact()
    async with evm.opened(
        settings.anchor_rpc.get_secret_value(),
        evm.Artifact(abi=compiled["abi"], bytecode=compiled["bytecode"]),
        address=settings.anchor_contract,
        secret=read_key_file(settings.anchor_key_file),
    ) as chain:
        yield ChainAnchoring(
            chain=chain,
            interval=int(settings.anchor_interval * MICROSECONDS),
            confirmations=settings.anchor_confirmations,
            **shared,
        )


@asynccontextmanager
async def _at_authority(settings: Settings, shared: dict[str, Any]) -> AsyncIterator[Worker]:
    from ledger.anchoring import tokens

    assert settings.timestamp_url is not None
    url = settings.timestamp_url.get_secret_value()
    trusted = tokens.read_trusted(read_trusted_file(settings))

    async def ask(request: bytes) -> bytes:
        return await ask_authority(url, request)

    def check(reply: bytes, imprint: bytes, nonce: int | None) -> Stamp:
        return tokens.check_reply(reply, imprint, nonce, trusted=trusted)

    yield Stamping(
        place=shown_address(url),
        ask=ask,
        check=check,
        interval=int(settings.timestamp_interval * MICROSECONDS),
        **shared,
    )


def read_trusted_file(settings: Settings) -> bytes:
    """Return the bytes of the file of trusted certificates.

    Raises:
        CannotRun: it cannot be read.
    """
    assert settings.timestamp_ca is not None
    try:
        return settings.timestamp_ca.read_bytes()
    except OSError as error:
        raise CannotRun(f"{settings.timestamp_ca} cannot be read: {error.strerror}") from error
