"""A venue of two entries that `./ecorights anchor run` anchors, as a process of its own."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg

from gateway.database_server import DatabaseServer
from gateway.settings import CHECKOUT, database_of
from ledger.anchoring.anchor import Kind
from ledger.anchoring.store import AnchorStore
from ledger.transparency.publishing import Publisher
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret
from ledger.transparency.store import LogStore, PublicLog
from tests.gateway.cli.commands import COMMAND, environment

ORIGIN = "ecorights.example/anchor-cli"
SECONDS_MAX = 30


@contextmanager
def anchored_venue(
    cluster: DatabaseServer, template: str, venue: str, variables: dict[str, str]
) -> Iterator[None]:
    """Make the venue's database, anchor it, stop, and drop the database at the end."""
    name = database_of(venue)
    asyncio.run(cluster.copy_database(template=template, name=name))
    try:
        asyncio.run(_publish(cluster.url(name)))
        running = subprocess.Popen(
            [*COMMAND, "anchor", "run"], cwd=CHECKOUT, env=environment(**variables)
        )
        try:
            asyncio.run(_anchored(cluster.url(name)))
        finally:
            running.terminate()
            assert running.wait(SECONDS_MAX) == 0
        yield
    finally:
        asyncio.run(cluster.drop_database(name))


async def _publish(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO venue VALUES ('anchor-cli', $1, 'system', 1, 0, 100, 1, 1, 1)", ORIGIN
    )
    await connection.execute(
        f"INSERT INTO entry VALUES (0, 'header 0 of \"{ORIGIN}\"', '', '', NULL), "
        f"(1, 'header 1 of \"{ORIGIN}\"', '', '', NULL)"
    )
    with TemporaryDirectory() as folder:
        add_secret(Path(folder), ORIGIN)
        signers = Signers(Path(folder))

        async def sign(request: SignRequest) -> Signed:
            return signers.answer(request)

        await Publisher(
            store=LogStore(connection, PublicLog(number=0, origin=ORIGIN, first=0)), sign=sign
        ).step()
    await connection.close()


async def _anchored(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(SECONDS_MAX):
            store = AnchorStore(connection)
            while not all([await store.confirmed(kind, ORIGIN) for kind in Kind]):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    finally:
        await connection.close()
