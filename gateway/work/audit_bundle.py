"""The kind ``audit_bundle``: a bundle of any size, as of the checkpoint at its planning.

Each shard writes the lines of some entries into a file of the job's folder; the end puts them into
the zip. Entries never change, so a shard that runs twice writes the same, but for what was erased
or revoked meanwhile: then it shows less.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, ClassVar

import asyncpg
from pydantic import Field

from gateway.auditing.bundle import (
    NotPublished,
    Outline,
    Writing,
    entries_file,
    lines_of,
    outline_of,
    write_archive,
)
from gateway.auditing.scope import FORMS, parse_scope
from gateway.auditing.sight import ScopeOfOthers, sight_of
from gateway.caller import Caller
from gateway.transparency.places import public_policy
from gateway.work.folders import described
from gateway.work.job import Job, OwnerRevoked
from gateway.work.kinds import Finished, JobKind, Outcome, Parameters, Plan, Work
from gateway.work.store import JobStore
from ledger.transparency.store import log_named

COPY_BYTES = 1 << 20
RESULT = "bundle.zip"


class AuditBundleParameters(Parameters):
    """What a bundle is about, and which checkpoint its receiver kept."""

    scope: Annotated[str, Field(min_length=1, max_length=220, description=FORMS)]
    since: Annotated[str | None, Field(pattern=r"^[1-9][0-9]{0,17}$")] = None

    @property
    def size_kept(self) -> int | None:
        """The size of the checkpoint that the receiver kept."""
        return None if self.since is None else int(self.since)


class AuditBundle(JobKind[AuditBundleParameters]):
    """Bundles of entries with their proofs."""

    name = "audit_bundle"
    parameters = AuditBundleParameters
    entries_per_shard: ClassVar[int] = 4_000
    """A fifth of a second, and at most 150 kB of numbers where they lie far apart."""

    async def authorise(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        parameters: AuditBundleParameters,
    ) -> None:
        """Refuse scopes of others, and those that do not exist."""
        await sight_of(connection, caller, parse_scope(parameters.scope))

    async def authorise_result(
        self,
        connection: asyncpg.Connection,
        caller: Caller,
        parameters: AuditBundleParameters,
        *,
        job: Job,
    ) -> None:
        """Refuse also who sees less today than the bundle shows."""
        await self.authorise(connection, caller, parameters)
        if job.value is not None and job.value["all_bodies"] and not caller.watches():
            raise ScopeOfOthers(parameters.scope, field="scope")

    async def plan(self, work: Work, parameters: AuditBundleParameters) -> Plan:
        """Cut what the scope shows into shards that each stay within one file of entries."""
        async with work.reading() as connection:
            outline = await outline_of(
                connection, parse_scope(parameters.scope), since=parameters.size_kept
            )
        shards = [
            {"file": number, "runs": _runs(some)}
            for number, shown in groupby(outline.shown, key=outline.file_of)
            for some in _cut(list(shown), self.entries_per_shard)
        ]
        common = {
            "origin": outline.origin,
            "first": outline.first,
            "size": outline.size,
            "bare": sorted(outline.bare),
        }
        return Plan(shards=shards, common=common)

    async def run_shard(self, work: Work, parameters: AuditBundleParameters, shard: Any) -> Any:
        """Write the lines of some entries."""
        shown = _shown(shard)
        path = _piece(work.folder, shown)
        draft = path.with_suffix(f".{work.attempt}")
        async with work.reading() as connection:
            owner = await JobStore(connection).owner(work.job.owner)
            if owner is None:
                raise OwnerRevoked(f"{work.job.owner} has no live key")
            scope = parse_scope(parameters.scope)
            sees = await sight_of(connection, owner, scope)
            outline = await _outline(connection, work, parameters, shown=shown)
            with draft.open("wb") as target:
                lines = lines_of(connection, shown, sees=outline.narrowed(sees))
                async for some in lines:
                    work.check()
                    target.write(some)
        draft.replace(path)
        return {"all_bodies": owner.watches()}

    async def finish(
        self, work: Work, parameters: AuditBundleParameters, finished: Finished
    ) -> Outcome:
        """Put the lines into one zip with the proofs."""
        every = [index for shard in finished.shards for index in _shown(shard)]

        async def entries(writing: Writing) -> None:
            for number, shards in groupby(finished.shards, key=lambda shard: int(shard["file"])):
                with writing.file(entries_file(number)) as write:
                    for shard in shards:
                        for some in _pieces(_piece(work.folder, _shown(shard))):
                            work.check()
                            write(some)

        draft = work.folder / f"{RESULT}.{work.attempt}"
        async with work.reading() as connection:
            outline = await _outline(connection, work, parameters, shown=every)
            policy = public_policy(work.settings, outline.origin)
            with draft.open("wb") as target:
                manifest = await write_archive(
                    connection, target, outline, policy=policy, entries=entries
                )
        path = work.folder / RESULT
        draft.replace(path)
        file = described(path, media_type="application/zip")
        for shard in finished.shards:
            _piece(work.folder, _shown(shard)).unlink(missing_ok=True)
        value = {
            "scope": manifest.scope,
            "entries": manifest.entries,
            "size": manifest.size,
            "all_bodies": any(result["all_bodies"] for result in finished.results),
        }
        return Outcome(value=value, file=file)


async def _outline(
    connection: asyncpg.Connection,
    work: Work,
    parameters: AuditBundleParameters,
    *,
    shown: Sequence[int],
) -> Outline:
    """Return the planned outline, with some of its entries or all of them.

    Raises:
        NotPublished: the log or its checkpoint is there no more.
    """
    common = work.common
    log = await log_named(connection, common["origin"])
    published = None if log is None else await log.of_size(common["size"])
    if published is None:
        raise NotPublished(f"{common['origin']} has no checkpoint of {common['size']} entries")
    return Outline(
        origin=common["origin"],
        first=common["first"],
        size=common["size"],
        note=published.note,
        scope=parse_scope(parameters.scope),
        since=parameters.size_kept,
        shown=shown,
        bare=frozenset(common["bare"]),
    )


def _cut(shown: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for begin in range(0, len(shown), size):
        yield shown[begin : begin + size]


def _runs(shown: Sequence[int]) -> list[list[int]]:
    """Return growing numbers as runs, each from its first to before its end."""
    found: list[list[int]] = []
    for index in shown:
        if found and found[-1][1] == index:
            found[-1][1] = index + 1
        else:
            found.append([index, index + 1])
    return found


def _shown(shard: Any) -> list[int]:
    return [index for begin, end in shard["runs"] for index in range(begin, end)]


def _piece(folder: Path, shown: Sequence[int]) -> Path:
    return folder / f"{shown[0]}.jsonl"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while some := file.read(COPY_BYTES):
            yield some
