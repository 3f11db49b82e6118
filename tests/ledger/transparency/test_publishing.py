"""The publisher over a real log: what it publishes, and what it never lets be signed."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from ledger.sequencer.submission import Submission
from ledger.state import Ledger
from ledger.transparency.checkpoint import open_checkpoint
from ledger.transparency.growing import (
    TreeBroken,
    consistency_proof,
    inclusion_proof,
)
from ledger.transparency.hashing import hash_leaf
from ledger.transparency.proofs import verify_consistency, verify_inclusion
from ledger.transparency.publishing import Publisher, SignerRefused
from ledger.transparency.signing import Signed, Signers, SignRequest, add_secret, read_secrets
from ledger.transparency.store import LogStore, PublicLog
from ledger.transparency.tiles import tiles_of
from ledger.verification.audit import Audit
from ledger.verification.findings import Check, Report
from tests.ledger.sequencer import rig
from tests.ledger.transparency.trees import naive_root

ORIGIN = "ledger.example/test"


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


def only_log(connection: asyncpg.Connection) -> LogStore:
    return LogStore(connection, PublicLog(number=0, origin=ORIGIN, first=0))


class Desk:
    """A publisher with a signer of its own."""

    def __init__(self, connection: asyncpg.Connection, folder: Path) -> None:
        self.connection = connection
        self.folder = folder
        if not read_secrets(folder, ORIGIN):
            add_secret(folder, ORIGIN)
        self.signers = Signers(folder)
        self.publisher = Publisher(store=only_log(connection), sign=self.sign)

    async def sign(self, request: SignRequest) -> Signed:
        return self.signers.answer(request)

    @property
    def keys(self) -> list[object]:
        return [key.public for key in read_secrets(self.folder, ORIGIN)]


async def grow(run: rig.Running, count: int, *, run_of: str) -> None:
    await run.send(
        Submission(actor="b-1", key=f"{run_of}-{n}", command=rig.cash_in(n + 1))
        for n in range(count)
    )


async def all_leaves(connection: asyncpg.Connection) -> list[bytes]:
    rows = await connection.fetch('SELECT header FROM entry ORDER BY "index"')
    return [hash_leaf(row["header"]) for row in rows]


async def test_every_published_tree_is_that_of_the_headers_and_continues_the_last(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    desk = Desk(connection, tmp_path / "signer")
    store = only_log(connection)
    published = []
    async with rig.opened(rig.plan_of(database, socket)) as run:
        for step, count in enumerate((1, 2, 240, 1, 300, 700)):
            await grow(run, count, run_of=str(step))
            found = await desk.publisher.step()
            if found is not None:
                published.append(found)
        assert await desk.publisher.step() is None

    tree = await all_leaves(connection)
    assert [each.size for each in published][-1] == len(tree)
    for earlier, later in itertools.pairwise(published):
        proof = await consistency_proof(only_log(connection), old=earlier.size, new=later.size)
        verify_consistency(
            old_size=earlier.size,
            new_size=later.size,
            old_root=earlier.root,
            new_root=later.root,
            proof=proof,
        )
    for each in published:
        assert each.root == naive_root(tree[: each.size])
        checkpoint, _ = open_checkpoint(each.note, origin=ORIGIN, keys=desk.keys)  # type: ignore[arg-type]
        assert (checkpoint.size, checkpoint.root) == (each.size, each.root)
    size, root = published[-1].size, published[-1].root
    for index in (0, 1, 255, 256, size - 1):
        proof = await inclusion_proof(only_log(connection), index=index, size=size)
        verify_inclusion(index=index, size=size, leaf=tree[index], proof=proof, root=root)
    stored = await connection.fetch("SELECT level, number, length(hashes) / 32 AS width FROM tile")
    assert {tuple(row) for row in stored} == set(tiles_of(size))
    assert await store.integrated() == size


async def test_a_publisher_that_dies_between_its_steps_goes_on(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    desk = Desk(connection, tmp_path / "signer")

    async def die(request: SignRequest) -> Signed:
        await desk.sign(request)
        raise ConnectionError("gone after it was signed")

    async with rig.opened(rig.plan_of(database, socket)) as run:
        await desk.publisher.step()
        await grow(run, 300, run_of="a")
        dying = Publisher(store=only_log(connection), sign=die)
        with pytest.raises(ConnectionError):
            await dying.step()
        await grow(run, 10, run_of="b")

        found = await Desk(connection, tmp_path / "signer").publisher.step()

    assert found is not None
    assert found.root == naive_root(await all_leaves(connection))


async def test_two_publishers_at_once_publish_one_log(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    folder = tmp_path / "signer"
    first = Desk(connection, folder)
    other = await asyncpg.connect(database)
    second = Desk(other, folder)
    second.signers = first.signers
    async with rig.opened(rig.plan_of(database, socket)) as run:
        for step in range(5):
            await grow(run, 100, run_of=str(step))
            await asyncio.gather(first.publisher.step(), second.publisher.step())
    await other.close()

    tree = await all_leaves(connection)
    newest = await only_log(connection).newest()
    assert newest is not None
    assert (newest.size, newest.root) == (len(tree), naive_root(tree))


async def untriggered(connection: asyncpg.Connection, statement: str) -> None:
    """Change what is stored as a superuser would."""
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(statement)
    await connection.execute("SET session_replication_role = DEFAULT")


ZERO = "SET hashes = overlay(hashes placing '\\x00'::bytea from 3)"


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE entry SET header = overlay(header placing 'x' from 20) WHERE index = 305",
        f"UPDATE tile {ZERO} WHERE level = 0 AND number = 1",
        f"UPDATE tile {ZERO} WHERE level = 1",
        "DELETE FROM entry WHERE index = 305",
    ],
)
async def test_what_was_changed_below_is_never_signed(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path, harm: str
) -> None:
    desk = Desk(connection, tmp_path / "signer")
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await grow(run, 290, run_of="a")
        before = await desk.publisher.step()
        assert before is not None
        await grow(run, 60, run_of="b")
        # The tiles of the new entries are stored, and not signed yet.
        await Publisher(store=only_log(connection), sign=_nobody).integrate()
        await untriggered(connection, harm)

        with pytest.raises(TreeBroken):
            await Desk(connection, tmp_path / "signer").publisher.step()

    newest = await only_log(connection).newest()
    assert newest == before
    assert desk.signers.answer(SignRequest(ORIGIN, before.size, before.root, 0, [])).refused == ""


async def _nobody(request: SignRequest) -> Signed:
    raise AssertionError(request)


async def test_a_database_from_an_old_backup_gets_no_signature(
    database: str, socket: Path, connection: asyncpg.Connection, tmp_path: Path
) -> None:
    desk = Desk(connection, tmp_path / "signer")
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await grow(run, 20, run_of="a")
        old = await desk.publisher.step()
        await grow(run, 20, run_of="b")
        await desk.publisher.step()
    assert old is not None
    for table, column in (("entry", "index"), ("checkpoint", "size")):
        bound = old.size if table == "entry" else old.size + 1
        await untriggered(connection, f'DELETE FROM {table} WHERE "{column}" >= {bound}')
    await untriggered(connection, f"UPDATE tile SET hashes = substr(hashes, 1, {32 * old.size})")
    restored = Desk(connection, tmp_path / "signer")
    assert await restored.publisher.step() is None

    await untriggered(
        connection,
        f"INSERT INTO entry SELECT index + 1, 'other \"{ORIGIN}\"', postings, postings_key, NULL "
        "FROM entry ORDER BY index DESC LIMIT 1",
    )
    with pytest.raises(SignerRefused, match="fork_refused"):
        await restored.publisher.step()


@pytest.mark.parametrize(
    ("harm", "place"),
    [
        (f"UPDATE tile {ZERO} WHERE level = 0 AND number = 0", "table tile, row 0/0"),
        (f"UPDATE tile {ZERO} WHERE level = 0 AND number = 1", "table tile, row 0/1"),
        (f"UPDATE tile {ZERO} WHERE level = 1", "table tile, row 1/0"),
        ("DELETE FROM tile WHERE level = 0 AND number = 0", "table tile, row 0/0"),
        ("UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE number = 0", "table tile, row 0/0"),
        ("INSERT INTO tile VALUES (2, 0, repeat('x', 32)::bytea, 0)", "table tile, row 2/0/0"),
        (
            "UPDATE checkpoint SET root = repeat('x', 32)::bytea WHERE size < 50",
            "table checkpoint, row 10/0, column root",
        ),
        ("UPDATE checkpoint SET note = 'x' WHERE size < 50", "row 10/0, column note"),
        ("UPDATE checkpoint SET size = 9 WHERE size = 10", "table checkpoint, row 9"),
        ("UPDATE checkpoint SET size = 9999 WHERE size = 10", "row 9999/0, column size"),
    ],
)
async def test_what_a_superuser_changes_in_the_public_log_is_found(
    database: str,
    socket: Path,
    connection: asyncpg.Connection,
    tmp_path: Path,
    harm: str,
    place: str,
) -> None:
    desk = Desk(connection, tmp_path / "signer")
    async with rig.opened(rig.plan_of(database, socket)) as run:
        await desk.publisher.step()
        await grow(run, 300, run_of="a")
        await desk.publisher.step()
        await grow(run, 5, run_of="b")
    assert (await audited(connection)).ok

    await untriggered(connection, harm)

    found = (await audited(connection)).findings
    assert any(place in each.place for each in found), found
    assert {each.check for each in found} == {Check.PUBLIC_LOG}


async def audited(connection: asyncpg.Connection) -> Report:
    return await Audit(connection, lambda: rig.machine_of(Ledger())).run()
