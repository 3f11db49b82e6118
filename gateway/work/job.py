"""What a job is: long work that somebody asked for, cut into steps that workers take.

A job is operational: it moves no value and is in no entry. Its row is the truth; the queue only
wakes a worker, which then asks the rows what there is to do.

Step 0 plans, steps 1 to n are the shards that the plan named, step n + 1 finishes.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from kernel.errors import DomainError, Kind

PLANNING = 0
OPEN_PER_OWNER_MAX = 20
SHARDS_MAX = 100_000
RESULT_BYTES_MAX = 200_000  # of one step's JSON; more belongs into a file or staged rows
MESSAGE_LENGTH_MAX = 500


class State(StrEnum):
    """Where a job stands; the last three are its end."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = frozenset({State.QUEUED, State.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFile:
    """A finished job's file, by its name in the job's folder."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFault:
    """Why a job failed: a stable code, words, and of a refusal its place and values, if it says."""

    code: str
    message: str
    field: str | None = None
    expected: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One job; times are microseconds of the database's clock."""

    id: UUID
    kind: str
    owner: str
    parameters: dict[str, Any]
    state: State
    shards_done: int
    shards_total: int
    value: dict[str, Any] | None
    file: ResultFile | None
    fault: JobFault | None
    created_at: int
    started_at: int | None
    finished_at: int | None
    expires_at: int | None

    @property
    def is_open(self) -> bool:
        """Whether there may still be something to do."""
        return self.state in OPEN

    def refuse_over(self) -> None:
        """Refuse to cancel what has come to another end.

        Raises:
            JobOver: it is done or failed.
        """
        if self.state in {State.DONE, State.FAILED}:
            raise JobOver(
                f"it is {self.state}", field="job", expected="a job that is queued or running"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that a worker holds; ``attempt`` fences everybody who held it before."""

    job: Job
    number: int
    attempt: int
    shard: Any

    @property
    def is_planning(self) -> bool:
        """Whether it cuts the job into shards."""
        return self.number == PLANNING

    @property
    def is_finishing(self) -> bool:
        """Whether all shards are done before it."""
        return not self.is_planning and self.number == self.job.shards_total + 1


class KindUnknown(DomainError):
    """There is no such kind of job."""

    code = "work.kind_unknown"
    kind = Kind.MALFORMED


class JobUnknown(DomainError):
    """There is no such job, or it is another's, which is the same to whoever asks."""

    code = "work.job_unknown"
    kind = Kind.NOT_FOUND


class JobOver(DomainError):
    """What has ended cannot be cancelled."""

    code = "work.job_over"


class NotDone(DomainError):
    """There is no result, because the job is not done."""

    code = "work.not_done"


class NoFile(DomainError):
    """The job's result is in its row; there is no file."""

    code = "work.no_file"
    kind = Kind.NOT_FOUND


class ResultExpired(DomainError):
    """The result was kept for its time, which is over."""

    code = "work.result_expired"
    kind = Kind.GONE


class TooManyOpen(DomainError):
    """One owner has as many open jobs as it may have."""

    code = "work.too_many_open"


class KeyReused(DomainError):
    """The idempotency key stands for another job of its owner."""

    code = "work.key_reused"


class OwnerRevoked(DomainError):
    """Whose job it is has no live key any more."""

    code = "work.owner_revoked"
    kind = Kind.FORBIDDEN


class LeaseLost(Exception):
    """The step was cancelled, or it was silent for so long that it is another's now."""
