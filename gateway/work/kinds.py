"""Kinds of jobs: what each takes, how it is cut into shards, and what becomes of them.

A kind is one class with four verbs. Every step may run more than once (a worker can die at any
point and its step goes to another), so each must give the same when it runs again: write a file
under a draft name and rename it, stage rows under the job's id and the shard's number, change value
only by a command whose idempotency key is made of both. How one adds a kind: ``docs/jobs.md``.
"""

import importlib
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import asyncpg
from pydantic import BaseModel, ConfigDict, ValidationError

from gateway.caller import Caller
from gateway.settings import Settings
from gateway.work.job import Job, KindUnknown, ResultFile
from kernel.errors import DomainError
from kernel.errors import Kind as Sort

READ_TIMEOUT = "600s"


class Parameters(BaseModel):
    """What a kind takes: strict, without members that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Given = TypeVar("Given", bound=Parameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The shards of a job, each small JSON, and what all of them share.

    ``value`` is what whoever looks at the job may know until it ends.
    """

    shards: Sequence[Any]
    common: Any = None
    value: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a job leaves: JSON in its row, a file in its folder, or both."""

    value: dict[str, Any] | None = None
    file: ResultFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What is there when all shards are done, shards and results in the order of the plan."""

    common: Any
    shards: Sequence[Any]
    results: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Where a step works: its job, its venue, a folder of the job's own, and whether to go on."""

    job: Job
    settings: Settings
    dsn: str
    folder: Path
    attempt: int
    """Names drafts: whoever held the step before may still be writing its own."""
    common: Any = None
    check: Callable[[], None] = field(default=lambda: None)
    """Call it in every loop that computes: raises `LeaseLost` once the step is nobody's."""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """Open a connection that cannot write."""
        connection = await asyncpg.connect(
            self.dsn,
            server_settings={
                "default_transaction_read_only": "on",
                "statement_timeout": READ_TIMEOUT,
            },
        )
        try:
            yield connection
        finally:
            await connection.close()


class JobKind(ABC, Generic[Given]):
    """One kind of job."""

    name: ClassVar[str]
    parameters: type[Given]
    at_once: ClassVar[int] = 8
    """How many of one job's shards are held at the same time, so that other jobs get their turn."""
    attempts_max: ClassVar[int] = 3
    """How often a step is tried that fails or kills its worker."""

    @abstractmethod
    async def authorise(
        self, connection: asyncpg.Connection, caller: Caller, parameters: Given
    ) -> None:
        """Refuse who may not have this; asked at creation, by each step, and at the download.

        Raises:
            DomainError: with code and field.
        """

    async def authorise_result(
        self, connection: asyncpg.Connection, caller: Caller, parameters: Given, *, job: Job
    ) -> None:
        """Refuse who may not have what the job has become; by default as `authorise`.

        Raises:
            DomainError: with code and field.
        """
        del job
        await self.authorise(connection, caller, parameters)

    @abstractmethod
    async def plan(self, work: Work, parameters: Given) -> Plan:
        """Cut the job into shards of a few seconds each; none is lawful."""

    @abstractmethod
    async def run_shard(self, work: Work, parameters: Given, shard: Any) -> Any:
        """Do one shard and return small JSON about it."""

    @abstractmethod
    async def finish(self, work: Work, parameters: Given, finished: Finished) -> Outcome:
        """Put the shards together."""


AnyKind = JobKind[Any]

# Kind by kind the class that does it, imported on its first use.
SHIPPED: Mapping[str, str] = {
    "audit_bundle": "gateway.work.audit_bundle:AuditBundle",
    "credit_fact_file": "gateway.work.fact_file:FactFileIntake",
    "credit_run": "gateway.work.credit_run:CreditRunJob",
    "gep_raster": "gateway.work.gep_raster:GepRaster",
}


class ParametersUnfit(DomainError):
    """Parameters that the kind does not take."""

    code = "work.parameters_unfit"
    kind = Sort.MALFORMED


class Kinds:
    """The kinds that this installation knows."""

    def __init__(self, places: Mapping[str, str] = SHIPPED) -> None:
        self._places = places
        self._found: dict[str, AnyKind] = {}

    @property
    def names(self) -> list[str]:
        """The names of all kinds."""
        return sorted(self._places)

    def of(self, name: str) -> AnyKind:
        """Return a kind.

        Raises:
            KindUnknown: there is none of that name.
        """
        if name not in self._places:
            raise KindUnknown(name[:64], field="kind", expected=", ".join(self.names))
        if name not in self._found:
            module, _, attribute = self._places[name].partition(":")
            self._found[name] = getattr(importlib.import_module(module), attribute)()
        return self._found[name]


def read_parameters(kind: AnyKind, given: Mapping[str, Any]) -> Any:
    """Return what was given as the kind takes it.

    Raises:
        ParametersUnfit: with the first member that is wrong, and what was expected of it.
    """
    try:
        return kind.parameters.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(each) for each in ("parameters", *first["loc"]))
        raise ParametersUnfit(
            f"{kind.name} does not take that", field=place, expected=str(first["msg"])
        ) from error
