"""What goes to the writer and what comes back, as plain data.

The answer to a written submission is a function of its entry alone, so a key that is repeated, in
flight or years later, gets the answer of the first time.
"""

import hashlib
from typing import Any

import msgspec

from kernel.canonical import parse_utc
from kernel.errors import DomainError, Kind
from ledger.commands import Command
from ledger.effects import Effect
from ledger.machine import Machine
from ledger.refusals import Refusal, Reject


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One command of an actor under its idempotency key.

    ``deadline`` (microseconds, real clock) drops a command that waited too long. ``attempt`` counts
    how often the client has sent it: more than once only after it lost a connection.
    """

    actor: str
    key: str
    command: Command
    deadline: int | None = None
    dry_run: bool = False
    attempt: int = 1


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a submission.

    ``index`` is ``None`` where nothing was recorded: a dry run, or a key used for another command.
    ``head`` is the newest entry that the answer reflects.
    """

    index: int | None
    at: int
    effects: list[Effect]
    refusal: Refusal | None = None
    head: int = -1

    @property
    def kind(self) -> str:
        """Return ``applied``, ``refused`` or ``dry_run``."""
        if self.refusal is not None:
            return "refused"
        return "dry_run" if self.index is None else "applied"


class Unavailable(DomainError):
    """The writer takes no commands now, or dropped this one before it was applied.

    ``retry_after`` is in whole seconds; the same key may be sent again.
    """

    code = "service.unavailable"
    kind = Kind.UNAVAILABLE

    def __init__(self, message: str, *, code: str | None = None, retry_after: int = 1) -> None:
        super().__init__(message, code=code, data={"retry_after": str(retry_after)})
        self.retry_after = retry_after


class Unreadable(DomainError):
    """A submission that the writer cannot read, or that nobody may send it."""

    code = "request.unreadable"
    kind = Kind.MALFORMED


class StoredBody(msgspec.Struct, frozen=True, kw_only=True):
    """The postings part of a stored entry, its command and effects still as text."""

    actor: str
    at: str
    command: msgspec.Raw
    effects: msgspec.Raw
    key: str
    machine: str
    refusal: Any


def key_hash(actor: str, key: str) -> int:
    """Return the 64-bit hash under which an actor's key is looked up."""
    digest = hashlib.sha256(f"{actor}\n{key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def digest_of(content: bytes) -> str:
    """Return the digest that a quarantined command's entry holds."""
    return hashlib.sha256(content).hexdigest()


def answer_of(machine: Machine, *, index: int, postings: bytes) -> Answer:
    """Return the answer that an entry is."""
    body = msgspec.json.decode(postings, type=StoredBody)
    refused = body.refusal
    return Answer(
        index=index,
        at=parse_utc(body.at),
        effects=machine.decode_effects(bytes(body.effects)),
        refusal=None if refused is None else msgspec.convert(refused, Refusal, strict=False),
        head=index,
    )


def key_reused(*, at: int, head: int) -> Answer:
    """Return the answer to a key that was used for another command."""
    return Answer(index=None, at=at, effects=[], refusal=Refusal(code=Reject.KEY_REUSED), head=head)
