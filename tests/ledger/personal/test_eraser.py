"""The eraser destroys what the entries say, all of it, whenever it is run, and nothing else."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from ledger.personal.eraser import ROLE, Eraser, take_role
from ledger.personal.parts import encrypted, plain_rows
from ledger.personal.vault import Vault, VaultUnavailable
from ledger.sequencer.statements import append
from tests.ledger.rows.scribe import vault_of

LOG = "ledger.example/t"
SUBJECTS = ("P01", "P02")


@pytest.fixture
async def connection(database: str) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(database)
    yield opened
    await opened.close()


@pytest.fixture
def vault(connection: asyncpg.Connection) -> Vault:
    return vault_of(connection)


@pytest.fixture
async def eraser(connection: asyncpg.Connection, vault: Vault) -> Eraser:
    """An eraser in a log with two persons, one of whom an entry erased."""
    await connection.execute(
        "INSERT INTO venue (name, origin, clock, machine_version, at, next_account, next_hold, "
        "next_proposal, next_phase) VALUES ('t', $1, 'system', 1, 0, 0, 1, 1, 1)",
        LOG,
    )
    await fill(connection, vault)
    await connection.execute("INSERT INTO erasure VALUES ('P01', 30, 'consent_withdrawn')")
    return Eraser(connection, vault)


async def fill(connection: asyncpg.Connection, vault: Vault) -> None:
    plain = plain_rows(4, bytes(32), [("P01", b"{}"), ("P02", b"{}")])
    for number, subject in enumerate(SUBJECTS, start=5):
        plain += plain_rows(number, bytes(32), [(subject, b"{}")])
        actor: tuple[object, ...] = (f"{subject}-1", subject, [], "", True)
        await append(connection, "actor", [actor])
        await append(connection, "quarantine", [(subject, b"c", "row", f"{subject}-1")])
    rows = encrypted(plain, origin=LOG, keys=vault.ensure(LOG, SUBJECTS))
    await append(connection, "entry_personal", rows)


async def left(connection: asyncpg.Connection, vault: Vault) -> dict[str, list[object]]:
    rows = await connection.fetch('SELECT "index", subject FROM entry_personal ORDER BY 1, 2')
    aside = await connection.fetch("SELECT digest FROM quarantine ORDER BY 1")
    return {
        "rows": [tuple(row) for row in rows],
        "quarantine": [row["digest"] for row in aside],
        "keys": sorted(vault.keys(LOG, SUBJECTS)),
    }


ONLY_P02 = {"rows": [(4, "P02"), (6, "P02")], "quarantine": ["P02"], "keys": ["P02"]}


async def test_rows_quarantined_bytes_and_key_of_the_erased_go_and_nothing_else(
    eraser: Eraser, connection: asyncpg.Connection, vault: Vault
) -> None:
    assert (await eraser.standing()).owed == (("P01", 30),)

    assert await eraser.step() == 1

    assert await left(connection, vault) == ONLY_P02
    standing = await eraser.standing()
    assert (standing.erasures, standing.owed) == (1, ())
    assert await eraser.step() == 0


async def test_a_run_that_died_before_the_key_was_destroyed_is_made_up_for(
    eraser: Eraser, connection: asyncpg.Connection, vault: Vault
) -> None:
    await connection.execute("DELETE FROM entry_personal WHERE subject = 'P01'")
    await connection.execute("DELETE FROM quarantine WHERE actor = 'P01-1'")

    assert await eraser.step() == 1
    assert await left(connection, vault) == ONLY_P02


async def test_a_vault_that_does_not_answer_is_tried_again(
    eraser: Eraser, connection: asyncpg.Connection, vault: Vault
) -> None:
    whole = vault.path.read_bytes()
    vault.path.write_bytes(bytes(100))
    with pytest.raises(VaultUnavailable):
        await eraser.step()
    assert not eraser.late()
    vault.path.write_bytes(whole)

    await eraser.step()

    assert await left(connection, vault) == ONLY_P02


async def test_the_eraser_takes_a_role_that_may_do_its_work_and_no_more(
    eraser: Eraser, connection: asyncpg.Connection, vault: Vault
) -> None:
    await take_role(connection)

    assert await connection.fetchval("SELECT current_user") == ROLE
    assert await eraser.step() == 1
    for statement in (
        "SELECT 1 FROM entry",
        "DELETE FROM entry",
        "DELETE FROM erasure",
        "UPDATE entry_personal SET body = ''",
        "INSERT INTO erasure VALUES ('P02', 31, 'x')",
        "DELETE FROM actor",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.execute("RESET ROLE")
    assert await left(connection, vault) == ONLY_P02


async def test_an_erasure_that_comes_later_is_found_by_the_same_eraser(
    eraser: Eraser, connection: asyncpg.Connection, vault: Vault
) -> None:
    await eraser.step()
    await connection.execute("INSERT INTO erasure VALUES ('P02', 31, 'service_ended')")

    assert await eraser.step() == 1
    assert await left(connection, vault) == {"rows": [], "quarantine": [], "keys": []}
