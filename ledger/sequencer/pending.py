"""A submission that waits, and those who wait for its answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from kernel.errors import DomainError
from ledger.sequencer.submission import Answer, Submission, key_reused
from ledger.shelf import RowKey


class Settled(NamedTuple):
    """An answer, and the postings of its entry (empty where there is none)."""

    answer: Answer
    postings: bytes


Reply = Settled | DomainError


class Group:
    """The replies to one request, in its order; ``done`` is called when the last one is there."""

    __slots__ = ("_done", "_left", "_replies")

    def __init__(self, count: int, done: Callable[[list[Reply]], None]) -> None:
        self._replies: list[Reply] = [_NOT_YET] * count
        self._left = count
        self._done = done

    def settle(self, place: int, reply: Reply) -> None:
        """Put one reply in its place."""
        self._replies[place] = reply
        self._left -= 1
        if self._left == 0:
            self._done(self._replies)


_NOT_YET = DomainError("not answered yet")


@dataclass(slots=True, eq=False)
class Pending:
    """A submission on its way, with what was computed and fetched for it.

    ``text`` and ``personal`` are its canonical bytes, ``at`` the clock when it was taken in,
    ``arrival`` its place in the order of arrival, ``repeated`` whether its key may be in the log.
    ``attempted`` tells of a command that was being
    applied when a writer died: ``None`` is no such command, else whether its row is committed.
    ``erases`` names the party whose personal parts are to be fetched; ``held`` are the rows of
    shelves that stay in memory until it is answered.
    """

    submission: Submission
    number: int
    text: bytes
    personal: bytes
    at: int
    arrival: int
    group: Group
    place: int = 0
    urgent: bool = False
    repeated: bool = False
    expected: bool = False
    fetched: object = None
    erases: str | None = None
    held: tuple[RowKey, ...] = ()
    attempted: bool | None = None
    deaths: int = 0
    repeats: list[tuple[bytes, bytes, Group, int]] = field(default_factory=list)

    def settle(self, reply: Reply) -> None:
        """Answer the first sender, and those who sent the same key meanwhile."""
        self.group.settle(self.place, reply)
        for text, personal, group, place in self.repeats:
            if not isinstance(reply, Settled) or (text, personal) == (self.text, self.personal):
                group.settle(place, reply)
            else:
                answer = reply.answer
                group.settle(place, Settled(key_reused(at=answer.at, head=answer.head), b""))
