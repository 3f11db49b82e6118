"""The messages between a gateway and the writer: msgpack, many submissions in one.

The answer to a written command travels as the postings of its entry, so the first answer and the
repeated one are the same bytes.
"""

import msgspec

from kernel.errors import DomainError, Kind
from ledger.machine import Machine
from ledger.refusals import Refusal
from ledger.sequencer.pending import Reply, Settled
from ledger.sequencer.submission import (
    Answer,
    Submission,
    Unavailable,
    Unreadable,
    answer_of,
)

SUBMISSIONS_PER_FRAME_MAX = 500


class WireSubmission(msgspec.Struct, frozen=True, array_like=True):
    """A submission whose command is JSON text."""

    actor: str
    key: str
    command: bytes
    deadline: int | None
    dry_run: bool
    attempt: int


class WireAnswer(msgspec.Struct, frozen=True, array_like=True):
    """The postings of an entry; or, without an entry, effects as JSON text; or an error's code."""

    index: int | None = None
    postings: bytes = b""
    at: int = 0
    head: int = -1
    effects: bytes = b"[]"
    refusal: Refusal | None = None
    error: str = ""
    message: str = ""
    retry_after: int = 0


class Request(msgspec.Struct, frozen=True, array_like=True):
    """Submissions under a number of the client's."""

    number: int
    submissions: list[WireSubmission]


class Response(msgspec.Struct, frozen=True, array_like=True):
    """The answers to a request, in its order."""

    number: int
    answers: list[WireAnswer]


def encode_command(command: object) -> bytes:
    """Return a command as JSON text, what is personal included."""
    return msgspec.json.encode(command)


def to_wire(submission: Submission, *, attempt: int = 1) -> WireSubmission:
    """Return a submission as it travels."""
    return WireSubmission(
        submission.actor,
        submission.key,
        encode_command(submission.command),
        submission.deadline,
        submission.dry_run,
        attempt,
    )


def from_wire(machine: Machine, wire: WireSubmission) -> Submission:
    """Return a submission as it arrived.

    Raises:
        Unreadable: its command is not one that the machine knows.
    """
    try:
        command = machine.decode_command(wire.command)
    except msgspec.DecodeError as error:
        raise Unreadable(str(error), field="command") from error
    return Submission(
        actor=wire.actor,
        key=wire.key,
        command=command,
        deadline=wire.deadline,
        dry_run=wire.dry_run,
        attempt=wire.attempt,
    )


def reply_to_wire(reply: Reply) -> WireAnswer:
    """Return a reply as it travels."""
    if isinstance(reply, Settled):
        answer = reply.answer
        if answer.index is not None:
            return WireAnswer(answer.index, reply.postings)
        return WireAnswer(
            None,
            b"",
            answer.at,
            answer.head,
            msgspec.json.encode(answer.effects),
            answer.refusal,
        )
    return WireAnswer(
        error=reply.code,
        message=str(reply),
        retry_after=reply.retry_after if isinstance(reply, Unavailable) else 0,
    )


def answer_from_wire(machine: Machine, wire: WireAnswer) -> Answer | DomainError:
    """Return an answer as it arrived, or the error that stands for it."""
    if wire.error:
        if wire.retry_after:
            return Unavailable(wire.message, code=wire.error, retry_after=wire.retry_after)
        return DomainError(wire.message, code=wire.error, kind=Kind.MALFORMED)
    if wire.index is not None:
        return answer_of(machine, index=wire.index, postings=wire.postings)
    return Answer(
        index=None,
        at=wire.at,
        effects=machine.decode_effects(wire.effects),
        refusal=wire.refusal,
        head=wire.head,
    )
