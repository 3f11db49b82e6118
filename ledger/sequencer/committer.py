"""The committer: a process of its own that turns batches into transactions, in order.

Orders come through a socket as file descriptors of memory that holds one msgpack message each, so
a batch of megabytes costs the writer one copy and one short write; results go back as frames. Every
transaction begins with the fence: no row, no batch. It decides nothing; what a failure means is
the sequencer's business.

The process is started before its writer has the lease, and serves one epoch after another: each
begins with a setting, that is a connection of its own.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from ledger.personal.parts import PersonalRow, encrypted
from ledger.personal.vault import Vault, VaultUnavailable
from ledger.sequencer.faults import CLOCKS_PART, FENCED, LOST, UNSAFE
from ledger.sequencer.fence import (
    CLOCK_DIFFERENCE_MAX_SECONDS,
    FENCE,
    Unsafe,
    application_name,
    clock_difference,
    refuse_unsafe,
)
from ledger.sequencer.frames import frame
from ledger.sequencer.sealing import Applied, Place, Portion, Sealed, seal
from ledger.sequencer.writing import Statement, append, write_rows

TRANSACTION_SECONDS_MAX = 60
LOCK_SECONDS_MAX = 5
TRANSACTION_TIMEOUT_SINCE = 17
VALUE_REFUSED = "22000"
VAULT_REFUSED = "58030"  # as an error of input and output: nobody is at fault, and it may pass
BEGUN = 0
SETTING = b"s"
ORDER = b"o"


class Order(msgspec.Struct, frozen=True, array_like=True):
    """One transaction: the fence's values and the rows; without any it renews the lease.

    ``attempts`` are (key hash, deaths) of commands that are about to run alone; ``cleared`` those
    that did.
    """

    number: int
    old_head: int
    head: int
    place: Place
    applied: list[Applied] = []
    entry_keys: bytes = b""
    keys: list[tuple[int, int]] = []
    rows: list[tuple[str, list[tuple[Any, ...]], list[tuple[Any, ...]]]] = []
    quarantined: list[tuple[str, bytes, str, str]] = []
    attempts: list[tuple[int, int]] = []
    cleared: list[int] = []
    turns: list[tuple[int, str]] = []
    portions: list[Portion] = []
    first_origin: str = ""

    @property
    def renews_only(self) -> bool:
        """Tell whether nothing but the lease is written."""
        return not (self.applied or self.attempts)


class Result(msgspec.Struct, frozen=True, array_like=True):
    """What became of an order; ``state`` is empty when it is committed, else see ``faults``."""

    number: int
    state: str
    message: str = ""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What a committer begins an epoch with; ``head_hash`` is that of the last entry there is.

    ``statements`` are those of all tables that orders may name.
    """

    dsn: str
    venue: str
    epoch: int
    head_hash: str
    ttl: float
    appended: list[str]
    statements: list[Statement]
    vault: str


class Committer:
    """One connection, one transaction at a time."""

    def __init__(self, connection: asyncpg.Connection, setting: Setting) -> None:
        self._connection = connection
        self._setting = setting
        self._appended = frozenset(setting.appended)
        self._statements = {each.table: each for each in setting.statements}
        self._head_hash = setting.head_hash
        self._vault = Vault(Path(setting.vault))
        self._warned = ""
        self._ended = asyncio.get_running_loop().create_future()
        connection.add_log_listener(self._note)
        connection.add_termination_listener(self._note_end)

    async def commit(self, order: Order) -> Result:
        """Commit one order and say what became of it.

        A connection that ends is looked at from outside: the driver's COPY waits to be allowed to
        write on, for ever where the connection ended while it was not.
        """
        work = asyncio.ensure_future(self._commit(order))
        await asyncio.wait({work, self._ended}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        return Result(order.number, LOST, "the connection has ended")

    async def _commit(self, order: Order) -> Result:
        connection = self._connection
        try:
            if order.renews_only:
                return Result(order.number, await self._fence(order, self._head_hash))
            sealed = seal(
                order.place,
                self._head_hash,
                order.old_head + 1,
                order.applied,
                order.entry_keys,
                order.turns,
                order.portions,
            )
            # Durable before the rows that need them; a batch without such rows asks nothing.
            personal = self._encrypted(order, sealed)
            await connection.execute("BEGIN")
            state = await self._fence(order, sealed.head_hash)
            if state:
                await connection.execute("ROLLBACK")
                return Result(order.number, state)
            await self._write(order, sealed, personal)
            return await self._finish(order, sealed)
        except asyncpg.PostgresError as error:
            return await self._failed(order, error.sqlstate or LOST, str(error))
        except (OSError, asyncpg.InterfaceError) as error:
            return Result(order.number, LOST, str(error))
        except VaultUnavailable as error:
            return Result(order.number, VAULT_REFUSED, str(error))
        except (ValueError, TypeError, OverflowError) as error:
            # The driver cannot put a value on the wire: the row is at fault, as if refused.
            return await self._failed(order, VALUE_REFUSED, repr(error))

    def _encrypted(self, order: Order, sealed: Sealed) -> list[PersonalRow]:
        if not sealed.personal:
            return []
        keys = self._vault.ensure(order.first_origin, [row.subject for row in sealed.personal])
        return encrypted(sealed.personal, origin=order.first_origin, keys=keys)

    async def _finish(self, order: Order, sealed: Sealed) -> Result:
        self._warned = ""
        await self._connection.execute("COMMIT")
        if self._warned:
            # Such as: the wait for synchronous replication was cancelled.
            return Result(order.number, LOST, self._warned)
        self._head_hash = sealed.head_hash
        return Result(order.number, "")

    async def _failed(self, order: Order, state: str, message: str) -> Result:
        try:
            if self._connection.is_closed():
                return Result(order.number, LOST, message)
            await self._connection.execute("ROLLBACK")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return Result(order.number, LOST, f"{message}; {error}")
        return Result(order.number, state, message)

    async def _fence(self, order: Order, head_hash: str) -> str:
        setting = self._setting
        before = time.time()
        theirs = await self._connection.fetchval(
            FENCE,
            setting.venue,
            setting.epoch,
            order.head,
            head_hash,
            setting.ttl,
            order.old_head,
        )
        if theirs is None:
            return FENCED
        apart = clock_difference(theirs, before=before, after=time.time())
        return CLOCKS_PART if apart > CLOCK_DIFFERENCE_MAX_SECONDS else ""

    async def _write(self, order: Order, sealed: Sealed, personal: list[PersonalRow]) -> None:
        connection = self._connection
        await append(connection, self._statements["entry"], sealed.entries)
        await append(connection, self._statements["entry_personal"], personal)
        if order.keys:
            await connection.copy_records_to_table(
                "idempotency", records=order.keys, columns=["key_hash", "index"]
            )
        await write_rows(
            connection,
            order.rows,
            statement_of=self._statements.__getitem__,
            appended=self._appended,
        )
        if order.quarantined:
            await connection.executemany(
                "INSERT INTO quarantine (digest, command, cause, actor) VALUES ($1, $2, $3, $4) "
                "ON CONFLICT DO NOTHING",
                order.quarantined,
            )
        if order.attempts:
            await connection.executemany(
                "INSERT INTO attempt (key_hash, deaths) VALUES ($1, $2) "
                "ON CONFLICT (key_hash) DO UPDATE SET deaths = EXCLUDED.deaths",
                order.attempts,
            )
        if order.cleared:
            await connection.execute(
                "DELETE FROM attempt WHERE key_hash = ANY($1::bigint[])", order.cleared
            )

    def end(self) -> None:
        """Close the connection at once."""
        self._connection.terminate()

    def _note_end(self, connection: object) -> None:
        del connection
        if not self._ended.done():
            self._ended.set_result(None)

    def _note(self, connection: object, message: asyncpg.PostgresLogMessage) -> None:
        del connection
        if getattr(message, "severity_en", "") == "WARNING":
            self._warned = str(message)


async def connect(setting: Setting) -> asyncpg.Connection:
    """Open the one connection that may write.

    Raises:
        Unsafe: the database does not keep what it acknowledges.
    """
    connection = await asyncpg.connect(
        setting.dsn,
        server_settings={
            "application_name": application_name(setting.venue),
            "idle_in_transaction_session_timeout": f"{TRANSACTION_SECONDS_MAX}s",
            "lock_timeout": f"{LOCK_SECONDS_MAX}s",
            "tcp_keepalives_idle": "5",
            "tcp_keepalives_interval": "2",
            "tcp_keepalives_count": "3",
            "tcp_user_timeout": "10000",
        },
    )
    if connection.get_server_version().major >= TRANSACTION_TIMEOUT_SINCE:
        await connection.execute(f"SET transaction_timeout = '{TRANSACTION_SECONDS_MAX}s'")
    await refuse_unsafe(connection)
    return connection


async def receive(link: socket.socket) -> tuple[bytes, bytes] | None:
    """Wait for the next message and its sign; ``None`` when the writer is gone."""
    loop = asyncio.get_running_loop()
    readable = loop.create_future()
    loop.add_reader(link, readable.set_result, None)
    try:
        await readable
    finally:
        loop.remove_reader(link)
    sign, descriptors, _, _ = socket.recv_fds(link, 1, 1)
    if not sign or not descriptors:
        return None
    with os.fdopen(descriptors[0], "rb") as memory:
        memory.seek(0)
        return sign, memory.read()


async def begin(setting: Setting) -> tuple[Committer | None, Result]:
    """Connect for a new epoch; the result tells what came of it."""
    try:
        return Committer(await connect(setting), setting), Result(BEGUN, "")
    except Unsafe as error:
        return None, Result(BEGUN, UNSAFE, str(error))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return None, Result(BEGUN, LOST, str(error))


async def serve(link: socket.socket) -> None:
    """Commit what comes in until the writer is gone."""
    encode = msgspec.msgpack.Encoder().encode
    decode = msgspec.msgpack.Decoder(Order).decode
    committer: Committer | None = None
    link.sendall(frame(encode(Result(BEGUN, ""))))
    while (received := await receive(link)) is not None:
        sign, message = received
        if sign == SETTING:
            if committer is not None:
                committer.end()
            setting = msgspec.msgpack.decode(message, type=Setting)
            committer, result = await begin(setting)
        else:
            order = decode(message)
            if committer is None:
                result = Result(order.number, LOST, "there is no connection")
            else:
                result = await committer.commit(order)
        link.sendall(frame(encode(result)))
        if result.state == LOST and committer is not None:
            committer.end()
            committer = None
    if committer is not None:
        committer.end()


def main() -> None:
    """Serve the socket that was handed over; its descriptor is the argument."""
    # Ctrl-C goes to the whole terminal; the writer decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    [descriptor] = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as link, suppress(ConnectionError):
        asyncio.run(serve(link))


if __name__ == "__main__":
    main()
