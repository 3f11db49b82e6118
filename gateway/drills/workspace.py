"""The drill's own databases and folder: one drill a home at a time, and nothing is left behind.

Each database is written down before it is made. So a drill that was killed leaves a list, and the
next one drops what stands there first.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.database_server import DatabaseServer
from gateway.errors import CannotRun

LIST = "databases"


class Workspace:
    """A folder that only its owner reads, and databases with names of their own."""

    def __init__(self, server: DatabaseServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self._run = secrets.token_hex(4)
        self._made: list[str] = []

    def name(self, use: str) -> str:
        """Return the name of this run's database for a use."""
        return f"ecorights_drill_{self._run}_{use}"

    def url(self, use: str) -> str:
        """Return the address of a database."""
        return self.server.url(self.name(use))

    async def make(self, use: str, *, template: str | None = None) -> str:
        """Make a database, empty or as a copy of another use's; one that is there is dropped."""
        name = self.name(use)
        if name in self._made:
            await self.server.drop_database(name)
        else:
            self._note(name)
        if template is None:
            await self.server.ensure_database(name)
        else:
            await self.server.copy_database(template=self.name(template), name=name)
        return self.url(use)

    async def drop_left_behind(self) -> None:
        """Drop what a drill that was killed could not."""
        path = self.folder / LIST
        if path.exists():
            for name in path.read_text(encoding="utf-8").split():
                await self.server.drop_database(name)
        shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700)

    async def drop(self) -> None:
        """Drop everything that this run made."""
        for name in self._made:
            await self.server.drop_database(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _note(self, name: str) -> None:
        self._made.append(name)
        with (self.folder / LIST).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def only_drill(home: Path) -> Iterator[Path]:
    """Be the one drill of a home; yields its folder.

    Raises:
        CannotRun: another one runs.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "drill.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotRun("Another drill runs in this home: wait until it has ended") from error
        folder = home / "drill"
        folder.mkdir(mode=0o700, exist_ok=True)
        yield folder
