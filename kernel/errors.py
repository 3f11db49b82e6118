"""How the service says no, and how it says that it broke a promise of its own.

A refusal that a use case raises is a :class:`DomainError`: a fact with a stable code and a kind,
which the gateway turns into an answer in one table. A broken invariant is not a refusal: nobody
catches :class:`InvariantBroken` but the outermost edge, which undoes, alarms and stops.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What sort of refusal it is; the gateway has one answer for each."""

    MALFORMED = "malformed"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    PRECONDITION = "precondition"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal: a stable code, a kind, the field at fault and what was expected of it.

    A class for one refusal sets ``code`` and ``kind`` and hands its facts over as ``data``;
    the message gives expected and found in words, for logs and for people.
    """

    code: str = "kernel.refused"
    kind: Kind = Kind.CONFLICT

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        kind: Kind | None = None,
        field: str | None = None,
        expected: str | None = None,
        data: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = self.code if code is None else code
        self.kind = self.kind if kind is None else kind
        self.field = field
        self.expected = expected
        self.data: Mapping[str, str] = {} if data is None else dict(data)


class InvariantBroken(Exception):
    """The service contradicts itself; going on would make it worse."""


def ensure(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Stop when something is false that our own code must keep true.

    Raises:
        InvariantBroken: ``condition`` is false.
    """
    if not condition:
        raise InvariantBroken(message)
