"""Packages of rasters that were handed in: a row for each party that did, a file for each digest.

Files lie beside the jobs' folders, where every worker sees them. A package waits three days for a
job; while one is open that reads it, it stays. A file goes when no row wants it any more.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gateway.caller import Caller
from gateway.settings import Settings
from gateway.work.statements import IS_OPEN, NOW
from kernel.errors import DomainError, Kind
from ledger.roles import Role

KIND = "gep_raster"
KEPT_DAYS = 3
KEPT_MICROS = KEPT_DAYS * 86_400_000_000
PER_PARTY_MAX = 20
WRITE_BYTES = 1 << 20
FREE_BYTES_MIN = 512 << 20
DRAFT_SECONDS = 86_400.0  # a draft that is older is nobody's
LEFT_SECONDS = 3_600.0  # between a file's coming and its row's
ANALYSTS = frozenset({Role.OPERATOR, Role.REGULATOR, Role.VERIFIER})
# ruff: noqa: S608  statements are put together from the constants of this file
_FORGET = f"""DELETE FROM raster_package p WHERE at < {NOW} - {KEPT_MICROS} AND NOT EXISTS (
    SELECT 1 FROM job
    WHERE kind = '{KIND}' AND {IS_OPEN} AND parameters::jsonb ->> 'upload' = p.digest
)"""


class NotAnAnalyst(DomainError):
    """The caller may compute no accounts."""

    code = "gep.analyst_required"
    kind = Kind.FORBIDDEN


class PackageUnknown(DomainError):
    """The party has handed in no such package; one is kept for three days."""

    code = "gep.package_unknown"
    kind = Kind.NOT_FOUND


class PackagesTooMany(DomainError):
    """The party has as many packages waiting as it may have."""

    code = "gep.packages_too_many"


class PackageTooLarge(DomainError):
    """More bytes than a package may have."""

    code = "request.too_large"
    kind = Kind.TOO_LARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLimits:
    """How large a package may be, as it comes and unpacked."""

    bytes_max: int = 2 << 30
    unpacked_max: int = 8 << 30


def limits_of(settings: Settings) -> PackageLimits:
    """Return the limits of an installation."""
    return PackageLimits(
        bytes_max=settings.raster_package_bytes, unpacked_max=settings.raster_unpacked_bytes
    )


def refuse_others(caller: Caller) -> None:
    """Refuse who computes no accounts.

    Raises:
        NotAnAnalyst: the caller is no operator, regulator or verifier.
    """
    if caller.roles.isdisjoint(ANALYSTS):
        expected = ", ".join(sorted(ANALYSTS))
        raise NotAnAnalyst(caller.actor, field="authorization", expected=expected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A package as it came, in a file that goes unless it is put on the shelf."""

    draft: Path
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A package that a party has handed in; times are microseconds of the database's clock."""

    digest: str
    job: str
    size: int
    until: int


class PackageShelf:
    """The files of packages."""

    def __init__(self, folder: Path, limits: PackageLimits) -> None:
        self._folder = folder
        self.limits = limits

    def path(self, digest: str) -> Path:
        """Return where a package lies, if it is there."""
        return self._folder / f"{digest}.zip"

    @asynccontextmanager
    async def receive(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[Received]:
        """Write what comes, piece by piece, to a draft that goes when the block ends.

        Raises:
            PackageTooLarge: it is longer than it may be, whatever length it claims.
            OSError: the disk has no room to spare.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._folder / f".{secrets.token_hex(16)}"
        digest, size, waiting = hashlib.sha256(), 0, bytearray()
        try:
            with draft.open("xb") as file:

                def write(some: bytes) -> None:
                    self._refuse_full()
                    digest.update(some)
                    file.write(some)

                def end(some: bytes) -> None:
                    write(some)
                    file.flush()
                    os.fsync(file.fileno())

                async for piece in pieces:
                    size += len(piece)
                    self.refuse_size(size)
                    waiting += piece
                    if len(waiting) >= WRITE_BYTES:
                        await asyncio.to_thread(write, bytes(waiting))
                        waiting.clear()
                await asyncio.to_thread(end, bytes(waiting))
            yield Received(draft=draft, digest=digest.hexdigest(), size=size)
        finally:
            draft.unlink(missing_ok=True)

    def refuse_size(self, size: int) -> None:
        """Refuse more bytes than a package may have.

        Raises:
            PackageTooLarge: it is.
        """
        if size > self.limits.bytes_max:
            expected = f"at most {self.limits.bytes_max} bytes"
            raise PackageTooLarge(f"{size} bytes", expected=expected)

    def _refuse_full(self) -> None:
        """Leave the disk to whoever cannot do without it, such as the database."""
        if shutil.disk_usage(self._folder).free < FREE_BYTES_MIN:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def put(self, received: Received) -> None:
        """Put a package in its place; the same bytes again take the place of themselves."""
        received.draft.replace(self.path(received.digest))

    def remove_all_but(self, wanted: Collection[str]) -> None:
        """Delete files that no row wants, and drafts that nobody writes any more."""
        if not self._folder.is_dir():
            return
        now = time.time()
        for path in self._folder.iterdir():
            most = DRAFT_SECONDS if path.name.startswith(".") else LEFT_SECONDS
            # Another keeper may be as fast, and what cannot go now goes the next time.
            with contextlib.suppress(OSError):
                if path.stem not in wanted and now - path.stat().st_mtime > most:
                    path.unlink()


class PackageStore:
    """The rows of packages on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def keep(self, shelf: PackageShelf, received: Received, *, party: str, job: str) -> Kept:
        """Put a package on the shelf as a party's, once; again is from now on.

        Raises:
            PackagesTooMany: the party has too many others.
        """
        async with self._connection.transaction():
            await self._connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('package ' || $1, 0))", party
            )
            others = await self._connection.fetchval(
                "SELECT count(*) FROM raster_package WHERE party = $1 AND digest <> $2",
                party,
                received.digest,
            )
            if others >= PER_PARTY_MAX:
                raise PackagesTooMany(
                    f"{others} packages wait", expected=f"fewer than {PER_PARTY_MAX}"
                )
            at = await self._connection.fetchval(
                f"INSERT INTO raster_package VALUES ($1, $2, $3, $4, {NOW}) "
                f"ON CONFLICT (party, digest) DO UPDATE SET at = {NOW} RETURNING at",
                party,
                received.digest,
                job,
                received.size,
            )
            # Before the row is committed: none is ever without its file.
            shelf.put(received)
        until = at + KEPT_MICROS
        return Kept(digest=received.digest, job=job, size=received.size, until=until)

    async def has(self, party: str, digest: str) -> bool:
        """Tell whether a party has handed in a package that is still kept."""
        query = "SELECT EXISTS (SELECT FROM raster_package WHERE party = $1 AND digest = $2)"
        return bool(await self._connection.fetchval(query, party, digest))

    async def all(self, party: str) -> list[Kept]:
        """Return a party's packages, the newest first."""
        rows = await self._connection.fetch(
            "SELECT digest, job, bytes, at FROM raster_package WHERE party = $1 "
            "ORDER BY at DESC, digest LIMIT $2",
            party,
            PER_PARTY_MAX,
        )
        return [
            Kept(
                digest=row["digest"],
                job=row["job"],
                size=row["bytes"],
                until=row["at"] + KEPT_MICROS,
            )
            for row in rows
        ]

    async def tidy(self) -> set[str]:
        """Forget packages whose time is over; return the digests of those that stay."""
        await self._connection.execute(_FORGET)
        rows = await self._connection.fetch("SELECT DISTINCT digest FROM raster_package")
        return {row["digest"] for row in rows}
