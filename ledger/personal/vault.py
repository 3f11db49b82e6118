"""The vault: one key for each subject, in a file outside the database.

Personal parts lie in the database under these keys, so a backup of the database alone brings
nobody back. Destroying a key is what erases a person wherever copies of the rows may lie.

1. A key is made, and is on the disk, before a row that needs it is committed; one that no row came
   to need is harmless.
2. What is deleted is overwritten: in the file itself (``secure_delete``) and in the journal that
   SQLite leaves behind, which holds the page as it was.
3. Each operation opens and closes the file, so no process keeps pages of it.

What the storage underneath keeps (snapshots, spare blocks of flash) is beyond these means; see
``docs/privacy.md``.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from kernel.errors import DomainError, Kind

KEY_SIZE = 32
WAIT_SECONDS = 5.0
_TABLE = (
    "CREATE TABLE IF NOT EXISTS subject_key (origin TEXT NOT NULL, subject TEXT NOT NULL, "
    "key BLOB NOT NULL CHECK (length(key) = 32), PRIMARY KEY (origin, subject)) WITHOUT ROWID"
)
_MADE = "SELECT 1 FROM sqlite_master WHERE name = 'subject_key'"
_FIND = "SELECT key FROM subject_key WHERE origin = ? AND subject = ?"
_ADD = "INSERT INTO subject_key (origin, subject, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_DESTROY = "DELETE FROM subject_key WHERE origin = ? AND subject = ?"


class VaultUnavailable(DomainError):
    """The file of subject keys cannot be read or written now."""

    code = "service.vault_unavailable"
    kind = Kind.UNAVAILABLE


class Vault:
    """The subject keys of this installation's venues, each by its first log's origin."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def ensure(self, origin: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """Return the subjects' keys, making those that are missing durable first.

        Raises:
            VaultUnavailable: the file cannot be written.
        """
        wanted = sorted(set(subjects))
        found = self.keys(origin, wanted)
        if len(found) == len(wanted):
            return found
        made = [(origin, each, secrets.token_bytes(KEY_SIZE)) for each in wanted]
        with self._writing() as connection, _transaction(connection):
            connection.executemany(_ADD, [row for row in made if row[1] not in found])
        return self.keys(origin, wanted)

    def keys(self, origin: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """Return the keys that there are; a subject without one is left out.

        Raises:
            VaultUnavailable: the file cannot be read.
        """
        if not self.path.exists():
            return {}
        found: dict[str, bytes] = {}
        with self._connection("ro") as connection:
            if connection.execute(_MADE).fetchone() is None:
                return {}  # another process is making the file at this moment
            for subject in set(subjects):
                row = connection.execute(_FIND, (origin, subject)).fetchone()
                if row is not None:
                    found[subject] = row[0]
        return found

    def destroy(self, origin: str, subjects: Iterable[str]) -> None:
        """Destroy the subjects' keys; those that are gone stay so.

        Raises:
            VaultUnavailable: the file cannot be written; nothing can be said of the keys.
        """
        if not self.path.exists():
            return
        with self._writing() as connection:
            with _transaction(connection):
                connection.executemany(_DESTROY, [(origin, each) for each in subjects])
            # Also after a run that died between its deletion and this.
            with _transaction(connection, kind="EXCLUSIVE"):
                self._overwrite_journal()

    def _overwrite_journal(self) -> None:
        journal = self.path.with_name(f"{self.path.name}-journal")
        if not journal.exists():
            return
        with journal.open("r+b") as file:
            file.write(bytes(journal.stat().st_size))
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise VaultUnavailable(f"the vault cannot be written: {error}") from error
        with self._connection("rw") as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = EXTRA")
            # A journal that stays, so that what stands in it can be overwritten.
            connection.execute("PRAGMA journal_mode = PERSIST")
            connection.execute(_TABLE)
            yield connection

    @contextmanager
    def _connection(self, mode: str) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        try:
            opened = sqlite3.connect(address, uri=True, timeout=WAIT_SECONDS, isolation_level=None)
            with closing(opened):
                yield opened
        except (sqlite3.Error, OSError) as error:
            raise VaultUnavailable(f"the vault does not answer: {error}") from error


@contextmanager
def _transaction(connection: sqlite3.Connection, *, kind: str = "IMMEDIATE") -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
