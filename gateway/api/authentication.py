"""Who is calling: bearer API keys, known here only by the SHA-256 of their secret.

The gateway authenticates; the machine authorises again at ``apply`` from its own state. A key that
was revoked a moment ago may still read while a look-up is remembered here, and never write.
"""

import hashlib
import re
import time
from typing import Protocol

from gateway.api.problems import Problem, gone
from gateway.caller import Caller

__all__ = ["ActorsByDigest", "Authentication", "Caller"]
REMEMBERED_SECONDS = 2.0
REMEMBERED_MAX = 10_000
_BEARER = re.compile(r"Bearer ([\x21-\x7e]{16,256})\Z")


class ActorsByDigest(Protocol):
    """Finds the live actor of a secret's digest."""

    async def actor_by_digest(self, digest: str) -> Caller | None:
        """Return the actor, or ``None``."""

    async def erasure_of_key(self, digest: str) -> int | None:
        """Return the entry that erased the person whose key it is, or ``None``."""


class Authentication:
    """Reads the bearer header and remembers answers for two seconds."""

    def __init__(self, actors: ActorsByDigest) -> None:
        self._actors = actors
        self._known: dict[str, tuple[float, Caller]] = {}

    async def caller(self, authorization: str | None) -> Caller:
        """Return who calls.

        Raises:
            Problem: 401, the header is missing, malformed or names no live key; 410, it names a
                key of a person who was erased.
        """
        if authorization is None:
            raise Problem(status=401, code="authentication.required", field="authorization")
        match = _BEARER.match(authorization)
        if match is None:
            raise Problem(
                status=401,
                code="authentication.malformed",
                field="authorization",
                expected="Bearer <secret>",
            )
        digest = hashlib.sha256(match[1].encode()).hexdigest()
        remembered = self._known.get(digest)
        now = time.monotonic()
        if remembered is not None and remembered[0] > now:
            return remembered[1]
        found = await self._actors.actor_by_digest(digest)
        if found is None:
            self._known.pop(digest, None)
            erasure = await self._actors.erasure_of_key(digest)
            if erasure is not None:
                raise gone(erasure)
            raise Problem(status=401, code="authentication.key_unknown", field="authorization")
        if len(self._known) >= REMEMBERED_MAX:
            self._known.clear()
        self._known[digest] = (now + REMEMBERED_SECONDS, found)
        return found
