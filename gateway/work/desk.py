"""The desk at which jobs are asked for, looked at, cancelled and fetched.

A job is its owner's; auditors and operators may look at every job, operators may cancel it. To all
others it is not there.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg

from gateway.caller import Caller
from gateway.work.folders import JobFolders
from gateway.work.job import Job, JobUnknown, NoFile, NotDone, ResultExpired, State
from gateway.work.kinds import Kinds, read_parameters
from gateway.work.packages import PackageLimits, PackageShelf
from gateway.work.standing import worker_words
from gateway.work.store import JobStore, Wish
from ledger.roles import Role

LOOKS = frozenset({Role.OPERATOR, Role.AUDITOR})
CANCELS = frozenset({Role.OPERATOR})


class JobDesk:
    """The jobs of one venue; ``pool`` may write."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        folders: JobFolders,
        *,
        kinds: Kinds | None = None,
        packages: PackageLimits | None = None,
    ) -> None:
        self._pool = pool
        self._folders = folders
        self._kinds = Kinds() if kinds is None else kinds
        self.packages = PackageShelf(folders.packages, packages or PackageLimits())

    async def ask(
        self,
        caller: Caller,
        *,
        key: str,
        kind: str,
        parameters: Mapping[str, Any],
        dry_run: bool = False,
    ) -> Job | None:
        """Make a job, or return the one of the same key; a dry run refuses or returns nothing.

        Raises:
            DomainError: the kind, the parameters or the caller's rights do not fit.
        """
        found = self._kinds.of(kind)
        read = read_parameters(found, parameters)
        wish = Wish(
            kind=found,
            owner=caller.actor,
            key=key,
            parameters=read.model_dump(mode="json", exclude_none=True),
        )
        async with self._pool.acquire() as lent:
            connection = cast("asyncpg.Connection", lent)
            store = JobStore(connection)
            before = await store.by_key(wish)
            if before is not None:
                return before
            await found.authorise(connection, caller, read)
            return None if dry_run else await store.create(wish)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection that may write rows which are no part of the record."""
        async with self._pool.acquire() as lent:
            yield cast("asyncpg.Connection", lent)

    async def find(self, caller: Caller, job: UUID) -> Job:
        """Return a job.

        Raises:
            JobUnknown: there is none, or it is another's.
        """
        async with self._pool.acquire() as lent:
            return await _visible(JobStore(cast("asyncpg.Connection", lent)), caller, job)

    async def page(
        self,
        caller: Caller,
        *,
        owner: str | None,
        state: State | None,
        kind: str | None,
        before: UUID | None,
        limit: int,
    ) -> list[Job]:
        """Return the jobs that a caller may see, the newest first."""
        if caller.roles.isdisjoint(LOOKS):
            if owner not in {None, caller.actor}:
                return []
            owner = caller.actor
        async with self._pool.acquire() as lent:
            store = JobStore(cast("asyncpg.Connection", lent))
            return await store.page(owner=owner, state=state, kind=kind, before=before, limit=limit)

    async def cancel(self, caller: Caller, job: UUID, *, dry_run: bool = False) -> Job:
        """Cancel an open job of the caller's own, or any as an operator.

        Raises:
            JobUnknown: there is none, or it is another's.
            JobOver: it is done or failed.
        """
        async with self._pool.acquire() as lent:
            store = JobStore(cast("asyncpg.Connection", lent))
            found = await _visible(store, caller, job)
            if found.owner != caller.actor and caller.roles.isdisjoint(CANCELS):
                raise JobUnknown(str(job), field="job")
            if dry_run:
                found.refuse_over()
                return found
            return await store.cancel(job)

    async def result(self, caller: Caller, job: UUID) -> tuple[Job, Path]:
        """Return the file of a finished job, for whoever may still have it.

        Raises:
            JobUnknown: there is none, or it is another's.
            NotDone, NoFile, ResultExpired: there is no file, not yet, never or no more.
            DomainError: the caller's rights are not what the result needs.
        """
        async with self._pool.acquire() as lent:
            connection = cast("asyncpg.Connection", lent)
            store = JobStore(connection)
            found = await _visible(store, caller, job)
            if found.state is not State.DONE:
                raise NotDone(f"it is {found.state}", field="job", expected=State.DONE.value)
            kind = self._kinds.of(found.kind)
            parameters = read_parameters(kind, found.parameters)
            await kind.authorise_result(connection, caller, parameters, job=found)
            path = self._folders.result(found)
            if path is None:
                raise NoFile("the result stands in the job itself", field="job")
            if await store.has_expired(found) or not path.is_file():
                raise ResultExpired(str(job), field="job")
            return found, path

    async def standing(self) -> tuple[str, int]:
        """Return how the workers stand in a few words, and how many jobs are open."""
        async with self._pool.acquire() as lent:
            return await worker_words(cast("asyncpg.Connection", lent))


async def _visible(store: JobStore, caller: Caller, job: UUID) -> Job:
    found = await store.find(job)
    mine = found is not None and found.owner == caller.actor
    if found is None or not (mine or not caller.roles.isdisjoint(LOOKS)):
        raise JobUnknown(str(job), field="job")
    return found
