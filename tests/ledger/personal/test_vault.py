"""The vault: keys that are durable before they are used, and gone when they are destroyed."""

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.personal.vault import KEY_SIZE, Vault, VaultUnavailable

LOG = "ledger.example/t"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault" / "subjects.db")


def everything(vault: Vault) -> bytes:
    """Return the bytes of every file beside the vault's."""
    return b"".join(path.read_bytes() for path in sorted(vault.path.parent.iterdir()))


def test_a_key_stays_what_it_was_made(vault: Vault) -> None:
    made = vault.ensure(LOG, ["P01", "P02"])

    again = Vault(vault.path).ensure(LOG, ["P02", "P01", "P03"])

    assert {name: again[name] for name in made} == made
    assert len(set(again.values())) == 3
    assert {len(key) for key in again.values()} == {KEY_SIZE}


def test_the_same_person_has_another_key_in_another_log(vault: Vault) -> None:
    assert vault.ensure(LOG, ["P01"]) != vault.ensure("ledger.example/u", ["P01"])


def test_nobody_but_the_owner_reads_the_file(vault: Vault) -> None:
    vault.ensure(LOG, ["P01"])

    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(vault.path.parent.stat().st_mode) == 0o700
    journal = vault.path.with_name("subjects.db-journal")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600


def test_no_byte_of_a_destroyed_key_is_left_in_any_file(vault: Vault) -> None:
    keys = vault.ensure(LOG, [f"P{number:03}" for number in range(300)])
    for number in range(0, 300, 7):
        vault.ensure(LOG, [f"Q{number}"])
    assert keys["P123"] in everything(vault)

    vault.destroy(LOG, ["P123"])

    left = everything(vault)
    assert keys["P123"] not in left
    assert keys["P123"][:8] not in left
    assert vault.keys(LOG, ["P122", "P123", "P124"]) == {
        name: keys[name] for name in ("P122", "P124")
    }


def test_a_journal_that_a_dead_run_left_is_overwritten_by_the_next(vault: Vault) -> None:
    key = vault.ensure(LOG, ["P01"])["P01"]
    journal = vault.path.with_name("subjects.db-journal")
    connection = sqlite3.connect(vault.path)
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA journal_mode = PERSIST")
    connection.execute("DELETE FROM subject_key")
    connection.commit()
    connection.close()
    assert key in journal.read_bytes()

    vault.destroy(LOG, ["P01"])

    assert key not in everything(vault)


def test_destroying_again_and_what_never_was_is_harmless(vault: Vault) -> None:
    vault.destroy(LOG, ["P01"])
    vault.ensure(LOG, ["P01", "P02"])
    vault.destroy(LOG, ["P01"])
    vault.destroy(LOG, ["P01", "NOBODY"])

    assert sorted(vault.keys(LOG, ["P01", "P02"])) == ["P02"]


def test_reading_makes_no_file(vault: Vault) -> None:
    assert vault.keys(LOG, ["P01"]) == {}
    assert not vault.path.exists()


def test_many_at_once_agree_on_one_key(vault: Vault) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: vault.ensure(LOG, ["P01"])["P01"], range(24)))

    assert len(set(found)) == 1


def test_a_vault_that_is_no_vault_says_so(tmp_path: Path) -> None:
    path = tmp_path / "subjects.db"
    path.write_bytes(os.urandom(8192))

    for ask in (Vault(path).keys, Vault(path).ensure, Vault(path).destroy):
        with pytest.raises(VaultUnavailable, match="vault"):
            ask(LOG, ["P01"])
    with pytest.raises(VaultUnavailable, match="cannot be written"):
        Vault(path / "below" / "subjects.db").ensure(LOG, ["P01"])
